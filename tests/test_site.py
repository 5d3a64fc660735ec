"""The built pages, opened from the folder that they were built in."""

import base64
import gzip
import io
import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import matplotlib
import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from conftest import ROOT, SITE, opened
from playwright.sync_api import expect
from sphinxcontrib import katex
from test_worked_example import NAMES, NETWORK, X, Y

from bookkit.notation import nine
from bookkit.one_pass import one_pass

PAGES = [*sorted(str(p.relative_to(SITE)) for p in SITE.glob("book/*.html")), "search.html"]
CHAPTERS = [page for page in PAGES if re.match(r"book/(\d+|[a-z])_", page)]
KILOBYTE = 1000
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

every_page = pytest.mark.parametrize("page_name", PAGES)
every_chapter = pytest.mark.parametrize("page_name", CHAPTERS)


@cache
def parsed(path):
    return BeautifulSoup(path.read_text("utf8"), "html.parser")


def packed(text):
    return len(gzip.compress(text if isinstance(text, bytes) else text.encode(), 6))


def test_the_site_has_the_chapters_of_the_toc(site):
    listed = re.findall(r"^ +- file: (\S+)", (ROOT / "_toc.yml").read_text("utf8"), re.M)
    assert listed
    assert {f"{name}.html" for name in listed} == set(CHAPTERS)


def test_the_root_leads_to_the_first_page(site, browser):
    with opened(browser, site / "index.html", skip=False) as page:
        page.wait_for_url("**/book/index.html")
        expect(page.locator("article h1")).to_be_visible()
        assert page.seen == []


@every_page
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_leaves_the_page_and_nothing_fails_in_it(site, browser, page_name, scheme):
    with opened(browser, site / page_name, scheme=scheme) as page:
        page.wait_for_load_state("networkidle")
        for _ in range(3):  # light, dark, automatic
            page.locator(".theme-toggle:visible").first.click()
        assert page.seen == []


