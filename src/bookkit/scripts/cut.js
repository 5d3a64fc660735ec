// One neuron with two inputs cuts the plane. The line and the arrow can be dragged; of the gates those
// are lit that the line can make as the arrow stands. Data: the names of the 16 gates; gate k answers
// the rows 00, 01, 10, 11 with the binary digits of k.
explorers.views.cut = ({ gates }) => {
  const { line, mark, words, axes, minus } = draw;
  const ROWS = [[0, 0], [0, 1], [1, 0], [1, 1]];
  const SUMS = ["b", "w₂ + b", "w₁ + b", "w₁ + w₂ + b"];
  const LEAST = 0.3; // the arrow of a weight vector of length n is 0.3 (n + 1) long
  const [LOW, HIGH] = [-0.6, 1.6];
  const plane = axes({
    left: 40, top: 22, width: 200, height: 200, x: [LOW, HIGH], y: [LOW, HIGH],
    xticks: [0, 1], yticks: [0, 1], xlabel: "x₁", ylabel: "x₂",
  });
  const wanted = (gate) => ROWS.map((_, row) => (gates.indexOf(gate) >> (3 - row)) & 1);
  const tenth = (value) => Math.round(value * 10) / 10 || 0; // the sliders have tenths: nothing else is meant
  const inside = (v) => Math.min(Math.max(v, LOW + 0.1), HIGH - 0.1);
  const answered = (sums) => parseInt(sums.map((z) => Number(z > 0)).join(""), 2);

  // every gate that these weights make with some b: the cut lies below a corner, or at one
  function lit({ w1, w2 }) {
    const sums = ROWS.map(([p, q]) => tenth(w1 * p + w2 * q));
    return new Set([...sums.map((s) => answered(sums.map((z) => z - s))), 15]);
  }

  // Where the arrow stands: on the point of the cut that is nearest to the middle (½, ½), or beside it
  // where a handle would cover a corner or its sign; inside the picture even where the cut is not.
  function stand({ w1, w2, b }) {
    const size = Math.hypot(w1, w2);
    const [ux, uy] = size ? [w1 / size, w2 / size] : [0, 1];
    const d = size ? ((w1 + w2) / 2 + b) / size : 0;
    const length = LEAST * (1 + size);
    let first;
    for (let i = 0; i <= 60; i++) {
      const t = 0.02 * (i % 2 ? (i + 1) / 2 : -i / 2);
      let foot = [inside(0.5 - d * ux) - t * uy, inside(0.5 - d * uy) + t * ux].map(inside);
      const tip = [foot[0] + length * ux, foot[1] + length * uy].map(inside);
      if (Math.hypot(tip[0] - foot[0], tip[1] - foot[1]) < LEAST) foot = [tip[0] - LEAST * ux, tip[1] - LEAST * uy];
      first ??= { size, foot, tip, d: (0.5 - foot[0]) * ux + (0.5 - foot[1]) * uy, length };
      const clear = [foot, tip].every(([x, y]) => ROWS.every(([p, q]) => [p, p - 0.17].every((at) => Math.hypot(x - at, y - q) > 0.18)));
      if (clear) return { ...first, foot, tip };
    }
    return first;
  }

  // the part of the square where z is above 0, corner by corner, and the two ends of the cut
  function firing({ w1, w2, b }) {
    const square = [[LOW, LOW], [HIGH, LOW], [HIGH, HIGH], [LOW, HIGH]];
    const z = ([x, y]) => w1 * x + w2 * y + b;
    const [part, ends] = [[], []];
    square.forEach((p, i) => {
      const q = square[(i + 1) % 4];
      if (z(p) > 0) part.push(p);
      if (z(p) > 0 !== z(q) > 0) {
        const t = z(p) / (z(p) - z(q));
        const end = [p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])];
        part.push(end);
        ends.push(end);
      }
    });
    return { part, ends };
  }

  // its head stands before the handle at its tip, where there is room for one
  function arrow([x, y], [X, Y]) {
    const far = Math.hypot(X - x, Y - y) || 1;
    const place = (along, across) => `${X - ((X - x) * along - (Y - y) * across) / far} ${Y - ((Y - y) * along + (X - x) * across) / far}`;
    return line([[x, y], [X, Y]], "forward", 3) + `<path d="M${place(8, 0)}L${place(19, 6)}L${place(19, -6)}z" fill="var(--figure-forward)"/>`;
  }

  // a gate as its four corners, filled where it answers 1
  function small(k, x, y, { now, goal, has }) {
    const dots = ROWS.map(([p, q], row) => {
      const one = (k >> (3 - row)) & 1;
      return `<circle cx="${x + 10 + 14 * p}" cy="${y + 28 - 14 * q}" r="${has ? 5 : 3}" fill="var(--figure-${one ? (has ? "forward" : "muted") : "paper"})" stroke="var(--figure-${has ? "forward" : "muted"})"/>`;
    });
    const frame = `<rect x="${x}" y="${y}" width="41" height="42" rx="4" fill="var(--figure-paper)" stroke="var(--figure-${now ? "forward" : goal ? "ink" : "grid"})" stroke-width="${now || goal ? 2.5 : 1}"${goal && !now ? ' stroke-dasharray="4 3"' : ""}/>`;
    const said = now ? words(x + 30.5, y + 25, "✓", { bold: true }) : "";
    return `<g data-set="gate=${gates[k]}"><title>${gates[k]}</title>${frame}${dots.join("")}${said}</g>`;
  }

  function view(state) {
    const { gate, w1, w2, b } = state;
    const sums = ROWS.map(([p, q]) => tenth(w1 * p + w2 * q + b));
    const answers = sums.map((z) => Number(z > 0));
    const goal = wanted(gate);
    const holds = answers.map((a, row) => a === goal[row]);
    const right = holds.filter(Boolean).length;
    const now = answered(sums);
    const made = lit(state);

    const { size, foot, tip } = stand(state);
    const { part, ends } = firing(state);
    const at = ([x, y]) => [plane.X(x), plane.Y(y)];
    let svg = `<path d="M${part.map((p) => at(p).map((v) => v.toFixed(1)).join(" ")).join("L") || "0 0"}z" fill="var(--figure-forward)" opacity="0.15"/>` + plane.svg;
    if (ends.length) svg += line(ends.map(at), "weight");
    const [from, to] = [at(foot), at(tip)];
    if (size) svg += arrow(from, to);
    ROWS.forEach((corner, row) => {
      const [x, y] = at(corner);
      svg += mark(x, y, goal[row] ? "truth" : "data") + words(x - 10, y + 4, holds[row] ? "✓" : "✗", { anchor: "end", quantity: holds[row] ? "ink" : "error", size: 14, bold: true });
    });
    const key = [["truth", "wants 1"], ["data", "wants 0"]].map(([q, text], i) => mark(264, 72 + 22 * i, q) + words(276, 76 + 22 * i, text));
    svg += words(256, 36, "wanted:") + words(256, 53, gate, { bold: true }) + key.join("") +
      words(256, 128, "✓ answered so") + words(256, 150, "tinted: it fires") + words(256, 182, `${right} of 4 right`, { bold: true, size: 14 });
    svg += words(40, 284, `lit: the ${made.size} of 16 gates that b alone can make`, { bold: true });
    gates.forEach((_, k) => (svg += small(k, 40 + 45 * (k % 8), 292 + 46 * (k >> 3), { now: k === now, goal: gates[k] === gate, has: made.has(k) })));

    const ties = ROWS.filter((_, row) => sums[row] === 0).map((row) => row.join(""));
    const tie = ties.length ? ` At ${ties.join(", ")} z is 0, and the answer 0.` : "";
    const flat = size ? "" : " Both weights are 0: there is no cut.";
    const row = (corner, i) =>
      `<tr><th scope="row">${corner.join("")}</th><td>${SUMS[i]} = ${minus(sums[i].toFixed(1))}</td><td> ${goal[i] ? "&gt; 0" : "≤ 0"}</td><td>&ensp;${holds[i] ? "✓" : "✗"}</td></tr>`;
    return {
      svg,
      sentence:
        `w = (${minus(w1)}, ${minus(w2)}) and b = ${minus(b)} answer the rows 00, 01, 10, 11 with ${answers.join(", ")}: ` +
        `${gates[now]}.${tie}${flat} Of the four answers of ${gate}, ${right} ${right === 1 ? "is" : "are"} right. With these weights b alone makes ${made.size} of the 16 gates.`,
      table: `<table><thead><tr><th>row</th><th>z</th><th> must be</th><th>&ensp;is it?</th></tr></thead><tbody>${ROWS.map(row).join("")}</tbody></table>`,
      handles: {
        line: { x: from[0], y: from[1], label: "the cut: b", fields: ["b"], step: 0.1 },
        arrow: { x: to[0], y: to[1], label: "the arrow: w₁, w₂", fields: ["w1", "w2"], step: 0.1 },
      },
    };
  }

  // The line moves with b alone. The arrow turns the line about the middle, at its distance from there,
  // and as the arrow becomes longer the line stays.
  function drag(name, px, py, state) {
    const { w1, w2 } = state;
    const [x, y] = [plane.x(px), plane.y(py)];
    if (name === "line") return w1 || w2 ? { b: tenth(-w1 * x - w2 * y) } : {};
    const { d, length } = stand(state);
    const sign = length < d ? -1 : 1;
    const far = Math.hypot(x - 0.5, y - 0.5) || 1e-9;
    const size = Math.max((sign * far + d) / LEAST - 1, 0.1);
    const [v1, v2] = [x, y].map((at) => tenth((sign * size * (at - 0.5)) / far));
    return { w1: v1, w2: v2, b: tenth(d * Math.hypot(v1, v2) - (v1 + v2) / 2) };
  }

  return { view, drag };
};
