// Keeps the shell, the page for no connection and the emergency sheet. Never people, needs or alerts:
// pages come from the network only, and are never put aside.
"use strict";
const KEPT = "porchlight-BUILD";
const FILES = {{ files|safe }};
const PAGES = {{ pages|safe }};

addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const kept = await caches.open(KEPT);
    await kept.addAll([...FILES, ...PAGES.map((page) => new Request(page, { cache: "reload", credentials: "same-origin" }))]);
    await skipWaiting();
  })());
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name);
    await clients.claim();
  })());
});

const fromNetwork = async (request, path) => {
  try {
    const answer = await fetch(request);
    if (PAGES.includes(path) && answer.ok) await (await caches.open(KEPT)).put(path, answer.clone());
    return answer;
  } catch {
    const same = PAGES.includes(path) && (await caches.match(path));
    return same || (await caches.match({{ offline|safe }})) || Response.error();
  }
};

const fromKept = async (request) => (await caches.match(request)) || fetch(request);

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const address = new URL(request.url);
  if (address.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(fromNetwork(request, address.pathname));
  else if (FILES.includes(address.pathname)) event.respondWith(fromKept(request));
});
