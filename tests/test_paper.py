"""The built pages on paper."""

import io
import re
import unicodedata

import pypdf
import pytest
from conftest import CHAPTERS, every_page, first_with, opened, parsed
from playwright.sync_api import expect

# the other pages consist of the same parts, and what they hold is tried on every one below
KINDS = first_with(
    CHAPTERS, "form", ".explorer-table td", ".checked-equation", ".source-places", ".erratum",
    ".indexed-equation", ".glossary", ".literal-block-wrapper",
)  # fmt: skip


def unspaced(text):
    """Return a text without its spaces, and with the letters that a font prints as one ligature."""
    apart = re.sub("[ﬀ-ﬆ]", lambda ligature: unicodedata.normalize("NFKC", ligature[0]), text)
    return "".join(apart.split())


def stands(line, printed):
    """Tell whether a line is printed, on one sheet or begun on one and ended on the next."""
    parts = ((line[:cut], line[cut:]) for cut in range(len(line) + 1))
    return any(start in printed and end in printed for start, end in parts)


@pytest.mark.parametrize("page_name", KINDS)
def test_paper_holds_the_whole_chapter_and_nothing_to_press(site, browser, page_name):
    with opened(browser, site / page_name, scheme="dark") as page:
        pdf = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
        captions = page.locator(".explorer figcaption").all_text_contents()
    printed = unspaced("".join(sheet.extract_text() for sheet in pdf.pages))
    assert "Skiptocontent" not in printed
    assert "Onthispage" not in printed
    code = parsed(site / page_name).select(".cell_input pre")
    lines = [line for pre in code for line in pre.get_text().splitlines() if line.isascii()]
    if page_name[5].isdigit():
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


WHITE = first_with(CHAPTERS, "form", ".explorer-table td", ".container .highlight:not(.cell *)")


@pytest.mark.parametrize("page_name", [*WHITE, "book/index.html"])
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
