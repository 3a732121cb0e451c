// Small enhancements, each found by a data- attribute. Every page works without this file.
"use strict";

// htmx hands fetched pages to the parser as text. Our pages hold no scripts of their own, so the one
// policy lets markup pass, a worker only from our address, and never words as a script.
if (window.trustedTypes) {
  trustedTypes.createPolicy("default", {
    createHTML: (words) => words,
    createScriptURL: (address) => (address === "/sw.js" ? address : null),
    createScript: () => null,
  });
}

const root = document.documentElement;
const all = (chosen, inside = document) => inside.querySelectorAll(chosen);
const remember = (name, value) => {
  const secure = location.protocol === "https:" ? ";secure" : "";
  const age = value ? 31536000 : 0;
  document.cookie = `${name}=${value};path=/;max-age=${age};samesite=lax${secure}`;
};

// ---------- leave fast: the link, or Escape three times ----------
let escapes = [];
const leave = () => {
  document.body.hidden = true;
  document.title = "…";
  location.replace("/leave/");
};
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  escapes = [...escapes.filter((at) => event.timeStamp - at < 2000), event.timeStamp];
  if (escapes.length >= 3) leave();
});

// ---------- light, dark, larger text: at once, and remembered ----------
const isDark = () =>
  (root.dataset.theme || (matchMedia("(prefers-color-scheme:dark)").matches ? "dark" : "light")) === "dark";
const turnTheme = () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  remember("porch-theme", root.dataset.theme);
};
const turnSize = () => {
  if (root.dataset.size) delete root.dataset.size;
  else root.dataset.size = "large";
  remember("porch-size", root.dataset.size || "");
};

// ---------- copy and share ----------
const copy = async (button) => {
  const field = document.querySelector(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(field.value);
    const words = button.querySelector("span");
    const before = words.textContent;
    words.textContent = button.dataset.done;
    setTimeout(() => (words.textContent = before), 3000);
  } catch {
    field.select();
  }
};
const share = (button) => {
  const field = document.querySelector(button.dataset.share);
  navigator.share(field.matches("textarea") ? { text: field.value } : { url: field.value }).catch(() => {});
};

// ---------- show what is typed in a password field ----------
const addShowButton = (line) => {
  const field = line.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn plain";
  button.dataset.showButton = "";
  button.textContent = line.dataset.show;
  button.setAttribute("aria-controls", field.id);
  line.append(button);
  field.form?.addEventListener("submit", () => (field.type = "password"));
};
const turnPassword = (button) => {
  const line = button.parentElement;
  const field = line.querySelector("input");
  const isShown = field.type === "text";
  field.type = isShown ? "password" : "text";
  button.textContent = isShown ? line.dataset.show : line.dataset.hide;
};

// ---------- the map presses the buttons of the list beside it ----------
const drawPicks = (map) => {
  for (const path of all("[data-cell]", map)) {
    const button = map.querySelector(`input[value="${CSS.escape(path.dataset.cell)}"]`);
    const isOn = Boolean(button?.checked);
    path.classList.toggle("on", isOn);
    map.querySelector(`[data-mark="${CSS.escape(path.dataset.cell)}"]`)?.classList.toggle("you", isOn);
  }
};

// ---------- a form that outlives a dead connection (data-offline) ----------
// Only forms marked so; their words stay on this phone until they are sent, at most a day.
const QUEUE = "porch-waiting";
const DAY = 86400000;
const waiting = () => {
  const kept = JSON.parse(localStorage.getItem(QUEUE) || "[]");
  return kept.filter((one) => Date.now() - one.at < DAY);
};
const keep = (forms) =>
  forms.length ? localStorage.setItem(QUEUE, JSON.stringify(forms)) : localStorage.removeItem(QUEUE);
