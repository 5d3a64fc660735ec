// Drawing for the explorers' views: text of SVG, in the look of bookkit.figures.
var draw = (() => {
  "use strict";
  // never by color alone: each quantity has dashes and a mark of its own
  const DASHES = { forward: "", weight: "8 3 2 3", data: "2 3", error: "6 3", truth: "10 2 2 2", ink: "", muted: "" };
  const MARKS = {
    forward: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z", weight: "M0 -6L6 0L0 6L-6 0z", data: "M0 -6L6 5H-6z",
    error: "M-5 -5H5V5H-5z", truth: "M0 6L6 -5H-6z",
  };
  const color = (quantity) => `var(--figure-${quantity})`;
  const place = (v) => Number(v.toFixed(2));

  const minus = (text) => String(text).replace("-", "−");
  const fixed = (value, digits) => minus(value.toFixed(digits));
  // so many digits, without zeros at the end and never as 1e-7
  function short(value, digits = 3) {
    const after = Math.max(digits - 1 - Math.floor(Math.log10(Math.abs(value) || 1)), 0);
    const text = Number(value.toPrecision(digits)).toFixed(Math.min(after, 20));
    return minus(text.replace(/(\.\d*?)0+(?=e|$)/, "$1").replace(/\.(?=e|$)/, "")); // e: beyond 1e21
  }

  function line(points, quantity, width = 2, dashes = DASHES[quantity]) {
    const at = points.map(([x, y]) => `${place(x)} ${place(y)}`).join("L");
    return `<path d="M${at}" fill="none" stroke="${color(quantity)}" stroke-width="${width}" stroke-dasharray="${dashes}"/>`;
  }

  const mark = (x, y, quantity) =>
    `<path d="${MARKS[quantity] ?? MARKS.forward}" transform="translate(${place(x)} ${place(y)})" fill="${color(quantity)}"/>`;

  // anchor: start, middle or end; a halo of paper lies under the text
  function words(x, y, text, { quantity = "ink", anchor = "start", size = 12, bold = false, halo = 3 } = {}) {
    return (
      `<text x="${place(x)}" y="${place(y)}" text-anchor="${anchor}" style="font-size: ${size}px" fill="${color(quantity)}"` +
      `${bold ? ' font-weight="bold"' : ""} stroke="${color("paper")}" stroke-width="${halo}" stroke-linejoin="round" paint-order="stroke">${text}</text>`
    );
  }

  // Axes in a box of the picture; x and y are [low, high], of a logarithm where log says so.
  function axes({ left, top, width, height, x, y, xticks, yticks, xlabel = "", ylabel = "", log = [false, false] }) {
    const scale = (of, logged) => (v) => ((f) => (f(v) - f(of[0])) / (f(of[1]) - f(of[0])))(logged ? Math.log10 : Number);
    const [along, up] = [scale(x, log[0]), scale(y, log[1])];
    const X = (v) => left + width * along(v);
    const Y = (v) => top + height * (1 - up(v));
    const [right, bottom] = [left + width, top + height];
    const svg =
      line([[left, top], [left, bottom], [right, bottom]], "muted", 0.8) +
      xticks.map((v) => line([[X(v), bottom], [X(v), bottom + 4]], "muted", 0.8) + words(X(v), bottom + 17, minus(v), { anchor: "middle" })).join("") +
      yticks.map((v) => line([[left - 4, Y(v)], [left, Y(v)]], "muted", 0.8) + words(left - 7, Y(v) + 4, minus(v), { anchor: "end" })).join("") +
      words(right, bottom + 34, xlabel, { anchor: "end" }) +
      words(left - 30, top - 8, ylabel);
    return { svg, X, Y, x: (px) => x[0] + ((px - left) / width) * (x[1] - x[0]), y: (py) => y[0] + ((bottom - py) / height) * (y[1] - y[0]) };
  }

  // An edge of a network, as thick as its weight is large, dashed where it is negative; lit by a band
  // under it, or it would seem larger than it is.
  function edge(from, to, strength, quantity = "muted", lit = false) {
    const thick = 0.6 + 2 * Math.abs(strength);
    const band = lit ? line([from, to], quantity, thick + 7, "").replace("<path", '<path opacity=".25"') : "";
    return band + line([from, to], quantity, thick, strength < 0 ? "5 3" : "");
  }

  function neuron([x, y], name, quantity = "muted", heavy = false, radius = 16) {
    return (
      `<circle cx="${place(x)}" cy="${place(y)}" r="${radius}" fill="${color("paper")}" stroke="${color(quantity)}" stroke-width="${heavy ? 3.5 : 1.5}"/>` +
      words(x, y + 4.5, name, { anchor: "middle", size: 13, bold: heavy })
    );
  }

  return { minus, fixed, short, line, mark, words, axes, edge, neuron };
})();
