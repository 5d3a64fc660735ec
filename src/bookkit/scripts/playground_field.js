// The playground's picture of the data: the plane of two inputs, or a curve over one, on a canvas.
var playgroundField = (() => {
  "use strict";
  const { REACH, CLASSES, MARKS } = playground;
  const paths = MARKS.map((d) => new Path2D(d));
  const SIGNS = ["●", "■", "▲", "◆"];
  const EDGE = { left: 26, right: 6, top: 6, bottom: 22 };
  const TICKS = [-1, -0.5, 0, 0.5, 1];

  // "#0b5fae" as [11, 95, 174]
  const channels = (color) => [1, 3, 5].map((at) => parseInt(color.trim().slice(at, at + 2), 16));
  function palette(element) {
    const style = getComputedStyle(element);
    const names = [...CLASSES, "ink", "muted", "grid", "paper", "data"];
    const colors = names.map((name) => [name, style.getPropertyValue(`--figure-${name}`)]);
    return { ...Object.fromEntries(colors), font: style.fontFamily };
  }

  // Where a place of the data stands on a canvas of so many pixels, and back. What stands beyond the
  // limits is drawn at the edge.
  function scales(side, [low, high]) {
    const [width, height] = [side - EDGE.left - EDGE.right, side - EDGE.top - EDGE.bottom];
    const within = (v, a, b) => Math.min(Math.max(v, a), b);
    return {
      X: (x) => EDGE.left + ((within(x, -REACH, REACH) + REACH) / 2 / REACH) * width,
      Y: (y) => EDGE.top + (1 - (within(y, low, high) - low) / (high - low)) * height,
      x: (px) => within(((px - EDGE.left) / width) * 2 * REACH - REACH, -REACH, REACH),
      y: (py) => within(low + (1 - (py - EDGE.top) / height) * (high - low), low, high),
    };
  }

  // the height that a curve's points need
  function limits({ task, points }) {
    if (task !== "curve") return [-REACH, REACH];
    const most = Math.max(REACH, ...points.map(([, y]) => Math.abs(y)));
    return [-most, most];
  }

  let shades; // a canvas with one pixel a cell
  function shade(context, scale, colors, { kind, sure }) {
    const cells = Math.round(Math.sqrt(kind.length));
    shades ??= document.createElement("canvas");
    if (shades.width !== cells) shades.width = shades.height = cells;
    const small = shades.getContext("2d");
    const image = small.createImageData(cells, cells);
    const inks = CLASSES.map((name) => channels(colors[name]));
    for (let i = 0; i < kind.length; i++) {
      const [red, green, blue] = inks[kind[i]];
      image.data.set([red, green, blue, 26 + 80 * sure[i]], 4 * i);
    }
    small.putImageData(image, 0, 0);
    const [left, top] = [scale.X(-REACH), scale.Y(REACH)];
    const [width, height] = [scale.X(REACH) - left, scale.Y(-REACH) - top];
    context.imageSmoothingEnabled = true;
    context.drawImage(shades, left, top, width, height);
    // the class of a region by its mark too, not by color alone
    const every = Math.round(cells / 10);
    context.globalAlpha = 0.55;
    for (let row = every >> 1; row < cells; row += every) {
      for (let col = every >> 1; col < cells; col += every) {
        const at = kind[row * cells + col];
        context.save();
        context.translate(left + ((col + 0.5) / cells) * width, top + ((row + 0.5) / cells) * height);
        context.scale(0.42, 0.42);
        context.fillStyle = colors[CLASSES[at]];
        context.fill(paths[at]);
        context.restore();
      }
    }
    context.globalAlpha = 1;
  }

  function curve(context, scale, colors, y) {
    context.beginPath();
    y.forEach((v, i) => context.lineTo(scale.X((2 * i / (y.length - 1) - 1) * REACH), scale.Y(v)));
    context.strokeStyle = colors.forward;
    context.lineWidth = 2.5;
    context.stroke();
  }

  function axes(context, side, scale, colors, [low, high], names) {
    context.strokeStyle = colors.muted;
    context.lineWidth = 1;
    context.strokeRect(EDGE.left, EDGE.top, side - EDGE.left - EDGE.right, side - EDGE.top - EDGE.bottom);
    context.fillStyle = colors.ink;
    context.font = `12px ${colors.font}`;
    context.textAlign = "center";
    for (const tick of TICKS) {
      const text = tick === 0.5 ? names[0] : String(tick).replace("-", "−");
      if (tick !== -0.5) context.fillText(text, scale.X(tick), side - 7);
    }
    context.textAlign = "right";
    for (const tick of TICKS) {
      const text = tick === 0.5 ? names[1] : String(tick).replace("-", "−");
      if (tick !== -0.5 && tick >= low && tick <= high) context.fillText(text, EDGE.left - 5, scale.Y(tick) + 4);
    }
  }

  function mark(context, colors, kind, hollow, x, y, size = 1) {
    const color = colors[kind === undefined ? "data" : CLASSES[kind]];
    context.save();
    context.translate(x, y);
    context.scale(size, size);
    const path = paths[kind ?? 0];
    context.lineWidth = 1.4;
    context.fillStyle = hollow ? colors.paper : color;
    context.strokeStyle = hollow ? color : colors.paper;
    context.fill(path);
    context.stroke(path);
    context.restore();
  }

  // side in pixels of the page, data as playground.dataOf gives it, field as playground.field; chosen is a sample's number
  function paint(canvas, { side, data, field, chosen, colors }) {
    if (!side) return;
    const dots = globalThis.devicePixelRatio || 1;
    if (canvas.width !== Math.round(side * dots)) canvas.width = canvas.height = Math.round(side * dots);
    const context = canvas.getContext("2d");
    const range = limits(data);
    const scale = scales(side, range);
    context.setTransform(dots, 0, 0, dots, 0, 0);
    context.fillStyle = colors.paper;
    context.fillRect(0, 0, side, side);
    if (field?.kind) shade(context, scale, colors, field);
    axes(context, side, scale, colors, range, data.task === "curve" ? ["x", "y"] : ["x₁", "x₂"]);
    if (field?.y) curve(context, scale, colors, field.y);
    const judge = new Set(data.judge);
    const size = data.points.length > 120 ? 0.85 : 1;
    const marked = ([x, y, kind], i) => mark(context, colors, kind, judge.has(i), scale.X(x), scale.Y(y), size);
    data.points.forEach(marked);
    if (data.points[chosen]) {
      marked(data.points[chosen], chosen); // no other lies over it
      const [x, y] = data.points[chosen];
      context.beginPath();
      context.arc(scale.X(x), scale.Y(y), 9, 0, 2 * Math.PI);
      context.strokeStyle = colors.paper;
      context.lineWidth = 5;
      context.stroke();
      context.strokeStyle = colors.ink;
      context.lineWidth = 2.5;
      context.stroke();
    }
  }

  // What a pointer is on: { x, y } of the data, and the number of the nearest point.
  function under(canvas, data, event) {
    const box = canvas.getBoundingClientRect();
    const scale = scales(canvas.clientWidth, limits(data));
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    const away = data.points.map(([x, y]) => Math.hypot(scale.X(x) - px, scale.Y(y) - py));
    const round = (v) => Number(v.toFixed(2));
    return { x: round(scale.x(px)), y: round(scale.y(py)), nearest: away.indexOf(Math.min(...away)) };
  }

  return { paint, under, palette, SIGNS };
})();
