// One pack: its state, what can be done, and the parts below, each of which is asked for by itself.

import { get, packPath } from "./api.js";
import { showActions } from "./actions.js";
import { showConditions } from "./conditions.js";
import { showDiagnostics } from "./diagnostics.js";
import { ago, badge, el, isShown, replace, short } from "./dom.js";
import { showHistory } from "./history.js";
import { keyOf } from "./packs.js";
import { showWorkflows } from "./workflows.js";

const PARTS = [
  ["Conditions", showConditions],
  ["Problems in the files", showDiagnostics],
  ["Revisions", showHistory],
  ["Workflows", showWorkflows],
];

// Draws the pack into `place`; returns what takes news in.
export function showPack(place, wanted, signal, fail) {
  document.title = `${wanted.ref} · Attune`;
  const [top, actions] = [el("div"), el("div", { class: "actions" })];
  const parts = PARTS.map(([name]) => {
    const id = name.toLowerCase().replaceAll(" ", "-");
    const [inside, under] = [el("div", {}, el("p", {}, "Loading…")), el("div")];
    return { section: el("section", { "aria-labelledby": id }, el("h2", { id }, name), inside, under), inside, under };
  });
  replace(
    place,
    el("nav", { "aria-label": "Way back" }, el("a", { href: "/" }, "All packs")),
    el("h1", { tabindex: "-1" }, wanted.ref),
    top, actions, parts.map(({ section }) => section),
  );
  const draw = async () => {
    try {
      const pack = (await get(packPath(wanted), signal)).data;
      if (isShown(top, pack)) return;
      drawTop(top, pack);
      showActions(actions, pack, draw, fail);
      PARTS.forEach(([, show], index) => {
        const { inside, under } = parts[index];
        part(show, inside, { pack, signal, draw, fail, under });
      });
    } catch (error) {
      if (error.status === 404) replace(top, el("p", { class: "problem", role: "alert" }, error.message));
      else fail(error);
    }
  };
  draw();
  const isMine = (one) => !one || keyOf(one) === keyOf(wanted) || (!wanted.name && one.ref === wanted.ref);
  return (news) => news.some(isMine) && draw();
}

// Each draws into its own place, and what was opened there into the one `under` it, which stays.
// A part that cannot be had says so in its own place; the others stand.
async function part(show, place, given) {
  try {
    await show(place, given);
  } catch (error) {
    if (error.status === 401) given.fail(error);
    else if (error.name !== "AbortError" && !isShown(place, error.message)) replace(place, el("p", { class: "empty" }, error.message));
  }
}

function drawTop(place, pack) {
  const { commit, source } = pack;
  const facts = [
    ["Resource", pack.name ? `${pack.namespace}/${pack.name}` : "none"],
    ["Version", pack.version || "none"],
    ["Repository", pack.url || "none"],
    ["Follows", source?.ref],
    ["Revision", el("code", { title: pack.revision }, short(pack.revision))],
    ["Commit", commit && `${commit.subject || "(no subject)"}, by ${commit.author}`],
    ["Synced", ago(pack.synced_at)],
    ["Waits for an approval", pack.pending_revision && short(pack.pending_revision.revision)],
    ["Rollback", pack.rollback && `${pack.rollback.state}: revision ${pack.rollback.revision}`],
    ["Drift", pack.drift && `${pack.drift.totalCount ?? 0} rows found changed`],
  ];
  replace(
    place,
    el("p", { class: "state" }, badge(pack.ready, pack), " ", el("strong", {}, pack.reason), " ", pack.message),
    pack.description ? el("p", {}, pack.description) : null,
    el("dl", { class: "facts" }, facts.filter(([, value]) => value).map(([name, value]) =>
      el("div", {}, el("dt", {}, name), el("dd", {}, value)))),
  );
}
