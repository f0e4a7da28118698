// The applied revisions, what each changed, and the way back to one.

import { get, packPath } from "./api.js";
import { askRollback } from "./actions.js";
import { showDiff } from "./diff.js";
import { ago, el, isShown, replace, row, short, table } from "./dom.js";

const AT_ONCE = 20;

export async function showHistory(place, given) {
  const { pack, signal } = given;
  const rows = [];
  const more = async (before) => {
    const found = (await get(packPath(pack, "/revisions", { limit: AT_ONCE, before }), signal)).data;
    if (!before && isShown(place, [found, pack.may])) return;
    rows.push(...found.map((one, index) => line(one, given, !rows.length && !index)));
    const last = found.length === AT_ONCE && found.at(-1).number;
    replace(
      place,
      rows.length
        ? table("Revisions", ["Number", "Revision", "Commit", "Changed", "Applied", "Actions"], rows)
        : el("p", { class: "empty" }, "Nothing was applied yet."),
      last > 1 ? el("button", { type: "button", onclick: () => more(last).catch(given.fail) }, "Older ones") : null,
    );
  };
  await more("");
}

function line(one, given, isNewest) {
  const { pack, under } = given;
  const changed = ["created", "updated", "pruned", "skipped", "blocked"]
    .filter((name) => one[name]).map((name) => `${one[name]} ${name}`).join(", ");
  const diff = one.number > 1 && el("button", {
    type: "button", id: `diff-${one.number}`, onclick: () => showDiff(under, given, one.number),
    "aria-label": `What revision ${one.number} changed`,
  }, "Diff");
  const back = !isNewest && one.is_complete && pack.may.includes("update") && pack.name && el("button", {
    type: "button", id: `back-${one.number}`, onclick: () => askRollback(one.number, given),
    "aria-label": `Roll back to revision ${one.number}`,
  }, "Roll back");
  return row(
    String(one.number),
    [el("code", { title: one.revision }, short(one.revision)), el("small", {}, one.version)],
    one.details ? [one.details.subject || "(no subject)", el("small", {}, one.details.author)] : "",
    changed || "nothing",
    [ago(one.applied_at), el("small", {}, `asked by ${one.asked_by}`)],
    [diff || "", " ", back || ""],
  );
}
