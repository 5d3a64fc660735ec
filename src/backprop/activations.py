"""Activation functions and their derivatives: what a neuron makes of its weighted input z."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Activation(NamedTuple):
    """An elementwise activation: sigma(z) is its value, sigma.prime(z) its derivative.

    Both take an array of any shape and return one of the same shape and float type.
    """

    name: str
    f: Callable
    prime: Callable

    def __call__(self, z):
        """Return sigma(z), elementwise (eq:activation)."""
        return self.f(z)

    def __repr__(self):
        return self.name


def _float(z):
    # float32 stays float32, float64 stays float64, whole numbers become float64
    return np.result_type(np.asarray(z).dtype, np.float32)


def _step(z):
    return np.greater(z, 0).astype(_float(z))


def _flat(z):
    return np.zeros_like(z, dtype=_float(z))


def _sigmoid(z):
    # (1 + tanh(z/2))/2 is the same function as 1/(1 + exp(-z)), and no z makes it overflow
    return 0.5 * (1 + np.tanh(0.5 * z))


def _sigmoid_prime(z):
    a = _sigmoid(z)
    return a * (1 - a)


def _relu(z):
    return np.maximum(z, 0)


def _relu_prime(z):  # the derivative at 0 does not exist; 0 is the convention
    return np.greater(z, 0).astype(_float(z))


def leaky_relu_of(slope):
    """Return leaky ReLU with the given slope for negative z: z where z > 0, slope * z elsewhere."""
    return Activation(
        "leaky_relu",
        lambda z: np.where(np.greater(z, 0), z, slope * z),
        lambda z: np.where(np.greater(z, 0), 1.0, slope).astype(_float(z)),
    )


step = Activation("step", _step, _flat)
identity = Activation("identity", np.positive, lambda z: np.ones_like(z, dtype=_float(z)))
sigmoid = Activation("sigmoid", _sigmoid, _sigmoid_prime)
tanh = Activation("tanh", np.tanh, lambda z: 1 - np.tanh(z) ** 2)
relu = Activation("relu", _relu, _relu_prime)
leaky_relu = leaky_relu_of(0.01)

ACTIVATIONS = {s.name: s for s in (step, identity, sigmoid, tanh, relu, leaky_relu)}


def softmax(z):
    """Turn weighted inputs z, shape (k,) or (k, m), into probabilities, one column a sample.

    Every column is positive and sums to 1 (eq:softmax). Subtracting the largest entry changes
    nothing and keeps exp from overflowing. There is no softmax.prime: softmax is not elementwise.
    """
    e = np.exp(z - np.max(z, axis=0))
    return e / e.sum(axis=0)


def softmax_jacobian(z):
    """Return J[i, j] = dp_i/dz_j of p = softmax(z): (k, k) for z (k,), (k, k, m) for z (k, m).

    J = diag(p) - p p^T, one slice a sample (eq:softmax-jacobian).
    """
    p = softmax(z)
    one_if_equal = np.eye(len(p), dtype=p.dtype).reshape((len(p), len(p)) + (1,) * (p.ndim - 1))
    return p[:, None] * (one_if_equal - p[None])
