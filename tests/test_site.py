"""The built pages, opened from the folder that they were built in."""

import gzip
import json
import re
import sys
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import (
    CHAPTERS,
    PAGES,
    REDRAWN,
    ROOT,
    every_chapter,
    every_page,
    first_with,
    looks_at,
    opened,
    parsed,
    widen,
)
from playwright.sync_api import expect
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES, Text
from sphinxcontrib import katex
from test_worked_example import NAMES, NETWORK, X, Y

from bookkit.one_pass import one_pass

sys.path.append(str(ROOT / "book/_ext"))
import theme

KILOBYTE = 1000


def packed(text):
    return len(gzip.compress(text if isinstance(text, bytes) else text.encode(), 6))


def test_the_site_has_the_chapters_of_the_toc(site):
    listed = re.findall(r"^ +- file: (\S+)", (ROOT / "_toc.yml").read_text("utf8"), re.M)
    assert listed
    assert {f"{name}.html" for name in listed} == {*CHAPTERS, "book/playground.html"}


def test_the_root_leads_to_the_first_page(site, browser):
    with opened(browser, site / "index.html", skip=False) as page:
        page.wait_for_url("**/book/index.html")
        expect(page.locator("article h1")).to_be_visible()
        assert page.seen == []


@every_page
def test_a_page_is_light_and_nothing_leaves_it_or_fails_in_it(site, browser, page_name):
    with opened(browser, site / page_name) as page:
        page.wait_for_load_state("networkidle")
        for _ in range(3):  # light, dark, automatic
            page.locator(".theme-toggle:visible").first.click()
        assert page.seen == []
        files = page.files
    document = BeautifulSoup((site / page_name).read_text("utf8"), "html.parser")
    for explorer in document.select("[data-explorer]"):
        data = [(site / "book" / script["src"]).resolve() for script in explorer.select("[src]")]
        assert packed(str(explorer)) + sum(packed(d.read_bytes()) for d in data) <= 400 * KILOBYTE
        assert packed(str(explorer)) <= 20 * KILOBYTE  # large data does not hold up the page
        files -= {str(path) for path in data}
        explorer.decompose()
    weights = {"page": packed(str(document))}
    assert any(file.endswith(page_name) for file in files)
    for file in files:
        if not file.endswith(page_name):
            weights[file] = packed((site / file).read_bytes())
    assert sum(weights.values()) < 400 * KILOBYTE, weights


@pytest.mark.parametrize("page_name", first_with(CHAPTERS, ".hidden-cell", ".optional"))
def test_solutions_are_closed_and_open_by_keyboard(site, browser, page_name):
    with opened(browser, site / page_name) as page:
        page.evaluate("document.querySelectorAll('.optional').forEach((d) => (d.open = true))")
        page.evaluate(
            "document.querySelectorAll('.hidden-cell').forEach((d) => (d.hidden = false))"
        )
        for details in page.locator("details.hidden-cell").all():
            code = details.locator(".cell_input").first
            expect(code).not_to_be_visible()
            details.locator("summary").press("Enter")
            expect(code).to_be_visible()


@every_page
def test_every_link_arrives(site, page_name):
    missing = []
    for link in parsed(site / page_name).select("a[href], link[href], script[src], img[src]"):
        address = urlsplit(link.get("href") or link.get("src"))
        if address.scheme or address.netloc:
            continue
        target = site / page_name
        if address.path:
            target = (target.parent / unquote(address.path)).resolve()
        name, state, pairs = unquote(address.fragment).partition(
            ":"
        )  # of an explorer: #pass:step=19
        found = target.is_file() and (not name or parsed(target).find(id=name))
        fields = found and state and {f["name"] for f in found.select("[name]")}
        if fields and name == "playground":  # some are fields of no name, as weights
            fields = set(found["data-settings"].split())
        if not found or (state and not {pair.split("=")[0] for pair in pairs.split("&")} <= fields):
            missing.append(address.geturl())
    assert missing == []


@every_page
def test_no_id_is_given_twice(site, page_name):
    ids = [tag["id"] for tag in parsed(site / page_name).select("[id]")]
    assert sorted(ids) == sorted(set(ids))


