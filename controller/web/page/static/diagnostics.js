// What validation found, by file; the line itself stands beside it where the API has it.

import { get, packPath } from "./api.js";
import { el, isShown, plural, replace } from "./dom.js";

export async function showDiagnostics(place, { pack, signal }) {
  const found = await all(pack, signal);
  if (isShown(place, found ?? null)) return;
  if (!found?.diagnostics?.length) {
    return void replace(place, el("p", { class: "empty" }, "None."));
  }
  const files = Map.groupBy(found.diagnostics, (one) => one.file);
  replace(
    place,
    el("p", {}, `${plural(found.error, "error")}, ${plural(found.warning, "warning")}.`,
      found.truncated ? " Not all are shown: packctl validate tells the rest." : ""),
    [...files].map(([file, inside]) => el("section", { class: "file" },
      el("h3", {}, el("code", {}, file)), el("ul", {}, inside.map(line)))),
  );
}

// The status has the first of them, for controllers whose API has no list of all.
async function all(pack, signal) {
  const count = (told) => told && {
    error: told.error_count ?? told.errorCount ?? 0,
    warning: told.warning_count ?? told.warningCount ?? 0,
    truncated: told.truncated,
    diagnostics: told.diagnostics,
  };
  try {
    return count((await get(packPath(pack, "/diagnostics", { around: 2 }), signal)).data);
  } catch (error) {
    if (error.status === 404) return count(pack.validation);
    throw error;
  }
}

function line(one) {
  return el("li", { class: one.severity.toLowerCase() },
    el("code", { class: "place" }, `${one.line}:${one.column}`), " ",
    el("strong", {}, one.severity), " ", one.message, " ", el("code", {}, one.code),
    one.hint ? el("p", { class: "hint" }, one.hint) : null,
    one.source ? source(one) : null);
}

// The lines around, with the one that is meant marked.
function source(one) {
  const first = one.sourceLine;
  return el("pre", { class: "source", tabindex: "0", role: "group", "aria-label": `Line ${one.line} of ${one.file}` },
    one.source.split("\n").map((text, index) =>
      el("code", { class: first + index === one.line ? "meant" : null }, `${String(first + index).padStart(5)}  ${text}\n`)));
}
