"""What a grader says, and whether there was an answer at all."""

import dis
from types import CodeType
from typing import NamedTuple


class Verdict(NamedTuple):
    """right is True, False, or None for no answer; form marks another legitimate form of it."""

    right: bool | None
    message: str
    form: bool = False

    def __str__(self):
        mark = {True: "✓ right", False: "✗ not yet", None: "… not answered yet"}[self.right]
        return f"{'≈ another form' if self.form else mark}. {self.message}".rstrip()


def unanswered(answer):
    """Return whether an answer is still the empty one: `...`, None, or a function of `...` alone."""
    if answer is None or answer is ...:
        return True
    code = getattr(answer, "__code__", None)
    return isinstance(code, CodeType) and _is_empty(code)


def _is_empty(code):
    steps = [(s.opname, s.argval) for s in dis.get_instructions(code)]
    returned = [value for name, value in steps if name in ("LOAD_CONST", "RETURN_CONST")]
    steps_of_none = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}
    others = {name for name, _ in steps} - steps_of_none
    return not others and all(value is None or value is ... for value in returned)
