// The explorers of a page. Their controls are their state, which a view shows.
var explorers = (() => {
  "use strict";
  const views = {}; // name: (data) => ({ view, drag, listen })

  const shown = (value) => String(value).replace("-", "−");

  // “−1,5” and "3/8" are numbers too
  function typed(text) {
    const [over, under = "1", ...more] = text.replace(/[−–]/g, "-").replace(",", ".").split("/");
    return more.length || !over.trim() || !under.trim() ? NaN : over / under;
  }

  function listed(field) {
    const values = JSON.parse(field.dataset.values);
    const nearest = (value) =>
      values.reduce((best, v, i) => (Math.abs(v - value) < Math.abs(values[best] - value) ? i : best), 0);
    return {
      field, values,
      value: () => values[field.value],
      set(value) {
        const at = field.options ? values.indexOf(value) : nearest(value);
        if (at >= 0) field.value = at;
      },
    };
  }

  function numbered(field) {
    const { low, high } = field.dataset;
    const fleeting = "fleeting" in field.dataset;
    return {
      field, fleeting, low: +low, high: +high,
      value: () => (fleeting && !field.value.trim() ? null : typed(field.value)),
      set: (value) => (field.value = shown(value)),
      wrong(value) {
        return value === null || (value >= low && value <= high) ? "" : `“${field.value}” is not a number from ${shown(low)} to ${shown(high)}.`;
      },
    };
  }

  function begin(root) {
    const controls = {};
    for (const field of root.querySelectorAll("[name]")) {
      controls[field.name] = field.dataset.values ? listed(field) : numbered(field);
    }
    const every = Object.values(controls);
    const svg = root.querySelector("svg");
    const picture = svg.querySelector(".picture") ?? svg;
    const caption = root.querySelector("figcaption");
    const table = root.querySelector(".explorer-table");
    const handles = {};
    let explorer, state, faults, waiting, saving, playing;

    function show() {
      waiting = 0;
      if (!explorer) {
        explorer = views[root.dataset.explorer](JSON.parse(root.querySelector("script").textContent));
        explorer.listen?.(root);
      }
      const read = {};
      let at = 0;
      faults = "";
      for (const [name, { field, values, value, wrong }] of Object.entries(controls)) {
        read[name] = value();
        if (values) {
          at = at * values.length + +field.value;
          if (!field.options) {
            field.ariaValueText = field.nextElementSibling.textContent = shown(read[name]);
          }
        } else {
          const fault = (field.nextElementSibling.textContent = wrong(read[name]));
          field.ariaInvalid = fault > "";
          if (fault) faults = `${field.labels[0].textContent}: ${fault}`;
        }
      }
      if (faults) return (caption.textContent = faults); // the picture stays
      state = read;
      const now = explorer.view(state, at);
      picture.innerHTML = now.svg;
      picture.ariaLabel = now.sentence;
      caption.textContent = now.sentence;
      if (table) table.innerHTML = now.table ?? "";
      for (const name in now.handles) place(name, now.handles[name]);
    }
    const soon = () => (waiting ||= requestAnimationFrame(show));

    // a handle stays one element while dragged
    function place(name, { x, y, label, fields, step }) {
      const handle = (handles[name] ??= hold(name, fields, step));
      const { low, high, values = [low, high] } = controls[fields[0]];
      handle.setAttribute("transform", `translate(${x} ${y})`);
      handle.ariaLabel = label;
      handle.ariaValueMin = values[0];
      handle.ariaValueMax = values.at(-1);
      handle.ariaValueNow = state[fields[0]];
      handle.ariaValueText = fields.map((f) => shown(state[f])).join(", ");
    }

    function hold(name, fields, step) {
      svg.insertAdjacentHTML("beforeend", '<g class="handle" role="slider" tabindex="0"><circle r="20"/><circle r="7"/></g>');
      const handle = svg.lastElementChild;
      handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
      handle.addEventListener("pointermove", (event) => {
        if (!handle.hasPointerCapture(event.pointerId)) return;
        const at = new DOMPoint(event.x, event.y).matrixTransform(svg.getScreenCTM().inverse());
        set(explorer.drag(name, at.x, at.y, state));
      });
      handle.addEventListener("keydown", (event) => {
        const arrow = ["Left", "Right", "Down", "Up"].indexOf(event.key.slice(5));
        if (arrow < 0) return;
        event.preventDefault();
        const field = fields[arrow >> 1] ?? fields[0];
        if (waiting) show(); // two keys in one frame
        const moved = state[field] + (arrow % 2 ? step : -step) * (event.shiftKey ? 10 : 1);
        set({ [field]: +moved.toFixed(9) });
      });
      return handle;
    }

    function changed(by) {
      for (const control of every) if (control.fleeting && control !== by) control.field.value = "";
      soon();
      clearTimeout(saving);
      if ("linked" in root.dataset) saving = setTimeout(save, 300);
    }

    function set(changes) {
      for (const [name, value] of Object.entries(changes)) {
        const { low, high, set } = controls[name] ?? {};
        if (set && value === value) set(low < high ? Math.min(Math.max(value, low), high) : value);
      }
      changed();
    }

    // the address holds what moved: #name:step=3
    const start = (field) => field.querySelector("[selected]")?.value ?? field.defaultValue;
    const reset = () => every.forEach(({ field }) => (field.value = start(field)));
    const moved = () => every.filter(({ field, fleeting }) => !fleeting && field.value !== start(field));
    function save() {
      const pairs = moved().map(({ field, value }) => [field.name, value()]);
      if (!playing && !faults) history.replaceState(null, "", `#${root.id}:${new URLSearchParams(pairs)}`);
    }
    function follow({ newURL = location.href }) {
      const [id, pairs] = newURL.split("#").pop().split(":");
      if (id !== root.id || pairs === undefined) return false;
      stop();
      reset();
      setAll(pairs);
      root.scrollIntoView();
      return true;
    }
    const setAll = (pairs) =>
      set(Object.fromEntries([...new URLSearchParams(pairs)].map(([k, v]) => [k, controls[k]?.field?.options ? v : typed(v)])));

    function stop() {
      clearInterval(playing);
      playing = 0;
      root.querySelectorAll("[data-play]").forEach((button) => (button.textContent = "▶ Play"));
      caption.ariaLive = "polite";
      changed();
    }
    function play(button, { field, values }) {
      if (playing) return stop();
      const calm = matchMedia("(prefers-reduced-motion)").matches;
      const last = values.length - 1;
      const jump = calm ? Math.ceil(last / 8) : 1;
      if (+field.value === last) field.value = 0;
      button.textContent = "❚❚ Pause";
      caption.ariaLive = "off";
      playing = setInterval(() => {
        const { top, bottom } = root.getBoundingClientRect();
        if (document.hidden || bottom < 0 || top > innerHeight) return;
        field.value = Math.min(+field.value + jump, last);
        changed();
        if (+field.value === last) stop();
      }, calm ? 1000 : 1000 / button.dataset.rate);
    }

    root.addEventListener("input", (event) => {
      if (playing) stop();
      changed(controls[event.target.name]);
    });
    root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-by], [data-play], [data-set], [data-reset]");
      if (!button) return;
      const { by, play: name, set: pairs } = button.dataset;
      if (name) return play(button, controls[name]);
      if (playing) stop();
      if (by) controls[button.value].field[by > 0 ? "stepUp" : "stepDown"]();
      else if (pairs) setAll(pairs);
      else reset();
      changed();
    });
    addEventListener("hashchange", follow);
    if (!follow({}) && picture !== svg) show();
    // going back restores controls alone
    addEventListener("pageshow", () => moved().length && soon());
  }

  return { views, begin };
})();
globalThis.document?.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-explorer]").forEach(explorers.begin));
