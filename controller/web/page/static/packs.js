// The packs that the caller may see, as they were heard of last, and which of them are wanted.

import { everyPack, query } from "./api.js";

export const PAGE = 100;
const packs = new Map();

// A pack is known by its resource: its ref may become known later.
export const keyOf = (pack) => (pack.name ? `${pack.namespace}/${pack.name}` : pack.ref);

const loads = new Set(); // each with the news that came while its list was on its way

export async function load(signal) {
  const news = [];
  loads.add(news);
  try {
    const found = await everyPack(signal);
    packs.clear();
    for (const one of found) packs.set(keyOf(one), one);
    for (const made of news) made(); // the list may be older
  } finally {
    loads.delete(news);
  }
}

export function take(pack) {
  change(() => {
    if (pack.id) packs.delete(pack.ref); // nobody followed it until now
    packs.set(keyOf(pack), pack);
  });
}

export const drop = (pack) => change(() => packs.delete(keyOf(pack)));

function change(made) {
  made();
  for (const news of loads) news.push(made);
}

export const forget = () => packs.clear();
export const all = () => [...packs.values()];

// What the address says is wanted.
export function wanted(search) {
  const given = new URLSearchParams(search);
  const page = Number.parseInt(given.get("page") ?? "1", 10);
  return {
    q: given.get("q") ?? "",
    state: given.get("state") ?? "",
    namespace: given.get("namespace") ?? "",
    page: page > 0 ? page : 1,
  };
}

export function addressOf(want) {
  return `/${query({ ...want, page: want.page > 1 ? want.page : "" })}`;
}

export function stateOf(pack) {
  return pack.suspended ? "suspended" : pack.ready.toLowerCase();
}

// Those that are wanted, those that are not ready first; `state` is left out of `counts`.
export function choose(found, want) {
  const text = want.q.toLowerCase();
  const near = found.filter(
    (one) => (!want.namespace || one.namespace === want.namespace) && (!text || fits(one, text)),
  );
  const counts = { true: 0, false: 0, unknown: 0, suspended: 0 };
  for (const one of near) counts[stateOf(one)] += 1;
  const chosen = near.filter((one) => !want.state || stateOf(one) === want.state);
  return { counts, total: near.length, chosen: chosen.sort(byState) };
}

const ORDER = ["false", "unknown", "suspended", "true"];

function byState(one, other) {
  return ORDER.indexOf(stateOf(one)) - ORDER.indexOf(stateOf(other)) || byRef(one, other);
}

function byRef(one, other) {
  const [left, right] = [`${one.ref} ${keyOf(one)}`, `${other.ref} ${keyOf(other)}`];
  return left < right ? -1 : Number(left > right);
}

function fits(pack, text) {
  const texts = [pack.ref, pack.label, pack.name ?? "", pack.url, pack.reason, pack.message];
  return texts.some((one) => one.toLowerCase().includes(text));
}
