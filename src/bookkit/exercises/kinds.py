"""The eight kinds of exercises. Each makes one source of right answer and mistakes into an Exercise:
the grader of the notebook, and the face of the page, whose verdicts come from that grader.

Every kind takes objective (the slug of the chapter that it assesses) and level, 1 to 3.
"""

from collections.abc import Callable
from typing import NamedTuple

from . import derivations, faces
from .by_teacher import TeacherJudge
from .choices import ChoiceJudge, ClaimJudge
from .functions import FunctionJudge
from .quantities import NumberJudge


class Exercise(NamedTuple):
    """judge(answer) -> Verdict; face() -> Face, what the page shows of it."""

    kind: str
    objective: str
    level: int
    judge: Callable
    face: Callable
    planted: str = ""


def predict(objective, level, choices, experiment, reasons, **options):
    """A choice and a reason; the experiment decides. See ChoiceJudge."""
    judge = ChoiceJudge(choices, experiment, reasons, **options)
    return Exercise("predict", objective, level, judge, lambda: faces.choice_face(judge))


def compute(objective, level, source, edits, *, label="Your answer", **options):
    """A number, typed. See NumberJudge."""
    judge = NumberJudge(source, edits, **options)
    return Exercise("compute", objective, level, judge, lambda: faces.number_face(judge, label))


def assemble(objective, level, source, edits, trials, **options):
    """A function with parts to choose. See FunctionJudge."""
    return _function("assemble", objective, level, source, edits, trials, **options)


def write(objective, level, source, edits, trials, **options):
    """A function to write; on the page it is assembled."""
    return _function("write", objective, level, source, edits, trials, **options)


def debug(objective, level, source, edits, trials, *, planted, **options):
    """A function with the planted edits in it, to be repaired; planted is a tuple of edits."""
    return _function("debug", objective, level, source, edits, trials, planted, **options)


def spot(objective, level, source, edits, trials, *, planted, **options):
    """A published formula with its mistakes, the planted edits, to be repaired."""
    return _function("spot", objective, level, source, edits, trials, planted, **options)


def _function(kind, objective, level, source, edits, trials, planted=(), **options):
    judge = FunctionJudge(source, edits, trials, **options)
    start = source
    for edit in planted:
        if edit not in judge.edits:
            raise ValueError(f"the planted edit {edit!r} is none of the exercise's edits")
        start = faces.edited(start, edit)
    return Exercise(
        kind, objective, level, judge, lambda: faces.code_face(judge, planted),
        start if planted else "",
    )  # fmt: skip


def derive(objective, level, start, lines, names, source, edits, trials, *, points, **options):
    """A derivation, line by line, and its result: a function in the notebook, numbers on the page.

    start and lines are those of derivations, evaluated with names; points are two calls of the
    function, such as "slope(1.3)".
    """
    derivations.check(start, lines, names)
    judge = FunctionJudge(source, edits, trials, names=names, **options)
    typed = {edit: said for edit, said in judge.edits.items() if "→" in edit}
    quantities = [
        (call, NumberJudge(f"{source}\n\n{call}", typed, names=names, forms=judge.forms, why=why))
        for call, why in zip(points, [""] * (len(points) - 1) + [judge.why], strict=True)
    ]
    return Exercise(
        "derive", objective, level, judge, lambda: faces.lines_face(start, lines, quantities)
    )


def investigate(objective, level, fields, claim):
    """Settings, judged by runs. See ClaimJudge."""
    judge = ClaimJudge(fields, claim)
    return Exercise("investigate", objective, level, judge, lambda: faces.claim_face(judge))


def by_teacher(objective, level, kind, lines):
    """An exercise without its answer, in an edition for a course (tools/course.py); it has no face."""
    return Exercise(kind, objective, level, TeacherJudge(lines), face=None)
