// Ticking many at once: one tick for all, and how many are ticked. The page works without it.
"use strict";

for (const form of document.querySelectorAll("form.sharing, form.approving")) {
  const ticks = [...form.querySelectorAll("input[name=task], input[name=draft]")];
  const all = form.querySelector("[data-tick-all]");
  const told = form.querySelector("[data-ticked]");
  const tell = () => {
    const n = ticks.filter((tick) => tick.checked).length;
    if (told) {
      told.textContent = `${n}/${ticks.length}`;
      told.hidden = false;
    }
    if (all) {
      all.checked = n > 0 && n === ticks.length;
      all.indeterminate = n > 0 && n < ticks.length;
    }
  };
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const tick of ticks) tick.checked = all.checked;
      tell();
    });
  }
  form.addEventListener("change", tell);
  tell();
}
