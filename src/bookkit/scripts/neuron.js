// Two sigmoid neurons with the input 1 and the target 0 learn under one cost at one rate. A starts at
// a fixed z, B where it is dragged to. Data: the start of A, the level to come to, the most steps.
explorers.views.neuron = ({ near, level, most }) => {
  const { line, mark, words, axes, short, fixed, minus } = draw;
  const { f: sigmoid, prime } = engine.ACTIVATIONS.sigmoid;
  const QUANTITY = { A: "forward", B: "error" };
  const map = axes({
    left: 44, top: 24, width: 345, height: 112, x: [-8, 10], y: [0, 1.04],
    xticks: [-8, -4, 0, 4, 8], yticks: [0, 0.2, 1], xlabel: "weighted input z", ylabel: "output a",
  });
  const chart = axes({
    left: 44, top: 300, width: 345, height: 112, x: [0.4, 1.1 * most], y: [0, 1.04], log: [true, false],
    xticks: [1, 10, 100, 1000, 10000], yticks: [0, 0.2, 1], xlabel: "step", ylabel: "output a",
  });
  const CURVE = line(Array.from({ length: 91 }, (_, i) => [map.X(-8 + i / 5), map.Y(sigmoid(-8 + i / 5))]), "muted", 1.5);
  const inside = (z) => map.X(Math.min(Math.max(z, -8), 10));
  const said = (a) => (a < 0.0001 ? "under 0.0001" : short(a, 4));
  const small = (v, digits = 3) => (Math.abs(v) < 1e-6 ? "≈ 0" : short(v, digits));
  const error = (z, cost) => sigmoid(z) * (cost === "quadratic" ? prime(z) : 1); // a − y is a: the target is 0

  // every z of a run: w and b move by −ηδ each, so z moves twice as far
  function run(z, cost, rate) {
    const zs = [z];
    while (zs.length <= most) zs.push((z -= 2 * rate * error(z, cost)));
    return zs;
  }

  let ran = {}; // a step more needs no new run
  function runs({ cost, rate, begin }) {
    const key = [cost, rate, begin].join();
    if (ran.key !== key) ran = { key, A: run(near, cost, rate), B: run(begin, cost, rate) };
    return ran;
  }

  function bars(x, name, z, cost) {
    const rows = [sigmoid(z), cost === "quadratic" ? prime(z) : null, error(z, cost)];
    return mark(x + 5, 192, QUANTITY[name]) + words(x + 16, 196, name, { bold: true }) +
      rows.map((v, i) => {
        const y = 212 + 22 * i;
        if (v === null) return words(x, y + 11, "cancels");
        return `<rect x="${x}" y="${y}" width="${(64 * v).toFixed(2)}" height="14" fill="var(--figure-${QUANTITY[name]})"/>` +
          words(x + 64 * v + 6, y + 11, small(v, i ? 3 : 4));
      }).join("");
  }

  function view(state) {
    const { cost, rate, step, begin } = state;
    const ways = runs(state);
    let svg = map.svg + CURVE + chart.svg +
      [map, chart].map(({ Y }) => line([[44, Y(level)], [389, Y(level)]], "ink", 1, "2 3")).join("") +
      ["a − y", cost === "quadratic" ? "× σ′(z)" : "σ′(z)", "= error δ"].map((text, i) => words(14, 223 + 22 * i, text)).join("") +
      line([[map.X(begin), map.Y(0.1)], [map.X(begin), map.Y(sigmoid(begin))]], "error", 1) +
      words(chart.X(0.5), 429, "0", { anchor: "middle" });
    const told = ["A", "B"].map((name, i) => {
      const [zs, quantity] = [ways[name], QUANTITY[name]];
      const z = zs[step];
      const place = (k) => [chart.X(Math.max(k, 0.5)), chart.Y(sigmoid(zs[k]))];
      const shown = [0, ...new Set(Array.from({ length: 120 }, (_, j) => Math.round(most ** (j / 119)))), step].filter((k) => k <= step);
      svg += line(shown.sort((a, b) => a - b).map(place), quantity) + mark(...place(step), quantity);
      svg += mark(inside(z), map.Y(sigmoid(z)), quantity);
      svg += mark(62, 44 + 20 * i, quantity) + words(74, 48 + 20 * i, `${name}: ${said(sigmoid(z))}`);
      svg += bars(i ? 252 : 104, name, z, cost);
      const first = zs.findIndex((zk) => sigmoid(zk) <= level);
      const there = first >= 0 && first <= step ? (first ? `at ${level} or below since step ${first}` : `at ${level} or below from the start`) : `not at ${level} yet`;
      const move = -2 * rate * error(z, cost);
      return `${name} says ${said(sigmoid(z))} (z = ${fixed(z, 2)}), the next step moves z by ${small(move)}, ${there}`;
    });
    return {
      svg,
      sentence: `${cost === "quadratic" ? "Quadratic cost" : "Cross-entropy"}, η = ${minus(rate)}, step ${step}. ${told.join("; ")}.`,
      // below the curve: there B never is
      handles: { start: { x: map.X(begin), y: map.Y(0.1), label: "start of B: z", fields: ["begin"], step: 0.1 } },
    };
  }

  return { view, drag: (name, x) => ({ begin: Number(Math.min(Math.max(map.x(x), 0), 9).toFixed(1)) }) };
};
