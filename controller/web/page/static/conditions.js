// The conditions as they stand, and since when; below them what was tried and what came of it.

import { get, packPath } from "./api.js";
import { ago, badge, el, isShown, replace, short } from "./dom.js";

// Of these, True is what nobody wants to see.
const BAD = { Stalled: "False", Reconciling: "Unknown" };

export async function showConditions(place, { pack, signal }) {
  const found = await attempts(pack, signal);
  if (isShown(place, [pack.conditions, found])) return;
  const [standing, tried] = [pack.conditions.map(condition), found.map(attempt)];
  replace(
    place,
    standing.length
      ? el("ul", { class: "standing" }, standing)
      : el("p", { class: "empty" }, "No Pack resource follows this pack, so it has no conditions."),
    tried.length ? [el("h3", {}, "What was tried"), el("ol", { class: "timeline" }, tried)] : null,
  );
}

// Conditions stand without them, too.
async function attempts(pack, signal) {
  try {
    return (await get(packPath(pack, "/attempts", { limit: 20 }), signal)).data;
  } catch (error) {
    if (error.status === 404) return [];
    throw error;
  }
}

function condition(one) {
  const look = one.status === "True" ? (BAD[one.type] ?? "True") : one.status;
  return el("li", {},
    badge(look, { word: `${one.type} is ${one.status}` }), " ", el("strong", {}, one.reason), " ", one.message,
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
