"""A derivation: each line equals the one before, for a reason; what stands beside it does not."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from .compare import agrees
from .edits import program


class Line(NamedTuple):
    """A line: why it follows, its expression, and {a wrong one: what is wrong with it}.

    Each is a pair (as the reader sees it, Python), or Python that is shown as it stands.
    """

    reason: str
    right: str | tuple[str, str]
    wrong: Mapping[str | tuple[str, str], str]


def shown(expression):
    return expression if isinstance(expression, str) else expression[0]


def value(expression, names):
    """Return what an expression's Python comes to."""
    return program(expression if isinstance(expression, str) else expression[1], names)


def check(start, lines: Sequence[Line], names):
    """Raise ValueError where a right line differs from the start, or a wrong one does not."""
    expected = value(start, names)
    for line in lines:
        if not agrees(value(line.right, names), expected, 1e-6):
            raise ValueError(f"{shown(line.right)!r} does not equal the line before it")
        for wrong in line.wrong:
            if agrees(np.asarray(value(wrong, names)), expected, 1e-6):
                raise ValueError(f"{shown(wrong)!r} is offered as wrong, and it is equal")
