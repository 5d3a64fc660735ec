"""The runner of the notebooks: stable files, and no half-written ones."""

import copy
import errno
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
)

from bookkit import files, notebooks
from bookkit.notebooks import NotebookError, main, normalize, run

WIDGET = "application/vnd.jupyter.widget-view+json"


def write(path, *sources):
    cells = [new_markdown_cell("# Title"), *map(new_code_cell, sources)]
    nbformat.write(new_notebook(cells=cells), path)
    return path


def messy():
    """Return a notebook as an editor leaves it."""
    shown = {WIDGET: {"model_id": "3f2a"}, "text/plain": "Explorer: rate.", "text/html": "<p>"}
    return new_notebook(
        metadata={
            "kernelspec": {"name": "my-env", "display_name": "Mine"},
            "language_info": {"name": "python", "version": "3.12.1"},
        },
        cells=[
            new_markdown_cell("# Title", id="a1b2c3d4", metadata={"collapsed": True}),
            new_code_cell(
                "explore()",
                id="e5f6",
                execution_count=17,
                metadata={"tags": ["hide-input"], "mystnb": {"a": 1}, "execution": {"t": "now"}},
                outputs=[new_output("execute_result", data=shown, execution_count=17)],
            ),
            new_code_cell(
                "print(1); print(2)",
                execution_count=23,
                outputs=[
                    new_output("stream", name="stdout", text="1\n"),
                    new_output("stream", name="stdout", text="2\n"),
                    new_output("stream", name="stderr", text="beware\n"),
                    new_output("stream", name="stdout", text="3\n"),
                    new_output(
                        "display_data", data={"text/plain": "x"}, metadata={"isolated": True}
                    ),
                ],
            ),
        ],
    )


def test_normalize_leaves_what_is_the_same_on_every_run():
    title, explorer, prints = normalize(messy()).cells
    assert [c.id for c in (title, explorer, prints)] == ["cell-001", "cell-002", "cell-003"]
    assert title.metadata == {}
    assert explorer.metadata == {
        "tags": ["hide-input"],
        "mystnb": {"a": 1},
        "jupyter": {"source_hidden": True},
    }
    assert explorer.execution_count == 1
    assert prints.execution_count == 2
    [output] = explorer.outputs
    assert output.data == {"text/plain": "Explorer: rate."}
    assert output.execution_count == 1
    assert [(o.get("name"), o.get("text")) for o in prints.outputs] == [
        ("stdout", "1\n2\n"),
        ("stderr", "beware\n"),
        ("stdout", "3\n"),
        (None, None),
    ]
    assert prints.outputs[-1].metadata == {}
    assert "metadata" not in prints.outputs[0]


def test_normalize_sets_the_notebook_s_own_metadata():
    notebook = normalize(messy())
    assert notebook.metadata == {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    }
    nbformat.validate(notebook)


def test_normalize_does_nothing_a_second_time():
    once = normalize(messy())
    assert normalize(copy.deepcopy(once)) == once


def test_normalize_keeps_sources_and_does_not_invent_counts():
    notebook = messy()
    notebook.cells[1].execution_count = None
    sources = [c.source for c in notebook.cells]
    normalized = normalize(notebook)
    assert [c.source for c in normalized.cells] == sources
    assert [c.execution_count for c in normalized.cells[1:]] == [None, 1]


@pytest.mark.parametrize(
    ("tags", "folded"),
    [
        ([], None),
        (["hide-cell"], {"source_hidden": True, "outputs_hidden": True}),
        (["hide-input"], {"source_hidden": True}),
        (["check"], {"source_hidden": True}),
        (["setup"], {"source_hidden": True}),
        (["hide-output"], {"outputs_hidden": True}),
    ],
)
def test_what_the_page_closes_is_folded_in_jupyterlab(tags, folded):
    # what an editor stored says what was open there, not what is to be
    opened = {"tags": tags, "jupyter": {"source_hidden": not folded, "outputs_hidden": True}}
    notebook = new_notebook(cells=[new_code_cell("1", metadata=opened)])
    assert normalize(notebook).cells[0].metadata.get("jupyter") == folded


def test_run_writes_the_executed_notebook(tmp_path):
    path = write(
        tmp_path / "sound.ipynb", "import os\nprint(os.getcwd() == os.environ['HERE'])", "2 * 3"
    )
    path.chmod(0o644)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HERE", str(tmp_path))  # a notebook runs in its own folder
        run(path)
    assert path.stat().st_mode & 0o777 == 0o644
    first = path.read_text("utf8")
    assert first.endswith("}\n")
    cells = nbformat.reads(first, 4).cells
    assert cells[1].outputs[0].text == "True\n"
    assert cells[2].outputs[0].data == {"text/plain": "6"}
    assert normalize(nbformat.reads(first, 4)) == nbformat.reads(first, 4)


def test_two_runs_give_the_same_file_and_the_live_face(tmp_path, monkeypatch):
    monkeypatch.setenv("BOOK_BUILD", "1")
    path = write(
        tmp_path / "explorer.ipynb",
        "from bookkit import figures\nfrom bookkit.explore import explore",
        "explore(lambda x: (figures.axes('x', 'y')[0], f'An empty picture for {x}.'), x=[1, 2])",
    )
    run(path)
    first = path.read_bytes()
    [output] = nbformat.reads(first.decode(), 4).cells[2].outputs
    assert output.data == {"text/plain": "Explorer: x from 1 to 2."}
    run(path)
    assert path.read_bytes() == first
    assert os.environ["BOOK_BUILD"] == "1"


