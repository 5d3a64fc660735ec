// Two networks learn the same spirals; one lacks a transpose. Data: for each start the points, and for
// both nets the layers [w, b] and the errors of a gradient check after each of the recorded steps.
explorers.views.twins = ({ steps, starts }) => {
  const { line, mark, words, axes, fixed, short } = draw;
  const { matrix, fromRows, at, argmax, forward, ACTIVATIONS, COSTS } = engine;
  const { tanh, identity } = ACTIVATIONS;
  const NETS = [["A", "weight", 12], ["B", "data", 209]];
  const [TOP, SIDE, CELLS, REACH] = [28, 182, 33, 1.2];
  const KINDS = ["forward", "error"];
  const SLOPES = ["w¹", "b¹", "w²", "b²", "w³", "b³"];
  const chart = axes({
    left: 44, top: 252, width: 345, height: 118, x: [0, 300], y: [0.0001, 2], log: [false, true],
    xticks: [0, 100, 200, 300], yticks: [1, 0.1, 0.01, 0.001], xlabel: "step", ylabel: "cost",
  });
  const place = (left, x, y) => [left + (SIDE * (x + REACH)) / 2 / REACH, TOP + (SIDE * (REACH - y)) / 2 / REACH];
  const middle = (i) => ((2 * i + 1) / CELLS - 1) * REACH;
  const cells = matrix(2, CELLS * CELLS, (k, i) => (k ? -middle(Math.floor(i / CELLS)) : middle(i % CELLS)));

  function network(layers) {
    const net = [];
    layers.forEach(([w, b], l) => (net[l + 1] = { w: fromRows(w), b: fromRows(b), sigma: l < 2 ? tanh : identity }));
    return net;
  }
  const outputs = (net, x) => forward(net, x)[1].at(-1);

  // what a start comes to after each recorded step: the cost, and how many points are right
  const known = {};
  function course(start) {
    if (!known[start]) {
      const { points, nets } = starts[start];
      const x = matrix(2, points.length, (k, i) => points[i][k]);
      const y = matrix(2, points.length, (k, i) => (points[i][2] === k ? 1 : 0));
      const after = (layers) => {
        const a = outputs(network(layers), x);
        return { cost: COSTS.softmaxCrossEntropy.f(a, y), right: argmax(a).filter((kind, i) => at(y, kind, i)).length };
      };
      known[start] = { A: nets.A.map(after), B: nets.B.map(after) };
    }
    return known[start];
  }

  // the side that is called a square, row by row
  function shaded(left, net) {
    const kinds = argmax(outputs(net, cells));
    const one = SIDE / CELLS;
    let d = "";
    for (let i = 0; i < CELLS; i++) {
      for (let from = 0, to; from < CELLS; from = to) {
        for (to = from + 1; to < CELLS && kinds[i * CELLS + to] === kinds[i * CELLS + from]; ) to++;
        if (kinds[i * CELLS + from]) d += `M${fixed(left + from * one, 1)} ${fixed(TOP + i * one, 1)}h${fixed((to - from) * one, 1)}v${fixed(one + 0.1, 1)}H${fixed(left + from * one, 1)}z`;
      }
    }
    return `<path d="${d}" fill="var(--figure-grid)"/>`;
  }

  function view({ step, run, check }) {
    const { points, nets, off, wrong } = starts[run];
    const now = steps.indexOf(step);
    const courses = course(run);
    let svg = chart.svg;
    const said = NETS.map(([name, quantity, left], i) => {
      const { cost, right } = courses[name][now];
      svg += words(left, 18, `Net ${name}`, { bold: true, quantity });
      svg += words(left + SIDE, 18, `${right} of ${points.length} right`, { anchor: "end" });
      svg += shaded(left, network(nets[name][now]));
      svg += line([[left, TOP], [left + SIDE, TOP], [left + SIDE, TOP + SIDE], [left, TOP + SIDE], [left, TOP]], "muted", 0.8);
      for (const [x, y, kind] of points) svg += mark(...place(left, x, y), KINDS[kind]).replace(')"', ') scale(.5)"');
      const fall = courses[name].slice(0, now + 1).map(({ cost: c }, k) => [chart.X(steps[k]), chart.Y(Math.max(c, 0.0001))]);
      svg += line(fall, quantity) + mark(...fall.at(-1), quantity);
      svg += mark(318, 264 + 20 * i, quantity) + words(328, 268 + 20 * i, `net ${name}`, { quantity });
      return `net ${name} has ${right} of ${points.length} points right at cost ${cost < 0.001 ? "below 0.001" : fixed(cost, 3)}`;
    });
    const open = check === "open";
    const cell = (name, k) => (off[name][now][k] > 1e-5 ? `<strong>${short(Number(off[name][now][k]), 2)}</strong>` : "below 10⁻⁵");
    const row = (slope, k) => `<tr><th>along ${slope}</th><td>${cell("A", k)}</td><td>${cell("B", k)}</td></tr>`;
    const verdict = open
      ? `The check finds the slopes of net ${wrong} along w¹ and b¹ off by ${SLOPES.slice(0, 2).map((_, k) => short(Number(off[wrong][now][k]), 2)).join(" and ")} of their length, all others of both nets by less than 10⁻⁵: net ${wrong} lacks the transpose.`
      : "The gradient check is closed.";
    return {
      svg,
      table: open
        ? `<table><thead><tr><th>relative error</th><th>net A</th><th>net B</th></tr></thead><tbody>${SLOPES.map(row).join("")}</tbody></table>`
        : "",
      sentence: `Start ${run}, step ${step}: ${said.join(", ")}. The shaded side is called a square. ${verdict}`,
    };
  }

  return { view };
};
