"""The built pages for every reader: axe, small screens, the keyboard, no storage, no scripts."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import CHAPTERS, PAGES, every_page, first_with, looks_at, opened, parsed, widen
from playwright.sync_api import expect

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def problems_of(page, **options):
    """Open all that can be opened, and return what axe finds."""
    page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    # The inside of a picture is nothing to axe but 20 seconds of work. Preload would read the
    # style sheets again, which no page opened from a folder may.
    context = {"exclude": [["svg[role=img] > *"]]}
    options |= {"runOnly": RULES, "preload": False, "resultTypes": ["violations"]}
    found = Axe().run(page, context, options).response
    return [
        f"{rule['id']}: {node['html'][:200]}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


# Contrast is the style's to give, and three quarters of the time: on the first page that has each
# thing with a color of its own. A figure's colors are test_figures' to try.
COLORED = first_with(
    CHAPTERS, "form", ".explorer-table td", ".literal-block-wrapper", ".admonition", "article table",
    "details.check", ".sd-dropdown", "[data-play]", "article blockquote",
)  # fmt: skip
COLORED = sorted({*COLORED, CHAPTERS[-1], "book/index.html", "search.html"})


@looks_at(COLORED)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1400), ("dark", 390)])
def test_axe_finds_nothing(looked_at, scheme, width):
    looked_at.emulate_media(color_scheme=scheme)
    widen(looked_at, width)
    assert problems_of(looked_at) == []


@looks_at([page for page in PAGES if page not in COLORED])
def test_axe_finds_nothing_but_for_contrast(looked_at):
    widen(looked_at, 390)
    assert problems_of(looked_at, rules={"color-contrast": {"enabled": False}}) == []


@looks_at(PAGES)
@pytest.mark.parametrize("width", [390, 320])
def test_a_phone_never_scrolls_sideways(looked_at, width):
    widen(looked_at, width)
    looked_at.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    assert looked_at.evaluate("document.documentElement.scrollWidth") <= width


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


# ---- a browser that keeps nothing, or runs nothing ----


# what a browser does that keeps nothing for a page; a replacement may be defined, as there
BLOCKED = """Object.defineProperty(window, "localStorage", { configurable: true, get() {
  throw new DOMException("Access is denied for this document.", "SecurityError");
} });"""


@pytest.mark.parametrize("page_name", [*first_with(CHAPTERS, "form", "script"), "search.html"])
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
