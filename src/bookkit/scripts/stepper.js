// A backward pass, one equation after the other. A neuron can be pushed, so that its error is seen as the
// slope of a curve; a mistake can be planted. Data: the layers, the sample x, y.
// The state has neuron, and zoom and share (a push), or step and mistake (the pass).
explorers.views.stepper = ({ layers, x, y }) => {
  const { line, mark, words, axes, edge, neuron: circle, fixed, short } = draw;
  const { fromRows, matrix, transpose, entrywise, dot, at, forward, COSTS, ACTIVATIONS } = engine;
  const { outputError, hiddenError, biasGradient, weightGradient } = engine;
  const { f: costOf, df } = COSTS.quadratic;
  const [ABOVE, BELOW, LETTERS] = ["⁰¹²", "₁₂₃", ["x", "z¹", "z²"]];

  const net = [];
  layers.forEach(({ w, b, sigma }, i) => (net[i + 1] = { w: fromRows(w), b: fromRows(b), sigma: ACTIVATIONS[sigma] }));
  const [X, Y] = [fromRows(x), fromRows(y)];
  const [z, a] = forward(net, X);
  const C = costOf(a[2], Y);
  const sizes = [X.rows, net[1].w.rows, net[2].w.rows];
  const PLACE = sizes.map((n, l) => Array.from({ length: n }, (_, j) => [62 + 140 * l, 130 + 84 * (j - (n - 1) / 2)]));
  const LARGEST = Math.max(...net.flatMap(({ w }) => [...w.data.map(Math.abs)]));
  const ACROSS = { left: 80, width: 296 }; // the chart; its pushes go from -view to view
  const name = (l, j) => LETTERS[l] + BELOW[j];
  const found = (neuron) => [ABOVE.indexOf(neuron[1]), BELOW.indexOf(neuron[2])];

  const changed = (A, i, j, by) => matrix(A.rows, A.cols, (r, c) => at(A, r, c) + (r === i && c === j ? by : 0));

  // what layers l … 2 become when the z of layer l is what is given
  function goOn(l, zl) {
    const [zs, as] = [[], []];
    for (let n = l; n <= 2; n++) {
      zs[n] = n === l ? zl : entrywise((one, b) => one + b, dot(net[n].w, as[n - 1]), net[n].b);
      as[n] = entrywise(net[n].sigma.f, zs[n]);
    }
    return [zs, as];
  }
  const costAfter = (l, j, push) => costOf(goOn(l, changed(z[l], j, 0, push))[1][2], Y);

  // Central differences: of the cost along each z, and along each parameter.
  const H = 1e-5;
  const bySteps = (A, costWith) =>
    matrix(A.rows, A.cols, (i, j) => (costWith(changed(A, i, j, H)) - costWith(changed(A, i, j, -H))) / (2 * H));
  const along = (l, what) =>
    bySteps(net[l][what], (A) => costOf(forward(net.map((layer, n) => (n === l ? { ...layer, [what]: A } : layer)), X)[1][2], Y));
  const TRUE = { delta: [, bySteps(z[1], (zl) => costOf(goOn(1, zl)[1][2], Y)), bySteps(z[2], (zl) => costOf(goOn(2, zl)[1][2], Y))] };
  for (const what of ["w", "b"]) TRUE[what] = [, along(1, what), along(2, what)];

  function network({ values, below, lit, heavy }) {
    let svg = "";
    for (const l of [1, 2]) {
      for (let j = 0; j < sizes[l]; j++) {
        for (let k = 0; k < sizes[l - 1]; k++) {
          const flows = lit[`${l - 1},${k}`] === "error" && heavy === `${l - 1},${k}`;
          svg += edge(PLACE[l - 1][k], PLACE[l][j], at(net[l].w, j, k) / LARGEST, flows ? "forward" : "muted", flows);
        }
      }
    }
    PLACE.forEach((column, l) =>
      column.forEach(([px, py], j) => {
        const key = `${l},${j}`;
        const drawn =
          circle([px, py], name(l, j), lit[key] ?? "muted", key === heavy) +
          words(px, py - 22, values[key] ?? "", { anchor: "middle", quantity: lit[key] === "error" && key === heavy ? "error" : "ink" }) +
          words(px, py + 31, below[key] ?? "", { anchor: "middle", quantity: lit[key] ?? "ink" });
        svg += l ? `<g data-set="neuron=${name(l, j)}">${drawn}</g>` : drawn;
      }),
    );
    return svg;
  }

  // The change of the cost over pushes of one neuron, and the tangent of a slope.
  function curve(l, j, view, slope, top) {
    const pushes = Array.from({ length: 49 }, (_, i) => view * (i / 24 - 1));
    const heights = pushes.map((push) => costAfter(l, j, push) - C);
    const most = Math.max(...heights.map(Math.abs), Math.abs(TRUE.delta[l].data[j]) * view, Math.abs(slope ?? 0) * view);
    const tick = Number((0.8 * most).toPrecision(1));
    const chart = axes({
      ...ACROSS, top, height: 140, x: [-view, view], y: [-1.1 * most, 1.1 * most],
      xticks: [-view, 0, view], yticks: [-tick, 0, tick], xlabel: `push Δz of ${name(l, j)}`, ylabel: "change of the cost",
    });
    const over = (f) => pushes.map((push, i) => [chart.X(push), chart.Y(f(push, i))]);
    const tangent = slope === undefined ? "" : line(over((push) => slope * push), "error");
    return { ...chart, svg: chart.svg + line(over((_, i) => heights[i]), "forward") + tangent };
  }

  function pushed({ neuron, zoom, share }) {
    const [l, j] = found(neuron);
    const [push, slope] = [share * zoom, TRUE.delta[l].data[j]];
    const [zs, as] = goOn(l, changed(z[l], j, 0, push));
    const [values, below, lit] = [{}, {}, { [`${l},${j}`]: "error" }];
    sizes.forEach((n, layer) => {
      for (let i = 0; i < n; i++) {
        const key = `${layer},${i}`;
        if (layer) values[key] = `z = ${fixed((zs[layer] ?? z[layer]).data[i], 2)}`;
        below[key] = layer ? `a = ${fixed((as[layer] ?? a[layer]).data[i], 4)}` : short(X.data[i]);
        if (layer > l) lit[key] = "forward";
      }
    });
    const chart = curve(l, j, zoom, slope, 292);
    const change = costAfter(l, j, push) - C;
    const dot = [chart.X(push), chart.Y(change)];
    const old = z[l].data[j];
    const tangent = `the tangent says ${fixed(slope, 4)}`;
    return {
      svg:
        network({ values, below, lit, heavy: `${l},${j}` }) + chart.svg + mark(...dot, "forward") +
        words(296, 283, `slope of the tangent: ${fixed(slope, 4)}`, { quantity: "error", anchor: "middle" }),
      sentence: share
        ? `${neuron} is pushed by ${short(push)}, from ${fixed(old, 4)} to ${fixed(old + push, 4)}: the cost ` +
          `${change > 0 ? "rises" : "falls"} by ${short(Math.abs(change))}. For each unit of the push that is ${fixed(change / push, 4)}; ${tangent}.`
        : `${neuron} is not pushed, and the cost is ${fixed(C, 4)}. Of a small push ${tangent} for each unit.`,
      handles: { push: { x: dot[0], y: dot[1], label: `push of ${neuron}, as a part of the view`, fields: ["share"], step: 0.05 } },
    };
  }

  const SAID = [
    "The sample waits at the input.", "Forward: the hidden activations.", `Forward: the outputs, and the cost ${fixed(C, 4)}.`,
    "BP1: the errors of the outputs.", "BP2: the errors one layer back.",
    "BP3: the slopes along the biases are these errors.", "BP4: the slopes along the weights, error times activation.",
  ];
  const bare = (A) => entrywise(() => 1, A);

  // the six results, [name, from which step, what was found, what is true]; found is missing where a product fails
  function results(mistake) {
    const slope = (l, lost) => (mistake === lost ? bare(z[l]) : entrywise(net[l].sigma.prime, z[l]));
    const delta = [, undefined, outputError(df(a[2], Y), slope(2, "σ′ lost in BP1"))];
    const w2 = mistake === "ᵀ lost in BP2" ? transpose(net[2].w) : net[2].w; // BP2 turns it back
    if (w2.cols === net[1].w.rows && w2.rows === delta[2].rows) delta[1] = hiddenError(w2, delta[2], slope(1, "σ′ lost in BP2"));
    const carried = [X, mistake === "z for a in BP4" ? z[1] : a[1]];
    const each = (f) => [2, 1].map((l) => delta[l] && f(l));
    const [d2, d1] = each((l) => delta[l]);
    const [b2, b1] = each((l) => biasGradient(delta[l]));
    const [v2, v1] = each((l) => weightGradient(delta[l], carried[l - 1]));
    return [
      ["δ²", 3, d2, TRUE.delta[2]], ["δ¹", 4, d1, TRUE.delta[1]], ["∂C/∂b²", 5, b2, TRUE.b[2]],
      ["∂C/∂b¹", 5, b1, TRUE.b[1]], ["∂C/∂w²", 6, v2, TRUE.w[2]], ["∂C/∂w¹", 6, v1, TRUE.w[1]],
    ];
  }

  // a result agrees to a millionth of its largest entry, far beyond what differences lose
  const agrees = (A, B) => A.data.every((v, i) => Math.abs(v - B.data[i]) <= 1e-6 * Math.max(...B.data.map(Math.abs)));
  const rowsOf = (A) =>
    Array.from({ length: A.cols > 1 ? A.rows : 1 }, (_, i) =>
      `(${[...(A.cols > 1 ? A.data.slice(i * A.cols, (i + 1) * A.cols) : A.data)].map((v) => fixed(v, 3)).join(", ")})`);

  function passed({ step, mistake, neuron }) {
    const all = results(mistake);
    const known = all.filter(([, from]) => from <= step);
    const delta = { 2: step > 2 ? all[0][2] : undefined, 1: step > 3 ? all[1][2] : undefined };
    const [l, j] = found(neuron);
    const [values, below, lit] = [{}, {}, {}];
    const now = { 1: 1, 2: 2, 3: 2, 4: 1 }[step];
    sizes.forEach((n, layer) => {
      for (let i = 0; i < n; i++) {
        const key = `${layer},${i}`;
        if (layer) values[key] = step >= layer ? `z ${fixed(z[layer].data[i], 2)}` : "z ?";
        below[key] = layer ? `δ ${delta[layer] ? fixed(delta[layer].data[i], 3) : "?"}` : short(X.data[i]);
        if (layer === now) lit[key] = step < 3 ? "forward" : "error";
      }
    });
    const heavy = `${l},${j}`;
    lit[heavy] ??= "ink";
    const slope = delta[l]?.data[j];
    const chart = curve(l, j, 0.5, slope, 292);
    const failed = step > 3 && !all[1][2];
    const wrong = known.filter(([, , got, is]) => got && !agrees(got, is)).map(([one]) => one);
    const touches = slope !== undefined && Math.abs(slope - TRUE.delta[l].data[j]) <= 1e-6 * Math.abs(TRUE.delta[l].data[j]);
    const verdict =
      (!known.length ? "No slope is known yet." : wrong.length ? `Wrong: ${wrong.join(", ")}.` : `${failed ? "What there is agrees" : "All agree"} with central differences.`) +
      (failed ? " BP2 stops: w² is (2, 3) and δ² is (2, 1), and w²δ² does not exist." : "");
    const tangent =
      slope === undefined ? "" : ` The line with the slope δ = ${fixed(slope, 3)} ${touches ? "touches" : "misses"} the curve of ${neuron}` +
        `${touches ? "" : `, whose slope at 0 is ${fixed(TRUE.delta[l].data[j], 3)}`}.`;
    const row = ([one, from, got, is]) => {
      const [shown, sign] = from > step || !got ? ["?", ""] : [rowsOf(got).join("<br>"), agrees(got, is) ? "=" : "✗"];
      const lost = sign === "✗" ? rowsOf(is).join("<br>") : sign;
      return `<tr><th scope="row">${one}</th><td>(${is.rows}, ${is.cols})</td><td>${shown}</td><td>${sign === "✗" ? "✗ " : ""}${lost}</td></tr>`;
    };
    return {
      svg: network({ values, below, lit, heavy }) + chart.svg +
        words(296, 283, slope === undefined ? "δ: not known yet" : `line of slope δ = ${fixed(slope, 3)}`, { quantity: "error", anchor: "middle" }),
      sentence: `Step ${step}. ${SAID[step]} ${verdict}${tangent} Planted: ${mistake}.`,
      table: `<table><thead><tr><th>result</th><th>shape</th><th>found</th><th>by differences</th></tr></thead><tbody>${all.map(row).join("")}</tbody></table>`,
    };
  }

  return {
    view: (state) => (state.step === undefined ? pushed(state) : passed(state)),
    drag: (handle, px) => ({ share: Number(((2 * (px - ACROSS.left)) / ACROSS.width - 1).toFixed(2)) }),
  };
};
