// Runs versions of engine.js on given work: { sources, work } in, for each source the result of each
// piece of work out, as JSON. A piece that fails gives { error }.
const vm = require("node:vm");
const { readFileSync } = require("node:fs");

const { sources, work } = JSON.parse(readFileSync(0, "utf8"));
const parameters = (network) => ({ w: network.map(({ w }) => w), b: network.map(({ b }) => b) });
const plain = (key, value) => (ArrayBuffer.isView(value) ? [...value] : value);

function doing(engine, source) {
  const layersOf = (layers) => {
    const network = [];
    layers.forEach(({ w, b, sigma }, i) => {
      network[i + 1] = { w: engine.fromRows(w), b: engine.fromRows(b), sigma: engine.ACTIVATIONS[sigma] };
    });
    return network;
  };
  const optimizerOf = ([name, ...values]) => (name === "gradientDescent" ? engine[name] : engine[name](...values));

  return {
    activation({ sigma, z }) {
      const { f, prime } = engine.ACTIVATIONS[sigma];
      return { f: z.map((one) => f(one)), prime: z.map((one) => prime(one)) };
    },
    cost({ cost, a, y }) {
      const { f, df, squash } = engine.COSTS[cost];
      const [A, Y] = [engine.fromRows(a), engine.fromRows(y)];
      return { C: f(A, Y), grad: df(A, Y), squashed: squash ? squash(A) : A };
    },
    descent({ optimizer, theta, gradients, rate }) {
      const path = [engine.fromRows(theta)];
      const { start, step } = optimizerOf(optimizer);
      let state = start(path[0]);
      for (const [k, gradient] of gradients.entries()) {
        [path[k + 1], state] = step(path[k], engine.fromRows(gradient), state, rate);
      }
      return { path };
    },
    network({ layers, x, y, cost, optimizers, steps, rate, shrink }) {
      const network = layersOf(layers);
      const [X, Y, C] = [engine.fromRows(x), engine.fromRows(y), engine.COSTS[cost]];
      const [z, a] = engine.forward(network, X);
      const result = { ...engine.backprop(network, X, Y, C), z, a, C: C.f(a.at(-1), Y), after: {} };
      for (const optimizer of optimizers) {
        const rule = optimizerOf(optimizer);
        let [moved, states] = [network, engine.start(network, rule)];
        for (let k = 0; k < steps; k++) {
          [moved, states] = engine.step(moved, engine.backprop(moved, X, Y, C), states, rate, rule, shrink);
        }
        result.after[optimizer[0]] = parameters(moved);
      }
      return { ...result, given: parameters(network) }; // still what was given
    },
    training({ layers, X, Y, settings, steps, changes }) {
      const [network, orders, found] = [layersOf(layers), [], []];
      const rng = engine.generator(1);
      const live = { rng: { permutation: (n) => orders[orders.push(rng.permutation(n)) - 1] } };
      const running = engine.train(network, engine.fromRows(X), engine.fromRows(Y), live);
      for (let k = 0; k < steps; k++) {
        const { optimizer, cost, back, ...others } = { ...(k ? {} : settings), ...changes[k] };
        if (optimizer) live.optimizer = optimizerOf(optimizer);
        if (cost) live.cost = engine.COSTS[cost];
        Object.assign(live, others);
        const { value } = running.next(back ? network : undefined);
        found.push({ ...parameters(value.network), epochs: value.epochs });
      }
      const C = engine.meanCost(network, engine.fromRows(X), engine.fromRows(Y), live.cost);
      return { orders, found, C };
    },
    initialized({ sizes, scheme, seed }) {
      const { tanh, sigmoid } = engine.ACTIVATIONS;
      const network = engine.initialize(sizes, tanh, sigmoid, engine.generator(seed), scheme);
      return { ...parameters(network), hidden: network.slice(1).map(({ sigma }) => sigma === tanh) };
    },
    random({ seed, count }) {
      const rng = engine.generator(seed);
      const draw = (f) => Array.from({ length: count }, () => f());
      return { random: draw(rng.random), normal: draw(rng.normal), permutations: draw(() => rng.permutation(7)) };
    },
    names() {
      const page = vm.createContext({});
      vm.runInContext(source, page); // as a page's classic script
      return { globals: Object.keys(page), same: Object.keys(page.engine).join() === Object.keys(engine).join() };
    },
    equation({ call, rows }) {
      return engine[call](...rows.map(engine.fromRows));
    },
  };
}

function results(source) {
  const module = { exports: {} };
  vm.compileFunction(source, ["module"])(module); // as require does
  const does = doing(module.exports, source);
  return work.map((piece) => {
    try { return does[piece.does](piece); } catch (error) { return { error: `${error}` }; }
  });
}

process.stdout.write(JSON.stringify(sources.map(results), plain));