@every_chapter
def test_every_numbered_equation_leads_to_its_check(site, page_name):
    page = parsed(site / page_name)
    number = re.match(r"book/0*(\d+|[a-z]\d?)_", page_name)[1].upper()
    equations = [e for e in page.select(".equation") if e.select(".eqno")]
    for count, equation in enumerate(equations, 1):
        assert equation.select_one(".eqno").get_text().startswith(f"({number}.{count})")
        label = equation.parent.get("id") or equation["id"]
        check = equation.find_parent(class_="checked-equation").select_one("details.check")
        assert "checked" in check.summary.get_text()
        code = " ".join(cell.get_text() for cell in check.select(".cell_input"))
        assert re.sub("[^a-z0-9]", "", label.removeprefix("equation-")) in {
            re.sub("[^a-z0-9]", "", cited)
            for cited in re.findall(r"verify\(\s*[\"']([^\"']+)", code)
        }


# Where each section is after a jump to it, and how much of the page is below. Not by location.hash:
# Chromium drops a jump that meets what the one before it still scrolls.
JUMPS = """() => [...document.querySelectorAll("article section section[id]")].map((section) => {
  section.scrollIntoView();
  return [section.id, section.getBoundingClientRect().top,
    document.body.scrollHeight - innerHeight - scrollY];
})"""


@looks_at(CHAPTERS)
def test_a_jump_lands_where_it_aims(looked_at):
    for width in (390, 1400):
        widen(looked_at, width)
        places = looked_at.evaluate(JUMPS)
        assert places
        lost = [place for place in places if not (0 <= place[1] < 150 or place[2] < 2)]
        assert lost == []


# The share of what is open that is drawn, though it may be far from the screen; what waits for it.
DRAWN = """() => { const shown = [...document.querySelectorAll("article *")]
  .filter((box) => box.checkVisibility());
  const drawn = shown.filter((box) => box.checkVisibility({contentVisibilityAuto: true}));
  return drawn.length / shown.length }"""
WAITING = """[...document.querySelectorAll("article *")].filter((box) => box.checkVisibility())
  .filter((box) => getComputedStyle(box).contentVisibility === "auto").length"""


@every_chapter
def test_a_long_page_is_drawn_from_where_it_is_read_and_then_whole(site, browser, page_name):
    first = f'addEventListener("DOMContentLoaded", () => {{ globalThis.atFirst = ({DRAWN})(); }})'
    last = parsed(site / page_name).select("article section section[id]")[-2]["id"]
    address = f"{(site / page_name).as_uri()}#{last}"
    with opened(browser, address, width=390, first=first, skip=False) as page:
        assert page.evaluate(WAITING) == 0
        if page_name[5].isdigit():
            assert page.evaluate("atFirst") < 0.5
        top = page.locator(f"#{last}").evaluate("s => s.getBoundingClientRect().top")
        assert 0 <= top < 150
        height = page.evaluate("document.documentElement.scrollHeight")
        page.add_style_tag(content="* { content-visibility: visible !important; }")
        assert page.evaluate("document.documentElement.scrollHeight") == height


def test_what_marks_no_color_in_code_has_that_of_the_text(site):
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))["sphinx"]["config"]
    for name in (config["pygments_style"], config["pygments_dark_style"]):
        color = {kind: look["color"] for kind, look in get_style_by_name(name)}
        assert {color[kind] for kind in theme.PLAIN} == {color[Text]}


@every_page
def test_in_code_an_element_marks_a_color(site, page_name):
    plain = [STANDARD_TYPES[kind] for kind in theme.PLAIN]
    assert not parsed(site / page_name).select(
        ", ".join(f".highlight span[class={name}]" for name in plain)
    )


@every_page
def test_mathematics_is_rendered(site, page_name):
    page = BeautifulSoup((site / page_name).read_text("utf8"), "html.parser")
    assert not page.select(".katex-error")
    for code in page.select("pre, code, script, annotation, svg"):
        code.decompose()
    assert not re.search(r"\$\$|\\\(|\\\[|\$[^$\s][^$]*\$", page.get_text())
    assert all(m.select_one(".katex-html") for m in page.select(".math, .formula"))


UNSEEN = """[...document.querySelectorAll(".katex-html *, .katex-html")].filter((part) => {
  const { opacity, position } = getComputedStyle(part);
  return opacity === "0" || position === "fixed"; }).map((part) => part.outerHTML.slice(0, 80))"""


