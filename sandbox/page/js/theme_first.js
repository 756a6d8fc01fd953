/** Runs before the page is drawn, so that a theme chosen earlier does not blink: a plain script, not a module. */
(() => {
  const kept = localStorage.getItem("rundown-sandbox-theme");
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
})();
