"""The build itself, on a book of one small chapter: what it makes, repeats, and refuses."""

import os
import re
import shutil
import signal
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
        "from bookkit.verify import verify\n\nverify('eq:small', 2, 1 + 1.0)",
        metadata={"tags": ["check"]},
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
# each calls verify for an equation, and none checks it
UNCHECKED = {
    "uncalled": "def later():\n    verify('eq:uncalled', 2, 1 + 1.0)",
    "untrue": "if False:\n    verify('eq:untrue', 2, 1 + 1.0)",
    "swallowed": "try:\n    verify('eq:swallowed', 2, 3.0)\nexcept AssertionError as error:\n    pass",
    "redefined": "def verify(label, *sides):\n    print('\\u2713', f'{label}: fine')\n\n"
    "verify('eq:redefined', 2, 3.0)",
}
OPEN = "verify('eq:open', 2, 1 + 1.0)"  # without the tag that folds it
# ends the build while it writes, and leaves a page cut short
KILLED = """
import os
import signal
from pathlib import Path


def cut(app, pagename, *more):
    if pagename == "book/04_more" and os.environ.get("KILL_BUILD"):
        os.truncate(Path(app.outdir) / "book/03_small.html", 1000)
        os.kill(os.getpid(), signal.SIGKILL)


def setup(app):
    app.connect("html-page-context", cut)
"""


def write(book, cells):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), book / "book/03_small.ipynb")


