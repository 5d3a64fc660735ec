// Two costs of one sigmoid output, over the output a and over its z, each with its tangent at the output.
explorers.views.slope = () => {
  const { line, mark, words, axes, fixed, short } = draw;
  const { fromRows, ACTIVATIONS, COSTS } = engine;
  const { sigmoid } = ACTIVATIONS;
  const zOf = (a) => Math.log(a / (1 - a));
  const one = (v) => fromRows([[v]]);

  // each takes z; its slope in a is that in z without the factor sigma'
  const KINDS = [
    ["quadratic", "forward", 0, [0, 0.25, 0.5], 0.56,
      (z, y) => COSTS.quadratic.f(one(sigmoid.f(z)), one(y)),
      (z, y) => COSTS.quadratic.df(one(sigmoid.f(z)), one(y)).data[0] * sigmoid.prime(z)],
    ["cross-entropy", "error", 196, [0, 3, 6], 7.4,
      (z, y) => COSTS.sigmoidCrossEntropy.f(one(z), one(y)),
      (z, y) => COSTS.sigmoidCrossEntropy.df(one(z), one(y)).data[0]],
  ];
  const panels = KINDS.map(([, , shift, yticks, high]) => {
    const box = { left: 44 + shift, width: 150, height: 118, y: [0, high], yticks };
    return [
      axes({ ...box, top: 46, x: [0, 1], xticks: [0, 0.5, 1], xlabel: "output a" }),
      axes({ ...box, top: 242, x: [-7.3, 7.3], xticks: [-6, 0, 6], xlabel: "weighted input z" }),
    ];
  });
  const zs = Array.from({ length: 147 }, (_, i) => -7.3 + 0.1 * i);

  // a piece of the tangent, 44 units to either side as far as the panel goes
  function tangent(panel, box, x, y, slope) {
    const [px, py] = [panel.X(x), panel.Y(y)];
    const [dx, dy] = [panel.X(x + 1) - px, panel.Y(y + slope) - py];
    const long = Math.hypot(dx, dy);
    const reach = (along) => {
      const [ux, uy] = [(along * dx) / long, (along * dy) / long];
      const room = [ux > 0 ? (box.right - px) / ux : ux < 0 ? (box.left - px) / ux : 44, uy > 0 ? (box.bottom - py) / uy : uy < 0 ? (box.top - py) / uy : 44];
      const far = Math.max(Math.min(44, ...room), 0);
      return [px + far * ux, py + far * uy];
    };
    return line([reach(-1), reach(1)], "weight", 3);
  }

  function view({ output, target }) {
    const z = zOf(output);
    const bend = sigmoid.prime(z);
    let svg = "";
    const handles = {};
    const found = KINDS.map(([name, quantity, shift, , high, cost, slope], i) => {
      const [overA, overZ] = panels[i];
      const [c, inZ] = [cost(z, target), slope(z, target)];
      const inA = inZ / bend;
      const left = 44 + shift;
      svg += words(left, 18, `${name} cost`.replace("entropy cost", "entropy"), { bold: true, quantity }) + overA.svg + overZ.svg;
      svg += line(zs.map((t) => [overA.X(sigmoid.f(t)), overA.Y(Math.min(cost(t, target), high))]), quantity);
      svg += line(zs.map((t) => [overZ.X(t), overZ.Y(Math.min(cost(t, target), high))]), quantity);
      svg += tangent(overA, { left, right: left + 150, top: 46, bottom: 164 }, output, c, inA) + mark(overA.X(output), overA.Y(c), quantity);
      svg += tangent(overZ, { left, right: left + 150, top: 242, bottom: 360 }, z, c, inZ);
      handles[name] = { x: overZ.X(z), y: overZ.Y(c), label: `output, on the ${name} cost`, fields: ["output"], step: 0.05 };
      return { c, inA, inZ };
    });
    const row = (name, ...two) => `<tr><th>${name}</th>${two.map((v) => `<td>${short(v)}</td>`).join("")}</tr>`;
    const [q, x] = found;
    return {
      svg,
      table:
        "<table><thead><tr><th>number</th><th>quadratic</th><th>cross-entropy</th></tr></thead><tbody>" +
        `${row("cost", q.c, x.c)}${row("slope in a", q.inA, x.inA)}${row("× σ′(z)", bend, bend)}${row("= slope in z", q.inZ, x.inZ)}</tbody></table>`,
      sentence:
        `Target ${short(target)}, output ${short(output)}, so z = ${fixed(z, 2)} and σ′(z) = ${short(bend)}. ` +
        `Quadratic cost ${short(q.c)}: slope in z ${short(q.inZ)}. Cross-entropy ${short(x.c)}: slope in z ${short(x.inZ)}.`,
      handles,
    };
  }

  const drag = (name, x) => ({ output: Number(sigmoid.f(panels[name === "quadratic" ? 0 : 1][1].x(x)).toFixed(4)) });
  return { view, drag };
};
