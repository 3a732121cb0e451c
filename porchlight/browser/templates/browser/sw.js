// Keeps the shell, the page for no connection, the emergency sheet, and NOT SENT of each neighbourhood
// this phone calls for help in. Never people, needs or alerts: all other pages come from the network
// only, and are never put aside. Rings when a push comes.
"use strict";
const KEPT = "porchlight-BUILD";
const FILES = {{ files|safe }};
const PAGES = {{ pages|safe }};
const PATIENCE = 10000; // a call that is not confirmed by then counts as not sent
const A_DAY = 86400000;
const NOT_SENT = /^\/n\/[a-z0-9-]+\/help\/not-sent\/$/;
const HELP = /^(\/n\/[a-z0-9-]+\/help\/)(missing\/)?$/;

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

// Every page says which language it speaks, and a page inside also where its NOT SENT stands. What this
// phone keeps speaks the same: fetched anew when the language changes; NOT SENT once a day as well.
const age = (answer) => Date.now() - Date.parse(answer.headers.get("Date"));
const speaks = (answer) => answer.headers.get("Content-Language");
const keepPage = async (path, language, longest) => {
  const kept = await caches.open(KEPT);
  const same = await kept.match(path);
  if (same && age(same) < longest && speaks(same) === language) return;
  const headers = { "Accept-Language": language };
  const answer = await fetch(new Request(path, { cache: "reload", credentials: "same-origin", headers }));
  if (answer.ok && !answer.redirected) await kept.put(path, answer);
};
addEventListener("message", (event) => {
  const { keep, language } = event.data || {};
  if (typeof language !== "string") return;
  const all = PAGES.map((page) => keepPage(page, language, Infinity));
  if (typeof keep === "string" && NOT_SENT.test(keep)) all.push(keepPage(keep, language, A_DAY));
  event.waitUntil(Promise.allSettled(all));
});

// A page that was opened takes the place of the kept one, unless it speaks another language: who is
// signed in reads inside in their own, and here in the browser's.
const keepFresh = async (path, answer) => {
  const kept = await caches.open(KEPT);
  const same = await kept.match(path);
  if (!same || speaks(same) === speaks(answer)) await kept.put(path, answer);
};
const fromNetwork = async (request, path) => {
  try {
    const answer = await fetch(request);
    if (PAGES.includes(path) && answer.ok) await keepFresh(path, answer.clone());
    return answer;
  } catch {
    const same = (PAGES.includes(path) || NOT_SENT.test(path)) && (await caches.match(path));
    return same || (await caches.match({{ offline|safe }})) || Response.error();
  }
};

// *Get help* opens or sends within ten seconds, or the phone says NOT SENT.
const helpOrNotSent = async (request, help) => {
  const kept = () => caches.match(`${help}not-sent/`);
  let timer;
  const late = new Promise((_, fail) => (timer = setTimeout(fail, PATIENCE)));
  try {
    const answer = await Promise.race([fetch(request), late]);
    return (answer.status >= 500 && (await kept())) || answer;
  } catch {
    return (await kept()) || (await caches.match({{ offline|safe }})) || Response.error();
  } finally {
    clearTimeout(timer);
  }
};

const fromKept = async (request) => (await caches.match(request)) || fetch(request);

addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== location.origin) return;
  const help = request.mode === "navigate" && HELP.exec(address.pathname);
  if (help) event.respondWith(helpOrNotSent(request, help[1]));
  else if (request.method !== "GET") return;
  else if (request.mode === "navigate") event.respondWith(fromNetwork(request, address.pathname));
  else if (FILES.includes(address.pathname)) event.respondWith(fromKept(request));
});

// ---------- pushes: what and when on a locked screen, and one tap to answer ----------
// Words when a push cannot be read; every push shows something, or browsers take the right away.
const NEUTRAL = {{ neutral|safe }};
const neutral = () => NEUTRAL[(navigator.language || "").split("-")[0]] || NEUTRAL.en;
const PICTURE = {{ picture|safe }};
const PUSH_KEY = {{ push_key|safe }};

const read = (data) => {
  try {
    const words = data.json();
    return words && typeof words.title === "string" && words.title ? words : {};
  } catch {
    return {};
  }
};

const rang = (data) => {
  const words = read(data);
  const answers = words.link && Array.isArray(words.answers) ? words.answers : [];
  return registration.showNotification(words.title || neutral(), {
    body: words.line || "",
    lang: words.lang || "",
    dir: words.dir || "auto",
    tag: words.tag || "porchlight",
    renotify: Boolean(words.grave),
    requireInteraction: Boolean(words.grave || answers.length),
    vibrate: words.grave ? [400, 200, 400, 200, 400] : [200],
    icon: PICTURE,
    actions: answers.slice(0, 2).map(([action, title]) => ({ action, title })),
    data: { path: words.path, link: words.link, sent: words.sent, notSent: words.notSent },
  });
};

// The token in the push stands for its reader: it needs nobody signed in on this phone.
const answered = async (notification, answer) => {
  const { path, link, sent, notSent } = notification.data || {};
  let isSent = false, whyNot = "";
  try {
    const reply = await fetch(`/a/${encodeURIComponent(link)}/tap/`, {
      method: "POST",
      body: new URLSearchParams({ answer }),
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(15000),
    });
    isSent = reply.ok;
    if (reply.status === 409) whyNot = (await reply.text()).slice(0, 120);
  } catch {
    // No connection, or no answer in time: said below.
  }
  await registration.showNotification((isSent ? sent : whyNot || notSent) || neutral(), {
    body: notification.title,
    lang: notification.lang,
    dir: notification.dir,
    tag: notification.tag,
    renotify: !isSent,
    icon: PICTURE,
    data: { path },
  });
};

const opened = (path) => {
  const target = new URL(path || "/", location.origin);
  return clients.openWindow(target.origin === location.origin ? target.href : "/");
};

const rungAgain = async (before, given) => {
  const fresh = given || (await registration.pushManager.subscribe(
    before?.options || { userVisibleOnly: true, applicationServerKey: PUSH_KEY },
  ));
  // The cookie of this device says whose it is.
  await fetch("/push/again/", { method: "POST", body: JSON.stringify(fresh), credentials: "same-origin" });
};

addEventListener("push", (event) => event.waitUntil(rang(event.data)));
addEventListener("notificationclick", (event) => {
  const { notification, action } = event;
  notification.close();
  event.waitUntil(action ? answered(notification, action) : opened(notification.data?.path));
});
addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(rungAgain(event.oldSubscription, event.newSubscription));
});
