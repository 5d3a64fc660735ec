"""The figures of the built pages: in the page, described, in its theme, to be read on a phone."""

import base64
import itertools
import json
import math
import random
from pathlib import Path

import matplotlib
import pytest
from conftest import CHAPTERS, every_chapter, every_page, first_with, opened, parsed, widen

from bookkit.palette import LIGHT

SCALES = """[...document.querySelectorAll(".figure-svg svg")].map((svg) =>
  svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)"""
# Each text of each figure, in each frame of an explorer, in the page's font and in a wide one: how
# far it stands out of its picture, its size, the number of the figure, and its color. The letters of an
# index count with the letter that they belong to.
TEXTS = """async ([states, wide]) => {
  const style = document.head.appendChild(document.createElement("style"));
  style.textContent = wide;
  await document.fonts.load("12px Wide");
  await document.fonts.ready;
  const figures = [...document.querySelectorAll(".figure-svg svg")].map((svg) => ({
    svg,
    data: svg.closest("[data-explorer]")?.querySelector("script[type='application/json']"),
    name: svg.closest("[data-explorer]")?.id,
    script: svg.closest("[data-explorer]")?.dataset.explorer,
  }));
  const found = [];
  for (const [at, { svg, data, name, script }] of figures.entries()) {
    document.body.replaceChildren(svg.parentNode);  // alone it is laid out at once
    const { width, height } = svg.viewBox.baseVal;
    const look = () => [false, true].forEach((wider) => {
      style.disabled = !wider;
      const back = svg.getScreenCTM().inverse();
      for (const text of svg.querySelectorAll("text")) {
        if (!text.textContent.trim()) continue;
        const { x, y, width: w, height: h } = text.getBBox();
        const map = back.multiply(text.getScreenCTM());
        const corners = [[x, y], [x + w, y], [x, y + h], [x + w, y + h]]
          .map(([a, b]) => new DOMPoint(a, b).matrixTransform(map));
        const [xs, ys] = [corners.map((c) => c.x), corners.map((c) => c.y)];
        const out = Math.max(-Math.min(...xs), -Math.min(...ys),
          Math.max(...xs) - width, Math.max(...ys) - height);
        const parts = [...text.querySelectorAll("tspan")];
        const sizes = (parts.length ? parts : [text])
          .map((t) => parseFloat(getComputedStyle(t).fontSize));
        const shown = text.textContent.replace(/\\s+/g, " ").trim();
        const label = (svg.querySelector(".picture") ?? svg).getAttribute("aria-label");
        found.push([label, shown, out, Math.max(...sizes), at, getComputedStyle(text).fill]);
      }
    });
    if (!data) { look(); continue; }
    style.disabled = true;
    const { view } = explorers.views[script](JSON.parse(data.textContent));
    for (const [root, state, place] of states) {
      if (root !== name) continue;
      (svg.querySelector(".picture") ?? svg).innerHTML = view(state, place).svg;
      look();
    }
  }
  return found;
}"""
OPEN = """() => { document.querySelectorAll("details").forEach((d) => { d.open = true; });
  for (const f of document.querySelectorAll(".figure-svg")) f.style.contentVisibility = "visible"; }"""


def states(site, page_name):
    """Return [(explorer, state, place)]: every frame, or of a script its ends and states at random."""
    found = []
    for root in parsed(site / page_name).select("[data-explorer]"):
        lists, start = {}, {}
        for field in root.select("[name]"):
            name, values = field["name"], json.loads(field.get("data-values", "null"))
            lists[name] = values or [float(field["data-low"]), float(field["data-high"])]
            text = (field.select_one("[selected]") or field)["value"].replace("−", "-")
            start[name] = values[int(text)] if values else float(text) if text else None
        if root["data-explorer"] == "frames":
            found += [(root["id"], {}, at) for at in range(math.prod(map(len, lists.values())))]
            continue
        rng = random.Random(0)
        chosen = [start, *({**start, name: of[i]} for name, of in lists.items() for i in (0, -1))]
        ends = itertools.product(*((of[0], of[-1]) for of in list(lists.values())[:6]))
        chosen += [{**start, **dict(zip(lists, one, strict=False))} for one in ends]
        chosen += [{name: rng.choice(of) for name, of in lists.items()} for _ in range(40)]
        found += [(root["id"], state, 0) for state in chosen]
    return found


def wide_font():
    """Return a style that sets figures in DejaVu Sans, as wide as any that a page falls back to."""
    path = Path(matplotlib.get_data_path(), "fonts/ttf/DejaVuSans.ttf")
    data = base64.b64encode(path.read_bytes()).decode()
    face = f"@font-face {{ font-family: Wide; src: url(data:font/ttf;base64,{data}) }}"
    return f"{face} .figure-svg svg text {{ font-family: Wide }}"


@every_chapter
def test_the_text_of_a_figure_is_whole_and_can_be_read_on_a_phone(site, browser, page_name):
    with opened(browser, site / page_name, width=390) as page:
        page.evaluate(OPEN)
        scales = {390: page.evaluate(SCALES)}
        widen(page, 320)
        scales[320] = page.evaluate(SCALES)
        found = page.evaluate(TEXTS, [states(site, page_name), wide_font()])
    assert {(alt[:60], text, round(out, 1)) for alt, text, out, *_ in found if out > 0} == set()
    for width, least in ((390, 11), (320, 10)):
        shown = {
            (alt[:60], text, round(size * scales[width][at], 1))
            for alt, text, _, size, at, _ in found
        }
        assert {one for one in shown if one[2] < least - 0.05} == set()
    # another color would not follow the theme: what sets none is black, on the dark page too
    palette = {f"rgb{tuple(int(c[i : i + 2], 16) for i in (1, 3, 5))}" for c in LIGHT.values()}
    assert {(alt[:60], text, fill) for alt, text, *_, fill in found if fill not in palette} == set()


@every_chapter
def test_figures_are_in_the_page_and_described(site, page_name):
    page = parsed(site / page_name)
    assert not page.select(".cell_output img[src$='.svg']")
    figures = page.select(".figure-svg svg")
    pictures = [f.select_one(".picture") or f for f in figures]
    assert all(f.get("role") == "img" and f.get("aria-label") for f in pictures)


@pytest.mark.parametrize("page_name", first_with(CHAPTERS, ".figure-svg", "[data-explorer=frames]"))
def test_figures_follow_the_theme(site, browser, page_name):
    with opened(browser, site / page_name) as page:
        text = page.locator(".figure-svg text").first
        colors = set()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            colors.add(text.evaluate("t => getComputedStyle(t).fill"))
        assert len(colors) == 2


@every_page
def test_every_image_of_a_page_is_described(site, page_name):
    images = parsed(site / page_name).select("article img, article svg[role=img], .picture")
    # Sphinx writes the file's address where a description is missing
    plain = [
        str(image)[:200]
        for image in images
        if len(alt := (image.get("alt") or image.get("aria-label") or "").strip()) < 20
        or image.get("src", "").endswith(alt)
    ]
    assert plain == []
