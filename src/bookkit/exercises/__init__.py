"""grade: tells a reader whether an answer is right and, where it is not, what is wrong with it."""

import os

from IPython.display import HTML, display

from . import chapter_00, chapter_06, chapter_09, chapter_10, chapter_12, faces
from .judge import Verdict as OldVerdict
from .verdict import Verdict, unanswered

BUILDING = "BOOK_BUILD"  # set in the environment by the build of the site
EXERCISES, GRADERS = {}, {}
for chapter in (chapter_00, chapter_06, chapter_09, chapter_10, chapter_12):
    EXERCISES |= getattr(chapter, "EXERCISES", {})
    GRADERS |= getattr(chapter, "GRADERS", {})


def grade(number, answer):
    """Grade the answer to an exercise, such as grade("6.1", step); print the verdict.

    While the site is built, an exercise without an answer shows the face that the page answers on.
    """
    verdict = judge(number, answer)
    if verdict.right is None and os.environ.get(BUILDING) and number in EXERCISES:
        display(HTML(faces.page(number, EXERCISES[number].face())))
        return
    print(f"Exercise {number}: {Verdict(*verdict)}")
    if verdict.right is None and hasattr(getattr(EXERCISES.get(number), "judge", None), "listed"):
        print(*EXERCISES[number].judge.listed(), sep="\n")


def judge(number, answer) -> Verdict:
    """Return the verdict on the answer to an exercise; ValueError for an exercise that is not there."""
    if number not in {*EXERCISES, *GRADERS}:
        known = ", ".join([*EXERCISES, *GRADERS])
        raise ValueError(f"there is no exercise {number!r}; graded are {known}")
    if number in GRADERS:
        return OldVerdict(None, "") if unanswered(answer) else GRADERS[number](answer)
    return Verdict(None, "") if unanswered(answer) else EXERCISES[number].judge(answer)
