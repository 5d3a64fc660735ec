"""The judges behind the graders: they compare an answer with the right one and with known mistakes."""

import dis
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np


class Verdict(NamedTuple):
    """right is True, False, or None for no answer; message is for the reader."""

    right: bool | None
    message: str


def unanswered(answer):
    """Return whether an answer is still the empty one: `...`, None, or a function of `...` alone."""
    if answer is None or answer is ...:
        return True
    code = getattr(answer, "__code__", None)
    return code is not None and _is_empty(code)


def _is_empty(code):
    steps = [(s.opname, s.argval) for s in dis.get_instructions(code)]
    returned = [value for name, value in steps if name in ("LOAD_CONST", "RETURN_CONST")]
    steps_of_none = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}
    others = {name for name, _ in steps} - steps_of_none
    return not others and all(value is None or value is ... for value in returned)


def number(right, faults: Mapping[float, str], praise, tolerance=1e-6) -> Callable:
    """Return a judge of a number. faults maps wrong numbers to what leads to them."""

    def judge(answer):
        try:
            found = float(answer)
        except (TypeError, ValueError):
            return Verdict(False, f"A number is needed; found {_short(answer)}.")
        for value, message in [(right, None), *faults.items()]:
            if np.isclose(found, value, rtol=tolerance, atol=0):
                return Verdict(message is None, message or praise)
        return Verdict(False, f"{found:.6g} is not it.")

    return judge


def function(
    right: Callable, cases: Sequence[tuple], faults: Sequence[tuple[str, Callable]], praise, hint=""
) -> Callable:
    """Return a judge of a function.

    The answer is called with each of the cases and compared with right. Where it differs, the first
    fault that agrees with it on all cases names the mistake; a fault is a message and a function.
    """

    def judge(answer):
        if not callable(answer):
            return Verdict(False, f"A function is needed; found {_short(answer)}.")
        found, raised = [], None
        for case in cases:
            given = _copies(case)
            try:
                found.append(answer(*given))
            except Exception as error:
                name, where = type(error).__name__, _line_of(error, answer)
                raised = raised or Verdict(False, f"{_call(case)} raises {name}{where}: {error}")
                found.append(np.nan)  # as faults say that they come to nothing there
            if not all(agrees(a, b) for a, b in zip(given, case, strict=True)):
                return Verdict(
                    False, "It changes its arguments in place; return new values instead."
                )
        wrong = [i for i, c in enumerate(cases) if not agrees(found[i], right(*_copies(c)))]
        if not wrong:
            return Verdict(True, praise)
        for message, fault in faults:
            if all(agrees(f, fault(*_copies(c))) for f, c in zip(found, cases, strict=True)):
                return Verdict(False, message)
        if raised:
            return raised
        case, got = cases[wrong[0]], found[wrong[0]]
        expected = right(*_copies(case))
        return Verdict(False, f"{_call(case)} {_difference(got, expected)} {hint}".rstrip())

    return judge


def agrees(found, expected, tolerance=1e-9):
    """Return whether two numbers, arrays, or (nested) tuples or dicts of them are equal."""
    if isinstance(expected, dict):
        return (
            isinstance(found, dict)
            and found.keys() == expected.keys()
            and all(agrees(found[k], expected[k], tolerance) for k in expected)
        )
    if isinstance(expected, tuple):
        return (
            isinstance(found, tuple | list)
            and len(found) == len(expected)
            and all(agrees(f, e, tolerance) for f, e in zip(found, expected, strict=True))
        )
    if callable(expected) or isinstance(expected, str):
        return found is expected or found == expected
    try:
        found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    except (TypeError, ValueError):
        return False
    return found.shape == expected.shape and bool(
        np.allclose(
            found,
            expected,
            rtol=tolerance,
            atol=tolerance * np.abs(expected).max(initial=0, where=np.isfinite(expected)),
            equal_nan=True,
        )
    )


def _difference(found, expected):
    if found is None:
        return "returns nothing; a return is missing."
    if isinstance(expected, tuple):
        if not isinstance(found, tuple | list) or len(found) != len(expected):
            return f"returns {_short(found)}; a tuple of {len(expected)} is needed."
        for i, (f, e) in enumerate(zip(found, expected, strict=True)):
            if not agrees(f, e):
                return f"has a wrong entry {i}: {_difference(f, e)}"
    if np.shape(found) != np.shape(expected):
        return f"has shape {np.shape(found)}; needed is {np.shape(expected)}."
    return f"gives {_short(found)}; right is {_short(expected)}."


def _copies(case):
    return tuple(np.copy(c) if isinstance(c, np.ndarray) else c for c in case)


def _call(case):
    return f"For the arguments {', '.join(_short(c) for c in case)} it"


def _short(value):
    if callable(value):
        return getattr(value, "__name__", "a function")
    if isinstance(value, float | np.floating):
        return f"{value:.6g}"
    if isinstance(value, np.ndarray):
        text = np.array2string(value, precision=4, separator=", ")
    else:
        text = repr(value)
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "…"


def _line_of(error, answer):
    """Return ' in line n of name' for the innermost line of the reader's own function."""
    code, line = getattr(answer, "__code__", None), None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code is code:
            line = trace.tb_lineno - code.co_firstlineno + 1
        trace = trace.tb_next
    return f" in line {line} of {answer.__name__}" if line and not inspect.isbuiltin(answer) else ""
