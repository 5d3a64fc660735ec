// What the playground's page needs beside its model, and its worker does not: the program to take home,
// and the recipes.
"use strict";
playground.python = (settings, epochs = 10) => {
  const { PAIRS, exactly, faultFits } = playground;
  const run = playground.begin({ ...settings, stop: "never" });
  const { data, network } = run;
  const now = run.settings;
  const { output, cost } = PAIRS[now.pair];
  const python = (name) => name.replace(/[A-Z]/g, (big) => `_${big.toLowerCase()}`);
  const literal = (value) => {
    const text = exactly(value);
    return /^-?\d+$/.test(text) ? `${text}.0` : text;
  };
  const L = network.length - 1;
  const hidden = network.slice(1, L).map(({ name }) => name);
  const sigmas = [...new Set([...hidden, output])].map(python).sort();
  const optimizer = now.optimizer === "gradientDescent" ? "gradient_descent" : `${now.optimizer}()`;

  // as many items as fit into 96 columns
  function wrapped(items, indent) {
    const lines = [];
    for (const item of items) {
      const last = lines.at(-1);
      if (last !== undefined && last.length + item.length + 2 + indent.length < 96) lines[lines.length - 1] = `${last} ${item},`;
      else lines.push(`${item},`);
    }
    return lines.map((line) => indent + line).join("\n");
  }
  function rowOf(row, indent) {
    const line = `${indent}[${row.map(literal).join(", ")}],`;
    return line.length < 98 ? line : `${indent}[\n${wrapped(row.map(literal), `${indent}    `)}\n${indent}],`;
  }
  const array = (rows, indent) => `np.array([\n${rows.map((row) => rowOf(row, `${indent}    `)).join("\n")}\n${indent}])`;
  const points = (chosen) => wrapped(chosen.map((i) => `(${data.points[i].slice(0, 2).map(literal).concat(data.points[i].slice(2)).join(", ")})`), "    ");
  const layer = (l) => {
    const [w, b] = playground.weightsOf(network)[l - 1];
    return `    ${l}: Layer(\n        ${array(w, "        ")},\n        ${array(b.map((one) => [one]), "        ")},\n        ${python(network[l].name)},\n    ),`;
  };

  const curve = data.task === "curve";
  const judged = data.judge.length > 0;
  const targets = (name) => (curve ? `${name}[:, 1:]` : `np.eye(${data.kinds})[${name}[:, 2].astype(int)]`);
  const inputs = (name) => `${name}[:, :${curve ? 1 : 2}]`;
  const frozen = [...new Set(now.frozen)].sort();
  const imports = [
    `from backprop.activations import ${sigmas.join(", ")}`,
    frozen.length ? "from backprop.backpropagation import backpropagate" : "",
    `from backprop.costs import ${python(cost)}`,
    `from backprop.network import Layer${frozen.length ? ", propagate" : ""}`,
    `from backprop.optimizers import ${optimizer.replace("()", "")}`,
    frozen.length
      ? `from backprop.training import mean_cost, minibatches, start, step${now.dropout ? ", thinned" : ""}`
      : "from backprop.training import learning, mean_cost",
  ].filter(Boolean);
  const told = `    print(epoch, mean_cost(network, X, Y, cost)${judged ? ", mean_cost(network, X_judge, Y_judge, cost)" : ""})`;
  const fault = now.fault === "none" || faultFits(network, now.fault) ? "" :
    "\n# The fault planted on the page is left out: the package computes the right gradient.";
  const loop = frozen.length
    ? `optimizer = ${optimizer}
states = start(network, optimizer)
frozen = {${frozen.join(", ")}}
for epoch in range(1, ${epochs + 1}):
    for x, y in minibatches(X, Y, ${now.batch}, rng):
        thin = ${now.dropout ? `thinned(network, x.shape[1], ${literal(now.dropout)}, rng)` : "network"}
        gradient = backpropagate(thin, *propagate(thin, x), y, cost)
        moved, states = step(
            network, gradient, states, ${literal(now.rate)}, optimizer, ${literal(now.weightDecay)} / len(X)
        )
        network = {l: network[l] if l in frozen else moved[l] for l in network}
${told}`
    : `networks = learning(
    network, X, Y, cost=cost, rate=${literal(now.rate)}, batch=${now.batch}, rng=rng,
    optimizer=${optimizer}, weight_decay=${literal(now.weightDecay)}, dropout=${literal(now.dropout)},
)
for epoch in range(1, ${epochs + 1}):
    network = next(networks)
${told}`;

  return `"""A network of the playground, trained again with the book's package backprop."""

import numpy as np
${imports.join("\n")}

# To learn from: ${curve ? "x and y" : "x₁, x₂ and the class"}
learn = np.array([
${points(data.learn)}
])
X, Y = ${inputs("learn")}, ${targets("learn")}
${judged ? `
# To judge by
judge = np.array([
${points(data.judge)}
])
X_judge, Y_judge = ${inputs("judge")}, ${targets("judge")}
` : ""}
# The weights and biases to begin with
network = {
${network.map((_, l) => layer(l)).filter(Boolean).join("\n")}
}


class Mulberry32:
    """The random numbers of the page, in its order."""

    def __init__(self, seed):
        self.state = seed

    def one(self):
        self.state = (self.state + 0x6D2B79F5) & 0xFFFFFFFF
        t = (self.state ^ self.state >> 15) * (self.state | 1) & 0xFFFFFFFF
        t ^= t + (t ^ t >> 7) * (t | 61) & 0xFFFFFFFF
        return (t ^ t >> 14) / 2**32

    def random(self, shape):
        return np.array([self.one() for _ in range(np.prod(shape))]).reshape(shape)

    def permutation(self, n):
        return np.argsort(self.random(n), kind="stable")


rng = Mulberry32(${~now.seed >>> 0})
cost = ${python(cost)}${fault}
${loop}
`;
};

playground.RECIPES = [
  {
    name: "XOR needs a hidden layer",
    settings: { data: "xor", hidden: [], sigma: [] }, epochs: 200,
    see: "The border is straight, and about half of the points stay on the wrong side.",
    why: "Without a hidden layer the border is a straight line, and no straight line parts these classes.",
    chapter: "02_perceptron",
  },
];