const sendWaiting = async () => {
  for (const one of waiting()) {
    const body = new URLSearchParams(one.fields);
    const token = document.querySelector("[name=csrfmiddlewaretoken]");
    if (token) body.set("csrfmiddlewaretoken", token.value);
    try {
      const answer = await fetch(one.action, { method: "POST", body, redirect: "manual" });
      // Refused or broken: it stays on the phone, and the page says that it waits.
      if (answer.type === "opaqueredirect" || answer.ok) keep(waiting().filter((other) => other.key !== one.key));
    } catch {
      break;
    }
  }
  showWaiting();
};
const showWaiting = () => {
  for (const place of all("[data-waiting]")) place.hidden = waiting().length === 0;
};
const keepForLater = (form) => {
  const fields = [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
  const key = form.elements.client_key?.value || String(Date.now());
  keep([...waiting().filter((one) => one.key !== key), { key, action: form.action, fields, at: Date.now() }]);
  const said = document.createElement("p");
  said.className = "note n-lamp";
  said.setAttribute("role", "status");
  said.textContent = form.dataset.offline;
  form.replaceChildren(said);
};

// ---------- one listener each, so that swapped-in pieces work too ----------
addEventListener("click", (event) => {
  const found = (chosen) => event.target.closest?.(chosen);
  const done = (act, on) => {
    event.preventDefault();
    act(on);
  };
  let on;
  if (found("[data-leave]")) done(leave);
  else if (found("[data-theme-button]")) done(turnTheme);
  else if (found("[data-size-button]")) done(turnSize);
  else if ((on = found("[data-copy]"))) done(copy, on);
  else if ((on = found("[data-share]"))) done(share, on);
  else if ((on = found("[data-show-button]"))) done(turnPassword, on);
  else if ((on = found("[data-cell]"))) on.closest("[data-hexpicker]").querySelector(`input[value="${CSS.escape(on.dataset.cell)}"]`)?.click();
  else if ((on = found("[data-problem] a[href^='#']"))) {
    const field = document.getElementById(on.hash.slice(1));
    const target = field?.matches("fieldset") ? field.querySelector("input") : field;
    if (target) done(() => target.focus());
  }
});
addEventListener("change", (event) => {
  const map = event.target.closest?.("[data-hexpicker]");
  if (map) drawPicks(map);
});
addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches?.("form[data-offline]")) return;
  event.preventDefault();
  event.stopPropagation();
  try {
    // Being "online" only means having a wire: ask the program itself before the words are let go.
    await fetch("/healthz", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(4000) });
  } catch {
    keepForLater(form);
    return;
  }
  if (event.submitter?.name) {
    const pressed = document.createElement("input");
    Object.assign(pressed, { type: "hidden", name: event.submitter.name, value: event.submitter.value });
    form.append(pressed);
  }
  form.submit();
}, true);

// ---------- seconds that run down (data-countdown), then what they led to is asked for ----------
// Each tick changes the number on the page itself, so that a fresh page from the server puts it right.
let ticking = 0;
const tick = () => {
  const places = all("[data-countdown]");
  if (!places.length) {
    clearInterval(ticking);
    ticking = 0;
  }
  for (const place of places) {
    const left = Math.max(0, Number(place.dataset.countdown) - 1);
    place.dataset.countdown = left;
    place.textContent = place.dataset.words.replace("{n}", left.toLocaleString(root.lang));
    if (!left) document.querySelector(place.dataset.then)?.dispatchEvent(new CustomEvent("changed"));
  }
};

const prepare = (inside) => {
  if (!ticking && inside.querySelector("[data-countdown]")) ticking = setInterval(tick, 1000);
  for (const pick of all("select[data-own-zone]", inside)) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone; // a guess to begin with, never over a choice
    if (!pick.querySelector("option[selected]") && pick.querySelector(`option[value="${CSS.escape(zone)}"]`)) pick.value = zone;
  }
  for (const line of all("[data-show-password]", inside)) if (!line.querySelector("button")) addShowButton(line);
  for (const map of all("[data-hexpicker]", inside)) drawPicks(map);
  for (const list of all("[data-hexpicker] [data-list]", inside)) list.open = false; // here the map itself can be tapped
  for (const button of all("[data-copy]", inside)) button.hidden = !navigator.clipboard;
  for (const button of all("[data-share]", inside)) button.hidden = !navigator.share;
  for (const problem of all("[data-problem]", inside)) problem.focus();
};
prepare(document);
addEventListener("htmx:after:swap", () => prepare(document));
addEventListener("online", sendWaiting);
showWaiting();
if (waiting().length && navigator.onLine) sendWaiting();

if ("serviceWorker" in navigator) {
  addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => {}));
}
