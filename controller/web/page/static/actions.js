// What the caller may do to a pack: sync, validate, suspend, roll back. The API decides; what it
// would refuse anyway is not offered.

import { packPath, post } from "./api.js";
import { el, replace, say } from "./dom.js";

export function showActions(place, pack, draw, fail) {
  const button = (name, busy, path, body) => {
    const made = el("button", {
      type: "button", id: path.replaceAll("/", "-"), class: name === "Sync now" ? "main" : null,
      onclick: () => run(made, busy, () => post(packPath(pack, path), body), draw, fail),
    }, name);
    return made;
  };
  const validate = button("Validate", "Validating…", "/workflows/validate");
  if (!pack.may.includes("update")) {
    return void replace(place, validate, el("span", {}, "You may look at this pack, but not change it."));
  }
  replace(
    place,
    button("Sync now", "Syncing…", "/workflows/sync"),
    validate,
    pack.name ? suspension(pack, button) : null,
    pack.rollback?.state === "Active" && pack.name
      ? button("Follow Git again", "Asking…", "/rollback", { revision: null }) : null,
  );
}

function suspension(pack, button) {
  return pack.suspended
    ? button("Resume", "Resuming…", "/suspend", { suspend: false })
    : button("Suspend", "Suspending…", "/suspend", { suspend: true });
}

async function run(button, busy, ask, draw, fail) {
  const name = button.textContent;
  button.disabled = true;
  button.textContent = busy;
  say(busy);
  try {
    const answer = await ask();
    say([answer.message, ...problems(answer.data?.errors)].join(" "));
  } catch (error) {
    if (error.status === 401) return void fail(error);
    say([error.message, ...error.details ?? []].join(" "));
  } finally {
    button.disabled = false;
    button.textContent = name;
  }
  draw();
}

// Of a sync they are a list, of a validation lists by workflow.
function problems(errors) {
  const told = Array.isArray(errors) ? errors : Object.values(errors ?? {}).flat();
  return told.slice(0, 5);
}

const HOLDS = [
  ["NextCommit", "until the next commit"],
  ["Removed", "until it is taken back"],
];

// Asks before a revision is put in place of Git's.
export function askRollback(number, { pack, draw, fail }) {
  const until = el("select", { id: "until" }, HOLDS.map(([value, name]) => el("option", { value }, name)));
  const go = el("button", { type: "button", class: "main" }, "Roll back");
  const dialog = el(
    "dialog",
    { "aria-labelledby": "asked", onclose: () => dialog.remove() },
    el("h2", { id: "asked" }, `Roll ${pack.ref} back to revision ${number}?`),
    el("p", {}, "The database gets the workflows of that revision. Git is left as it is."),
    el("label", { for: "until" }, "It holds "), until,
    el("p", { class: "actions" },
      el("button", { type: "button", onclick: () => dialog.close() }, "Leave it"), go),
  );
  go.addEventListener("click", async () => {
    await run(go, "Rolling back…", () =>
      post(packPath(pack, "/rollback"), { revision: number, until: until.value }), draw, fail);
    dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
}
