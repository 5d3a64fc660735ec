"""The exercises of the template chapter, book/_template."""

import numpy as np

from .fresh import nearby
from .kinds import compute, predict, write


def _at_three():
    t = np.array([3.0, 3.001])
    return "it rises" if np.diff(t**2 * np.sin(t))[0] > 0 else "it falls"


EXERCISES = {
    "0.1": compute(
        "slope", 1, "u, v, du, dv = 0.5**3, np.cos(0.5), 3 * 0.5**2, -np.sin(0.5)\ndu * v + u * dv",
        {
            "-np.sin → np.sin": "The slope of the cosine is minus the sine.",
            " + u * dv → ": "The second factor changes too: its term is missing.",
            "du * v + u → u": "The first factor changes too: its term is missing.",
            "v + u * dv → dv": "Each term holds one slope and one value.",
        },
        why="Which term is the larger one?",
    ),
    "0.2": write(
        "product-rule", 2,
        "def quotient_slope(u, v, du, dv):\n    return (du * v - u * dv) / v**2\n",
        {
            " - → + ": "The sign: where v grows, u/v falls.",
            "v**2 → v": "The divisor is squared.",
            "du * v → du": "The first term lacks the value v.",
        },
        nearby([(1.2, -0.7, 0.4, 1.9),
                (np.array([0.3, 2.0]), np.array([1.5, -3.0]), 0.6, np.array([2.0, 0.9]))]),
        why="What does it say where v is near 0?",
    ),
    "0.3": predict(
        "predict-slope", 2,
        {"it rises": "Its slope is negative.", "it falls": "Its slope is positive."},
        _at_three,
        {
            "uv′ is negative and larger than u′v": "",
            "v itself is negative": "At 3 the sine is still positive.",
            "u falls": "At 3 the square rises.",
        },
        why="From which t on?",
    ),
}  # fmt: skip
