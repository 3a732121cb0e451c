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

// ---------- up and down through a list of links, once one of them has the focus ----------
addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const list = step && event.target.closest("[data-rows]");
  if (!list || event.altKey || event.ctrlKey || event.metaKey) return;
  const links = [...all("a", list)];
  event.preventDefault();
  links[links.indexOf(event.target) + step]?.focus();
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
// Only forms marked so. Their words stay on this phone, at most a day, until the program has taken them
// from whoever wrote them: the session may have ended meanwhile, or somebody else may use this phone.
const QUEUE = "porch-waiting";
const DAY = 86400000;
const WHOSE = /<body[^>]* data-whose="([^"]*)"/;
const TOKEN = /name="csrfmiddlewaretoken" value="([^"]+)"/;
const here = () => document.body.dataset.whose; // a mark, no name; none on pages of no neighbourhood
const kept = () => JSON.parse(localStorage.getItem(QUEUE) || "[]");
const isOver = (one) => Date.now() - one.at >= DAY;
const waiting = () => kept().filter((one) => !isOver(one));
const keep = (forms) =>
  forms.length ? localStorage.setItem(QUEUE, JSON.stringify(forms)) : localStorage.removeItem(QUEUE);
const letGo = (key) => keep(waiting().filter((other) => other.key !== key));
const isOthers = (one) => here() !== undefined && one.whose !== here();
const goesOut = (one) => !one.isRefused && !isOthers(one);
const NO = [400, 404, 409, 410, 413, 422]; // anything else that fails may work later

const opened = async (asked) => {
  const answer = await asked;
  const words = answer.ok ? await answer.text() : "";
  return { isOk: answer.ok, status: answer.status, whose: WHOSE.exec(words)?.[1], token: TOKEN.exec(words)?.[1] };
};
const sendOne = async (one) => {
  // Who is signed in now? Its own page knows, and has a fresh token.
  const page = await opened(fetch(one.page, { cache: "no-store" }));
  if (!page.isOk || page.whose !== one.whose) return;
  const body = new URLSearchParams(one.fields);
  if (page.token) body.set("csrfmiddlewaretoken", page.token);
  const answer = await opened(fetch(one.action, { method: "POST", body }));
  // Taken only if a page of theirs came back: the page to sign in is nobody's.
  if (answer.isOk && answer.whose === one.whose) letGo(one.key);
  else if (NO.includes(answer.status)) keep(waiting().map((other) => (other.key === one.key ? { ...one, isRefused: true } : other)));
};
let isSending = false;
const sendWaiting = async () => {
  if (isSending) return;
  isSending = true;
  try {
    for (const one of waiting().filter(goesOut)) await sendOne(one);
  } catch {
    // No connection after all: they wait on.
  } finally {
    isSending = false;
    showWaiting();
  }
};
const showWaiting = () => {
  const forms = waiting();
  const refused = forms.find((one) => one.isRefused && !isOthers(one));
  const isShown = {
    here: forms.some(goesOut),
    others: forms.some(isOthers),
    refused: Boolean(refused),
    over: kept().some(isOver),
  };
  for (const place of all("[data-waiting]")) place.hidden = !isShown[place.dataset.waiting];
  for (const link of all("[data-waiting-page]")) if (refused) link.href = refused.page;
};
const keepForLater = (form) => {
  const fields = [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
  const key = form.elements.client_key?.value || String(Date.now());
  letGo(key);
  keep([...waiting(), { key, whose: here(), page: location.href, action: form.action, fields, at: Date.now() }]);
  const said = document.createElement("p");
  said.className = "note n-lamp";
  said.setAttribute("role", "status");
  said.textContent = form.dataset.offline;
  form.replaceChildren(said);
};
// What was not taken stands in its form again, with its key; it leaves the phone when it is sent anew.
const giveBack = (form) => {
  const one = waiting().find((other) => other.isRefused && !isOthers(other) && other.action === form.action);
  for (const [name, value] of one?.fields || []) {
    const field = form.elements[name];
    if (!field) continue;
    if (field.type === "checkbox") field.checked = field.value === value || field.checked;
    else field.value = value;
  }
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
  letGo(form.elements.client_key?.value);
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
for (const form of all("form[data-offline]")) giveBack(form);
addEventListener("htmx:after:swap", () => prepare(document));
addEventListener("online", sendWaiting);
showWaiting();
keep(waiting()); // what is over was told above, and is gone now
if (waiting().some(goesOut) && navigator.onLine) sendWaiting();

if ("serviceWorker" in navigator) {
  addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => {}));
  // What the phone keeps for when nothing gets through speaks the language of this page.
  const keepSpeaking = async () => {
    const keep = document.querySelector("template[data-not-sent]")?.dataset.page;
    (await navigator.serviceWorker.ready).active?.postMessage({ keep, language: root.lang });
  };
  keepSpeaking();
}
