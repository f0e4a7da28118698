// Asks for a token. It stays in this tab, and is gone when the tab is.

import { token } from "./api.js";
import { el, replace } from "./dom.js";

export function askToken(place, why, begin) {
  document.title = "Sign in · Attune";
  const field = el("input", {
    id: "token", type: "password", autocomplete: "off", required: true, spellcheck: "false",
    "aria-describedby": "where",
  });
  const enter = (event) => {
    event.preventDefault();
    token.set(field.value.trim());
    replace(place, el("p", {}, "Loading…"));
    begin();
  };
  const form = el(
    "form",
    { class: "signin", onsubmit: enter },
    el("h1", { tabindex: "-1" }, "Sign in"),
    why ? el("p", { class: "problem", role: "alert" }, why) : null,
    el("label", { for: "token" }, "Token"),
    field,
    el("p", { id: "where" }, "One of a service account, from ",
      el("code", {}, "kubectl create token NAME"), ", or one of the controller's file."),
    el("button", { type: "submit", class: "main" }, "Sign in"),
  );
  replace(place, form);
  field.focus();
}
