// A network of two layers above its matrices, which stand in a cascade: a row of w meets a column of a, and
// the activation stands where they cross. Data: the layers, and the samples after the first.
explorers.views.rows = ({ layers, others }) => {
  const { words, edge, neuron: circle, fixed, short, minus } = draw;
  const { fromRows, matrix, at, forward, ACTIVATIONS } = engine;
  const [ABOVE, BELOW] = ["⁰¹²", "₁₂₃₄"];
  const name = (letter, l, ...indices) => letter + ABOVE[l] + indices.map((i) => BELOW[i]).join("");

  const net = [];
  layers.forEach(({ w, b, sigma }, i) => (net[i + 1] = { w: fromRows(w), b: fromRows(b), sigma: ACTIVATIONS[sigma], called: sigma }));
  const sizes = [net[1].w.cols, net[1].w.rows, net[2].w.rows];
  const count = net.reduce((sum, { w, b }) => sum + w.data.length + b.data.length, 0);
  const LARGEST = Math.max(...net.flatMap(({ w }) => [...w.data.map(Math.abs)]));

  // the network above; the matrices below, all of w ending at one place, b beside them, then the samples
  const PLACE = sizes.map((n, l) => Array.from({ length: n }, (_, j) => [60 + 140 * l, 100 + 39 * (j - (n - 1) / 2)]));
  const [HIGH, ENDS, BIAS, COLUMNS, CELL, COLUMN] = [26, 156, 168, 232, 37, 56];
  const TOP = [208, 282, 408];

  const box = (x, y, width, height, quantity, stroke, dashes = "") =>
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="3" fill="none" stroke="var(--figure-${quantity})" stroke-width="${stroke}" stroke-dasharray="${dashes}"/>`;
  const cell = (x, y, width, text, bold) => words(x + width / 2, y + 17.5, text, { anchor: "middle", bold });

  function view({ weight, samples, x1, x2 }) {
    const x = matrix(2, samples, (j, i) => (i ? others[i - 1][j] : [x1, x2][j]));
    const [z, a] = forward(net, x);
    const l = ABOVE.indexOf(weight[1]);
    const [j, k] = [BELOW.indexOf(weight[2]), BELOW.indexOf(weight[3])];
    const chosen = weight[0] === "w";
    let svg = "";

    for (const n of [1, 2]) {
      for (let to = 0; to < sizes[n]; to++) {
        for (let from = 0; from < sizes[n - 1]; from++) {
          const enters = chosen && n === l && to === j;
          const [start, end] = [PLACE[n - 1][from], PLACE[n][to]];
          const line = edge(start, end, at(net[n].w, to, from) / LARGEST, enters ? "weight" : "muted", enters && from === k);
          const hit = `<path d="M${start}L${end}" stroke="var(--figure-paper)" stroke-opacity="0" stroke-width="12"/>`;
          svg += `<g data-set="weight=${name("w", n, to, from)}">${line}${hit}</g>`;
        }
      }
    }
    PLACE.forEach((column, n) => {
      svg += words(column[0][0], 14, `layer ${n}`, { anchor: "middle" });
      column.forEach((place, i) => {
        const heavy = chosen && ((n === l && i === j) || (n === l - 1 && i === k));
        svg += circle(place, n ? name("a", n, i) : `x${BELOW[i]}`, heavy ? "forward" : "muted", heavy);
      });
    });

    const say = (n, rows, cols) => `${name(n ? "a" : "x", n).replace("x⁰", "a⁰ = x")} (${rows}, ${cols})`;
    sizes.forEach((size, n) => {
      const top = TOP[n];
      svg += words(COLUMNS, top - 6, say(n, size, samples));
      for (let r = 0; r < size; r++) {
        for (let i = 0; i < samples; i++) svg += cell(COLUMNS + COLUMN * i, top + HIGH * r, COLUMN, n ? fixed(at(a[n], r, i), 3) : short(at(x, r, i)));
      }
      if (!n) return;
      const { w, b } = net[n];
      const left = ENDS - CELL * w.cols;
      svg += words(left, top - 6, `w${ABOVE[n]} (${size}, ${w.cols})`) + words(BIAS, top - 6, `b${ABOVE[n]} (${size}, 1)`);
      for (let r = 0; r < size; r++) {
        for (let c = 0; c < w.cols; c++) {
          const here = chosen && n === l && r === j && c === k;
          const [px, py] = [left + CELL * c, top + HIGH * r];
          const ground = `<rect x="${px}" y="${py}" width="${CELL}" height="${HIGH}" fill="var(--figure-paper)"/>`;
          svg += `<g data-set="weight=${name("w", n, r, c)}">${ground}${cell(px, py, CELL, minus(at(w, r, c)), here)}</g>`;
        }
        svg += cell(BIAS, top + HIGH * r, CELL, minus(b.data[r]));
      }
      svg += box(left - 2, top, CELL * w.cols + 4, HIGH * size, "muted", 0.8);
    });
    for (let i = 0; i < samples; i++) sizes.forEach((size, n) => (svg += box(COLUMNS + COLUMN * i + 2, TOP[n], COLUMN - 4, HIGH * size, "muted", 0.8)));

    const many = samples > 1 ? ` Here are ${samples} samples, ${samples} columns, and the same ${count} parameters.` : "";
    if (!chosen) {
      const outputs = Array.from({ length: sizes[2] }, (_, i) => fixed(at(a[2], i, 0), 3));
      return { svg, sentence: `No edge is chosen. For sample 1 the outputs are ${outputs.slice(0, -1).join(", ")} and ${outputs.at(-1)}.${many}` };
    }
    const { w, b, called } = net[l];
    const top = TOP[l] + HIGH * j;
    const left = ENDS - CELL * w.cols;
    svg +=
      box(left - 2, top, CELL * w.cols + 4, HIGH, "weight", 2) + box(left + CELL * k, top + 2, CELL, HIGH - 4, "weight", 3.5) +
      box(BIAS, top, CELL, HIGH, "weight", 2) + box(COLUMNS + 2, TOP[l - 1], COLUMN - 4, HIGH * sizes[l - 1], "forward", 2, "5 3") +
      box(COLUMNS + 2, top, COLUMN - 4, HIGH, "forward", 3.5);
    let equal = "="; // unless what is written of a factor is rounded
    const terms = Array.from({ length: w.cols }, (_, c) => {
      const [v, from] = [at(w, j, c), at(a[l - 1], c, 0)];
      const shown = l > 1 ? fixed(from, 4) : short(from);
      if (Number(shown.replace("−", "-")) !== from) equal = "≈";
      const factor = from < 0 ? `(${shown})` : shown;
      return `${c ? (v < 0 ? " − " : " + ") : v < 0 ? "−" : ""}${Math.abs(v)} · ${factor}`;
    });
    const bias = b.data[j];
    const sum = `${terms.join("")} ${bias < 0 ? "−" : "+"} ${Math.abs(bias)} ${equal} ${fixed(z[l].data[j * samples], 4)}`;
    const asked = weight === "w²₃₁" ? " That is the edge asked for." : weight === "w²₁₃" ? " Asked for is w²₃₁, to 3 from 1." : "";
    return {
      svg,
      sentence:
        `${weight} = ${minus(at(w, j, k))} leads to neuron ${j + 1} of layer ${l} from ${l > 1 ? "neuron" : "input"} ${k + 1}, and stands in row ${j + 1}, column ${k + 1} of w${ABOVE[l]}.${asked} ` +
        `All that enters there${many && ", for sample 1"}: ${name("z", l, j)} = ${sum}, and ${name("a", l, j)} = ${called}(${name("z", l, j)}) = ${fixed(at(a[l], j, 0), 4)}.${many}`,
    };
  }

  return { view };
};
