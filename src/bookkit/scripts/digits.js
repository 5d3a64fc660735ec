// What a network makes of a digit. Data: its weights w1, b1, w2, b2, and either test digits, images of a
// character a pixel, from 0 to g = 16 grays, and their labels; or wires, ten lists of points to begin with.
explorers.views.digits = ({ w1, b1, w2, b2, images, labels, wires }) => {
  const { words, fixed, line } = draw;
  const { fromRows, matrix, at, forward, backprop, softmax, argmax, transpose, dot, entrywise, ACTIVATIONS, COSTS } = engine;
  const layer = (w, b, sigma) => ({ w: fromRows(w), b: fromRows(b), sigma: ACTIVATIONS[sigma] });
  const net = [, layer(w1, b1, "relu"), layer(w2, b2, "identity")];
  const read = (x) => softmax(forward(net, x)[1][2]);
  const SIDE = 8;

  const [CELL, TOP, LEFT, RIGHT, BASE] = [20, 24, 8, 224, 318];
  const one = (digit) => `a${digit === 8 ? "n" : ""} ${digit}`;
  const percent = (share) => (share > 0.999 ? "over 99.9" : share < 0.001 ? "under 0.1" : fixed(100 * share, 1));
  const frame = (x) => `<rect x="${x}" y="${TOP}" width="160" height="160" fill="none" stroke="var(--figure-muted)"/>`;
  const box = (x, y, width, height, look) => `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" ${look}/>`;
  const corner = (left, j) => [left + CELL * (j % SIDE), TOP + CELL * Math.floor(j / SIDE)];
  const shade = (left, grays) =>
    [...grays].map((v, j) => (v > 0 ? box(...corner(left, j), CELL, CELL, `fill="var(--figure-ink)" fill-opacity="${v.toFixed(3)}"`) : "")).join("");

  // the shares of the ten digits; around(k) stands about the name of one
  function bars(shares, said, truth, around = (k, name) => name) {
    let svg = words(LEFT, 226, "share of each digit, in 100") + line([[4, BASE], [400, BASE]], "muted", 0.8);
    for (let k = 0; k < 10; k++) {
      const [middle, share] = [22 + 40 * k, at(shares, k, 0)];
      svg += box(middle - 14, BASE - 72 * share, 28, 72 * share, 'fill="var(--figure-forward)"');
      if (share >= 0.01) svg += words(middle, BASE - 72 * share - 5, share > 0.995 ? "100" : (100 * share).toFixed(0), { anchor: "middle" });
      svg += around(k, words(middle, BASE + 15, k, { anchor: "middle", size: 14, bold: k === said }));
      if (k === truth) svg += words(middle, BASE + 30, "true", { anchor: "middle" });
    }
    return svg;
  }

  // ---- test digits ----

  const MOVES = { none: [0, 0], right: [1, 0], left: [-1, 0], up: [0, -1], down: [0, 1] };
  const ink = (image, row, column) => (row < 0 || column < 0 || row >= SIDE || column >= SIDE ? 0 : parseInt(image[SIDE * row + column], 17) / 16);

  // the chosen images as the network gets them, a column each, with the slopes before the change of grays
  function treated(chosen, shift, grays) {
    const [along, down] = MOVES[shift];
    const placed = matrix(SIDE * SIDE, chosen.length, (j, i) => ink(images[chosen[i]], Math.floor(j / SIDE) - down, (j % SIDE) - along));
    const y = matrix(10, chosen.length, (k, i) => (k === Number(labels[chosen[i]]) ? 1 : 0));
    const slopes = dot(transpose(net[1].w), backprop(net, placed, y, COSTS.softmaxCrossEntropy).delta[1]);
    const x = entrywise((v, g) => Math.min(Math.max(v + (grays / 16) * Math.sign(g), 0), 1), placed, slopes);
    return { x, slopes, shares: read(x) };
  }

  const counts = {}; // of a shift and grays: how many of all test digits are read right
  const right = (shift, grays) =>
    (counts[shift + grays] ??= argmax(treated([...images.keys()], shift, grays).shares).filter((said, i) => said === Number(labels[i])).length);

  function view({ image, shift, grays }) {
    const { x, slopes, shares } = treated([image - 1], shift, grays);
    const truth = Number(labels[image - 1]);
    const [said] = argmax(shares);
    const steepest = Math.max(...slopes.data.map(Math.abs));
    let svg = words(LEFT, 15, "what the network gets") + words(RIGHT, 15, "slope along each pixel") + shade(LEFT, x.data) + frame(LEFT) + frame(RIGHT);
    slopes.data.forEach((g, j) => {
      const side = 17 * Math.sqrt(Math.abs(g) / steepest || 0);
      const [left, top] = corner(RIGHT, j).map((v) => v + (CELL - side) / 2);
      const look = g > 0 ? 'fill="var(--figure-error)"' : 'fill="none" stroke="var(--figure-forward)" stroke-width="1.5"';
      if (side > 3) svg += box(left, top, side, side, look);
    });
    svg += words(LEFT, 204, "■ more ink raises the cost, □ lowers it; size: how steeply") + bars(shares, said, truth);

    const move = shift === "none" ? "" : `moved one pixel ${["left", "right"].includes(shift) ? `to the ${shift}` : shift}`;
    const change = grays ? `changed by ${grays} gray${grays > 1 ? "s" : ""} of 16 along the signs of its slopes` : "";
    const how = [move, change].filter(Boolean).join(" and ") || "as it is";
    const many = right(shift, grays);
    return {
      svg,
      sentence:
        `Test digit ${image}, ${one(truth)}, ${how}, is read as ${said === truth ? "what it is" : one(said)}, with a share of ${percent(at(shares, said, 0))} in 100. ` +
        `Of all ${images.length} test digits, treated like this, ${many} are read right: ${fixed((100 * many) / images.length, 0)} in 100.`,
    };
  }

  // ---- a wire ----

  // a smooth curve through the points, ten pieces between two of them
  function curve(points) {
    const path = [];
    for (let i = 0; i + 1 < points.length; i++) {
      const [a, b, c, d] = [i - 1, i, i + 1, i + 2].map((k) => points[Math.min(Math.max(k, 0), points.length - 1)]);
      for (let n = 0; n < 10; n++) {
        const t = n / 10;
        const mix = (k) => b[k] + (t / 2) * (c[k] - a[k] + t * (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k] + t * (3 * (b[k] - c[k]) + d[k] - a[k])));
        path.push([mix(0), mix(1)]);
      }
    }
    return [...path, points.at(-1)];
  }

  function distance([x, y], [ax, ay], [bx, by]) {
    const [dx, dy] = [bx - ax, by - ay];
    const t = Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1), 0), 1);
    return Math.hypot(x - ax - t * dx, y - ay - t * dy);
  }

  // as the data were: 32 x 32 cells, full height, about 18 wide; a pen that sets 313 cells; blocks of 4 x 4 counted
  function reduced(path) {
    const [low, high] = [Math.min, Math.max].map((f) => [0, 1].map((k) => f(...path.map((p) => p[k]))));
    const [width, height] = [0, 1].map((k) => Math.max(high[k] - low[k], 1));
    let [pen, far] = [2.5, []];
    for (let round = 0; round < 3; round++) {
      const down = (32 - 2 * pen) / height;
      const along = Math.min(Math.max(18 / width, down / 1.5), down * 1.5, (32 - 2 * pen) / width);
      const placed = path.map(([x, y]) => [16 + along * (x - (low[0] + high[0]) / 2), 16 + down * (y - (low[1] + high[1]) / 2)]);
      far = Array.from({ length: 1024 }, (_, i) => {
        const cell = [(i % 32) + 0.5, Math.floor(i / 32) + 0.5];
        return placed.slice(1).reduce((least, p, n) => Math.min(least, distance(cell, placed[n], p)), Infinity);
      });
      pen = [...far].sort((a, b) => a - b)[312];
    }
    const grays = new Float64Array(64);
    far.forEach((d, i) => (grays[8 * Math.floor(i / 128) + Math.floor((i % 32) / 4)] += d <= pen ? 1 / 16 : 0));
    return grays;
  }

  const names = (n) => [`x${n}`, `y${n}`];

  function bent(state) {
    const points = wires[0].map((_, i) => [state[`x${i + 1}`], 160 - state[`y${i + 1}`]]);
    const path = curve(points);
    const grays = reduced(path);
    const shares = read(matrix(64, 1, (j) => grays[j]));
    const [said] = argmax(shares);
    const [next] = argmax(entrywise((share) => (share === at(shares, said, 0) ? -1 : share), shares));
    const set = (k) => wires[k].map((p, i) => names(i + 1).map((name, axis) => `${name}=${p[axis]}`).join("&amp;")).join("&amp;");
    const key = (k, name) => `<g data-set="${set(k)}">${box(3 + 40 * k, BASE, 38, 32, 'fill="var(--figure-paper)" stroke="var(--figure-muted)" rx="4"')}${name}</g>`;
    const handles = {};
    points.forEach(([x, y], i) => (handles[i + 1] = { x: LEFT + x, y: TOP + y, label: `point ${i + 1} of the wire`, fields: names(i + 1), step: 2 }));
    return {
      svg:
        words(LEFT, 15, "the wire") + words(RIGHT, 15, "what the network gets") + frame(LEFT) + frame(RIGHT) + shade(RIGHT, grays) +
        line(path.map(([x, y]) => [LEFT + x, TOP + y]), "data", 4, "") + bars(shares, said, null, key),
      sentence: `The wire is read as ${one(said)}, with a share of ${percent(at(shares, said, 0))} in 100; next comes ${one(next)}, with ${percent(at(shares, next, 0))}.`,
      handles,
    };
  }
  const drag = (n, x, y) => Object.fromEntries(names(n).map((name, axis) => [name, Math.round(axis ? TOP + 160 - y : x - LEFT)]));

  return wires ? { view: bent, drag } : { view };
};
