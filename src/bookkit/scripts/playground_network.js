// The playground's network as a picture, and the four equations of one of its neurons in numbers.
var playgroundNetwork = (() => {
  "use strict";
  const { minus } = draw;
  const UP = "⁰¹²³⁴⁵";
  const LOW = "₀₁₂₃₄₅₆₇₈";
  const HEIGHT = 290;

  // ---- numbers and symbols ----

  // at most four characters and a sign: .31, 1.2, 12, 4e5
  function brief(v) {
    const size = Math.abs(v);
    const sign = v < 0 ? "−" : "";
    if (!Number.isFinite(v)) return Number.isNaN(v) ? "?" : `${sign}∞`;
    if (size === 0) return "0";
    if (size < 0.005 || size >= 999.5) return sign + size.toExponential(0).replace("+", "").replace("-", "−");
    if (size < 0.995) return sign + size.toFixed(2).slice(1);
    return sign + (size < 9.95 ? size.toFixed(1) : size.toFixed(0));
  }
  // three decimals, or as many digits where they would say nothing
  function num(v) {
    if (!Number.isFinite(v)) return Number.isNaN(v) ? "no number" : `${v < 0 ? "−" : ""}∞`;
    const size = Math.abs(v);
    if (v === 0 || (size >= 0.0995 && size < 1e4)) return minus(v.toFixed(size < 100 ? 3 : 1));
    if (size >= 1e4 || size < 1e-3) return v.toExponential(1).replace("+", "").replaceAll("-", "−");
    return minus(v.toPrecision(3));
  }
  const factor = (v) => (v < 0 ? `(${num(v)})` : num(v));
  const symbol = (letter, l, ...at) => `<i>${letter}</i><sup>${l}</sup><sub>${at.join("")}</sub>`;
  const slope = (of) => `∂<i>C</i>/∂${of}`;
  const plain = (letter, l, ...at) => letter + UP[l] + at.map((i) => LOW[i]).join("");

  // ---- the picture ----

  const shapeOf = (sizes, names, width, beside) => [sizes, names, width, beside].join(";");

  // Drawn anew only when the shape or the room changes; width is in pixels, so that text keeps its size.
  // beside is the room for what stands beside an output. With many layers their names take turns in two rows.
  function build(box, sizes, names, width, beside) {
    const L = sizes.length - 1;
    const turns = L > 3 ? 13 : 0;
    const height = HEIGHT + turns;
    const wide = Math.min(46, Math.floor((width - beside) / (L + 1) - 6));
    const high = 26;
    const column = (l) => wide / 2 + 2 + ((width - beside - wide) * l) / L;
    const middle = (count, j) => turns + 18 + (HEIGHT - 36) * ((j + 0.5) / count);
    const place = (l, j) => [column(l), middle(sizes[l], j)];
    let [edges, pills, heads] = ["", "", ""];
    sizes.forEach((size, l) => {
      const [anchor, x] = l ? (l === L ? ["end", column(l) + wide / 2] : ["middle", column(l)]) : ["start", 2];
      heads += `<text class="pg-head" x="${x}" y="${l % 2 ? 12 + turns : 12}" text-anchor="${anchor}">${l ? (l === L ? "output" : names[l - 1]) : "input"}</text>` +
        `<text data-norm="${l}" x="${column(l)}" y="${height - 4}" text-anchor="middle"></text>`;
      for (let j = 0; j < size; j++) {
        const [x, y] = place(l, j);
        for (let k = 0; l && k < sizes[l - 1]; k++) {
          const [from, above] = place(l - 1, k);
          edges += `<path data-edge="${l},${j},${k}" d="M${from + wide / 2} ${above}L${x - wide / 2} ${y}"/>`;
        }
        const role = l ? `role="button" tabindex="-1"` : `role="img"`;
        pills += `<g ${role} data-neuron="${l},${j}" transform="translate(${x} ${y})"><rect class="pg-focus" x="${-wide / 2 - 3}" y="${-high / 2 - 3}" width="${wide + 6}" height="${high + 6}" rx="15"/>` +
          `<rect class="pg-pill" x="${-wide / 2}" y="${-high / 2}" width="${wide}" height="${high}" rx="12"/><text y="4.5" text-anchor="middle" lengthAdjust="spacingAndGlyphs"></text></g>`;
        if (l === L) pills += `<text data-out="${j}" x="${x + wide / 2 + 4}" y="${y + 4.5}"></text>`;
      }
    });
    box.innerHTML = `<svg viewBox="0 0 ${width} ${height}" role="group" aria-label="Network: each neuron is a button; arrow keys lead to the others">` +
      `<g class="pg-edges">${edges}</g>${heads}${pills}</svg>`;
    const find = (name) => new Map([...box.querySelectorAll(`[data-${name}]`)].map((e) => [e.dataset[name], e]));
    return { shape: shapeOf(sizes, names, width, beside), wide, sizes, edges: find("edge"), neurons: find("neuron"), norms: find("norm"), outs: find("out") };
  }

  const attribute = (element, name, value) => {
    if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
  };
  // into the text that is there: a new child would have the page's styles matched again in every frame
  function write(element, text) {
    const { firstChild: held, lastChild } = element;
    if (held === lastChild && held?.nodeType === 3) {
      if (held.data !== text) held.data = text;
    } else if (element.textContent !== text) element.textContent = text;
  }
  const writeMarkup = (element, markup) => {
    if (!/[<&]/.test(markup)) return write(element, markup);
    if (element.markup !== markup) element.innerHTML = element.markup = markup;
  };

  // seen as playground.seen gives it; chosen is [l, j]; ends says what stands beside an output
  function update(picture, { seen, network, norms, chosen, backward, ends }) {
    const { sizes } = picture;
    const L = sizes.length - 1;
    const strength = (l, j, k) => (backward ? seen.delta[l][j] * seen.a[l - 1][k] : network[l].w.data[j * sizes[l - 1] + k]);
    let most = 1e-12;
    for (const key of picture.edges.keys()) most = Math.max(most, Math.abs(strength(...key.split(",").map(Number))) || 0);
    for (const [key, edge] of picture.edges) {
      const [l, j, k] = key.split(",").map(Number);
      const v = strength(l, j, k);
      attribute(edge, "stroke-width", (0.5 + (3 * Math.abs(v)) / most || 0.5).toFixed(1));
      attribute(edge, "stroke-dasharray", v < 0 ? "5 3" : "none");
      attribute(edge, "class", l === chosen[0] && j === chosen[1] ? "pg-lit" : backward && l === chosen[0] + 1 && k === chosen[1] ? "pg-back" : "");
    }
    for (const [key, neuron] of picture.neurons) {
      const [l, j] = key.split(",").map(Number);
      const v = backward && l ? seen.delta[l][j] : seen.a[l][j];
      const text = backward && !l ? "" : brief(v);
      const inside = neuron.lastElementChild;
      write(inside, text);
      // a number as long as −4e−13 is drawn narrower
      if (text.length * 7 > picture.wide - 6) attribute(inside, "textLength", picture.wide - 6);
      else inside.removeAttribute("textLength");
      const lit = l === chosen[0] && j === chosen[1];
      if (l) {
        attribute(neuron, "aria-pressed", lit);
        attribute(neuron, "tabindex", lit ? 0 : -1);
        attribute(neuron, "aria-label", `layer ${l}${l === L ? ", the output" : ""}, neuron ${j + 1}: ` +
          `a ${num(seen.a[l][j])}, δ ${num(seen.delta[l][j])}`);
      } else attribute(neuron, "aria-label", `input ${j + 1}: ${num(seen.a[0][j])}`);
    }
    for (const [l, text] of picture.norms) write(text, +l ? brief(norms[l]) : "‖δ‖");
    for (const [j, text] of picture.outs) write(text, ends[j]);
  }

  // where an arrow key leads from a neuron
  function neighbor(sizes, [l, j], key) {
    const [dl, dj] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] ?? [];
    if (dl === undefined) return null;
    const to = Math.min(Math.max(l + dl, 1), sizes.length - 1);
    return [to, Math.min(Math.max(j + dj, 0), sizes[to] - 1)];
  }

  // ---- the four equations ----

  const CALLS = {
    sigmoid: (v) => `1 / (1 + e<sup>−${factor(v)}</sup>)`, tanh: (v) => `tanh(${num(v)})`,
    relu: (v) => `max(0, ${num(v)})`, leakyRelu: (v) => `max(0.01·${factor(v)}, ${num(v)})`,
  };
  // σ′(z) by what is known already
  const PRIMES = {
    identity: () => "1", sigmoid: (a) => `${a} (1 − ${a})`, tanh: (a) => `1 − (${a})<sup>2</sup>`,
    relu: () => "1 or 0", leakyRelu: () => "1 or 0.01",
  };
  const SUMS = { softmaxCrossEntropy: "softmax", sigmoidCrossEntropy: "sigmoid" };
  const count = (n) => [...Array(n).keys()];
  // each in a place of its own, so that no line breaks elsewhere when a number changes
  const terms = (all) => all.map((one, i) => `${i ? "+ " : ""}${one}`);
  const term = (one, other) => `${factor(one)}·${factor(other)}`;

  // The equations of neuron j of layer l for one sample: name, symbols, the same with the numbers put in
  // (a list of terms, and what closes them), result, remark. names[l] is an activation; with a planted fault they are what the wrong code computes.
  function equations({ seen, network, sizes, chosen: [l, j], names, pair, fault }) {
    const L = sizes.length - 1;
    const J = j + 1;
    const { z, a, p, y, delta, sound } = seen;
    const weight = (layer, row, col) => network[layer].w.data[row * sizes[layer - 1] + col];
    const [Z, A, D, B] = ["z", "a", "δ", "b"].map((letter) => symbol(letter, l, J));
    const over = (letter, layer, ...at) => symbol(letter, layer, ...at);
    const Slope = `<i>σ</i>′(${Z})`;
    const bend = factor(engine.ACTIVATIONS[names[l]].prime(z[l][j]));
    const bending = { name: "", symbols: `${Slope} = ${PRIMES[names[l]](A)}`, numbers: "", result: num(engine.ACTIVATIONS[names[l]].prime(z[l][j])) };
    const found = count(sizes[l - 1]).map((k) => term(weight(l, j, k), a[l - 1][k]));
    const planted = (now, right) => (sound && now !== right ? `Planted fault; right is ${num(right)}.` : "");
    const rows = [
      { name: "forward", symbols: `${Z} = Σ<sub><i>k</i></sub> ${over("w", l, J, "<i>k</i>")} ${over("a", l - 1, "<i>k</i>")} + ${B}`,
        numbers: terms([...found, factor(network[l].b.data[j])]), result: num(z[l][j]) },
      { name: "", symbols: `${A} = ${names[l] === "identity" ? Z : `<i>σ</i>(${Z})`}`, numbers: names[l] === "identity" ? "" : CALLS[names[l]](z[l][j]), result: num(a[l][j]) },
    ];
    if (l === L) {
      const P = SUMS[pair] ? `<i>p</i><sub>${J}</sub>` : A;
      if (SUMS[pair] === "softmax") {
        const all = count(sizes[L]).map((i) => over("a", L, i + 1));
        rows.push({ name: "", symbols: `${P} = e<sup>${A}</sup> / (${all.map((one) => `e<sup>${one}</sup>`).join(" + ")})`,
          numbers: [`e<sup>${num(a[L][j])}</sup> /`, `(${a[L].map((v) => `e<sup>${num(v)}</sup>`).join(" + ")})`], result: num(p[j]) });
      } else if (SUMS[pair]) rows.push({ name: "", symbols: `${P} = 1 / (1 + e<sup>−${A}</sup>)`, numbers: CALLS.sigmoid(a[L][j]), result: num(p[j]) });
      rows.push(bending, { name: "BP1", symbols: `${D} = (${P} − <i>y</i><sub>${J}</sub>) ${Slope}`, numbers: `(${num(p[j])} − ${factor(y[j])})·${bend}`, result: num(delta[l][j]) });
    } else {
      const turned = fault === "transpose" && sizes[l] === sizes[l + 1];
      const [row, col] = turned ? [J, "<i>k</i>"] : ["<i>k</i>", J];
      const pairs = count(sizes[l + 1]).map((k) => [turned ? weight(l + 1, j, k) : weight(l + 1, k, j), delta[l + 1][k]]);
      const lost = fault === "slope";
      const sum = pairs.reduce((so, [one, other]) => so + one * other, 0);
      if (!lost) rows.push(bending);
      rows.push({ name: "BP2", symbols: `${D} = ${lost ? "" : "("}Σ<sub><i>k</i></sub> ${over("w", l + 1, row, col)} ${over("δ", l + 1, "<i>k</i>")}${lost ? "" : `) ${Slope}`}`,
        numbers: terms(pairs.map(([one, other]) => term(one, other))), close: lost ? "" : `= ${factor(sum)}·${bend}`,
        result: num(delta[l][j]), remark: planted(delta[l][j], sound?.delta[l][j]) });
    }
    rows.push({ name: "BP3", symbols: `${slope(B)} = ${fault === "sign" ? "−" : ""}${D}`, numbers: "", result: num(seen.b[l][j]), remark: planted(seen.b[l][j], sound?.b[l][j]) });
    rows.push({ name: "BP4", symbols: `${slope(over("w", l, J, "<i>k</i>"))} = ${D} ${over("a", l - 1, "<i>k</i>")}`, numbers: `${factor(delta[l][j])} · ${over("a", l - 1, "<i>k</i>")}`, result: "" });
    return rows;
  }

  return { build, shapeOf, update, neighbor, equations, brief, num, factor, symbol, plain, slope, write, writeMarkup, attribute };
})();
