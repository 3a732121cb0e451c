// Calling for help: a hold, a send that says when it did not get through, texts kept on this phone.
// Every form here is a real form: without this file a tap sends it and the answer is the next page.
"use strict";

(() => {
  const HOLD = 2000;
  const PATIENCE = 10000; // not confirmed by then: it counts as not sent
  const TEXTS = "porch-texts";
  const find = (chosen, inside = document) => inside.querySelector(chosen);
  const each = (chosen, inside = document) => [...inside.querySelectorAll(chosen)];

  // ---------- texts to two people, kept on this phone only ----------
  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem(TEXTS) || "[]");
    } catch {
      return [];
    }
  };
  // Arabic and Persian digits too: the last four bits of each are its value.
  const digits = (number) =>
    (/^\s*\+/.test(number) ? "+" : "") +
    number.replace(/[٠-٩۰-۹]/g, (digit) => digit.charCodeAt(0) & 15).replace(/\D/g, "");
  const fillTexts = (inside) => {
    for (const place of each("[data-texts]", inside)) {
      const people = kept();
      const line = find("li", place);
      for (const person of people) {
        const one = line.cloneNode(true);
        for (const who of each("[data-who]", one)) who.textContent = person.name;
        // «?&» is read by iPhones and by all others.
        find("[data-sms]", one).href = `sms:${digits(person.number)}?&body=${encodeURIComponent(place.dataset.text)}`;
        line.before(one);
      }
      line.remove();
      place.hidden = people.length === 0;
      for (const hint of each("[data-no-texts]", inside)) hint.hidden = people.length > 0;
    }
  };
  const readyTexts = (form) => {
    form.hidden = false;
    const names = each("[data-name]", form);
    const numbers = each("[data-number]", form);
    const says = find("[data-ready-says]", form);
    kept().slice(0, names.length).forEach((person, at) => {
      names[at].value = person.name;
      numbers[at].value = person.number;
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const people = names
        .map((name, at) => ({ name: name.value.trim(), number: numbers[at].value.trim() }))
        .filter((person) => person.number);
      if (people.some((person) => digits(person.number).replace("+", "").length < 3)) {
        says.textContent = says.dataset.odd;
        return;
      }
      for (const person of people) person.name ||= person.number;
      if (people.length) localStorage.setItem(TEXTS, JSON.stringify(people));
      else localStorage.removeItem(TEXTS);
      says.textContent = people.length ? says.dataset.kept : says.dataset.gone;
    });
    find("[data-ready-forget]", form).addEventListener("click", () => {
      localStorage.removeItem(TEXTS);
      for (const field of [...names, ...numbers]) field.value = "";
      says.textContent = says.dataset.gone;
    });
  };

  // ---------- sending: confirmed within ten seconds, or NOT SENT ----------
  const KEY = /name="csrfmiddlewaretoken" value="([^"]+)"/;
  const ask = (address, more, signal) =>
    fetch(address, { ...more, signal, credentials: "same-origin", cache: "no-store" });
  const send = async (action, fields, signal) => {
    const post = () =>
      ask(action, { method: "POST", body: fields, headers: { Accept: "application/json" } }, signal);
    let answer = await post();
    if (answer.status === 403) {
      // The page stood open while somebody signed in elsewhere: take the new token, send again.
      const token = KEY.exec(await (await ask(action, {}, signal)).text());
      if (token) {
        fields.set("csrfmiddlewaretoken", token[1]);
        answer = await post();
      }
    }
    return answer;
  };
  // A photo is made small before it leaves: it goes through where a large one would not.
  const shrink = async (fields) => {
    const photo = fields.get("picture");
    if (!(photo instanceof File) || !photo.size) return;
    try {
      const seen = await createImageBitmap(photo, { imageOrientation: "from-image" });
      const by = Math.min(1, 1024 / Math.max(seen.width, seen.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(seen.width * by));
      canvas.height = Math.max(1, Math.round(seen.height * by));
      canvas.getContext("2d").drawImage(seen, 0, 0, canvas.width, canvas.height);
      const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
      if (small && small.size < photo.size) fields.set("picture", small, "picture.jpg");
    } catch {
      // Not a picture this browser knows: the server says so.
    }
  };
  let isBusy = false;
  const call = async (form, fields, isQuiet, says) => {
    if (isBusy) return; // a second tap is the same call
    isBusy = true;
    if (says) says.textContent = says.dataset.sendingWords || says.dataset.words;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      await shrink(fields);
      const answer = await send(form.action, fields, stop.signal);
      if (answer.ok && (answer.headers.get("Content-Type") || "").includes("json")) {
        const { to } = await answer.json();
        // Nothing to go back to: the page it was sent from is not left in the way.
        location.replace(to);
      } else if (answer.status >= 500) {
        notSent(form, fields, isQuiet);
      } else {
        // A rule said no: its own page says why, and keeps what was typed.
        const own = new FormData(form);
        for (const [name, value] of fields) {
          if (typeof value === "string" && !own.has(name)) add(form, name, value);
        }
        if (form.elements.csrfmiddlewaretoken) form.elements.csrfmiddlewaretoken.value = fields.get("csrfmiddlewaretoken");
        HTMLFormElement.prototype.submit.call(form);
      }
    } catch {
      notSent(form, fields, isQuiet);
    } finally {
      clearTimeout(timer);
      isBusy = false;
    }
  };
  const add = (form, name, value) => {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  };
  const notSent = (form, fields, isQuiet) => {
    const words = find(isQuiet ? "template[data-not-sent-quiet]" : "template[data-not-sent]");
    if (!words) return;
    const main = find("main");
    main.replaceChildren(words.content.cloneNode(true));
    main.append(form);
    form.hidden = true;
    if (isQuiet) document.title = words.dataset.title;
    fillTexts(main);
    scrollTo(0, 0);
    find("[role=alert]", main)?.focus();
    // The same words with the same key: had it arrived after all, it stays one call.
    find("[data-again]", main).addEventListener("click", (event) => {
      const says = find("span", event.currentTarget);
      says.dataset.words = find("[data-hold-says]")?.dataset.sendingWords || "…";
      call(form, fields, isQuiet, says);
    });
  };
  addEventListener("submit", (event) => {
    const form = event.target;
    const pressed = event.submitter;
    if (!form.matches?.("form[data-call]") || pressed?.name === "turn") return;
    event.preventDefault();
    const fields = new FormData(form);
    if (pressed?.name) fields.set(pressed.name, pressed.value);
    call(form, fields, fields.get("kind") === "unsafe", find("[data-sending]", form));
  });

  // ---------- hold *Get help* for two seconds ----------
  let holding = null;
  let justSent = false;
  const letGo = () => {
    if (!holding) return;
    clearTimeout(holding.timer);
    holding.button.classList.remove("holding");
    const says = find("[data-hold-says]");
    if (says) says.textContent = "";
    holding = null;
  };
  addEventListener("pointerdown", (event) => {
    const button = event.target.closest?.("[data-hold]");
    const form = find("form[data-held]");
    if (!button || !form || !event.isPrimary || event.button !== 0) return;
    letGo();
    justSent = false;
    const says = find("[data-hold-says]");
    button.classList.add("holding");
    says.textContent = says.dataset.words;
    const timer = setTimeout(() => {
      letGo();
      justSent = true;
      call(form, new FormData(form), false, says);
    }, HOLD);
    holding = { button, timer, x: event.clientX, y: event.clientY };
  });
  for (const end of ["pointerup", "pointercancel", "blur", "pagehide"]) addEventListener(end, letGo);
  document.addEventListener("visibilitychange", letGo);
  addEventListener("pointermove", (event) => {
    // A finger trembles; one that wanders off did not mean it.
    if (holding && Math.hypot(event.clientX - holding.x, event.clientY - holding.y) > 40) letGo();
  });
  addEventListener("click", (event) => {
    if (justSent && event.target.closest?.("[data-hold]")) event.preventDefault();
    justSent = false;
  }, true);
  for (const kind of ["contextmenu", "dragstart"]) {
    addEventListener(kind, (event) => {
      if (holding && event.target.closest?.("[data-hold]")) event.preventDefault();
    });
  }

  // ---------- where this phone is: a part of the map is enough, finer never leaves it ----------
  const offerPosition = (label) => {
    if (!navigator.geolocation || !isSecureContext) return;
    const form = label.closest("form");
    const says = find("[data-here-says]", form);
    const radio = find("input", label);
    label.hidden = false;
    form.addEventListener("change", (event) => {
      if (event.target !== radio) return;
      says.textContent = says.dataset.looking;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          form.elements.latitude.value = coords.latitude.toFixed(3);
          form.elements.longitude.value = coords.longitude.toFixed(3);
          says.textContent = says.dataset.found;
        },
        () => (says.textContent = says.dataset.lost),
        { timeout: 8000, maximumAge: 60000, enableHighAccuracy: true },
      );
    });
  };
  const choose = (form, where) => {
    const radio = find(`input[name="where"][value="${where}"]`, form);
    if (radio) radio.checked = true;
  };
  addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-call]");
    if (!form || form.matches("[data-held]")) return;
    if (event.target.name === "cell") choose(form, "cell");
    if (event.target.name === "address" && event.target.value.trim()) choose(form, "typed");
    if (event.target.name === "where" && event.target.value === "cell") {
      const map = find("[data-map]", form);
      if (map) map.open = true;
    }
    if (event.target.name === "subject" && event.target.value) {
      const pod = find('input[name="for_whom"][value="pod"]', form);
      if (pod) pod.checked = true;
    }
  });

  // ---------- a page that came back from the browser's memory is a new call ----------
  addEventListener("pageshow", (event) => {
    if (event.persisted && find("form[data-call]")) location.reload();
  });

  for (const label of each("[data-here]")) offerPosition(label);
  for (const form of each("form[data-ready-texts]")) readyTexts(form);
  for (const place of each("[data-fill-texts]")) fillTexts(place);
})();
