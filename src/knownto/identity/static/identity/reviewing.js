// One key for each answer. Without it the buttons do the same: nothing depends on this.
(() => {
  "use strict";

  const typing = (at) => at instanceof HTMLElement && at.matches("input, textarea, select");
  const form = document.querySelector("form[data-reviewing]");
  const short = form && form.querySelector('[name="short"]');
  const words = form && form.querySelector('[name="words"]');
  let sent = false;

  const reasoned = () => Boolean((short && short.value) || (words && words.value.trim()));

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || typing(event.target)) return;
    const button = document.querySelector(`button[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!button) return;
    event.preventDefault();
    if ("needsReason" in button.dataset && !reasoned()) {
      short.focus(); // say why first, then press Escape and the key again
      return;
    }
    button.click();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && typing(event.target)) event.target.blur();
  });

  // A second press while the first is on its way must not answer the pair that comes next.
  document.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
})();
