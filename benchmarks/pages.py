"""What each chapter's page asks of its reader: words, open code, its share of the height, weight.

Words and lines are those before the exercises, without optional sections, as tests/test_form.py counts
them; heights are those of a window 1280 pixels wide, with everything closed that a reader opens.
"""

import gzip
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import conftest  # noqa: E402
import test_form  # noqa: E402

# a picture, a slider or a question; up to the exercises, with every prediction made
LOOK = "svg, img, table, form, .prediction, .explorer, .question"
HEIGHTS = """(look) => {
  for (const button of document.querySelectorAll(".prediction .skip")) button.click();
  const seen = (selector) => [...document.querySelectorAll(`article :is(${selector})`)]
    .filter((e) => e.checkVisibility()).map((e) => e.getBoundingClientRect());
  const sum = (boxes) => boxes.reduce((total, { height }) => total + height, 0);
  const { top, height } = document.querySelector("article").getBoundingClientRect();
  const end = document.querySelector("section#exercises").getBoundingClientRect().top;
  let [last, widest] = [top, 0];
  for (const box of [...seen(look), { top: end }].sort((a, b) => a.top - b.top)) {
    if (box.top <= end) widest = Math.max(widest, box.top - last);
    last = Math.max(last, box.bottom);
  }
  return [sum(seen(".cell_input")) / height, widest / innerHeight];
}"""


def measured(path, page):
    """Return words, open lines, share of the height that is code, screens without a picture, KB."""
    cells = test_form.before_exercises(path)
    optional = test_form.optional_cells(cells)
    required = [cell for cell in cells if id(cell) not in optional]
    code = [c for c in required if c.cell_type == "code" and not test_form.tags(c)]
    lines = [line for c in code if not test_form.graded_number(c) for line in c.source.splitlines()]
    site = conftest.SITE / "book" / f"{path.stem}.html"
    page.goto(site.as_uri())
    page.add_style_tag(
        content="* { content-visibility: visible !important }"
    )  # all have their height
    share, gap = page.evaluate(HEIGHTS, LOOK)
    weight = len(gzip.compress(site.read_bytes(), 9)) / 1000
    words = test_form.words(test_form.text(required))
    return words, sum(map(bool, map(str.strip, lines))), share, gap, weight


def main():
    print(f"{'chapter':28} words  lines  code  no picture  page")
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=conftest.find_chromium(), args=flags)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        for path in test_form.CHAPTERS:
            words, lines, share, gap, weight = measured(path, page)
            print(
                f"{path.stem:28} {words:5}  {lines:5}  {share:4.0%}  {gap:6.1f} screens  {weight:.0f} KB"
            )


if __name__ == "__main__":
    main()
