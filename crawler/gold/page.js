"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const marks = data.pages.map(() => ({ article: null, headline: "", day: "", noDay: false, lines: new Set() }));
  let language = data.language, place = 0, last = null, unsaved = false;

  const say = (word, given = {}) =>
    data.words[word][language].replace(/\{(\w+)\}/g, (_, name) => given[name]);

  function complete(mark) {
    if (mark.article === null) return false;
    return !mark.article || Boolean(mark.headline.trim() && (mark.day || mark.noDay) && mark.lines.size);
  }

  function translate() {
    document.documentElement.lang = language;
    document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
    for (const one of document.querySelectorAll("[data-word]")) one.textContent = say(one.dataset.word);
    at("view").title = say("saved_page");
    document.title = `${say("title")} · ${data.name}`;
  }

  function count() {
    const mark = marks[place];
    at("place").textContent = say("page_of", { n: place + 1, all: marks.length });
    at("marked").textContent = say("marked", { n: mark.lines.size });
    at("done").textContent = say("done", { n: marks.filter(complete).length, all: marks.length });
    at("before").disabled = place === 0;
    at("next").disabled = place === marks.length - 1;
    at("about").hidden = mark.article === false;
  }

  function changed() {
    unsaved = true;
    at("told").textContent = "";
    count();
  }

  function line(number, text) {
    const row = document.createElement("li");
    const label = document.createElement("label");
    const box = document.createElement("input");
    const words = document.createElement("bdi");
    const title = document.createElement("button");
    box.type = "checkbox";
    box.checked = marks[place].lines.has(number);
    row.classList.toggle("in", box.checked);
    words.textContent = text;
    words.dir = "auto";
    title.type = "button";
    title.textContent = say("take_headline");
    title.addEventListener("click", () => {
      at("headline").value = marks[place].headline = text;
      changed();
    });
    label.append(box, words);
    label.addEventListener("click", (event) => {
      if (event.shiftKey) event.preventDefault();
      if (event.shiftKey && last !== null) stretch(last, number);
    });
    box.addEventListener("change", () => { mark(number, box.checked); last = number; changed(); });
    row.append(label, title);
    return row;
  }

  function mark(number, inside) {
    if (inside) marks[place].lines.add(number);
    else marks[place].lines.delete(number);
    const row = at("lines").children[number];
    row.classList.toggle("in", inside);
    row.querySelector("input").checked = inside;
  }

  function stretch(first, end) {
    const inside = marks[place].lines.has(first);
    for (let n = Math.min(first, end); n <= Math.max(first, end); n++) mark(n, inside);
    last = end;
    changed();
  }

  function show() {
    const page = data.pages[place], mine = marks[place];
    last = null;
    at("address").textContent = page.url;
    at("view").srcdoc = page.view;
    for (const one of document.getElementsByName("article"))
      one.checked = mine.article !== null && (one.value === "yes") === mine.article;
    at("headline").value = mine.headline;
    at("day").value = mine.day;
    at("day").disabled = mine.noDay;
    at("no_day").checked = mine.noDay;
    at("lines").replaceChildren(...page.lines.map((text, number) => line(number, text)));
    count();
  }

  function saved(mark, number) {
    const page = data.pages[number], yes = mark.article, lines = [...mark.lines].sort((a, b) => a - b);
    return {
      page: page.id, outlet: data.outlet, url: page.url, marker: at("initials").value.trim(),
      article: yes, headline: yes ? mark.headline.trim() : "",
      day: yes && !mark.noDay ? mark.day : null,
      text: yes ? lines.map((n) => page.lines[n]).join("\n") : "", lines: yes ? lines : [],
    };
  }

  function save() {
    const initials = at("initials").value.trim();
    const rows = marks.map((mark, n) => complete(mark) ? saved(mark, n) : null).filter(Boolean);
    if (!initials || !rows.length) {
      at("told").textContent = say(initials ? "nothing_done" : "need_initials");
      if (!initials) at("initials").focus();
      return;
    }
    const link = document.createElement("a");
    const text = rows.map((row) => JSON.stringify(row) + "\n").join("");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/jsonl" }));
    link.download = `${data.outlet}.${initials.replace(/[^\p{L}\p{N}]+/gu, "-")}.marks.jsonl`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    unsaved = false;
    at("told").textContent = say("was_saved", { n: rows.length, file: `\u2068${link.download}\u2069` });
  }

  function restore(text) {
    let known = 0;
    for (const raw of text.split("\n")) {
      let row = null;
      try { row = JSON.parse(raw); } catch { continue; }
      const number = data.pages.findIndex((page) => page.id === row?.page);
      if (number < 0 || typeof row.article !== "boolean") continue;
      const inside = (n) => Number.isInteger(n) && n >= 0 && n < data.pages[number].lines.length;
      marks[number] = {
        article: row.article, headline: String(row.headline ?? ""), day: String(row.day ?? ""),
        noDay: row.article && row.day === null, lines: new Set((row.lines ?? []).filter(inside)),
      };
      at("initials").value = String(row.marker ?? "").slice(0, 12);
      known++;
    }
    show();
    at("told").textContent = known ? "" : say("wrong_file");
  }

  at("language").value = language;
  at("language").addEventListener("change", (event) => { language = event.target.value; translate(); show(); });
  at("before").addEventListener("click", () => { place--; show(); scrollTo(0, 0); });
  at("next").addEventListener("click", () => { place++; show(); scrollTo(0, 0); });
  for (const one of document.getElementsByName("article"))
    one.addEventListener("change", () => { marks[place].article = one.value === "yes"; changed(); });
  at("headline").addEventListener("input", (event) => { marks[place].headline = event.target.value; changed(); });
  at("day").addEventListener("input", (event) => { marks[place].day = event.target.value; changed(); });
  at("no_day").addEventListener("change", (event) => {
    marks[place].noDay = event.target.checked;
    at("day").disabled = event.target.checked;
    changed();
  });
  at("save").addEventListener("click", save);
  at("go_on").addEventListener("change", (event) => event.target.files[0]?.text().then(restore));
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  translate();
  show();
})();
