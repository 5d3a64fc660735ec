"""verify: the check that stands on the page of every numbered equation."""

import inspect
import re
from numbers import Number

import numpy as np
import sympy

from .same_source import same_expression

LABEL = re.compile(r"eq:[a-z0-9]+(-[a-z0-9]+)*\Z")
SYMBOLIC = sympy.Basic, sympy.MatrixBase


class EquationError(AssertionError):
    """Two sides of an equation differ."""


def verify(label, left, right, tolerance=1e-9):
    """Check that both sides of an equation are equal; print one line, or raise EquationError.

    The sides are numbers, arrays, dicts or sequences of arrays, or SymPy expressions, computed by
    independent code. The numbers of an array may differ by tolerance times the largest of them; an
    array that should be zero must be exactly zero on both sides. Nothing is broadcast: shapes must
    agree. Sides that could not differ are refused: zeros alone, no numbers, one array on both
    sides (or two that share memory), one expression written on both sides.
    """
    if not isinstance(label, str) or not LABEL.match(label):
        raise ValueError(f"{label!r} is no equation label; needed is a name like 'eq:bp1'")
    if not 0 <= tolerance < 1:
        raise ValueError(f"tolerance is {tolerance}; a number from 0 to below 1 is needed")
    _refuse_one_array(label, left, right)
    symbolic = isinstance(left, SYMBOLIC) or isinstance(right, SYMBOLIC)
    found = (_symbols if symbolic else _numbers)(label, left, right, tolerance)
    if expression := same_expression(inspect.currentframe().f_back):
        raise EquationError(
            f"{label}: both sides are {expression}, written twice, which proves nothing"
        )
    print(f"✓ {label}: {found}")


def _refuse_one_array(label, left, right, where=""):
    """Raise where an array or a container of arrays stands on both sides, or two share memory."""
    containers = dict | list | tuple | np.ndarray | sympy.MatrixBase
    if left is right and isinstance(left, containers):
        what = f" in {where} are the same array" if where else " are the same object"
        raise EquationError(f"{label}: both sides{what}, which proves nothing")
    if isinstance(left, dict) and isinstance(right, dict):
        pairs = [(key, left[key], right[key]) for key in left if key in right]
    elif isinstance(left, list | tuple) and isinstance(right, list | tuple):
        pairs = [(i, *pair) for i, pair in enumerate(zip(left, right, strict=False))]
    else:
        views = isinstance(left, memoryview) or isinstance(right, memoryview)
        arrays = views or all(hasattr(side, "__array__") for side in (left, right))
        if arrays and np.shares_memory(np.asarray(left), np.asarray(right)):
            place = f" in {where}" if where else ""
            raise EquationError(f"{label}: both sides{place} share memory, which proves nothing")
        return
    for key, a, b in pairs:
        _refuse_one_array(label, a, b, f"{where}[{key!r}]")


def _numbers(label, left, right, tolerance):
    pairs = _pairs(label, left, right)
    for where, a, b in pairs:
        if a.shape != b.shape:
            raise EquationError(
                f"{label} does not hold: the left side{where} has shape {a.shape}, "
                f"the right side {b.shape}"
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
    if not any(side.any() for _, a, b in pairs for side in (a, b)):
        raise EquationError(
            f"{label}: both sides are {'zero' if count else 'empty'}, which proves nothing"
        )
    for where, a, b in pairs:
        _compare(label, where, a, b, tolerance)
    numbers = "1 number agrees" if count == 1 else f"{count} numbers agree"
    return f"{numbers} to {tolerance:.0e} of the largest"


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


def _compare(label, where, a, b, tolerance):
    if a.size == 0:
        return
    wide = np.result_type(a, b, np.float64)
    with np.errstate(over="ignore"):
        difference = np.abs(np.subtract(a, b, dtype=wide))
    largest = max(np.abs(side.astype(wide)).max() for side in (a, b))
    if difference.max() > tolerance * largest:
        at = np.unravel_index(int(difference.argmax()), a.shape)
        place = f"{where} at {tuple(int(i) for i in at)}" if a.ndim else where
        scale = f"; the largest number{where} is {largest:.3g}" if where else ""
        raise EquationError(
            f"{label} does not hold: largest difference {difference[at]:.3g}{place}, "
            f"left {a[at]:.9g}, right {b[at]:.9g}{scale}"
        )


def _symbols(label, left, right, tolerance):
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
    return "SymPy finds both sides equal"


def _symbolic(side):
    """Return a side as a matrix; a single expression becomes one of shape (1, 1)."""
    if isinstance(side, sympy.MatrixExpr):
        return side.as_explicit()
    return sympy.Matrix(side if hasattr(side, "shape") else [sympy.sympify(side)])
