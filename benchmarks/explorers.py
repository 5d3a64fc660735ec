"""What an input costs in each explorer of the built pages.

    make bench, or: python benchmarks/explorers.py [page ...]

A control is moved 20 times. The milliseconds are those of one move: reading the controls, computing
and inserting the picture, and the layout of the page, without the painting. A frame has 16 of them;
the processor slowed four times stands for a phone, where 50 are the aim.
"""

import shutil
import sys
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

SITE = Path(__file__).resolve().parent.parent / "_build" / "html"
MOVES = 20
AIMS = {1: 16, 4: 50}  # how many times slowed: milliseconds

# The explorer draws in the next frame; here at once, so that waiting for it is not counted.
TIMES = """(explorer, moves) => {
  const fields = [...explorer.querySelectorAll("[name]:not([data-fleeting])")];
  const kept = requestAnimationFrame;
  let drawing = [];
  globalThis.requestAnimationFrame = (draw) => drawing.push(draw);
  const times = [];
  for (let k = 0; k < moves; k += 1) {
    const field = fields[k % fields.length];
    const part = (0.37 * (k + 1)) % 1;
    const { low, high } = field.dataset;
    const last = field.options ? field.options.length - 1 : Number(field.max);
    const now = low ? (+low + part * (high - low)).toFixed(2) : String(Math.round(part * last));
    field.value = now === field.value ? (low ?? "0") : now;
    const began = performance.now();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    for (const draw of drawing.splice(0)) draw();
    explorer.getBoundingClientRect();
    explorer.querySelector("svg").getBBox();
    times.push(performance.now() - began);
  }
  globalThis.requestAnimationFrame = kept;
  return times;
}"""


def measured(browser, path):
    """Yield (explorer, {slowed: milliseconds of each move}) for the explorers of a page."""
    page = browser.new_page()
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('[hidden]').forEach((e) => { e.hidden = false; })")
    processor = page.context.new_cdp_session(page)
    for explorer in page.locator("[data-explorer]").all():
        explorer.evaluate(TIMES, MOVES)  # to warm up
        times = {}
        for slowed in AIMS:
            processor.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
            times[slowed] = explorer.evaluate(TIMES, MOVES)
        processor.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        yield explorer.get_attribute("id"), times
    page.close()


def main(*names):
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        raise SystemExit("no Chromium on PATH")
    paths = [SITE / name for name in names] or sorted(SITE.glob("book/*.html"))
    print("| page | explorer | " + " | ".join(
        f"{kind} ms, {slowed}× slowed" for slowed in AIMS for kind in ("median", "worst")
    ) + " | |")  # fmt: skip
    print("|" + " --- |" * (3 + 2 * len(AIMS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for path in paths:
            for name, times in measured(browser, path):
                cells = [f(times[s]) for s in AIMS for f in (np.median, max)]
                late = any(max(times[slowed]) > aim for slowed, aim in AIMS.items())
                said = "not within 16 and 50 ms" if late else "in time"
                numbers = " | ".join(f"{cell:.1f}" for cell in cells)
                print(f"| {path.stem} | {name} | {numbers} | {said} |", flush=True)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