def build(book, **environment):
    command = [
        Path(sys.executable).with_name("jupyter-book"),
        "build",
        ".",
        "-W",
        "-n",
        "--keep-going",
    ]
    done = subprocess.run(
        command,
        cwd=book,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    return done.returncode, re.sub(r"\x1b\[[\d;]*m", "", done.stdout + done.stderr)


def copied(book, folder):
    """Return a copy of a book, with its executed notebooks and without its site."""
    parts = shutil.ignore_patterns("html", ".doctrees", "jupyter_execute", ".whole.json")
    return shutil.copytree(book, folder / "copy", ignore=parts)


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
    chapters = "  - file: book/03_small\n  - file: book/04_more\n"
    toc = f"format: jb-book\nroot: book/index\nchapters:\n{chapters}"
    (book / "_toc.yml").write_text(toc, "utf8")
    (book / "book/index.md").write_text("# Index\n", "utf8")
    (book / "book/04_more.md").write_text("# More\n\nAfterwards.\n", "utf8")
    (book / "book/_static/old.css").write_text("", "utf8")
    scripts = "src/bookkit/scripts"
    shutil.copytree(ROOT / scripts, book / scripts)
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


def test_two_builds_in_two_folders_give_the_same_bytes(book, tmp_path):
    again = shutil.copytree(book, tmp_path / "again", ignore=shutil.ignore_patterns("_build"))
    code, log = build(again)
    assert code == 0, log
    sites = [
        {p.relative_to(site): p.read_bytes() for p in site.rglob("*") if p.is_file()}
        for site in (book / "_build/html", again / "_build/html")
    ]
    assert sites[0].keys() == sites[1].keys()
    assert [path for path in sites[0] if sites[0][path] != sites[1][path]] == []


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


def written(log):
    return set(re.findall(r"writing output\.\.\. \[ *\d+%\] (\S+)", log))


def contents(book):
    """Return the bytes of each file of the site; a word that no page has any more finds nothing."""
    site = book / "_build/html"
    files = {p.relative_to(site): p.read_bytes() for p in site.rglob("*") if p.is_file()}
    index = Path("searchindex.js")
    return files | {index: re.sub(rb', "\w+": \[\]', b"", files[index])}


def test_a_changed_chapter_is_written_alone_and_the_site_is_as_if_made_anew(book, tmp_path):
    changed = copied(book, tmp_path)
    words = "# Words\n\n```{glossary}\nlayer\n  Neurons side by side.\n```\n"
    (changed / "book/h_words.md").write_text(words, "utf8")
    with (changed / "_toc.yml").open("a", encoding="utf8") as toc:
        toc.write("  - file: book/h_words\n")
    assert build(changed)[0] == 0
    more = changed / "book/04_more.md"
    # the index has the contents, and comes along; the words are entries of the search
    few = {"book/04_more", "book/h_words", "book/index"}
    for text, pages in (
        ("# More\n\nAfterwards, in other words.\n", few),
        ("# Much more\n\nAfterwards.\n", few | {"book/03_small"}),
    ):
        more.write_text(text, "utf8")
        code, log = build(changed)
        assert code == 0, log
        assert written(log) == pages
        alone = contents(changed)
        shutil.rmtree(changed / "_build/html")
        assert build(changed)[0] == 0
        assert contents(changed) == alone


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
    broken = copied(book, tmp_path)
    write(broken, UNSOUND)
    code, log = build(broken)
    assert code != 0
    assert "the equation eq:unchecked has no check" in log
    assert "a figure has no alt text" in log
    assert "a figure is empty" in log
    assert "KaTeX: " in log
    assert "nosuchcommand" in log
    # and says all of it again
    code, log = build(broken)
    assert code != 0
    assert "the equation eq:unchecked has no check" in log
    assert "nosuchcommand" in log


def test_the_build_refuses_a_check_that_did_not_run(book, tmp_path):
    broken = copied(book, tmp_path)
    equations = "\n\n".join(f"$$\na = b\n$$ (eq:{name})" for name in UNCHECKED)
    cells = [SOUND[0], SOUND[1], new_markdown_cell(equations)]
    tagged = {"metadata": {"tags": ["check"]}}
    cells += [new_code_cell(source, **tagged) for source in UNCHECKED.values()]
    cells += [new_markdown_cell("$$\na = b\n$$ (eq:open)"), new_code_cell(OPEN)]
    write(broken, cells)
    code, log = build(broken)
    assert code != 0
    for name in UNCHECKED:
        assert f"the equation eq:{name} has no check: a cell calls verify" in log
    assert "count for nothing: it gives the name verify to something else" in log
    assert "the equation eq:small has" not in log
    assert "the equation eq:open has no check: the cell that calls verify" in log


def test_the_build_refuses_a_failing_cell(book, tmp_path):
    broken = copied(book, tmp_path)
    write(broken, [*SOUND, new_code_cell("1 / 0")])
    code, log = build(broken)
    assert code != 0
    assert "ZeroDivisionError" in log


def test_a_damaged_source_is_named_before_anything_is_read(book, tmp_path):
    broken = copied(book, tmp_path)
    notebook = broken / "book/03_small.ipynb"
    notebook.write_text("<<<<<<< HEAD\n" + notebook.read_text("utf8"), "utf8")
    (broken / "book/05_unlisted.md").write_text("# Unlisted\n", "utf8")
    code, log = build(broken)
    assert code != 0
    assert "book/03_small.ipynb has a merge conflict: line 1 is a marker" in log
    assert "book/05_unlisted.md is not listed in _toc.yml" in log
    assert "reading sources" not in log


def test_a_build_killed_while_it_writes_is_made_good_by_the_next(book, tmp_path):
    killed = copied(book, tmp_path)
    (killed / "book/_ext/killed.py").write_text(KILLED, "utf8")
    config = (killed / "_config.yml").read_text("utf8")
    (killed / "_config.yml").write_text(config.replace("- whole\n", "- whole\n      - killed\n"))
    code, log = build(killed, KILL_BUILD="1")
    assert code == -signal.SIGKILL, log
    assert not page(killed).select("article h1")
    code, log = build(killed)
    assert code == 0, log
    assert page(killed).select("article h1")
    assert "book/03_small" in (killed / "_build/html/searchindex.js").read_text("utf8")
    assert "Executing notebook" not in log


def test_damaged_caches_are_made_again(book, tmp_path):
    damaged = copied(book, tmp_path)
    kept = damaged / "_build"
    code, log = build(damaged)
    assert code == 0, log
    assert "Executing notebook" not in log
    for pattern in (
        ".doctrees/environment.pickle",
        ".doctrees/book/03_small.doctree",
        ".jupyter_cache/*/executed/*/base.ipynb",
    ):
        for path in kept.glob(pattern):
            os.truncate(path, path.stat().st_size // 2)
    code, log = build(damaged)
    assert code == 0, log
    assert "Executing notebook" in log
    [database] = kept.glob(".jupyter_cache/*/global.db")
    os.truncate(database, database.stat().st_size // 2)
    shutil.rmtree(kept / ".doctrees")
    code, log = build(damaged)
    assert code == 0, log
    assert "Executing notebook" in log
    assert page(damaged).select("article h1")


def test_a_changed_script_of_the_explorers_is_published(book, tmp_path):
    changed = copied(book, tmp_path)
    script = changed / "src/bookkit/scripts/explore.js"
    for text in ("", "// newer\n"):
        script.write_text(script.read_text("utf8") + text, "utf8")
        code, log = build(changed)
        assert code == 0, log
    assert (changed / "_build/html/_static/explore.js").read_bytes() == script.read_bytes()


def test_nothing_of_an_older_site_is_left(book):
    """Runs last: it takes a page from the book that the other tests share."""
    built = book / "_build/html"
    assert (built / "book/04_more.html").exists()
    assert (built / "_static/old.css").exists()
    (book / "book/04_more.md").unlink()
    (book / "book/_static/old.css").unlink()
    toc = (book / "_toc.yml").read_text("utf8")
    (book / "_toc.yml").write_text(toc.replace("  - file: book/04_more\n", ""), "utf8")
    script = book / "book/_assets/exercise.js"
    script.write_text(script.read_text("utf8") + "// newer\n", "utf8")
    code, log = build(book)
    assert code == 0, log
    assert "Executing notebook" not in log
    assert (built / "_static/exercise.js").read_bytes() == script.read_bytes()
    left = [path.name for path in built.rglob("*") if path.stem == "old" or "04_more" in path.name]
    assert left == []
    assert "04_more" not in (built / "searchindex.js").read_text("utf8")
    assert "04_more" not in (built / "book/03_small.html").read_text("utf8")