@looks_at(PAGES)
def test_every_part_of_a_formula_is_seen_in_its_place(looked_at):
    """The theme has classes of its own, such as .overlay, that a formula's parts have too."""
    assert looked_at.evaluate(UNSEEN) == []


# What stands alone: a comma or bracket that a line begins or ends with, away from its formula.
ALONE = """[...document.querySelectorAll(".math")].flatMap((math) => {
  const bases = [...math.querySelectorAll(".base")].filter((b) => b.getClientRects().length);
  if (!bases.length) return [];
  return [["previousSibling", bases[0], /[(“‘]$/, -1], ["nextSibling", bases.at(-1), /^[,.;:?!)”’…]/, 0]]
    .filter(([side, base, sign, end]) => {
      const text = math[side] ?? math.closest(".held")?.[side];
      if (text?.nodeType !== Node.TEXT_NODE || !sign.test(text.data)) return false;
      const range = document.createRange();
      const at = end ? text.data.length - 1 : 0;
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      const [one, other] = [range.getBoundingClientRect(), base.getBoundingClientRect()];
      return one.top > other.bottom || one.bottom < other.top;
    }).map(() => math.parentElement.textContent.slice(0, 80));
})"""


@looks_at(PAGES)
def test_no_line_begins_with_what_ends_a_formula(looked_at):
    for width in (390, 430, 1280):
        widen(looked_at, width)
        assert looked_at.evaluate(ALONE) == []


def test_the_katex_style_is_that_of_the_renderer():
    style = (ROOT / "book/_static/katex/katex.min.css").read_text("utf8")
    assert f'content:"{katex.katex_version}"' in style


def test_search_finds_a_chapter(site, browser):
    title = parsed(site / CHAPTERS[0]).select_one("article h1").find(string=True, recursive=False)
    with opened(browser, site / "book/index.html") as page:
        search = page.get_by_role("searchbox").or_(page.locator("input[name=q]")).first
        search.fill(title)
        search.press("Enter")
        result = page.locator("#search-results li a").first
        expect(result).to_have_attribute("href", re.compile(re.escape(CHAPTERS[0])))
        assert page.seen == []


def test_without_a_repository_no_page_links_to_one(site):
    for page_name in PAGES:
        links = parsed(site / page_name).select(".page-links a, .colophon a")
        assert [a.get_text() for a in links if urlsplit(a["href"]).scheme] == []


def test_the_downloads_are_the_notebooks(site):
    numbered = [name for name in CHAPTERS if name.split("/")[1][0].isdigit()]
    assert len(numbered) == len(list((ROOT / "book").glob("[0-9]*.ipynb")))
    for page_name in numbered:
        link = parsed(site / page_name).select_one("a[download]")
        notebook = (site / page_name).parent / link["href"]
        assert json.loads(notebook.read_text("utf8"))["cells"]


def test_the_worked_example_shows_the_packages_number_at_every_step(site, browser):
    made = one_pass(NETWORK, X, Y, 0.5, NAMES)
    with opened(browser, site / "book/10_worked_example.html", width=390) as page:
        explorer = page.locator("[data-explorer]").first  # opens in the middle of the pass
        slider, caption = explorer.locator("[name=step]"), explorer.locator("figcaption")
        assert int(slider.get_attribute("max")) == len(made) - 1
        slider.press("Home")
        for count, step in enumerate(made, 1):
            if count > 1:
                slider.press("ArrowRight")
            page.evaluate(REDRAWN)
            # the number is hidden until it is asked for: test_pass
            start = f"Step {count} of {len(made)}, {step.phase}: {step.name} = "
            assert caption.text_content().startswith(start)


@looks_at(CHAPTERS)
def test_the_sections_of_the_page_stand_beside_it(looked_at):
    # in a column of their own where there is room for one, in the left bar at 1280 pixels
    page = looked_at
    titles = page.locator("article h2").evaluate_all("all => all.map((h) => h.firstChild.data)")
    assert titles
    for width, shown, hidden in (
        (1280, ".sidebar-sections", ".toc-drawer"),
        (1400, ".toc-drawer", ".sidebar-sections"),
    ):
        widen(page, width)
        expect(page.locator(hidden)).to_be_hidden()
        links = [link.strip() for link in page.locator(f"{shown} a").all_inner_texts()]
        assert [title for title in titles if title.strip() not in links] == []
