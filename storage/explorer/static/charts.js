// Draws the charts of a page from the data in their figures, and folds the tables that stand for
// them without this script. The library is fetched only where a page has a chart.
//
// Time runs from left to right in Arabic too: the days on the axis are written in digits, which run
// that way in Arabic, and a chart that somebody puts into a report must not change its sense with
// the language of the page it was taken from. Names keep their own direction.
//
// All colours are custom properties of the style sheet: light, dark and paper need no new drawing.
// Nothing is told by colour alone: lines differ in dashes and marks, bars and blind days in
// patterns. A width that is not there yet (a folded part of a page) draws nothing until it is.
"use strict";

(() => {
  const LIBRARY = new URL("vendor/echarts.common-6.1.0.min.js", document.currentScript.src).href;
  const COLOURS = 6;
  const DASHES = ["solid", [6, 3], [2, 2], [10, 3, 2, 3], [4, 2], [1, 3]];
  const MARKS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect"];
  const PATTERNS = [
    { symbol: "none" },
    { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4 },
    { symbol: "circle", dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [6, 0], symbolSize: 0.7 },
    { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: Math.PI / 4 },
    { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 3] },
    { symbol: "triangle", dashArrayX: [[8, 8], [0, 8, 8, 0]], dashArrayY: [8, 0], symbolSize: 0.7 },
  ];
  const HATCHED = {
    svgWidth: 8,
    svgHeight: 8,
    svgElement: {
      tag: "g",
      key: "hatched",
      attrs: {},
      children: [
        { tag: "rect", key: "ground", attrs: { width: 8, height: 8, fill: "var(--chart-blind)" } },
        {
          tag: "path",
          key: "lines",
          attrs: { d: "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4", stroke: "var(--chart-hatch)" },
        },
      ],
    },
  };
  const FEW = 60; // points that are marked one by one

  const at = (day) => Date.parse(`${day}T00:00:00Z`);
  const colour = (number) => `var(--chart-${(number % COLOURS) + 1})`;
  const perCent = (value) => `${Number((100 * value).toPrecision(3))}%`;
  const counted = (value) => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");

  function points(told, series) {
    return told.x.map((day, number) => [
      (at(day) + at(told.ends[number])) / 2, // in the middle of its day, week or month
      series.values[number],
    ]);
  }

  function line(told, series, number) {
    const few = told.x.length <= FEW;
    const style = { color: colour(number) };
    return {
      type: told.bars ? "bar" : "line",
      name: series.name,
      data: points(told, series),
      yAxisIndex: units(told).indexOf(series.unit),
      symbol: MARKS[number % MARKS.length],
      symbolSize: few ? 6 : 4,
      showAllSymbol: few,
      showSymbol: few,
      connectNulls: false, // where nothing is known, no line is
      barMaxWidth: 24,
      barGap: "0%",
      lineStyle: { ...style, width: 2, type: DASHES[number % DASHES.length] },
      itemStyle: { ...style, ...(told.bars ? { decal: pattern(PATTERNS[number % PATTERNS.length]) } : {}) },
      emphasis: { disabled: true },
    };
  }

  function pattern(shape) {
    return { ...shape, color: "var(--chart-paper)" };
  }

  function marks(told) {
    const found = { type: "line", name: "", data: [], silent: true };
    if (told.blind.length) {
      found.markArea = {
        silent: true,
        itemStyle: { color: HATCHED },
        data: told.blind.map(([first, end]) => [{ xAxis: at(first) }, { xAxis: at(end) }]),
      };
    }
    if (told.since) {
      found.markLine = {
        silent: true,
        symbol: "none",
        label: { show: false }, // its words stand under the chart, where there is room
        lineStyle: { color: "var(--chart-ink)", type: "dashed", width: 1.5 },
        data: [{ xAxis: at(told.since[0]) }],
      };
    }
    return found;
  }

  function tooltip(told) {
    return (hit) => {
      const shown = hit.filter((one) => one.seriesName !== "");
      if (!shown.length) return null;
      const number = shown[0].dataIndex;
      const box = document.createElement("div");
      box.className = "chart-tip";
      box.append(element("strong", told.names[number]));
      for (const one of shown) {
        const row = element("div", "");
        const name = element("bdi", told.series[one.seriesIndex].name);
        row.append(name, ": ", element("b", told.series[one.seriesIndex].shown[number]));
        box.append(row);
      }
      for (const [first, end, word] of told.blind) {
        if (first < told.ends[number] && end > told.x[number]) box.append(element("div", word));
      }
      return box;
    };
  }

  function element(kind, text) {
    const made = document.createElement(kind);
    made.textContent = text;
    return made;
  }

  function dayOf(moment) {
    const day = new Date(moment).toISOString().slice(0, 10);
    if (day.endsWith("-01-01")) return day.slice(0, 4);
    return day.endsWith("-01") ? day.slice(0, 7) : day;
  }

  // A share and a count never stand on one scale: shares have theirs on the left.
  function units(told) {
    return ["share", "count"].filter((unit) => told.series.some((one) => one.unit === unit));
  }

  function scale(unit, number, ink, grid) {
    return {
      type: "value",
      min: 0,
      minInterval: unit === "share" ? undefined : 1,
      position: number ? "right" : "left",
      axisLabel: { ...ink, formatter: unit === "share" ? perCent : counted },
      splitLine: number ? { show: false } : grid,
    };
  }

  function option(told) {
    const ink = { color: "var(--chart-ink)", fontSize: 12 };
    const grid = { lineStyle: { color: "var(--chart-grid)" } };
    return {
      useUTC: true,
      animation: false,
      textStyle: { fontFamily: "system-ui, sans-serif" },
      grid: { top: told.series.length > 1 ? 44 : 16, left: 8, right: 16, bottom: 8, containLabel: true },
      legend: {
        show: told.series.length > 1,
        type: "scroll",
        top: 0,
        itemWidth: 36,
        data: told.series.map((one) => one.name),
        textStyle: ink,
        selectedMode: false,
        pageTextStyle: ink,
        pageIconColor: "var(--chart-ink)",
        pageIconInactiveColor: "var(--chart-grid)",
      },
      tooltip: {
        trigger: "axis",
        confine: true,
        className: "chart-tip-box",
        backgroundColor: "transparent",
        borderWidth: 0,
        padding: 0,
        extraCssText: "box-shadow: none",
        axisPointer: { lineStyle: { color: "var(--chart-ink)" }, label: { show: false }, animation: false },
        transitionDuration: 0,
        formatter: tooltip(told),
      },
      xAxis: {
        type: "time",
        min: at(told.x[0]),
        max: at(told.ends[told.ends.length - 1]),
        axisLabel: { ...ink, formatter: dayOf, hideOverlap: true },
        axisLine: grid,
        axisTick: grid,
        splitLine: { show: false },
        minInterval: 24 * 3600 * 1000,
      },
      yAxis: units(told).map((unit, number) => scale(unit, number, ink, grid)),
      series: [...told.series.map((one, number) => line(told, one, number)), marks(told)],
    };
  }

  function draw(figure) {
    const told = JSON.parse(figure.dataset.chart);
    const place = figure.querySelector(".chart-drawing");
    if (!told.x.length || !told.series.length) return;
    place.hidden = false;
    place.dir = "ltr";
    const chart = echarts.init(place, null, { renderer: "svg" });
    chart.setOption(option(told));
    new ResizeObserver(() => place.clientWidth && chart.resize()).observe(place);
    window.addEventListener("beforeprint", () => {
      chart.resize();
      // Paper is narrower than the window: with this, the drawing shrinks as a whole.
      const size = `0 0 ${chart.getWidth()} ${chart.getHeight()}`;
      place.querySelector("svg").setAttribute("viewBox", size);
    });
    figure.querySelector(".chart-figures").open = false;
    figure.classList.add("drawn");
  }

  function begin() {
    const figures = document.querySelectorAll("figure[data-chart]:not(.drawn)");
    if (!figures.length) return;
    if (window.echarts) return figures.forEach(draw);
    const library = document.createElement("script");
    library.src = LIBRARY;
    library.addEventListener("load", () => figures.forEach(draw));
    document.head.append(library);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
  document.addEventListener("figures", begin); // a part of the page came later
})();
