// Asks /api/v1. The token is in the tab's own memory (sessionStorage), never in a cookie: no other
// site can make a browser send it.

const KEY = "attune-token";

export const token = {
  get: () => sessionStorage.getItem(KEY) ?? "",
  set: (value) => sessionStorage.setItem(KEY, value),
  forget: () => sessionStorage.removeItem(KEY),
};

export class Refused extends Error {
  constructor(status, message, details) {
    super(message);
    this.status = status;
    this.details = details;
  }
}

export function query(values) {
  const given = Object.entries(values).filter(([, value]) => value);
  return given.length ? `?${new URLSearchParams(given)}` : "";
}

// The path of a pack, and which one is meant where several want its ref.
export function packPath(pack, rest = "", more = {}) {
  const which = { namespace: pack.namespace, name: pack.name };
  return `/packs/${encodeURIComponent(pack.ref)}${rest}${query({ ...which, ...more })}`;
}

export async function send(path, { method = "GET", body, signal } = {}) {
  const headers = { Authorization: `Bearer ${token.get()}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const answer = await fetch(`/api/v1${path}`, {
    method, headers, body: sent, signal, credentials: "omit", cache: "no-store",
  }).catch((error) => {
    throw error.name === "AbortError" ? error : new Refused(0, "The controller cannot be reached.", []);
  });
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

export async function get(path, signal) {
  return (await send(path, { signal })).json();
}

export async function post(path, body = {}) {
  return (await send(path, { method: "POST", body })).json();
}

async function refusal(answer) {
  const told = await answer.json().catch(() => ({}));
  const message = told.error ?? `The controller answered ${answer.status}.`;
  return new Refused(answer.status, message, told.details ?? []);
}

const LARGEST = 1000;

// Every pack that the caller may see, in as few requests as the API allows.
export async function everyPack(signal) {
  const found = [];
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const part = await get(`/packs?page=${page}&page_size=${LARGEST}`, signal);
    found.push(...part.data);
    pages = part.pagination.total_pages;
  }
  return found;
}
