// The conditions as they stand and since when, and before them what was tried: a timeline.

import { get, packPath } from "./api.js";
import { ago, badge, el, replace, short } from "./dom.js";

export async function showConditions(place, { pack, signal }) {
  const standing = pack.conditions.map((one) => ({
    time: one.lastTransitionTime, draw: () => condition(one),
  }));
  const tried = await attempts(pack, signal);
  const entries = [...standing, ...tried].sort((one, other) => Date.parse(other.time) - Date.parse(one.time));
  replace(place, entries.length
    ? el("ol", { class: "timeline" }, entries.map((one) => one.draw()))
    : el("p", { class: "empty" }, "No Pack resource follows this pack, so it has no conditions."));
}

// Conditions stand without them, too.
async function attempts(pack, signal) {
  try {
    const found = (await get(packPath(pack, "/attempts", { limit: 20 }), signal)).data;
    return found.map((one) => ({ time: one.ended_at, draw: () => attempt(one) }));
  } catch (error) {
    if (error.status === 404) return [];
    throw error;
  }
}

function condition(one) {
  return el("li", { class: "standing" },
    badge(one.status, { word: `${one.type} is ${one.status}` }), " ", el("strong", {}, one.reason), " ", one.message,
    el("small", {}, "since ", ago(one.lastTransitionTime)));
}

function attempt(one) {
  const good = one.reason === "Succeeded";
  const what = one.number ? `revision ${one.number}` : short(one.revision);
  return el("li", {},
    badge(good ? "True" : "False", { word: good ? "Applied" : "Failed" }), " ", el("strong", {}, one.reason), " ", one.message,
    one.hint ? el("em", {}, ` ${one.hint}`) : null,
    el("small", {}, `${what}, asked by ${one.asked_by}, ${one.duration_ms} ms, `, ago(one.ended_at)));
}
