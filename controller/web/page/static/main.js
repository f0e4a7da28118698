// The page: who is signed in, what the address asks for, and the news.

import { get, token } from "./api.js";
import { age, el, replace, say } from "./dom.js";
import { showList } from "./list.js";
import { listen } from "./live.js";
import { showPack } from "./pack.js";
import { all, drop, forget, load, take } from "./packs.js";
import { askToken } from "./signin.js";
import { startTheme } from "./theme.js";

const content = document.getElementById("content");
const live = document.getElementById("live");
const user = document.getElementById("user");
const leave = document.getElementById("leave");
const REDRAW = 300;
const SETTLE = 1000;
const AGE = 10_000;

let session = null; // ends with AbortController when somebody signs out
let view = null; // ends when another is shown
let redraw = () => {};
let opened = () => {}; // what is to be done when the stream opens
let timer = 0;
let left = 0;
const waiting = [];

function show(isMove = false) {
  view?.abort();
  view = new AbortController();
  const given = new URLSearchParams(location.search);
  const pack = { ref: given.get("pack"), namespace: given.get("namespace"), name: given.get("name") };
  redraw = pack.ref ? showPack(content, pack, view.signal, fail) : showList(content);
  if (isMove) content.querySelector("h1")?.focus();
}

// Many changes at once are drawn once.
function soon(change) {
  waiting.push(change);
  timer ||= setTimeout(() => {
    timer = 0;
    redraw(waiting.splice(0));
  }, REDRAW);
}

function hear(event, data) {
  if (event === "ready") return void opened();
  if (event === "end") return;
  if (event === "pack") take(data);
  else if (event === "gone") {
    drop(data);
    clearTimeout(left); // what it left in the database has no news of its own
    left = setTimeout(reload, SETTLE);
  }
  soon(data);
}

async function reload() {
  try {
    await load(session.signal);
    soon(null);
  } catch (error) {
    fail(error);
  }
}

function tell(isLive) {
  if (isLive) content.querySelector(":scope > .problem")?.remove();
  else if (!all().length) opened();
  live.textContent = isLive ? "live" : "reconnecting…";
  live.dataset.live = String(isLive);
}

// Shows what went wrong; a token that is not known any more ends the session.
function fail(error) {
  if (error.name === "AbortError") return;
  if (error.status === 401) return void end(error.message);
  say(error.message);
  const problem = el("p", { class: "problem", role: "alert" }, error.message);
  content.querySelector(".problem")?.remove();
  content.prepend(problem);
}

async function begin() {
  session = new AbortController();
  const { signal } = session;
  try {
    const me = await get("/me", signal);
    user.textContent = me.data.user;
    // What is listed after the stream has opened misses nothing that it tells; without it, too.
    const isOpen = new Promise((resolve) => (opened = resolve));
    listen({ hear, tell, refuse: fail, signal });
    await isOpen;
    await load(signal);
    opened = reload;
    show();
    leave.hidden = false;
  } catch (error) {
    if (error.status === 401) end(error.message);
    else offerAgain(error);
  }
}

// The token may be good: what is away comes back.
function offerAgain(error) {
  session.abort();
  if (error.name === "AbortError") return;
  const again = el("button", { type: "button", class: "main", onclick: begin }, "Try again");
  replace(content, el("p", { class: "problem", role: "alert" }, error.message), again);
  again.focus();
}

function end(why = "") {
  session?.abort();
  view?.abort();
  clearTimeout(left);
  token.forget();
  forget();
  redraw = () => {};
  user.textContent = live.textContent = "";
  leave.hidden = true;
  askToken(content, why, begin);
}

function follow(event) {
  const link = event.target.closest("a[href]");
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || !session || session.signal.aborted) return;
  const to = new URL(link.href);
  if (to.origin !== location.origin || to.pathname !== "/" || to.hash) return;
  event.preventDefault();
  history.pushState(null, "", to);
  show(true);
  scrollTo(0, 0);
}

startTheme(document.getElementById("theme"));
leave.addEventListener("click", () => end());
document.addEventListener("click", follow);
addEventListener("popstate", () => session && !session.signal.aborted && show(true));
setInterval(age, AGE);
replace(content, el("p", {}, "Loading…"));
if (token.get()) begin();
else end();
