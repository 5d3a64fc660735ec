"""grade: tells a reader whether an answer is right and, where it is not, what is wrong with it."""

import os

from IPython.display import HTML, display

from .. import BUILDING
from ..stored import stored
from . import (
    chapter_00,
    chapter_01,
    chapter_02,
    chapter_03,
    chapter_04,
    chapter_05,
    chapter_06,
    chapter_07,
    chapter_08,
    chapter_09,
    chapter_10,
    chapter_11,
    chapter_12,
    chapter_13,
    chapter_14,
    chapter_15,
    faces,
)
from .verdict import Verdict, unanswered

CHAPTERS = (
    chapter_00,
    chapter_01,
    chapter_02,
    chapter_03,
    chapter_04,
    chapter_05,
    chapter_06,
    chapter_07,
    chapter_08,
    chapter_09,
    chapter_10,
    chapter_11,
    chapter_12,
    chapter_13,
    chapter_14,
    chapter_15,
)
EXERCISES = {number: one for chapter in CHAPTERS for number, one in chapter.EXERCISES.items()}


def grade(number, answer):
    """Grade the answer to an exercise, such as grade("6.1", step); print the verdict.

    While the site is built, an exercise without an answer shows the face that the page answers on.
    """
    verdict = judge(number, answer)
    if verdict.right is None and os.environ.get(BUILDING):
        display(HTML(stored(_form)(number)))
        return
    print(f"Exercise {number}: {verdict}")
    if verdict.right is None and hasattr(EXERCISES[number].judge, "listed"):
        for line in EXERCISES[number].judge.listed():
            print(line)


def _form(number):
    return faces.page(number, EXERCISES[number].face())


def judge(number, answer) -> Verdict:
    """Return the verdict on the answer to an exercise; ValueError for an exercise that is not there."""
    if not isinstance(number, str):
        raise ValueError(f'the number is {number!r}; it is needed in quotes: grade("6.1", …)')
    if number not in EXERCISES:
        raise ValueError(f"there is no exercise {number!r}; graded are {', '.join(EXERCISES)}")
    return Verdict(None, "") if unanswered(answer) else EXERCISES[number].judge(answer)
