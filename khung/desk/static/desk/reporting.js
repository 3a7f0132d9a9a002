/* The sheet: lines open in place, drafts save themselves, and typed words are never lost. */
"use strict";
(() => {
  const words = document.getElementById("sheet-words")?.dataset;
  const sheet = document.querySelector(".sheet");
  if (!words || !sheet) return;

  const PAUSE = 1200; // after the last key, before a save
  const RETRIES = [3000, 10000, 30000];
  const editors = new Map(); // by the assignment's number
  const lineAddress = (pk) => words.line.replace("/0/", `/${pk}/`);
  const moment = (iso) => {
    const at = new Date(iso);
    const two = (n) => String(n).padStart(2, "0");
    return `${two(at.getHours())}:${two(at.getMinutes())} ${two(at.getDate())}/${two(at.getMonth() + 1)}`;
  };
  const element = (tag, text, className) => {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  /* What this machine keeps until the server has it, apart for each person. */
  const keeper = (pk) => {
    const key = `khung:report:${words.person}:${pk}`;
    return {
      read() {
        try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
      },
      write(fields) {
        try { localStorage.setItem(key, JSON.stringify({ at: new Date().toISOString(), fields })); } catch { /* full or forbidden: the page itself still holds it */ }
      },
      drop() {
        try { localStorage.removeItem(key); } catch { /* forbidden */ }
      },
    };
  };

  /* Fields that hold words or choices, also those outside the form that name it. */
  const inputs = (form) => [...form.elements].filter((field) => field.name && !["hidden", "submit", "file"].includes(field.type) && field.type !== undefined && field.tagName !== "BUTTON" && field.tagName !== "FIELDSET");
  const read = (form) => {
    const fields = {};
    for (const field of inputs(form)) {
      if (field.type === "radio") { if (field.checked) fields[field.name] = field.value; }
      else if (field.type === "checkbox") fields[`${field.name}=${field.value}`] = field.checked;
      else fields[field.name] = field.value;
    }
    return fields;
  };
  const fill = (form, fields) => {
    for (const field of inputs(form)) {
      if (field.type === "radio") field.checked = fields[field.name] === field.value;
      else if (field.type === "checkbox") field.checked = Boolean(fields[`${field.name}=${field.value}`]);
      else if (field.name in fields) field.value = fields[field.name];
    }
  };
  const same = (one, other) => {
    const names = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...names].every((name) => (one[name] ?? "") === (other[name] ?? ""));
  };
  const labelOf = (form, name) => {
    if (name.includes("=")) {
      const [field, value] = name.split("=");
      const box = inputs(form).find((one) => one.name === field && one.value === value);
      return box?.closest("label")?.textContent.trim().split("\n")[0] ?? field;
    }
    const field = inputs(form).find((one) => one.name === name);
    return (field?.closest("fieldset")?.querySelector("legend") ?? form.querySelector(`label[for="${field?.id}"]`))?.textContent ?? name;
  };

  /* One banner for the whole page while nobody is signed in. */
  const banner = {
    show(first, way) {
      if (document.querySelector(".signed-out")) return;
      const made = element("div", first, "notice warning signed-out");
      made.setAttribute("role", "alert");
      if (way) {
        const link = element("a", words.signedOutWay);
        link.href = words.signIn;
        link.target = "_blank";
        made.append(" ", link, ` ${words.signedOutThen}`);
      }
      sheet.before(made);
    },
    hide() { document.querySelector(".signed-out")?.remove(); },
  };

  /* After signing in again the forms' tokens are old: a fresh one comes with any line. */
  const freshToken = async (pk) => {
    const answer = await fetch(lineAddress(pk), { headers: { "X-Sheet": "1" } });
    if (answer.redirected || !answer.ok) return answer.redirected ? "signed out" : "";
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const form = page.querySelector("form[data-report]");
    if (!form || form.dataset.person !== words.person) return "";
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    return "fresh";
  };

  class Editor {
    constructor(form) {
      this.form = form;
      this.pk = form.dataset.report;
      this.kept = keeper(this.pk);
      // Shown again because it was refused: what it holds is on no server yet.
      const isRefused = "unsaved" in form.dataset;
      this.saved = isRefused ? {} : read(form);
      this.tries = 0;
      this.isPaused = Boolean(form.closest(".slot, .alone").querySelector(".clash"));
      if (isRefused) this.kept.write(read(form));
      else this.offerKept();
      const changed = () => this.changed();
      for (const field of inputs(form)) {
        field.addEventListener("input", changed);
        field.addEventListener("change", changed);
      }
      // New evidence brings its list anew: the ticks that stood in it move over as they are.
      this.ticks = new Map(inputs(form).filter((one) => one.name === "methods_done").map((one) => [one.value, one.closest(".method-tick")]));
      form.closest(".work").addEventListener("khung:evidence", (event) => {
        for (const place of event.target.querySelectorAll("[data-method]")) {
          const tick = this.ticks.get(place.dataset.method);
          if (tick && !tick.isConnected) place.querySelector(".for").replaceWith(tick);
        }
        this.save(true);
      });
      form.addEventListener("submit", () => { clearTimeout(this.timer); this.isLeaving = true; });
    }

    get isDirty() { return !same(read(this.form), this.saved); }
    say(text, kind) {
      const state = document.querySelector(`[data-save-state="${this.pk}"]`);
      if (state) { state.textContent = text; state.dataset.kind = kind; }
    }

    changed() {
      if (!this.isDirty) return;
      this.kept.write(read(this.form));
      this.say(words.typing, "typing");
      clearTimeout(this.timer);
      if (!this.isPaused) this.timer = setTimeout(() => this.save(), PAUSE);
    }

    /* Words of an earlier visit that never reached the server are shown beside what it has. */
    offerKept() {
      const kept = this.kept.read();
      if (!kept) return;
      if (same(kept.fields, this.saved)) { this.kept.drop(); return; }
      const box = element("div", "", "notice warning kept");
      box.append(element("p", words.kept.replace("{at}", moment(kept.at))));
      const table = element("table");
      const head = element("tr");
      head.append(element("td"), element("th", words.here), element("th", words.there));
      table.append(head);
      for (const [name, value] of Object.entries(kept.fields)) {
        const other = this.saved[name] ?? "";
        if (value === other) continue;
        const row = element("tr");
        const said = (one) => (typeof one === "boolean" ? (one ? "✓" : "–") : one || "–");
        row.append(element("th", labelOf(this.form, name)), element("td", said(value)), element("td", said(other)));
        table.append(row);
      }
      const buttons = element("div", "", "buttons");
      const use = element("button", words.useKept, "btn btn-primary");
      const drop = element("button", words.dropKept, "btn btn-outline-primary");
      use.type = drop.type = "button";
      use.addEventListener("click", () => { fill(this.form, kept.fields); box.remove(); this.changed(); });
      drop.addEventListener("click", () => { this.kept.drop(); box.remove(); });
      buttons.append(use, drop);
      box.append(table, buttons);
      this.form.before(box);
    }

    /* Asked for, it saves words that did not change too: the answer says what is still missing. */
    async save(isAskedFor = false) {
      if (this.running) { this.again = true; return; }
      clearTimeout(this.timer);
      if (!(this.isDirty || isAskedFor) || this.isPaused || this.isLeaving) return;
      this.say(words.saving, "saving");
      const sent = read(this.form);
      this.running = this.post(sent).finally(() => { this.running = null; });
      await this.running;
      if (this.again) { this.again = false; await this.save(true); }
    }

    async post(sent, isSecond) {
      let answer;
      try {
        answer = await fetch(this.form.action, {
          method: "POST",
          headers: { "X-Sheet": "1" },
          body: new URLSearchParams(new FormData(this.form)),
        });
      } catch {
        this.later(words.offline);
        return;
      }
      const isOurs = (answer.headers.get("Content-Type") ?? "").includes("json");
      if (answer.redirected) { this.signedOut(); return; }
      if (answer.status === 403 && !isSecond) {
        const token = await freshToken(this.pk).catch(() => "");
        if (token === "fresh") { await this.post(sent, true); return; }
        if (token === "signed out") { this.signedOut(); return; }
      }
      if (answer.status === 403) { this.say(words.lostRight, "wrong"); return; }
      if (!isOurs) { this.later(words.offline); return; }
      const told = await answer.json();
      if (answer.ok) this.done(sent, told);
      else this.refused(told);
    }

    done(sent, told) {
      this.tries = 0;
      banner.hide();
      this.form.elements.version.value = told.version;
      this.saved = sent;
      if (same(read(this.form), sent)) {
        this.kept.drop();
        document.querySelector(`#nv-${this.pk} .kept-mark`)?.remove();
      }
      this.say(told.saved, "saved");
      this.showGaps(told.gaps);
      this.markLine(told);
      if (this.isDirty) this.changed();
    }

    refused(told) {
      if (told.clash) {
        this.form.elements.version.value = told.version;
        this.isPaused = true;
        const box = element("div");
        box.innerHTML = told.clash; // escaped by the server's templates
        box.querySelector("a.btn")?.addEventListener("click", () => this.kept.drop());
        this.form.before(box);
        box.scrollIntoView({ block: "nearest" });
      }
      this.say([words.refused, ...told.errors].join(" "), "wrong");
    }

    later(why) {
      this.say(why, "waiting");
      const wait = RETRIES[Math.min(this.tries, RETRIES.length - 1)];
      this.tries += 1;
      this.timer = setTimeout(() => this.save(), wait);
    }

    signedOut() {
      banner.show(words.signedOut, true);
      this.later(words.signedOut);
    }

    showGaps(gaps) {
      const box = document.querySelector(`[data-gaps="${this.pk}"]`);
      if (!box) return;
      const list = element("ul");
      for (const gap of gaps) list.append(element("li", gap.message));
      box.replaceChildren(element("strong", gaps.length ? words.lacking : words.whole));
      if (gaps.length) box.append(list);
    }

    markLine(told) {
      const line = document.getElementById(`nv-${this.pk}`);
      if (!line) return;
      line.querySelector("summary .note").textContent = told.note;
      line.querySelector("summary .state").outerHTML = told.state; // escaped by the server
      line.querySelector("details").toggleAttribute("data-whole", !told.gaps.length);
      const pick = line.querySelector(".pick");
      if (pick && !pick.firstElementChild) {
        const box = element("input", "", "form-check-input");
        Object.assign(box, { type: "checkbox", name: "draft", value: told.draft });
        box.setAttribute("form", "many");
        box.setAttribute("aria-label", line.querySelector("summary .text").textContent.trim());
        pick.append(box);
      }
      const many = document.querySelector("#many [data-buttons]");
      if (many) many.hidden = false;
      const count = document.querySelector("#many [data-whole-count]");
      if (count) count.textContent = document.querySelectorAll("details[data-whole]").length;
    }
  }

  const edit = (root) => {
    for (const form of root.querySelectorAll("form[data-report]")) {
      if (!editors.has(form.dataset.report) || editors.get(form.dataset.report).form !== form) {
        editors.set(form.dataset.report, new Editor(form));
      }
    }
  };

  const open = async (details) => {
    const slot = details.querySelector(".slot");
    if (!details.open || slot.querySelector(".inside") || slot.dataset.loading) return;
    slot.dataset.loading = "1";
    const way = slot.innerHTML;
    slot.replaceChildren(element("p", words.loading, "open-way"));
    try {
      const back = encodeURIComponent(location.pathname + location.search.replace(/([?&])open=\d+&?/, "$1").replace(/[?&]$/, ""));
      const answer = await fetch(`${lineAddress(details.dataset.line)}?back=${back}`, { headers: { "X-Sheet": "1" } });
      if (answer.redirected) { banner.show(words.signedOut, true); throw new Error("signed out"); }
      if (!answer.ok) throw new Error(String(answer.status));
      slot.innerHTML = await answer.text(); // a part of this very page, escaped by its templates
      edit(slot);
      slot.dispatchEvent(new CustomEvent("khung:shown", { bubbles: true }));
    } catch {
      slot.innerHTML = way;
      slot.prepend(element("p", words.notLoaded, "open-way near-word"));
    } finally {
      delete slot.dataset.loading;
    }
  };

  const unsaved = () => [...editors.values()].filter((one) => one.isDirty && !one.isPaused);
  const settle = async () => { await Promise.all(unsaved().map((one) => one.running ?? one.save())); await Promise.all(unsaved().map((one) => one.save())); };

  for (const details of sheet.querySelectorAll("details[data-line]")) {
    details.addEventListener("toggle", () => open(details));
    if (keeper(details.dataset.line).read() && !details.open) {
      details.querySelector("summary .text").append(" ", element("span", words.markKept, "chip kept-mark"));
    }
  }
  edit(document);

  /* Whatever else is sent from the page waits until every draft is saved. */
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.method !== "post" || form.dataset.settled) return;
    const own = editors.get(form.dataset.report);
    const others = unsaved().filter((one) => one.form !== form);
    if (!others.length && !own?.running) return;
    event.preventDefault();
    await own?.running;
    await settle();
    if (unsaved().some((one) => one.form !== form)) {
      banner.show(words.leaving, false);
      return;
    }
    banner.hide();
    form.dataset.settled = "1";
    form.requestSubmit(event.submitter);
  });
  for (const again of ["online", "focus"]) {
    addEventListener(again, () => { for (const one of unsaved()) one.save(); });
  }
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") for (const one of unsaved()) one.save();
  });
})();
