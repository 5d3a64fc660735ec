// The playground's page. Its controls are the settings; a worker trains by them; what it tells is
// written into elements that stay, so that none changes under a hand that holds it.
function playgroundPage(root) {
  "use strict";
  const { short, minus } = globalThis.draw;
  const { num, factor, symbol, plain, slope, write, writeMarkup, attribute } = playgroundNetwork;
  const $ = (selector) => root.querySelector(selector);
  const all = (selector) => [...root.querySelectorAll(selector)];
  const field = (name) => $(`[name="${name}"]`);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  let settings = playground.START; // what the worker was told last
  let data = playground.dataOf(settings);
  let shown = null; // its last snapshot
  let trail = [];
  let kept = []; // [{ settings, ran, reworked, back, trail, end }]
  let chosen = [1, 0]; // the neuron looked at
  let sample = 0;
  let picture, colors;
  let training = false;
  let wanted = false; // to train: what the worker was told last
  let refused = ""; // the sentence about what was asked for last, until something else is
  let recipe = new Set(); // the addresses that the card of a recipe speaks of
  let sent = []; // of each message that the worker has not answered yet: does it change what is shown?
  const latest = () => !sent.includes(true); // else what was said since is newer than what is answered

  const SPEEDS = { slow: 1, normal: 5, fast: 1000 };

  // ---- what is said ----

  const say = (text) => write($(".pg-status"), text);
  const exact = (v) => (v === null || v === undefined ? "–" : minus(v));
  const percent = (share, of) => `${Math.round(share * of)} of ${of}`;

  function told() {
    if (!shown.seen) return shown.stopped;
    const { cost, judged, right } = shown.seen;
    const epochs = `${short(shown.epochs, 4)} ${shown.epochs === 1 ? "epoch" : "epochs"}`;
    const when = shown.back !== null ? `With the weights of epoch ${shown.back}` : shown.steps ? `After ${epochs}` : "Before the first step";
    let text = `${shown.stopped ? `${shown.stopped} ` : ""}${when} the cost is ${short(cost, 4)}`;
    if (judged !== null) text += `, on the validation points ${short(judged, 4)}`;
    if (right) {
      text += `; right are ${percent(right.learn, data.learn.length)}`;
      if (data.judge.length) text += ` and ${percent(right.judge, data.judge.length)}`;
    }
    return `${text}.${shown.mixed ? " It was changed on the way: the address does not lead here." : ""}`;
  }

  // ---- settings in and out of the controls ----

  const MENUS = ["data", "pair", "optimizer", "scheme", "fault", "stop"];
  const STOPS = { epochs: 100, cost: 0.1, patience: 20 }; // to begin with
  const NUMBERS = ["points", "noise", "share", "dataSeed", "seed", "rate", "batch", "weightDecay", "dropout", "stopAt"];
  const number = (text) => {
    const plainly = text.trim().replace(/[−–]/g, "-").replace(/^(-?\d*),(\d+)$/, "$1.$2");
    return plainly ? Number(plainly) : NaN;
  };

  // What is wrong stands beside the field; the settings stay.
  function fault(input, sentence) {
    const label = input.closest(".pg-control, .pg-layer, .pg-area, td") ?? input.parentElement;
    let note = label.querySelector("small");
    if (sentence && !note) {
      note = document.createElement("small");
      note.setAttribute("role", "alert");
      label.append(note);
    }
    if (note) write(note, sentence.length > 300 ? `${sentence.slice(0, 300)}…` : sentence);
    input.ariaInvalid = sentence ? "true" : null;
  }

  function fill(input, value) {
    if (input === document.activeElement && input.ariaInvalid !== "true" && number(input.value) === value) return;
    const text = typeof value === "number" ? minus(value) : value;
    if (input.value !== text) input.value = text;
    if (input.ariaInvalid) fault(input, "");
  }

  function showSettings() {
    for (const name of [...MENUS, ...NUMBERS]) fill(field(name), settings[name]);
    field("stopAt").disabled = settings.stop === "never";
    write(field("stopAt").previousElementSibling, { cost: "cost", patience: "this many epochs" }[settings.stop] ?? "epochs");
    const curve = data.task === "curve";
    for (const option of field("pair").options) option.disabled = curve && option.value !== "identityQuadratic";
    for (const name of ["points", "noise", "dataSeed"]) field(name).disabled = settings.data === "own";
    const byHand = settings.edits.length;
    const mine = [settings.weights && "The starting weights are your own.", byHand && `${byHand} weight${byHand > 1 ? "s are" : " is"} set by hand.`];
    $(".pg-mine").hidden = !mine.some(Boolean);
    write($(".pg-mine span"), mine.filter(Boolean).join(" "));
    showLayers();
  }

  function showLayers() {
    const box = $(".pg-layers");
    const count = settings.hidden.length;
    while (box.children.length > count + 1) box.lastElementChild.remove();
    while (box.children.length < count + 1) box.append($(".pg-network template").content.cloneNode(true));
    [...box.children].forEach((row, i) => {
      const l = i + 1;
      const [size, sigma, frozen] = ["hidden", "sigma", "frozen"].map((name) => row.querySelector(`[name=${name}]`));
      const name = i < count ? `layer ${l}` : "output";
      row.ariaLabel = name;
      write(row.firstElementChild, name);
      for (const [input, what] of [[size, "neurons"], [sigma, "activation"]]) {
        input.hidden = i === count;
        input.ariaLabel = `${name}: ${what}`;
      }
      if (i < count) {
        fill(size, settings.hidden[i]);
        fill(sigma, settings.sigma[i]);
      }
      frozen.checked = settings.frozen.includes(l);
      frozen.ariaLabel = `${name}: frozen`;
    });
    $("[data-do=deeper]").disabled = count >= playground.LAYERS;
    $("[data-do=shallower]").disabled = count === 0;
  }

  // Changed fields, if they are allowed; by is the control that they come from.
  function set(changes, by) {
    try {
      if (by) fault(by, "");
      become(playground.merged(settings, changes));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      if (by) fault(by, error.message);
      else say(error.message);
      return;
    }
    tell({ change: changes });
    if (held < 0) save(); // a point that is dragged changes too often
  }

  function become(now) {
    settings = now;
    data = playground.dataOf(now);
    sample = Math.max(0, Math.min(sample, data.points.length - 1));
    showSettings();
    showSample();
    showChanged();
  }

  // A neuron that there is in a network of these sizes: the one that is nearest.
  function existing([l, j], sizes) {
    const layer = Math.min(l, sizes.length - 1);
    return [layer, Math.min(j, sizes[layer] - 1)];
  }

  // ---- the snapshot in view ----

  // How wide each picture is: to ask the page for it in every frame would lay it out twice.
  const drawn = ["canvas", ".pg-diagram", ".pg-chart"].map($);
  const room = new Map(drawn.map((box) => [box, box.clientWidth]));

  function draw() {
    chosen = existing(chosen, sizesNow()); // it may have been picked in a picture of another network
    paint();
    showNumbers();
    if (shown.seen) {
      showNetwork();
      showEquations();
      showCounts();
    } else showNothing();
    showChart();
    showLamp(shown.check);
    if (panel("all").open) showAll();
    if (panel("home").open) showCode();
  }

  // Without a point there is no pass to show.
  function showNothing() {
    for (const name of [".pg-diagram", ".pg-equations", ".pg-counts", ".pg-silent", ".pg-edgekey"]) $(name).textContent = "";
    picture = null;
    layout = counted = "";
  }

  const flat = (arrays) => arrays.map((rows) => rows && rows.map(([one]) => one));
  const flattened = (pass) => pass && { ...pass, z: pass.z && flat(pass.z), a: pass.a && flat(pass.a), delta: flat(pass.delta), b: flat(pass.b) };

  // the engine's network: nothing stands at 0, not even null
  function layered(plain) {
    const network = [];
    plain.forEach((layer, l) => { if (layer) network[l] = { w: engine.fromRows(layer.w), b: { data: layer.b }, name: layer.name }; });
    return network;
  }

  function show(snapshot) {
    sent.shift();
    if (snapshot.fresh) trail = [];
    trail.push(...snapshot.trail);
    const seen = flattened(snapshot.seen);
    shown = {
      ...snapshot, field: snapshot.field ?? shown?.field, seen: seen && { ...seen, sound: flattened(seen.sound) },
      network: layered(snapshot.network),
    };
    const { error, sweep: swept } = snapshot;
    if (latest()) {
      if (sample !== snapshot.sample) {
        sample = snapshot.sample;
        showSample();
      }
      if (JSON.stringify(snapshot.settings) !== JSON.stringify(settings)) {
        become(snapshot.settings);
        save();
      }
    }
    if (!sent.length) wanted = snapshot.training;
    showTraining(snapshot.training);
    if (error) refuse(error);
    if (swept) showSweep(swept, error);
    if (training || swept?.running) return goOn();
    stay();
    if (!latest()) return;
    draw();
    say(refused || told());
    rest(snapshot);
  }

  function refuse(sentence) {
    refused = sentence;
    root.dataset.refused = "";
    $(".pg-status").ariaLive = "polite";
    say(sentence);
  }

  // The worker goes on when a frame begins, so that it computes the next one while this is drawn. A page
  // that is hidden asks for nothing, and a slow one keeps half of its time for its reader.
  let frame, pause, spent;
  function goOn() {
    if (frame || pause) return;
    const begin = (now) => {
      frame = 0;
      const epochs = SPEEDS[field("speed").value];
      tell({ next: calm.matches ? { ms: 500, epochs: 60 * epochs } : { ms: 12, epochs } });
      if (latest()) draw();
      setTimeout(() => { spent = performance.now() - now; });
    };
    const wait = calm.matches ? 1000 : spent > 25 ? spent : 0;
    if (wait) pause = setTimeout(() => { pause = 0; frame = requestAnimationFrame(begin); }, wait);
    else frame = requestAnimationFrame(begin);
  }
  function stay() {
    cancelAnimationFrame(frame);
    clearTimeout(pause);
    frame = pause = 0;
  }

  function showTraining(now) {
    if (now === training) return;
    training = now;
    root.toggleAttribute("data-training", now);
    write($("[data-do=train]"), training ? "❚❚ Pause" : "▶ Train");
    $(".pg-status").ariaLive = training ? "off" : "polite";
    if (training) say("Training.");
  }

  // When it is quiet the slopes are checked and the address is told; then it is busy no longer.
  const QUIET = 120; // milliseconds: more than between two strokes of a key that is held
  let resting;
  function rest({ check }) {
    const done = () => { if (!sent.length) delete root.dataset.busy; };
    if (check) return done();
    resting = setTimeout(() => {
      save();
      if (data.learn.length) tell({ check: true });
      else done();
    }, QUIET);
  }

  function showNumbers() {
    const { cost, judged } = shown.seen ?? {};
    const few = (v) => (v === null || v === undefined ? "–" : short(v, 4));
    for (const [name, v] of [["cost", cost], ["judged", judged]]) {
      write($(`[data-short=${name}]`), few(v));
      write($(`[data-exact=${name}]`), exact(v));
    }
    write($("[data-short=epochs]"), short(shown.epochs, 5));
  }

  function paint() {
    const canvas = $("canvas");
    playgroundField.paint(canvas, { side: room.get(canvas), data, field: shown?.field, chosen: sample, colors });
    if (training) return;
    attribute(canvas, "aria-label", data.task === "curve"
      ? `The network’s curve and ${data.points.length} points.`
      : `The plane of the inputs, shaded by the class that the network gives, and ${data.points.length} points.`);
  }

  const sizesNow = () => playground.sizesOf(shown.settings);

  function showNetwork() {
    const sizes = sizesNow();
    const names = shown.settings.sigma.map((name) => $(`.pg-network template`).content.querySelector(`option[value=${name}]`).text);
    const width = Math.min(room.get($(".pg-diagram")), 420);
    const beside = data.task === "curve" ? 46 : 30; // room for what stands beside an output
    if (picture?.shape !== playgroundNetwork.shapeOf(sizes, names, width, beside)) {
      const had = document.activeElement?.closest?.("[data-neuron]");
      picture = playgroundNetwork.build($(".pg-diagram"), sizes, names, width, beside);
      if (had) picture.neurons.get(chosen.join())?.focus();
      const menu = field("neuron");
      menu.replaceChildren(...sizes.flatMap((size, l) => (l ? [...Array(size).keys()].map((j) => new Option(`a${"⁰¹²³⁴⁵"[l]}${"₁₂₃₄₅₆₇₈"[j]}, layer ${l}`, `${l},${j}`)) : [])));
    }
    const menu = field("neuron");
    if (menu.value !== chosen.join()) menu.value = chosen.join();
    const { seen } = shown;
    const ends = seen.p.map((p, i) => (data.task === "curve" ? `y ${playgroundNetwork.brief(seen.y[i])}` : `${playgroundField.SIGNS[i]}${seen.y[i] ? "✓" : ""}`));
    const backward = $("[name=way]:checked").value === "backward";
    playgroundNetwork.update(picture, { seen, network: shown.network, norms: seen.norms, chosen, backward, ends });
    writeMarkup($(".pg-edgekey"), `Lines: ${backward ? "<i>δ</i>·<i>a</i>, the slopes of this sample (BP4)" : "the weights <i>w</i>"}; thickness is size, dashed is below 0. ` +
      `<span class="pg-swatch">━</span> into the chosen neuron${backward ? '; <span class="pg-swatch pg-from">━</span> those whose <i>δ</i> reaches it (BP2)' : ""}. ` +
      `Beside the output: ${data.task === "curve" ? "the target y" : "✓ is the target"}. Bottom row: mean ‖<i>δ</i>‖ over the training points.`);
    const silent = seen.silent.flatMap((share, l) => (share ? [`layer ${l}: ${Math.round(share * sizes[l])} of ${sizes[l]}`] : []));
    write($(".pg-silent"), silent.length ? `0 on every training point: ${silent.join("; ")}.` : "");
  }

  // ---- the equations of the neuron ----

  let lines = []; // of the equations: { sign, terms, closing, end, small } elements
  let rows = []; // of the table: { k, a, w, slope } elements
  let layout = "";

  function showEquations() {
    const [l, j] = chosen;
    const sizes = sizesNow();
    const { seen, network } = shown;
    const box = $(".pg-equations");
    const form = [sizes, chosen, shown.settings.sigma, shown.settings.pair, shown.settings.fault].join(";");
    const equations = playgroundNetwork.equations({
      seen, network, sizes, chosen, names: network.map((layer) => layer?.name), pair: shown.settings.pair, fault: shown.settings.fault,
    });
    if (form !== layout) {
      layout = form;
      write($("#pg-neuron"), `Neuron ${j + 1} of ${l === sizes.length - 1 ? "the output layer" : `layer ${l}`}`);
      box.innerHTML = equations.map(({ name, numbers }) => `<div class="pg-equation"><div class="pg-symbols"><b>${name.startsWith("BP") ? `<a href="09_four_equations.html#equation-eq-${name.toLowerCase()}">${name}</a>` : name}</b> <span></span></div><div class="pg-put"><span${Array.isArray(numbers) ? ' class="pg-terms"' : ""}>${"<span></span>".repeat([numbers].flat().length)}</span><span class="pg-close"></span><span class="pg-result"></span> <small></small></div></div>`).join("") +
        `<div class="pg-scroll" tabindex="0" role="region" aria-label="Weights of this neuron"><table class="pg-weights"><thead><tr><th scope="col"><i>k</i></th><th scope="col">${symbol("a", l - 1, "<i>k</i>")}</th>` +
        `<th scope="col">${symbol("w", l, j + 1, "<i>k</i>")}</th><th scope="col">${slope(symbol("w", l, j + 1, "<i>k</i>"))}</th></tr></thead><tbody>` +
        [...Array(sizes[l - 1]).keys(), "b"].map((k) => `<tr><th scope="row">${k === "b" ? symbol("b", l, j + 1) : k + 1}</th><td></td><td><input data-edit="${k}" size="8" inputmode="decimal" autocomplete="off" aria-label="${k === "b" ? plain("b", l, j + 1) : plain("w", l, j + 1, k + 1)}"></td><td></td></tr>`).join("") +
        "</tbody></table></div>";
      lines = [...box.querySelectorAll(".pg-equation")].map((row) => {
        const put = row.lastElementChild;
        return { sign: row.querySelector("span"), terms: put.firstElementChild.children, closing: put.children[1], end: put.children[2], small: put.children[3] };
      });
      rows = [...box.querySelectorAll("tbody tr")].map((row) => ({ a: row.cells[1], w: row.querySelector("input"), slope: row.cells[3] }));
    }
    equations.forEach(({ symbols, numbers, close = "", result, remark = "" }, i) => {
      const { sign, terms, closing, end, small } = lines[i];
      writeMarkup(sign, symbols);
      [numbers].flat().forEach((one, at) => writeMarkup(terms[at], one && `${at ? "" : "= "}${one} `));
      write(closing, close && `${close} `);
      write(end, result && `= ${result}`);
      write(small, remark);
    });
    rows.forEach(({ a, w, slope: of }, k) => {
      const bias = k === sizes[l - 1];
      const value = bias ? network[l].b.data[j] : network[l].w.data[j * sizes[l - 1] + k];
      write(a, bias ? "" : num(seen.a[l - 1][k]));
      write(of, num(bias ? seen.b[l][j] : seen.w[l][j][k]));
      if (w.ariaInvalid === "true" || (w === document.activeElement && w.value !== w.dataset.told)) return; // it is being typed
      const text = minus(Number(value.toPrecision(4)));
      if (w.value !== text) w.value = text;
      w.dataset.told = text;
    });
  }

  function edit(input) {
    const k = input.dataset.edit;
    if (input.value === input.dataset.told && !input.ariaInvalid) return;
    const value = number(input.value);
    if (!Number.isFinite(value)) return fault(input, `“${input.value}” is no number.`);
    fault(input, "");
    input.dataset.told = input.value;
    const place = [chosen[0], k === "b" ? "b" : "w", chosen[1], k === "b" ? 0 : Number(k)];
    const others = settings.edits.filter((other) => place.some((v, i) => v !== other[i]));
    settings = { ...settings, edits: [...others, [...place, value]] };
    showSettings();
    showChanged();
    tell({ edit: [...place, value] });
    save();
  }

  // ---- the sample ----

  function showSample() {
    fill(field("sample"), sample + 1);
    const point = data.points[sample];
    const signs = playgroundField.SIGNS;
    const classes = signs.slice(0, data.kinds).map((sign, i) => `${sign} class ${i + 1}`).join(", ");
    write($(".pg-key"), `${data.task === "curve" ? "● points" : classes}. Filled: training (${data.learn.length}); hollow: validation (${data.judge.length}); ring: the sample.`);
    const kind = data.judge.includes(sample) ? "validation" : "training";
    write($(".pg-said"), !point ? `No points yet.${settings.share ? "" : " Each one that you add is learned from: the share for validation is 0."}` : `of ${data.points.length} (${kind}): ${data.task === "curve" ? "x" : "x₁"} = ${minus(point[0])}, ${data.task === "curve" ? "y" : "x₂"} = ${minus(point[1])}${data.task === "curve" ? "" : `, class ${signs[point[2]]}`}`);
    const area = field("own");
    if (area.value === (area.dataset.told ?? "")) { // else something was typed that is not taken yet
      fill(area, playground.asText(data.points));
      area.dataset.told = area.value;
    }
  }

  function choose(i) {
    if (!data.points.length) return;
    sample = (i + data.points.length) % data.points.length;
    showSample();
    const [x, y, kind] = data.points[sample];
    for (const [name, value] of [["x", x], ["y", y]]) fill(field(name), value);
    if (kind !== undefined) field("kind").value = kind + 1;
    tell({ sample, next: { ms: 0 } });
  }

  // ---- points of one's own ----

  // Points that one had before stay in the browser's history.
  function withPoints(points, more = {}) {
    if (settings.data !== "own" && settings.own?.length) {
      save();
      history.pushState(null, "", location.hash);
      notify("The points of your own from before are one step back in the browser’s history.");
    }
    set({ data: "own", own: points, ...more });
  }
  function placed() {
    const [x, y] = ["x", "y"].map((name) => number(field(name).value));
    for (const [name, v] of [["x", x], ["y", y]]) {
      const bad = !(Math.abs(v) <= playground.REACH);
      fault(field(name), bad ? `A number from −${playground.REACH} to ${playground.REACH} is needed.` : "");
      if (bad) return null;
    }
    return data.task === "curve" ? [x, y] : [x, y, Number(field("kind").value) - 1];
  }
  const own = {
    add(point) {
      if (data.points.length >= playground.MOST) return say(`At most ${playground.MOST} points are taken.`);
      sample = data.points.length;
      withPoints([...data.points, point]);
    },
    move(i, point) { withPoints(data.points.map((old, at) => (at === i ? point : old))); },
    delete(i) { withPoints(data.points.filter((_, at) => at !== i)); },
  };

  function touched(event) {
    const { x, y, nearest } = playgroundField.under(event.currentTarget, data, event);
    const what = $("[name=touch]:checked").value;
    const kind = data.task === "curve" ? [] : [Number(field("kind").value) - 1];
    if (what === "add") return own.add([x, y, ...kind]);
    if (nearest < 0) return;
    if (what === "delete") return own.delete(nearest);
    choose(nearest);
    held = what === "move" ? nearest : -1;
    if (held >= 0) event.currentTarget.setPointerCapture(event.pointerId);
  }
  let held = -1;
  let dragging;
  function dragged(event) {
    if (held < 0 || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const { x, y } = playgroundField.under(event.currentTarget, data, event);
    const drop = () => {
      dragging = null;
      if (data.points[held]) own.move(held, [x, y, ...data.points[held].slice(2)]);
    };
    if (!dragging) requestAnimationFrame(() => dragging?.());
    dragging = drop;
  }
  function dropped() {
    dragging?.();
    if (held >= 0) save();
    held = -1;
  }

  // ---- the course of the cost ----

  const PLOT = { left: 46, right: 12, top: 24, bottom: 36, height: 242 };
  const LOOKS = [["weight", "8 3 2 3"], ["truth", "12 3"], ["data", "3 3"], ["muted", "10 2 2 2 2 2"]]; // of kept runs
  const decades = (low, high) => {
    const from = Math.floor(Math.log10(low));
    const to = Math.max(Math.ceil(Math.log10(high)), from + 1);
    const step = Math.ceil((to - from + 1) / 6); // at most six are labeled
    return { from, to, ticks: Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step) };
  };
  const NAMES = {
    dataSeed: "data seed", seed: "weights’ seed", hidden: "hidden", sigma: "activations", frozen: "frozen layers", share: "validation share",
    scheme: "initialization", weightDecay: "weight decay", batch: "mini-batch", pair: "output and cost",
  };

  // What differs between runs, in words: by what their steps were made with.
  function labels(runs) {
    const first = runs.map(({ ran, settings: of }) => ran[0]?.settings ?? of);
    const later = ({ ran }) => ran.slice(1).map(({ from, settings: of }, i) =>
      `; from epoch ${short(from, 4)} on ${playground.differing(ran[i].settings, of).map((n) => worded(n, of[n])).join(", ")}`).join("");
    return named(first).map((name, i) => name + later(runs[i]));
  }
  function worded(n, v) {
    const said = () => {
      if (n === "weights") return v ? "of its own" : "drawn";
      if (n === "edits") return v.length ? `${v.length}` : "none";
      if (n === "sigma") return [...new Set(v)].map((name) => playground.WORDS[name] ?? name).join(", ") || "none";
      if (Array.isArray(v)) return v.join("-") || "none";
      return wordsOf(n) ? wordOf(n, v) : minus(v);
    };
    return `${NAMES[n] ?? n} ${said()}`;
  }
  function named(runs) {
    const differs = (n) => runs.some((one) => JSON.stringify(one[n]) !== JSON.stringify(runs[0][n]));
    const differing = Object.keys(playground.START).filter((n) => differs(n) && !["stop", "stopAt", "task", "own"].includes(n));
    return runs.map((one, i) => differing.map((n) => worded(n, one[n])).join(", ") || (runs.length > 1 ? `run ${i + 1}` : "this run"));
  }

  function thinned(points) {
    const every = Math.ceil(points.length / 300);
    return points.filter((_, i) => i % every === 0 || i === points.length - 1);
  }

  // Heights for labels, so that none stands on another.
  function apart(tips, low, high) {
    const done = [];
    for (const tip of [...tips].sort((one, other) => one.y - other.y)) {
      const near = done.filter(({ x }) => Math.abs(x - tip.x) < 14);
      const least = Math.max(low, ...near.map(({ y }) => y + 13));
      done.push(Object.assign(tip, { y: Math.max(tip.y, least) }));
    }
    for (const tip of done.reverse()) {
      const under = tips.filter((other) => other !== tip && Math.abs(other.x - tip.x) < 14 && other.y >= tip.y);
      tip.y = Math.min(tip.y, high, ...under.map(({ y }) => y - 13));
    }
    return tips;
  }

  let axesDrawn = "";
  function showChart() {
    const runs = [...kept, { ...shown, trail }];
    const current = runs.length - 1;
    const points = runs.map((run) => thinned(run.trail));
    const costs = points.flat().flatMap(({ cost, judged }) => [cost, judged]).filter((v) => v > 0 && Number.isFinite(v));
    const { from, to, ticks } = decades(Math.max(Math.min(...costs, 1), 1e-12), Math.max(...costs, 1e-12));
    const last = Math.max(10, ...points.map((run) => run.at(-1)?.epochs ?? 0));
    const ten = 10 ** Math.floor(Math.log10(last));
    const step = ten * (last / ten > 5 ? 2 : last / ten > 2 ? 1 : 0.5);
    const end = Math.ceil(last / step) * step;
    const { left, right, top, bottom, height } = PLOT;
    const box = $(".pg-chart");
    const width = room.get(box);
    const X = (v) => left + ((width - left - right) * v) / end;
    const Y = (v) => top + (height - top - bottom) * ((to - Math.log10(Math.max(v, 10 ** from))) / (to - from));
    if (!box.firstElementChild) box.innerHTML = `<svg role="img"><g class="pg-axes"></g><g class="pg-lines"></g></svg>`;
    const now = [from, to, end, width].join(";");
    if (now !== axesDrawn) {
      axesDrawn = now;
      box.firstElementChild.setAttribute("viewBox", `0 0 ${width} ${height}`);
      const across = Array.from({ length: Math.round(end / step) + 1 }, (_, i) => i * step);
      const power = (t) => (Math.abs(t) > 3 ? `1e${minus(t)}` : short(10 ** t));
      box.querySelector(".pg-axes").innerHTML = `<text x="2" y="12">cost (logarithmic)</text>` +
        ticks.map((t) => `<path class="pg-rule" d="M${left} ${Y(10 ** t)}H${width - right}"/><text x="${left - 6}" y="${Y(10 ** t) + 4}" text-anchor="end">${power(t)}</text>`).join("") +
        across.map((v) => `<text x="${v === end && v >= 1000 ? width - 1 : X(v)}" y="${height - bottom + 16}" text-anchor="${v === end && v >= 1000 ? "end" : "middle"}">${short(v)}</text>`).join("") +
        `<text x="${width - right}" y="${height - 5}" text-anchor="end">epochs</text>`;
    }
    const traces = points.flatMap((run, i) => {
      const traced = (name) => run.filter((p) => p[name] !== null && Number.isFinite(p[name])).map((p) => `${X(p.epochs).toFixed(1)} ${Y(p[name]).toFixed(1)}`);
      const [ink, dash] = i === current ? ["forward", ""] : LOOKS[i];
      const looks = [["cost", ink, dash, i === current ? 2.2 : 1.8], i === current ? ["judged", "error", "6 3", 2.2] : ["judged", ink, "1 3", 1.8]];
      return looks.map(([name, color, dashes, thick]) => ({
        d: `M${traced(name).join("L")}`, "stroke-dasharray": dashes, "stroke-width": thick, stroke: `var(--figure-${color})`,
      }));
    }).filter(({ d }) => d !== "M");
    if (shown.back !== null) traces.push({ d: `M${X(shown.back).toFixed(1)} ${top}V${height - bottom}`, "stroke-dasharray": "2 4", "stroke-width": 1.5, stroke: "var(--figure-ink)" });
    const tips = runs.length < 2 ? [] : apart(points.flatMap((run, i) => {
      const tip = run.at(-1);
      return tip ? [{ x: Math.max(X(tip.epochs) - 3, left + 14), y: Y(tip.cost) - 5, text: `${i + 1}` }] : [];
    }), top + 10, height - bottom - 4);
    if (shown.back !== null) tips.push({ x: Math.max(X(shown.back) - 4, left + 56), y: top + 10, text: `epoch ${shown.back}` });
    const group = box.querySelector(".pg-lines");
    if (group.dataset.form !== `${traces.length},${tips.length}`) {
      group.dataset.form = `${traces.length},${tips.length}`;
      group.innerHTML = '<path class="pg-line"/>'.repeat(traces.length) + '<text text-anchor="end"></text>'.repeat(tips.length);
    }
    traces.forEach((trace, i) => { for (const name in trace) attribute(group.children[i], name, trace[name]); });
    tips.forEach(({ x, y, text }, i) => {
      const label = group.children[traces.length + i];
      attribute(label, "x", x);
      attribute(label, "y", y);
      write(label, text);
    });
    showRuns(runs);
  }

  function showRuns(runs) {
    const current = runs.length - 1;
    const names = labels(runs);
    const ends = (run) => {
      const last = run === runs[current] ? (shown.seen ?? run.trail.at(-1)) : run.end;
      if (!last) return "";
      return ` ${run.back === null ? "" : `Back to epoch ${run.back}. `}Cost ${short(last.cost, 3)}${last.judged === null ? "" : `, validation ${short(last.judged, 3)}`}.`;
    };
    const texts = runs.map((run, i) => `${runs.length > 1 ? `${i + 1}: ` : ""}${names[i]}${run.reworked ? ", changed on the way" : ""}.${ends(run)}`);
    const list = $(".pg-runs");
    while (list.children.length > texts.length) list.lastElementChild.remove();
    while (list.children.length < texts.length) {
      const row = document.createElement("li");
      row.innerHTML = '<svg viewBox="0 0 36 10" width="36" height="10" aria-hidden="true"><path class="pg-line" d="M1 5H35" stroke-width="2"/></svg> <span></span> <button type="button" data-do="drop">×</button>';
      list.append(row);
    }
    texts.forEach((text, i) => {
      const [ink, dash] = i === current ? ["forward", ""] : LOOKS[i];
      const line = list.children[i].querySelector("path");
      attribute(line, "stroke", `var(--figure-${ink})`);
      attribute(line, "stroke-dasharray", dash);
      write(list.children[i].querySelector("span"), text);
      const button = list.children[i].lastElementChild;
      button.hidden = i === current;
      attribute(button, "aria-label", `forget curve ${i + 1}`);
    });
    write($(".pg-looks"), data.judge.length ? `Validation: dashed${kept.length ? "; of kept curves dotted" : ""}.` : "");
    $("[data-do=forget]").hidden = !kept.length;
    if (!training) attribute($(".pg-chart svg"), "aria-label", `The cost after each epoch, on a logarithmic axis. ${texts.join(" ")} ${told()}`);
  }

  // ---- right and wrong ----

  let counted = "";
  function showCounts() {
    const { confusion, right } = shown.seen;
    const box = $(".pg-counts");
    if (!confusion) {
      if (counted) box.textContent = counted = "";
      return;
    }
    const signs = playgroundField.SIGNS;
    if (counted !== `${data.kinds}`) {
      counted = `${data.kinds}`;
      const head = signs.slice(0, data.kinds).map((s) => `<th scope="col">${s}</th>`).join("");
      box.innerHTML = [["learn", "training"], ["judge", "validation"]].map(([part, name]) =>
        `<table class="pg-confusion" data-part="${part}"><caption>Confusion matrix, ${name}: <span></span> right</caption><thead><tr><th scope="col">class \\ said</th>${head}</tr></thead><tbody>` +
        signs.slice(0, data.kinds).map((s) => `<tr><th scope="row">${s}</th>${"<td></td>".repeat(data.kinds)}</tr>`).join("") + "</tbody></table>").join("") +
        "<p>A row is a class, a column what the network says.</p>";
    }
    for (const part of ["learn", "judge"]) {
      const table = box.querySelector(`[data-part=${part}]`);
      table.hidden = !data[part].length;
      const of = data[part].length;
      write(table.querySelector("span"), of ? `${Math.round(right[part] * of)} of ${of}` : "");
      [...table.tBodies[0].rows].forEach((row, i) => confusion[part][i].forEach((count, k) => write(row.cells[k + 1], String(count))));
    }
  }

  function showLamp(check) {
    const lamp = $(".pg-lamp");
    lamp.dataset.agrees = check ? String(check.agrees) : "";
    const said = check ? `${{ true: "✓", false: "✗" }[check.agrees] ?? "?"} Gradient check: ${check.sentence}`
      : !data.learn.length ? "Gradient check: there is no point to check with."
        : training ? "… Gradient check: when it is paused." : "… Gradient check: under way.";
    write(lamp, [shown.planted, said].filter(Boolean).join(" "));
  }

  // ---- all weights ----

  const panel = (name) => $(`[data-panel=${name}]`);

  function showAll() {
    const box = $(".pg-all");
    const sizes = sizesNow();
    if (box.dataset.form !== sizes.join()) {
      box.dataset.form = sizes.join();
      box.innerHTML = sizes.slice(1).map((size, i) => `<table><caption>Layer ${i + 1}</caption><thead><tr><th scope="col">neuron</th>` +
        [...Array(sizes[i]).keys()].map((k) => `<th scope="col"><i>w</i><sub>·${k + 1}</sub></th>`).join("") + `<th scope="col"><i>b</i></th></tr></thead><tbody>` +
        [...Array(size).keys()].map((j) => `<tr><th scope="row">${j + 1}</th>${"<td></td>".repeat(sizes[i] + 1)}</tr>`).join("") + "</tbody></table>").join("");
    }
    [...box.querySelectorAll("tbody")].forEach((body, i) => {
      const { w, b } = shown.network[i + 1];
      [...body.rows].forEach((row, j) => {
        for (let k = 0; k < w.cols; k++) write(row.cells[k + 1], num(w.data[j * w.cols + k]));
        write(row.cells[w.cols + 1], num(b.data[j]));
      });
    });
  }

  // ---- on paper ----

  // Fields and folded panels do not print: their values stand here as text.
  function showPrinted() {
    if (!shown) return;
    const value = (n, v) => (wordsOf(n) && field(n)?.options ? wordOf(n, v) : Array.isArray(v) ? v.join(", ") || "none" : minus(v));
    const named = Object.keys(playground.START).filter((n) => !["own", "task", "edits", "weights"].includes(n));
    showAll();
    $(".pg-printed").innerHTML = `<dl>${named.map((n) => `<div><dt>${NAMES[n] ?? SAID[n] ?? n}</dt><dd>${value(n, settings[n])}</dd></div>`).join("")}</dl>${$(".pg-all").innerHTML}`;
  }
  const SAID = { stopAt: "stop at" };

  // ---- sweeps ----

  const median = (values) => {
    const sorted = [...values].sort((a, b) => a - b);
    const half = sorted.length >> 1;
    return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  };
  let sweeping = false;
  let swept;
  const VALUES = {
    rate: "0.03, 0.1, 0.3, 1", batch: "1, 10, 50", weightDecay: "0, 0.1, 1", dropout: "0, 0.2, 0.5",
    noise: "0, 0.1, 0.3", points: "40, 100, 200",
  };
  const wordsOf = (name) => (typeof playground.ALLOWED[name]?.[0] === "string" ? playground.ALLOWED[name] : null);
  const wordOf = (name, value) => [...field(name).options].find((option) => option.value === value)?.text ?? value;

  function sweep() {
    if (sweeping) return tell({ sweep: null });
    const over = field("over").value;
    const words = wordsOf(over);
    const code = (text) => words.find((one) => [one, wordOf(over, one)].some((name) => name.toLowerCase() === text.toLowerCase())) ?? text;
    const typed = field("values").value;
    const values = typed.split(words ? /[,;]/ : typed.includes(";") ? ";" : /[,\s]+/).map((v) => v.trim()).filter(Boolean).map((v) => (words ? code(v) : number(v)));
    $(".pg-swept").textContent = "";
    write($(".pg-progress"), "");
    const [seeds, epochs] = ["seeds", "length"].map((name) => number(field(name).value));
    for (const [name, v, most] of [["seeds", seeds, 20], ["length", epochs, 2000]]) {
      const bad = !(Number.isInteger(v) && v >= 1 && v <= most);
      fault(field(name), bad ? `A whole number from 1 to ${most} is needed.` : "");
      if (bad) return;
    }
    try {
      if (!values.length || values.length > 12) throw new RangeError("1 to 12 values are needed, with commas between them.");
      for (const value of values) {
        if (words && !words.includes(value)) throw new RangeError(`“${value}” is none of ${words.map((one) => wordOf(over, one)).join(", ")}.`);
        playground.checked({ ...settings, [over]: value });
      }
      fault(field("values"), "");
    } catch (error) {
      return fault(field("values"), error.message);
    }
    const what = `${playground.sizesOf(settings).join("-")} on ${wordOf("data", settings.data)} after ${epochs} epoch${epochs > 1 ? "s" : ""}`;
    const rate = over === "optimizer" ? ` All run at the rate ${minus(settings.rate)}; the best one of each may be another.` : "";
    swept = { over, values, seeds, results: [], of: what, rate, address: playground.address(settings) };
    tell({ sweep: { over, values, seeds, epochs } });
  }

  function showSweep({ rows: more, running, note }, error) {
    sweeping = running;
    if (!running && !more.length && !swept.results.length) { // refused
      write($("[data-do=sweep]"), "Run the sweep");
      return write($(".pg-progress"), error ?? "");
    }
    swept.results.push(...more);
    const { over, values, seeds, results, of: what } = swept;
    write($("[data-do=sweep]"), running ? "Stop" : "Run the sweep");
    write($(".pg-progress"), `${results.length} of ${values.length * seeds} runs${running ? "." : results.length < values.length * seeds ? ", stopped." : ", done."}${note ? ` ${note}` : ""}${running ? "" : swept.rate}`);
    const cell = (list) => {
      const known = list.filter((v) => v !== null);
      if (!known.length) return "<td>–</td><td>–</td>";
      const say = (v) => (Number.isFinite(v) ? short(v, 3) : "overflow");
      return `<td>${say(median(known))}</td><td>${say(Math.min(...known))} to ${say(Math.max(...known))}</td>`;
    };
    const name = [...field("over").options].find((option) => option.value === over).text;
    $(".pg-swept").innerHTML = `<table><caption>Cost of ${what}: median and range over ${seeds} seed${seeds > 1 ? "s" : ""}<span class="pg-since" hidden>. Settings have changed since</span></caption><thead><tr><th scope="col">${name}</th><th scope="col">training</th><th scope="col">range</th><th scope="col">validation</th><th scope="col">range</th></tr></thead><tbody>` +
      values.map((value) => {
        const of = results.filter((r) => r.value === value);
        return `<tr><th scope="row">${wordsOf(over) ? wordOf(over, value) : minus(value)}</th>${cell(of.map((r) => r.cost))}${cell(of.map((r) => r.judged))}</tr>`;
      }).join("") + "</tbody></table>";
    showChanged();
  }

  // ---- to take home ----

  let coded = []; // what the program that stands there was made of
  function showCode() {
    const made = [settings, field("homeEpochs").value, shown?.mixed];
    if (made.every((v, i) => v === coded[i])) return;
    coded = made;
    const epochs = number(field("homeEpochs").value);
    const bad = !(Number.isInteger(epochs) && epochs >= 1 && epochs <= 1000);
    fault(field("homeEpochs"), bad ? "A whole number from 1 to 1000 is needed." : "");
    write($(".pg-code"), bad ? "" : playground.python(settings, epochs, Boolean(shown?.mixed)));
    for (const name of ["copyCode", "download"]) $(`[data-do=${name}]`).disabled = bad;
    write($(".pg-homesaid"), [
      shown?.mixed && "The run that is shown was changed on the way: the program is another run, from the start with the settings of now.",
      settings.fault !== "none" && "The planted fault is left out.",
      settings.stop !== "never" && "The stop rule is left out: it trains for the epochs given here.",
    ].filter(Boolean).join(" "));
  }
  async function copy(text, button) {
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch { // where a page from a folder may not
      const area = document.createElement("textarea");
      area.value = text;
      root.append(area);
      area.select();
      done = document.execCommand("copy");
      area.remove();
      button.focus();
    }
    say(done ? "Copied." : "This browser did not let the page copy. Select the text and copy it by hand.");
  }
  function download(text, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/x-python" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  // ---- the address ----

  function save() {
    const text = playground.address(settings);
    const now = location.hash.startsWith("#playground");
    if ((text || now) && location.hash !== `#playground:${text}`) history.replaceState(null, "", `#playground:${text}`);
  }
  const LINK = /^#playground(?::|%3A|$)/i;
  const addressed = (hash) => playground.fromAddress(hash.replace(LINK, ""));

  // What a link says, from the start of its run; an address without a state is the start.
  function follow(hash) {
    const { settings: found, ignored } = addressed(hash);
    notifyIgnored(ignored);
    become(found);
    wanted = false;
    tell({ begin: found, train: false });
    showRecipe(playground.address(found));
    for (const name of [...MENUS, ...NUMBERS]) { // what differs is not hidden
      const fold = field(name).closest("details");
      if (fold && found[name] !== playground.START[name]) fold.open = true;
    }
  }
  function notify(text) {
    write($(".pg-notice"), text);
    $(".pg-notice").hidden = !text;
  }
  const notifyIgnored = (parts) => notify(parts.length ? `Of this link was left out: ${parts.join(" ")}`.slice(0, 600) : "");
  // Back and forth in the browser's history. A heading's link leaves the run alone.
  function moved() {
    const { hash } = location;
    if (!LINK.test(hash) && hash) return;
    const { settings: found, ignored } = addressed(hash);
    if (playground.address(found) === playground.address(settings)) {
      notifyIgnored(ignored);
      return save();
    }
    follow(hash);
    root.scrollIntoView();
  }

  // The recipe that an address belongs to stays in view above what it sets.
  function showRecipe(state) {
    const card = $(".pg-recipe");
    const leads = (link) => playground.address(addressed(link.hash).settings) === state;
    const links = [...document.querySelectorAll('.pg-recipes a[href^="#playground"]')];
    const text = state && links.find(leads)?.closest("li").querySelector("p");
    card.hidden = !text;
    if (!text) return;
    card.firstElementChild.innerHTML = text.innerHTML;
    const within = [...card.querySelectorAll('a[href^="#playground"]')];
    within.find(leads)?.setAttribute("aria-current", "true");
    recipe = new Set(within.map((link) => playground.address(addressed(link.hash).settings)));
    showChanged();
  }

  // Whether a recipe's card, and a sweep's table, still speak of what is set.
  function showChanged() {
    const [since, now] = [$(".pg-since"), playground.address(settings)];
    if (since) since.hidden = swept.address === now;
    $(".pg-changed").hidden = recipe.has(now);
  }

  // ---- buttons ----

  const does = {
    train() {
      wanted = !wanted;
      tell({ train: wanted, next: { ms: 0 } });
    },
    epoch: () => tell({ after: { epochs: 1 } }),
    batch: () => tell({ after: { steps: 1 } }),
    sample: () => data.points.length && tell({ after: { sample } }),
    rewind: () => tell({ rewind: true }),
    renew: () => set({ seed: settings.seed + 1 }),
    keepWeights: () => tell({ asStart: true }),
    undo() {
      set({ edits: [], weights: null });
      field("neuron").focus();
    },
    deeper(button) {
      set({ hidden: [...settings.hidden, settings.hidden.at(-1) ?? 4], sigma: [...settings.sigma, settings.sigma.at(-1) ?? "tanh"] });
      if (button.disabled) $("[data-do=shallower]").focus();
    },
    shallower(button) {
      set({ hidden: settings.hidden.slice(0, -1), sigma: settings.sigma.slice(0, -1) });
      if (button.disabled) $("[data-do=deeper]").focus();
    },
    closeRecipe() {
      $(".pg-recipe").hidden = true;
      $("[data-do=train]").focus();
    },
    before: () => choose(sample - 1),
    after: () => choose(sample + 1),
    add() { const point = placed(); if (point) own.add(point); },
    move() { const point = placed(); if (point && data.points.length) own.move(sample, point); },
    delete() { if (data.points.length) own.delete(sample); },
    clear() {
      const area = field("own");
      fault(area, "");
      area.dataset.told = area.value;
      withPoints([], { share: 0 });
    },
    paste() {
      const area = field("own");
      try {
        const points = playground.pasted(area.value, field("scale").checked);
        fault(area, "");
        area.dataset.told = area.value;
        withPoints(points);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        fault(area, error.message);
      }
    },
    copyData: (button) => copy(playground.asText(data.points), button),
    keep() {
      if (!trail.length) return;
      if (kept.length === LOOKS.length) return refuse(`${LOOKS.length} curves are kept already, and there is no line for a fifth: forget one of them first.`);
      const { settings: of, ran, reworked, back, seen } = shown;
      kept = [...kept, { settings: of, ran, reworked, back, trail: [...trail], end: seen ? { cost: seen.cost, judged: seen.judged } : trail.at(-1) }];
      showChart();
      say(`Kept: the curve to epoch ${short(trail.at(-1).epochs, 4)}. ${kept.length === 1 ? "1 curve is" : `${kept.length} curves are`} kept, at most ${LOOKS.length}.`);
    },
    drop(button) {
      const i = [...$(".pg-runs").children].indexOf(button.closest("li"));
      kept = kept.filter((_, at) => at !== i);
      showChart();
      ($(`.pg-runs [data-do=drop]:not([hidden])`) ?? $("[data-do=keep]")).focus();
      say(`Curve ${i + 1} is forgotten.`);
    },
    forget() {
      kept = [];
      showChart();
      $("[data-do=keep]").focus();
      say("The kept curves are forgotten.");
    },
    sweep,
    copyCode: (button) => copy($(".pg-code").textContent, button),
    download: () => download($(".pg-code").textContent, "playground.py"),
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#playground"]');
    if (!link || !LINK.test(link.hash) || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (location.hash !== link.hash) history.pushState(null, "", link.hash);
    follow(link.hash);
    root.scrollIntoView();
  });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) return does[button.dataset.do](button);
    const neuron = event.target.closest("[data-neuron][role=button]");
    if (neuron) lookAt(neuron.dataset.neuron.split(",").map(Number));
  });
  root.addEventListener("keydown", (event) => {
    const neuron = event.target.closest("[data-neuron]");
    if (neuron) {
      if (event.key === "Enter" || event.key === " ") event.preventDefault();
      const to = playgroundNetwork.neighbor(picture.sizes, neuron.dataset.neuron.split(",").map(Number), event.key);
      if (!to) return;
      event.preventDefault();
      lookAt(to);
      picture.neurons.get(to.join()).focus();
    } else if (event.key === "Enter" && event.target.matches("input:not([type])")) {
      event.target.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
  function lookAt(place) {
    chosen = place;
    if (!shown?.seen) return;
    showNetwork();
    showEquations();
  }

  root.addEventListener("change", ({ target }) => {
    const { name, value, dataset } = target;
    if (dataset.edit !== undefined) return edit(target);
    if (name === "data" && value === "own") return set({ data: value, own: settings.own ?? data.points }, target);
    if (name === "stop") return set({ stop: value, ...(STOPS[value] && { stopAt: STOPS[value] }) }, target);
    if (MENUS.includes(name)) return set({ [name]: value }, target);
    if (NUMBERS.includes(name)) {
      return Number.isFinite(number(value)) ? set({ [name]: number(value) }, target) : fault(target, `“${value}” is no number.`);
    }
    const l = [...$(".pg-layers").children].indexOf(target.closest(".pg-layer"));
    const replaced = (list, v) => list.map((old, i) => (i === l ? v : old));
    if (name === "hidden") set({ hidden: replaced(settings.hidden, number(value)) }, target);
    if (name === "sigma") set({ sigma: replaced(settings.sigma, value) }, target);
    if (name === "frozen") set({ frozen: target.checked ? [...settings.frozen, l + 1].sort() : settings.frozen.filter((i) => i !== l + 1) }, target);
    if (name === "over") {
      field("values").value = VALUES[value] ?? wordsOf(value).map((one) => wordOf(value, one)).join(", ");
      fault(field("values"), "");
    }
    if (name === "way" && shown?.seen) showNetwork();
    if (name === "touch") root.toggleAttribute("data-moves", value === "move");
    if (name === "neuron") lookAt(value.split(",").map(Number));
    if (name === "homeEpochs") showCode();
    if (name === "sample") {
      const i = number(value);
      const bad = !(Number.isInteger(i) && i >= 1 && i <= data.points.length);
      fault(target, bad ? `A whole number from 1 to ${data.points.length} is needed.` : "");
      if (!bad) choose(i - 1);
    }
  });
  root.addEventListener("toggle", ({ target }) => {
    if (target === panel("own")) root.toggleAttribute("data-draws", target.open); // the bar would cover it
    if (!target.open) return;
    if (target === panel("all") && shown) showAll();
    if (target === panel("home")) showCode();
  }, true);

  const canvas = $("canvas");
  canvas.addEventListener("pointerdown", touched);
  canvas.addEventListener("pointermove", dragged);
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, dropped);

  // ---- begin ----

  const recolor = () => {
    colors = playgroundField.palette(root);
    if (shown) paint();
  };
  new MutationObserver(recolor).observe(document.body, { attributes: true, attributeFilter: ["data-theme"] });
  for (const media of ["(prefers-color-scheme: dark)", "print"]) matchMedia(media).addEventListener("change", recolor);
  matchMedia("print").addEventListener("change", showPrinted);
  addEventListener("beforeprint", showPrinted);
  const fit = new ResizeObserver((changes) => {
    for (const { target, contentRect } of changes) room.set(target, Math.floor(contentRect.width));
    if (shown) draw();
  });
  for (const box of drawn) fit.observe(box);
  addEventListener("hashchange", moved);

  $(".pg-field .figure-svg").remove();
  canvas.hidden = false;
  root.dataset.ready = "";
  recolor();

  const worker = link(show, () => {
    if (shown) say("The worker failed; the page computes by itself now, from the start of this run.");
    tell({ begin: settings });
  });
  function tell(message) {
    const names = Object.keys(message);
    const quiet = names.every((name) => ["train", "sample", "cells"].includes(name));
    if (refused && names.some((name) => !["check", "next"].includes(name))) {
      refused = "";
      delete root.dataset.refused;
      if (training) {
        $(".pg-status").ariaLive = "off";
        say("Training.");
      }
    }
    if (!quiet) {
      clearTimeout(resting);
      sent.push(["begin", "change", "edit", "asStart", "rewind", "sample"].some((name) => name in message));
      root.dataset.busy = "";
    }
    worker({ sample, ...message });
  }

  follow(LINK.test(location.hash) ? location.hash : "");
  if (LINK.test(location.hash)) root.scrollIntoView();

  // Training runs in a worker, made from the text that this page has run too; where none starts, or one is
  // silent for five seconds at its start, here.
  function link(hear, again) {
    const here = () => {
      root.dataset.runs = "page";
      const loop = playgroundLoop((shot) => setTimeout(hear, 0, shot));
      return (message) => setTimeout(loop, 0, message);
    };
    let send;
    try {
      const worker = new Worker(URL.createObjectURL(new Blob([playgroundSource], { type: "text/javascript" })));
      root.dataset.runs = "worker";
      worker.onmessage = ({ data: shot }) => {
        clearTimeout(waiting);
        hear(shot);
      };
      const replace = () => {
        clearTimeout(waiting);
        worker.terminate();
        worker.onerror = worker.onmessage = null;
        send = here();
        sent = [];
        again();
      };
      worker.onerror = replace;
      const waiting = setTimeout(replace, 5000);
      send = (message) => worker.postMessage(message);
    } catch {
      send = here();
    }
    return (message) => send(message);
  }
}
document.addEventListener("DOMContentLoaded", () => {
  const root = document.getElementById("playground");
  if (root) playgroundPage(root);
});
