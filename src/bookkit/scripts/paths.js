// A slope as a sum over paths: added one by one, or backward, neuron by neuron. Data: the layers of a
// 3-5-5-3 sigmoid network, the sample x, y. The state has way, step and weight.
explorers.views.paths = ({ layers, x, y }) => {
  const { line, mark, words, axes, edge, neuron: circle, fixed, short } = draw;
  const { fromRows, entrywise, at, forward, COSTS, ACTIVATIONS } = engine;
  const { sigmoid } = ACTIVATIONS;
  const [ABOVE, BELOW] = ["⁰¹²³", "₁₂₃₄₅"];

  const net = [];
  layers.forEach(({ w, b }, i) => (net[i + 1] = { w: fromRows(w), b: fromRows(b), sigma: sigmoid }));
  const [X, Y] = [fromRows(x), fromRows(y)];
  const [z, a] = forward(net, X);
  const miss = COSTS.quadratic.df(a[3], Y).data;
  const prime = z.map((zl) => entrywise(sigmoid.prime, zl).data);
  const sizes = a.map(({ rows }) => rows);
  const LARGEST = Math.max(...net.flatMap(({ w }) => [...w.data].map(Math.abs)));
  const PLACE = sizes.map((n, l) => Array.from({ length: n }, (_, j) => [30 + 98 * l, 110 + 46 * (j - (n - 1) / 2)]));
  const COST = [384, 110];
  const name = (l, j) => (l ? `a${ABOVE[l]}` : "x") + BELOW[j];
  const weight = (l, j, k) => `w${ABOVE[l]}${BELOW[j]}${BELOW[k]}`;
  const grouped = (n) => String(n).replace(/(\d)(?=(\d{3})+$)/g, "$1,");

  const PATHS = Array.from({ length: sizes[2] * sizes[3] }, (_, i) => [Math.floor(i / sizes[3]), i % sizes[3]]);
  const FIRST = sizes[0] * sizes[1]; // weights of layer 1

  // the seven factors of a path, from the cost to the weight: [name, value]
  const factors = (j, k, q, t) => [
    [`${name(3, t)}−y${BELOW[t]}`, miss[t]], ["σ′", prime[3][t]], [weight(3, t, q), at(net[3].w, t, q)], ["σ′", prime[2][q]],
    [weight(2, q, j), at(net[2].w, q, j)], ["σ′", prime[1][j]], [name(0, k), X.data[k]],
  ];
  const EACH = factors(0, 0, 0, 0).length - 1; // multiplications of a path

  // lit: edges "l,j,k" by their quantity; below: text under neurons; heavy: neurons
  function network(lit, below, heavy) {
    let svg = "";
    for (let t = 0; t < sizes[3]; t++) svg += line([PLACE[3][t], COST], lit[`4,0,${t}`] ?? "muted", lit[`4,0,${t}`] ? 3 : 0.8, "");
    const every = [];
    for (const l of [1, 2, 3]) for (let j = 0; j < sizes[l]; j++) for (let k = 0; k < sizes[l - 1]; k++) every.push([l, j, k]);
    every.sort((one, other) => !!lit[one] - !!lit[other]); // what is lit lies on top
    for (const [l, j, k] of every) svg += edge(PLACE[l - 1][k], PLACE[l][j], at(net[l].w, j, k) / LARGEST, lit[[l, j, k]] ?? "muted", !!lit[[l, j, k]]);
    PLACE.forEach((column, l) =>
      column.forEach((p, j) => {
        const held = heavy.includes(`${l},${j}`);
        svg += circle(p, name(l, j), held ? "forward" : "muted", held, 14) + words(p[0], p[1] + 27, below[[l, j]] ?? "", { anchor: "middle", quantity: "error" });
      }),
    );
    return svg + circle(COST, "C", "ink", heavy.includes("C"), 14);
  }

  // names above numbers, and what they come to
  const row = (cells, result) =>
    cells.map((cell, i) => cell.map((text, below) => words(30 + (cells.length > 6 ? 50 : 62) * i, 252 + 17 * below, text, { anchor: "middle" })).join("")).join("") +
    words(400, 288, `= ${result}`, { anchor: "end", bold: true });

  function adding({ step, weight: chosen }) {
    const [j, k] = [BELOW.indexOf(chosen[2]), BELOW.indexOf(chosen[3])];
    const shares = PATHS.map(([q, t]) => factors(j, k, q, t).reduce((product, [, value]) => product * value, 1));
    let sum = 0;
    const sums = [0, ...shares.map((share) => (sum += share))];
    const most = 1.1 * Math.max(...[...shares, ...sums].map(Math.abs));
    const tick = Number((0.7 * most).toPrecision(1));
    const chart = axes({
      left: 74, top: 298, width: 322, height: 90, x: [0, 15.6], y: [-most, most], xticks: [1, 5, 10, 15],
      yticks: [-tick, 0, tick], xlabel: "paths", ylabel: "share, and sum so far",
    });
    let svg = chart.svg + line([[chart.X(0), chart.Y(0)], [chart.X(15.6), chart.Y(0)]], "muted", 0.8);
    shares.slice(0, step).forEach((share, i) => {
      svg += line([[chart.X(i + 1), chart.Y(0)], [chart.X(i + 1), chart.Y(share)]], "forward", i + 1 === step ? 11 : 7);
    });
    svg += line(sums.slice(0, step + 1).map((s, i) => [chart.X(i), chart.Y(s)]), "error", 1.5) + mark(chart.X(step), chart.Y(sums[step]), "error");
    const lit = { [[1, j, k]]: "weight" };
    if (!step) {
      return {
        svg: network(lit, {}, []) + svg,
        sentence: `No path is added yet. From ${chosen} ${PATHS.length} paths lead to C: over each neuron of the next layer, and from there to each output.`,
      };
    }
    const [q, t] = PATHS[step - 1];
    const cells = factors(j, k, q, t);
    Object.assign(lit, { [[2, q, j]]: "forward", [[3, t, q]]: "forward", [[4, 0, t]]: "forward" });
    const top = shares.reduce((best, share) => (Math.abs(share) > Math.abs(best) ? share : best));
    const times = Math.abs(top / sum);
    const end =
      step < PATHS.length ? `The ${step === 1 ? "first path gives" : `first ${step} add up to`} ${short(sums[step])}` :
        `All ${step} add up to the slope, ${short(sum)}; the largest share, ${short(top)}, has ${short(times)} times its size. That took`;
    return {
      svg: network(lit, {}, [`0,${k}`, `1,${j}`, `2,${q}`, `3,${t}`, "C"]) + row(cells.map(([one, value]) => [one, fixed(value, 2)]), short(shares[step - 1])) + svg,
      sentence:
        `Path ${step} of ${PATHS.length}, ${chosen} → ${name(1, j)} → ${name(2, q)} → ${name(3, t)} → C: its ${cells.length} factors multiply to ${short(shares[step - 1])}. ` +
        `${end}${step < PATHS.length ? ", after" : ""} ${EACH * step} multiplications for one slope.`,
    };
  }

  // backward, neuron by neuron: where each is, what arrives, its slope, and the multiplications so far
  const ORDER = [3, 2, 1].flatMap((l) => Array.from({ length: sizes[l] }, (_, j) => [l, j]));
  const slope = { 3: [], 2: [], 1: [] };
  let work = 0;
  const DONE = ORDER.map(([l, j]) => {
    const arrives = l === 3 ? [miss[j]] : slope[l + 1].map((s, i) => s * at(net[l + 1].w, i, j));
    slope[l][j] = arrives.reduce((total, v) => total + v, 0) * prime[l][j];
    work += l === 3 ? 1 : arrives.length + 1;
    return { l, j, arrives, work };
  });

  function backward({ step, weight: chosen }) {
    const [J, K] = [BELOW.indexOf(chosen[2]), BELOW.indexOf(chosen[3])];
    const count = step <= DONE.length ? (DONE[step - 1]?.work ?? 0) : work + (step === DONE.length + 1 ? 1 : FIRST);
    const [lit, below] = [{ [[1, J, K]]: "weight" }, {}];
    DONE.slice(0, step).forEach(({ l, j }) => (below[[l, j]] = short(slope[l][j], 2)));
    const now = DONE[step - 1];
    const found = slope[1][J] * X.data[K];
    let [svg, heavy, sentence] = ["", [], `Backward begins at C. No slope is known yet, and nothing is multiplied.`];
    if (now) {
      const { l, j, arrives } = now;
      heavy = [`${l},${j}`];
      if (l === 3) lit[[4, 0, j]] = "error";
      else arrives.forEach((_, i) => (lit[[l + 1, i, j]] = "error"));
      svg = row(
        [...arrives.map((v, i) => [l === 3 ? `${name(3, j)}−y${BELOW[j]}` : `by ${name(l + 1, i)}`, short(v, 2)]), ["times σ′", fixed(prime[l][j], 2)]],
        short(slope[l][j]),
      );
      const what = l === 3 ? "the miss a − y, times σ′, makes" : `${arrives.length} slopes, each times the weight of its line, are added; times σ′ that makes`;
      sentence = `Step ${step}: at ${name(l, j)} ${what} ${short(slope[l][j])}, the slope of C along its z.`;
    } else if (step) {
      const all = step > DONE.length + 1;
      for (let j = 0; j < sizes[1]; j++) for (let k = 0; k < sizes[0]; k++) if (all || (j === J && k === K)) lit[[1, j, k]] = "weight";
      heavy = [`0,${K}`, `1,${J}`];
      svg = row([[`at ${name(1, J)}`, short(slope[1][J], 2)], [`times ${name(0, K)}`, fixed(X.data[K], 2)]], short(found));
      sentence = all
        ? `Step ${step}: with one multiplication for each of them, the slopes along all ${FIRST} weights of the first layer are there. Along ${chosen} it is ${short(found)}.`
        : `Step ${step}: the slope at ${name(1, J)} times ${name(0, K)} is the slope along ${chosen}, ${short(found)}, as the paths have it.`;
    }
    const bars = [["path by path", EACH * PATHS.length * FIRST, "forward"], ["backward so far", count, "error"]];
    svg += words(10, 312, `multiplications for ${FIRST} weights`);
    bars.forEach(([label, n, quantity], i) => {
      const top = 336 + 46 * i;
      svg += words(10, top, `${label}: ${grouped(n)}`, { quantity }) + line([[10, top + 14], [10 + (380 * n) / bars[0][1], top + 14]], quantity, 12, "");
    });
    return { svg: network(lit, below, heavy) + svg, sentence: `${sentence} Multiplications so far: ${count}; path by path ${grouped(bars[0][1])}.` };
  }

  return { view: (state) => (state.way === "backward" ? backward(state) : adding(state)) };
};
