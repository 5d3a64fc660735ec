"""The build itself, on a book of one small chapter: what it makes, repeats, and refuses."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

SOUND = [
    new_markdown_cell("# Small\n\n$$\na = b\n$$ (eq:small)\n\nSee {eq}`eq:small`."),
    new_code_cell(
        "from bookkit.verify import verify\n\nverify('eq:small', 2, 1 + 1.0)", id="check"
    ),
    new_code_cell(  # sent in three pieces, cut within a line
        "import sys\n\nfor piece in ('one ', 'line', '\\nand another\\n'):\n"
        "    print(piece, end='')\n    sys.stdout.flush()"
    ),
]
UNSOUND = [
    new_markdown_cell("# Broken\n\n$$\na = b\n$$ (eq:unchecked)\n\n$\\nosuchcommand{x}$"),
    new_code_cell(
        "from IPython.display import SVG\n\n"
        'SVG(\'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>\')'
    ),
]


def write(book, cells):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), book / "book/03_small.ipynb")


def build(book):
    command = [
        Path(sys.executable).with_name("jupyter-book"),
        "build",
        ".",
        "-W",
        "-n",
        "--keep-going",
    ]
    done = subprocess.run(command, cwd=book, capture_output=True, text=True, timeout=600)
    return done.returncode, re.sub(r"\x1b\[[\d;]*m", "", done.stdout + done.stderr)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Return a book with the real configuration, one chapter, and a repository."""
    book = tmp_path_factory.mktemp("project")
    for part in ("_ext", "_static", "_assets", "_templates"):
        shutil.copytree(ROOT / "book" / part, book / "book" / part)
    config = (ROOT / "_config.yml").read_text("utf8")
    assert 'url: ""' in config
    url = "https://github.com/someone/some-book"
    (book / "_config.yml").write_text(config.replace('url: ""', f'url: "{url}"'), "utf8")
    toc = "format: jb-book\nroot: book/index\nchapters:\n  - file: book/03_small\n"
    (book / "_toc.yml").write_text(toc, "utf8")
    (book / "book/index.md").write_text("# Index\n", "utf8")
    (book / "src").mkdir()
    (book / "src/module.py").write_text("value = 1\n", "utf8")
    write(book, SOUND)
    code, log = build(book)
    assert code == 0, log
    return book


def page(book):
    return BeautifulSoup((book / "_build/html/book/03_small.html").read_text("utf8"), "html.parser")


def test_a_chapter_keeps_its_number_when_others_are_missing(book):
    assert page(book).select_one("h1").get_text().startswith("3.")
    assert page(book).select_one(".eqno").get_text().startswith("(3.1)")
    assert (
        page(book).select_one("a.reference.internal[href='#equation-eq-small']").get_text()
        == "(3.1)"
    )


def test_a_line_printed_in_pieces_stays_one_line(book):
    printed = [block.get_text() for block in page(book).select(".cell_output pre")]
    assert "one line\nand another\n" in printed


def test_with_a_repository_every_page_links_to_it(book):
    links = {a.get_text(): a["href"] for a in page(book).select(".page-links a, .colophon a")}
    links.pop("Notebook")
    assert links == {
        "Edit this page": "https://github.com/someone/some-book/edit/main/book/03_small.ipynb",
        "Binder": "https://mybinder.org/v2/gh/someone/some-book/main"
        "?urlpath=lab%2Ftree%2Fbook%2F03_small.ipynb",
        "Colab": "https://colab.research.google.com/github/someone/some-book/blob/main/book/03_small.ipynb",
        "Source of this book": "https://github.com/someone/some-book",
    }


def test_notebooks_run_again_only_for_a_reason(book):
    code, log = build(book)
    assert code == 0
    assert "Executing notebook" not in log
    assert "0 added, 0 changed, 0 removed" in log
    (book / "src/module.py").write_text("value = 2\n", "utf8")
    code, log = build(book)
    assert code == 0
    assert "Executing notebook" in log
    assert len(list((book / "_build/.jupyter_cache").iterdir())) == 1


def test_the_build_refuses_what_a_reader_could_not_trust(book, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(book, broken, ignore=shutil.ignore_patterns("_build"))
    write(broken, UNSOUND)
    code, log = build(broken)
    assert code != 0
    assert "the equation eq:unchecked has no check" in log
    assert "a figure has no alt text" in log
    assert "a figure is empty" in log
    assert "KaTeX: " in log
    assert "nosuchcommand" in log


def test_the_build_refuses_a_failing_cell(book, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(book, broken, ignore=shutil.ignore_patterns("_build"))
    write(broken, [*SOUND, new_code_cell("1 / 0")])
    code, log = build(broken)
    assert code != 0
    assert "ZeroDivisionError" in log
