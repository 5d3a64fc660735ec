"""Derivatives by small steps: the independent witness for every gradient of the book."""

import numpy as np

from . import checks


def central_difference(f, theta, h=1e-5):
    """Return the numerical gradient of f at theta, an array of theta's shape, in float64.

    Each entry is (f(theta + h) - f(theta - h)) / 2h for that entry alone
    (eq:central-difference), so f is evaluated twice an entry. f takes an array of theta's shape
    and returns a number. theta itself is left as it is.
    """
    theta = checks.finite("theta", theta).astype(np.float64)
    checks.positive("h", h)
    gradient = np.empty_like(theta)
    for index in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[index] += h
        down[index] -= h
        gradient[index] = (f(up) - f(down)) / (up[index] - down[index])
    return gradient


def jacobian(f, x, h=1e-5):
    """Return J[i, j] = df_i/dx_j by central differences, for f from (n,) to (k,): shape (k, n)."""
    x = checks.finite("x", x).astype(np.float64)
    checks.positive("h", h)
    if x.ndim != 1:
        raise ValueError(f"x has shape {x.shape}; needed is (n,)")
    steps = h * np.eye(len(x))
    return np.stack([(f(x + s) - f(x - s)) / (2 * h) for s in steps], axis=1)


def relative_error(found, expected):
    """Return ||found - expected|| / max(||found||, ||expected||): 0 is equal, 2 is opposite.

    Shapes must agree; two zero arrays are equal.
    """
    found, expected = checks.finite("found", found), checks.finite("expected", expected)
    if found.shape != expected.shape:
        raise ValueError(f"found has shape {found.shape}, expected has shape {expected.shape}")
    size = max(np.linalg.norm(found), np.linalg.norm(expected))
    return 0.0 if size == 0 else float(np.linalg.norm(found - expected) / size)
