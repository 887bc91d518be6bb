// Keeps the released programme of one congress on the device. KEPT, the line above, is written by the server (public/offline.py).
// The network is always asked first; what is kept answers when there is none, or none that answers in time.
// Kept are copies made for everybody, fetched without cookies: nothing that was ever shown to one reader, and no other address.
const PATIENCE = 4000; // ms
const FAMILY = `congress ${KEPT.root} `;
const PAGES = new RegExp(`^${KEPT.index.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}[^/]*$`);
let lastSilence = 0; // while the network was silent a moment ago, what is kept answers at once

async function copy(cache, address) {
  const answer = await fetch(address, {
    credentials: "omit",
    cache: "no-cache",
    redirect: "error",
    headers: { "X-Offline-Copy": "1", "Accept-Language": KEPT.language },
    signal: AbortSignal.timeout(20000),
  });
  if (!answer.ok) {
    await answer.body?.cancel(); // or a few answers that nobody reads hold all connections
    throw new Error(`${answer.status} ${address}`);
  }
  await cache.put(address, answer);
}

// Pages of items, in their order, as long as all of them together stay within KEPT.bytes.
async function copyItems(cache, items) {
  let left = KEPT.bytes;
  for (const address of items) {
    const known = await cache.match(address);
    try {
      if (!known) await copy(cache, address);
      left -= (await (known ?? (await cache.match(address))).blob()).size;
    } catch (problem) {
      // Without a page of an item the rest is worth keeping too; without a network there is nothing to be had.
      if (problem.name !== "Error") return;
    }
    if (left < 0) return;
    // One after the other, and slowly: whoever reads, here or elsewhere, comes first.
    if (!known) await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

// A few at a time: a device has little, and the server has many readers.
async function copyAll(cache, addresses, each) {
  const left = [...addresses];
  const one = async () => {
    while (left.length) await each(copy(cache, left.shift()));
  };
  await Promise.all([one(), one(), one()]);
}

async function install() {
  const cache = await caches.open(KEPT.name);
  await copyAll(cache, [...KEPT.assets, ...KEPT.pages], (copied) => copied);
  // Without a page of an item the rest is worth keeping too.
  await copyAll(cache, KEPT.items.slice(0, KEPT.first), (copied) => copied.catch(() => {}));
  await self.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(FAMILY) && name !== KEPT.name).map((name) => caches.delete(name)));
  await self.clients.claim();
}

function kept(url) {
  return caches.open(KEPT.name).then((cache) => cache.match(url));
}

// A page without the language in its address, then the page of the day or the whole one, in which js/programme.js finds what was asked
// for, then the page that says what is missing.
async function keptPage(url) {
  const plain = new URL(url);
  plain.searchParams.delete("lang");
  const day = `${plain.pathname}?day=${plain.searchParams.get("day")}`;
  const whole = plain.pathname === KEPT.index ? KEPT.index : KEPT.offline;
  return (await kept(plain.pathname + plain.search)) ?? (await kept(day)) ?? (await kept(whole)) ?? Response.error();
}

async function fromNetwork(request) {
  if (Date.now() - lastSilence < 30000) throw new Error("silent");
  let timer;
  const silence = new Promise((_resolve, reject) => {
    timer = setTimeout(() => {
      lastSilence = Date.now();
      reject(new Error("silent"));
    }, PATIENCE);
  });
  try {
    return await Promise.race([fetch(request), silence]);
  } finally {
    clearTimeout(timer);
  }
}

async function page(event, url) {
  if (!PAGES.test(url.pathname)) {
    // Not a page that is kept: it is asked for in the ordinary way, and nothing of it stays here.
    return fetch(event.request).catch(() => keptPage(new URL(KEPT.offline, url)));
  }
  try {
    const answer = await fromNetwork(event.request);
    // One of very many items: whoever has opened it may want it again.
    const isItem = answer.ok && answer.headers.get("Content-Type")?.startsWith("text/html") && url.pathname !== KEPT.index;
    if (isItem && !answer.redirected && !(await kept(url.pathname)))
      event.waitUntil(caches.open(KEPT.name).then((cache) => copy(cache, url.pathname)).catch(() => {}));
    return answer;
  } catch {
    return keptPage(url);
  }
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
let copying = null;
self.addEventListener("message", (event) => {
  if (event.data !== "more") return;
  copying ??= caches.open(KEPT.name).then((cache) => copyItems(cache, KEPT.items)).finally(() => (copying = null));
  event.waitUntil(copying);
});
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") {
    if (url.pathname.startsWith(KEPT.root)) event.respondWith(page(event, url));
  } else if (KEPT.assets.includes(url.pathname)) {
    event.respondWith(fromNetwork(event.request).catch(async () => (await kept(url.pathname)) ?? Response.error()));
  }
});
