// sw.ts - the service worker: every file of this build is kept, so that the pages open without a network. Data are not its
// business: they lie in IndexedDB (store.ts).
const files: string[] = JSON.parse('__FILES__');
const worker = self as unknown as { addEventListener: (name: string, fn: (event: WorkerEvent) => void) => void; skipWaiting: () => Promise<void>; clients: { claim: () => Promise<void> } };
interface WorkerEvent { waitUntil: (p: Promise<unknown>) => void; respondWith: (r: Promise<Response>) => void; request: Request }
const name = "m-" + files.join("|").split("").reduce((n, c) => (n * 31 + c.charCodeAt(0)) | 0, 7);

worker.addEventListener("install", (event) => {
  event.waitUntil(caches.open(name).then((cache) => cache.addAll(files.map((file) => "/m/" + file))).then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((all) => Promise.all(all.filter((one) => one.startsWith("m-") && one !== name).map((one) => caches.delete(one)))).then(() => worker.clients.claim()));
});

/** Files with a hash come from the cache; the page itself from the network first, so that a new version is seen. */
worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin || !url.pathname.startsWith("/m/")) return;
  const kept = () => caches.match(url.pathname, { ignoreSearch: true });
  if (url.pathname === "/m/") event.respondWith(fetch(event.request).catch(() => kept().then((r) => r || Response.error())));
  else event.respondWith(kept().then((r) => r || fetch(event.request)));
});
export {};
