// Sends files from within the sheet: several at once, straight from the camera, or dropped on a
// method; one after another, each with its progress. Without this script the link "Thêm tài liệu"
// opens a page that does the same.
"use strict";

(() => {
  const IMAGES = "image/jpeg,image/png,image/webp";

  // The words come from the page, which has them translated.
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  function enhance(panel) {
    if (panel.dataset.enhanced) return;
    panel.dataset.enhanced = "1";
    for (const place of panel.querySelectorAll("[data-method]")) {
      const add = place.querySelector(".add");
      if (!add) continue;
      add.prepend(
        chooser(panel, place, panel.dataset.choose, panel.dataset.accept, false),
        ...(matchMedia("(pointer: coarse)").matches
          ? [chooser(panel, place, panel.dataset.take, IMAGES, true)]
          : []),
      );
      // Files have their buttons now; the page is for what has to be written.
      const page = add.querySelector("a");
      page.className = "write";
      page.textContent = panel.dataset.write;
      droppable(panel, place);
    }
    for (const edit of panel.querySelectorAll("[data-gone]")) {
      const name = edit.querySelector(".visually-hidden")?.textContent ?? "";
      const button = element("button", { type: "button", className: "edit quiet" }, panel.dataset.remove);
      button.append(element("span", { className: "visually-hidden", textContent: name }));
      button.addEventListener("click", () => {
        if (!confirm(panel.dataset.removeSure)) return;
        ask(panel, edit.dataset.gone, new FormData(), () => { location.href = edit.href; });
      });
      edit.after(button);
    }
    const carry = panel.querySelector("[data-carry]");
    carry?.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(panel, carry.action, new FormData(carry), () => carry.submit());
    });
    for (const link of panel.querySelectorAll("[data-reuse]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        const form = new FormData();
        form.append("evidence", link.dataset.reuse);
        ask(panel, link.href, form, () => { location.href = link.href; });
      });
    }
  }

  function chooser(panel, place, words, accept, camera) {
    // No name: inside the report's own form it is never sent with the report.
    const input = element("input", { type: "file", accept, multiple: !camera });
    if (camera) input.setAttribute("capture", "environment");
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = "";
      queue(panel, place, files);
    });
    return element("label", { className: "btn btn-sm btn-outline-primary" }, words, input);
  }

  function droppable(panel, place) {
    const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    place.addEventListener("dragover", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      place.classList.add("over");
    });
    place.addEventListener("dragleave", () => place.classList.remove("over"));
    place.addEventListener("drop", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      place.classList.remove("over");
      queue(panel, place, [...event.dataTransfer.files]);
    });
  }

  const queues = new Map();

  function queue(panel, place, files) {
    const waiting = queues.get(panel.id) ?? [];
    queues.set(panel.id, waiting);
    for (const file of files) waiting.push({ method: place.dataset.method, file });
    show(panel);
    next(panel.id);
  }

  // Panels are replaced while files wait, so the lines of what waits are drawn into each new one.
  function show(panel) {
    for (const list of panel.querySelectorAll(".going")) list.remove();
    for (const one of queues.get(panel.id) ?? []) {
      const place = panel.querySelector(`[data-method="${one.method}"]`);
      if (!place) continue;
      let list = place.querySelector(".going");
      if (!list) {
        list = element("ul", { className: "going" });
        place.insertBefore(list, place.querySelector(".add"));
      }
      one.bar ??= element("progress", { max: 1, value: 0 });
      one.bar.setAttribute("aria-label", `${panel.dataset.sending} ${one.file.name}`);
      const line = element("li", {}, element("span", { textContent: one.file.name }));
      if (one.failed) {
        const again = element("button", {
          type: "button",
          className: "btn btn-sm btn-outline-primary",
          textContent: panel.dataset.again,
        });
        again.addEventListener("click", () => retry(panel.id, one));
        const drop = element("button", {
          type: "button",
          className: "btn btn-sm btn-link",
          textContent: panel.dataset.remove,
        });
        drop.addEventListener("click", () => forget(panel.id, one));
        if (!one.final) line.append(again);
        line.append(drop, element("span", { className: "bad", textContent: one.failed }));
      } else {
        line.append(element("span", { textContent: `${panel.dataset.sending}…` }), one.bar);
      }
      list.append(line);
    }
  }

  function retry(id, one) {
    one.failed = "";
    const panel = document.getElementById(id);
    show(panel);
    next(id);
  }

  function forget(id, one) {
    const waiting = queues.get(id);
    waiting.splice(waiting.indexOf(one), 1);
    show(document.getElementById(id));
  }

  function next(id) {
    const panel = document.getElementById(id);
    const waiting = queues.get(id) ?? [];
    const one = waiting.find((each) => !each.failed);
    // One file at a time: what is on its way calls for the next itself.
    if (!panel || !one || waiting.some((each) => each.busy)) return;
    if (one.file.size > Number(panel.dataset.limit)) {
      one.final = true;
      fail(id, one, panel.dataset.tooLarge);
      return;
    }
    const form = new FormData();
    form.append("evidence", one.file);
    form.append("method", one.method);
    one.busy = true;
    send(panel.dataset.evidence, form, panel.dataset.signIn, {
      progress: (share) => { one.bar.value = share; },
      done: (html) => {
        const waiting = queues.get(id);
        waiting.splice(waiting.indexOf(one), 1);
        replace(id, html);
        next(id);
      },
      failed: (signedOut) => fail(id, one, signedOut ? panel.dataset.signedOut : panel.dataset.lost),
    });
  }

  function fail(id, one, words) {
    one.busy = false;
    one.failed = words;
    show(document.getElementById(id));
    next(id);
  }

  function send(url, form, signIn, { progress, done, failed }) {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("X-Wants", "panel");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      const isPanel = request.responseText.includes("data-evidence=");
      if ([200, 422].includes(request.status) && isPanel) done(request.responseText);
      else failed(request.status === 403 || request.responseURL.includes(signIn));
    });
    request.addEventListener("error", () => failed(false));
    request.send(form);
  }

  function ask(panel, url, form, failed) {
    send(url, form, panel.dataset.signIn, { progress: () => {}, done: (html) => replace(panel.id, html), failed });
  }

  // A method that has just got evidence counts as done, as the server keeps it.
  function tickProved(old, fresh) {
    for (const now of fresh.querySelectorAll("[data-method]")) {
      const place = old.querySelector(`[data-method="${now.dataset.method}"]`);
      const box = place?.querySelector("input[name=methods_done]");
      const pieces = (one) => one.querySelectorAll(".pieces > li").length;
      if (box && pieces(now) > pieces(place)) box.checked = true;
    }
  }

  // What was told before stays: the third of five files may be the one that was refused.
  function replace(id, html) {
    const old = document.getElementById(id);
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById(id);
    const told = [...old.querySelectorAll(".came .bad")];
    const focused = old.contains(document.activeElement);
    tickProved(old, fresh);
    old.replaceWith(fresh);
    const said = new Set([...fresh.querySelectorAll(".came p")].map((one) => one.textContent.trim()));
    if (queues.get(id)?.length) {
      for (const line of told) {
        if (!said.has(line.textContent.trim())) fresh.querySelector(".came").append(line);
      }
    }
    enhance(fresh);
    show(fresh);
    if (focused) {
      fresh.tabIndex = -1;
      fresh.focus({ preventScroll: true });
    }
    fresh.dispatchEvent(new CustomEvent("khung:evidence", { bubbles: true }));
  }

  const enhanceAll = (root) => {
    if (root.matches?.("[data-evidence]")) enhance(root);
    for (const panel of root.querySelectorAll?.("[data-evidence]") ?? []) enhance(panel);
  };
  enhanceAll(document);
  // Lines of the sheet are fetched when they are opened.
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) enhanceAll(node);
  }).observe(document.body, { childList: true, subtree: true });
  addEventListener("beforeunload", (event) => {
    if ([...queues.values()].some((waiting) => waiting.some((one) => one.busy))) event.preventDefault();
  });
})();
