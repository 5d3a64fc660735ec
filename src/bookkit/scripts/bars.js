// An error on its way back through a deep network that was never trained: its length at each layer, and
// what the activations look like. Data: n neurons a layer, m samples, a seed. The state has sigma, gain
// and layers; the weights are N(0, gain²/n), the same draws for every gain.
explorers.views.bars = ({ n, m, seed }) => {
  const { line, words, axes, fixed, short } = draw;
  const { matrix, dot, entrywise, generator, hiddenError, ACTIVATIONS } = engine;
  const KINDS = { sigmoid: ["sigmoid", 0, 1], tanh: ["tanh", -1, 1], ReLU: ["relu", 0] }; // name, least and largest
  const BINS = 10;

  const rng = generator(seed);
  const drawn = (cols) => matrix(n, cols, () => rng.normal());
  const [x, last] = [drawn(m), drawn(m)];
  const normals = []; // of layer 1, 2, …, drawn when they are first needed

  function run(sigma, gain, L) {
    while (normals.length < L) normals.push(drawn(n));
    const w = [], z = [], a = [x], delta = [];
    for (let l = 1; l <= L; l++) {
      w[l] = entrywise((v) => (v * gain) / Math.sqrt(n), normals[l - 1]);
      z[l] = dot(w[l], a[l - 1]);
      a[l] = entrywise(sigma.f, z[l]);
    }
    delta[L] = last;
    for (let l = L - 1; l > 0; l--) delta[l] = hiddenError(w[l + 1], delta[l + 1], entrywise(sigma.prime, z[l]));
    return [a, delta.map((d) => Math.hypot(...d.data) / Math.hypot(...last.data))];
  }

  const above = (whole) => [...String(whole)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("");
  function told(value) {
    if (!value || (Math.abs(value) >= 0.01 && Math.abs(value) < 999.5)) return short(value, 2);
    const [digits, power] = value.toExponential(1).split("e");
    return `${fixed(Number(digits), 1)} · 10${above(Number(power))}`;
  }

  function histogram(values, low, high, left, title) {
    const counts = Array(BINS).fill(0);
    for (const v of values) counts[Math.min(Math.floor((BINS * (v - low)) / (high - low)), BINS - 1)]++;
    const [top, width, height] = [276, 108, 72];
    const bar = width / BINS;
    const up = (count) => top + height - (height * count) / values.length;
    return (
      counts.map((c, i) => (c ? line([[left + (i + 0.5) * bar, top + height], [left + (i + 0.5) * bar, up(c)]], "forward", bar - 2) : "")).join("") +
      line([[left, top + height], [left + width, top + height]], "muted", 0.8) +
      words(left, top - 6, title) + words(left, top + height + 17, told(low)) + words(left + width, top + height + 17, told(high), { anchor: "end" })
    );
  }

  function view({ sigma: kind, gain, layers: L }) {
    const [name, low, high] = KINDS[kind];
    const [a, lengths] = run(ACTIVATIONS[name], gain, L);
    const logs = lengths.map(Math.log10);
    const inside = logs.slice(1);
    const [floor, ceiling] = [Math.min(-1, Math.floor(Math.min(...inside))), Math.max(1, Math.ceil(Math.max(...inside)))];
    const box = { left: 52, top: 34, width: 336, height: 158 };
    const chart = axes({ ...box, x: [0.3, L + 0.7], y: [floor, ceiling], xticks: [1, L / 2 | 0, L], yticks: [], xlabel: "layer l" });
    let svg = chart.svg + words(8, 18, `length of the error δˡ, that of δ${above(L)} taken as 1`);
    for (const v of [floor, 0, ceiling]) {
      if (v && Math.abs(chart.Y(v) - chart.Y(0)) < 15) continue;
      svg += line([[box.left - 4, chart.Y(v)], [v ? box.left : box.left + box.width, chart.Y(v)]], "muted", 0.8);
      svg += words(box.left - 7, chart.Y(v) + 4, v ? `10${above(v)}` : "1", { anchor: "end" });
    }
    inside.forEach((v, i) => (svg += line([[chart.X(i + 1), chart.Y(0)], [chart.X(i + 1), chart.Y(v)]], "error", Math.min(14, 200 / L), "")));
    svg += words(8, 250, "the activations, how many of which size");
    [1, L / 2 | 0, L].forEach((l, i) => {
      const values = [...a[l].data];
      svg += histogram(values, low, high ?? Math.max(...values), 16 + 132 * i, `layer ${l}`);
    });
    const ratio = lengths[1];
    const fate = ratio < 0.1 ? "It vanishes." : ratio > 10 ? "It explodes." : "It stays within a factor of ten.";
    return {
      svg,
      sentence:
        `${kind}, gain ${short(gain)}, ${L} layers: at layer 1 the error is ${told(ratio)} times as long as at layer ${L}, ` +
        `a factor of ${short(ratio ** (1 / (L - 1)), 2)} at each of ${L - 1} passes. ${fate} ` +
        `The activations of layer ${L} go from ${told(Math.min(...a[L].data))} to ${told(Math.max(...a[L].data))}.`,
    };
  }

  return { view };
};
