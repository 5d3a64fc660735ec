"""Compare a result with the right one, and say in words how they differ."""

import itertools

import numpy as np

from ..notation import minus
from .running import Raised, Stopped

NEAR = "It is close, and not equal: something is rounded on the way, or a small part is wrong."
SLIGHT = "It is less than 2 percent off, which is more than rounding: a small part of it is wrong."
TOLERANCE = 1e-5  # of the largest number: float32 and another order of operations pass


def numbers(value):
    """Return a value as an array of real numbers, or None where it is none."""
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "biufO":  # complex numbers, text, bytes, times
            return None
        return np.asarray(value, dtype=float)
    except Exception:  # whatever an object says when it is asked for its numbers
        return None


def agrees(found, expected, tolerance=TOLERANCE):
    """Return whether two numbers, arrays, or tuples or dicts of them are equal, shape and all."""
    if isinstance(expected, Raised | Stopped) or isinstance(found, Raised | Stopped):
        return False
    if isinstance(expected, dict):
        return (
            isinstance(found, dict)
            and found.keys() == expected.keys()
            and all(agrees(found[k], expected[k], tolerance) for k in expected)
        )
    if isinstance(expected, tuple):
        found = _split(found, expected)
        return (
            isinstance(found, tuple | list)
            and len(found) == len(expected)
            and all(agrees(f, e, tolerance) for f, e in zip(found, expected, strict=True))
        )
    if callable(expected) or isinstance(expected, str) or expected is None:
        both = isinstance(found, str) and isinstance(expected, str)
        return found is expected or (both and str.__eq__(found, expected))
    one_of_a_tuple = isinstance(found, tuple)
    found, expected = numbers(found), numbers(expected)
    if found is None or expected is None or not _same_shape(found, expected):
        return False
    if one_of_a_tuple and expected.ndim == 0:
        return False
    largest = np.abs(expected).max(initial=0, where=np.isfinite(expected))
    return bool(
        np.allclose(
            found.reshape(expected.shape),
            expected,
            rtol=0,
            atol=tolerance * largest,
            equal_nan=True,
        )
    )


def _split(found, expected):
    """Return what an array holds for each result, where an answer returns them as one.

    An array that has as many entries as there are results, but not their forms, is one value.
    """
    if not isinstance(found, np.ndarray) or not found.ndim or len(found) != len(expected):
        return found
    forms = [(np.asarray(f), numbers(e)) for f, e in zip(found, expected, strict=True)]
    alike = all(e is not None and (f.ndim == e.ndim or _same_shape(f, e)) for f, e in forms)
    return list(found) if alike or found.dtype == object else found


def share(found, expected):
    """Return how much of a result agrees, from 0 to 1, each of its parts counted alike."""
    found = _split(found, expected) if isinstance(expected, tuple) else found
    if isinstance(expected, tuple | dict):
        keys = expected if isinstance(expected, dict) else range(len(expected))
        kind = dict if isinstance(expected, dict) else tuple | list
        if not isinstance(found, kind) or len(found) != len(expected):
            return 0.0
        if isinstance(found, dict) and found.keys() != expected.keys():
            return 0.0
        return float(np.mean([share(found[k], expected[k]) for k in keys]))
    array, wanted = numbers(found), numbers(expected)
    if array is None or wanted is None or not _same_shape(array, wanted):
        return float(agrees(found, expected))
    return float(np.mean(_close(array.reshape(wanted.shape), wanted)))


def _close(array, expected):
    atol = TOLERANCE * np.abs(expected).max(initial=0)
    return np.isclose(array, expected, rtol=TOLERANCE, atol=atol)


def _same_shape(found, expected):
    return found.shape == expected.shape or found.size == expected.size == 1 == expected.ndim + 1


def same_outcome(a, b):
    """Return whether two calls came to the same: equal results, or the same exception."""
    if isinstance(a, Raised) and isinstance(b, Raised):
        return a[:2] == b[:2]
    return agrees(a, b)


def difference(found, expected, results=(), sizes=(), given=()):
    """Say how a wrong result differs: its form, its order, then which part of it and how.

    results names the parts of a tuple; sizes holds (length, what has it) of the arguments, so that
    a factor can be explained. given holds the arguments: where a result is one of them, moved, it is
    near only if it is near for how far it moved. Not one right number is told.
    """
    if found is None:
        return "It returns nothing; a return is missing."
    if isinstance(expected, tuple):
        return _parts(found, expected, results or [f"result {i + 1}" for i in range(len(expected))],
                      sizes, given)  # fmt: skip
    if isinstance(expected, dict):
        return _layers(found, expected, "", sizes, given)
    return _array(found, expected, sizes, given)


def _parts(found, expected, names, sizes, given):
    form, found = f"({', '.join(names)})", _split(found, expected)
    if not isinstance(found, tuple | list) or len(found) != len(expected):
        return f"It returns {_kind(found)}; {form} is needed, {len(expected)} values."
    if any(agrees(order, expected) for order in itertools.permutations(found)):
        return f"The numbers are right, their order is not: {form} is needed."
    wrong = [i for i, (f, e) in enumerate(zip(found, expected, strict=True)) if not agrees(f, e)]
    agreeing = [name for i, name in enumerate(names) if i not in wrong]
    # going backward, as the computation does, the last one that is wrong is met first
    at = next((i for i in wrong if _misformed(found[i], expected[i])), wrong[-1])
    right = "No result agrees. "
    if agreeing:
        right = f"{_begun(' and '.join(agreeing))} {'agree' if _many(agreeing) else 'agrees'}. "
    if isinstance(expected[at], dict):
        said = _layers(found[at], expected[at], names[at], sizes, given)
    else:
        verb = "are" if _many([names[at]]) else "is"
        said = f"{_begun(names[at])} {verb} wrong. {_array(found[at], expected[at], sizes, given)}"
    return f"{right}{said}"


