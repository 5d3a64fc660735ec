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

    def __reduce__(self):
        # a copied or pickled network has the very same activations: costs ask which one it is
        return self.name if ACTIVATIONS.get(self.name) is self else (Activation, tuple(self))


def _floats(z):
    # every float type stays as it is; whole numbers and lists become float64
    z = np.asarray(z)
    return z if z.dtype.kind == "f" else z.astype(np.float64)


def _step(z):
    z = _floats(z)
    return (z > 0).astype(z.dtype)


def _sigmoid(z):
    # 1/(1 + exp(-z)), and exp(z)/(1 + exp(z)) for negative z: nothing overflows, no digit is lost
    z = _floats(z)
    e = np.exp(-np.abs(z))
    return np.maximum(e, z >= 0) / (1 + e)  # True is 1, the larger for z >= 0


def _sigmoid_prime(z):
    # a (1 - a), without the digits that 1 - a loses near 1
    e = np.exp(-np.abs(_floats(z)))
    return e / (1 + e) ** 2


def _tanh_prime(z):
    # 1 - tanh(z)^2, without the digits that the difference loses
    e = np.exp(-2 * np.abs(_floats(z)))
    return 4 * e / (1 + e) ** 2


def _relu(z):
    return np.maximum(_floats(z), 0)


def leaky_relu_of(slope):
    """Return leaky ReLU with the given slope for negative z: z where z > 0, slope * z elsewhere."""
    slope = float(slope)  # a NumPy float64 would turn float32 into float64

    def f(z):
        z = _floats(z)
        return np.where(z > 0, z, slope * z)

    def prime(z):
        z = _floats(z)
        return np.where(z > 0, 1, slope).astype(z.dtype)

    return Activation("leaky_relu", f, prime)


# The derivative of step and ReLU at 0 does not exist; 0 is the convention.
step = Activation("step", _step, lambda z: np.zeros_like(_floats(z)))
identity = Activation("identity", lambda z: +_floats(z), lambda z: np.ones_like(_floats(z)))
sigmoid = Activation("sigmoid", _sigmoid, _sigmoid_prime)
"""1/(1 + exp(-z)) (eq:sigmoid), with the slope a (1 - a) (eq:sigmoid-slope)."""
tanh = Activation("tanh", lambda z: np.tanh(_floats(z)), _tanh_prime)
"""tanh z, with the slope 1 - a^2 (eq:tanh-slope)."""
relu = Activation("relu", _relu, _step)
"""max(0, z) (eq:relu), with the slope 1 where z > 0 and 0 elsewhere (eq:relu-slope)."""
leaky_relu = leaky_relu_of(0.01)

ACTIVATIONS = {s.name: s for s in (step, identity, sigmoid, tanh, relu, leaky_relu)}


def softmax(z):
    """Turn weighted inputs z, shape (k,) or (k, m), into probabilities, one column a sample.

    Every column is positive and sums to 1 (eq:softmax). Subtracting the largest entry changes
    nothing and keeps exp from overflowing. There is no softmax.prime: softmax is not elementwise.
    """
    z = _floats(z)
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def sum_of_others(v):
    """Return the sum of all other entries of its column for each entry of v, (k,) or (k, m).

    It is 1 - v where a column sums to 1, without the digits that the difference loses.
    """
    return (1 - np.eye(len(v), dtype=v.dtype)) @ v


def softmax_jacobian(z):
    """Return J[i, j] = dp_i/dz_j of p = softmax(z): (k, k) for z (k,), (k, k, m) for z (k, m).

    J = diag(p) - p p^T, one slice a sample (eq:softmax-jacobian).
    """
    p = softmax(z)
    J = -p[:, None] * p[None]
    diagonal = np.arange(len(p))
    J[diagonal, diagonal] = p * sum_of_others(p)  # p (1 - p)
    return J
