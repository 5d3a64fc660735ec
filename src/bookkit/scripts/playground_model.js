// The playground's model: settings in, a run out, and what can be seen of it. Plain values and pure
// functions on the engine: a run that is given stays as it is. Random numbers are drawn in the order in
// which the package's training asks for them, so that the program of playground_python.js repeats a run.
var playground = (() => {
  "use strict";
  const { ACTIVATIONS, COSTS, at, argmax, dot, entrywise, forward, fromRows, matrix, transpose } = engine;
  const { abs, floor, hypot, max, min, PI, sqrt } = Math;

  const START = {
    data: "circle", points: 200, noise: 0.1, dataSeed: 1, share: 0.5, own: null, task: "classes",
    hidden: [4, 4], sigma: ["tanh", "tanh"], pair: "softmaxCrossEntropy",
    optimizer: "gradientDescent", rate: 0.1, batch: 10, weightDecay: 0, dropout: 0, scheme: "xavier", seed: 1,
    frozen: [], edits: [], weights: null, fault: "none", stop: "never", stopAt: 100,
  };
  const ALLOWED = {
    data: ["circle", "xor", "moons", "spirals", "threeSpirals", "blobs", "curve", "own"],
    task: ["classes", "curve"], // of own points as long as there are none; else the points tell
    points: [20, 300], noise: [0, 0.5], dataSeed: [0, 999999], share: [0, 0.8],
    hidden: [1, 8], sigma: ["sigmoid", "tanh", "relu", "leakyRelu", "identity"],
    pair: ["softmaxCrossEntropy", "sigmoidCrossEntropy", "sigmoidQuadratic", "identityQuadratic"],
    optimizer: ["gradientDescent", "momentum", "adagrad", "adam"],
    rate: [1e-6, 1000], batch: [1, 300], weightDecay: [0, 100], dropout: [0, 0.9],
    scheme: ["xavier", "he", "equal", "large"], seed: [0, 999999],
    fault: ["none", "transpose", "slope", "twice", "sign"],
    stop: ["never", "epochs", "cost", "patience"], stopAt: [0, 100000],
  };
  // What the controls are called, and the words of their menus.
  const NAMES = {
    data: "the data", points: "the number of points", noise: "the noise", dataSeed: "the data’s seed",
    share: "the share for validation", own: "the list of points", task: "the task",
    hidden: "the list of hidden layers", sigma: "the activation", pair: "output and cost",
    optimizer: "the optimizer", rate: "the rate", batch: "the mini-batch", weightDecay: "the weight decay λ",
    dropout: "the dropout", scheme: "the initialization", seed: "the weights’ seed", frozen: "the list of frozen layers",
    edits: "the list of edits", weights: "the list of weights", fault: "the fault", stop: "the stop rule",
    stopAt: "the limit of the stop rule",
  };
  const WORDS = {
    circle: "circle and ring", xor: "XOR", moons: "two moons", spirals: "two spirals",
    threeSpirals: "three spirals", blobs: "three blobs", curve: "a noisy curve", own: "my own points",
    relu: "ReLU", leakyRelu: "leaky ReLU",
    softmaxCrossEntropy: "softmax, cross-entropy", sigmoidCrossEntropy: "sigmoid, cross-entropy",
    sigmoidQuadratic: "sigmoid, quadratic", identityQuadratic: "identity, quadratic",
    gradientDescent: "gradient descent", adagrad: "Adagrad", adam: "Adam",
    xavier: "Xavier", he: "He", equal: "all equal (0.5)", large: "large (deviation 5)",
    transpose: "BP2 without the transpose", slope: "BP2 without σ′", twice: "1/m twice", sign: "BP3 with the wrong sign",
    never: "by hand", epochs: "after this many epochs", cost: "when the cost is below",
    patience: "no lower validation cost for",
  };
  // What the classes look like; never by color alone.
  const CLASSES = ["forward", "error", "weight", "truth"]; // names of the palette
  const MARKS = [
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z", "M-3.6 -3.6H3.6V3.6H-3.6z", "M0 -5L4.6 3.6H-4.6z",
    "M0 -5.2L5.2 0L0 5.2L-5.2 0z",
  ];
  const wordOf = (code) => (Object.hasOwn(WORDS, code) ? WORDS[code] : code);

  const LAYERS = 4; // hidden ones, at most
  const REACH = 1.2; // the field shows -REACH to REACH both ways, and all points lie in it
  const MOST = 300; // points
  const WHOLE = ["points", "dataSeed", "batch", "seed"];
  const LIVE = ["optimizer", "rate", "batch", "weightDecay", "dropout", "frozen", "fault", "stop", "stopAt"];
  const PAIRS = {
    softmaxCrossEntropy: { output: "identity", cost: "softmaxCrossEntropy" },
    sigmoidCrossEntropy: { output: "identity", cost: "sigmoidCrossEntropy" },
    sigmoidQuadratic: { output: "sigmoid", cost: "quadratic" },
    identityQuadratic: { output: "identity", cost: "quadratic" },
  };
  const OPTIMIZERS = {
    gradientDescent: engine.gradientDescent, momentum: engine.momentum(), adagrad: engine.adagrad(), adam: engine.adam(),
  };

  const shown = (value) => String(value).replace(/-/g, "−");
  const raised = (l) => [...String(l)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("");
  const many = (n, one) => `${n} ${one}${n === 1 ? "" : "s"}`;
  const range = (n) => Array.from({ length: n }, (_, i) => i);
  const among = (low, value, high) => typeof value === "number" && value >= low && value <= high;
  const index = (value, n) => Number.isInteger(value) && value >= 0 && value < n;
  const plainRows = (A) => range(A.rows).map((i) => [...A.data.slice(i * A.cols, (i + 1) * A.cols)]);

  // ---- settings ----

  function taskOf({ data, own, task }) {
    if (data !== "own") return data === "curve" ? "curve" : "classes";
    return own?.length ? (own[0]?.length === 2 ? "curve" : "classes") : task;
  }
  function kindsOf({ data, own }) {
    if (data === "own") return max(2, ...(own ?? []).map(([, , kind]) => (kind ?? 0) + 1));
    return { curve: 1, threeSpirals: 3, blobs: 3 }[data] ?? 2;
  }
  const sizesOf = (settings) =>
    taskOf(settings) === "curve" ? [1, ...settings.hidden, 1] : [2, ...settings.hidden, kindsOf(settings)];

  // What is wrong with the value of one field, or "".
  function wrong(name, value) {
    const words = ALLOWED[name];
    const list = (fits) => Array.isArray(value) && value.every(fits);
    const said = (one) => {
      if (Number.isNaN(one)) return "no number";
      return (typeof one === "string" ? `“${wordOf(one)}”` : shown(typeof one === "number" ? one : JSON.stringify(one))).slice(0, 60);
    };
    const sentence = (subject, one, needed) => `${subject[0].toUpperCase()}${subject.slice(1)} is ${said(one)}; ${needed}.`;
    const found = (needed) => sentence(NAMES[name], value, needed);
    const oneOf = `needed is one of: ${words?.map?.(wordOf).join("; ")}`;
    switch (name) {
      case "own":
        if (value === null) return "";
        if (!list((point) => Array.isArray(point) && [2, 3].includes(point.length) && point.length === value[0].length)) {
          return found("a list of points [x, y] or [x, y, class] is needed");
        }
        if (value.length > MOST) return found(`at most ${MOST} points are taken`);
        if (!list(([x, y]) => among(-REACH, x, REACH) && among(-REACH, y, REACH))) {
          return found(`points from −${REACH} to ${REACH} are needed`);
        }
        return list(([, , kind = 0]) => index(kind, 4)) ? "" : found("classes are 0, 1, 2 and 3");
      case "hidden": case "sigma": {
        if (!Array.isArray(value) || value.length > LAYERS) return found(`up to ${LAYERS} hidden layers are needed`);
        const fits = (one) => (name === "sigma" ? words.includes(one) : Number.isInteger(one) && among(words[0], one, words[1]));
        const l = value.findIndex((one) => !fits(one));
        if (l < 0) return "";
        return name === "sigma"
          ? sentence(`the activation of hidden layer ${l + 1}`, value[l], oneOf)
          : sentence(`hidden layer ${l + 1}`, value[l], `${words[0]} to ${words[1]} neurons are needed`);
      }
      case "frozen":
        return list((l) => Number.isInteger(l) && l > 0 && l <= LAYERS + 1) ? "" : found("layers are numbered from 1");
      case "edits":
        return list((edit) => Array.isArray(edit) && edit.length === 5 && ["w", "b"].includes(edit[1]) && Number.isFinite(edit[4]))
          ? "" : found("edits are [layer, \"w\" or \"b\", row, column, value]");
      case "weights":
        return value === null || list((layer) => Array.isArray(layer) && layer.length === 2 && layer.every(Array.isArray))
          ? "" : found("weights are a pair [rows of w, b] a layer");
    }
    if (typeof words[0] === "string") return words.includes(value) ? "" : found(oneOf);
    const whole = WHOLE.includes(name);
    if (among(words[0], value, words[1]) && (!whole || Number.isInteger(value))) return "";
    return found(`a ${whole ? "whole " : ""}number from ${shown(words[0])} to ${shown(words[1])} is needed`);
  }

  // What does not fit together: [field, sentence], or undefined. Every field alone is right.
  function misfit(settings) {
    const sizes = sizesOf(settings);
    const L = sizes.length - 1;
    if (taskOf(settings) === "curve" && settings.pair !== "identityQuadratic")
      return ["pair", `Output and cost are ${wordOf(settings.pair)}; a curve has no classes and needs ${WORDS.identityQuadratic}.`];
    const layer = settings.frozen.find((l) => l > L);
    if (layer) return ["frozen", `Layer ${layer} is to be frozen, and the last layer is ${L}.`];
    const stands = ([l, letter, j, k]) => index(l - 1, L) && index(j, sizes[l]) && index(k, letter === "w" ? sizes[l - 1] : 1);
    const lost = settings.edits.find((edit) => !stands(edit));
    if (lost) return ["edits", `The network has no ${lost[1]}${raised(lost[0])} at row ${lost[2]}, column ${lost[3]}.`];
    const fits = ([w, b], i) =>
      w.length === sizes[i + 1] && b.length === sizes[i + 1] && b.every(Number.isFinite) &&
      w.every((row) => Array.isArray(row) && row.length === sizes[i] && row.every(Number.isFinite));
    if (settings.weights && !(settings.weights.length === L && settings.weights.every(fits)))
      return ["weights", `The weights do not fit a network ${sizes.join("-")}.`];
  }

  // An activation for each hidden layer: the last one is repeated, what is too many is left out.
  const withSigma = (settings) => ({
    ...settings,
    sigma: settings.hidden.map((_, i) => settings.sigma[min(i, settings.sigma.length - 1)] ?? START.sigma[0]),
  });

  // Every field by itself.
  function allowed(settings) {
    const whole = { ...START, ...settings };
    for (const name in whole) {
      if (!Object.hasOwn(START, name)) throw new RangeError(`There is no setting ${name}.`);
      const sentence = wrong(name, whole[name]);
      if (sentence) throw new RangeError(sentence);
    }
    return whole;
  }

  function checked(settings) {
    const filled = withSigma(allowed(settings));
    if (filled.data !== "own" || filled.own?.length) filled.task = START.task;
    const [, sentence] = misfit(filled) ?? [];
    if (sentence) throw new RangeError(sentence);
    return filled;
  }

  // The settings that some changed fields lead to. Points that are all taken away leave the task as it was,
  // and weights of one's own go with the network or the draw that they were set in.
  function merged(before, changes) {
    const moved = (name) => name in changes && JSON.stringify(changes[name]) !== JSON.stringify(before[name]);
    const now = { ...before, ...(["hidden", "seed", "scheme"].some(moved) ? { weights: null, edits: [] } : {}), ...changes };
    if (Array.isArray(changes.hidden) && !changes.frozen) now.frozen = carried(before, changes.hidden.length + 1);
    if (now.data === "own" && !now.own?.length && !moved("task")) now.task = taskOf(before);
    allowed(now);
    if (taskOf(now) === "classes" && taskOf(before) === "curve" && now.pair === before.pair) now.pair = START.pair;
    return checked(fitted(now));
  }

  // The frozen layers when L becomes another: the output stays frozen, hidden ones that are left do too.
  function carried({ frozen, hidden }, L) {
    const output = hidden.length + 1;
    return frozen.filter((l) => l === output || l < L).map((l) => (l === output ? L : l)).sort();
  }

  // The settings without what no longer fits, after a layer or the data have changed.
  function fitted(settings) {
    let now = withSigma({ ...START, ...settings });
    if (taskOf(now) === "curve") now.pair = "identityQuadratic";
    for (let lost; (lost = misfit(now)); ) now = { ...now, [lost[0]]: START[lost[0]] };
    return now;
  }

  // ---- the address ----

  const exactly = (value) => (Object.is(value, -0) ? "-0" : String(value));
  const TO_TEXT = {
    list: (values) => values.map((v) => (typeof v === "number" ? exactly(v) : v)).join(","),
    lists: (lists) => lists.map(TO_TEXT.list).join(";"),
    weights: (layers) => TO_TEXT.lists(layers.map((layer) => layer.flat(2))),
  };
  const FORM = { own: "lists", hidden: "list", sigma: "list", frozen: "list", edits: "lists", weights: "weights" };
  const number = (text) => (text.trim() ? Number(text) : NaN);
  const split = (text, mark) => (text ? text.split(mark) : []);

  const differences = (settings) =>
    Object.keys(START).filter((name) => JSON.stringify(settings[name]) !== JSON.stringify(START[name]));

  function address(settings) {
    const value = (name) => {
      if (settings[name] === null) return "none";
      return FORM[name] ? TO_TEXT[FORM[name]](settings[name]) : exactly(settings[name]);
    };
    return differences(withSigma(settings)).map((name) => `${name}=${value(name)}`).join("&");
  }

  function valueOf(name, text) {
    if (text === "none" && START[name] === null) return null;
    const parts = () => split(text, ";").map((part) => part.split(","));
    switch (name) {
      case "own": case "weights": return parts().map((part) => part.map(number));
      case "edits": return parts().map((part) => part.map((one, i) => (i === 1 ? one : number(one))));
      case "hidden": case "frozen": return split(text, ",").map(number);
      case "sigma": return split(text, ",");
    }
    return typeof START[name] === "number" ? number(text) : text;
  }

  // layers of numbers, w row by row and then b, as pairs [rows, b]; null where their count is wrong
  function layered(layers, sizes) {
    if (layers.length !== sizes.length - 1) return null;
    const pairs = layers.map((numbers, i) => {
      const [n, count] = [sizes[i], sizes[i + 1]];
      const rows = range(count).map((j) => numbers.slice(j * n, (j + 1) * n));
      return numbers.length === count * (n + 1) && [rows, numbers.slice(count * n)];
    });
    return pairs.every(Boolean) ? pairs : null;
  }

  // Messengers encode :, = and &; what is no code, as a lone %, stays.
  const decoded = (text) => text.replace(/(%[0-9a-f]{2})+/gi, (codes) => {
    try { return decodeURIComponent(codes); } catch { return codes; }
  });
  const SAID = 3; // ignored parts, at most

  function fromAddress(text) {
    let settings = { ...START };
    const ignored = [];
    let flat;
    for (const part of split(decoded(String(text)), "&")) {
      const [name, ...rest] = part.split("=");
      const value = rest.join("=");
      if (!Object.hasOwn(START, name)) {
        ignored.push(`There is no setting “${name.slice(0, 30)}”.`);
        continue;
      }
      const read = valueOf(name, value);
      if (name === "weights" && read) flat = read;
      else if (wrong(name, read)) ignored.push(wrong(name, read));
      else settings[name] = read;
    }
    settings = withSigma(settings);
    if (flat) {
      settings.weights = layered(flat, sizesOf(settings));
      if (!settings.weights) ignored.push(`The weights do not fit a network ${sizesOf(settings).join("-")}.`);
    }
    for (let lost; (lost = misfit(settings)); ) {
      ignored.push(lost[1]);
      settings = { ...settings, [lost[0]]: lost[0] === "pair" ? "identityQuadratic" : START[lost[0]] };
    }
    const more = ignored.length - SAID;
    return { settings, ignored: more > 0 ? [...ignored.slice(0, SAID), `And ${more} more.`] : ignored };
  }

  // ---- points as text ----

  // Lines “x, y, class” or “x, y”. With scale, both columns are brought to −1 … 1.
  function pasted(text, scale = false) {
    const points = [];
    let [heading, width] = [false, 0];
    const bad = (line, said) => { throw new RangeError(`Line ${line + 1}: ${said}`); };
    const lines = String(text).split(/\r?\n/);
    lines.forEach((line, i) => {
      const plain = line.trim().replace(/[−–]/g, "-");
      if (!plain || plain[0] === "#") return;
      const mark = /[;\t]/.test(plain) ? /[;\t]/ : plain.includes(",") ? "," : /\s+/;
      const parts = plain.split(mark).map((part) => part.trim());
      const [x, y] = parts.map((part) => number(mark === "," ? part : part.replace(",", ".")));
      const words = Number.isNaN(x) && Number.isNaN(y) && !parts.slice(0, 2).some((part) => /^[+-]?(nan|na|inf|infinity)?$/i.test(part));
      if (!points.length && !heading && words && parts.length > 1) return void (heading = true);
      if (parts.length < 2 || parts.length > 3) {
        const found = `“${line.trim().slice(0, 40)}” has ${parts.length} part${parts.length > 1 ? "s" : ""}`;
        bad(i, `${found}; “x, y, class” or “x, y” is needed.`);
      }
      [x, y].forEach((value, k) => Number.isFinite(value) || bad(i, `“${parts[k].slice(0, 20)}” is no number.`));
      if (points.length && parts.length !== width) bad(i, `it has ${parts.length} parts, the lines before have ${width}.`);
      width = parts.length;
      if (parts.length === 3 && !parts[2]) bad(i, "the class is missing.");
      if (points.length === MOST) bad(i, `at most ${MOST} points are taken.`);
      const outside = [x, y].findIndex((value) => !among(-REACH, value, REACH));
      if (outside >= 0 && !scale) bad(i, `${"xy"[outside]} is ${shown([x, y][outside])}; the field shows −${REACH} to ${REACH}.`);
      points.push(parts.length === 3 ? [x, y, parts[2], i] : [x, y]);
    });
    if (!points.length) throw new RangeError("There is no point in the text; lines “x, y, class” or “x, y” are needed.");
    // classes 1 to 4 as they stand, 0 to 3 where a 0 occurs, other names numbered as they come
    if (points[0].length > 2) {
      points.forEach((point) => (point[2] = point[2].replace(/^(\d)\.0*$/, "$1"))); // 1.0 is 1
      const kinds = points.map(([, , kind]) => kind);
      const first = kinds.includes("0") ? 0 : 1;
      const numbers = range(4).map((kind) => String(first + kind));
      const known = kinds.every((kind) => numbers.includes(kind)) ? numbers : [...new Set(kinds)];
      const fifth = points.find(([, , kind]) => kind === known[4]);
      if (fifth) bad(fifth[3], `“${fifth[2].slice(0, 20)}” is a fifth class; at most four are taken.`);
      points.forEach((point) => point.splice(2, 2, known.indexOf(point[2])));
    }
    return scale ? scaled(points) : points;
  }

  function scaled(points) {
    const by = [0, 1].map((k) => {
      const values = points.map((point) => point[k]);
      const [low, high] = [min(...values), max(...values)];
      return (v) => (high > low ? +(((v / 2 - low / 2) / (high / 2 - low / 2)) * 2 - 1).toFixed(4) : 0); // nothing overflows
    });
    return points.map(([x, y, ...kind]) => [by[0](x), by[1](y), ...kind]);
  }

  // classes as the page names them, from 1
  const asText = (points) =>
    points.map(([x, y, ...kind]) => [x, y, ...kind.map((k) => k + 1)].map(exactly).join(", ")).join("\n");

  // ---- data ----

  function drawn({ data, points: n, noise, dataSeed }) {
    const { random, normal, permutation } = engine.generator(dataSeed);
    const between = (low, high) => low + (high - low) * random();
    const round = (r, angle) => [r * Math.cos(angle), r * Math.sin(angle)];
    const spiral = (arms, turns) => (i) => {
      const r = sqrt(between(0.01, 1));
      return [...round(r, 2 * PI * (turns * r + (i % arms) / arms)), i % arms];
    };
    const one = {
      circle: (i) => [...round(i % 2 ? sqrt(between(0.5, 1)) : 0.5 * sqrt(random()), between(0, 2 * PI)), i % 2],
      xor(i) {
        const [x, y, side] = [between(0.05, 1), between(0.05, 1), random() < 0.5 ? -1 : 1];
        return [side * x, (i % 2 ? -side : side) * y, i % 2];
      },
      moons(i) {
        const [x, y] = round(1, between(0, PI));
        return i % 2 ? [(0.5 - x) / 1.5, (0.25 - y) / 1.5, 1] : [(x - 0.5) / 1.5, (y - 0.25) / 1.5, 0];
      },
      spirals: spiral(2, 1),
      threeSpirals: spiral(3, 0.75),
      blobs: (i) => {
        const [x, y] = round(0.6, PI / 2 + (2 * PI * (i % 3)) / 3);
        return [x + 0.15 * normal(), y + 0.15 * normal(), i % 3];
      },
      curve(i) {
        const x = n > 1 ? (2 * i) / (n - 1) - 1 : 0;
        return [x, 0.7 * Math.sin(4 * x)];
      },
    }[data];
    const held = (v) => +min(max(v, -REACH), REACH).toFixed(3); // three decimals: the text stays short
    const made = range(n).map(one).map(([x, y, kind]) =>
      data === "curve" ? [held(x), held(y + noise * normal())] : [held(x + noise * normal()), held(y + noise * normal()), kind]);
    return permutation(n).map((i) => made[i]);
  }

  // Which points are kept for validation: the last of those that are drawn, for they are shuffled. Own ones
  // may come class by class, and keep their part when points are added: they are picked all over the list.
  const GOLDEN = (sqrt(5) - 1) / 2;
  const keptBack = ({ data, points, share }) =>
    data === "own" ? (i) => ((i + 1) * GOLDEN) % 1 < share : (i) => i >= points - Math.round(share * points);

  function dataOf(settings) {
    const points = settings.data === "own" ? (settings.own ?? []) : drawn(settings);
    const [task, kinds] = [taskOf(settings), kindsOf(settings)];
    const judge = range(points.length).filter(keptBack(settings));
    const learn = range(points.length).filter((i) => !judge.includes(i));
    if (!learn.length) learn.push(...judge.splice(0));
    const m = points.length;
    const X = task === "curve" ? matrix(m, 1, (i) => points[i][0]) : matrix(m, 2, (i, k) => points[i][k]);
    const Y = task === "curve" ? matrix(m, 1, (i) => points[i][1]) : matrix(m, kinds, (i, k) => (points[i][2] === k ? 1 : 0));
    return { task, kinds: task === "curve" ? 0 : kinds, points, X, Y, learn, judge };
  }

  // the chosen samples of rows A, as columns
  const columns = (A, chosen) => matrix(A.cols, chosen.length, (j, i) => at(A, chosen[i], j));

  // ---- the network ----

  const costOf = (settings) => COSTS[PAIRS[settings.pair].cost];
  const outputOf = (settings) => PAIRS[settings.pair].output;
  const DEVIATION = {
    xavier: (fanIn, fanOut) => sqrt(2 / (fanIn + fanOut)), he: (fanIn) => sqrt(2 / fanIn), large: () => 5,
  };

  function networkOf(settings) {
    const sizes = sizesOf(settings);
    const { normal } = engine.generator(settings.seed);
    const network = [];
    for (let l = 1; l < sizes.length; l++) {
      const deviation = DEVIATION[settings.scheme]?.(sizes[l - 1], sizes[l]);
      const [rows, biases] = settings.weights?.[l - 1] ?? [];
      const w = matrix(sizes[l], sizes[l - 1], (j, k) => rows?.[j][k] ?? (deviation ? deviation * normal() : 0.5));
      const b = matrix(sizes[l], 1, (j) => biases?.[j] ?? 0);
      const name = settings.sigma[l - 1] ?? outputOf(settings);
      network[l] = { w, b, sigma: ACTIVATIONS[name], name };
    }
    return settings.edits.reduce(withEdit, network);
  }

  function withEdit(network, [l, letter, j, k, value]) {
    const one = network[l][letter];
    const changed = matrix(one.rows, one.cols, (row, col) => (row === j && col === k ? value : at(one, row, col)));
    return network.map((layer, i) => (i === l ? { ...layer, [letter]: changed } : layer));
  }

  // For each hidden layer and sample 0 or 1/keep, as thinned of the package draws them.
  function masksOf(network, m, dropout, random) {
    const keep = 1 - dropout;
    const masks = [];
    for (let l = 1; l < network.length - 1; l++) {
      masks[l] = matrix(network[l].w.rows, m, () => (random() < keep ? 1 : 0) / keep);
    }
    return masks;
  }

  function pass(network, x, masks) {
    const [z, a] = [[], [x]];
    network.forEach(({ w, b, sigma }, l) => {
      z[l] = entrywise((sum, bias) => sum + bias, dot(w, a[l - 1]), b);
      a[l] = masks[l] ? entrywise((zi, mask) => sigma.f(zi) * mask, z[l], masks[l]) : entrywise(sigma.f, z[l]);
    });
    return [z, a];
  }

  // The four equations, with the planted fault. Like engine.backprop where there is none.
  function gradientOf(network, x, y, cost, fault = "none", masks = []) {
    const [z, a] = pass(network, x, masks);
    const L = network.length - 1;
    const delta = [];
    const sigmaPrime = network.map(({ sigma }, l) =>
      masks[l] ? entrywise((zi, mask) => sigma.prime(zi) * mask, z[l], masks[l]) : entrywise(sigma.prime, z[l]));
    delta[L] = engine.outputError(cost.df(a[L], y), sigmaPrime[L]);
    for (let l = L - 1; l > 0; l--) {
      const w = network[l + 1].w;
      const turned = fault === "transpose" && w.rows === w.cols ? transpose(w) : w;
      const slope = fault === "slope" ? entrywise(() => 1, z[l]) : sigmaPrime[l];
      delta[l] = engine.hiddenError(turned, delta[l + 1], slope);
    }
    const scale = fault === "twice" ? 1 / x.cols : 1;
    const spoiled = (A, factor) => (factor === 1 ? A : entrywise((g) => factor * g, A));
    const w = network.map((_, l) => spoiled(engine.weightGradient(delta[l], a[l - 1]), scale));
    const b = network.map((_, l) => spoiled(engine.biasGradient(delta[l]), fault === "sign" ? -1 : scale));
    return { w, b, delta, z, a };
  }

  // Why a fault cannot be planted in a network, with the shapes, or "".
  function faultFits(network, fault) {
    const L = network.length - 1;
    if (["transpose", "slope"].includes(fault) && L === 1) {
      return "The fault stands in BP2, and without a hidden layer BP2 is not used.";
    }
    if (fault !== "transpose" || network.some(({ w }, l) => l > 1 && w.rows === w.cols)) return "";
    const shapes = network.map(misfitting).filter((_, l) => l > 1).reverse();
    return `BP2 without its transpose does not fit: ${shapes.join("; ")}. Two hidden layers of as many neurons let it run.`;
  }
  const misfitting = ({ w }, l) => `w${raised(l)} is (${w.rows}, ${w.cols}), δ${raised(l)} (${w.rows}, m)`;

  // What is planted, and where, as a sentence; "" without a fault.
  function planted({ network, settings: { fault } }) {
    const L = network.length - 1;
    const refused = faultFits(network, fault);
    if (refused || fault === "none") return refused;
    if (fault === "transpose") {
      const square = (layer, l) => l > 1 && layer.w.rows === layer.w.cols;
      const places = range(L + 1).filter((l) => l > 0 && square(network[l], l)).map((l) => `w${raised(l)}`);
      const others = range(L + 1).filter((l) => l > 1 && !square(network[l], l)).map((l) => misfitting(network[l], l));
      const kept = others.length ? ` Elsewhere it would not fit and stands: ${others.join("; ")}.` : "";
      return `Planted: BP2 takes ${listed(places)} without the transpose.${kept}`;
    }
    if (fault === "slope") {
      const straight = network.slice(1, L).every(({ name }) => name === "identity");
      return `Planted: BP2 leaves out σ′.${straight ? " Here σ is the identity, whose slope is 1: nothing is lost." : ""}`;
    }
    return fault === "twice"
      ? "Planted: BP3 and BP4 divide by m, which the cost’s slopes contain already."
      : "Planted: BP3 has the wrong sign.";
  }

  // ---- a run ----

  const meanOf = (network, data, chosen, cost) =>
    chosen.length ? cost.f(forward(network, columns(data.X, chosen))[1].at(-1), columns(data.Y, chosen)) : null;

  function entry(run) {
    const cost = costOf(run.settings);
    const mean = (chosen) => meanOf(run.network, run.data, chosen, cost);
    return { epochs: run.epochs, cost: mean(run.data.learn), judged: mean(run.data.judge) };
  }

  // epochs counts on, with the share of the one that is under way; draws is how many random numbers training
  // has used; byHand says whether a weight was set. best holds the weights of the lowest validation cost: those
  // after epoch best.epochs, waited for since epoch best.since. Where a stop rule went back to them, back is that
  // epoch, else null. ran tells with which settings steps were made, [{ from: epochs, settings }], and reworked
  // whether anything but the settings has led it off its way; mixed, whether its settings do not lead to it.
  function begin(given) {
    const settings = checked(given);
    const data = dataOf(settings);
    const network = networkOf(settings);
    const run = {
      settings, data, network, states: engine.start(network, OPTIMIZERS[settings.optimizer]),
      epochs: 0, steps: 0, draws: 0, order: [], next: 0, trail: [], best: null, back: null,
      byHand: settings.edits.length > 0, ran: [], reworked: false, mixed: false, stopped: "",
    };
    if (!data.learn.length) return { ...run, stopped: "There is no point to learn from yet." };
    const first = entry(run);
    const best = { network, states: run.states, epochs: 0, since: 0, judged: first.judged };
    const refused = faultFits(network, settings.fault);
    const large = () => `${overflowing(run)} overflows before the first step: weights are too large for a float.`;
    return { ...run, trail: [first], best, stopped: refused || (first.cost < Infinity ? "" : large()) };
  }

  const ACTING = LIVE.filter((name) => !["stop", "stopAt"].includes(name)); // on the steps
  const differing = (one, other) => ACTING.filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));

  // What can change while it trains keeps the weights; all else begins anew. Fields that are not named stay.
  function changed(run, changes) {
    const before = run.settings;
    const filled = merged(before, changes);
    const moved = Object.keys(START).filter((name) => JSON.stringify(filled[name]) !== JSON.stringify(before[name]));
    if (moved.some((name) => !LIVE.includes(name))) return begin(filled);
    const states = moved.includes("optimizer") ? engine.start(run.network, OPTIMIZERS[filled.optimizer]) : run.states;
    const mixed = run.mixed || (ACTING.some((name) => moved.includes(name)) && run.steps > 0);
    return { ...run, settings: filled, states, mixed, stopped: faultFits(run.network, filled.fault) };
  }

  // Before the first step an edit is part of the start; later it is not.
  function edited(run, edit) {
    const others = run.settings.edits.filter((other) => edit.some((v, i) => i < 4 && v !== other[i]));
    const settings = { ...run.settings, edits: [...others, edit] };
    if (run.steps === 0) return begin(settings);
    checked(settings);
    const moved = { ...run, network: withEdit(run.network, edit), byHand: true, back: null, reworked: true, mixed: true, stopped: "" };
    return { ...moved, trail: [...run.trail, entry(moved)] };
  }

  const weightsOf = (network) => network.slice(1).map(({ w, b }) => [plainRows(w), [...b.data]]);
  const asStart = (run) => begin({ ...run.settings, weights: weightsOf(run.network), edits: [] });

  function finite({ data }) { // a loop: this is asked in every step
    for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return false;
    return true;
  }

  const COST = "The cost of the outputs of layer ";
  // What overflows in a pass: the first layer with a number that is not finite, else the cost; "" if nothing.
  function overflow(z, a, C) {
    const bad = z.findIndex((one, l) => l && !(finite(one) && finite(a[l])));
    return bad > 0 ? `Layer ${bad}` : C < Infinity ? "" : COST + (z.length - 1);
  }
  function overflowing({ network, data, settings }) {
    const [z, a] = forward(network, columns(data.X, data.learn));
    return overflow(z, a, costOf(settings).f(a.at(-1), columns(data.Y, data.learn)));
  }

  // what is in the singular; done are the steps that led there
  function said(what, { settings, byHand }, done) {
    const when = `after ${many(done, "step")} at rate ${settings.rate}`;
    const numbers = what.startsWith(COST) ? "it is" : "its numbers are";
    return `${what} overflows ${when}: ${numbers} too large for a float. A smaller rate${byHand ? " or weight" : ""} is needed.`;
  }

  // One step on the chosen samples. Where a number overflows, in the pass, in the slopes or in the weights that
  // they lead to, the weights before it stay.
  function stepped(run, chosen, random) {
    const { settings, data, network } = run;
    const { fault, dropout, frozen } = settings;
    const masks = dropout ? masksOf(network, chosen.length, dropout, random) : [];
    const [x, y] = [columns(data.X, chosen), columns(data.Y, chosen)];
    const cost = costOf(settings);
    const gradient = gradientOf(network, x, y, cost, fault, masks);
    const lost = overflow(gradient.z, gradient.a, cost.f(gradient.a.at(-1), y));
    if (lost) return { ...run, stopped: said(lost, run, run.steps) };
    const shrink = settings.weightDecay / data.learn.length;
    const optimizer = OPTIMIZERS[settings.optimizer];
    let [moved, states] = engine.step(network, gradient, run.states, settings.rate, optimizer, shrink);
    moved = moved.map((layer, l) => (frozen.includes(l) ? network[l] : { ...layer, name: network[l].name }));
    states = states.map((state, l) => (frozen.includes(l) ? run.states[l] : state));
    const steps = run.steps + 1;
    const large = moved.findIndex((layer, l) => l && !(finite(layer.w) && finite(layer.b)));
    if (large > 0) { // because of its slopes, or of their sum with what was there
      const steep = gradient.w.findLastIndex((g, l) => l && !(finite(g) && finite(gradient.b[l])));
      return { ...run, stopped: steep > 0 ? said(`The slope of layer ${steep}`, run, run.steps) : said(`Layer ${large}`, run, steps) };
    }
    const last = run.ran.at(-1)?.settings;
    const ran = last === settings || (last && !differing(last, settings).length) ? run.ran : [...run.ran, { from: run.epochs, settings }];
    const gone = run.back !== null; // on from weights that a stop rule went back to
    return { ...run, network: moved, states, steps, ran, back: null, reworked: run.reworked || gone, mixed: run.mixed || gone };
  }

  // The random numbers of training: the stream begins at the complement of the seed, apart from that of
  // the weights. mulberry32 adds the same number at each draw, so a place in it is a seed again.
  function stream(run) {
    let draws = run.draws;
    const { random } = engine.generator((Math.imul(draws, 0x6d2b79f5) + ~run.settings.seed) | 0);
    return { random: () => (draws++, random()), drawn: () => draws };
  }

  function oneBatch(run) {
    const { learn } = run.data;
    const { random, drawn: used } = stream(run);
    let { order, next, epochs } = run;
    if (next === 0) {
      const keys = learn.map(random);
      order = [...keys.keys()].sort((i, j) => keys[i] - keys[j]);
    }
    const chosen = order.slice(next, next + run.settings.batch).map((i) => learn[i]);
    const after = stepped(run, chosen, random);
    next += chosen.length;
    epochs = floor(epochs) + next / learn.length;
    if (next >= learn.length) next = 0;
    return after.stopped ? after : { ...after, order, next, epochs, draws: used() };
  }

  function oneEpoch(run) {
    let now = run;
    do now = oneBatch(now); while (now.next && !now.stopped);
    return now;
  }

  // Whether a rule ends the training: the run, with its sentence and perhaps the best weights.
  function ruled(run) {
    const { stop, stopAt } = run.settings;
    const { cost, judged, epochs } = run.trail.at(-1);
    const better = judged !== null && !(judged >= run.best.judged);
    const best = better ? { network: run.network, states: run.states, epochs, since: epochs, judged } : run.best;
    const now = { ...run, best };
    const done = many(epochs, "epoch");
    if (stop === "epochs" && epochs >= stopAt) return { ...now, stopped: `${done} ${epochs === 1 ? "is" : "are"} done.` };
    if (stop === "cost" && cost < stopAt) return { ...now, stopped: `The cost is below ${stopAt} after ${done}.` };
    if (stop !== "patience") return now;
    if (judged === null) return { ...now, stopped: "No points are kept for validation, which this stop rule watches." };
    const waited = epochs - best.since;
    if (waited < max(1, stopAt)) return now;
    const lower = `No lower validation cost for ${many(waited, "epoch")}`;
    const stopped = `${lower}: back to the weights after epoch ${best.epochs}.`;
    return { ...now, network: best.network, states: best.states, best: { ...best, since: epochs }, back: best.epochs, stopped };
  }

  // The run with its costs noted; where one is too large for a float, the run before.
  function noted(run, before) {
    const last = entry(run);
    if (!(last.cost < Infinity)) return { ...before, stopped: run.stopped || said(overflowing(run), run, run.steps) };
    if (run.stopped) return run;
    run.trail.push(last);
    return run;
  }

  // An epoch in which a number overflows, again, and its costs noted after each mini-batch: so that it stops
  // at the same step as when mini-batches are asked for.
  function lastly(run) {
    let now = run;
    do now = noted(oneBatch(now), now); while (!now.stopped);
    return now;
  }

  // The run after epochs, mini-batches, or one sample alone. An epoch that is under way is ended.
  function after(run, { epochs = 0, steps = 0, sample }) {
    if (run.data.judge.includes(sample)) {
      throw new RangeError(
        `Sample ${sample + 1} is kept for validation: nothing is learned from it. A training point is needed.`,
      );
    }
    if (sample !== undefined && !index(sample, run.data.points.length)) throw new RangeError("There is no such sample.");
    const refused = faultFits(run.network, run.settings.fault);
    if (!run.data.learn.length || refused) return { ...run, stopped: refused || run.stopped };
    let now = { ...run, stopped: "", trail: [...run.trail] };
    for (let k = 0; k < epochs && !now.stopped; k++) {
      const next = noted(oneEpoch(now), now);
      now = next.stopped ? lastly(now) : ruled(next);
    }
    for (let k = 0; k < steps && !now.stopped; k++) now = noted(oneBatch(now), now);
    if (sample !== undefined) {
      const { random, drawn: used } = stream(now);
      const moved = stepped(now, [sample], random);
      now = noted(moved.stopped ? moved : { ...moved, reworked: true, mixed: true, draws: used() }, now);
    }
    return now;
  }

  // ---- what is to be seen ----

  const squashed = ({ settings }, a) => (costOf(settings).squash ?? ((same) => same))(a);
  const outputs = (run, x) => squashed(run, forward(run.network, x)[1].at(-1));

  function seen(run, i) {
    const { network, data, settings } = run;
    const cost = costOf(settings);
    const { fault } = settings;
    const plain = (arrays) => Array.from(arrays, (A) => (A ? plainRows(A) : null));
    const [x, y] = [columns(data.X, [i]), columns(data.Y, [i])];
    const one = gradientOf(network, x, y, cost, fault);
    const sound = fault === "none" ? null : gradientOf(network, x, y, cost);
    const m = data.learn.length;
    const every = gradientOf(network, columns(data.X, data.learn), columns(data.Y, data.learn), cost, fault);
    const judged = data.judge.length ? forward(network, columns(data.X, data.judge))[1].at(-1) : null;
    const lengths = (D) => range(m).map((k) => m * hypot(...range(D.rows).map((j) => at(D, j, k))));
    const norms = Array.from(every.delta, (D) => (D ? lengths(D).reduce((s, v) => s + v, 0) / m : null));
    const silence = (A) => range(A.rows).filter((j) => range(m).every((k) => at(A, j, k) === 0)).length / A.rows;
    const silent = Array.from(every.a, (A, l) => (l > 0 && l < network.length - 1 ? silence(A) : null));
    return {
      x: [...x.data], y: [...y.data], p: [...squashed(run, one.a.at(-1)).data],
      z: plain(one.z), a: plain(one.a), delta: plain(one.delta), w: plain(one.w), b: plain(one.b),
      sound: sound && { delta: plain(sound.delta), w: plain(sound.w), b: plain(sound.b) },
      cost: cost.f(every.a.at(-1), columns(data.Y, data.learn)),
      judged: judged && cost.f(judged, columns(data.Y, data.judge)),
      ...(data.task === "classes" ? counted(data, every.a.at(-1), judged) : { right: null, confusion: null }), norms, silent,
    };
  }

  // Rows are the true classes, columns what the network says; given are its last layers.
  function counted(data, learned, judged) {
    const table = (chosen, a) => {
      const counts = range(data.kinds).map(() => range(data.kinds).fill(0));
      if (a) argmax(a).forEach((kind, k) => counts[data.points[chosen[k]][2]][kind]++);
      return counts;
    };
    const share = (counts, of) => (of.length ? counts.reduce((sum, row, k) => sum + row[k], 0) / of.length : null);
    const [learn, judge] = [table(data.learn, learned), table(data.judge, judged)];
    return { confusion: { learn, judge }, right: { learn: share(learn, data.learn), judge: share(judge, data.judge) } };
  }

  // ---- the gradient check ----

  const STEPS = [1e-5, 1e-4, 1e-6, 1e-3]; // the first decides, the others where rounding or bends spoil it
  const TOLERANCE = 1e-5;
  const SURE = 3; // times the blur that two steps show
  const KINKED = ["relu", "leakyRelu"];

  // Central differences on all points that are learned from, array by array. Where a ReLU of some sample
  // changes its side within the step there is no slope to compare, and the entry is left out. agrees is null
  // for an array, and for all, where rounding of the cost hides the slopes.
  function gradientCheck(run) {
    const { network, data, settings } = run;
    const cost = costOf(settings);
    const [x, y] = [columns(data.X, data.learn), columns(data.Y, data.learn)];
    const found = gradientOf(network, x, y, cost, settings.fault);
    const kinked = network.flatMap(({ name }, l) => (KINKED.includes(name) ? [l] : []));
    const forwards = forward(network, x);
    const measured = (one) => {
      const [z, a] = forward(one, x);
      return { C: cost.f(a.at(-1), y), sides: kinked.map((l) => z[l]) };
    };
    const here = measured(network);
    const rounding = costRounding(network, forwards, y, cost);
    const own = slopeRounding(network, forwards, found);
    const bent = (there) => here.sides.some((z, i) => z.data.some((v, e) => v > 0 !== there.sides[i].data[e] > 0));

    // The slope along one entry by steps of different length, and how far it may be off: what two steps
    // differ by, the corner that is left between their two sides as they shorten, and what rounding does to
    // them. The surest two count; null at a kink.
    function slopeAlong(l, letter, e, g, scale) {
      const one = network[l][letter];
      const slopes = [];
      for (const part of STEPS) {
        const h = part * max(1, abs(one.data[e]));
        const [up, down] = [one.data[e] + h, one.data[e] - h];
        const moved = (v) => withEdit(network, [l, letter, floor(e / one.cols), e % one.cols, v]);
        const [high, low] = [measured(moved(up)), measured(moved(down))];
        if (kinked.length && (bent(high) || bent(low))) continue;
        const slope = (high.C - low.C) / (up - down);
        if (abs(slope - g) <= 0.1 * TOLERANCE * scale) return { slope, blur: 0 };
        slopes.push({ h, slope, bend: (high.C + low.C - 2 * here.C) / h, blur: (SURE * rounding) / h });
      }
      if (!slopes.length) return null;
      slopes.sort((a, b) => a.h - b.h);
      const pairs = slopes.slice(1).map((long, i) => {
        const short = slopes[i];
        const times = long.h / short.h;
        const corner = abs(times * short.bend - long.bend) / (times - 1); // 0 where the cost is smooth
        const blur = SURE * (abs(long.slope - short.slope) + corner) + short.blur;
        return { blur, slope: abs(long.slope - g) < abs(short.slope - g) ? long.slope : short.slope };
      });
      return (pairs.length ? pairs : slopes).reduce((best, one) => (one.blur < best.blur ? one : best));
    }

    let left = 0;
    function judged(l, letter) {
      const { data: slopes } = found[letter][l];
      const scale = max(...slopes.map(abs));
      let [off, size, expected, blur, count] = [0, 0, 0, 0, 0];
      slopes.forEach((g, e) => {
        const along = slopeAlong(l, letter, e, g, scale);
        if (along === null) return void left++;
        count++;
        [off, size, expected] = [hypot(off, g - along.slope), hypot(size, g), hypot(expected, along.slope)];
        blur = hypot(blur, along.blur, own[letter][l].data[e]);
      });
      const largest = max(size, expected);
      const error = off === 0 ? 0 : off / largest;
      const right = off <= TOLERANCE * largest + blur;
      const least = (rounding * sqrt(slopes.length)) / max(...STEPS);
      let open = ""; // why it cannot be judged
      if (!count) open = "kinked";
      else if (!(error < Infinity)) open = "large";
      else if (largest <= least || (right && blur > largest / 2)) open = "small";
      return { error: open === "large" ? 0 : error, agrees: open ? null : right, open };
    }

    const each = network.slice(1).map((_, i) => ({ l: i + 1, w: judged(i + 1, "w"), b: judged(i + 1, "b") }));
    const arrays = each.flatMap(({ l, w, b }) => [{ name: `w${raised(l)}`, ...w }, { name: `b${raised(l)}`, ...b }]);
    const bad = arrays.filter(({ agrees }) => agrees === false);
    const worst = bad.reduce((most, one) => (one.error > most.error ? one : most), { name: "", error: 0 });
    const agrees = arrays.every((one) => one.open) ? null : !bad.length;
    return { worst: worst.name, each, agrees, left, sentence: verdict({ arrays, bad, worst, left, C: here.C }) };
  }

  const sizes = (A) => entrywise(abs, A);

  // How far the rounding of z in every layer may move the cost, to first order.
  function costRounding(network, [z, a], y, cost) {
    let error = entrywise(() => 0, a[0]);
    network.forEach(({ w, b, sigma }, l) => {
      const terms = entrywise((sum, bias) => sum + abs(bias), dot(sizes(w), sizes(a[l - 1])), b);
      const before = dot(sizes(w), error);
      error = entrywise((z, term, e) => abs(sigma.prime(z)) * (2 ** -52 * term + e), z[l], terms, before);
    });
    const moved = entrywise((df, e) => abs(df) * e, cost.df(a.at(-1), y), error);
    return 2 ** -50 * max(1, cost.f(a.at(-1), y)) + moved.data.reduce((sum, e) => sum + e, 0);
  }

  // How far rounding may move each slope that backpropagation finds: what its sums would be if no term
  // canceled another.
  function slopeRounding(network, [z, a], { delta }) {
    const size = [];
    for (let l = network.length - 1; l > 0; l--) {
      const back = network[l + 1] && dot(transpose(sizes(network[l + 1].w)), size[l + 1]);
      size[l] = back ? entrywise((d, zi) => d * abs(network[l].sigma.prime(zi)), back, z[l]) : sizes(delta[l]);
    }
    const ulps = (A) => entrywise((v) => 2 ** -50 * v, A);
    return {
      w: network.map((_, l) => ulps(engine.weightGradient(size[l], sizes(a[l - 1])))),
      b: network.map((_, l) => ulps(engine.biasGradient(size[l]))),
    };
  }

  function verdict({ arrays, bad, worst, left, C }) {
    const names = (some) => listed(some.map(({ name }) => name));
    const [small, large, kinked] = ["small", "large", "kinked"].map((why) => arrays.filter(({ open }) => open === why));
    const [stand, are] = left > 1 ? ["entries stand", "are"] : ["entry stands", "is"];
    const kinks = left ? ` ${left} ${stand} at a kink of ReLU, where there is no slope, and ${are} left out.` : "";
    if (large.length === arrays.length) return "The numbers are too large for a gradient check: nothing was judged.";
    if (arrays.every(({ open }) => open)) {
      const beside = `Beside the cost, ${shortly(C)}, the slopes are too small to show in its differences: `;
      return `${small.length ? beside : ""}${small.length ? "n" : "N"}othing was judged.${kinks}`;
    }
    const judgeable = small.length + large.length + kinked.length ? " that could be judged" : "";
    const lead = bad.length
      ? `The slopes along ${names(bad)} are wrong; ` +
        `those along ${worst.name} are off by ${shortly(100 * worst.error)} % of their length.`
      : `Every slope${judgeable} agrees with that of a small step.`;
    const tiny = small.length ? ` Those along ${names(small)} are too small beside the cost to be judged.` : "";
    const huge = large.length ? ` Those along ${names(large)} are too large to be judged.` : "";
    return lead + tiny + huge + kinks;
  }

  const listed = (names) => (names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0]);
  const shortly = (value) => shown(Number(value.toPrecision(2)));

  // ---- the field and sweeps ----

  // Classes: which one, and by how much its output leads the next. A curve: its heights.
  function field(run, cells) {
    if (run.data.task === "curve") {
      const x = matrix(1, cells, (_, i) => REACH * ((2 * i) / (cells - 1) - 1));
      return { y: outputs(run, x).data };
    }
    const middle = (i) => REACH * ((2 * i + 1) / cells - 1);
    const x = matrix(2, cells * cells, (k, i) => (k ? -middle(floor(i / cells)) : middle(i % cells)));
    const p = outputs(run, x);
    const kinds = argmax(p);
    const sure = Float64Array.from(kinds, (kind, i) => {
      let next = -Infinity;
      for (let k = 0; k < p.rows; k++) if (k !== kind) next = max(next, at(p, k, i));
      return min(1, at(p, kind, i) - next);
    });
    return { kind: Uint8Array.from(kinds), sure };
  }

  // The settings of one run of a sweep. It draws its weights: given ones would be the same for every seed.
  const swept = (settings, over, value, s) =>
    fitted({ ...settings, weights: null, edits: [], stop: "never", seed: (settings.seed + s) % 1e6, [over]: value });

  const sweepNote = ({ weights, edits }) =>
    weights || edits.length ? "The sweep draws all weights anew; those that were set by hand do not count." : "";

  // Yields { value, seed, cost, judged, stopped } for each value and seed, and null now and then between.
  // Throws before it starts where there is nothing to sweep.
  function sweep(settings, plan) {
    const { over, values } = plan;
    if (settings.data === "own" && ["points", "noise", "dataSeed"].includes(over)) {
      throw new RangeError("Points of your own are taken as they are: neither their number nor their noise can be swept.");
    }
    for (const value of values) {
      allowed({ [over]: value });
      const run = begin(swept(settings, over, value, 0));
      const refused = run.data.learn.length ? faultFits(run.network, run.settings.fault) : run.stopped;
      if (refused) throw new RangeError(refused);
    }
    return sweeping(settings, plan);
  }

  function* sweeping(settings, { over, values, seeds, epochs }) {
    for (const value of values) {
      for (let s = 0; s < seeds; s++) {
        let run = begin(swept(settings, over, value, s));
        for (let done = 0; done < epochs && !run.stopped; done += 5) {
          run = after(run, { epochs: min(5, epochs - done) });
          yield null;
        }
        const { stopped } = run;
        const { cost = null, judged = null } = run.trail.at(-1) ?? {};
        const lost = (v) => (stopped && v !== null ? Infinity : v);
        yield { value, seed: run.settings.seed, cost: lost(cost), judged: lost(judged), stopped };
      }
    }
  }

  return {
    START, ALLOWED, REACH, LAYERS, MOST, PAIRS, checked, merged, fitted, sizesOf, taskOf, address, fromAddress, pasted, asText,
    exactly, dataOf, begin, changed, differing, edited, asStart, weightsOf, after, seen, planted, gradientCheck, field, sweep, sweepNote,
    NAMES, WORDS, CLASSES, MARKS,
  };
})();
if (typeof module === "object") module.exports = playground;
