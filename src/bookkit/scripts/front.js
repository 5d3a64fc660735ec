// A network of three hidden neurons is trained on six points that can be dragged. Data: its first
// weights and Adam's rate. What a step has computed is kept for as long as the points stay.
explorers.views.front = ({ w1, w2, rate }) => {
  const { line, mark, words, axes, edge, neuron, short, fixed, minus } = draw;
  const { fromRows, at, matrix, forward, backprop, outputError, hiddenError, COSTS, ACTIVATIONS } = engine;
  const { tanh, identity } = ACTIVATIONS;
  const [POINTS, HIDDEN] = [[0, 1, 2, 3, 4, 5], [0, 1, 2]];
  const PARTS = ["forward", "BP1", "BP2", "BP3 and BP4", "update"];
  const LOW = "₁₂₃";
  const [chapter, adam] = ["09_four_equations.html#equation-eq-", engine.adam()];
  const plot = axes({
    left: 44, top: 28, width: 345, height: 190, x: [-1.1, 1.1], y: [-1.25, 1.25],
    xticks: [-1, -0.5, 0, 0.5, 1], yticks: [-1, -0.5, 0, 0.5, 1], xlabel: "input x",
  });
  const [INPUT, ONE, OUTPUT, OUTPUT_ONE] = [[48, 330], [48, 420], [352, 375], [352, 305]];
  const PLACES = [[200, 311], [200, 375], [200, 439]];

  const num = (v) => fixed(Number(v.toFixed(3)), 3); // no −0.000
  const factor = (v) => (v < 0 ? `(${num(v)})` : num(v));
  const named = (letter, l, j) => `<i>${letter}</i>${"⁰¹²"[l]}<sub>${j}</sub>`;
  const slope = (of) => `∂<i>C</i>/∂${of}`;

  let ran = {};
  function after(step, xs, ys) {
    const key = [...xs, ...ys].join();
    if (ran.key !== key) {
      const network = [, { w: fromRows(w1), b: matrix(3, 1, () => 0), sigma: tanh }, { w: fromRows(w2), b: matrix(1, 1, () => 0), sigma: identity }];
      ran = { key, networks: [network], gradients: [], states: engine.start(network, adam) };
    }
    const { networks, gradients } = ran;
    while (networks.length <= step + 1) { // one more: the update that comes next
      const gradient = backprop(networks.at(-1), fromRows([xs]), fromRows([ys]), COSTS.quadratic);
      const [next, states] = engine.step(networks.at(-1), gradient, ran.states, rate, adam);
      gradients.push(gradient);
      networks.push(next);
      ran.states = states;
    }
    return [networks[step], gradients[step], networks[step + 1]];
  }

  function curve(network, outputs, worst, xs, ys, sample) {
    const grid = matrix(1, 111, (_, i) => -1.1 + i / 50);
    const runs = [[]]; // what leaves the axes is left out
    forward(network, grid)[1][2].data.forEach((a, i) =>
      Math.abs(a) <= 1.25 ? runs.at(-1).push([plot.X(grid.data[i]), plot.Y(a)]) : runs.at(-1).length && runs.push([]));
    const shows = Math.abs(outputs[worst] - ys[worst]) > 0.15; // else the point hides the mark
    const Y = (a) => plot.Y(Math.min(Math.max(a, -1.25), 1.25));
    let svg = plot.svg + words(14, 14, "solid: the network’s curve; dashed: what it misses" + (shows ? "; ■ the most" : "")) +
      runs.map((run) => (run.length > 1 ? line(run, "forward", 2.5) : "")).join("");
    for (const i of POINTS) svg += line([[plot.X(xs[i]), plot.Y(ys[i])], [plot.X(xs[i]), Y(outputs[i])]], "error");
    if (shows) svg += mark(plot.X(xs[worst]), Y(outputs[worst]), "error");
    for (const i of POINTS) svg += neuron([plot.X(xs[i]), plot.Y(ys[i])], i + 1, "data", i === sample, 9.5);
    return svg;
  }

  // One pass for one point alone, in the words of chapter 9.
  function pass(network, x, y) {
    const [z, a] = forward(network, fromRows([[x]]));
    const delta2 = outputError(COSTS.quadratic.df(a[2], fromRows([[y]])), matrix(1, 1, identity.prime));
    const delta1 = hiddenError(network[2].w, delta2, matrix(3, 1, (j) => tanh.prime(z[1].data[j])));
    return { z: z[1].data, a: a[1].data, out: a[2].data[0], delta2: delta2.data[0], delta1: delta1.data };
  }

  function diagram(network, next, { a, out, delta1, delta2 }, x, j, part, title) {
    const [one, two] = [network[1], network[2]];
    const most = Math.max(...[one.w, one.b, two.w, two.b].flatMap(({ data }) => [...data]).map(Math.abs));
    const [forwards, first, back, slopes, update] = PARTS.map((name) => name === part);
    const color = forwards ? "forward" : first || back ? "error" : "weight";
    const draws = (from, to, w, lit) => edge(from, to, w / most, lit ? color : "muted", lit);
    const all = forwards || update;
    let svg = words(14, 276, title, { quantity: color, bold: true });
    for (const k of HIDDEN) {
      svg += draws(INPUT, PLACES[k], one.w.data[k], all || (slopes && k === j)) +
        draws(ONE, PLACES[k], one.b.data[k], all || (slopes && k === j)) +
        draws(PLACES[k], OUTPUT, two.w.data[k], all || (back && k === j));
    }
    svg += draws(OUTPUT_ONE, OUTPUT, two.b.data[0], all);
    const on = ([px, py], [qx, qy], text, t = 0.3) => words(px + t * (qx - px), py + t * (qy - py) - 7, text, { quantity: color, anchor: "middle" });
    if (slopes) svg += on(INPUT, PLACES[j], num(delta1[j] * x)) + on(ONE, PLACES[j], num(delta1[j]));
    if (update) svg += on(INPUT, PLACES[j], "→ " + num(next[1].w.data[j])) + on(ONE, PLACES[j], "→ " + num(next[1].b.data[j]));
    if (back) svg += on(PLACES[j], OUTPUT, num(two.w.data[j]), 0.5);
    const body = (place, name, lit, value, of = "") =>
      neuron(place, name, lit ? color : "muted", lit) + (value === undefined ? "" : words(place[0], place[1] + 31, of + num(value), { quantity: color, anchor: "middle" }));
    svg += body(INPUT, "x", forwards, forwards || slopes ? x : undefined) + body(ONE, "1") + body(OUTPUT_ONE, "1");
    for (const k of HIDDEN) {
      const value = forwards ? a[k] : back || (slopes && k === j) ? delta1[k] : undefined;
      svg += `<g data-set="neuron=${k + 1}">${body(PLACES[k], `a¹${LOW[k]}`, forwards || (k === j && !first), value, forwards ? "" : `δ¹${LOW[k]} = `)}</g>`;
    }
    return svg + body(OUTPUT, "a²₁", forwards || first || back, forwards ? out : first || back ? delta2 : undefined, forwards ? "" : "δ²₁ = ");
  }

  function rows(network, gradient, next, { z, a, out, delta1, delta2 }, x, y, j, part) {
    const [w, b, back, J] = [network[1].w.data[j], network[1].b.data[j], network[2].w.data[j], j + 1];
    const [W, B, D, E] = [named("w", 1, `${J}1`), named("b", 1, J), named("δ", 1, J), named("δ", 2, 1)];
    const mean = (v) => `the mean of all six: ${num(v)}`;
    const moved = (name, of) => `${name}: ${num(network[1][of].data[j])} → ${num(next[1][of].data[j])}`;
    return [
      ["forward", 0, `${named("z", 1, J)} = ${W} <i>x</i> + ${B}`, `= ${factor(w)} · ${factor(x)} + ${factor(b)} = ${num(z[j])}`,
        `${named("a", 1, J)} = tanh ${named("z", 1, J)} = ${num(a[j])}`, `with the others: ${named("a", 2, 1)} = ${num(out)}`],
      ["BP1", 1, `${E} = (${named("a", 2, 1)} − <i>y</i>) <i>σ</i>′(${named("z", 2, 1)})`, `= (${num(out)} − ${factor(y)}) · 1 = ${num(delta2)}`],
      ["BP2", 2, `${D} = ${named("w", 2, `1${J}`)} ${E} <i>σ</i>′(${named("z", 1, J)})`, `= ${factor(back)} · ${factor(delta2)} · ${num(tanh.prime(z[j]))} = ${num(delta1[j])}`],
      ["BP3", 3, `${slope(B)} = ${D} = ${num(delta1[j])}`, mean(gradient.b[1].data[j])],
      ["BP4", 3, `${slope(W)} = ${D} <i>x</i> = ${num(delta1[j] * x)}`, mean(gradient.w[1].data[j])],
      ["update", 4, moved(W, "w"), moved(B, "b")],
    ].map(([name, of, ...lines]) => {
      const label = name[0] === "B" ? `<a href="${chapter}${name.toLowerCase()}">${name}</a>` : name;
      const lit = PARTS[of] === part ? ' aria-current="step"' : "";
      return `<tr data-set="part=${PARTS[of]}"${lit}><th scope="row">${label}</th><td>${lines.join("<br>")}</td></tr>`;
    }).join("");
  }

  function view(state) {
    const { step, part } = state;
    const [xs, ys] = ["x", "y"].map((axis) => POINTS.map((i) => state[axis + (i + 1)]));
    const [sample, j] = [state.sample - 1, state.neuron - 1];
    const [network, gradient, next] = after(step, xs, ys);
    const outputs = [...forward(network, fromRows([xs]))[1][2].data];
    const misses = outputs.map((a, i) => a - ys[i]);
    const far = misses.map(Math.abs);
    const worst = far.indexOf(Math.max(...far));
    const cost = COSTS.quadratic.f(fromRows([outputs]), fromRows([ys]));
    const one = pass(network, xs[sample], ys[sample]);
    const title = {
      forward: `forward: point ${state.sample} goes in, ${num(one.out)} comes out`,
      BP1: `BP1: the error δ²₁ of the output, at point ${state.sample}`,
      BP2: `BP2: point ${state.sample}’s error goes back through w²₁${LOW[j]}`,
      "BP3 and BP4": `BP3, BP4: slopes of neuron ${j + 1}’s bias and weight`,
      update: "update: Adam moves all ten parameters",
    }[part];
    const met = far.filter((miss) => miss < 0.05).length;
    const handles = {};
    for (const i of POINTS) {
      const n = i + 1;
      handles[n] = { x: plot.X(xs[i]), y: plot.Y(ys[i]), label: `point ${n}: x, y`, fields: ["x" + n, "y" + n], step: 0.05 };
    }
    return {
      svg: curve(network, outputs, worst, xs, ys, sample) + diagram(network, next, one, xs[sample], j, part, title),
      sentence:
        `${step ? `After step ${step}` : "Before the first step"} the cost is ${cost < 0.0001 ? "under 0.0001" : short(cost, 2)}. ` +
        `The curve passes ${met < 6 ? ["none", "one", "two", "three", "four", "five"][met] + " of the" : "all"} six points within 0.05. ` +
        (far[worst] < 0.001 ? "It misses none by 0.001 or more." : `It misses point ${worst + 1} most: at x = ${minus(xs[worst])} it is ${short(far[worst], 2)} too ${misses[worst] < 0 ? "low" : "high"}.`) +
        ` Lit in the network: ${title}.`,
      table:
        `<table><caption>Point ${state.sample} alone (<i>x</i> = ${minus(xs[sample])}, <i>y</i> = ${minus(ys[sample])}), at neuron ${j + 1}, rounded</caption>` +
        `<tbody>${rows(network, gradient, next, one, xs[sample], ys[sample], j, part)}</tbody></table>`,
      handles,
    };
  }

  return {
    view,
    drag: (n, x, y) => ({ ["x" + n]: Number(plot.x(x).toFixed(2)), ["y" + n]: Number(plot.y(y).toFixed(2)), sample: Number(n) }),
  };
};
