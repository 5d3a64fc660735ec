"""What runs inside the sandbox: the cells of one submission, then its functions as they are called.

Nothing is judged here. There are no tables of exercises and no right answers in this process, only
what the submission answered; so it can be told nothing, and what it says of itself is not asked.
"""

import base64
import json
import os
import shutil
import signal
import socket
import sys
import types
from pathlib import Path

from .. import exercises
from ..exercises.functions import copies, unchanged
from ..exercises.running import Changed, Stopped, run
from ..exercises.verdict import unanswered
from . import sandbox
from .channel import Channel, Lost


class Unreadable(Exception):
    """A file that is no submission; the message says why."""


class TooLong(BaseException):
    """Raised in a cell that does not end; it is no Exception, so that few cells catch it."""


def recorder(channel):
    """Return the grade that a submission calls: it sends the answer out."""

    def grade(number, answer):
        if not isinstance(number, str):
            raise ValueError(f'the number is {number!r}; it is needed in quotes: grade("6.1", …)')
        value = None if unanswered(answer) else channel.packed(answer)
        channel.send({"answer": number, "value": value})

    return grade


def cells_of(name, content):
    """Return (where, source) for what is to be run, without the book's own solutions."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("The file is no text: a notebook or a Python file is needed.") from None
    return _parts(text) if name.endswith(".py") else _notebook(text)


def _parts(text):
    """Return the parts of a Python file, which begin at lines "# %%"; their lines keep their numbers."""
    parts, lines = [], text.split("\n")
    starts = [i for i, line in enumerate(lines) if i == 0 or line.startswith("# %%")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        where = "The file" if len(starts) == 1 else f"The part at line {start + 1}"
        parts.append((where, "\n" * start + "\n".join(lines[start:end])))
    return parts


def _notebook(text):
    cells = []
    try:
        for count, cell in enumerate(json.loads(text)["cells"], 1):
            if cell["cell_type"] == "code" and "hide-cell" not in cell["metadata"].get("tags", []):
                cells.append((f"Cell {count}", "".join(cell["source"])))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unreadable("The file is no notebook of format 4.") from None
    return cells


class Shell:
    """Stands for IPython's shell where a cell has a magic: most do nothing for an answer."""

    def __init__(self, names):
        self.names = names

    def run_cell_magic(self, magic, _, body):
        if magic in ("time", "timeit", "capture"):
            exec(compile(body, f"%%{magic}", "exec"), self.names)

    def __getattr__(self, name):
        return lambda *arguments, **options: None


def run_cells(channel, cells, seconds):
    """Run the cells one after the other, as a notebook does; one that fails does not end the rest."""
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    names = main.__dict__
    names["get_ipython"] = lambda: Shell(names)

    def too_long(*_):
        raise TooLong

    signal.signal(signal.SIGALRM, too_long)
    for where, source in cells:
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds)
            exec(compile(_plain(source), f"<{where}>", "exec"), names)
        except Lost:
            raise
        except TooLong:
            channel.send({"problem": f"{where} had not ended after {seconds:g} seconds."})
        except BaseException as error:  # sys.exit ends a cell, not the submission
            channel.send({"problem": f"{where} fails: {type(error).__name__}: {_said(error)}"})
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


def _plain(source):
    if not any(line.lstrip().startswith(("%", "!")) for line in source.split("\n")):
        return source
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager().transform_cell(source)


def _said(error):
    try:
        return str(error)[:200]
    except Exception:
        return ""


def serve(channel):
    """Call the functions that were answered with, as often as the other side asks."""
    while True:
        message = channel.receive()
        given = tuple(channel.unpacked(message["arguments"]))
        before = copies(given)
        outcome = run(channel.functions[message["call"]], given)
        if not isinstance(outcome, Stopped) and not unchanged(given, before):
            outcome = Changed()
        channel.send({"value": channel.packed(outcome)})


def main():
    """Take the submission from the socket that was handed on, give up all rights, and run it."""
    told = json.loads(sys.argv[1])
    end = socket.socket(fileno=told["end"])
    os.register_at_fork(after_in_child=end.close)  # a copy of this process says nothing
    channel = Channel(end)
    sent = channel.receive()
    content = base64.b64decode(sent["content"])
    kit = Path(told["kit"])
    shutil.copytree(kit / "matplotlib", ".matplotlib")
    Path(f"submission{Path(sent['name']).suffix}").write_bytes(content)
    limits = sandbox.Limits(*told["limits"])
    sandbox.enter(limits, sandbox.Protection(*told["protected"]), [kit], Path(told["hidden"]))
    exercises.grade = recorder(channel)
    channel.send({"started": True})
    try:
        run_cells(channel, cells_of(sent["name"], content), limits.cell)
        channel.send({"done": True})
        serve(channel)
    except Unreadable as error:
        channel.send({"unreadable": str(error)})
    except Lost:
        pass
