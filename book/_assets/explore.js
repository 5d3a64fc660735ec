// Shows the frame that an explorer's controls stand for. The frames were drawn at build.
for (const root of document.querySelectorAll("[data-explorer]")) {
  const controls = [...root.querySelectorAll("input, select")];
  const svg = root.querySelector("svg");
  const caption = root.querySelector("figcaption");
  let data;

  const show = () => {
    data ??= JSON.parse(root.querySelector("script").textContent);
    let at = 0;
    for (const control of controls) {
      const count = control.options?.length ?? Number(control.max) + 1;
      at = at * count + Number(control.value);
      if (!control.options) {
        const text = JSON.parse(control.dataset.texts)[control.value];
        control.setAttribute("aria-valuetext", text);
        control.nextElementSibling.textContent = text;
      }
    }
    const runs = data.frames[at];
    let body = "";
    for (let i = 0; i < runs.length; i += 2) {
      body += data.parts.slice(runs[i], runs[i] + runs[i + 1]).join("\n") + "\n";
    }
    svg.innerHTML = body;
    svg.setAttribute("aria-label", data.alts[at]);
    caption.textContent = data.alts[at];
  };

  controls.forEach((control) => control.addEventListener("input", show));
  // a browser that comes back to the page restores the controls, not the picture
  if (controls.some((c) => c.value !== (c.options ? c.querySelector("[selected]")?.value : c.defaultValue))) show();
}
