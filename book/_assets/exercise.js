// Judges the exercises of a page: looks the verdict on an answer up among those computed when the
// page was built. Remembers answers on this machine, where the browser allows it.
const recall = (name) => {
  try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
};
const keep = (name, value) => {
  try { localStorage.setItem(name, JSON.stringify(value)); } catch { /* not allowed here */ }
};

// What a reader typed, as a number: −, a decimal comma and fractions are read.
function typed(text) {
  const parts = text.replace(/[−–]/g, "-").replace(/,/g, ".").replace(/\s/g, "").split("/");
  if (parts.length > 2 || parts.some((part) => !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(part))) return NaN;
  const value = parts.length === 2 ? parts[0] / parts[1] : Number(parts[0]);
  return Number.isFinite(value) ? value : NaN;
}

for (const form of document.querySelectorAll("form[data-exercise]")) {
  const data = JSON.parse(form.querySelector("script").textContent);
  const name = `exercise ${form.dataset.exercise}`;
  const slots = [...form.querySelectorAll("select, fieldset")];
  const typing = [...form.querySelectorAll("input[inputmode]")];
  const told = form.querySelector(".verdict");
  const giveUp = form.querySelector(".give-up");

  // the worked solution follows the form, and opens after an attempt
  const solution = form.closest(".cell")?.nextElementSibling?.querySelector(":scope > details.hidden-cell");
  const release = () => {
    if (solution) solution.hidden = false;
    giveUp.hidden = true;
  };
  if (solution) solution.hidden = true;
  else giveUp.hidden = true;

  // what is chosen in code is printed beneath where its line is too narrow for it
  const beneath = [...form.querySelectorAll(".exercise-code select")].map((select) => {
    const text = document.createElement("span");
    text.className = "chosen";
    text.ariaHidden = "true"; // the select says it
    select.after(text);
    return [select, text];
  });
  function printCut() {
    // all is measured before anything is changed, or each select would lay the page out anew
    const widths = beneath.map(([select]) => select.offsetWidth);
    for (const [select] of beneath) select.style.maxWidth = "none";
    const cut = beneath.map(([select], i) => select.value && select.offsetWidth > widths[i]);
    for (const [i, [select, text]] of beneath.entries()) {
      select.style.maxWidth = "";
      text.textContent = cut[i] ? select.selectedOptions[0].text : "";
    }
  }
  form.addEventListener("change", printCut);
  window.addEventListener("resize", printCut);
  // what is far from the screen is not laid out yet, and not for this
  const comesNear = (seen) => seen.some((one) => one.isIntersecting) && printCut();
  new IntersectionObserver(comesNear, { rootMargin: "50% 0px" }).observe(form);

  const options = (slot) => [...slot.querySelectorAll("option[value]:not([value='']), input")];

  // a slot as [how many options, the one that is chosen, or -1]
  function chosen(slot) {
    return [options(slot).length, options(slot).findIndex((o) => o.selected || o.checked)];
  }

  // the counterpart: makes the choices of the solution
  function chooseRight() {
    let at = data.solution;
    for (const slot of slots.toReversed()) {
      const all = options(slot);
      all[at % all.length][slot.localName === "select" ? "selected" : "checked"] = true;
      at = Math.floor(at / all.length);
    }
    printCut();
    told.textContent = "";
    told.className = "verdict";
  }

  function verdict() {
    const all = slots.map(chosen);
    const open = all.filter(([, at]) => at < 0).length;
    if (open) return [`… ${open} of ${slots.length} parts are still to be chosen.`];
    if (data.table.length) {
      const at = data.table[all.reduce((sum, [count, i]) => sum * count + i, 0)];
      const said = data.verdicts[at];
      if (!said.startsWith("✓") || !typing.length) return [said, !said.startsWith("…")];
    }
    let said = "";
    for (const [i, [windows, other]] of data.numbers.entries()) {
      const value = typed(typing[i].value);
      const label = data.numbers.length > 1 ? `${typing[i].labels[0].textContent}: ` : "";
      if (typing[i].value.trim() === "") return [`… ${label}a number is still to be typed.`];
      if (Number.isNaN(value)) return [`… ${label}this is no number; −0.25, 0,25 and 1/4 are read.`];
      const window = windows.find(([low, high]) => low <= value && value <= high);
      said = data.verdicts[window ? window[2] : other];
      if (!said.startsWith("✓")) return [label + said, true];
    }
    return [said, true];
  }

  function show() {
    const [text, attempted] = verdict();
    told.textContent = text;
    told.className = `verdict ${{ "✓": "right", "✗": "wrong", "≈": "form" }[text[0]] ?? ""}`;
    if (attempted) release();
  }

  const fields = [...form.querySelectorAll("select, input")];
  const values = () => fields.map((f) => (f.type === "radio" ? f.checked : f.value));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
    keep(name, values());
  });
  giveUp.addEventListener("click", () => {
    release();
    chooseRight();
    solution.open = true;
    solution.querySelector("summary").focus();
  });
  const kept = recall(name);
  if (kept?.length === fields.length) {
    fields.forEach((f, i) => (f.type === "radio" ? (f.checked = kept[i]) : (f.value = kept[i])));
    show();
  }
}
