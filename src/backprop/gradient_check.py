"""Derivatives by small steps: the independent witness for every gradient of the book."""

from math import isfinite
from numbers import Number

import numpy as np

from . import checks


def central_difference(f, theta, h=1e-5):
    """Return the numerical gradient of f at theta, an array of theta's shape, in float64.

    Each entry is (f(theta + h) - f(theta - h)) / 2h for that entry alone
    (eq:central-difference), so f is evaluated twice an entry. f takes an array of theta's shape
    and returns a number. It gets copies: theta is left as it is, whatever f does. ValueError
    where a step is lost in rounding, or f returns anything but a finite number.
    """
    theta = _point("theta", theta, h)
    gradient = np.empty_like(theta)
    for index in np.ndindex(theta.shape):
        up, down, step = _moved("theta", theta, index, h)
        gradient[index] = (_number(f, up) - _number(f, down)) / step
    return gradient


def jacobian(f, x, h=1e-5):
    """Return J[i, j] = df_i/dx_j by central differences, for f from (n,) to (k,): shape (k, n).

    It is the table of all slopes (eq:jacobian). f gets copies of x. ValueError as for
    central_difference.
    """
    x = _point("x", x, h)
    if x.ndim != 1:
        raise ValueError(f"x has shape {x.shape}; needed is (n,)")
    columns = []
    for j in range(len(x)):
        up, down, step = _moved("x", x, (j,), h)
        columns.append((_vector(f, up) - _vector(f, down)) / step)
    return np.stack(columns, axis=1)


def relative_error(found, expected):
    """Return ||found - expected|| / max(||found||, ||expected||): 0 is equal, 2 is opposite.

    Shapes must agree; two zero arrays are equal.
    """
    found, expected = checks.floats("found", found), checks.floats("expected", expected)
    _same_shape("found", found, "expected", expected)
    largest = max(np.abs(found).max(), np.abs(expected).max())
    if largest == 0:
        return 0.0
    found, expected = found / largest, expected / largest  # or squares would overflow or vanish
    size = max(np.linalg.norm(found), np.linalg.norm(expected))
    return float(np.linalg.norm(found - expected) / size)


def _point(name, theta, h):
    checks.positive("h", h)
    return checks.floats(name, theta, np.float64)


def _moved(name, theta, index, h):
    """Return theta + h and theta - h, moved at one index, and how far apart they really are."""
    up, down = theta.copy(), theta.copy()
    up[index] += h
    down[index] -= h
    if up[index] == theta[index] or down[index] == theta[index]:
        raise ValueError(
            f"h = {h:g} is lost beside the {theta[index]:g} of {name}: their sum is rounded to "
            f"{theta[index]:g}; a larger h is needed"
        )
    return up, down, up[index] - down[index]


def _number(f, theta):
    value = np.array(f(theta))  # a copy: f may fill the same array at every call
    real = value.dtype.kind in "biuf" or (isinstance(value[()], Number) and value.dtype == object)
    if value.ndim or not real or not isfinite(value):
        what = f"an array of shape {value.shape}" if value.ndim else repr(value[()])
        raise ValueError(f"f returned {what}; a finite number is needed")
    return float(value) if value.dtype.kind in "biu" else value[()]


def _vector(f, x):
    values = np.array(checks.floats("f(x)", f(x)))
    if values.ndim != 1:
        raise ValueError(f"f returned shape {values.shape}; needed is (k,)")
    return values


def _same_shape(a_name, a, b_name, b):
    if a.shape != b.shape:
        raise ValueError(f"{a_name} has shape {a.shape}, {b_name} has shape {b.shape}")