def _many(names):
    """Tell whether names of results take a verb in the plural: several, or one such as the slopes."""
    return len(names) > 1 or (names[0].startswith("the ") and names[0].endswith("s"))


def _begun(name):
    """Return the name of a result at the beginning of a sentence: The slopes, but w."""
    return f"T{name[1:]}" if name.startswith("the ") else name


def _misformed(found, expected):
    """Tell whether a result has another form than it should: that is said before all else."""
    if isinstance(expected, dict):
        return False
    if isinstance(expected, str):
        return not isinstance(found, str)
    array = numbers(found)
    return (
        array is None or not _same_shape(array, numbers(expected)) or not np.isfinite(array).all()
    )


def _layers(found, expected, name, sizes, given):
    what = name or "The result"
    if not isinstance(found, dict) or found.keys() != expected.keys():
        return f"{what} is {_kind(found)}; a dict with the keys {list(expected)} is needed."
    wrong = [k for k in expected if not agrees(found[k], expected[k])]
    last = max(wrong)  # going backward, as the computation does, this one is met first
    rest = "" if len(wrong) < len(expected) else ", and of every other"
    said = _array(found[last], expected[last], sizes, given)
    return f"{what} of layer {last} is wrong{rest}. {said}"


def _array(found, expected, sizes, given):
    if isinstance(expected, str):
        return f"It is {_kind(found)}; the text {expected!r} is needed."
    array, expected = numbers(found), numbers(expected)
    if isinstance(found, tuple) and len(found) == 1 and array is not None:
        needed = "a number" if expected.ndim == 0 else "an array"
        return f"It is a tuple of one; {needed} is needed. Does a comma stand after it?"
    if array is None:
        needed = "a number" if expected.ndim == 0 else "an array"
        if _kind(found) == needed == "a number":
            return "It is no number that 64 bits hold."
        parts = found if isinstance(found, list | tuple) and expected.ndim else ()
        if parts and all(numbers(part) is not None for part in parts):
            return f"It is {_kind(found)} with parts of unequal shapes; all need the same one."
        return f"It is {_kind(found)}; {needed} is needed."
    if not _same_shape(array, expected):
        return f"It has the shape {array.shape}; {expected.shape} is needed."
    array = array.reshape(expected.shape)
    if not np.isfinite(array).all():
        return "It holds nan or inf."
    if getattr(found, "dtype", None) == np.float16 and agrees(array, expected, 2e-2):
        return "It is close, and not equal: float16 holds three digits."
    if np.abs(array - expected).max(initial=0) <= 2e-2 * _extent(expected, given):
        return NEAR if agrees(array, expected, 1e-3) else SLIGHT
    if agrees(-array, expected):
        return "Every sign is reversed."
    if not array.any():
        return "It is zero."
    if _whole(found) and array.ndim and (expected != np.round(expected)).any():
        return "It holds whole numbers alone: an array of int cuts off what is put into it."
    if expected.any() and (array.size > 1 or sizes):
        factor = float(np.vdot(expected, array) / np.vdot(expected, expected))
        told = (
            factor and agrees(array / factor, expected) and _factor(factor, array.size > 1, sizes)
        )
        if told:
            return told
    wrong = ~_close(array, expected)
    if array.ndim and 0 < wrong.sum() < wrong.size:
        at = tuple(int(i) for i in np.argwhere(wrong)[0])
        return f"{wrong.sum()} of {wrong.size} entries differ, the first at {at}."
    return "Its shape is right, its numbers are not." if array.ndim else "The number is not right."


def _whole(found):
    return isinstance(found, np.ndarray) and found.dtype.kind in "iu"


def _extent(expected, given):
    """Return what nearness is measured by: the largest number, or how far an argument has moved."""
    arrays = [numbers(one) for one in given if not isinstance(one, dict) and not callable(one)]
    alike = [a for a in arrays if a is not None and a.shape == expected.shape]
    return min(np.abs(expected - start).max(initial=0) for start in [0 * expected, *alike])


def _factor(factor, several, sizes):
    """Say a factor with its reason; without one only where several numbers share it."""
    large, times = ("large", factor) if abs(factor) > 1 else ("small", 1 / factor)
    of = [what for length, what in sizes if abs(times - length) < 1e-6 * times]
    if not (of or several):
        return None
    entry = "Every entry is" if several else "It is"
    if factor < 0:
        return f"{entry} {minus(f'{factor:.4g}')} times what it should be, the sign reversed."
    return f"{entry} {times:.4g} times too {large}{f'; {times:.4g} is {of[0]}' if of else ''}."


def _kind(value):
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, dict):
        return f"a dict with the keys {list(value)[:6]}"
    if isinstance(value, complex | np.complexfloating):
        return "a complex number"
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return "a number"
    return f"a {type(value).__name__}"
