// An expression as a graph of operations: values forward, adjoints backward, one operation after the
// other, where a part that arrives is added (+=) or replaces the one before (=). Data: graphs, a list of
// { called, result, nodes }; a node is { name, text, op, args, at: [column, row] }, in the order in which
// they are computed; an input has a value instead, and the op "+c" a number c to add.
explorers.views.graph = ({ graphs }) => {
  const { line, words, fixed, short } = draw;
  // each operation: its value, and its local slope along each argument
  const OPS = {
    "·": [(a, b) => a * b, (a, b) => [b, a]],
    "+": [(a, b) => a + b, () => [1, 1]],
    "/": [(a, b) => a / b, (a, b) => [1 / b, -a / (b * b)]],
    exp: [Math.exp, (a) => [Math.exp(a)]],
    tanh: [Math.tanh, (a) => [1 - Math.tanh(a) ** 2]],
    half: [(a) => (a * a) / 2, (a) => [a]],
    "+c": [(a) => a, () => [1]],
  };
  const COLUMNS = [50, 151, 252, 353];
  const [WIDE, HIGH] = [90, 56];
  const place = ({ at: [column, row] }) => [COLUMNS[column], 62 + 96 * row];
  const signed = (v) => (v < 0 ? "" : "+") + fixed(v, 4);

  // the values of all nodes; moved: added to one of them, which the others then go on from
  function valuesOf(nodes, name, moved = 0) {
    const values = {};
    for (const node of nodes) {
      const v = node.args ? OPS[node.op][0](...node.args.map((arg) => values[arg])) + (node.c ?? 0) : node.value;
      values[node.name] = v + (node.name === name ? moved : 0);
    }
    return values;
  }
  const H = 1e-5;
  const byDifference = (nodes, result, name) => (valuesOf(nodes, name, H)[result] - valuesOf(nodes, name, -H)[result]) / (2 * H);

  function view({ expression, rule, step }) {
    const { nodes, result } = graphs.find(({ called }) => called === expression);
    const values = valuesOf(nodes);
    const operations = nodes.filter(({ args }) => args).reverse();
    const count = operations.length;
    const done = Math.min(step, count);
    const adjoints = { [result]: 1 };
    const inputs = nodes.filter(({ args }) => !args);
    const uses = (name) => nodes.flatMap(({ args }) => args ?? []).filter((arg) => arg === name).length;
    let passed = [];
    for (const { name, op, args } of operations.slice(0, done)) {
      const slopes = OPS[op][1](...args.map((arg) => values[arg]));
      passed = args.map((arg, i) => {
        const part = adjoints[name] * slopes[i];
        const before = adjoints[arg];
        adjoints[arg] = rule === "+=" ? (before ?? 0) + part : part;
        return { arg, part, before };
      });
    }
    const now = done ? operations[done - 1] : undefined;
    const right = Object.fromEntries(inputs.map(({ name }) => [name, byDifference(nodes, result, name)]));
    const holds = (name) => Math.abs(adjoints[name] - right[name]) <= 1e-6 * Math.abs(right[name]);

    let svg = words(8, 20, "in a box: operation, value, adjoint");
    const where = Object.fromEntries(nodes.map((node) => [node.name, place(node)]));
    for (const node of nodes) {
      const [x, y] = where[node.name];
      const twice = node.args?.length > new Set(node.args).size; // two lines, side by side
      (node.args ?? []).forEach((arg, i) => {
        const [fx, fy] = where[arg];
        const off = twice ? 12 * i - 6 : 0;
        const ends = fx < x ? [[fx + WIDE / 2, fy + off], [x - WIDE / 2, y + off]] : [[fx, fy + HIGH / 2], [x, y - HIGH / 2]];
        svg += line(ends, node === now ? "error" : "muted", node === now ? 3.5 : 1.2);
      });
    }
    for (const node of nodes) {
      const { name, text, args } = node;
      const [x, y] = where[name];
      const takes = passed.some(({ arg }) => arg === name);
      const lit = node === now || takes;
      svg +=
        `<rect x="${x - WIDE / 2}" y="${y - HIGH / 2}" width="${WIDE}" height="${HIGH}" rx="6" fill="var(--figure-paper)" ` +
        `stroke="var(--figure-${lit ? "error" : args ? "muted" : "forward"})" stroke-width="${lit ? 3 : 1.5}" stroke-dasharray="${takes ? "6 3" : ""}"/>`;
      const middle = { anchor: "middle", halo: 0 };
      const lamp = done === count && !args ? (holds(name) ? " ✓" : " ✗") : "";
      svg += words(x, y - 12, text, { ...middle, bold: !args });
      svg += words(x, y + 5, fixed(values[name], 4), { ...middle, quantity: "forward" });
      svg += words(x, y + 22, name in adjoints ? signed(adjoints[name]) + lamp : "?", { ...middle, quantity: "error", bold: true });
    }

    let sentence = `The result ${result} is ${fixed(values[result], 4)}, and its own adjoint is 1. Nothing has been passed back yet.`;
    if (done) {
      const parts = passed.map(({ arg, part, before }) => {
        const met = before === undefined ? "" : rule === "+=" ? `, added to ${signed(before)}` : `, which replaces ${signed(before)}`;
        return `${arg} gets ${signed(part)}${met}`;
      });
      sentence = `${done} of ${count} operations have passed back. ${now.name} has the adjoint ${signed(adjoints[now.name])}: ${parts.join("; ")}.`;
    }
    if (done === count) {
      const told = inputs.map(({ name }) => `${name} ${signed(adjoints[name])} ${holds(name) ? "✓" : `✗, by differences ${signed(right[name])}`}`);
      const many = nodes.filter(({ name }) => uses(name) > 1).map(({ name }) => `${name} ${uses(name)} times`);
      sentence += ` Done: ${told.join("; ")}. ${many.length ? `Used more than once: ${many.join(", ")}.` : "Nothing is used more than once, so = and += agree."}`;
      if (step > count) sentence += " Further steps change nothing.";
    }
    return { svg, sentence };
  }

  return { view };
};
