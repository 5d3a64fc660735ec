"""Why a gradient and its central differences differ: a kink, low precision, or an error."""

import numpy as np

from backprop.gradient_check import central_difference


def explain(f, theta, found, h=1e-5):
    """Return a sentence about the entry where found and the central difference of f differ most.

    theta and found have the same shape. What makes the two agree names the cause: a larger h (f has
    few digits), the slope of one side (f has a kink at theta), a smaller h; nothing (an error).
    """
    theta, found = np.asarray(theta, float), np.asarray(found, float)
    measured = central_difference(f, theta, h)
    if found.shape != theta.shape:
        raise ValueError(
            f"found has shape {found.shape} and theta {theta.shape}; needed is the same"
        )
    at = np.unravel_index(int(np.abs(found - measured).argmax()), theta.shape)
    off = abs(found[at] - measured[at])
    what = f"found is {found[at]:.6g} at {tuple(map(int, at))}, by differences {measured[at]:.6g}"
    if off <= 1e-7 * max(abs(found[at]), abs(measured[at])):
        return f"They agree: {what}."

    def along(t):
        moved = theta.copy()
        moved[at] = t
        return f(moved)

    def explains(slope):
        return abs(slope - found[at]) < off / 10

    if any(explains(central_difference(along, theta[at], larger * h)) for larger in (100, 1000)):
        return (
            f"Low precision: {what}; a larger step than {h:g} agrees, f has too few digits for it."
        )
    left, right = (
        (along(theta[at] + side * h) - along(theta[at])) / (side * h) for side in (-1, 1)
    )
    if explains(left) or explains(right):
        return (
            f"A kink: {what}; the slope of f is {left:.6g} on the left, {right:.6g} on the right."
        )
    if explains(central_difference(along, theta[at], h / 100)):
        return f"Too large a step: {what}; one smaller than {h:g} agrees."
    return f"An error: {what}; no other step agrees with found, on neither side."
