// Four optimizers race down one valley, from a start that can be dragged. Data: for each "ratio,degrees"
// the best rates and the most steps that they need from twelve starts, computed by the package.
explorers.views.race = ({ best, most }) => {
  const { line, mark, words, axes, short } = draw;
  const { fromRows, dot, gradientDescent, momentum, adagrad, adam } = engine;
  const METHODS = [ // name, method, color, where its name begins between the two pictures
    ["gradient descent", gradientDescent, "forward", 50],
    ["momentum", momentum(), "weight", 178],
    ["Adagrad", adagrad(), "data", 272],
    ["Adam", adam(), "truth", 347],
  ];
  const [WIDE, HIGH] = [[-1.5, 2.2], [-1.08, 0.797]];
  const MAP = { left: 44, top: 20, width: 345, height: 175 };
  const map = axes({
    ...MAP, x: WIDE, y: HIGH, xticks: [-1, 0, 1, 2], yticks: [-1, -0.5, 0, 0.5], xlabel: "weight w₁", ylabel: "weight w₂",
  });
  const chart = axes({
    left: 44, top: 282, width: 345, height: 150, x: [1, 450], y: [0.0003, 2], log: [true, true],
    xticks: [1, 10, 100, 400], yticks: [1, 0.1, 0.01, 0.001], xlabel: "step", ylabel: "distance left",
  });

  // all steps of one method: the cost is ½ θ·Hθ, its gradient Hθ
  function path(H, start, { start: begin, step }, rate) {
    let [theta, state] = [fromRows(start.map((one) => [one])), null];
    const places = [[...theta.data]];
    for (state = begin(theta); places.length <= most; places.push([...theta.data])) {
      [theta, state] = step(theta, dot(H, theta), state, rate);
    }
    return places;
  }

  function curvature(ratio, degrees) {
    const [c, s] = [Math.cos(degrees * Math.PI / 180), Math.sin(degrees * Math.PI / 180)];
    const mixed = (1 - ratio) * c * s;
    return fromRows([[c * c + ratio * s * s, mixed], [mixed, s * s + ratio * c * c]]);
  }

  let ran = {}; // a step more needs no new run
  function runs({ ratio, degrees, w1, w2 }) {
    const key = [ratio, degrees, w1, w2].join();
    if (ran.key !== key) {
      const H = curvature(ratio, degrees);
      const { rates } = best[`${ratio},${degrees}`];
      ran = { key, paths: METHODS.map(([, method], i) => path(H, [w1, w2], method, rates[i])) };
    }
    return ran.paths;
  }

  function view(state) {
    const { ratio, degrees, step, w1, w2 } = state;
    const { rates, steps } = best[`${ratio},${degrees}`];
    const size = Math.hypot(w1, w2) || 1; // at the bottom nothing is left
    let svg = map.svg + chart.svg + line([[chart.X(1), chart.Y(0.01)], [chart.X(450), chart.Y(0.01)]], "ink", 1);
    for (const level of [0.15, 0.4, 0.7, 1]) {
      const turn = `rotate(${-degrees} ${map.X(0)} ${map.Y(0)})`;
      const reach = map.X(level) - map.X(0);
      svg += `<ellipse cx="${map.X(0)}" cy="${map.Y(0)}" rx="${reach}" ry="${reach / Math.sqrt(ratio)}" transform="${turn}" fill="none" stroke="var(--figure-muted)" stroke-width="0.7"/>`;
    }
    const on = ([x, y]) => [map.X(x), map.Y(y)];
    let inside = ""; // what leaves the map is not drawn
    const left = runs(state).map((places, i) => {
      const [name, , quantity, at] = METHODS[i];
      const far = places.map(([x, y]) => Math.hypot(x, y) / size);
      const fall = far.slice(1, step + 1).map((d, k) => [chart.X(k + 1), chart.Y(Math.max(d, 0.0003))]);
      inside += line(places.slice(Math.max(step - 25, 0), step + 1).map(on), quantity, 1.2) + mark(...on(places[step]), quantity);
      svg += line(fall, quantity) + mark(...fall.at(-1), quantity);
      svg += mark(at, 254, quantity) + words(at + 8, 258, name, { quantity });
      const [x, y] = places[step];
      const off = x < WIDE[0] || x > WIDE[1] || y < HIGH[0] || y > HIGH[1] ? ", off the map" : "";
      return `${name} ${far[step] >= 0.001 ? short(far[step], 2) : "under 0.001"}${off} (η = ${short(rates[i])})`;
    });
    const seen = step > 25 ? " (the upper picture shows the last 25 steps)" : "";
    const { left: x, top: y, width, height } = MAP;
    svg += `<clipPath id="race-map"><rect x="${x}" y="${y}" width="${width}" height="${height}"/></clipPath><g clip-path="url(#race-map)">${inside}</g>`;
    return {
      svg,
      sentence:
        `Curvature ratio ${ratio}, turned by ${degrees}°. What is left of the distance after step ${step}${seen}: ` +
        `${left.join("; ")}. To stay within a hundredth from all twelve starts they need ${steps.slice(0, 3).join(", ")} and ${steps[3]} steps.`,
      handles: { start: { x: map.X(w1), y: map.Y(w2), label: "start: w₁, w₂", fields: ["w1", "w2"], step: 0.05 } },
    };
  }

  return { view, drag: (name, x, y) => ({ w1: Number(map.x(x).toFixed(2)), w2: Number(map.y(y).toFixed(2)) }) };
};
