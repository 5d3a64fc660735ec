"""The inputs that answers are tried on: the same on every page, others where fresh ones are asked.

With a number in the environment variable BOOK_VARIANT, what is drawn for the trials is drawn anew, so
that an answer which remembers the inputs of the page is found. Without it, or with 0, nothing changes.
"""

import os

import numpy as np

from .. import VARIANT

NUMBER = int(os.environ.get(VARIANT) or 0)


def generator(seed):
    """Return the random generator of a chapter's trials."""
    return np.random.default_rng([seed, NUMBER] if NUMBER else seed)


def nearby(trials):
    """Return trials of numbers chosen by hand; with a variant, their decimal fractions a little smaller.

    Whole numbers stay, and so do signs, zeros, the range from 0 to 1, and what is equal in a trial.
    """
    rng = np.random.default_rng([len(trials), NUMBER])
    return [_moved(trial, rng, {}) for trial in trials] if NUMBER else trials


def _moved(value, rng, known):
    if isinstance(value, tuple | list):
        return type(value)(_moved(one, rng, known) for one in value)
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return np.array([_moved(one, rng, known) for one in value.ravel().tolist()]).reshape(
            value.shape
        )
    if isinstance(value, float) and not value.is_integer():
        return known.setdefault(value, round(value * rng.uniform(0.85, 0.99), 6))
    return value
