// One pass over one sample, number by number, each of the given numbers editable; what a step gives can
// be typed before it is shown. Data: the steps (bookkit.one_pass: phase, name, symbols, place, uses,
// words), and what the text calls the neurons and weights.
explorers.views.pass = ({ steps, names }) => {
  const { words, edge, neuron: circle, fixed } = draw;
  const { fromRows, at, forward, backprop, COSTS, ACTIVATIONS } = engine;
  const [ABOVE, BELOW] = ["⁰¹²", "₀₁₂"];
  const QUANTITY = { forward: "forward", backward: "error", update: "weight" };
  const symbol = (letter, l, ...indices) => letter + (ABOVE[l] ?? "") + indices.map((i) => BELOW[i]).join("");
  const NEURONS = [1, 2].flatMap((j) => [0, 1, 2].map((l) => [l, j]));
  const EDGES = [1, 2].flatMap((l) => [1, 2].flatMap((j) => [1, 2].map((k) => [l, j, k])));
  const decimals = (value, count) => fixed(value, count).replace(/^−(0\.0+)$/, "$1"); // zero has no sign
  const nine = (value) => decimals(value, 9);
  const given = (value) => decimals(value, 4).replace(/(\.\d\d\d*?)0+$/, "$1");

  // what was given with few decimals stays as short; a negative number stands in parentheses
  function digits(value) {
    const text = Math.abs(value - value.toFixed(4)) < 1e-12 ? given(value) : nine(value);
    return text[0] === "−" ? `(${text})` : text;
  }

  // Every number of the pass under its symbol, as bookkit.one_pass has it.
  function values(state) {
    const weights = (l) => fromRows([1, 2].map((j) => [1, 2].map((k) => state[`w${4 * (l - 1) + 2 * (j - 1) + k}`])));
    const layer = (w, b) => ({ w, b: fromRows([[b], [b]]), sigma: ACTIVATIONS.sigmoid });
    const network = [, layer(weights(1), state.b1), layer(weights(2), state.b2)];
    delete network[0]; // a hole, which forEach passes over
    const [x, y] = [fromRows([[state.i1], [state.i2]]), fromRows([[state.t1], [state.t2]])];
    const { f } = COSTS.quadratic;
    const [z, a] = forward(network, x);
    const g = backprop(network, x, y, COSTS.quadratic);
    const shared = g.b.map((b) => b.data[0] + b.data[1]);
    const stepped = (biases) =>
      network.map(({ w, b, sigma }, l) => ({
        w: engine.entrywise((one, slope) => one - state.rate * slope, w, g.w[l]),
        b: biases ? engine.entrywise((one) => one - state.rate * shared[l], b) : b, sigma,
      }));
    const moved = stepped(true);
    const after = forward(moved, x)[1][2];
    const V = { η: state.rate, C: f(a[2], y), "new C": f(after, y), costIfFixed: f(forward(stepped(false), x)[1][2], y) };
    for (const j of [1, 2]) {
      const one = (A) => A.data[j - 1];
      Object.assign(V, {
        [symbol("a", 0, j)]: one(x), [symbol("y", "", j)]: one(y), [symbol("new a", 2, j)]: one(after),
        [symbol("C", "", j)]: (one(a[2]) - one(y)) ** 2 / 2,
      });
      for (const l of [1, 2]) Object.assign(V, { [symbol("z", l, j)]: one(z[l]), [symbol("a", l, j)]: one(a[l]), [symbol("δ", l, j)]: one(g.delta[l]) });
    }
    for (const [l, j, k] of EDGES) {
      const entry = (A) => at(A, j - 1, k - 1);
      Object.assign(V, { [symbol("w", l, j, k)]: entry(network[l].w), [symbol("∂C/∂w", l, j, k)]: entry(g.w[l]), [symbol("new w", l, j, k)]: entry(moved[l].w) });
    }
    for (const l of [1, 2]) Object.assign(V, { [symbol("b", l)]: network[l].b.data[0], [symbol("∂C/∂b", l)]: shared[l], [symbol("new b", l)]: moved[l].b.data[0] });
    return V;
  }

  function putIn(symbols, V) {
    const longestFirst = Object.keys(V).sort((s, t) => t.length - s.length); // or w²₁₁ would be taken out of ∂C/∂w²₁₁
    return symbols.replace(new RegExp(longestFirst.join("|"), "g"), (found) => digits(V[found]));
  }

  // What is often done instead, [number, sentence], of one step.
  function mistakes({ phase, name, place: [l, j, k] }, V) {
    const v = (letter, ...of) => V[symbol(letter, ...of)];
    const other = (i) => 3 - i;
    const letter = name.replace(/[⁰¹²₁₂]/g, "");
    const slope = (layer, i) => v("a", layer, i) * (1 - v("a", layer, i));
    const bent = (x) => 1 / (1 + Math.exp(-x));
    const sum = (w, a) => w(1) * a(1) + w(2) * a(2);
    const weighted = (bias, w = (i) => v("w", l, j, i)) => sum(w, (i) => v("a", l - 1, i)) + bias;
    const paths = (w = (i) => v("w", 2, i, j)) => sum(w, (i) => v("δ", 2, i));
    const last = (i) => v("a", 2, i) - v("y", "", i);
    const lost = "The slope a (1 − a) is missing";
    const known = {
      z: () => [
        [weighted(0), "The bias is missing."],
        [weighted(v("b", l), (i) => v("w", l, i, j)), "Row and column are exchanged: the weights that lead into the neuron stand in a row."],
        [v("a", l - 1, 1) + v("a", l - 1, 2) + v("b", l), "The weights are missing."],
      ],
      a: () => [
        [v("z", l, j), "That is z; the activation is 1 / (1 + exp(−z))."],
        [bent(-v("z", l, j)), "The sign in the exponent is lost."],
        [slope(l, j), "That is the slope a (1 − a), not the activation."],
      ],
      C: () =>
        j === undefined
          ? [[(v("C", "", 1) + v("C", "", 2)) / 2, "A mean over the outputs is taken; this cost is their sum."], [2 * V.C, "The ½ is missing."]]
          : [[last(j) ** 2, "The ½ is missing."], [last(j) / 2, "The square is missing."], [-last(j) / 2, "The square is missing."]],
      δ: () =>
        l === 2
          ? [
              [last(j), `${lost} (BP1).`],
              [-last(j) * slope(2, j), "Target and output are exchanged: BP1 begins with a − y."],
              [last(j) * v("z", 2, j) * (1 - v("z", 2, j)), "z stands where a belongs: the slope is a (1 − a)."],
              [last(j) * v("a", 2, j), "Of the slope a (1 − a) the second factor is missing."],
            ]
          : [
              [paths(), `${lost} (BP2).`],
              [v("w", 2, 1, j) * v("δ", 2, 1) * slope(1, j), "One path alone: the path through o₂ is missing."],
              [v("w", 2, 2, j) * v("δ", 2, 2) * slope(1, j), "One path alone: the path through o₁ is missing."],
              [paths((i) => v("w", 2, j, i)) * slope(1, j), "A row of w² is taken: the weights that leave the neuron stand in a column (BP2)."],
              [paths((i) => v("new w", 2, i, j)) * slope(1, j), "The new weights are used: the whole pass back takes the old ones."],
              [sum((i) => v("w", 2, i, j), last) * slope(1, j), "The errors of the outputs lack their slopes (BP1)."],
            ],
      "∂C/∂w": () => [
        [v("δ", l, j) * v("a", l - 1, other(k)), "The activation of the other neuron is taken (BP4)."],
        [v("δ", l, other(j)) * v("a", l - 1, k), "The error of the other neuron is taken (BP4)."],
        [v("δ", l, k) * v("a", l - 1, j), "The indices are exchanged: error where the weight ends, activation where it starts (BP4)."],
        [v("δ", l, j) * v("a", l, j), "The activation where the weight ends is taken; BP4 takes the one where it starts."],
        [v("δ", l, j), "The activation is missing (BP4)."],
        ...(l === 2 ? [[v("δ", l, j) * v("z", 1, k), "z stands where a belongs (BP4)."]] : []),
        ...known.δ().map(([error, said]) => [error * v("a", l - 1, k), `In the error: ${said}`]),
      ],
      "∂C/∂b": () => [
        [v("δ", l, 1), "One error alone: both neurons have this bias."],
        [v("δ", l, 2), "One error alone: both neurons have this bias."],
        [(v("δ", l, 1) + v("δ", l, 2)) / 2, "A mean is taken: the slopes of a shared bias add up."],
      ],
    };
    if (phase !== "update") return known[letter]?.() ?? [];
    if (l === undefined) return [[V.C, "That is the cost before the step."], [V.costIfFixed, "The biases have not moved."]];
    const [old, slopeOf] = [V[name.slice(4)], V[`∂C/∂${name.slice(4)}`]];
    return [
      [old + V.η * slopeOf, "The step is added; it goes against the slope."],
      [old - slopeOf, "The rate η is missing."],
      [old, "That is the old value."],
      [-V.η * slopeOf, "That is the step alone."],
    ];
  }

  // equal to so many digits, where nine decimals show them
  const near = (typed, value, count = 3) =>
    Math.abs(typed - value) <= 1.002 * Math.max(10 ** (Math.floor(Math.log10(Math.abs(value))) - count + 1) / 2, 5e-10);

  // Three digits are enough, but for a mistake that only the fourth tells from the right number.
  function judged(typed, step, V) {
    const right = V[step.name];
    const known = mistakes(step, V).filter(([value]) => !near(value, right, 4));
    const done = (count) => known.find(([value]) => near(typed, value, count));
    if (near(typed, right, 4) || (near(typed, right) && !done(3))) return "";
    const found = done(4) ?? done(3);
    if (near(typed, right)) return "Close, but so is a usual mistake: four digits are needed here.";
    if (found) return found[1];
    if (near(-typed, right)) return "The size is right, the sign is not.";
    if (Math.abs(typed - right) <= 0.01 * Math.abs(right)) return "Close, but rounded too early: three digits are asked for.";
    return "This is not the number, and no mistake that is known here leads to it.";
  }

  // ---- the picture ----

  const X = [48, 172, 296];
  const Y = [0, 78, 243];
  const along = (from, to, part) => from + part * (to - from);

  // where it is written: x, the first baseline, the anchor
  function spot([l, j, k], count) {
    if (l === undefined) return [322, 165, "start"];
    if (j === undefined) return [X[l] - 31, 165, "middle"];
    if (k !== undefined) {
      const part = j === k ? 0.5 : 0.3;
      return [along(X[l - 1], X[l], part), along(Y[k], Y[j], part) + 4, "middle"];
    }
    if (l === 2) return [X[2] + 23, Y[j] - 28, "start"];
    return [X[l], j === 1 ? Y[1] - 26 - 15 * (count - 1) : Y[2] + 34, "middle"];
  }

  function texts(V, upTo, hidden) {
    const shown = new Map();
    const write = (place, text) => shown.set(place.join(), [...(shown.get(place.join()) ?? []), text]);
    for (const j of [1, 2]) {
      write([0, j], given(V[symbol("a", 0, j)]));
      write([2, j], `y ${given(V[symbol("y", "", j)])}`);
    }
    for (const e of EDGES) write(e, `${names[e.join()]} ${given(V[symbol("w", ...e)])}`);
    for (const l of [1, 2]) write([l], `b${BELOW[l]} ${given(V[symbol("b", l)])}`);
    steps.slice(0, upTo).forEach(({ phase, name, place }, i) => {
      const value = hidden && i === upTo - 1 ? "?" : decimals(V[name], 4);
      if (phase === "backward" && name[0] === "∂") return; // in the table: an edge has room for its weight
      if (phase !== "update") return write(place, `${name.replace(/[⁰¹²]/g, "").replace(name[0] === "C" ? "" : /[₁₂]/g, "")} ${value}`);
      if (!place.length) return write(place, `new ${value}`);
      shown.set(place.join(), [`${shown.get(place.join())[0].split(" ")[0]} ${value}`]);
    });
    for (const j of [1, 2]) if (upTo > 11 && upTo < 18 + j) write([1, j], "δ ?");
    return shown;
  }

  function view(state) {
    const V = values(state);
    const now = steps[state.step - 1];
    const hiding = state.mode !== "shown";
    const fault = hiding && state.result !== null ? judged(state.result, now, V) : "";
    const hidden = hiding && (state.result === null || fault !== "");
    const quantity = QUANTITY[now.phase];
    const lit = { [now.place.join()]: quantity };
    for (const place of now.uses) lit[place.join()] ??= place.length === 3 ? "weight" : quantity;

    let svg = "";
    const known = steps.slice(0, state.step - hidden).map(({ name }) => name);
    const strength = EDGES.map((e) => symbol("w", ...e)).map((w) => V[known.includes(`new ${w}`) ? `new ${w}` : w]);
    const largest = Math.max(...strength.map(Math.abs), 1e-9);
    EDGES.forEach(([l, j, k], i) => {
      const key = [l, j, k].join();
      svg += edge([X[l - 1], Y[k]], [X[l], Y[j]], strength[i] / largest, lit[key], key in lit);
    });
    for (const n of NEURONS) svg += circle([X[n[0]], Y[n[1]]], names[n.join()], lit[n.join()], n.join() in lit);
    for (const [key, lines] of texts(V, state.step, hidden)) {
      const [x, y, anchor] = spot(key ? key.split(",").map(Number) : [], lines.length);
      lines.forEach((line, i) => {
        svg += words(x, y + 15 * i, line, { anchor, quantity: lit[key] ?? "ink", bold: key === now.place.join(), halo: 7 });
      });
    }

    const result = hidden ? "?" : nine(V[now.name]);
    const told = hidden ? now.symbols : `${now.symbols} = ${putIn(now.symbols, V)}`;
    const ask = !hidden ? (hiding ? " Right to three digits." : "") : fault ? ` Not yet: ${fault}` : " Type the result.";
    const row = ({ name }, i) => {
      const here = i === state.step - 1;
      return `<tr data-set="step=${i + 1}"${here ? ' aria-current="step"' : ""}><th scope="row">${i + 1}</th><td>${name}</td><td>${here && hidden ? "?" : nine(V[name])}</td></tr>`;
    };
    return {
      svg,
      sentence: `Step ${state.step} of ${steps.length}, ${now.phase}: ${now.name} = ${result}, ${now.words}: ${told}.${ask}${hidden ? "" : remark(now, V)}`,
      table: `<table><thead><tr><th>step</th><th>number</th><th>value</th></tr></thead><tbody>${steps.slice(0, state.step).map(row).reverse().join("")}</tbody></table>`,
    };
  }

  function remark({ name, place: [l, j] }, V) {
    if (name === "new C") return ` With fixed biases it would be ${nine(V.costIfFixed)}.`;
    if (name[0] !== "δ") return "";
    if (l === 2) {
      const off = V[symbol("a", 2, j)] - V[symbol("y", "", j)];
      const [side, sign] = off > 0 ? ["high", "positive"] : ["low", "negative"];
      return off ? ` ${names[`2,${j}`]} is too ${side}, so its error is ${sign}${Math.abs(V[name]) < 5e-10 ? ", if too small for nine decimals" : ""}.` : ` ${names[`2,${j}`]} is right, so its error is 0.`;
    }
    const told = [1, 2].map((i) => {
      const path = V[symbol("w", 2, i, j)] * V[symbol("δ", 2, i)];
      return `${path < 0 ? "" : "+"}${fixed(path, 4)} through o${BELOW[i]}`;
    });
    return ` Its two paths: ${told.join(" and ")}.`;
  }

  return { view };
};
