"""A network as data: layers 1..L, each a weight matrix, a bias column and an activation."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from . import checks
from .activations import ACTIVATIONS, Activation, sigmoid, softmax


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


def forward(network, x):
    """Return z and a of every layer for the columns x (n_0, m), as dicts; a[0] is x.

    z[l] = w[l] a[l-1] + b[l] and a[l] = sigma(z[l]) (eq:forward), for each column (eq:columns).
    """
    network, x, _ = check(network, x)
    return propagate(network, x)


def propagate(network, x):
    """Do what forward does, without its checks: for loops that have checked their data."""
    z, a = {}, {0: x}
    for l, (w, b, sigma) in network.items():
        z[l] = w @ a[l - 1] + b
        a[l] = sigma(z[l])
    return z, a


def predict(network, x, cost=None):
    """Return the output for the columns x (n_0, m): a[L], shape (n_L, m).

    With a cost that squashes the outputs itself, it is the probability that the cost makes of them.
    """
    squash = getattr(cost, "squash", None)
    if cost is not None and squash is None:
        raise ValueError(f"cost is {cost!r}; a Cost of backprop.costs is needed")
    output = forward(network, x)[1][len(network)]
    return output if squash is None else squash(output)


def classify(network, x):
    """Return the class of each column of x (n_0, m): the number of its largest output, shape (m,)."""
    outputs = predict(network, x)
    if len(outputs) == 1:
        raise ValueError(
            "classify compares the outputs, and the network has a single one; compare predict with a "
            "threshold, 0.5 for a probability"
        )
    return outputs.argmax(axis=0)


def parameter_count(network):
    """Return the number of weights and biases (eq:parameters)."""
    return sum(w.size + b.size for w, b, _ in check(network)[0].values())


def check(network, x=None, y=None):
    """Return the network, the columns x and the targets y, all as arrays of floats.

    Raise ValueError where they are no finite numbers or do not fit together.
    """
    if not isinstance(network, Mapping):
        raise ValueError(f"the network is a {type(network).__name__}; a dict of layers is needed")
    if not network or list(network) != list(range(1, len(network) + 1)):
        raise ValueError(f"the network has layers {list(network)}; 1, 2, ..., L are needed")
    checked = {}
    for l, (w, b, sigma) in network.items():
        checked[l] = Layer(checks.floats(f"w[{l}]", w), checks.floats(f"b[{l}]", b), sigma)
        if _activation(sigma) is not sigma:
            raise ValueError(f"layer {l}: sigma is the name {sigma!r}; the Activation is needed")
        _check_shapes(l, *checked[l][:2], len(checked[l - 1].w) if l > 1 else None)
    L = len(checked)
    if x is not None:
        x = _columns("x", x, checked[1].w.shape[1], "inputs")
    if y is not None:
        y = _columns("y", y, len(checked[L].w), f"outputs of layer {L}")
    if x is not None and y is not None and x.shape[1] != y.shape[1]:
        raise ValueError(
            f"x has {x.shape[1]} columns and y has {y.shape[1]}; one column of y is needed for each "
            f"column of x"
        )
    return checked, x, y


def _check_shapes(l, w, b, fan_in):
    if w.ndim == 2 and b.shape == (w.shape[1], 1) != (len(w), 1) and fan_in in (None, len(w)):
        raise ValueError(
            f"layer {l}: w[{l}] has shape {w.shape} and b[{l}] has {b.shape}; weights are (out, in), "
            f"so w[{l}].T would fit"
        )
    if w.ndim != 2 or fan_in not in (None, w.shape[1]):
        needed = f"n_{l - 1}" if fan_in is None else fan_in
        because = "" if fan_in is None else f", because layer {l - 1} has {fan_in} outputs"
        hint = f"; w[{l}].T would fit" if w.ndim == 2 and len(w) == fan_in else ""
        raise ValueError(
            f"layer {l}: w[{l}] has shape {w.shape}; needed is (n_{l}, {needed}){because}{hint}"
        )
    if b.shape != (len(w), 1):
        hint = f"; b[{l}][:, None] would fit" if b.shape == (len(w),) else ""
        raise ValueError(
            f"layer {l}: b[{l}] has shape {b.shape}; needed is {(len(w), 1)}, one bias a neuron{hint}"
        )


def _columns(name, values, rows, what):
    values = checks.floats(name, values)
    if values.ndim != 2 or len(values) != rows:
        hint = f"; {name}[:, None] makes one column of it" if values.shape == (rows,) else ""
        if values.ndim == 2 and values.shape[1] == rows:
            hint = f"; {name}.T would fit"
        raise ValueError(
            f"{name} has shape {values.shape}; needed is ({rows}, m): {rows} {what}, "
            f"one column a sample{hint}"
        )
    return values


def _activation(sigma):
    if sigma is softmax:
        raise ValueError(
            "softmax is not elementwise, so a layer cannot have it as its sigma; give the output "
            "layer identity and use the cost softmax_cross_entropy"
        )
    return (
        sigma if isinstance(sigma, Activation) else checks.named("activation", sigma, ACTIVATIONS)
    )
