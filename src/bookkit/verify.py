"""verify: the check that stands on the page of every numbered equation."""

import re
from numbers import Number

import numpy as np
import sympy

LABEL = re.compile(r"eq:[a-z0-9]+(-[a-z0-9]+)*\Z")
SYMBOLIC = sympy.Basic, sympy.MatrixBase


class EquationError(AssertionError):
    """Two sides of an equation differ."""


def verify(label, left, right, tolerance=1e-9):
    """Check that both sides of an equation are equal; print one line, or raise EquationError.

    The sides are numbers, arrays, dicts or sequences of arrays, or SymPy expressions, computed by
    independent code. Numbers may differ by tolerance times the largest of them. Nothing is
    broadcast: shapes must agree. Sides that could not differ (one object, no numbers, zeros alone)
    are refused.
    """
    if not isinstance(label, str) or not LABEL.match(label):
        raise ValueError(f"{label!r} is no equation label; needed is a name like 'eq:bp1'")
    if not 0 <= tolerance < 1:
        raise ValueError(f"tolerance is {tolerance}; a number from 0 to below 1 is needed")
    if left is right:
        raise EquationError(f"{label}: both sides are the same object, which proves nothing")
    if isinstance(left, SYMBOLIC) or isinstance(right, SYMBOLIC):
        _verify_symbols(label, left, right)
        return
    pairs = _pairs(label, left, right)
    for where, a, b in pairs:
        if a.shape != b.shape:
            raise EquationError(
                f"{label} does not hold: the left side{where} has shape {a.shape}, "
                f"the right side {b.shape}"
            )
        if a is b:
            raise EquationError(
                f"{label}: both sides{where} are the same array, which proves nothing"
            )
        for side, array in (("left", a), ("right", b)):
            if array.dtype.kind not in "biufc":
                raise EquationError(
                    f"{label}: the {side} side{where} holds {array.dtype} values, no numbers"
                )
            bad = np.argwhere(~np.isfinite(array))
            if len(bad):
                at = tuple(int(i) for i in bad[0])
                place = f"{where} at {at}" if array.ndim else where
                raise EquationError(f"{label}: the {side} side holds {array[at]}{place}")
    count = sum(a.size for _, a, _ in pairs)
    scale = max((float(np.abs(s).max()) for _, a, b in pairs for s in (a, b) if s.size), default=0)
    if count == 0 or scale == 0:
        raise EquationError(
            f"{label}: both sides are {'zero' if count else 'empty'}, which proves nothing"
        )
    worst, where, a, b = max((_largest_difference(*pair) for pair in pairs), key=lambda d: d[0])
    if worst > tolerance * scale:
        raise EquationError(
            f"{label} does not hold: largest difference {worst:.3g}{where}, "
            f"left {a:.9g}, right {b:.9g}"
        )
    numbers = "1 number agrees" if count == 1 else f"{count} numbers agree"
    print(f"✓ {label}: {numbers} to {tolerance:.0e} of the largest")


def _pairs(label, left, right):
    """Return [(where, left array, right array)], one for each entry of a dict or list of arrays."""
    if isinstance(left, dict) or isinstance(right, dict):
        keys = [list(s) if isinstance(s, dict) else None for s in (left, right)]
        if None in keys or set(keys[0]) != set(keys[1]):
            raise EquationError(
                f"{label} does not hold: the sides have the keys {keys[0]} and {keys[1]}"
            )
        return [(f" in [{k!r}]", np.asarray(left[k]), np.asarray(right[k])) for k in left]
    if _is_sequence_of_arrays(left) or _is_sequence_of_arrays(right):
        if not hasattr(right, "__len__") or not hasattr(left, "__len__") or len(left) != len(right):
            raise EquationError(f"{label} does not hold: the sides have different lengths")
        return [
            (f" in [{i}]", np.asarray(a), np.asarray(b))
            for i, (a, b) in enumerate(zip(left, right, strict=True))
        ]
    return [("", np.asarray(left), np.asarray(right))]


def _is_sequence_of_arrays(side):
    return isinstance(side, list | tuple) and any(not isinstance(entry, Number) for entry in side)


def _largest_difference(where, a, b):
    if a.size == 0:
        return 0.0, where, 0.0, 0.0
    with np.errstate(over="ignore"):
        difference = np.abs(np.subtract(a, b, dtype=np.result_type(a, b, np.float64)))
    at = np.unravel_index(int(difference.argmax()), a.shape)
    place = f"{where} at {tuple(int(i) for i in at)}" if a.ndim else where
    return float(difference[at]), place, a[at], b[at]


def _verify_symbols(label, left, right):
    left, right = _symbolic(left), _symbolic(right)
    if left.shape != right.shape:
        raise EquationError(
            f"{label} does not hold: the left side has shape {left.shape}, the right side "
            f"{right.shape}"
        )
    if not any([*left, *right]):
        raise EquationError(f"{label}: both sides are zero, which proves nothing")
    rest = (left - right).applyfunc(sympy.simplify)
    for at, entry in np.ndenumerate(np.array(rest, dtype=object)):
        if entry != 0:
            place = f" at {at}" if rest.shape != (1, 1) else ""
            raise EquationError(f"{label} does not hold: left minus right is {entry}{place}")
    print(f"✓ {label}: SymPy finds both sides equal")


def _symbolic(side):
    """Return a side as a matrix; a single expression becomes one of shape (1, 1)."""
    if isinstance(side, sympy.MatrixExpr):
        return side.as_explicit()
    return sympy.Matrix(side if hasattr(side, "shape") else [sympy.sympify(side)])
