// A network of one input and one output, and each neuron's activation drawn over x in its box. Below 0 an
// activation leaks: from ReLU (leak 0) to none (leak 1). Data: the layers' weights w and biases b.
explorers.views.bends = ({ layers }) => {
  const { line, mark, words, axes, edge, fixed, minus } = draw;
  const { fromRows, entrywise, dot, at, forward } = engine;
  const [LOW, HIGH, L] = [-3, 3, layers.length];
  const BELOW = "₁₂₃₄";
  const NAMES = ["output", ...layers.slice(0, -1).flatMap(({ b }, l) => b.map((_, j) => `a${"¹²³"[l]}${BELOW[j]}`))];
  const found = (name) => (name === "output" ? [L, 0] : ["¹²³".indexOf(name[1]) + 1, BELOW.indexOf(name[2])]);

  const matrices = layers.map(({ w, b }) => ({ w: fromRows(w), b: fromRows(b) }));
  const sizes = [1, ...matrices.map(({ w }) => w.rows)];
  const largest = Math.max(...matrices.flatMap(({ w }) => [...w.data.map(Math.abs)]));
  const straight = { f: (z) => z, prime: () => 1 };

  function network(leak) {
    const sigma = { f: (z) => (z > 0 ? z : leak * z), prime: (z) => (z > 0 ? 1 : leak) };
    const net = [];
    matrices.forEach((layer, i) => (net[i + 1] = { ...layer, sigma: i + 1 < L ? sigma : straight }));
    return net;
  }

  // Between two of these places every activation up to layer l is straight: the ends of the picture, and
  // where a weighted input passes 0. A crossing is found in layer 1 first, for it makes those of layer 2.
  function pieces(net) {
    let places = [LOW, HIGH];
    const within = [];
    for (let l = 1; l < L; l++) {
      const z = forward(net, fromRows([places]))[0][l];
      const crossings = [];
      for (let j = 0; j < z.rows; j++) {
        for (let i = 1; i < places.length; i++) {
          const [before, after] = [at(z, j, i - 1), at(z, j, i)];
          if (before * after < 0) crossings.push(places[i - 1] + ((places[i] - places[i - 1]) * before) / (before - after));
        }
      }
      places = [...places, ...crossings].sort((p, q) => p - q).filter((p, i, all) => !i || p - all[i - 1] > 1e-9);
      within[l] = places;
    }
    within[L] = places;
    const a = within.map((xs, l) => forward(net, fromRows([xs]))[1][l]);
    return { within, a };
  }

  // the corners of one activation: where the slopes to the left and to the right differ
  function corners({ within, a }, l, j) {
    const xs = within[l];
    const slope = (i) => (at(a[l], j, i + 1) - at(a[l], j, i)) / (xs[i + 1] - xs[i]);
    return xs.map((x, i) => [x, at(a[l], j, i)]).filter((_, i) => i > 0 && i < xs.length - 1 && Math.abs(slope(i) - slope(i - 1)) > 1e-6);
  }

  // how high a neuron's activation comes at any leak: the chart keeps its scale
  const reach = {};
  function range(l, j) {
    const key = `${l},${j}`;
    if (!reach[key]) {
      const xs = fromRows([Array.from({ length: 61 }, (_, i) => LOW + i / 10)]);
      const all = Array.from({ length: 21 }, (_, k) => forward(network(k / 20), xs)[1][l]).flatMap((A) => xs.data.length && [...A.data.slice(j * 61, j * 61 + 61)]);
      reach[key] = [Math.floor(Math.min(0, ...all)) - 0.2, Math.ceil(Math.max(0, ...all)) + 0.2];
    }
    return reach[key];
  }

  const [WIDE, TALL] = [54, 38];
  const PLACE = sizes.map((n, l) => Array.from({ length: n }, (_, j) => [[18, 94, 186, 278, 366][l], 110 + 48 * (j - (n - 1) / 2)]));

  // a neuron's curve in its box, at a scale of its own
  function box(l, j, { within, a }, atX, x, chosen) {
    const [cx, cy] = PLACE[l][j];
    const heights = Array.from(within[l], (_, i) => at(a[l], j, i));
    const [low, high] = [Math.min(0, ...heights), Math.max(0, ...heights)];
    const X = (v) => cx - WIDE / 2 + 4 + ((v - LOW) / (HIGH - LOW)) * (WIDE - 8);
    const Y = (v) => cy + TALL / 2 - 5 - ((v - low) / (high - low || 1)) * (TALL - 10);
    return (
      `<g data-set="neuron=${l === L ? "output" : `a${"¹²³"[l - 1]}${BELOW[j]}`}"><rect x="${cx - WIDE / 2}" y="${cy - TALL / 2}" width="${WIDE}" height="${TALL}" rx="5" ` +
      `fill="var(--figure-paper)" stroke="var(--figure-${chosen ? "forward" : "muted"})" stroke-width="${chosen ? 3.5 : 1}"/>` +
      line(heights.map((v, i) => [X(within[l][i]), Y(v)]), "forward", 1.6) +
      `<circle cx="${X(x).toFixed(2)}" cy="${Y(at(atX, j, 0)).toFixed(2)}" r="2.8" fill="var(--figure-data)"/></g>`
    );
  }

  function view({ leak, neuron, x }) {
    const net = network(leak);
    const all = pieces(net);
    const [z, a] = forward(net, fromRows([[x]]));
    const [l, j] = found(neuron);
    let svg = "";
    for (let n = 1; n <= L; n++) {
      PLACE[n].forEach(([px, py], to) =>
        PLACE[n - 1].forEach(([qx, qy], from) => {
          svg += edge([qx + (n > 1 ? WIDE / 2 : 12), qy], [px - WIDE / 2, py], at(net[n].w, to, from) / largest);
        }),
      );
    }
    svg += words(PLACE[0][0][0], PLACE[0][0][1] + 5, "x", { anchor: "middle", size: 15, bold: true });
    for (let n = 1; n <= L; n++) {
      const boxes = PLACE[n].map((_, to) => box(n, to, all, a[n], x, n === l && to === j)).join("");
      const places = new Set(PLACE[n].flatMap((_, to) => corners(all, n, to).map(([p]) => p)));
      const count = `${places.size} ${places.size === 1 ? "corner" : "corners"}`;
      const middle = { anchor: "middle" };
      svg += boxes + words(PLACE[n][0][0], 11, n < L ? `layer ${n}` : "output", middle) + words(PLACE[n][0][0], 220, count, middle);
    }

    // the slope at x: weights, and between them each activation's own slope
    let slopes = net[1].w;
    for (let n = 1; n < l || (n === l && n < L); n++) {
      slopes = entrywise((zi, s) => net[n].sigma.prime(zi) * s, z[n], slopes);
      if (n < l) slopes = dot(net[n + 1].w, slopes);
    }
    const [value, slope] = [at(a[l], j, 0), slopes.data[j]];
    const [low, high] = range(l, j);
    const chart = axes({
      left: 42, top: 256, width: 345, height: 140, x: [LOW, HIGH], y: [low, high],
      xticks: [-3, -2, -1, 0, 1, 2, 3], yticks: [Math.ceil(low), 0, Math.floor(high)].filter((v, i, ticks) => ticks.indexOf(v) === i), xlabel: "input x", ylabel: neuron,
    });
    const shown = corners(all, l, j);
    const curve = all.within[l].map((p, i) => [chart.X(p), chart.Y(at(all.a[l], j, i))]);
    const foot = [chart.X(x), chart.Y(value)];
    svg += chart.svg + line([[foot[0], chart.Y(low)], foot], "data", 1) + line(curve, "forward") + shown.map(([p, q]) => mark(chart.X(p), chart.Y(q), "forward")).join("") + mark(...foot, "data");

    const name = neuron === "output" ? "The output" : neuron;
    const bends = `${shown.length || "no"} ${shown.length === 1 ? "corner" : "corners"}`;
    const here = `At x = ${minus(x)} it is ${fixed(value, 3)}`;
    return {
      svg,
      sentence:
        leak === 1
          ? `Leak 1: no activation is left. ${name} over x is one straight line, with ${bends}. ${here}; its slope is ${fixed(slope, 3)} everywhere, the product of the weight matrices.`
          : `Leak ${leak}${leak ? "" : ", ReLU"}. ${name} over x has ${bends} between −3 and 3. ${here}, and its slope there is ${fixed(slope, 3)}.`,
      handles: { x: { x: foot[0], y: foot[1], label: "input x", fields: ["x"], step: 0.1 } },
    };
  }

  return { view, drag: (handle, px) => ({ x: Math.min(Math.max(Math.round((px - 42) / 5.75 - 30.5) / 10 + 0.05, -2.95), 2.95) }) };
};
