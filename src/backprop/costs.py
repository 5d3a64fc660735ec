"""Cost functions: one number for how wrong the outputs are, and its gradient.

a and y have shape (k, m), one column a sample. C is the mean over the samples, and its 1/m stands
in grad; so BP1, BP2 and BP4 hold for a batch as they stand.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .activations import sigmoid, softmax


class Cost(NamedTuple):
    """A cost: cost(a, y) is the number C, cost.grad(a, y) the matrix dC/da^L, shape (k, m)."""

    name: str
    f: Callable
    grad: Callable

    def __call__(self, a, y):
        """Return C, the mean cost of the outputs a for the targets y."""
        return self.f(a, y)

    def __repr__(self):
        return self.name


def _quadratic(a, y):
    return float(np.sum((a - y) ** 2) / (2 * y.shape[1]))


def _quadratic_grad(a, y):
    return (a - y) / y.shape[1]


def _inside(a):
    # outputs that rounding has put on 0 or 1 are taken back by one unit, so that ln stays finite
    eps = np.finfo(a.dtype).eps
    return np.clip(a, eps, 1 - eps)


def _cross_entropy(a, y):
    a = _inside(a)
    return float(-np.sum(y * np.log(a) + (1 - y) * np.log1p(-a)) / y.shape[1])


def _cross_entropy_grad(a, y):
    a = _inside(a)
    return (a - y) / (a * (1 - a)) / y.shape[1]


def _sigmoid_cross_entropy(z, y):
    # -ln sigmoid(z) = ln(1 + exp(-z)), and logaddexp computes that without overflow
    return float(np.sum(np.logaddexp(0, z) - y * z) / y.shape[1])


def _sigmoid_cross_entropy_grad(z, y):
    return (sigmoid(z) - y) / y.shape[1]


def _softmax_cross_entropy(z, y):
    shifted = z - z.max(axis=0, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))
    return float(-np.sum(y * log_p) / y.shape[1])


def _softmax_cross_entropy_grad(z, y):
    # softmax(z) * sum(y) - y, and the targets of a sample sum to 1
    return (softmax(z) * y.sum(axis=0) - y) / y.shape[1]


quadratic = Cost("quadratic", _quadratic, _quadratic_grad)
"""C = 1/(2m) sum ||a - y||^2 (eq:quadratic)."""

cross_entropy = Cost("cross_entropy", _cross_entropy, _cross_entropy_grad)
"""C = -1/m sum [y ln a + (1 - y) ln(1 - a)] for sigmoid outputs a (eq:cross-entropy).

Where a has been rounded to 0 or 1 the error is lost with it; sigmoid_cross_entropy keeps it.
"""

sigmoid_cross_entropy = Cost(
    "sigmoid_cross_entropy", _sigmoid_cross_entropy, _sigmoid_cross_entropy_grad
)
"""The same cost computed from z: for an identity output layer, whose a^L is z^L. Exact for any z."""

softmax_cross_entropy = Cost(
    "softmax_cross_entropy", _softmax_cross_entropy, _softmax_cross_entropy_grad
)
"""C = -1/m sum y ln softmax(z), for an identity output layer, whose a^L is z^L. Exact for any z."""

COSTS = {
    c.name: c for c in (quadratic, cross_entropy, sigmoid_cross_entropy, softmax_cross_entropy)
}


def l2(weights, decay, m):
    """Return decay/(2m) times the sum of all squared weights, biases left out (eq:l2)."""
    return float(decay / (2 * m) * sum(np.sum(w**2) for w in weights))


def l2_grad(w, decay, m):
    """Return the gradient of the L2 term for one weight matrix: decay/m * w (eq:l2)."""
    return decay / m * w
