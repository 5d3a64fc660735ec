"""Grade submissions: run each in a sandbox, and judge here what comes out of it."""

import base64
import json
import os
import shutil
import socket
import stat
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from ..exercises import EXERCISES, judge
from ..exercises.running import SECONDS, Elsewhere, Raised, Stopped, run
from ..exercises.verdict import Verdict
from . import sandbox
from .channel import Channel, Lost
from .kit import HIDDEN

LARGEST = 20 * 2**20  # bytes of a file that is handed in
JUDGING = 60.0  # seconds for one verdict: some are decided by runs
START = "import sys; sys.path.insert(0, sys.argv[2]); from bookkit.grading.answering import main; main()"


class Setting(NamedTuple):
    """How submissions are run: what kit.laid_out made, the limits, and what protects."""

    kit: Path
    limits: sandbox.Limits
    protected: sandbox.Protection


class Graded(NamedTuple):
    """What came of one submission: {number: Verdict}, and why others are not there."""

    student: str
    verdicts: dict
    problem: str


class _Remote(Elsewhere):
    """A function that a submission answered with; it stays in its sandbox."""

    def __init__(self, session, which):
        self.session, self.which = session, which

    def __call__(self, *arguments):
        return self.run(arguments)

    def run(self, arguments):
        channel = self.session.channel
        channel.deadline = min(self.session.deadline, time.monotonic() + 3 * SECONDS + 2)
        channel.send({"call": self.which, "arguments": channel.packed(list(arguments))})
        while "call" in (message := channel.receive()):
            channel.answer(message)
        outcome = channel.unpacked(message.get("value"))
        self.session.spoiled |= isinstance(outcome, Stopped)
        return outcome


class Session:
    """One run of a submission, from its start to its end: with Session(…) as session."""

    def __init__(self, name, content, setting: Setting, deadline):
        self.deadline, self.spoiled = deadline, False
        self.answers, self.problem, self.started = {}, "", False
        self.folder = tempfile.mkdtemp(prefix="submission-")
        ours, theirs = socket.socketpair()
        told = {
            "end": theirs.fileno(), "kit": str(setting.kit), "hidden": str(HIDDEN),
            "limits": setting.limits, "protected": setting.protected,
        }  # fmt: skip
        command = [sys.executable, "-I", "-c", START, json.dumps(told), str(setting.kit)]
        with theirs:
            self.process = sandbox.start(
                command, Path(self.folder), setting.limits, setting.protected, theirs.fileno()
            )
        self.channel = Channel(ours, deadline)
        self.first = {"name": name, "content": base64.b64encode(content).decode()}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        sandbox.stop(self.process)
        self.channel.end.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def hear(self):
        """Take in the answers until all cells have run; Lost where that does not come about."""
        self.channel.send(self.first)
        while "done" not in (message := self.channel.receive()):
            if "answer" in message and message["answer"] in EXERCISES:
                if (value := message.get("value")) is not None:
                    self.answers[message["answer"]] = self._answer(value)
            elif "answer" in message:
                self._note(f"There is no exercise {str(message['answer'])[:20]}.")
            elif "unreadable" in message:
                self._note(message["unreadable"])
                return
            self.started |= "started" in message
            self._note(message.get("problem"))

    def _note(self, problem):
        self.problem = self.problem or str(problem or "")[:300]

    def _answer(self, value):
        if isinstance(value, dict) and list(value) == ["function"]:
            return _Remote(self, value["function"])
        return self.channel.unpacked(value)


def grade_file(path: Path, student: str, setting: Setting) -> Graded:
    """Grade one file that was handed in, whatever it is."""
    try:
        content = _content(path)
    except (OSError, ValueError) as error:
        said = (
            str(error) if isinstance(error, ValueError) else f"It cannot be read: {error.strerror}."
        )
        return Graded(student, {}, said)
    verdicts, deadline = {}, time.monotonic() + setting.limits.seconds
    while True:
        with Session(path.name, content, setting, deadline) as session:
            problem, whole = "", False
            try:
                session.hear()
                whole = True
            except Lost as lost:
                problem = f"The program was stopped or ended before its last line: {lost}."
            for number, answer in session.answers.items():
                if number in verdicts:
                    continue
                if not whole and isinstance(answer, _Remote):
                    verdicts[number] = Verdict(False, problem)
                    continue
                verdicts[number] = _judged(number, answer, session)
                if session.spoiled:
                    break  # what was stopped may still run: the others get a new process
            if not session.spoiled or time.monotonic() > deadline:
                return Graded(student, verdicts, problem or session.problem)


def _judged(number, answer, session):
    outcome = run(judge, (number, answer), JUDGING)
    if isinstance(outcome, Verdict):
        return outcome
    session.spoiled = True
    if isinstance(outcome, Raised) and outcome.name == "Lost":
        return Verdict(False, f"While it was tried, its process was lost: {outcome.message}.")
    if isinstance(outcome, Raised):
        return Verdict(False, f"It could not be judged: {outcome.name}: {outcome.message[:120]}")
    return Verdict(False, f"It could not be judged within {JUDGING:g} seconds.")


def _content(path):
    """Return the bytes of a file; ValueError with a sentence where it is none to be graded."""
    kind = path.lstat()
    if stat.S_ISLNK(kind.st_mode):
        raise ValueError("It is a link; the file itself is needed.")
    if stat.S_ISDIR(kind.st_mode):
        raise ValueError("It is a folder; one file is needed, a notebook or a Python file.")
    if not stat.S_ISREG(kind.st_mode):
        raise ValueError("It is no file.")
    if path.suffix not in (".ipynb", ".py"):
        raise ValueError("Its name must end with .ipynb or .py.")
    if kind.st_size > LARGEST:
        raise ValueError(f"It is larger than {LARGEST // 2**20} megabytes.")
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        return file.read(LARGEST)


def students(folder: Path, besides=()):
    """Return {name: path} of what was handed in: the name is the file's, without its end if it can be."""
    paths = [p for p in sorted(folder.iterdir()) if not p.name.startswith(".") and p not in besides]
    stems = [p.stem for p in paths]
    return {p.name if stems.count(p.stem) > 1 else p.stem: p for p in paths}


def rehearse(setting):
    """Run a submission of one answer; OSError where a sandbox does not work on this machine."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rehearsal.py"
        number = next(n for n, one in EXERCISES.items() if hasattr(one.judge, "trials"))
        path.write_text(
            f"from bookkit.exercises import grade\n\n\ndef f(*given):\n    return 0\n\n\n"
            f'grade("{number}", f)\n'
        )
        graded = grade_file(path, "rehearsal", setting)
    if number not in graded.verdicts:
        raise OSError(f"the sandbox does not work here: {graded.problem}")
