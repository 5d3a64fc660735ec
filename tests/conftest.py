"""The built site and a Chromium to look at it with.

Where either is missing these tests are skipped, but with CI set they fail: a green run there has
looked at every page.
"""

import os
import re
import shutil
import tempfile
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright

import bookkit.explore

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
PAGES = [*sorted(str(p.relative_to(SITE)) for p in SITE.glob("book/*.html")), "search.html"]
CHAPTERS = [page for page in PAGES if re.match(r"book/(\d+|[a-z]\d?)_", page)]

every_page = pytest.mark.parametrize("page_name", PAGES)
every_chapter = pytest.mark.parametrize("page_name", CHAPTERS)


DRAWS_AHEAD = "script[src*='draw_ahead']"
REDRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@cache
def parsed(path):
    return BeautifulSoup(path.read_text("utf8"), "html.parser")


def first_with(pages, *kinds):
    """Return, of pages, the first that has each of these selectors.

    What the machinery alone decides is tried on these, and not on every chapter.
    """
    having = ([p for p in pages if parsed(SITE / p).select(kind)] for kind in kinds)
    return sorted({found[0] for found in having if found})


def missing(reason):
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def site():
    if not (SITE / "index.html").exists():
        missing("the site is not built: run make book")
    return SITE


def find_chromium():
    """Return the path of the machine's Chromium, or None."""
    return shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser():
    chromium = find_chromium()
    if not chromium:
        missing("no Chromium on PATH: install Debian's package chromium, or Google Chrome")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield browser
        browser.close()


@contextmanager
def opened(browser, address, width=1280, scheme="light", first="", skip=True, **settings):
    """Open a page, its predictions skipped; page.seen holds its requests out and its errors, and
    page.files the files that it asked for.

    first is a script that runs before the page's own, settings are those of the browser's context.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        reduced_motion="reduce",
        **settings,
    )
    context.add_init_script(first)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.seen, page.files = [], set()

    def refuse(route):
        page.seen.append(f"request: {route.request.url}")
        route.abort()

    context.route(lambda url: url.startswith(("http:", "https:", "ws:", "wss:")), refuse)
    page.on("console", lambda m: m.type == "error" and page.seen.append(f"console: {m.text}"))
    page.on("request", lambda r: page.files.add(unquote(urlsplit(r.url).path)))
    page.on("pageerror", lambda error: page.seen.append(f"error: {error}"))
    page.goto(address if isinstance(address, str) else address.as_uri())
    if settings.get("java_script_enabled", True) and page.locator(DRAWS_AHEAD).count():
        page.wait_for_selector("[data-drawn]", state="attached", timeout=60_000)
    if skip:
        page.evaluate("document.querySelectorAll('.prediction .skip').forEach((b) => b.click())")
    yield page
    context.close()


@pytest.fixture(scope="module")
def opened_once(site, browser, request):
    with opened(browser, site / request.param) as page:
        yield page


@pytest.fixture
def looked_at(opened_once):
    """A page that the tests of a module look at, each at its own width; to open it takes longer."""
    page = opened_once
    opens = page.evaluate("[...document.querySelectorAll('details')].map((d) => d.open)")
    yield page
    page.evaluate(
        "(was) => document.querySelectorAll('details').forEach((d, i) => (d.open = was[i]))", opens
    )
    widen(page, 1280)
    page.emulate_media(color_scheme="light", media="screen")


def looks_at(pages):
    """Mark a test that gets each of these pages as looked_at, and leaves it as it was."""
    return pytest.mark.parametrize("opened_once", pages, indirect=True, scope="module")


def widen(page, width):
    page.set_viewport_size({"width": width, "height": 900})


@pytest.fixture(scope="module")
def setting(request):
    """How submissions are run by the tests of a module, with its LIMITS."""
    from bookkit.grading import kit, sandbox  # the tables of all exercises, and Linux alone
    from bookkit.grading.submissions import Setting

    try:
        protected = sandbox.protection()
    except OSError as error:
        pytest.skip(str(error))
    with tempfile.TemporaryDirectory() as folder:
        yield Setting(kit.laid_out(Path(folder)), request.module.LIMITS, protected)


def number(text):
    """Return the number that a sentence of the book writes, with a minus sign of its own."""
    return float(text.replace("−", "-"))


class _Found(Exception):
    """Ends a notebook at an explorer."""


def explorer_of(notebook, script):
    """Run a notebook of the book as far as the explorer of a script, and return that explorer."""
    explore, found = bookkit.explore.explore, []

    def noted(draw, **settings):
        found.append(explore(draw, **settings))
        if draw == script:
            raise _Found
        return found[-1]

    names = {"__name__": "__main__"}
    with pytest.MonkeyPatch.context() as patch, suppress(_Found):
        patch.setattr(bookkit.explore, "explore", noted)
        patch.chdir(ROOT / "book")
        for cell in nbformat.read(notebook, 4).cells:
            if cell.cell_type == "code":
                exec(cell.source, names)
        raise AssertionError(f"{notebook} has no explorer of {script}")
    return found[-1]
