// The little that pages do better with JavaScript. Each works without it: the server locks idle sessions by itself,
// and every browser can print.
(() => {
  "use strict";

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  const { idleAfter, idleWarn, idleLock, idleStillHere } = document.body.dataset;
  const dialog = document.getElementById("idle-warning");
  if (!idleAfter || !dialog || !dialog.showModal) return;

  const LAST = "knownto-last-activity"; // a time, shared by all windows: work in one keeps the others open
  const after = Number(idleAfter) * 1000;
  const warn = Number(idleWarn) * 1000;
  let lastTold = Date.now();

  const lastActivity = () => {
    try { return Number(localStorage.getItem(LAST)) || loaded; } catch { return own; }
  };
  const loaded = Date.now();
  let own = loaded;

  const note = () => {
    own = Date.now();
    try { localStorage.setItem(LAST, String(own)); } catch { /* private window: this window alone counts */ }
    if (idleStillHere && own - lastTold > 60000) tell();
  };

  const tell = () => {
    lastTold = Date.now();
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    fetch(idleStillHere, { method: "POST", headers: token ? { "X-CSRFToken": token.value } : {} }).catch(() => {});
  };

  const left = (milliseconds) => {
    const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
    return seconds === 1 ? "1 second" : `${seconds} seconds`;
  };

  // Emptied first: with the network down, what was on the screen must go all the same.
  const lock = () => {
    clearInterval(watch);
    document.body.replaceChildren();
    location.assign(idleLock);
  };

  const look = () => {
    const remaining = lastActivity() + after - Date.now();
    if (remaining <= 0) return lock();
    if (remaining > warn) return dialog.open && dialog.close("elsewhere");
    dialog.querySelector("[data-idle-left]").textContent = left(remaining);
    if (dialog.open) return;
    dialog.returnValue = "";
    dialog.showModal();
  };

  note();
  // While the warning is open only its button counts, so that a nudged mouse does not keep a left screen open.
  for (const kind of ["keydown", "pointerdown", "scroll"]) {
    document.addEventListener(kind, () => dialog.open || note(), { passive: true, capture: true });
  }
  dialog.addEventListener("close", () => dialog.returnValue === "elsewhere" || note());
  const watch = setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
})();
