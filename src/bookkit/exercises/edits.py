"""A mistake is an edit of the right answer: "old → new" on its source text.

An edit of several lines changes several places. One without an arrow is a whole source of its own.
"""

import ast
import math

import numpy as np

ARROW = " → "


def edited(source, edit):
    """Return source with the edit made; ValueError where it does not fit exactly one place."""
    if ARROW not in edit:
        return edit
    for line in edit.split("\n"):
        old, arrow, new = line.partition(ARROW)
        if not arrow or source.count(old) != 1:
            raise ValueError(
                f"the edit {line!r} fits {source.count(old)} places of the right answer; one is needed"
            )
        source = source.replace(old, new)
    return source


def place(source, edit):
    """Return where in source an edit begins: of two mistakes the earlier one is named."""
    return source.find(edit.partition(ARROW)[0]) if ARROW in edit else 0


def program(source, names):
    """Return what a source makes: its last function, or the value of its last expression.

    np, math and the given names are there to be used.
    """
    scope = {"np": np, "math": math, **names}
    *body, last = ast.parse(source).body
    if isinstance(last, ast.Expr):
        exec(compile(ast.Module(body, []), "the answer", "exec"), scope)
        return eval(compile(ast.Expression(last.value), "the answer", "eval"), scope)
    exec(compile(source, "the answer", "exec"), scope)
    return scope[last.name]
