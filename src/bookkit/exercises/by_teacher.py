"""An exercise of the edition for a course: its answer is graded by the teacher, who has the table."""

from .verdict import Verdict

SAID = "This answer is graded by your teacher: hand in the notebook."


class Handed(Verdict):
    """The verdict that is not given here; right is None, as for no answer."""

    __slots__ = ()

    def __str__(self):
        return self.message


class TeacherJudge:
    """Knows no right answer. lines are what a notebook lists to choose from, if anything."""

    def __init__(self, lines=()):
        self.lines = list(lines)

    def listed(self):
        """Return the lines that a notebook shows."""
        return self.lines

    def __call__(self, answer) -> Verdict:
        return Handed(None, SAID)
