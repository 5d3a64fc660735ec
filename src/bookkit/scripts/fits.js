// Networks that have learned a curve from −3 to 3, and what they say at 6. One of them can go on learning,
// with the reader's marker as one more point. Data: the points x and y, each network's layers [w, b], and
// the rate of the further steps.
explorers.views.fits = ({ x, y, networks, rate }) => {
  const { line, words, axes, fixed } = draw;
  const { fromRows, forward, backprop, start, step, adam, ACTIVATIONS, COSTS } = engine;
  const [LOW, HIGH, ASKED, EVERY] = [-3.4, 3.4, 6, 20];
  const plane = axes({
    left: 36, top: 14, width: 354, height: 236, x: [-3.5, 8.5], y: [LOW, HIGH],
    xticks: [-3, 0, 3, 6, 8], yticks: [-3, -2, -1, 0, 1, 2, 3], xlabel: "input x",
  });
  const places = Array.from({ length: 231 }, (_, i) => -3 + i / 20); // of the curves
  const SIGMAS = [ACTIVATIONS.tanh, ACTIVATIONS.identity];
  const loaded = networks.map((layers) => [, ...layers.map(([w, b], l) => ({ w: fromRows(w), b: fromRows(b), sigma: SIGMAS[l] }))]);
  const says = (network, at) => Array.from(forward(network, fromRows([at]))[1].at(-1).data);
  const ring = (px, py) => `<circle cx="${px}" cy="${py}" r="6" fill="var(--figure-paper)" stroke="var(--figure-ink)" stroke-width="2.5"/>`;
  const two = (v) => fixed(Math.round(v * 100) / 100 || 0, 2);

  // a network after so many steps, a multiple of EVERY, with the marker as one more point
  const paths = {};
  function learned(k, steps, marker) {
    const path = (paths[`${k},${marker}`] ??= [{ network: loaded[k], states: start(loaded[k], adam()) }]);
    const [inputs, targets, rule] = [fromRows([[...x, ASKED]]), fromRows([[...y, marker]]), adam()];
    while (path.length <= steps / EVERY) {
      let { network, states } = path.at(-1);
      for (let i = 0; i < EVERY; i++) {
        [network, states] = step(network, backprop(network, inputs, targets, COSTS.quadratic), states, rate, rule);
      }
      path.push({ network, states });
    }
    return path[steps / EVERY].network;
  }

  // the pieces of a curve that are in the picture
  function curve(f, quantity, width) {
    const pieces = [[]];
    places.forEach((at, i) => {
      if (Math.abs(f[i]) <= HIGH) pieces.at(-1).push([plane.X(at), plane.Y(f[i])]);
      else if (pieces.at(-1).length) pieces.push([]);
    });
    return pieces.filter((piece) => piece.length > 1).map((piece) => line(piece, quantity, width)).join("");
  }

  function view({ outside, network, steps: wanted, marker }) {
    const open = outside === "open";
    const steps = open ? wanted : 0; // beneath the cover nothing learns the reader's guess
    const now = learned(network - 1, steps, marker);
    const far = says(now, x).map((v, i) => Math.abs(v - y[i]));
    const [at6, at8] = says(now, [ASKED, 8]);
    const untouched = loaded.map((one) => says(one, [ASKED])[0]);

    let svg = curve(places.map(Math.sin), "truth", 1.6);
    if (open) svg += loaded.map((one, k) => (k === network - 1 && !steps ? "" : curve(says(one, places), "muted", 1))).join("");
    svg += curve(says(now, places), "forward", 2.6);
    if (!open) {
      const [left, right] = [plane.X(3.12), plane.X(8.5)];
      svg += `<rect x="${left}" y="14" width="${right - left + 3}" height="236" fill="var(--figure-grid)"/>` + words(left + 10, 36, "covered", { bold: true, halo: 0 });
    }
    svg += plane.svg + x.map((v, i) => `<circle cx="${plane.X(v).toFixed(1)}" cy="${plane.Y(y[i]).toFixed(1)}" r="3.4" fill="var(--figure-data)"/>`).join("");
    const foot = [plane.X(ASKED), plane.Y(marker)];
    svg += line([[foot[0], plane.Y(LOW)], foot], "data", 1.5) + ring(...foot);
    svg += words(foot[0] + (marker > 2.6 ? 13 : 0), foot[1] + (marker > 2.6 ? 4 : -13), "?", { anchor: marker > 2.6 ? "start" : "middle", size: 14, bold: true });
    const key = (px, py, quantity, text, width = 2) => line([[px, py - 4], [px + 30, py - 4]], quantity, width) + words(px + 36, py, text);
    svg += key(36, 306, "forward", `network ${network}`, 2.6) + key(158, 306, "truth", "the sine", 1.6);
    svg += `<circle cx="276" cy="302" r="3.4" fill="var(--figure-data)"/>` + words(286, 306, "15 points");
    if (open) svg += key(36, 326, "muted", steps ? "all six, before" : "the other five", 1);
    svg += ring(276, 322) + words(288, 326, "marker");

    const miss = `misses the 15 points by at most ${fixed(Math.ceil(Math.max(...far) * 1000) / 1000, 3)}.`;
    const first = steps ? `After ${steps} steps with the marker as a sixteenth point network ${network} ${miss}` : `Network ${network} ${miss}`;
    const range = `${two(Math.min(...untouched))} to ${two(Math.max(...untouched))}`;
    const rest = open
      ? `At x = 6 it says ${two(at6)}, the marker ${two(marker)}, the sine ${two(Math.sin(ASKED))}; at 8 it says ${two(at8)}, the sine ${two(Math.sin(8))}. ` +
        `${steps ? "Before these steps the six said" : "The six say"} ${range} at 6.`
      : `What it says beyond is covered${wanted ? ", and the steps wait until it is open" : ""}. The marker says ${two(marker)} at x = 6.`;
    return {
      svg,
      sentence: `${first} ${rest}`,
      handles: { marker: { x: foot[0], y: foot[1], label: "marker at x = 6", fields: ["marker"], step: 0.1 } },
    };
  }

  const drag = (name, px, py) => ({ marker: Number(Math.min(Math.max(plane.y(py), -3), 3).toFixed(2)) });
  return { view, drag };
};
