// On a web host: every page of the course is kept at the first visit, and shown where there is no network.

/** @type {any} a service worker's own window, which the page's types don't know */
const worker = self;
const KEPT = "faultlab-VERSION";
const PAGES = ["PAGES"];

worker.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(PAGES)).then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => names.filter((name) => name.startsWith("faultlab-") && name !== KEPT));
  event.waitUntil(old.then((names) => Promise.all(names.map((name) => caches.delete(name)))));
});

// The network first, so that a course that was mended is seen at once.
worker.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" || new URL(event.request.url).origin !== self.location.origin) return;
  const kept = () => caches.match(event.request, { ignoreSearch: true });
  event.respondWith(fetch(event.request).then((found) => (found.ok ? found : kept().then((one) => one ?? found)), kept));
});
