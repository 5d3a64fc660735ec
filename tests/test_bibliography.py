"""The citations: each leads to an entry, each entry is cited, and no work is named without one."""

import re
from pathlib import Path

import pytest
from conftest import parsed
from pybtex.database import parse_file
from test_book import PAGES, ROOT, every_chapter, every_page, prose, read

PAGE = Path("book/f_bibliography.html")
ENTRIES = parse_file(ROOT / "book" / "references.bib").entries
CITATION = re.compile(r"\{ref\}`([^`<]+) <([a-z0-9-]+)>`")
# The errata lead to each other by labels of their own.
LABELS = {label for path in PAGES for label in re.findall(r"^\(([\w-]+)\)=", prose(path), re.M)}
YEAR = re.compile(r"(?<![\d,.])(?:1[89]\d\d|20[0-3]\d)(?![\d,]*\d)")
# Two of the five texts do not say who wrote them, or when; a note says so.
UNKNOWN = {"fitzpatrick": {"year"}, "neural-networks": {"author", "year"}}

every_entry = pytest.mark.parametrize("key", ENTRIES)


def cited(text):
    """Return [(words, key)] of a text's citations."""
    return [(words, key) for words, key in CITATION.findall(text) if key not in LABELS]


def surnames(key):
    authors = ENTRIES[key].persons.get("author", ())
    return {name for person in authors for name in person.last_names} - {"others"}


def unlinked(text):
    """Return a text's words without citations, code and formulas."""
    return re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$|```.*?```|`[^`]*`", " ", text, flags=re.S)


@every_page
def test_every_citation_names_an_entry(path):
    links = re.findall(r"\{ref\}`[^`]*`", prose(path))
    assert [link for link in links if not CITATION.fullmatch(link)] == []
    assert [key for _, key in cited(prose(path)) if key not in ENTRIES] == []


@every_page
def test_a_year_in_a_citation_is_that_of_its_entry(path):
    wrong = [
        (words, key)
        for words, key in cited(prose(path))
        if set(YEAR.findall(words)) - {ENTRIES[key].fields.get("year")}
    ]
    assert wrong == []


@every_page
def test_a_name_in_a_citation_is_of_its_authors(path):
    everyone = set().union(*map(surnames, ENTRIES))
    wrong = [
        (words, key)
        for words, key in cited(prose(path))
        if (set(re.findall(r"\w+(?:-\w+)*", words)) & everyone) - surnames(key)
        and key != "neural-networks"  # after M. Nielsen
    ]
    assert wrong == []


@every_entry
def test_every_entry_is_cited(key):
    assert any(key == found for path in PAGES for _, found in cited(prose(path)))


@every_entry
def test_an_entry_says_who_wrote_what_and_when(key):
    entry = ENTRIES[key]
    told = {"author"} & set(entry.persons) | {"title", "year"} & set(entry.fields)
    assert {"author", "title", "year"} - told == UNKNOWN.get(key, set())
    assert "note" in entry.fields or key not in UNKNOWN
    assert re.fullmatch(r"(?:18|19|20)\d\d", entry.fields.get("year", "2000"))
    assert re.fullmatch(r"10\.\d{4,}/\S+", entry.fields.get("doi", "10.1000/x"))
    assert re.fullmatch(r"\d+(?:--\d+)?", entry.fields.get("pages", "1"))


def test_no_work_is_listed_twice():
    works = [
        (re.sub(r"\W", "", entry.fields["title"]).lower(), frozenset(surnames(key)))
        for key, entry in ENTRIES.items()
    ]
    assert len(works) == len(set(works))
    dois = [entry.fields["doi"].lower() for entry in ENTRIES.values() if "doi" in entry.fields]
    assert len(dois) == len(set(dois))


@every_chapter
def test_every_year_is_that_of_a_work_cited_on_the_page(path):
    text = prose(path)
    years = {ENTRIES[key].fields.get("year") for _, key in cited(text)}
    assert set(YEAR.findall(unlinked(text))) <= years


@every_chapter
def test_no_author_and_year_stand_without_a_link(path):
    everyone = "|".join(sorted(set().union(*map(surnames, ENTRIES))))
    bare = rf"\b(?:{everyone})(?:'s)?,? \(?{YEAR.pattern}"
    assert re.findall(bare, unlinked(CITATION.sub(" ", prose(path)))) == []


@every_chapter
def test_the_five_texts_are_cited_where_a_chapter_names_its_sources(path):
    [sources] = [c.source for c in read(path).cells if c.source.startswith("## Sources")]
    first = sources.split(":::")[0]
    keys = {key for _, key in cited(first)}
    for title, key in {
        "An Introduction to the Backpropagation": "fitzpatrick",
        "Rohan & Lenny #1": "rohan2016",
        "*Neural Networks*,": "neural-networks",
        "Tutorial on Backpropagation": "dethlefs2018",
        "Introduction to Neural Networks and": "bergsoe2024",
    }.items():
        assert (title in first) == (key in keys), key


# ---- the built pages ----


def test_the_page_lists_every_entry_once(site):
    shown = [item["id"] for item in parsed(site / PAGE).select("li[id^=work-]")]
    assert sorted(re.sub(r"^work-\d+-", "", name) for name in shown) == sorted(ENTRIES)


@every_chapter
def test_every_citation_leads_to_its_entry(site, path):
    links = parsed(site / "book" / f"{path.stem}.html").select(f"article a[href^='{PAGE.name}#']")
    assert len(links) == len(cited(prose(path)))
    keys = {}
    for words, key in cited(prose(path)):
        keys.setdefault(words.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}"), set()).add(key)
    for link in links:
        name = link["href"].partition("#")[2]
        entry = parsed(site / PAGE).find("li", id=name)
        assert re.sub(r"^work-\d+-", "", name) in keys[link.get_text()]
        assert ENTRIES[re.sub(r"^work-\d+-", "", name)].fields.get("year", "") in entry.get_text()
