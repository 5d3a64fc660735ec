"""What is said of a source that cannot be built, before anything reads it."""

import re
import sys

import nbformat
import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "book/_ext"))
from sources import SourceError, check

NOTEBOOK = nbformat.writes(nbformat.v4.new_notebook())


@pytest.fixture
def book(tmp_path):
    (tmp_path / "book").mkdir()
    toc = "format: jb-book\nroot: book/index\nchapters:\n  - file: book/03_small\n"
    (tmp_path / "_toc.yml").write_text(toc, "utf8")
    (tmp_path / "book/index.md").write_text("Title\n=======\n", "utf8")
    (tmp_path / "book/03_small.ipynb").write_text(NOTEBOOK, "utf8")
    return tmp_path


def test_a_sound_book_is_let_pass(book):
    check(book)


def test_this_book_is_sound():
    check(ROOT)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("03_small.ipynb", b"<<<<<<< HEAD\n" + NOTEBOOK.encode(), "line 1 is a marker"),
        ("03_small.ipynb", b'{"cells": [\n>>>>>>> branch\n]}', "line 2 is a marker"),
        ("03_small.ipynb", NOTEBOOK[:20].encode(), "is no notebook: .* in line 3, of JSON"),
        ("03_small.ipynb", b"", "is no notebook: .* in line 1"),
        ("03_small.ipynb", b"[]", "is no notebook of format 4"),
        ("03_small.ipynb", b'{"cells": []}', "is no notebook of format 4"),
        ("index.md", "# a\n# ü".encode("latin-1"), "is not UTF-8: byte 0xfc in line 2"),
        ("index.md", b"# a\n<<<<<<< HEAD\n=======\n>>>>>>> b\n", "line 2 is a marker"),
    ],
)
def test_a_damaged_source_is_named_with_the_place(book, name, content, said):
    (book / "book" / name).write_bytes(content)
    with pytest.raises(SourceError, match=f"^book/{name} .*{said}"):
        check(book)


def test_pages_and_list_agree(book):
    (book / "book/03_small.ipynb").rename(book / "book/04_other.ipynb")
    (book / "book/index.ipynb").write_text(NOTEBOOK, "utf8")
    with pytest.raises(SourceError) as error:
        check(book)
    told = str(error.value)
    assert re.search(r"^book/03_small is listed in _toc.yml, and there is neither", told, re.M)
    assert re.search(r"^book/04_other.ipynb is not listed in _toc.yml", told, re.M)
    assert re.search(r"^book/index.ipynb and book/index.md would be one page", told, re.M)
