// The review queue without waiting: a report opens in place, j and k go through the list, A
// accepts, R opens the return. Without this script every link and button does the same by itself.
(function () {
  "use strict";

  const list = document.querySelector(".turns");
  const panel = document.getElementById("bao-cao");
  const layout = document.querySelector(".reviewing");
  if (!list || !panel || !layout) return;

  const KEYS = "khung.judging.keys";
  const links = Array.from(list.querySelectorAll("a[data-turn]"));
  let asking = null;

  function current() {
    return links.findIndex((link) => link.getAttribute("aria-current") === "true");
  }

  function keysAreOn() {
    try {
      return window.localStorage.getItem(KEYS) !== "off";
    } catch {
      return true;
    }
  }

  function showKeys() {
    for (const keys of document.querySelectorAll(".keys")) {
      keys.hidden = false;
      keys.querySelector("[data-keys]").checked = keysAreOn();
    }
  }

  async function open(link, andRemember) {
    if (asking) asking.abort();
    asking = new AbortController();
    panel.classList.add("loading");
    try {
      const answer = await fetch(link.href, {
        headers: { "X-Part": "report" },
        redirect: "error",
        signal: asking.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      panel.innerHTML = await answer.text();
    } catch (fault) {
      if (fault.name !== "AbortError") window.location.href = link.href;
      return;
    }
    panel.classList.remove("loading");
    for (const other of links) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    layout.classList.add("has-report");
    if (andRemember) window.history.pushState({}, "", link.href);
    keepInSight(link);
    showKeys();
    panel.focus({ preventScroll: true });
    if (panel.getBoundingClientRect().top < 0 || window.innerWidth < 768) {
      panel.scrollIntoView({ block: "start" });
    }
  }

  function keepInSight(link) {
    const box = list.closest(".list");
    if (box.scrollHeight <= box.clientHeight) return;
    const many = box.querySelector(".many");
    const low = box.getBoundingClientRect().bottom - (many ? many.offsetHeight : 0);
    const at = link.getBoundingClientRect();
    if (at.bottom > low) box.scrollTop += at.bottom - low;
    const high = box.getBoundingClientRect().top;
    if (at.top < high) box.scrollTop -= high - at.top;
  }

  function go(step) {
    const next = links[Math.min(Math.max(current() + step, 0), links.length - 1)];
    if (next) open(next, true);
  }

  function startReturn() {
    const details = panel.querySelector("[data-return]");
    if (!details) return;
    details.open = true;
    const first = details.querySelector("input[type=checkbox], textarea");
    if (first) first.focus();
    details.scrollIntoView({ block: "nearest" });
  }

  function countTicked() {
    const n = list.querySelectorAll("input[name=turn]:checked").length;
    for (const button of document.querySelectorAll("#chosen [data-many]")) {
      button.dataset.words = button.dataset.words || button.textContent;
      button.textContent = n ? `${button.dataset.words} (${n})` : button.dataset.words;
    }
  }

  list.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-turn]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(link, true);
  });
  list.addEventListener("change", countTicked);

  window.addEventListener("popstate", () => window.location.reload());

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-keys]")) return;
    try {
      window.localStorage.setItem(KEYS, event.target.checked ? "on" : "off");
    } catch {
      // A browser that keeps nothing keeps the keys on.
    }
    showKeys();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keysAreOn()) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    const key = event.key.toLowerCase();
    if (key === "j") go(1);
    else if (key === "k") go(-1);
    else if (key === "a") {
      const form = panel.querySelector("form[data-accept]");
      if (form && !event.repeat) form.requestSubmit();
    } else if (key === "r") {
      event.preventDefault();
      startReturn();
    }
  });

  // The same report twice through one impatient key is one too many.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-accept]")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });

  showKeys();
  countTicked();
  const opened = links[current()];
  if (opened) keepInSight(opened);
})();
