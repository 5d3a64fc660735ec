"""Appendix C: every mistake of the sources, with what is right, its proof, and a way back."""

import ast
import re
from collections import Counter

import pytest
from conftest import looked_at, looks_at, opened, parsed  # noqa: F401
from playwright.sync_api import expect
from test_book import ROOT, code, printed, read

PAGES = sorted((ROOT / "book").glob("c*_*.ipynb"))
COUNTS = {"000": 31, "001": 33, "002": 29, "003": 27, "004": 16, "X": 9}  # of each source
TITLE = re.compile(
    r"^(?:\((e-[\dx]+-\d\d)\)=\n)?#{2,3} (E-([\dX]+)-(\d\d)) · ([ABC]) · (.+)$", re.M
)
every_errata_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)


def entries(path):
    """Return [(number, severity, text, the code cell below or None)] of a page."""
    cells, found = read(path).cells, []
    for i, cell in enumerate(cells):
        if cell.cell_type == "markdown" and (titled := TITLE.search(cell.source)):
            below = cells[i + 1] if i + 1 < len(cells) else None
            proof = below if below is not None and below.cell_type == "code" else None
            found.append((titled[2], titled[5], cell.source, proof))
    return found


ENTRIES = {number: entry for path in PAGES for number, *entry in entries(path)}


def test_no_entry_is_missing_or_there_twice():
    numbers = [entry[0] for path in PAGES for entry in entries(path)]
    wanted = [f"E-{s}-{i:02}" for s, count in COUNTS.items() for i in range(1, count + 1)]
    assert sorted(numbers) == sorted(wanted)


@every_errata_page
def test_the_entries_of_a_page_are_in_order_and_labelled(path):
    titles = [m for cell in read(path).cells for m in TITLE.finditer(cell.source)]
    assert titles
    assert [m[1] for m in titles] == [m[2].lower() for m in titles]
    assert [m[2] for m in titles] == sorted(m[2] for m in titles)
    assert all(len(m[6].split()) <= 9 and "$" not in m[6] for m in titles)


@pytest.mark.parametrize("number", ENTRIES)
def test_an_entry_quotes_and_says_what_is_right_where(number):
    _severity, text, _proof = ENTRIES[number]
    assert len(re.findall(r"^\*Right in\* ", text, re.M)) == 1
    assert re.search(r"^\*Right in\* .*\{(eq|section|doc)\}`", text, re.M)


@pytest.mark.parametrize("number", [n for n, (severity, *_) in ENTRIES.items() if severity == "A"])
def test_a_wrong_result_is_shown_by_a_computation(number):
    assert ENTRIES[number][2] is not None


@pytest.mark.parametrize("number", [n for n, (*_, proof) in ENTRIES.items() if proof])
def test_a_proof_can_fail_and_says_what_it_found(number):
    proof = ENTRIES[number][2]
    asserted = [n for n in ast.walk(ast.parse(proof.source)) if isinstance(n, ast.Assert)]
    raised = "except" in proof.source
    assert asserted or raised
    assert 1 <= printed(proof).count("\n") <= 6
    assert len(proof.source.splitlines()) <= 20
    assert "hide-input" in proof.metadata.tags


@every_errata_page
def test_no_code_stands_apart_from_its_entry(path):
    proofs = [proof.id for *_, proof in entries(path) if proof]
    others = [cell for _, cell in code(path) if cell.id not in proofs]
    assert {tuple(cell.metadata.get("tags", ())) for cell in others} <= {
        ("setup",),
        ("hide-input",),
    }


def linked(site):
    """Return {chapter's page: the errata that name it as the place of what is right}."""
    found = {}
    for path in PAGES:
        for section in parsed(site / "book" / f"{path.stem}.html").select("section.erratum"):
            number = TITLE_SHOWN.match(section.find(["h2", "h3"]).get_text())[1]
            [right_in] = [p for p in section.select("p") if p.get_text().startswith("Right in")]
            for page in dict.fromkeys(a["href"].split("#")[0] for a in right_in.select("a")):
                found.setdefault(page, []).append(number)
    return found


TITLE_SHOWN = re.compile(r"(E-[\dX]+-\d\d) · [ABC] · ")


def test_each_chapter_leads_to_its_errata_and_they_lead_back(site):
    for page, numbers in linked(site).items():
        line = parsed(site / "book" / page).select_one(".errata-line")
        assert sorted(a.get_text() for a in line.select("a")) == sorted(numbers), page
        for a in line.select("a"):
            there, _, name = a["href"].partition("#")
            assert name == a.get_text().lower()
            assert parsed(site / "book" / there).find(id=name)


def test_the_table_has_every_entry(site):
    rows = parsed(site / "book/c_errata.html").select(".errata-list tr.severity")
    shown = {row.td.get_text(): row.select("td") for row in rows}
    assert shown.keys() == ENTRIES.keys()
    for number, (_, severity, _what) in shown.items():
        assert severity.get_text() == ENTRIES[number][0]
    counts = Counter(severity for severity, *_ in ENTRIES.values())
    assert min(counts.values()) > 10


@pytest.mark.parametrize("page_name", ["book/c_errata.html", "book/c4_dethlefs.html"])
def test_a_severity_is_chosen_without_a_script(site, browser, page_name):
    with opened(browser, site / page_name, java_script_enabled=False) as page:
        for severity in "abc":
            page.check(f"#severity-{severity}")
            seen = page.locator(f".severity-{severity}:not(legend)")
            assert seen.count() > 1
            expect(page.locator(".severity:visible")).to_have_count(seen.count())
        page.check("#severity-all")
        expect(page.locator(".severity:visible")).to_have_count(page.locator(".severity").count())


def test_an_address_shows_its_entry_whatever_is_chosen(site, browser):
    [other] = [
        n for n, (severity, *_) in ENTRIES.items() if n.startswith("E-003") and severity == "A"
    ][:1]
    with opened(browser, site / "book/c4_dethlefs.html") as page:
        page.check("#severity-c")
        expect(
            page.locator(f"section:has(> #{other.lower()}), section#{other.lower()}")
        ).to_be_hidden()
        page.evaluate("name => { location.hash = name }", other.lower())
        expect(
            page.locator(f"section:has(> #{other.lower()}), section#{other.lower()}")
        ).to_be_visible()
