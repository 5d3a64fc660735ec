"""grade: tells a reader whether an answer is right and, where it is not, what is wrong with it."""

from . import chapter_06, chapter_09, chapter_10
from .judge import Verdict, unanswered

GRADERS = chapter_06.GRADERS | chapter_09.GRADERS | chapter_10.GRADERS
MARKS = {True: "✓ right", False: "✗ not yet", None: "… not answered yet"}


def grade(number, answer):
    """Grade the answer to an exercise, such as grade("6.1", step); print the verdict."""
    verdict = judge(number, answer)
    print(f"Exercise {number}: {MARKS[verdict.right]}. {verdict.message}".rstrip())


def judge(number, answer) -> Verdict:
    """Return the verdict on the answer to an exercise; ValueError for an exercise that is not there."""
    if number not in GRADERS:
        raise ValueError(f"there is no exercise {number!r}; graded are {', '.join(GRADERS)}")
    if unanswered(answer):
        return Verdict(None, "")
    return GRADERS[number](answer)