def test_a_failing_cell_leaves_the_file_as_it_was(tmp_path, capfd):
    broken = write(tmp_path / "broken.ipynb", "a = 1", "def half(x):\n    return x / 0\nhalf(a)")
    before = broken.read_bytes()
    other = write(tmp_path / "sound.ipynb", "print('ran')")
    assert main([str(broken), str(other)]) == 1
    assert broken.read_bytes() == before
    told = capfd.readouterr()
    assert f"error: {broken}, cell 3: ZeroDivisionError: division by zero\n" in told.err
    assert "return x / 0" in told.err
    assert f"{broken} is left as it was" in told.err
    assert "\x1b" not in told.err
    assert "ran" in other.read_text("utf8")  # one failing notebook does not keep the others


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path, monkeypatch, capsys):
    path = write(tmp_path / "answers.ipynb", "print('ran')")
    before = path.read_bytes()

    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    assert main([str(path)]) == 1
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["answers.ipynb"]  # nothing half-written stays
    assert f"{os.strerror(errno.ENOSPC)}\n{path} is left as it was" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is full")
def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "old.txt"
    path.write_text("old", "utf8")
    full = Path("/dev/full").open
    monkeypatch.setattr(Path, "open", lambda self, *a, **k: full(*a, **k))
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        files.write_whole(path, "new")
    monkeypatch.undo()
    assert path.read_text("utf8") == "old"


def test_what_is_written_keeps_mode_and_link(tmp_path):
    path = tmp_path / "file.txt"
    path.write_text("old", "utf8")
    path.chmod(0o640)
    link = tmp_path / "link.txt"
    link.symlink_to(path)
    files.write_whole(link, "new\n")
    assert link.is_symlink()
    assert path.read_bytes() == b"new\n"
    assert path.stat().st_mode & 0o777 == 0o640
    files.write_whole(tmp_path / "fresh.txt", "η")
    assert (tmp_path / "fresh.txt").read_text("utf8") == "η"


def test_a_notebook_can_be_normalized_without_a_run(tmp_path):
    path = tmp_path / "messy.ipynb"
    nbformat.write(messy(), path)
    assert main(["--normalize-only", str(path)]) == 0
    assert nbformat.read(path, 4) == normalize(messy())


def test_a_kernel_that_dies_is_an_error_too(tmp_path):
    path = write(tmp_path / "dies.ipynb", "import os, sys\nsys.stderr.flush()\nos._exit(3)")
    before = path.read_bytes()
    with pytest.raises(NotebookError, match=r"dies\.ipynb, cell 2: DeadKernelError: "):
        run(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "error: no notebook was named"),
        (["book/*.ipynb"], r"error: no such file: book/*.ipynb"),
        (["none.ipynb"], "error: no such file: none.ipynb"),
    ],
)
def test_nothing_to_run_is_an_error(tmp_path, monkeypatch, capsys, names, message):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(notebooks, "run", lambda name: pytest.fail("nothing is to be run"))
    assert main(names) == 2
    assert capsys.readouterr().err.startswith(message)


def test_what_is_no_notebook_is_an_error(tmp_path, capsys):
    path = tmp_path / "text.ipynb"
    path.write_text("no notebook", "utf8")
    assert main([str(path)]) == 1
    assert path.read_text("utf8") == "no notebook"
    assert f"{path} is left as it was" in capsys.readouterr().err


class Client:
    """A client whose kernel dies at once, before a cell has started."""

    def __init__(self, notebook, timeout, resources):
        self.asked = timeout, resources

    def execute(self, stderr, env):
        stderr.write("said by the kernel")
        assert self.asked == (300, {"metadata": {"path": Path.cwd()}})
        raise notebooks.DeadKernelError("Kernel died")


def test_a_kernel_that_never_starts_is_an_error_and_is_quoted(tmp_path, monkeypatch):
    path = write(tmp_path / "never.ipynb", "1")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(notebooks, "NotebookClient", Client)
    with pytest.raises(NotebookError) as caught:
        run(path)
    assert str(caught.value) == (
        f"{path}, before its first cell: DeadKernelError: Kernel died\nsaid by the kernel"
    )


def test_only_neighbors_of_one_stream_are_joined():
    outputs = [
        new_output("stream", name="stdout", text="a"),
        new_output("display_data", data={"text/plain": "x"}),
        new_output("display_data", data={"text/plain": "x"}),
        new_output("stream", name="stdout", text="b"),
        new_output("stream", name="stdout", text="c"),
    ]
    joined = notebooks.merged(outputs)
    assert [o.get("text") for o in joined] == ["a", None, None, "bc"]


def test_the_format_and_the_counts_are_those_of_the_first_run():
    notebook = messy()
    notebook.nbformat_minor = 4
    notebook.cells.append(new_code_cell("1", execution_count=0))
    normalized = normalize(notebook)
    assert (normalized.nbformat, normalized.nbformat_minor) == (4, 5)
    assert [c.execution_count for c in normalized.cells[1:]] == [1, 2, 3]


def test_the_command_is_quiet_about_the_kernel(tmp_path):
    sound = write(tmp_path / "sound.ipynb", "1 + 1")
    broken = write(tmp_path / "broken.ipynb", "1 / 0")
    command = [sys.executable, "-m", "bookkit.notebooks", sound, broken]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout == f"{sound}\n{broken}\n"
    assert done.stderr.startswith(f"error: {broken}, cell 2: ZeroDivisionError")
    assert "IPKernelApp" not in done.stderr
    assert "NotebookError" not in done.stderr