@every_page
@pytest.mark.parametrize(("scheme", "width"), [("light", 1400), ("dark", 390)])
def test_axe_finds_nothing(site, browser, page_name, scheme, width):
    with opened(browser, site / page_name, width=width, scheme=scheme) as page:
        page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        # The inside of a picture is nothing to axe but 20 seconds of work. Preload would read the
        # style sheets again, which no page opened from a folder may.
        context = {"exclude": [["svg[role=img] > *"]]}
        options = {"runOnly": RULES, "preload": False, "resultTypes": ["violations"]}
        found = Axe().run(page, context, options).response
        problems = [
            f"{rule['id']}: {node['html'][:200]}: {node['failureSummary']}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]
        assert problems == []


@every_page
@pytest.mark.parametrize("width", [390, 320])
def test_a_phone_never_scrolls_sideways(site, browser, page_name, width):
    with opened(browser, site / page_name, width=width) as page:
        page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_drawers_open_and_close_by_keyboard(site, browser):
    with opened(browser, site / CHAPTERS[0], width=390) as page:
        for name, link in (
            ("Chapters and search", ".sidebar-tree a"),
            ("On this page", ".toc-tree a:visible"),
        ):
            button = page.get_by_role("button", name=name).locator("visible=true")
            button.focus()
            page.keyboard.press("Enter")
            expect(page.locator(link).first).to_be_visible()
            page.keyboard.press("Escape")
            expect(page.locator(".sidebar-drawer:visible, .toc-drawer:visible")).to_have_count(0)
            expect(button).to_be_focused()


@every_chapter
def test_moving_a_control_changes_the_picture_and_what_is_said_of_it(site, browser, page_name):
    with opened(browser, site / page_name) as page:
        explorers = page.locator("[data-explorer]")
        assert explorers.count() == len(parsed(site / page_name).select("[data-explorer]"))
        for explorer in explorers.all():
            picture = explorer.locator("svg").first
            controls = explorer.locator("input, select")
            assert controls.count() > 0
            for control in controls.all():
                frame, alt = picture.inner_html(), picture.get_attribute("aria-label")
                for key in ("ArrowDown", "ArrowUp"):  # one of them leads nowhere at an end
                    if picture.inner_html() == frame:
                        control.press(key)
                assert picture.inner_html() != frame
                assert picture.get_attribute("aria-label") != alt
                assert explorer.locator("figcaption").inner_text() == picture.get_attribute(
                    "aria-label"
                )
        assert page.seen == []


@every_chapter
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
        if not target.is_file() or (
            address.fragment and not parsed(target).find(id=unquote(address.fragment))
        ):
            missing.append(address.geturl())
    assert missing == []


@every_page
def test_no_id_is_given_twice(site, page_name):
    ids = [tag["id"] for tag in parsed(site / page_name).select("[id]")]
    assert sorted(ids) == sorted(set(ids))


@every_chapter
def test_every_numbered_equation_leads_to_its_check(site, page_name):
    page = parsed(site / page_name)
    number = re.match(r"book/0*(\d+|[a-z])_", page_name)[1].upper()
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


@every_chapter
def test_a_jump_lands_where_it_aims(site, browser, page_name):
    # code far from the screen is not laid out yet: its lines, counted at build, keep its room
    for width in (390, 1400):
        with opened(browser, site / page_name, width=width) as page:
            for section in parsed(site / page_name).select("article section section[id]"):
                page.evaluate("id => { location.hash = id }", section["id"])
                page.wait_for_timeout(50)
                top = page.locator(f"#{section['id']}").evaluate(
                    "s => s.getBoundingClientRect().top"
                )
                below = page.evaluate("document.body.scrollHeight - innerHeight - scrollY")
                assert 0 <= top < 150 or below < 2


@every_page
def test_mathematics_is_rendered(site, page_name):
    page = BeautifulSoup((site / page_name).read_text("utf8"), "html.parser")
    assert not page.select(".katex-error")
    for code in page.select("pre, code, script, annotation, svg"):
        code.decompose()
    assert not re.search(r"\$\$|\\\(|\\\[|\$[^$\s][^$]*\$", page.get_text())
    assert all(m.select_one(".katex-html") for m in page.select(".math, .formula"))


def test_the_katex_style_is_that_of_the_renderer():
    style = (ROOT / "book/_static/katex/katex.min.css").read_text("utf8")
    assert f'content:"{katex.katex_version}"' in style


@every_chapter
def test_figures_are_in_the_page_and_follow_its_theme(site, browser, page_name):
    page = parsed(site / page_name)
    assert not page.select(".cell_output img[src$='.svg']")
    figures = page.select(".figure-svg svg")
    assert all(f.get("role") == "img" and f.get("aria-label") for f in figures)
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
def test_a_page_is_light(site, browser, page_name):
    files = set()
    with opened(browser, "about:blank") as page:
        page.on("request", lambda request: files.add(unquote(urlsplit(request.url).path)))
        page.goto((site / page_name).as_uri())
        page.wait_for_load_state("networkidle")
    document = BeautifulSoup((site / page_name).read_text("utf8"), "html.parser")
    for explorer in document.select("[data-explorer]"):
        assert packed(str(explorer)) <= 400 * KILOBYTE
        explorer.decompose()
    weights = {"page": packed(str(document))}
    for file in files:
        if not file.endswith(page_name):
            weights[file] = packed((site / file).read_bytes())
    assert sum(weights.values()) < 400 * KILOBYTE, weights


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
    for page_name in CHAPTERS:
        link = parsed(site / page_name).select_one("a[download]")
        notebook = (site / page_name).parent / link["href"]
        assert json.loads(notebook.read_text("utf8"))["cells"]


def test_the_worked_example_shows_the_packages_number_at_every_step(site, browser):
    made = one_pass(NETWORK, X, Y, 0.5, NAMES)
    with opened(browser, site / "book/10_worked_example.html", width=390) as page:
        explorer = page.locator("[data-explorer]").first  # opens in the middle of the pass
        slider, caption = explorer.locator("input"), explorer.locator("figcaption")
        assert int(slider.get_attribute("max")) == len(made) - 1
        slider.press("Home")
        for count, step in enumerate(made, 1):
            if count > 1:
                slider.press("ArrowRight")
            start = (
                f"Step {count} of {len(made)}, {step.phase}: {step.name} = {nine(step.result)}, "
            )
            assert caption.inner_text().startswith(start)
            assert f"{step.symbols} = {step.numbers}." in caption.inner_text()


# ---- paper ----


def unspaced(text):
    return "".join(text.split())


def stands(line, printed):
    """Tell whether a line is printed, on one sheet or begun on one and ended on the next."""
    parts = ((line[:cut], line[cut:]) for cut in range(len(line) + 1))
    return any(start in printed and end in printed for start, end in parts)


@every_chapter
def test_paper_holds_the_whole_chapter_and_nothing_to_press(site, browser, page_name):
    with opened(browser, site / page_name, scheme="dark") as page:
        pdf = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
        captions = page.locator(".explorer figcaption").all_inner_texts()
    printed = unspaced("".join(sheet.extract_text() for sheet in pdf.pages))
    assert "Skiptocontent" not in printed
    assert "Onthispage" not in printed
    code = parsed(site / page_name).select(".cell_input pre")
    lines = [line for pre in code for line in pre.get_text().splitlines() if line.isascii()]
    assert len(lines) > 50  # those of solutions and hidden cells too
    assert [line for line in map(unspaced, lines) if not stands(line, printed)] == []
    for caption in captions:
        first = re.match(r"[\x20-\x7e]*", caption)[0]  # letters of a second font may come apart
        assert unspaced(first) in printed


@every_page
def test_nothing_is_cut_off_on_paper(site, browser, page_name):
    with opened(browser, site / page_name, width=718) as page:  # A4 without its margins
        page.emulate_media(media="print")
        cut = page.evaluate(
            """() => [...document.querySelectorAll("pre, .formula, .table-wrapper, .figure-svg")]
              .filter((box) => box.scrollWidth > box.clientWidth + 1 || !box.offsetHeight)
              .map((box) => box.textContent.slice(0, 80))"""
        )
        assert cut == []
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 718 + 1  # the hidden MathML of a formula at the very edge
        # what is filled in with a pen stays, what is pressed or moved goes
        expect(page.locator("button:visible, .explorer input:visible")).to_have_count(0)
        whole = "e => getComputedStyle(e).breakInside"
        assert {f.evaluate(whole) for f in page.locator(".figure-svg").all()} <= {"avoid"}


@every_page
def test_paper_is_white_in_the_dark_theme_too(site, browser, page_name):
    look = """() => [...document.querySelectorAll("body, article a, pre span, svg text, summary")]
      .map((e) => getComputedStyle(e)).map((s) => [s.color, s.backgroundColor, s.fill])"""
    looks = []
    for theme in ("light", "dark"):
        with opened(browser, site / page_name, scheme=theme) as page:
            page.evaluate("theme => { document.body.dataset.theme = theme }", theme)
            page.emulate_media(media="print")
            looks.append(page.evaluate(look))
    assert looks[0] == looks[1]


# ---- a browser that keeps nothing, or runs nothing ----


# what a browser does that keeps nothing for a page; a replacement may be defined, as there
BLOCKED = """Object.defineProperty(window, "localStorage", { configurable: true, get() {
  throw new DOMException("Access is denied for this document.", "SecurityError");
} });"""


@every_page
def test_without_storage_the_theme_changes_and_nothing_fails(site, browser, page_name):
    with opened(browser, site / page_name, first=BLOCKED) as page:
        themes = [page.evaluate("document.body.dataset.theme")]
        for _ in range(3):
            page.locator(".theme-toggle:visible").first.click()
            themes.append(page.evaluate("document.body.dataset.theme"))
        assert themes == ["auto", "dark", "light", "auto"]
        assert page.seen == []


def test_without_storage_the_search_finds_a_chapter(site, browser):
    title = parsed(site / CHAPTERS[0]).select_one("article h1").find(string=True, recursive=False)
    with opened(browser, site / "search.html", first=BLOCKED) as page:
        page.goto(f"{page.url}?q={title}")
        result = page.locator("#search-results li a").first
        expect(result).to_have_attribute("href", re.compile(re.escape(CHAPTERS[0])))
        result.click()
        expect(page.locator("article h1")).to_contain_text(title)
        assert page.seen == []


@every_page
def test_without_scripts_a_page_says_what_does_not_work(site, browser, page_name):
    with opened(browser, site / page_name, java_script_enabled=False) as page:
        expect(page.locator(".theme-toggle:visible")).to_have_count(0)
        if page_name == "search.html":
            said = page.locator("article noscript p")
            expect(said).to_contain_text("The search needs JavaScript")
            expect(said).to_be_visible()
            expect(page.locator("article")).not_to_contain_text("Searching")
        for explorer in page.locator("[data-explorer]").all():
            expect(explorer.locator("input:visible, select:visible")).to_have_count(0)
            expect(explorer.locator("noscript p")).to_contain_text("need JavaScript. It shows ")
            expect(explorer.locator("figcaption")).to_be_visible()


# ---- figures that can be read ----

# Each text of each figure, in each frame of an explorer: how far it stands out of its picture, and
# how large it is shown. The letters of an index count with the letter that they belong to.
TEXTS = """async () => {
  await document.fonts.ready;
  const figures = [...document.querySelectorAll(".figure-svg svg")].map((svg) => ({
    svg,
    scale: svg.getBoundingClientRect().width / svg.viewBox.baseVal.width,
    data: svg.closest("[data-explorer]")?.querySelector("script[type='application/json']"),
  }));
  const found = [];
  for (const { svg, scale, data } of figures) {
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
        found.push([svg.getAttribute("aria-label"), shown, out, Math.max(...sizes) * scale]);
      }
    };
    if (!data) { look(); continue; }
    const { parts, frames } = JSON.parse(data.textContent);
    for (const runs of frames) {
      let body = "";
      for (let i = 0; i < runs.length; i += 2) {
        body += parts.slice(runs[i], runs[i] + runs[i + 1]).join("\\n") + "\\n";
      }
      svg.innerHTML = body;
      look();
    }
  }
  return found;
}"""
OPEN = """() => { document.querySelectorAll("details").forEach((d) => { d.open = true; });
  for (const f of document.querySelectorAll(".figure-svg")) f.style.contentVisibility = "visible"; }"""


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
        found = page.evaluate(TEXTS)
        assert {(alt[:60], text, round(out, 1)) for alt, text, out, _ in found if out > 0} == set()


@every_chapter
@pytest.mark.parametrize(("width", "least"), [(320, 10), (390, 11)])
def test_the_text_of_a_figure_can_be_read_on_a_phone(site, browser, page_name, width, least):
    with opened(browser, site / page_name, width=width) as page:
        page.evaluate(OPEN)
        found = page.evaluate(TEXTS)
        small = {(alt[:60], t, round(size, 1)) for alt, t, _, size in found if size < least - 0.05}
        assert small == set()


@every_page
def test_every_image_of_a_page_is_described(site, page_name):
    images = parsed(site / page_name).select("article img, article svg[role=img]")
    # Sphinx writes the file's address where a description is missing
    plain = [
        str(image)[:200]
        for image in images
        if len(alt := (image.get("alt") or image.get("aria-label") or "").strip()) < 20
        or image.get("src", "").endswith(alt)
    ]
    assert plain == []


@every_chapter
def test_the_sections_of_the_page_stand_beside_it(site, browser, page_name):
    # in a column of their own where there is room for one, in the left bar at 1280 pixels
    titles = [h.find(string=True) for h in parsed(site / page_name).select("article h2")]
    for width, shown, hidden in (
        (1280, ".sidebar-sections", ".toc-drawer"),
        (1400, ".toc-drawer", ".sidebar-sections"),
    ):
        with opened(browser, site / page_name, width=width) as page:
            expect(page.locator(hidden)).to_be_hidden()
            links = page.locator(f"{shown} a").all_inner_texts()
            assert [
                t for t in titles if str(t).strip() not in [link.strip() for link in links]
            ] == []
