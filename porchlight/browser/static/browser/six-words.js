// Six words that only whoever asks knows: made here and never sent. What is sent stands for them,
// and they cannot be had back from it. Without this file, or where the browser cannot, the server
// makes them and says so (sharing/views/by_code.py; rules/by_code.py computes the same).
"use strict";

(async () => {
  const inside = document.querySelector("[data-six-words]");
  const form = inside?.querySelector("form");
  const typed = form?.elements.words;
  const tag = form?.elements.tag;
  if (!tag || !typed || !window.crypto?.subtle) return;

  let words;
  try {
    words = await (await fetch(inside.dataset.sixWords)).json();
  } catch {
    return; // the server's own words stay
  }
  const byStart = new Map(words.map((word) => [word.slice(0, 4), word]));
  const wordsIn = (text) =>
    (text.slice(0, 200).normalize("NFKD").toLowerCase().match(/\p{L}+/gu) || []).map(
      (part) => byStart.get([...part].slice(0, 4).join("")) || part,
    );
  const tagOf = async (code) => {
    const bytes = new TextEncoder().encode(`porchlight ask ${code.join("-")}`);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  let made = null;
  const shown = [...inside.querySelectorAll(".code.words b")];
  if (shown.length) {
    // 2,048 words are eleven bits each, so no number of the generator is favoured.
    made = [...crypto.getRandomValues(new Uint16Array(shown.length))].map((number) => words[number & 2047]);
    shown.forEach((place, at) => (place.textContent = made[at]));
    for (const said of inside.querySelectorAll("[data-made]")) said.hidden = said.dataset.made !== "here";
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = wordsIn(typed.value);
    if (made) {
      const wanted = inside.dataset.places.split(",").map((place) => made[Number(place)]);
      if (given.join() !== wanted.join()) {
        inside.querySelector("[data-not-same]").hidden = false;
        typed.focus();
        return;
      }
    }
    if (!made && !given.length) {
      form.submit(); // nothing typed: the server says what is missing
      return;
    }
    tag.value = await tagOf(made || given);
    typed.disabled = true; // what is disabled is not sent
    form.submit();
  });
})();
