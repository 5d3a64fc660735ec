// What the playground's page needs and its worker does not: the program to take home, and the recipes.
"use strict";
// mixed: whether the run that is shown was changed on its way, so that no settings lead to it.
playground.python = (settings, epochs = 10, mixed = false) => {
  const { PAIRS, exactly } = playground;
  const run = playground.begin({ ...settings, stop: "never" });
  const { data, network } = run;
  if (!data.learn.length) return `# ${run.stopped}\n`;
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
  const differs = [
    mixed && "The run on the page was changed on its way. This program trains from the start with the\n" +
      "# settings that it has now, so its costs are not those of the run shown.",
    now.fault !== "none" && "The fault planted on the page is left out: the package computes the right gradient.",
    settings.stop && settings.stop !== "never" && "The page’s stop rule is left out: this program trains for the epochs below.",
  ].filter(Boolean).map((sentence) => `\n# ${sentence}`).join("");
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

  return `"""A network of the playground, trained again with the book's package backprop.

The package is a wheel in the archive of the course, “Run it yourself” at the top of each page:
python -m pip install the_four_equations-….whl. What pip install backprop brings is another.
"""
${differs}
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
cost = ${python(cost)}
${loop}
`;
};

// Settings are differences from START; training stops by itself after the epochs. beside is a second run to lay over the first: what it is called, and
// what it changes in the recipe's settings. tests/test_playground_recipes.py measures each sentence over
// seeds of weights and of data.
playground.RECIPES = [
  {
    name: "One line is not enough", chapter: "02_perceptron", epochs: 100,
    settings: { data: "xor", hidden: [], sigma: [] },
    see: "The border is a straight line, and at least a quarter of the points lie on its wrong side.",
    why: "Without a hidden layer the class is decided by a weighted sum, and the border where two sums are equal is straight. No line parts opposite corners.",
  },
  {
    name: "Hidden neurons bend the border", chapter: "02_perceptron", epochs: 200,
    settings: { data: "xor", hidden: [8], sigma: ["tanh"], optimizer: "adam", rate: 0.03 },
    see: "Of ten points to learn from, nine or more end up on the right side.",
    why: "Each hidden neuron makes a cut of its own, and the output layer joins the cuts.",
  },
  {
    name: "Depth without a bend", chapter: "03_activations", epochs: 100,
    settings: { hidden: [8, 8, 8], sigma: ["identity", "identity", "identity"] },
    see: "Three hidden layers, and the border is still a straight line.",
    why: "With σ(z) = z each layer is a matrix and a bias, and several of them in a row are again one matrix and one bias.",
  },
  {
    name: "A curve with corners", chapter: "03_activations", epochs: 300,
    settings: { data: "curve", noise: 0.05, pair: "identityQuadratic", hidden: [8], sigma: ["relu"], optimizer: "adam", rate: 0.03 },
    see: "The curve is made of straight pieces. It has eight corners at most: one for each hidden neuron.",
    why: "A ReLU has one corner, where its z is 0. The output adds up eight ReLUs of x, and adding makes no new corners.",
  },
  {
    name: "Three arms", chapter: "03_activations", epochs: 200,
    settings: { data: "threeSpirals", points: 150, noise: 0.02, share: 0.3, hidden: [8, 8], optimizer: "adam", rate: 0.03 },
    see: "Nearly all points are told apart, also of those that were kept for validation.",
    why: "Softmax makes probabilities of three outputs. With cross-entropy, δ of each output is p − y, so all three learn from every point.",
  },
  {
    name: "A dead ReLU", chapter: "13_initialization", epochs: 100,
    settings: { data: "moons", hidden: [4], sigma: ["relu"], seed: 2, edits: [[1, "b", 0, 0, -5]] },
    see: "Neuron 1 of layer 1 gives 0 for every point. Its bias and its weights keep every digit shown. From other seeds training may kill more of the four.",
    why: "Its bias, −5, keeps z below 0 at all points, where σ′(z) is 0. So δ is 0, and by BP3 and BP4 so is every slope.",
  },
  {
    name: "A rate that kills ReLUs", chapter: "13_initialization", epochs: 30,
    settings: { hidden: [8, 8], sigma: ["relu", "relu"], rate: 3 },
    see: "All neurons of layer 2 give 0 at every point to learn from. So all have the same answer, and about half of them are wrong.",
    why: "A long step can put a neuron’s z below 0 at all points. There σ′(z) is 0, and no slope leads back.",
  },
  {
    name: "A saturated sigmoid", chapter: "13_initialization", epochs: 100,
    settings: { data: "moons", hidden: [4], sigma: ["sigmoid"], rate: 1, edits: [[1, "b", 0, 0, 12]] },
    see: "Neuron 1 of layer 1 gives nearly 1 at every point. Its weights hardly move, while those of the others move over a thousand times as far.",
    why: "With a bias of 12 its z is far from 0, where the sigmoid is flat. BP2 multiplies δ by σ′(z), which is nearly 0.",
  },
  {
    name: "Equal weights stay equal", chapter: "13_initialization", epochs: 200,
    settings: { hidden: [6], sigma: ["tanh"], scheme: "equal" },
    see: "The six neurons carry the same weights after every step. Over a quarter of the points stay wrong.",
    why: "Equal neurons have an equal δ, so equal slopes, so equal steps. Six of them do what one could.",
  },
  {
    name: "Errors that vanish", chapter: "13_initialization", epochs: 100,
    settings: { hidden: [8, 8, 8, 8], sigma: ["sigmoid", "sigmoid", "sigmoid", "sigmoid"] },
    beside: { name: "tanh", settings: { sigma: ["tanh", "tanh", "tanh", "tanh"] } },
    see: "Under the network: before the first step ‖δ¹‖ is under a hundredth of ‖δ⁵‖, and 100 epochs later over a quarter of the points are wrong. With tanh ‖δ¹‖ starts above a fifth, and most points end up right.",
    why: "On its way back BP2 multiplies δ by σ′(z) in each layer. A sigmoid’s slope is at most 1/4, a tanh’s is 1 at 0.",
  },
  {
    name: "Too large a rate", chapter: "06_gradient_descent", epochs: 100,
    settings: { data: "curve", pair: "identityQuadratic", hidden: [8], sigma: ["relu"], rate: 3 },
    see: "The cost grows until a number is too large for a float. The run stops and names the layer.",
    why: "Each step overshoots the valley and lands farther out on its other side, where the slope is steeper and the next step longer.",
  },
  {
    name: "Too small a rate", chapter: "06_gradient_descent", epochs: 100,
    settings: { data: "moons", rate: 0.0001 },
    beside: { name: "rate 0.1", settings: { rate: 0.1 } },
    see: "After 100 epochs the cost has lost less than a tenth. At the rate 0.1 it loses more than half.",
    why: "A step is the rate times the slope. With a thousandth of the rate the same way takes about a thousand times as many steps.",
  },
  {
    name: "Adam beside gradient descent", chapter: "06_gradient_descent", epochs: 60,
    settings: {
      data: "xor", points: 120, noise: 0.02, share: 0, hidden: [8, 8], sigma: ["sigmoid", "sigmoid"],
      optimizer: "adam", rate: 0.03,
    },
    beside: { name: "gradient descent, rate 0.5", settings: { optimizer: "gradientDescent", rate: 0.5 } },
    see: "After 60 epochs gradient descent still has a cost above 0.4, where a coin’s toss has 0.69. Adam’s is under a third of it. Both rates can be tuned: sweep them.",
    why: "Adam divides each slope by the root of its recent mean square. So every weight has a step length of its own.",
  },
  {
    name: "A mistake that learns slowly", chapter: "07_one_neuron_learns", epochs: 30,
    settings: {
      data: "blobs", share: 0, hidden: [], sigma: [], pair: "sigmoidQuadratic", rate: 0.3,
      edits: [[1, "b", 0, 0, 6], [1, "b", 1, 0, 6], [1, "b", 2, 0, 6]],
    },
    beside: { name: "cross-entropy", settings: { pair: "sigmoidCrossEntropy" } },
    see: "Two outputs of three begin wrong by almost 1, yet every δ is under 0.02, and the cost hardly moves. Cross-entropy, at the same rate, loses most of its cost. A rate of 30 rescues the quadratic cost too.",
    why: "BP1 multiplies the error by σ′(z), nearly 0 at a saturated output. Cross-entropy cancels this factor: there δ is a − y.",
  },
  {
    name: "Overfitting", chapter: "12_overfitting", epochs: 500,
    settings: { data: "moons", points: 40, noise: 0.35, hidden: [8, 8], optimizer: "adam", rate: 0.03, batch: 20 },
    see: "The training cost goes below 0.1. The validation cost falls at first, then climbs to over three times its lowest.",
    why: "The network has 114 weights and biases for 20 points: enough to learn by heart where the noise has put each of them.",
  },
  {
    name: "Weight decay against it", chapter: "12_overfitting", epochs: 500,
    settings: { data: "moons", points: 40, noise: 0.35, hidden: [8, 8], optimizer: "adam", rate: 0.03, batch: 20, weightDecay: 0.3 },
    beside: { name: "λ = 0", settings: { weightDecay: 0 } },
    see: "The validation cost ends under half of what it is without decay.",
    why: "A border that bends around single points needs large weights, and the penalty λ/(2m) Σ w² makes them costly.",
  },
  {
    name: "Stop at the best", chapter: "12_overfitting", epochs: 500,
    settings: { data: "moons", points: 40, noise: 0.35, hidden: [8, 8], optimizer: "adam", rate: 0.03, batch: 20, stop: "patience", stopAt: 20 },
    see: "Training stops by itself, and the weights of the lowest validation cost come back.",
    why: "What the network learns after that epoch holds for its 20 points and not for the others.",
  },
  {
    name: "A missing transpose", chapter: "11_training", epochs: 200,
    settings: { data: "spirals", points: 120, noise: 0.02, share: 0, hidden: [8, 8], optimizer: "adam", rate: 0.01, fault: "transpose" },
    see: "It learns all the same: nearly all points end up right. Only the gradient check finds the fault, in w¹ and b¹.",
    why: "w² is square, so BP2 fits without the transpose. δ¹ is wrong, and layers 2 and 3 make do with what layer 1 gives them.",
  },
  {
    name: "A wrong sign in BP3", chapter: "11_training", epochs: 100,
    settings: { data: "moons", hidden: [8, 8], fault: "sign" },
    see: "The cost ends higher than it began. The check names b¹, b² and b³, and finds the weights’ slopes right.",
    why: "The weights go down their slopes while the biases go up theirs. A fault that shows in the cost is the easier kind.",
  },
  {
    name: "1/m twice", chapter: "11_training", epochs: 30,
    settings: { data: "moons", share: 0, hidden: [8], sigma: ["tanh"], rate: 0.1, fault: "twice" },
    beside: { name: "no fault, rate 0.01", settings: { fault: "none", rate: 0.01 } },
    see: "It learns slowly: the run is the same as one without the fault at a tenth of the rate. The check finds every array wrong.",
    why: "The cost’s slopes contain 1/m already. Divided once more, in batches of 10, each step is a tenth as long.",
  },
  {
    name: "A frozen layer", chapter: "11_training", epochs: 100,
    settings: { data: "moons", hidden: [8, 8], frozen: [1] },
    see: "w¹ and b¹ stay as they were drawn, to every digit shown. The cost falls all the same.",
    why: "BP2 to BP4 still give layer 1 its slopes; no step uses them. The layers above learn from what its fixed neurons say.",
  },
].map((recipe) => ({ ...recipe, settings: { stop: "epochs", stopAt: recipe.epochs, ...recipe.settings } }));
