// Two things that links do without this script: what takes long to count comes by itself, and the
// actors whose name is being typed are offered while it is typed.
"use strict";

(() => {
  const WAIT = 250; // milliseconds without a key, before anybody is asked
  const SHORTEST = 2;

  async function part(address) {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  }

  async function follow(place) {
    place.setAttribute("aria-busy", "true");
    try {
      place.innerHTML = await part(place.dataset.follows);
      document.dispatchEvent(new Event("figures"));
    } catch {
      const said = document.createElement("p");
      said.textContent = place.dataset.failed;
      place.prepend(said);
    }
    place.removeAttribute("aria-busy");
  }

  function offer(box, place) {
    let timer, latest = 0;
    box.addEventListener("input", () => {
      clearTimeout(timer);
      const mine = ++latest;
      timer = setTimeout(async () => {
        const typed = box.value.trim();
        const found = typed.length < SHORTEST ? "" : await part(
          `${box.dataset.offers}?${new URLSearchParams(new FormData(box.form))}&lang=${document.documentElement.lang}`,
        ).catch(() => "");
        if (mine === latest) place.innerHTML = found;
      }, WAIT);
    });
  }

  async function followAll() {
    // One after the other: a small machine answers other people meanwhile.
    for (const place of document.querySelectorAll("[data-follows]")) await follow(place);
  }

  followAll();
  const box = document.querySelector("[data-offers]");
  if (box) offer(box, document.getElementById("offers"));
})();
