"""Run a reader's function: with its own arguments, within a time limit, whatever it raises."""

import contextvars
import ctypes
import sys
import threading
from typing import NamedTuple

import numpy as np

SECONDS = 2.0  # for one call; a right answer takes milliseconds


class Raised(NamedTuple):
    """An exception: the name of its type, what it says, and the line of the answer it came from."""

    name: str
    message: str
    line: int | None


class Stopped(NamedTuple):
    """A call that did not end in time, and the line of the answer it was in."""

    line: int | None


class Changed(NamedTuple):
    """A call elsewhere that changed its arguments there; what is here stays as it was."""


class Elsewhere:
    """A function of another process: run(arguments) returns what run here would, or Changed."""


class _TimeIsUp(BaseException):
    """Raised in a call that does not end."""


def run(function, arguments, seconds=SECONDS):
    """Return what function(*arguments) returns, or a Raised or Stopped instead.

    It runs in a thread of its own, so that this one goes on after the limit even where the call
    sits in compiled code; a loop in Python is ended by an exception raised in it.
    """
    if isinstance(function, Elsewhere):
        return function.run(arguments)
    outcome = []

    def call():
        try:
            with np.errstate(all="ignore"):
                outcome.append(function(*arguments))
        except _TimeIsUp:
            pass
        except BaseException as error:  # sys.exit and KeyboardInterrupt are answers like any other
            outcome.append(
                Raised(type(error).__name__, _message(error), _raising_line(error, function))
            )

    thread = threading.Thread(target=contextvars.copy_context().run, args=(call,), daemon=True)
    thread.start()
    thread.join(seconds)
    if not thread.is_alive():
        return outcome[0]
    line = _line_now(thread, function)
    for _ in range(40):  # an answer may catch what is raised in it, but not every time
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(_TimeIsUp)
        )
        thread.join(0.05)
        if not thread.is_alive():
            break
    return Stopped(line)


def _message(error):
    try:
        return str(error)
    except Exception:  # an exception of the answer's own, that cannot say what it is
        return ""


def _line_of(code, line):
    return line - code.co_firstlineno + 1 if line else None


def _line_now(thread, function):
    frame, code = sys._current_frames().get(thread.ident), getattr(function, "__code__", None)
    while frame is not None and frame.f_code is not code:
        frame = frame.f_back
    return frame and _line_of(code, frame.f_lineno)


def _raising_line(error, function):
    code, line, trace = getattr(function, "__code__", None), None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code is code:
            line = _line_of(code, trace.tb_lineno)
        trace = trace.tb_next
    return line
