"""A network as data: layers 1..L, each a weight matrix, a bias column and an activation."""

from typing import NamedTuple

import numpy as np

from . import checks
from .activations import ACTIVATIONS, Activation, sigmoid, softmax
from .costs import sigmoid_cross_entropy, softmax_cross_entropy


class Layer(NamedTuple):
    """Layer l: weights w (n_l, n_{l-1}), biases b (n_l, 1), activation sigma."""

    w: np.ndarray
    b: np.ndarray
    sigma: Activation


# A network is a dict {1: Layer, ..., L: Layer}: its keys are the superscripts of the text.
Network = dict[int, Layer]

SCHEMES = {
    "xavier": lambda fan_in, fan_out: np.sqrt(2 / (fan_in + fan_out)),
    "he": lambda fan_in, fan_out: np.sqrt(2 / fan_in),
    "normal": lambda fan_in, fan_out: 1.0,
}


def initialize(
    sizes, hidden=sigmoid, output=sigmoid, *, scheme="xavier", rng, dtype=np.float64
) -> Network:
    """Return a network with random normal weights: sizes = [n_0, ..., n_L], activations by name too.

    The standard deviation is sqrt(2/(in + out)) for "xavier", sqrt(2/in) for "he" and 1 for
    "normal" (eq:xavier, eq:he). Biases start at 0, for "normal" at N(0, 1) like the weights.
    """
    if len(sizes) < 2:
        raise ValueError(f"sizes is {list(sizes)}; an input and at least one layer are needed")
    for l, size in enumerate(sizes):
        checks.count(f"sizes[{l}]", size)
    hidden, output = (_activation(s) for s in (hidden, output))
    deviation = checks.named("scheme", scheme, SCHEMES)
    if np.dtype(dtype).kind != "f":
        raise ValueError(f"dtype is {np.dtype(dtype)}; a floating-point type is needed")
    network, L = {}, len(sizes) - 1
    for l in range(1, L + 1):
        fan_in, fan_out = sizes[l - 1], sizes[l]
        w = rng.normal(0, deviation(fan_in, fan_out), (fan_out, fan_in))
        b = rng.normal(0, 1, (fan_out, 1)) if scheme == "normal" else np.zeros((fan_out, 1))
        network[l] = Layer(w.astype(dtype), b.astype(dtype), output if l == L else hidden)
    return network


def forward(network, x, masks=None):
    """Return z and a of every layer for the columns x (n_0, m), as dicts; a[0] is x.

    z[l] = w[l] a[l-1] + b[l] and a[l] = sigma(z[l]) (eq:forward). masks, a dict for some of the
    layers, multiplies their activations: that is how dropout enters.
    """
    check(network, x)
    return propagate(network, x, masks)


def propagate(network, x, masks=None):
    """Do what forward does, without its checks: for loops that have checked their data."""
    z, a = {}, {0: x}
    for l, (w, b, sigma) in network.items():
        z[l] = w @ a[l - 1] + b
        a[l] = sigma(z[l])
        if masks and l in masks:
            a[l] = a[l] * masks[l]
    return z, a


def predict(network, x, cost=None):
    """Return the output for the columns x (n_0, m): a[L], shape (n_L, m).

    For the costs that contain their own squashing, sigmoid_cross_entropy and
    softmax_cross_entropy, it is the probability that they make of a[L].
    """
    output = forward(network, x)[1][len(network)]
    if cost is softmax_cross_entropy:
        return softmax(output)
    return sigmoid(output) if cost is sigmoid_cross_entropy else output


def classify(network, x):
    """Return the class of each column of x (n_0, m): the number of its largest output, shape (m,)."""
    return predict(network, x).argmax(axis=0)


def parameter_count(network):
    """Return the number of weights and biases."""
    return sum(w.size + b.size for w, b, _ in network.values())


def check(network, x=None, y=None):
    """Raise ValueError where the layers, the input columns x or the targets y do not fit together."""
    if not network or list(network) != list(range(1, len(network) + 1)):
        raise ValueError(f"the network has layers {list(network)}; 1, 2, ..., L are needed")
    for l, (w, b, sigma) in network.items():
        checks.finite(f"w[{l}]", w)
        checks.finite(f"b[{l}]", b)
        if _activation(sigma) is not sigma:
            raise ValueError(f"layer {l}: sigma is the name {sigma!r}; the Activation is needed")
        fan_in = network[l - 1].w.shape[0] if l > 1 else f"n_{l - 1}"
        if w.ndim != 2 or (l > 1 and w.shape[1] != fan_in):
            raise ValueError(
                f"layer {l}: w[{l}] has shape {w.shape}; needed is (n_{l}, {fan_in}), "
                f"because layer {l - 1} has {fan_in} outputs"
            )
        if b.shape != (w.shape[0], 1):
            raise ValueError(f"layer {l}: b[{l}] has shape {b.shape}; needed is {(w.shape[0], 1)}")
    if x is not None:
        _columns("x", x, network[1].w.shape[1], "inputs")
    if y is not None:
        L = len(network)
        _columns("y", y, network[L].w.shape[0], f"outputs of layer {L}")
        if x is not None and np.shape(x)[1] != np.shape(y)[1]:
            raise ValueError(
                f"x has {np.shape(x)[1]} columns and y has {np.shape(y)[1]}; one column of y is "
                f"needed for each column of x"
            )


def _columns(name, values, rows, what):
    values = checks.finite(name, values)
    if values.ndim != 2 or values.shape[0] != rows:
        hint = f"; {name}[:, None] makes one column of it" if values.shape == (rows,) else ""
        raise ValueError(
            f"{name} has shape {values.shape}; needed is ({rows}, m): {rows} {what}, "
            f"one column a sample{hint}"
        )


def _activation(sigma):
    if sigma is softmax:
        raise ValueError(
            "softmax is not elementwise, so a layer cannot have it as its sigma; give the output "
            "layer identity and use the cost softmax_cross_entropy"
        )
    return (
        sigma if isinstance(sigma, Activation) else checks.named("activation", sigma, ACTIVATIONS)
    )
