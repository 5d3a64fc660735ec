"""The figures of the built pages: in the page, described, in its theme, to be read on a phone."""

import base64
import itertools
import json
import math
import random
from pathlib import Path

import matplotlib
import pytest
from conftest import every_chapter, every_page, opened, parsed

# Each text of each figure, in each frame of an explorer: how far it stands out of its picture, and
# how large it is shown. The letters of an index count with the letter that they belong to.
TEXTS = """async (states) => {
  await document.fonts.ready;
  const figures = [...document.querySelectorAll(".figure-svg svg")].map((svg) => ({
    svg,
    scale: svg.getBoundingClientRect().width / svg.viewBox.baseVal.width,
    data: svg.closest("[data-explorer]")?.querySelector("script[type='application/json']"),
    name: svg.closest("[data-explorer]")?.id,
    script: svg.closest("[data-explorer]")?.dataset.explorer,
  }));
  const found = [];
  for (const { svg, scale, data, name, script } of figures) {
    document.body.replaceChildren(svg.parentNode);  // alone it is laid out at once
    const { width, height } = svg.viewBox.baseVal;
    const look = () => {
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
        found.push([label, shown, out, Math.max(...sizes) * scale]);
      }
    };
    if (!data) { look(); continue; }
    const { view } = explorers.views[script](JSON.parse(data.textContent));
    for (const [root, state, at] of states) {
      if (root !== name) continue;
      (svg.querySelector(".picture") ?? svg).innerHTML = view(state, at).svg;
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
@pytest.mark.parametrize("style", ["/* its own */", wide_font()], ids=["own font", "wide font"])
def test_no_text_of_a_figure_is_cut_at_its_edge(site, browser, page_name, style):
    with opened(browser, site / page_name) as page:
        page.add_style_tag(content=style)
        page.evaluate(OPEN)
        found = page.evaluate(TEXTS, states(site, page_name))
        assert {(alt[:60], text, round(out, 1)) for alt, text, out, _ in found if out > 0} == set()


@every_chapter
@pytest.mark.parametrize(("width", "least"), [(320, 10), (390, 11)])
def test_the_text_of_a_figure_can_be_read_on_a_phone(site, browser, page_name, width, least):
    with opened(browser, site / page_name, width=width) as page:
        page.evaluate(OPEN)
        found = page.evaluate(TEXTS, states(site, page_name))
        small = {(alt[:60], t, round(size, 1)) for alt, t, _, size in found if size < least - 0.05}
        assert small == set()


@every_chapter
def test_figures_are_in_the_page_and_follow_its_theme(site, browser, page_name):
    page = parsed(site / page_name)
    assert not page.select(".cell_output img[src$='.svg']")
    figures = page.select(".figure-svg svg")
    pictures = [f.select_one(".picture") or f for f in figures]
    assert all(f.get("role") == "img" and f.get("aria-label") for f in pictures)
    if not figures:
        return
    colors = {}
    for scheme in ("light", "dark"):
        with opened(browser, site / page_name, scheme=scheme) as live:
            colors[scheme] = live.locator(".figure-svg text").first.evaluate(
                "t => getComputedStyle(t).fill"
            )
    assert colors["light"] != colors["dark"]


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
