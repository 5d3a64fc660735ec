"""The printed edition: the book in one PDF, whose links, glyphs and pictures are all there.

Some pages are printed here. make pdf prints all, and then has EDITION name the file to look at.
"""

import importlib.util
import os
import re
from functools import cache
from pathlib import Path

import pypdf
import pytest
from conftest import CHAPTERS, ROOT, SITE, first_with, parsed
from test_paper import unspaced

SPEC = importlib.util.spec_from_file_location("printed", ROOT / "tools/printed_edition.py")
printed_edition = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(printed_edition)
EDITION = os.environ.get("EDITION")
SHEETS = 300 if EDITION else 30
TEACHING = [page for page in CHAPTERS if page[5].isdigit()]
if not EDITION:
    TEACHING = first_with(TEACHING, "#equation-eq-bp1", ".explorer-table td")[:2]
GLYPHS = re.compile(rb"<([0-9A-Fa-f]+)>")


@pytest.fixture(scope="module")
def pdf(site, browser, tmp_path_factory):
    path = EDITION or tmp_path_factory.mktemp("edition") / "book.pdf"
    if not EDITION:
        names = [page.removesuffix(".html") for page in ("book/index.html", *TEACHING)]
        # a relative path, as make gives it
        printed_edition.make(site, Path(os.path.relpath(path)), browser, names)
    found = pypdf.PdfReader(path)
    assert len(found.pages) > SHEETS
    return found


@cache
def text_of(pdf):
    return [sheet.extract_text() for sheet in pdf.pages]


def test_contents_name_the_sheet_of_each_heading(pdf):
    sheets = printed_edition.sheets_of(pdf)
    text = text_of(pdf)
    for page in TEACHING:
        stem = page.removeprefix("book/").removesuffix(".html")
        title = parsed(SITE / page).select_one("article h1").get_text().removesuffix("#")
        section = parsed(SITE / page).select_one("article h1").find_parent("section")["id"]
        at = sheets[f"{stem}--{section}"]
        assert unspaced(title) in unspaced(text[at - 1])
        line = rf"{re.escape(unspaced(title))}{at}(?!\d)"
        assert any(re.search(line, unspaced(sheet)) for sheet in text[1:12]), title


def test_every_link_leads_somewhere(pdf):
    known, count = set(pdf.named_destinations), 0
    for sheet in pdf.pages:
        for annotation in sheet.get("/Annots", ()):
            one = annotation.get_object()
            target = one.get("/Dest") or one.get("/A", {}).get("/D")
            if isinstance(target, str):
                count += 1
                assert target in known or f"/{target}" in known, target
            elif "/URI" in one.get("/A", {}):
                assert one["/A"]["/URI"].startswith("http")
    assert count > SHEETS


def test_every_equation_and_exercise_and_its_solution_are_printed(pdf):
    text = unspaced("".join(text_of(pdf)))
    for page in TEACHING:
        for number in parsed(SITE / page).select(".eqno"):
            assert unspaced(number.get_text().removesuffix("#")) in text
        stem = page.removeprefix("book/").removesuffix(".html")
        for question in parsed(SITE / page).select("[id^=exercise-][id$=-question]"):
            chapter, number = question["id"].split("-")[1:3]
            assert f"Exercise{chapter}.{number}" in text
            assert f"{stem}--{question['id']}" in printed_edition.sheets_of(pdf), "no way back"
            assert f"solution-{chapter}-{number}" in printed_edition.sheets_of(pdf)


def test_explorers_print_their_start_and_its_sentence(pdf):
    text = unspaced("".join(text_of(pdf)))
    for page in TEACHING:
        for caption in parsed(SITE / page).select(".explorer figcaption"):
            first = re.match(r"[\x20-\x7e]*", caption.get_text())[0]
            assert unspaced(first) in text


def test_fonts_are_embedded_and_no_glyph_is_missing(pdf):
    count = 0
    for number, sheet in enumerate(pdf.pages, 1):
        for font in sheet["/Resources"].get("/Font", {}).values():
            assert embedded(font.get_object()), (number, font["/BaseFont"])
        shown = GLYPHS.findall(sheet.get_contents().get_data())
        assert not [s for s in shown if missing(s)], number
        count += len(shown)
    assert count > SHEETS


def embedded(font):
    inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
    if inner.get("/Subtype") == "/Type3":
        return "/CharProcs" in inner
    return any(f"/FontFile{n}" in inner["/FontDescriptor"] for n in ("", "2", "3"))


def missing(glyphs):
    """Tell whether one of the glyphs, four digits each, is a font's number 0: an empty box."""
    return len(glyphs) % 4 == 0 and any(
        glyphs[i : i + 4] == b"0000" for i in range(0, len(glyphs), 4)
    )


def test_a_site_that_is_not_there_is_told_and_nothing_is_written(browser, tmp_path):
    with pytest.raises(printed_edition.EditionError, match="run make book"):
        printed_edition.make(tmp_path, tmp_path / "book.pdf", browser)
    assert list(tmp_path.iterdir()) == []
