"""What every public function asks of its input; each failure names what was found and needed."""

from collections.abc import Mapping

import numpy as np


def finite(name, values):
    """Return values as an array; ValueError if it is empty, not numeric, or holds NaN or inf."""
    if isinstance(values, np.ma.MaskedArray):
        raise ValueError(
            f"{name} is a masked array; needed is one without a mask: {name}.filled(…)"
        )
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} has rows of different lengths; needed is an array") from None
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} holds {array.dtype} values; real numbers are needed")
    if array.size == 0:
        raise ValueError(f"{name} is empty (shape {array.shape}); at least one number is needed")
    bad = ~np.isfinite(array)
    if bad.any():
        where = tuple(int(i) for i in np.argwhere(bad)[0])
        raise ValueError(f"{name} holds {array[where]} at {where}; every entry must be finite")
    return array


def floats(name, values, dtype=None):
    """Return finite values as an array of floats: as they are, whole numbers in float64.

    With a dtype they are all converted to it; ValueError where it cannot hold one of them.
    """
    array = finite(name, values)
    if dtype is None:
        dtype = array.dtype if array.dtype.kind == "f" else np.float64
    with np.errstate(over="ignore"):
        converted = array.astype(dtype, copy=False)
    lost = ~np.isfinite(converted)
    if lost.any():
        where = tuple(int(i) for i in np.argwhere(lost)[0])
        raise ValueError(
            f"{name} holds {array[where]} at {where}, and {np.dtype(dtype)} ends at "
            f"{np.finfo(dtype).max:.6g}; smaller numbers or a wider type of the network are needed"
        )
    return converted


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
