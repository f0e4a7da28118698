// The workflows of a pack; the graph of one is drawn by the controller when it is asked for.

import { get, packPath, send } from "./api.js";
import { ago, el, isShown, replace, row, table } from "./dom.js";

const AT_ONCE = 200;

export async function showWorkflows(place, given) {
  const rows = [];
  const more = async (page) => {
    const part = await get(packPath(given.pack, "/workflows", { page, page_size: AT_ONCE }), given.signal);
    if (page === 1 && isShown(place, part)) return;
    rows.push(...part.data.map((one) => line(one, given)));
    const left = page < part.pagination.total_pages;
    replace(
      place,
      rows.length
        ? table("Workflows", ["Workflow", "Version", "File", "Written", "Graph"], rows)
        : el("p", { class: "empty" }, "The database has none."),
      left ? el("button", { type: "button", onclick: () => more(page + 1).catch(given.fail) }, "More") : null,
    );
  };
  await more(1);
}

function line(one, given) {
  const draw = () => showGraph(one.ref, given);
  return row(
    [el("code", {}, one.ref), el("small", {}, one.label)],
    one.version,
    one.file ? el("code", {}, one.file) : "",
    ago(one.updated),
    el("button", { type: "button", id: `graph-${one.ref}`, onclick: draw, "aria-label": `Graph of ${one.ref}` }, "Show"),
  );
}

// In an <img>, where a picture runs no script and reads nothing.
async function showGraph(ref, { signal, fail, under: place }) {
  try {
    const answer = await send(`/workflows/${encodeURIComponent(ref)}?graph=svg`, { signal });
    const svg = await answer.text();
    const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    const image = el("img", { src: url, alt: described(svg) || `Graph of ${ref}` });
    const title = el("h3", { tabindex: "-1" }, `Graph of ${ref}`);
    image.addEventListener("load", () => URL.revokeObjectURL(url), { once: true });
    replace(place, title, el("div", { class: "wide graph", tabindex: "0", role: "group", "aria-label": `Graph of ${ref}` }, image));
    title.focus();
  } catch (error) {
    if (error.status === 401) fail(error);
    else replace(place, el("p", { class: "problem", role: "alert" }, error.message));
  }
}

const ENTITIES = { lt: "<", gt: ">", quot: '"', amp: "&" };

// The picture tells its transitions in words: those become its alternative text.
function described(svg) {
  const found = /<desc id="desc">([^<]*)<\/desc>/.exec(svg)?.[1] ?? "";
  return found.replace(/&(lt|gt|quot|amp);/g, (_, name) => ENTITIES[name]).trim();
}
