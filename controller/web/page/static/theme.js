// Dark or light: the system's, unless somebody chose. The choice is all that is kept.

const KEY = "attune-theme";
const NEXT = { system: "dark", dark: "light", light: "system" };

export function startTheme(button) {
  const set = (theme) => {
    document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  };
  const now = () => {
    const kept = localStorage.getItem(KEY);
    return kept in NEXT ? kept : "system";
  };
  set(now());
  button.addEventListener("click", () => {
    localStorage.setItem(KEY, NEXT[now()]);
    set(now());
  });
}
