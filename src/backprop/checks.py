"""What every public function asks of its input; each failure names what was found and needed."""

from collections.abc import Mapping

import numpy as np


def finite(name, values):
    """Return values as an array; ValueError if it is empty, not numeric, or holds NaN or inf."""
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} holds {array.dtype} values; real numbers are needed")
    if array.size == 0:
        raise ValueError(f"{name} is empty (shape {array.shape}); at least one number is needed")
    bad = ~np.isfinite(array)
    if bad.any():
        where = tuple(int(i) for i in np.argwhere(bad)[0])
        raise ValueError(f"{name} holds {array[where]} at {where}; every entry must be finite")
    return array


def positive(name, value):
    """Return value; ValueError unless it is a finite number greater than 0."""
    if not (np.isscalar(value) and np.isreal(value) and np.isfinite(value) and value > 0):
        raise ValueError(f"{name} is {value!r}; a finite number greater than 0 is needed")
    return value


def count(name, value):
    """Return value; ValueError unless it is a whole number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name} is {value!r}; a whole number of at least 1 is needed")
    return value


def between(name, value, low, high):
    """Return value; ValueError unless low <= value < high."""
    if not (np.isscalar(value) and np.isreal(value) and low <= value < high):
        raise ValueError(f"{name} is {value!r}; a number from {low} to below {high} is needed")
    return value


def same_length(x_name, x, y_name, y):
    """ValueError unless x and y have equally many rows, one row a sample."""
    if len(x) != len(y):
        raise ValueError(
            f"{x_name} has {len(x)} samples and {y_name} has {len(y)}; one {y_name} row is needed "
            f"for each {x_name} row"
        )


def named(kind, name, table: Mapping):
    """Return table[name], or name itself where it is already one of the table's values."""
    if isinstance(name, str):
        if name in table:
            return table[name]
    elif any(name is value for value in table.values()):
        return name
    raise ValueError(f"unknown {kind} {name!r}; known are {', '.join(table)}")
