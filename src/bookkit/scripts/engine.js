// What the Python package backprop computes, computed in the page: same names, same order, no
// checks but of shapes. Columns are samples, w[l] is out x in, a[0] is the input. Nothing is
// changed in place.
var engine = (() => {
  "use strict";
  const { abs, exp, log, log1p, sqrt } = Math;

  // Matrices: { rows, cols, data }, 64-bit floats row after row.

  function matrix(rows, cols, entry) {
    const data = new Float64Array(rows * cols);
    for (let i = 0, next = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++) data[next++] = entry(i, j);
    }
    return { rows, cols, data };
  }

  const at = (A, i, j) => A.data[i * A.cols + j];
  const fromRows = (rows) => matrix(rows.length, rows[0].length, (i, j) => rows[i][j]);
  const zeros = (A) => matrix(A.rows, A.cols, () => 0);
  const transpose = (A) => matrix(A.cols, A.rows, (i, j) => at(A, j, i));

  function need(fits, A, B) {
    if (!fits) throw new RangeError(`shapes (${A.rows}, ${A.cols}) and (${B.rows}, ${B.cols})`);
  }

  // B in A's shape: a single column is repeated
  function spread(B, A) {
    need(B.rows === A.rows && [1, A.cols].includes(B.cols), A, B);
    return B.cols === A.cols ? B : matrix(A.rows, A.cols, (i) => B.data[i]);
  }

  // f of one entry, or of two or three in the same place
  function entrywise(f, A, B = A, C = A) {
    const [a, b, c] = [A.data, spread(B, A).data, spread(C, A).data];
    const data = new Float64Array(a.length);
    for (let i = 0; i < a.length; i++) data[i] = f(a[i], b[i], c[i]);
    return { rows: A.rows, cols: A.cols, data };
  }

  const add = (A, B) => entrywise((a, b) => a + b, A, B);
  const times = (A, B) => entrywise((a, b) => a * b, A, B);

  function dot(A, B) {
    need(A.cols === B.rows, A, B);
    return matrix(A.rows, B.cols, (i, j) => {
      let sum = 0;
      for (let k = 0; k < A.cols; k++) sum += A.data[i * A.cols + k] * B.data[k * B.cols + j];
      return sum;
    });
  }

  const rowSums = (A) => dot(A, matrix(A.cols, 1, () => 1));

  // where the largest entry of each column stands
  function argmax(A) {
    return Array.from({ length: A.cols }, (_, j) => {
      let best = 0;
      for (let i = 1; i < A.rows; i++) if (at(A, i, j) > at(A, best, j)) best = i;
      return best;
    });
  }

  // Random numbers (mulberry32), not NumPy's.
  function generator(seed) {
    let state = seed;
    const random = () => {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), state | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
    // Box and Muller; 1 - random() is never 0
    const normal = () => sqrt(-2 * log(1 - random())) * Math.cos(2 * Math.PI * random());
    const permutation = (n) => {
      const keys = Array.from({ length: n }, random);
      return [...keys.keys()].sort((i, j) => keys[i] - keys[j]);
    };
    return { random, normal, permutation };
  }

  // Activations: sigma.f and its derivative sigma.prime take one number. Nothing overflows.

  const ACTIVATIONS = {
    step: { f: (z) => (z > 0 ? 1 : 0), prime: () => 0 },
    identity: { f: (z) => z, prime: () => 1 },
    sigmoid: {
      f: (z) => (z >= 0 ? 1 : exp(z)) / (1 + exp(-abs(z))),
      prime: (z) => exp(-abs(z)) / (1 + exp(-abs(z))) ** 2,
    },
    tanh: {
      f: (z) => Math.tanh(z),
      prime: (z) => 4 * exp(-2 * abs(z)) / (1 + exp(-2 * abs(z))) ** 2,
    },
    relu: { f: (z) => Math.max(z, 0), prime: (z) => (z > 0 ? 1 : 0) },
    leakyRelu: { f: (z) => (z > 0 ? z : 0.01 * z), prime: (z) => (z > 0 ? 1 : 0.01) },
  };
  const { sigmoid } = ACTIVATIONS;

  // z less the largest entry of each column, which keeps exp from overflowing
  function lowered(z) {
    const top = argmax(z);
    return matrix(z.rows, z.cols, (j, i) => at(z, j, i) - at(z, top[i], i));
  }

  // 1 - v where a column sums to 1, without the digits that the difference loses
  const sumOfOthers = (v) => dot(matrix(v.rows, v.rows, (i, j) => (i === j ? 0 : 1)), v);

  function softmax(z) {
    const e = entrywise(exp, lowered(z));
    return entrywise((one, others) => one / (one + others), e, sumOfOthers(e));
  }

  // Costs: f(a, y) is C, the mean over the samples, and df(a, y) is dC/da[L], with its 1/m. The last two
  // take z, from an identity output layer.

  const mean = (f, a, y) => entrywise(f, a, y).data.reduce((total, c) => total + c, 0) / y.cols;
  const each = (f, a, y) => entrywise((ai, yi) => f(ai, yi) / y.cols, a, y);

  const quadratic = {
    f: (a, y) => mean((ai, yi) => (ai - yi) ** 2 / 2, a, y),
    df: (a, y) => each((ai, yi) => ai - yi, a, y),
  };

  // an output rounded to 0 or 1 goes back to the number next to it
  const inside = (a) => entrywise((ai) => Math.min(Math.max(ai, 2 ** -1022), 1 - 2 ** -53), a);
  const crossEntropy = {
    f: (a, y) => mean((ai, yi) => -yi * log(ai) - (1 - yi) * log1p(-ai), inside(a), y),
    df: (a, y) => each((ai, yi) => (ai - yi) / (ai * (1 - ai)), inside(a), y),
  };

  // the same from z: -ln sigmoid(z) = ln(1 + exp(-z)) = -z + ln(1 + exp(z))
  const sigmoidCrossEntropy = {
    f: (z, y) => mean((zi, yi) => abs(zi) * (zi >= 0 ? 1 - yi : yi) + log1p(exp(-abs(zi))), z, y),
    df: (z, y) => each((zi, yi) => sigmoid.f(zi) * (1 - yi) - sigmoid.f(-zi) * yi, z, y),
    squash: (z) => entrywise(sigmoid.f, z),
  };

  const softmaxCrossEntropy = {
    f(z, y) {
      // -ln softmax(z) = ln sum exp(z) - z, where the largest exponential is 1
      const [top, low, others] = [argmax(z), lowered(z), sumOfOthers(entrywise(exp, lowered(z)))];
      const logs = matrix(z.rows, z.cols, (j, i) => log1p(at(others, top[i], i)) - at(low, j, i));
      return mean((ln, yi) => yi * ln, logs, y);
    },
    df(z, y) {
      const p = softmax(z);
      return each((ai, yi) => ai - yi, times(p, sumOfOthers(y)), times(y, sumOfOthers(p))); // p - y
    },
    squash: softmax,
  };

  const COSTS = { quadratic, crossEntropy, sigmoidCrossEntropy, softmaxCrossEntropy };

  // Optimizers: state = start(theta), then [theta, state] = step(theta, gradient, state, rate).

  const gradientDescent = {
    start: () => null,
    step: (theta, gradient, state, rate) => [entrywise((t, g) => t - rate * g, theta, gradient), state],
  };

  const momentum = (mu = 0.9) => ({
    start: zeros,
    step(theta, gradient, state, rate) {
      const v = entrywise((vi, g) => mu * vi - rate * g, state, gradient);
      return [add(theta, v), v];
    },
  });

  const adagrad = (eps = 1e-8) => ({
    start: zeros,
    step(theta, gradient, state, rate) {
      const s = entrywise((si, g) => si + g ** 2, state, gradient);
      return [entrywise((t, g, si) => t - rate * g / (sqrt(si) + eps), theta, gradient, s), s];
    },
  });

  const adam = (beta1 = 0.9, beta2 = 0.999, eps = 1e-8) => ({
    start: (theta) => ({ m: zeros(theta), v: zeros(theta), k: 0 }),
    step(theta, gradient, state, rate) {
      const k = state.k + 1;
      const m = entrywise((mi, g) => beta1 * mi + (1 - beta1) * g, state.m, gradient);
      const v = entrywise((vi, g) => beta2 * vi + (1 - beta2) * g ** 2, state.v, gradient);
      const mHat = entrywise((mi) => mi / (1 - beta1 ** k), m);
      const vHat = entrywise((vi) => vi / (1 - beta2 ** k), v);
      return [entrywise((t, mi, vi) => t - rate * mi / (sqrt(vi) + eps), theta, mHat, vHat), { m, v, k }];
    },
  });

  // A network is an array with the layers { w, b, sigma } at 1..L. Nothing stands at 0: map and forEach
  // pass over it.

  const SCHEMES = { xavier: (fanIn, fanOut) => 2 / (fanIn + fanOut), he: (fanIn) => 2 / fanIn }; // variances

  function initialize(sizes, hidden, output, rng, scheme = "xavier") {
    const network = [];
    for (let l = 1; l < sizes.length; l++) {
      const deviation = sqrt(SCHEMES[scheme](sizes[l - 1], sizes[l]));
      const w = matrix(sizes[l], sizes[l - 1], () => deviation * rng.normal());
      network[l] = { w, b: matrix(sizes[l], 1, () => 0), sigma: l < sizes.length - 1 ? hidden : output };
    }
    return network;
  }

  // z[l] = w[l] a[l-1] + b[l] and a[l] = sigma(z[l]) of every layer
  function forward(network, x) {
    const [z, a] = [[], [x]];
    network.forEach(({ w, b, sigma }, l) => {
      z[l] = add(dot(w, a[l - 1]), b);
      a[l] = entrywise(sigma.f, z[l]);
    });
    return [z, a];
  }

  // The four equations, and backprop, which is their composition.

  const outputError = (gradA, sigmaPrimeZ) => times(gradA, sigmaPrimeZ); // BP1
  const hiddenError = (wNext, deltaNext, sigmaPrimeZ) => times(dot(transpose(wNext), deltaNext), sigmaPrimeZ); // BP2
  const biasGradient = (delta) => rowSums(delta); // BP3
  const weightGradient = (delta, aPrev) => dot(delta, transpose(aPrev)); // BP4

  function backprop(network, x, y, cost) {
    const [[z, a], L, delta] = [forward(network, x), network.length - 1, []];
    const sigmaPrime = network.map(({ sigma }, l) => entrywise(sigma.prime, z[l]));
    delta[L] = outputError(cost.df(a[L], y), sigmaPrime[L]);
    for (let l = L - 1; l > 0; l--) delta[l] = hiddenError(network[l + 1].w, delta[l + 1], sigmaPrime[l]);
    const w = network.map((_, l) => weightGradient(delta[l], a[l - 1]));
    const b = network.map((_, l) => biasGradient(delta[l]));
    return { w, b, delta };
  }

  // Training: X and Y hold a sample a row.

  const start = (network, optimizer) => network.map(({ w, b }) => [optimizer.start(w), optimizer.start(b)]);

  // shrink * w, added to each weight gradient, is weight decay
  function step(network, gradient, states, rate, optimizer, shrink = 0) {
    const both = network.map(({ w, b, sigma }, l) => {
      const gradW = entrywise((g, wi) => g + shrink * wi, gradient.w[l], w);
      const [newW, stateW] = optimizer.step(w, gradW, states[l][0], rate);
      const [newB, stateB] = optimizer.step(b, gradient.b[l], states[l][1], rate);
      return [{ w: newW, b: newB, sigma }, [stateW, stateB]];
    });
    return [both.map(([layer]) => layer), both.map(([, state]) => state)];
  }

  // Yields the network after each minibatch, without end. settings { cost, rate, batch, optimizer,
  // weightDecay, rng } are read at each step; next(other) goes on from another network.
  function* train(network, X, Y, settings) {
    const columns = (A, chosen) => matrix(A.cols, chosen.length, (j, i) => at(A, chosen[i], j));
    let optimizer, states;
    for (let epoch = 0; ; epoch++) {
      const order = settings.rng.permutation(X.rows);
      for (let seen = 0; seen < X.rows; ) {
        const { cost, rate, batch, weightDecay = 0 } = settings;
        const chosen = order.slice(seen, seen + batch);
        if (optimizer !== settings.optimizer) states = start(network, optimizer = settings.optimizer);
        const gradient = backprop(network, columns(X, chosen), columns(Y, chosen), cost);
        [network, states] = step(network, gradient, states, rate, optimizer, weightDecay / X.rows);
        seen += chosen.length;
        network = (yield { network, gradient, epochs: epoch + seen / X.rows }) ?? network;
      }
    }
  }

  const meanCost = (network, X, Y, cost) => cost.f(forward(network, transpose(X))[1].at(-1), transpose(Y));

  return {
    matrix, at, fromRows, transpose, entrywise, dot, argmax, generator, ACTIVATIONS, softmax, COSTS,
    gradientDescent, momentum, adagrad, adam, initialize, forward, outputError, hiddenError, biasGradient,
    weightGradient, backprop, start, step, train, meanCost,
  };
})();
if (typeof module === "object") module.exports = engine;
