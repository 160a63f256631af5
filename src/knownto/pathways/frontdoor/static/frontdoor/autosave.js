// Saves a page of a draft while it is typed. Without it, "Save and continue" saves: nothing depends on this.
(() => {
  "use strict";

  const form = document.querySelector("form[data-autosave]");
  const said = document.querySelector("[data-autosave-said]");
  if (!form || !said || !window.fetch) return;

  const WAIT = 3000;
  let timer = 0;
  let changed = false;
  let leaving = false;
  const going = new AbortController(); // what is on its way when the page itself is sent must not come after it

  const save = async () => {
    clearTimeout(timer);
    if (!changed || leaving) return;
    changed = false;
    try {
      const answer = await fetch(form.action || location.href, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Autosave": "1" },
        redirect: "manual", // a locked screen answers with a redirect: then nothing was saved
        keepalive: true,
        signal: going.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      said.textContent = `Saved at ${(await answer.json()).saved}`;
    } catch {
      changed = true;
      said.textContent = "Not saved yet. Choose “Save and continue”.";
    }
  };

  const note = () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  };

  form.addEventListener("input", note);
  form.addEventListener("change", save);
  form.addEventListener("submit", () => { leaving = true; going.abort(); });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
})();
