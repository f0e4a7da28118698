// Makes elements. Texts become text nodes: nothing that is given here is ever read as HTML.

// `attributes` whose name begins with "on" are listeners; false and null leave one out.
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((one) => one !== null && one !== undefined));
  return made;
}

// Whoever is at a control with an id is still there afterwards, if it is.
export function replace(place, ...children) {
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  place.replaceChildren(...children.flat(Infinity).filter((one) => one !== null));
  if (focused) document.getElementById(focused)?.focus();
}

const shown = new WeakMap();

// Whether `place` shows the same `data` as when this was asked last: then it is left alone.
export function isShown(place, data) {
  const now = JSON.stringify(data);
  const before = shown.get(place);
  shown.set(place, now);
  return before === now;
}

// A table with a name for those who do not see it. A cell is a text or an element.
export function table(caption, heads, rows) {
  return el(
    "div",
    { class: "wide", tabindex: "0", role: "group", "aria-label": caption },
    el(
      "table",
      {},
      el("caption", { class: "unseen" }, caption),
      el("thead", {}, el("tr", {}, heads.map((one) => el("th", { scope: "col" }, one)))),
      el("tbody", {}, rows),
    ),
  );
}

export function row(first, ...cells) {
  return el("tr", {}, el("th", { scope: "row" }, first), cells.map((one) => el("td", {}, one)));
}

const often = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

// "3 hours ago", with the time itself for those who point at it.
export function ago(time) {
  if (!time) return "never";
  const date = new Date(time).toISOString();
  return el("time", { datetime: date, title: date }, since(date));
}

function since(date) {
  const seconds = (Date.parse(date) - Date.now()) / 1000;
  const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
  return often.format(Math.round(seconds / size), unit);
}

// Bring every "ago" of the page up to date.
export function age() {
  for (const one of document.querySelectorAll("time")) one.textContent = since(one.dateTime);
}

const STATES = { True: ["✓", "Ready"], False: ["✗", "Not ready"], Unknown: ["?", "Unknown"] };

// A state, told by colour, sign and word.
export function badge(ready, { suspended = false, word = null } = {}) {
  const [sign, name] = suspended ? ["Ⅱ", "Suspended"] : (STATES[ready] ?? STATES.Unknown);
  const kind = suspended ? "paused" : ready.toLowerCase();
  return el(
    "span",
    { class: `badge ${kind}` },
    el("span", { "aria-hidden": "true" }, `${sign} `),
    word ?? name,
  );
}

// A revision as people read it: `main@sha1:1f3a9c2d…` becomes `main@1f3a9c2d`.
export function short(revision) {
  return (revision || "").replace(/@(?:sha\d+:)?([0-9a-f]{8})[0-9a-f]+$/, "@$1") || "none";
}

export const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

const HEARD = 20_000;
let quiet = 0;

// Says it for a while, to those who see it and to those who hear it.
export function say(text) {
  const place = document.getElementById("said");
  place.textContent = text;
  clearTimeout(quiet);
  quiet = setTimeout(() => (place.textContent = ""), HEARD);
}
