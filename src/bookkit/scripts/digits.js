// What a network makes of a digit. Data: its weights w1, b1, w2, b2, and either test digits, images of a
// character a pixel, from 0 to g = 16 grays, and their labels; or shapes, strokes by name, beside which the
// reader's own are drawn. Only those are no control: no field holds them, and the address does not tell them.
explorers.views.digits = ({ w1, b1, w2, b2, images, labels, shapes }) => {
  const { words, fixed, line } = draw;
  const { fromRows, matrix, at, forward, backprop, softmax, argmax, transpose, dot, entrywise, ACTIVATIONS, COSTS } = engine;
  const layer = (w, b, sigma) => ({ w: fromRows(w), b: fromRows(b), sigma: ACTIVATIONS[sigma] });
  const net = [, layer(w1, b1, "relu"), layer(w2, b2, "identity")];
  const read = (x) => softmax(forward(net, x)[1][2]);
  const SIDE = 8;

  const [CELL, TOP, LEFT, RIGHT, BASE] = [20, 24, 8, 224, 318];
  const one = (digit) => `a${digit === 8 ? "n" : ""} ${digit}`;
  const percent = (share) => (share > 0.999 ? "over 99.9" : share < 0.001 ? "under 0.1" : fixed(100 * share, 1));
  const frame = (x, side = 160) => `<rect x="${x}" y="${TOP}" width="${side}" height="${side}" fill="none" stroke="var(--figure-muted)"/>`;
  const box = (x, y, width, height, look) => `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" ${look}/>`;
  const corner = (left, j, cell = CELL) => [left + cell * (j % SIDE), TOP + cell * Math.floor(j / SIDE)];
  const shade = (left, grays, cell = CELL) =>
    [...grays].map((v, j) => (v > 0 ? box(...corner(left, j, cell), cell, cell, `fill="var(--figure-ink)" fill-opacity="${v.toFixed(3)}"`) : "")).join("");

  // the slope of the cost along each pixel, by size and by sign
  function squares(left, cell, slopes) {
    const steepest = Math.max(...slopes.map(Math.abs));
    return [...slopes]
      .map((g, j) => {
        const side = 0.85 * cell * Math.sqrt(Math.abs(g) / steepest || 0);
        const [x, y] = corner(left, j, cell).map((v) => v + (cell - side) / 2);
        return side > 3 ? box(x, y, side, side, g > 0 ? 'fill="var(--figure-error)"' : 'fill="none" stroke="var(--figure-forward)" stroke-width="1.5"') : "";
      })
      .join("");
  }

  // the shares of the ten digits, on a floor
  function bars(shares, said, truth, floor) {
    let svg = words(4, floor - 96, "share of each digit, in 100") + line([[4, floor], [400, floor]], "muted", 0.8);
    for (let k = 0; k < 10; k++) {
      const [middle, share] = [22 + 40 * k, at(shares, k, 0)];
      svg += box(middle - 14, floor - 72 * share, 28, 72 * share, 'fill="var(--figure-forward)"');
      if (share >= 0.01) svg += words(middle, floor - 72 * share - 5, share > 0.995 ? "100" : (100 * share).toFixed(0), { anchor: "middle" });
      svg += words(middle, floor + 15, k, { anchor: "middle", size: 14, bold: k === said });
      if (k === truth) svg += words(middle, floor + 30, "true", { anchor: "middle" });
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
    let svg = words(LEFT, 15, "what the network gets") + words(RIGHT, 15, "slope along each pixel") + shade(LEFT, x.data) + frame(LEFT) + frame(RIGHT) + squares(RIGHT, CELL, slopes.data);
    svg += words(LEFT, 204, "■ more ink raises the cost, □ lowers it; size: how steeply") + bars(shares, said, truth, BASE);

    const move = shift === "none" ? "" : `moved one pixel ${["left", "right"].includes(shift) ? `to the ${shift}` : shift}`;
    const change = grays ? `changed by ${grays} gray${grays > 1 ? "s" : ""} of 16 along the signs of its slopes` : "";
    const how = [move, change].filter(Boolean).join(" and ") || "as it is";
    const many = right(shift, grays);
    return {
      svg,
      sentence:
        `Test digit ${image}, ${one(truth)}, ${how}, is read as ${said === truth ? "what it is" : one(said)}, with a share of ${percent(at(shares, said, 0))} in 100. ` +
        `Of all ${images.length} test digits, treated like this, ${many} ${many === 1 ? "is" : "are"} read right: ${fixed((100 * many) / images.length, 0)} in 100.`,
    };
  }

  // ---- strokes drawn by hand ----

  const [FIELD, TILE, RIGHT_FIELD, FLOOR] = [192, 24, 208, 372]; // a field of 192 x 192, a pixel of 24
  const drawn = []; // the strokes of the reader, each a list of points
  const OWN = "your strokes";

  // as the data were: 32 x 32 cells, full height, about 18 wide; a pen that sets 313 cells; blocks of 4 x 4 counted
  function reduced(strokes) {
    const [low, high] = [Math.min, Math.max].map((f) => [0, 1].map((k) => f(...strokes.flat().map((p) => p[k]))));
    const [width, height] = [0, 1].map((k) => Math.max(high[k] - low[k], 1));
    let [pen, edge, far] = [2.5, 0, []];
    for (let round = 0; round < 3; round++) {
      const down = (32 - 2 * pen) / height;
      const along = Math.min(Math.max(18 / width, down / 1.5), down * 1.5, (32 - 2 * pen) / width);
      const placed = ([x, y]) => [16 + along * (x - (low[0] + high[0]) / 2), 16 + down * (y - (low[1] + high[1]) / 2)];
      const pieces = Float64Array.from(strokes.flatMap((stroke) => {
        const path = stroke.map(placed);
        return (path.length > 1 ? path.slice(1) : path).flatMap(([x, y], i) => [...path[i], x - path[i][0], y - path[i][1]]);
      }));
      far = Array.from({ length: 1024 }, (_, i) => {
        const [x, y] = [(i % 32) + 0.5, Math.floor(i / 32) + 0.5];
        let least = Infinity;
        for (let k = 0; k < pieces.length; k += 4) {
          const dx = pieces[k + 2];
          const dy = pieces[k + 3];
          const t = ((x - pieces[k]) * dx + (y - pieces[k + 1]) * dy) / (dx * dx + dy * dy || 1);
          const on = t < 0 ? 0 : t > 1 ? 1 : t;
          const ex = x - pieces[k] - on * dx;
          const ey = y - pieces[k + 1] - on * dy;
          const square = ex * ex + ey * ey;
          if (square < least) least = square;
        }
        return least;
      });
      edge = Float64Array.from(far).sort()[312];
      pen = Math.sqrt(edge);
    }
    const grays = new Float64Array(64);
    far.forEach((d, i) => (grays[8 * Math.floor(i / 128) + Math.floor((i % 32) / 4)] += d <= edge ? 1 / 16 : 0));
    return grays;
  }

  const button = (name, x) =>
    `<g data-pen="${name}" style="cursor: pointer">${box(x, 222, 90, 36, 'fill="var(--figure-paper)" stroke="var(--figure-muted)" rx="4"')}${words(x + 45, 245, name, { anchor: "middle", size: 14 })}</g>`;

  function own({ shape, toward }) {
    const strokes = shape === OWN ? drawn : shapes[shape];
    let svg =
      words(LEFT - 4, 15, "draw in this field") + words(RIGHT_FIELD, 15, "what the network gets") +
      frame(LEFT - 4, FIELD) + frame(RIGHT_FIELD, FIELD) + button("undo", 4) + button("clear", 106) +
      strokes.map((stroke) => line([...stroke, stroke.at(-1)].map(([x, y]) => [x + 4, y + TOP]), "ink", 9, "").replace("<path", '<path stroke-linecap="round" stroke-linejoin="round"')).join("");
    if (!strokes.length) return { svg, sentence: "The field is empty: draw a digit in it, with a mouse, a pen or a finger." };
    const grays = reduced(strokes);
    const x = matrix(64, 1, (j) => grays[j]);
    const shares = read(x);
    const [said] = argmax(shares);
    const [next] = argmax(entrywise((share) => (share === at(shares, said, 0) ? -1 : share), shares));
    let sentence = `Read as ${one(said)}, with a share of ${percent(at(shares, said, 0))} in 100; next comes ${one(next)}, with ${percent(at(shares, next, 0))}.`;
    svg += shade(RIGHT_FIELD, toward === "none" ? grays : grays.map((v) => v / 3), TILE) + bars(shares, said, null, FLOOR);
    if (toward !== "none") {
      const y = matrix(10, 1, (k) => (k === Number(toward) ? 1 : 0));
      const { data } = dot(transpose(net[1].w), backprop(net, x, y, COSTS.softmaxCrossEntropy).delta[1]);
      const steepest = data.reduce((best, g, j) => (Math.abs(g) > Math.abs(data[best]) ? j : best), 0);
      svg += squares(RIGHT_FIELD, TILE, data) + words(RIGHT_FIELD, 234, "■ more ink raises the cost,") + words(RIGHT_FIELD, 250, "□ lowers it");
      const [row, column] = [1 + Math.floor(steepest / SIDE), 1 + (steepest % SIDE)];
      sentence += ` Steepest towards ${one(Number(toward))}: ${data[steepest] > 0 ? "less" : "more"} ink in row ${row}, column ${column}.`;
    }
    return { svg, sentence };
  }

  // The pointer draws on a pad that stays one element, or a touch would end with it; the menu, set to the
  // reader's strokes, has them shown.
  function listen(root) {
    const [svg, menu] = [root.querySelector("svg"), root.querySelector("[name=shape]")];
    svg.insertAdjacentHTML("beforeend", box(4, TOP, FIELD, FIELD, 'class="pad" fill="transparent" style="cursor: crosshair; touch-action: none"'));
    const pad = svg.lastElementChild;
    let pen = null;
    const place = ({ clientX, clientY }) => {
      const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
      return [x - 4, y - TOP].map((v) => Math.round(Math.min(Math.max(v, 0), FIELD)));
    };
    function show() {
      menu.value = 0;
      menu.dispatchEvent(new Event("input", { bubbles: true }));
    }
    // one goes on from what is shown
    function take() {
      const shape = JSON.parse(menu.dataset.values)[menu.value];
      if (shape !== OWN) drawn.splice(0, Infinity, ...shapes[shape]);
    }
    pad.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false }); // no scrolling
    pad.addEventListener("pointerdown", (event) => {
      if (pen !== null || event.button) return;
      pen = event.pointerId;
      pad.setPointerCapture(pen);
      take();
      drawn.push([place(event)]);
      show();
    });
    pad.addEventListener("pointermove", (event) => {
      if (event.pointerId !== pen) return;
      const [[x, y], stroke] = [place(event), drawn.at(-1)];
      const [before, last] = [stroke.at(-1), drawn.length - 1];
      if (Math.hypot(x - before[0], y - before[1]) < 3) return;
      drawn[last] = [...stroke, [x, y]];
      show();
    });
    pad.addEventListener("lostpointercapture", () => (pen = null));
    svg.addEventListener("click", ({ target }) => {
      const what = target.closest("[data-pen]")?.dataset.pen;
      if (!what) return;
      take();
      drawn.splice(what === "undo" ? -1 : 0);
      show();
    });
  }
  return shapes ? { view: own, listen } : { view };
};
