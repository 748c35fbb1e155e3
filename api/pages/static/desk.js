// Keys, the lit evidence, autosave and reading time. Every page works without this file.
"use strict";
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const typing = (node) => node.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

  // j and k walk the rows of a list or the sentences of a brief.
  let current = null;
  const stops = () => all("[data-row], [data-sentence]");
  const target = (stop) => (stop.matches("[data-row]") ? one("a.name", stop) : stop);
  function walk(step) {
    const list = stops();
    if (!list.length) return;
    const held = list.indexOf(current) >= 0 ? list.indexOf(current) : list.findIndex((stop) => stop.contains(document.activeElement));
    const next = list[Math.min(Math.max(held + step, 0), list.length - 1)];
    if (current) current.classList.remove("here");
    current = next;
    if (next.matches("[data-sentence]")) next.classList.add("here");
    const node = target(next);
    if (node === next) node.tabIndex = -1;
    node.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
  function press(key) {
    const wanted = `[data-key="${CSS.escape(key)}"]`;
    const within = current && document.contains(current) ? one(wanted, current) : null;
    const node = within || one(wanted);
    if (!node) return false;
    if (node.matches("input")) { node.focus(); node.select(); return true; }
    // A decision is brought under the fingers and left to Enter: a key held too long decides nothing.
    if (!node.matches("[data-hold]")) { node.click(); return true; }
    const closed = node.closest("details");
    if (closed) closed.open = true;
    node.focus();
    return true;
  }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat && !"jk".includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (typing(event.target)) return;
    if (event.key === "?") {
      const keys = one("#keys");
      if (keys) { keys.open = !keys.open; keys.scrollIntoView({ block: "nearest" }); event.preventDefault(); }
      return;
    }
    if (event.key === "j" || event.key === "k") { walk(event.key === "j" ? 1 : -1); event.preventDefault(); return; }
    if (event.key === "Enter" && current && current.matches("[data-sentence]") && document.activeElement === current) {
      const link = one(".marks a", current);
      if (link) { link.click(); event.preventDefault(); }
      return;
    }
    if (/^[a-z/]$/.test(event.key) && press(event.key)) event.preventDefault();
  });

  // Evidence named in the address is lit wherever it stands, and counted as opened.
  const opened = new Set();
  function light() {
    const id = decodeURIComponent(location.hash.slice(1));
    all("mark.lit").forEach((node) => node.classList.remove("lit"));
    const number = /^e-(\d+)$/.exec(id);
    if (number) {
      opened.add(number[1]);
      all(`mark[data-ev~="${number[1]}"]`).forEach((node) => node.classList.add("lit"));
    }
    const node = id && document.getElementById(id);
    const closed = node && (node.matches("details") ? node : node.closest("details"));
    if (closed) closed.open = true;
    if (closed && node) node.scrollIntoView({ block: "nearest" });
  }
  // What leads to another page (signing in again, work that is done) is gone to, not put into this one.
  document.addEventListener("htmx:before:response", (event) => {
    const answer = event.detail.ctx.response.raw;
    if (answer.redirected && new URL(answer.url).pathname !== location.pathname) {
      event.preventDefault();
      location.assign(answer.url);
    }
  });
  addEventListener("hashchange", light);
  document.addEventListener("htmx:after:swap", light);
  light();

  // A click on a sentence follows its first piece of evidence.
  document.addEventListener("click", (event) => {
    const say = event.target.closest("[data-sentence] .say");
    if (!say || event.target.closest("a, button, input, textarea, label") || String(getSelection())) return;
    const link = one(".marks a", say);
    if (link) link.click();
  });

  // A changed sentence is saved as one leaves it.
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-autosave]") && event.target.dataset.began === undefined) event.target.dataset.began = event.target.defaultValue;
  });
  document.addEventListener("focusout", (event) => {
    const box = event.target;
    if (!box.matches("[data-autosave]") || box.value.trim() === box.defaultValue.trim() || !box.value.trim()) return;
    if (box.form.contains(event.relatedTarget)) return;
    box.form.requestSubmit();
  });

  // A filter applies as it is chosen.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    if (form) form.requestSubmit();
  });

  // How long a version was before somebody's eyes, and whether the evidence was opened.
  const body = document.body;
  if (body.dataset.look) {
    let since = document.hidden ? null : performance.now();
    let seconds = 0;
    const stop = () => { if (since !== null) { seconds += (performance.now() - since) / 1000; since = null; } };
    let version = body.dataset.version;
    const shown = () => one("main [name=version_hash]")?.value || body.dataset.version;
    const send = () => {
      stop();
      if (seconds < 1) return;
      const form = new FormData();
      form.set("csrf", body.dataset.csrf);
      form.set("version_hash", version);
      form.set("seconds", seconds.toFixed(1));
      form.set("evidence_opened", String(opened.size));
      navigator.sendBeacon(body.dataset.look, form);
      seconds = 0;
      opened.clear();
    };
    document.addEventListener("visibilitychange", () => { if (document.hidden) send(); else since = performance.now(); });
    addEventListener("pagehide", send);
    // A sentence saved without leaving the page is a version of its own, read from then on.
    document.addEventListener("htmx:after:swap", () => {
      if (shown() === version) return;
      send();
      version = shown();
      since = document.hidden ? null : performance.now();
    });
  }
})();
