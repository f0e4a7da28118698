// What a revision changed, by workflow and field: the answer of the API, as packctl diff tells it.

import { get, packPath } from "./api.js";
import { el, replace } from "./dom.js";

const MARKS = {
  create: ["+", "created"], update: ["~", "updated"], prune: ["−", "removed"],
  skipped: ["=", "left alone"], kept: ["=", "kept"],
};

export async function showDiff(place, { pack, signal, fail }, number) {
  try {
    const path = packPath(pack, "/diff", { from: String(number - 1), to: String(number) });
    const plan = (await get(path, signal)).data;
    const title = el("h3", { tabindex: "-1" }, `What revision ${number} changed`);
    const parts = [
      plan.row?.changes?.length ? entry("update", "the pack's own row", plan.row.changes) : null,
      (plan.workflows ?? []).map((one) => entry(one.change, one.ref, one.changes ?? [], one.why)),
    ].flat().filter(Boolean);
    replace(place, el("section", { class: "diff" }, title,
      parts.length ? parts : el("p", { class: "empty" }, "Nothing differs.")));
    title.focus();
  } catch (error) {
    if (error.status === 401) fail(error);
    else replace(place, el("p", { class: "problem", role: "alert" }, error.message));
  }
}

function entry(change, name, changes, why = "") {
  const [mark, word] = MARKS[change] ?? ["~", change];
  return el("div", { class: `entry ${change}` },
    el("h4", {}, el("span", { "aria-hidden": "true" }, `${mark} `), el("code", {}, name), ` ${word}`, why ? ` (${why})` : ""),
    changes.length ? el("ul", {}, changes.map(field)) : null);
}

function field(one) {
  return el("li", {}, el("code", {}, one.path), ` ${one.change}`,
    "before" in one && one.before !== null ? value("del", one.before) : null,
    "after" in one && one.after !== null ? value("ins", one.after) : null);
}

function value(kind, given) {
  return el(kind, {}, typeof given === "string" ? given : JSON.stringify(given, null, 2));
}
