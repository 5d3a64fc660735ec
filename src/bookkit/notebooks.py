"""Run notebooks in place and bring them into the form that they are committed in.

    python -m bookkit.notebooks [--normalize-only] book/*.ipynb

Every cell runs in a new kernel; a cell that fails, or a full disk, leaves the file as it was.
With --normalize-only no cell runs.
"""

import os
import re
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from .files import write_whole

WIDGET = "application/vnd.jupyter.widget-view+json"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


class NotebookError(Exception):
    """A notebook did not run; the message names it and the cell."""


def run(path):
    """Execute the notebook at path and write it back, normalized."""
    path = Path(path)
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": path.parent}})
    at = []
    client.on_cell_start = lambda cell, cell_index: at.append(cell_index)
    # the explorers are to show their live face, whatever the shell is set to
    environment = {name: value for name, value in os.environ.items() if name != "BOOK_BUILD"}
    with tempfile.TemporaryFile("w+", errors="replace") as chatter:
        try:
            # what the kernel says of itself is of use only when it dies
            client.execute(stderr=chatter, env=environment)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            where = f"{path}, cell {at[-1] + 1}" if at else f"{path}, before its first cell"
            chatter.seek(0)
            said = chatter.read() if isinstance(error, DeadKernelError) else ""
            raise NotebookError(f"{where}: {_told(error)}\n{said}".rstrip()) from error
    write_whole(path, nbformat.writes(normalize(notebook)) + "\n")


def rewrite(path):
    """Write the notebook at path back, normalized and with the outputs that it has."""
    notebook = nbformat.read(path, as_version=4)
    write_whole(path, nbformat.writes(normalize(notebook)) + "\n")


def _told(error):
    """Return what went wrong: the cell's own error and traceback, without terminal colors."""
    if isinstance(error, CellExecutionError):
        text = f"{error.ename}: {error.evalue}\n{error.traceback}"
    else:
        text = f"{type(error).__name__}: {error}"
    return re.sub(r"\x1b\[[\d;]*m", "", text)


def normalize(notebook):
    """Return the notebook without what differs from one run or machine to the next."""
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    executed = 0
    for count, cell in enumerate(notebook.cells, 1):
        cell.id = f"cell-{count:03d}"
        cell.metadata = {k: v for k, v in cell.metadata.items() if k in ("tags", "mystnb")}
        if folded := _folded(cell.metadata.get("tags", ())):
            cell.metadata["jupyter"] = folded
        if cell.cell_type == "code":
            cell.outputs = merged([_stable(output) for output in cell.outputs])
            if cell.execution_count is not None:
                executed += 1
                cell.execution_count = executed
            for output in cell.outputs:
                if "execution_count" in output:
                    output.execution_count = cell.execution_count
    return notebook


def _folded(tags):
    # JupyterLab knows nothing of the site's tags: what the page closes, it is told to fold
    source = {"hide-cell", "hide-input", "check", "setup"}.intersection(tags)
    outputs = {"hide-cell", "hide-output"}.intersection(tags)
    return {
        **({"source_hidden": True} if source else {}),
        **({"outputs_hidden": True} if outputs else {}),
    }


def _stable(output):
    # a widget's view is an address in a kernel that is gone; its text stands for it
    if WIDGET in output.get("data", {}):
        output.data = {"text/plain": output.data["text/plain"]}
    output.pop("metadata", None) if output.output_type == "stream" else output.update(metadata={})
    return output


def merged(outputs):
    """Join what a cell printed in several pieces: where it was cut is chance."""
    merged = []
    for output in outputs:
        last = merged[-1] if merged else None
        streams = last is not None and output.output_type == last.output_type == "stream"
        if streams and output.name == last.name:
            last.text += output.text
        else:
            merged.append(output)
    return merged


def main(arguments):
    """Run the notebooks of the given names; return the exit status: 1 where one did not run."""
    names = [name for name in arguments if name != "--normalize-only"]
    treat = run if names == arguments else rewrite
    missing = [name for name in names if not Path(name).is_file()]
    if missing or not names:
        what = f"no such file: {', '.join(missing)}" if missing else "no notebook was named"
        print(f"error: {what}; name the notebooks to run", file=sys.stderr)
        return 2
    status = 0
    for name in names:
        print(name, flush=True)
        try:
            treat(name)
        except (NotebookError, nbformat.reader.NotJSONError, OSError) as error:
            print(f"error: {error}\n{name} is left as it was", file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
