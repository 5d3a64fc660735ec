"""Appendix A: the places of the five sources, in their data and on the page."""

import re
from functools import cache
from itertools import pairwise

import pytest
import yaml
from conftest import ROOT, looks_at, parsed, widen

BOOK = ROOT / "book"
PLACES = yaml.safe_load((BOOK / "source_places.yml").read_text("utf8"))
TAUGHT = yaml.safe_load((BOOK / "sources.yml").read_text("utf8"))
ENTRIES = {source: [p for ps in places.values() for p in ps] for source, places in PLACES.items()}
ALL = [entry for entries in ENTRIES.values() for entry in entries]
NAMED = {item for entry in ALL for item in entry["items"]}
PAGE = "book/a_sources.html"

every_source = pytest.mark.parametrize("source", PLACES)


def numbers(pattern, places):
    """Return the numbers that follow a word in the names of places, with those of ranges."""
    found = []
    for place in places:
        for first, sign, last in re.findall(pattern, place["at"]):
            found += range(int(first), int(last or first) + 1) if sign != " and " else (first, last)
    return [int(number) for number in found]


EQUATION = r"(?:[Ee]quations? )?\((\d+)\)"
RANGE = r"\(?(\d+)\)?(?:( and |–)\(?(\d+)\)?)?"


@every_source
def test_an_entry_says_where_what_and_which(source):
    for entry in ENTRIES[source]:
        assert entry.keys() - {"mention"} == {"at", "what", "items"}, entry
        assert entry.get("mention", True) is True, entry
        assert 1 <= len(entry["what"].split()) <= 12, entry
        assert entry["items"] == sorted(set(entry["items"])), entry


@every_source
def test_no_place_is_there_twice(source):
    rows = [(s, p["at"], p["what"]) for s, places in PLACES[source].items() for p in places]
    assert len(rows) == len(set(rows))
    assert all(PLACES[source].values())


def test_the_items_with_a_place_are_those_that_are_taught():
    assert TAUGHT.keys() == NAMED
    assert len(NAMED) == 311


@pytest.mark.parametrize(("letter", "source"), [*zip("ABCDE", PLACES, strict=True)])
def test_an_item_is_in_the_source_that_its_letter_names(letter, source):
    here = {item for entry in ENTRIES[source] for item in entry["items"]}
    assert {item for item in NAMED - here if item[0] == letter} == set()


@pytest.mark.parametrize(
    ("source", "kind", "count"),
    [
        ("Fitzpatrick", "Equation", 14),
        ("Fitzpatrick", "Figure", 7),
        ("Fitzpatrick", "Algorithm", 2),
        ("Neural Networks", "Equation", 79),
        ("Neural Networks", "Figure", 6),
        ("Dethlefs", "Equation", 31),
        ("Dethlefs", "Figure", 5),
        ("Dethlefs", "Exercise", 5),
        ("Dethlefs", "Algorithm", 1),
    ],
)
def test_what_a_source_numbers_is_all_there_in_order(source, kind, count):
    start = rf"^(?:Exercise \d+, )?(?i:{kind})s? {RANGE}"
    assert sorted(found := numbers(start, ENTRIES[source])) == found
    assert set(found) == set(range(1, count + 1))


@every_source
def test_what_is_counted_within_a_section_is_all_there_in_order(source):
    for section, places in PLACES[source].items():
        for kind in ("display", "listing"):
            found = numbers(rf"^{kind}s? {RANGE}", places)
            assert sorted(found) == found, section
            assert set(found) == set(range(1, max(found, default=0) + 1)), section


@every_source
def test_what_has_no_number_stands_where_it_says(source):
    """After (3) comes neither before (3) nor after (4), whatever stands between them."""
    for places in PLACES[source].values():
        at = [-1]
        for place in places:
            if found := re.match(rf"(after |before |Exercise \d+, )?{EQUATION}", place["at"]):
                at.append(2 * int(found[2]) + {"after ": 1, "before ": -1}.get(found[1], 0))
        assert all(one <= other for one, other in pairwise(at)), at


def rows(site):
    """Return [(source's table, its rows)] of the page."""
    tables = parsed(site / PAGE).select("table.source-places")
    return [t.select("tbody tr:not(.source-section)") for t in tables]


def test_the_page_has_a_row_for_every_place(site):
    for shown, entries in zip(rows(site), ENTRIES.values(), strict=True):
        assert [r.td.get_text().replace("\xa0", " ") for r in shown] == [e["at"] for e in entries]
        for tr, entry in zip(shown, entries, strict=True):
            _, what, here = tr.select("td")
            assert here.a
            assert what.get_text().endswith("(mention)") == entry.get("mention", False)


def test_the_page_has_every_section_of_a_source(site):
    tables = parsed(site / PAGE).select("table.source-places")
    for table, sections in zip(tables, PLACES.values(), strict=True):
        assert [tr.get_text(strip=True) for tr in table.select("tr.source-section")] == [*sections]


def test_every_row_leads_to_where_its_items_are_taught(site):
    for shown, entries in zip(rows(site), ENTRIES.values(), strict=True):
        for tr, entry in zip(shown, entries, strict=True):
            places = [TAUGHT.get(item, []) for item in entry["items"]]
            wanted = {w for p in places for w in ([p] if isinstance(p, str) else p)}
            links = tr.select("td:last-child a")
            assert {a["href"].replace(".html", "") for a in links} == wanted
            assert len(links) == len(wanted)


@cache
def by_id(path):
    return {tag["id"]: tag for tag in parsed(path).select("[id]")}


def test_a_link_is_called_what_it_leads_to(site):
    for link in parsed(site / PAGE).select("table.source-places td:last-child a"):
        page, _, name = link["href"].partition("#")
        target = by_id(site / "book" / page)[name]
        title = target.select_one("h1, h2, h3, .eqno") if target.name == "section" else target
        said = (
            title.select_one(".eqno").get_text() if target.name != "section" else title.get_text()
        )
        assert link.get_text() == said.removesuffix("#"), link


@looks_at([PAGE])
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_table_is_cut_at_any_width(looked_at, width):
    widen(looked_at, width)
    cut = """[...document.querySelectorAll(".table-wrapper, .source-places td")]
      .filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.textContent)"""
    assert looked_at.evaluate(cut) == []
    assert looked_at.evaluate("document.documentElement.scrollWidth") <= width
