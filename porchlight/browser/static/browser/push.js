// «Let this phone ring»: finds out whether this browser can, asks it, and sends what it gave.
"use strict";

const place = document.querySelector("[data-push]");
const key = place?.dataset.push;
const show = (state) => {
  for (const each of place.querySelectorAll("[data-push-state]")) each.hidden = each.dataset.pushState !== state;
};
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const letters = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
// An iPad says that it is a Mac, but no Mac has a touch screen.
const isApple = () => /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
const canRing = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
const isOurs = (given) => letters(given.options.applicationServerKey || new ArrayBuffer(0)) === key;

// A browser keeps one subscription; one made for another key cannot be rung by us any more.
const current = async () => {
  const given = await (await navigator.serviceWorker.getRegistration("/"))?.pushManager.getSubscription();
  return given && isOurs(given) ? given : null;
};
const markOf = async (given) => letters(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(given.endpoint)));

const look = async () => {
  if (!canRing()) return show(isApple() ? "iphone" : "unsupported");
  if (Notification.permission === "denied") return show("blocked");
  const known = place.dataset.pushHere;
  if (!known || Notification.permission !== "granted") return show("ready");
  const given = await current().catch(() => null);
  show(given && (await markOf(given)) === known ? "on" : "ready");
};

const ask = async () => {
  const worker = await navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready);
  const before = await worker.pushManager.getSubscription();
  if (before && isOurs(before)) return before;
  if (before) await before.unsubscribe();
  return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
};

if (place) {
  const form = place.querySelector("form[data-push-state]");
  const trouble = form.querySelector("[data-push-trouble]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    trouble.hidden = true;
    // Asked first: browsers only show the question right after a tap.
    if ((await Notification.requestPermission()) === "denied") return show("blocked");
    try {
      form.elements.subscription.value = JSON.stringify(await ask());
      form.submit();
    } catch {
      trouble.hidden = false;
    }
  });
  look();
}
