// The little that pages do better with JavaScript. Each works without it: the server locks idle sessions by itself,
// and every browser can print.
(() => {
  "use strict";

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // A page that the browser kept for its back button is asked for again: it may be somebody else's turn.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());

  // Somebody who is open for a while: how long is left, and an emptied page when the time is up. The server shuts by itself.
  const minutes = (until) => Math.max(0, Math.ceil((new Date(until) - Date.now()) / 60000));
  const shut = () => {
    for (const time of document.querySelectorAll("[data-left]")) {
      const left = minutes(time.dateTime);
      time.parentElement.querySelector("[data-left-said]").textContent = ` (${left} ${left === 1 ? "minute" : "minutes"} left)`;
    }
    const open = document.querySelector("[data-shut-at]");
    if (!open || new Date(open.dataset.shutAt) > new Date()) return;
    open.textContent = "The time is up, and this is shut.";
  };
  if (document.querySelector("[data-left], [data-shut-at]")) {
    shut();
    setInterval(shut, 5000);
    document.addEventListener("visibilitychange", shut);
  }

  const { idleAfter, idleWarn, idleLock, idleStillHere, idleKeep } = document.body.dataset;
  const dialog = document.getElementById("idle-warning");
  if (!idleAfter || !dialog || !dialog.showModal) return;

  // Work in one window keeps the others open. Nothing is stored for it: windows tell each other.
  const others = window.BroadcastChannel && new BroadcastChannel("knownto-activity");
  const after = Number(idleAfter) * 1000;
  const warn = Number(idleWarn) * 1000;
  let lastTold = Date.now();

  let last = Date.now();
  let own = last;
  if (others) others.onmessage = ({ data }) => { last = Math.max(last, Math.min(Number(data) || 0, Date.now())); };

  const note = () => {
    own = last = Date.now();
    if (others) others.postMessage(own);
    if (idleStillHere && own - lastTold > 60000) tell();
  };

  const tell = () => {
    lastTold = Date.now();
    fetch(idleStillHere, { method: "POST", headers: { "X-CSRFToken": token() } }).catch(() => {});
  };

  const left = (milliseconds) => {
    const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
    return seconds === 1 ? "1 second" : `${seconds} seconds`;
  };

  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
  const forms = () => [...document.querySelectorAll("main form[method=post i]")];
  const kept = (control) => control.name && !["hidden", "password", "file", "submit", "button"].includes(control.type);
  const filled = (control) => (["checkbox", "radio"].includes(control.type) ? control.checked : control.value !== "");
  const changed = (form) => form.dataset.touched === "yes";

  // What is half written: [which form, its question, the answer], without passwords and files.
  const written = () => forms().flatMap((form, at) => (changed(form) ? [...form.elements] : [])
    .filter((control) => kept(control) && filled(control)).map((control) => [at, control.name, control.value]));

  document.addEventListener("input", ({ target }) => { if (target.form) target.form.dataset.touched = "yes"; });

  const keep = async () => {
    const fields = written();
    if (!idleKeep || !fields.length) return;
    const body = new URLSearchParams({ path: location.pathname, fields: JSON.stringify(fields) });
    const patience = new Promise((done) => setTimeout(done, 2000));
    const sent = fetch(idleKeep, { method: "POST", body, headers: { "X-CSRFToken": token() }, keepalive: true });
    await Promise.race([sent.catch(() => {}), patience]);
  };

  // Emptied first: with the network down, what was on the screen must go all the same.
  const lock = async () => {
    clearInterval(watch);
    const keeping = keep();
    document.body.replaceChildren();
    document.title = "";
    await keeping;
    location.assign(idleLock);
  };

  const putBack = () => {
    const held = JSON.parse(document.getElementById("kept-form")?.textContent || "[]");
    const there = forms();
    for (const form of new Set(held.map(([at]) => there[at]).filter(Boolean))) {
      form.dataset.touched = "yes";
      const said = held.filter(([at]) => there[at] === form);
      for (const control of [...form.elements].filter(kept)) {
        const values = said.filter(([, name]) => name === control.name).map(([, , value]) => value);
        if (["checkbox", "radio"].includes(control.type)) control.checked = values.includes(control.value);
        else if (values.length) control.value = values[0];
      }
    }
    if (held.length) window.dispatchEvent(new Event("pageshow")); // questions that an answer reveals are shown again
  };

  const look = () => {
    const remaining = last + after - Date.now();
    if (remaining <= 0) return lock();
    if (remaining > warn) return dialog.open && dialog.close("elsewhere");
    dialog.querySelector("[data-idle-left]").textContent = left(remaining);
    if (dialog.open) return;
    dialog.returnValue = "";
    dialog.showModal();
  };

  note();
  putBack();
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || new URL(link.href).pathname !== new URL(idleLock, location.href).pathname) return;
    event.preventDefault();
    lock();
  });
  // Somebody looks over a shoulder: Shift three times, as in the GOV.UK Design System's "Exit this page". It can be pressed
  // while writing, and neither a browser nor a screen reader wants it for itself.
  let shifts = [];
  document.addEventListener("keyup", ({ key }) => {
    shifts = key === "Shift" ? [...shifts, Date.now()].slice(-3) : [];
    if (shifts.length === 3 && Date.now() - shifts[0] < 5000) lock();
  });

  // While the warning is open only its button counts, so that a nudged mouse does not keep a left screen open.
  for (const kind of ["keydown", "pointerdown", "scroll"]) {
    document.addEventListener(kind, () => dialog.open || note(), { passive: true, capture: true });
  }
  dialog.addEventListener("close", () => dialog.returnValue === "elsewhere" || note());
  const watch = setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
})();
