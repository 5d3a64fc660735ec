"""Reverse mode: the slopes of a number along all that it was computed from, by local rules alone."""

from itertools import count

import numpy as np

_BIRTHS = count()


class Variable:
    """An array, the variables it was computed from, and its rule: what its adjoint gives to each.

    After r.backward(), the adjoint of each variable that r was computed from is the slope of r
    along it, in the variable's own shape (eq:adjoint).
    """

    __array_ufunc__ = None  # NumPy leaves array + variable and array @ variable to these

    def __init__(self, value, parents=(), rule=None):
        self.value = np.array(value, dtype=np.float64)  # a copy: the graph keeps it
        self.parents, self.rule = parents, rule or (lambda r: ())
        self.adjoint = np.zeros_like(self.value)
        self.born = next(_BIRTHS)

    def __add__(self, other):
        other = _variable(other)
        return Variable(self.value + other.value, (self, other), lambda r: (r, r))

    def __mul__(self, other):
        a, b = self.value, (other := _variable(other)).value
        return Variable(a * b, (self, other), lambda r: (r * b, r * a))

    def __matmul__(self, other):
        """Multiply matrices (eq:matrix-rule)."""
        a, b = self.value, (other := _variable(other)).value
        if not a.ndim == b.ndim == 2:
            raise ValueError(f"@ got the shapes {a.shape} and {b.shape}; needed are two matrices")
        return Variable(a @ b, (self, other), lambda r: (r @ b.T, a.T @ r))

    def __rmatmul__(self, other):
        return _variable(other) @ self

    __radd__, __rmul__ = __add__, __mul__

    def sum(self):
        return Variable(self.value.sum(), (self,), lambda r: (r * np.ones_like(self.value),))

    def backward(self):
        """Set the adjoints of all that this number was computed from, anew; each use adds a part."""
        if self.value.ndim:
            raise ValueError(f"backward starts from a number; this has shape {self.value.shape}")
        reached = _reached(self)
        for v in reached:
            v.adjoint = np.zeros_like(v.value)
        self.adjoint = np.ones_like(self.value)
        for v in sorted(reached, key=lambda v: v.born, reverse=True):  # all its uses are younger
            for parent, part in zip(v.parents, v.rule(v.adjoint), strict=True):
                parent.adjoint = parent.adjoint + _summed(part, parent.value.shape)


def activate(sigma, z):
    """Return a = sigma(z), elementwise, for an activation of the package (eq:activation-rule)."""
    return Variable(sigma(z.value), (z,), lambda r: (r * sigma.prime(z.value),))


def measure(cost, a, y):
    """Return the cost, a number, of the outputs a (k, m) for the targets y (k, m), an array."""
    slope = cost.grad(a.value, y)
    return Variable(cost(a.value, y), (a,), lambda r: (r * slope,))


def _variable(value):
    return value if isinstance(value, Variable) else Variable(value)


def _summed(part, shape):
    """Give what broadcasting has copied the sum of its copies (eq:copy-rule)."""
    extra = part.ndim - len(shape)
    copied = [i + extra for i, n in enumerate(shape) if n == 1]
    return part.sum(axis=(*range(extra), *copied)).reshape(shape)


def _reached(last):
    found, waiting = {last}, [last]
    while waiting:
        new = set(waiting.pop().parents) - found
        found |= new
        waiting += new
    return found
