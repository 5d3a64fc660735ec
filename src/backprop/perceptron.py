"""Rosenblatt's perceptron: a weighted sum, a threshold, and a rule that learns from mistakes."""

from typing import NamedTuple

import numpy as np

from . import checks


class Fit(NamedTuple):
    """What fit found: weights w (n,), bias b, and the mistakes made in each epoch."""

    w: np.ndarray
    b: float
    mistakes: list[int]


def output(w, b, X):
    """Return 1 where w . x + b > 0 and 0 elsewhere, for x (n,) or rows X (m, n) (eq:perceptron)."""
    w, b, X = checks.floats("w", w), checks.floats("b", b), checks.floats("X", X)
    if b.ndim != 0:
        raise ValueError(f"b has shape {b.shape}; needed is one number")
    if w.ndim != 1 or X.ndim not in (1, 2) or X.shape[-1] != len(w):
        raise ValueError(
            f"w has shape {w.shape} and X has shape {X.shape}; needed are (n,) and (n,) or (m, n)"
        )
    return (X @ w + b > 0).astype(int)


def fit(X, y, rate=1.0, epochs=100):
    """Learn w and b from rows X (m, n) and labels y (m,) of 0 and 1, one sample after the other.

    A sample answered wrongly moves w by rate * (y - output) * x and b by rate * (y - output)
    (eq:perceptron-rule). Stops after an epoch without a mistake, or after the given epochs:
    labels that no straight line separates never reach the first.
    """
    X, y = checks.floats("X", X), checks.floats("y", y)
    checks.positive("rate", rate)
    checks.count("epochs", epochs)
    if X.ndim != 2 or y.ndim != 1:
        raise ValueError(f"X has shape {X.shape} and y {y.shape}; needed are (m, n) and (m,)")
    checks.same_length("X", X, "y", y)
    if not np.isin(y, (0, 1)).all():
        found = sorted(set(y.tolist()) - {0, 1})[0]
        raise ValueError(f"y holds the label {found:g}; a perceptron's labels are 0 and 1")
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for x, target in zip(X, y, strict=True):
            error = target - (w @ x + b > 0)
            w, b = w + rate * error * x, b + rate * error
            wrong += int(error != 0)
        mistakes.append(wrong)
        if wrong == 0:
            break
    return Fit(w, float(b), mistakes)
