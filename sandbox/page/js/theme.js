/** Light or dark: as the system says until the person chooses; theme_first.js applies the choice of an earlier visit. */

const KEY = "rundown-sandbox-theme";

const isDark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};

/** What the switch does now, in words. */
export const themeWords = () => `Switch to ${isDark() ? "light" : "dark"}`;

/** Changes to the other one and remembers it. */
export function toggleTheme() {
  const root = document.documentElement;
  root.dataset.theme = isDark() ? "light" : "dark";
  localStorage.setItem(KEY, root.dataset.theme);
}
