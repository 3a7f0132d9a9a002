"use strict";
/* Makes photographs smaller before they leave the phone, keeps what could not be sent, and sends
   it again by itself. Without this script the form is sent as any other. */

(() => {
  const form = document.getElementById("send");
  if (!form || !window.fetch || !window.FormData || !window.Promise) return;
  const LONGEST_EDGE = 1600, QUALITY = 0.8, SOONEST = 5000, LATEST = 60000;
  const words = form.dataset;
  const told = document.getElementById("told");
  const list = document.getElementById("chosen");
  const place = location.pathname;
  let photos = [];
  let shrinking = 0;
  let sendsAfter = false;
  let isFlushing = false;
  let wait = SOONEST;
  let timer = 0;
  let memory = [];

  /* What waits to be sent: in the phone's own store, in memory where there is none. */

  const opened = new Promise((resolve) => {
    try {
      const asked = indexedDB.open("khung-village", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("waiting", { keyPath: "key" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => resolve(null);
      asked.onblocked = () => resolve(null);
    } catch (none) {
      resolve(null);
    }
  });

  const stored = async (mode, act) => {
    const base = await opened;
    if (!base) return undefined;
    return new Promise((resolve, reject) => {
      const transaction = base.transaction("waiting", mode);
      const asked = act(transaction.objectStore("waiting"));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  };

  const keep = async (sending) => {
    try {
      if (!(await opened)) throw new Error("no store");
      await stored("readwrite", (store) => store.put(sending));
    } catch (full) {
      memory.push(sending);
    }
  };

  const waiting = async () => {
    let found = [];
    try {
      found = (await stored("readonly", (store) => store.getAll())) || [];
    } catch (broken) {
      found = [];
    }
    return found.concat(memory).filter((one) => one.place === place);
  };

  const drop = async (key) => {
    memory = memory.filter((one) => one.key !== key);
    try {
      await stored("readwrite", (store) => store.delete(key));
    } catch (broken) {
      /* It is sent again once, and the server knows its key. */
    }
  };

  const newKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  /* What the page says. */

  const say = (kind, lines) => {
    const box = document.createElement("div");
    box.className = kind;
    lines.forEach((line) => {
      const p = document.createElement("p");
      p.textContent = line;
      box.append(p);
    });
    told.replaceChildren(box);
  };

  const draw = () => {
    list.replaceChildren(...photos.map((photo, at) => {
      const item = document.createElement("li");
      const image = document.createElement("img");
      image.alt = `${words.photo} ${at + 1}`;
      image.src = photo.shown;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `${words.drop} ${words.photo.toLowerCase()} ${at + 1}`;
      button.addEventListener("click", () => {
        photos = photos.filter((one) => one !== photo);
        draw();
      });
      item.append(image, button);
      return item;
    }));
  };

  /* A photograph as small as it needs to be; the phone's own file where it cannot be drawn. */

  const pictureOf = async (file) => {
    if (window.createImageBitmap) {
      try {
        return await createImageBitmap(file, { imageOrientation: "from-image" });
      } catch (old) {
        /* An older browser: as an element. */
      }
    }
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      const image = new Image();
      image.onload = () => resolve(image);
      image.onerror = reader.onerror = () => reject(new Error("no picture"));
      reader.onload = () => { image.src = reader.result; };
      reader.readAsDataURL(file);
    });
  };

  const drawn = (picture, edge) => {
    const scale = Math.min(1, edge / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  };

  const small = async (file) => {
    try {
      const picture = await pictureOf(file);
      const canvas = drawn(picture, LONGEST_EDGE);
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
      const shown = drawn(canvas, 240).toDataURL("image/jpeg", 0.7);
      const name = `${(file.name || "anh").replace(/\.[^.]*$/, "")}.jpg`;
      if (blob && blob.size < file.size) return { blob, name, shown };
      return { blob: file, name: file.name || "anh.jpg", shown };
    } catch (unknown) {
      return { blob: file, name: file.name || "anh.jpg", shown: "data:," };
    }
  };

  const add = async (input) => {
    const files = Array.from(input.files);
    input.value = "";
    for (const file of files) {
      if (photos.length + shrinking >= Number(words.most)) {
        say("bad", [words.tooMany]);
        break;
      }
      shrinking += 1;
      say("going", [words.shrinking]);
      const photo = await small(file);
      shrinking -= 1;
      photos.push(photo);
      if (!shrinking) told.replaceChildren();
      draw();
    }
    if (sendsAfter && !shrinking) {
      sendsAfter = false;
      send();
    }
  };

  /* Sending: first kept, then sent; kept until the server says that it has it. */

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(flush, wait);
    wait = Math.min(wait * 2, LATEST);
  };

  const giveBack = (sending, lines) => {
    say("bad", [words.refused, ...lines]);
    if (photos.length || form.text.value) return;
    form.text.value = sending.text;
    photos = sending.photos.slice();
    draw();
  };

  const sendOne = async (sending) => {
    const data = new FormData();
    data.append("client_key", sending.key);
    data.append("assignment", sending.assignment);
    data.append("text", sending.text);
    sending.photos.forEach((photo) => data.append("evidence", photo.blob, photo.name));
    let answer;
    try {
      answer = await fetch(place, { method: "POST", body: data, headers: { "X-Village": "1" } });
    } catch (lost) {
      say("kept", [words.kept]);
      return false;
    }
    const said = await answer.json().catch(() => ({}));
    if (answer.ok && said.told) {
      await drop(sending.key);
      say("ok", [said.told]);
      document.getElementById("history").innerHTML = said.history;
      return true;
    }
    if (answer.status === 422 || answer.status === 404) {
      await drop(sending.key);
      giveBack(sending, said.errors || []);
      return true;
    }
    say("kept", [...(said.errors || []), words.again]);
    return false;
  };

  const flush = async () => {
    if (isFlushing) return;
    isFlushing = true;
    clearTimeout(timer);
    try {
      let next = await waiting();
      while (next.length) {
        if (!(await sendOne(next[0]))) {
          later();
          return;
        }
        wait = SOONEST;
        next = await waiting();
      }
    } finally {
      isFlushing = false;
    }
  };

  const again = () => {
    wait = SOONEST;
    flush();
  };

  const send = async () => {
    if (shrinking) {
      sendsAfter = true;
      return;
    }
    const text = form.text.value.trim();
    if (!photos.length && !text) {
      say("bad", [words.empty]);
      return;
    }
    const chosen = new FormData(form).get("assignment") || "";
    const sending = { key: newKey(), place, text, assignment: chosen, photos };
    photos = [];
    form.text.value = "";
    draw();
    say("going", [words.sending]);
    await keep(sending);
    again();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  form.querySelectorAll("input[type=file]").forEach((input) => {
    input.addEventListener("change", () => add(input));
  });
  addEventListener("online", again);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") again();
  });
  document.documentElement.className = "scripted";
  again();
})();
