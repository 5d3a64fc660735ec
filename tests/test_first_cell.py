"""The first code cell of a chapter: it says in one sentence what a notebook alone lacks."""

import subprocess
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = sorted((ROOT / "book").glob("**/[0-9][0-9]_*.ipynb"))
FIRST_CELL = """\
from importlib.util import find_spec

if not (find_spec("bookkit") and find_spec("backprop.network")):
    lost = "This notebook needs the book's two packages. Take “Run it yourself” from "
    lost += "its page, or run `pip install -e .` in the book's folder; then restart "
    lost += "the kernel. What `pip install backprop` brings is another package."
    raise type("Lost", (ImportError,), {"_render_traceback_": lambda _: [lost]})
"""
SENTENCE = (
    "This notebook needs the book's two packages. Take “Run it yourself” from its page, or run "
    "`pip install -e .` in the book's folder; then restart the kernel. What `pip install backprop` "
    "brings is another package."
)
ALONE = """
import sys

sys.path[:] = [p for p in sys.path if p.rstrip("/").rpartition("/")[2] != "src"]
sys.meta_path[:] = [f for f in sys.meta_path if "editable" not in repr(f)]
"""


def executed(*sources):
    """Run the cells in a new kernel, as far as they go; return them."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(notebook, timeout=60, allow_errors=True).execute(stderr=subprocess.DEVNULL)
    return notebook.cells


def test_the_first_cell_is_silent_where_the_book_is_installed():
    assert executed(FIRST_CELL)[0].outputs == []


@pytest.mark.parametrize("installed", ["nothing", "another package", "both"])
def test_a_notebook_alone_says_what_it_needs_and_no_more(tmp_path, installed):
    if installed != "nothing":  # what the package index holds under this name
        (tmp_path / "backprop").mkdir()
        (tmp_path / "backprop" / "__init__.py").write_text("class Tensor: ...\n", "utf8")
    hide = "import sys" if installed == "both" else ALONE
    _, cell = executed(f"{hide}\nsys.path.insert(0, {str(tmp_path)!r})", FIRST_CELL)
    [output] = cell.outputs
    assert output.output_type == "error"
    assert output.traceback == [SENTENCE]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_begins_with_the_first_cell(path):
    code = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    assert f"{code[0]}\n".startswith(FIRST_CELL)
