// The list: all packs with their state, narrowed down by what the address says.

import { query } from "./api.js";
import { ago, badge, el, plural, replace, row, short, table } from "./dom.js";
import { addressOf, all, choose, keyOf, PAGE, wanted } from "./packs.js";

const STATES = [
  ["", "All"], ["false", "Not ready"], ["unknown", "Unknown"],
  ["suspended", "Suspended"], ["true", "Ready"],
];

// Draws the list into `place`; returns what draws its rows again after news.
export function showList(place) {
  document.title = "Packs · Attune";
  const [glance, rows] = [el("div", { class: "glance" }), el("div")];
  const change = (more) => {
    history.replaceState(null, "", addressOf({ ...wanted(location.search), page: 1, ...more }));
    draw();
  };
  const [form, update] = filters(change);
  function draw() {
    const want = wanted(location.search);
    const found = all();
    const { counts, total, chosen } = choose(found, want);
    update(want, found);
    drawGlance(glance, want, { ...counts, "": total }, change);
    drawRows(rows, want, chosen, change);
  }
  replace(place, el("h1", { tabindex: "-1" }, "Packs"), form, glance, rows);
  draw();
  return draw;
}

function filters(change) {
  const text = el("input", {
    id: "q", type: "search", placeholder: "ref, label, URL, message", autocomplete: "off",
    oninput: () => change({ q: text.value }),
  });
  const namespace = el("select", {
    id: "namespace", onchange: () => change({ namespace: namespace.value }),
  });
  const form = el(
    "form",
    { class: "filters", role: "search", onsubmit: (event) => event.preventDefault() },
    el("label", { for: "q" }, "Search"), text,
    el("label", { for: "namespace" }, "Namespace"), namespace,
  );
  let known = null;
  const update = (want, found) => {
    if (document.activeElement !== text) text.value = want.q;
    const names = [...new Set(found.map((one) => one.namespace).filter(Boolean))].sort();
    if (names.join() !== known) {
      known = names.join();
      replace(namespace, el("option", { value: "" }, "all"),
        names.map((one) => el("option", { value: one }, one)));
    }
    namespace.value = want.namespace;
  };
  return [form, update];
}

function drawGlance(place, want, counts, change) {
  if (!place.firstChild) {
    replace(place, STATES.map(([state, name]) =>
      el("button", { type: "button", class: `count ${state}`, onclick: () => change({ state }) },
        el("strong", {}), ` ${name}`)));
  }
  STATES.forEach(([state], index) => {
    const button = place.children[index];
    button.setAttribute("aria-pressed", String(want.state === state));
    button.firstChild.textContent = counts[state].toLocaleString("en");
  });
}

function drawRows(place, want, chosen, change) {
  const pages = Math.max(1, Math.ceil(chosen.length / PAGE));
  const page = Math.min(want.page, pages);
  const shown = chosen.slice((page - 1) * PAGE, page * PAGE);
  if (!shown.length) {
    replace(place, el("p", { class: "empty" }, all().length
      ? "No pack fits. Take a filter away."
      : "There is no pack that you may see. Apply a Pack resource, or ask for permission to get it."));
    return;
  }
  const heads = ["Pack", "State", "Why", "Revision", "Workflows", "Synced"];
  replace(place, table("Packs", heads, shown.map(line)), pager(page, pages, change));
}

function line(pack) {
  const place = pack.name ? `${pack.namespace}/${pack.name}` : "no Pack resource";
  const which = { pack: pack.ref, namespace: pack.namespace, name: pack.name };
  const link = el("a", { href: `/${query(which)}`, id: `pack-${keyOf(pack)}` }, pack.ref);
  const errors = pack.invalid_count ? el("span", { class: "bad" }, ` ${plural(pack.invalid_count, "error")}`) : null;
  return row(
    [link, el("small", {}, [pack.label, place].filter(Boolean).join(" · "))],
    badge(pack.ready, pack),
    [el("span", {}, pack.reason), el("small", { class: "message" }, pack.message)],
    [el("code", {}, short(pack.revision)), el("small", {}, pack.version)],
    [String(pack.workflow_count), errors],
    ago(pack.synced_at),
  );
}

function pager(page, pages, change) {
  if (pages === 1) return null;
  const to = (target, name) =>
    el("button", {
      type: "button", id: name.toLowerCase(), disabled: target < 1 || target > pages, onclick: () => change({ page: target }),
    }, name);
  return el("nav", { class: "pager", "aria-label": "Pages" },
    to(page - 1, "Previous"), el("span", { role: "status" }, `Page ${page} of ${pages}`), to(page + 1, "Next"));
}
