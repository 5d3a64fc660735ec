"""Cost functions: one number for how wrong the outputs are, and its gradient.

a and y have shape (k, m), one column a sample. C is the mean over the samples, and its 1/m stands
in grad; so BP1, BP2 and BP4 hold for a batch as they stand.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from . import checks
from .activations import Activation, identity, sigmoid, softmax, sum_of_others


class Cost(NamedTuple):
    """A cost: cost(a, y) is the number C, cost.grad(a, y) the matrix dC/da^L, shape (k, m).

    Both check what they are given. f and df are the same without the checks, for loops that have
    checked their data. output is the activation that the output layer must have (None: any), squash
    what makes predictions of a^L, and targets(cost, name, y) raises ValueError for targets y (k, m)
    that the cost is not for.
    """

    name: str
    f: Callable
    df: Callable
    output: Activation | None = None
    squash: Callable = identity
    targets: Callable = lambda cost, name, y: None

    def __call__(self, a, y):
        """Return C, the mean cost of the outputs a (k, m) for the targets y (k, m)."""
        return self.f(*_checked(self, a, y))

    def grad(self, a, y):
        """Return dC/da^L, (k, m), for the outputs a (k, m) and the targets y (k, m)."""
        return self.df(*_checked(self, a, y))

    def __repr__(self):
        return self.name


def _checked(cost, a, y):
    a, y = checks.floats("a", a), checks.floats("y", y)
    if a.ndim != 2 or a.shape != y.shape:
        raise ValueError(
            f"a has shape {a.shape} and y has shape {y.shape}; needed is the same (k, m) for both, "
            f"k outputs, one column a sample"
        )
    cost.targets(cost, "y", y)
    if cost.output is sigmoid:
        _shares(cost, "a", y=a)
    return a, y


def check_cost(cost, sigma, name, y):
    """Raise ValueError unless cost is for an output layer with sigma and the targets y (k, m)."""
    if not isinstance(cost, Cost):
        raise ValueError(f"cost is {cost!r}; a Cost is needed, one of {', '.join(COSTS)}")
    if cost.output not in (None, sigma):
        needs, other = "outputs between 0 and 1", ", or identity with sigmoid_cross_entropy"
        if cost.output is identity:
            needs, other = "outputs that it squashes itself", ""
        raise ValueError(
            f"{cost} needs {needs}, and the output layer is {sigma}; give it {cost.output}{other}"
        )
    cost.targets(cost, name, y)


def _shares(cost, name, y):
    outside = (y < 0) | (y > 1)
    if outside.any():
        j, i = (int(k) for k in np.argwhere(outside)[0])
        raise ValueError(
            f"{name} holds {y[j, i]} for output {j} of sample {i}; {cost} needs numbers from 0 to 1"
        )


def _distributions(cost, name, y):
    if len(y) == 1:
        raise ValueError(
            f"{cost} needs two outputs or more, and {name} has one: the softmax of one number is "
            f"always 1; sigmoid_cross_entropy is for one"
        )
    _shares(cost, name, y)
    total = y.sum(axis=0, dtype=np.float64)
    off = np.abs(total - 1) > 1e-3  # what float16 makes of shares
    if off.any():
        i = int(np.argmax(off))
        raise ValueError(
            f"{name} sums to {total[i]:.6g} over the outputs of sample {i}; {cost} needs a sum of 1"
        )


def _inside(a):
    # outputs that rounding has put on 0 or 1 go back to the number next to it, so that ln is finite
    info = np.finfo(a.dtype)
    return np.clip(a, info.tiny, 1 - info.epsneg)


def _cross_entropy(a, y):
    a = _inside(a)
    return float(-np.sum(y * np.log(a) + (1 - y) * np.log1p(-a)) / y.shape[1])


def _cross_entropy_grad(a, y):
    a = _inside(a)
    return (a - y) / (a * (1 - a)) / y.shape[1]


# In the costs of z no term is a difference of numbers that may be almost equal.


def _sigmoid_cross_entropy(z, y):
    # -ln sigmoid(z) = ln(1 + exp(-z)), with |z| taken out of the exponential where it is large
    far = np.abs(z)
    return float(np.sum(far * np.where(z >= 0, 1 - y, y) + np.log1p(np.exp(-far))) / y.shape[1])


def _sigmoid_cross_entropy_grad(z, y):
    # sigmoid(z) - y, since sigmoid(z) + sigmoid(-z) = 1
    return (sigmoid(z) * (1 - y) - sigmoid(-z) * y) / y.shape[1]


def _softmax_cross_entropy(z, y):
    # -ln softmax(z) = ln sum exp(z) - z; the largest z is taken out, and its exponential is 1
    z = z - z.max(axis=0)
    others = np.exp(z)
    np.put_along_axis(others, z.argmax(axis=0)[None], 0, axis=0)
    return float(np.sum(y * (np.log1p(others.sum(axis=0)) - z)) / y.shape[1])


def _softmax_cross_entropy_grad(z, y):
    # softmax(z) - y, since the entries of a sample sum to 1
    p = softmax(z)
    return (p * sum_of_others(y) - y * sum_of_others(p)) / y.shape[1]


quadratic = Cost(
    "quadratic",
    lambda a, y: float(np.sum((a - y) ** 2) / (2 * y.shape[1])),
    lambda a, y: (a - y) / y.shape[1],
)
"""C = 1/(2m) sum ||a - y||^2 (eq:quadratic)."""

cross_entropy = Cost(
    "cross_entropy", _cross_entropy, _cross_entropy_grad, output=sigmoid, targets=_shares
)
"""C = -1/m sum [y ln a + (1 - y) ln(1 - a)], sigmoid outputs a (eq:cross-entropy-outputs).

With one output it is the simpler (eq:cross-entropy). Where a has been rounded to 0 or 1 the error
is lost with it; sigmoid_cross_entropy keeps it.
"""

sigmoid_cross_entropy = Cost(
    "sigmoid_cross_entropy", _sigmoid_cross_entropy, _sigmoid_cross_entropy_grad,
    output=identity, squash=sigmoid, targets=_shares,
)  # fmt: skip
"""The same cost computed from z: for an identity output layer, whose a^L is z^L. Exact for any z.

Its slope along z, of one sample, is sigmoid(z) - y (eq:cross-entropy-slope).
"""

softmax_cross_entropy = Cost(
    "softmax_cross_entropy", _softmax_cross_entropy, _softmax_cross_entropy_grad,
    output=identity, squash=softmax, targets=_distributions,
)  # fmt: skip
"""C = -1/m sum y ln softmax(z) (eq:categorical), for an identity output layer, whose a^L is z^L.

Exact for any z. Its slope along z, of one sample, is p - y (eq:categorical-slope, eq:softmax-error).
"""

COSTS = {
    c.name: c for c in (quadratic, cross_entropy, sigmoid_cross_entropy, softmax_cross_entropy)
}


def l2(weights, decay, m):
    """Return decay/(2m) times the sum of all squared weights, biases left out (eq:l2)."""
    return float(decay / (2 * m) * sum(np.sum(checks.floats("w", w) ** 2) for w in weights))
