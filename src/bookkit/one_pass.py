"""One pass over one sample, quantity by quantity: forward, backward, update.

A quantity has a formula in symbols. Its result is an entry of the package's arrays, and the formula
in numbers is the same text with those entries put in; no number is typed here.
"""

import re
from typing import NamedTuple

import numpy as np

from backprop.activations import sigmoid
from backprop.backpropagation import backprop
from backprop.costs import quadratic
from backprop.network import check, forward

from .notation import nine, symbol


class Quantity(NamedTuple):
    """Its name, its formula in symbols and in numbers, the result, and its place.

    place is a neuron (l, j), a weight (l, j, k), the bias (l,) that layer l shares, or () for the
    cost; uses are the neurons and weights whose values enter. words say what the result is.
    """

    phase: str
    name: str
    symbols: str
    numbers: str
    result: float
    place: tuple
    uses: list
    words: str


def one_pass(network, x, y, rate, names):
    """Return the Quantities of one pass of a sigmoid network over the column x with the target column y.

    The cost is quadratic and each layer has one bias, shared by its neurons. names says what the
    words call the neurons (l, j) and the weights (l, j, k).
    """
    network, x, y = _checked(network, x, y)
    value = values(network, x, y, rate)
    n = [len(x), *(len(layer.w) for layer in network.values())]
    formulas = {"forward": _forward, "backward": _backward, "update": _update}
    return [
        Quantity(phase, name, formula, put_in(formula, value), value[name], place, uses, words)
        for phase, made in formulas.items()
        for name, formula, place, uses, words in made(n, names)
    ]


def _forward(n, names):
    L = len(n) - 1
    for l in range(1, L + 1):
        for j in _all(n[l]):
            z, a, neuron = symbol("z", l, j), symbol("a", l, j), names[l, j]
            terms = [f"{symbol('w', l, j, k)} · {symbol('a', l - 1, k)}" for k in _all(n[l - 1])]
            uses = [place for k in _all(n[l - 1]) for place in ((l, j, k), (l - 1, k))]
            formula = " + ".join([*terms, symbol("b", l)])
            yield z, formula, (l, j), uses, f"the weighted input of {neuron}"
            yield a, f"1 / (1 + exp(−{z}))", (l, j), [], f"the activation of {neuron}"
    parts = [symbol("C", "", j) for j in _all(n[L])]
    for j, part in enumerate(parts, 1):
        yield part, _half_square("a", L, j), (L, j), [], f"what {names[L, j]} adds to the cost"
    yield "C", " + ".join(parts), (), [(L, j) for j in _all(n[L])], "the cost"


def _backward(n, names):
    L = len(n) - 1
    for l in range(L, 0, -1):
        for j in _all(n[l]):
            a, uses = symbol("a", l, j), []
            pulled, words = f"{a} − {symbol('y', '', j)}", "by BP1"
            if l < L:
                paths = [(symbol("w", l + 1, i, j), symbol("δ", l + 1, i)) for i in _all(n[l + 1])]
                uses = [place for i in _all(n[l + 1]) for place in ((l + 1, i, j), (l + 1, i))]
                pulled, words = " + ".join(f"{w} · {delta}" for w, delta in paths), "by BP2"
            formula = f"({pulled}) · {a} · (1 − {a})"
            yield symbol("δ", l, j), formula, (l, j), uses, f"the error of {names[l, j]}, {words}"
        for j, k in _weights(n, l):
            formula = f"{symbol('δ', l, j)} · {symbol('a', l - 1, k)}"
            place, words = (l, j, k), f"the slope along {names[l, j, k]}, by BP4"
            yield symbol("∂C/∂w", *place), formula, place, [(l, j), (l - 1, k)], words
        deltas, uses = [symbol("δ", l, j) for j in _all(n[l])], [(l, j) for j in _all(n[l])]
        words = "the slope along the shared bias, from BP3"
        yield symbol("∂C/∂b", l), " + ".join(deltas), (l,), uses, words


def _update(n, names):
    L = len(n) - 1
    for l in range(L, 0, -1):
        moved = {(l, j, k): (symbol("w", l, j, k), names[l, j, k]) for j, k in _weights(n, l)}
        for place, (name, words) in {**moved, (l,): (symbol("b", l), "the shared bias")}.items():
            yield f"new {name}", f"{name} − η · ∂C/∂{name}", place, [], f"{words} after the step"
    parts = [_half_square("new a", L, j) for j in _all(n[L])]
    yield "new C", " + ".join(parts), (), [], "the cost of the same sample after the step"


def _half_square(letter, L, j):
    return f"½ · ({symbol(letter, L, j)} − {symbol('y', '', j)})²"


def _all(count):
    return range(1, count + 1)


def _weights(n, l):
    return [(j, k) for j in _all(n[l]) for k in _all(n[l - 1])]


def values(network, x, y, rate):
    """Return every number of the pass under its symbol; "new …" is what the step makes of it."""
    network, x, y = _checked(network, x, y)
    z, a = forward(network, x)
    gradient, L = backprop(network, x, y, quadratic), len(network)
    shared = {l: float(grad.sum()) for l, grad in gradient.b.items()}
    moved = {
        l: layer._replace(w=layer.w - rate * gradient.w[l], b=layer.b - rate * shared[l])
        for l, layer in network.items()
    }
    after = forward(moved, x)[1][L]
    found = {"η": rate, "C": quadratic(a[L], y), "new C": quadratic(after, y)}
    arrays = {("a", 0): x, ("y", ""): y, ("C", ""): (a[L] - y) ** 2 / 2, ("new a", L): after}
    for l, layer in network.items():
        arrays |= {("z", l): z[l], ("a", l): a[l], ("δ", l): gradient.delta[l]}
        arrays |= {("w", l): layer.w, ("∂C/∂w", l): gradient.w[l], ("new w", l): moved[l].w}
        for name, number in (("b", layer.b[0]), ("∂C/∂b", shared[l]), ("new b", moved[l].b[0])):
            found[symbol(name, l)] = np.asarray(number).item()
    for (letter, l), array in arrays.items():
        for index, number in np.ndenumerate(array if letter.endswith("w") else array[:, 0]):
            found[symbol(letter, l, *(i + 1 for i in index))] = float(number)
    return found


def _checked(network, x, y):
    network, x, y = check(network, x, y)
    if x.shape[1] != 1:
        raise ValueError(f"x has shape {x.shape}; one column is needed, the sample of the pass")
    for l, width in enumerate([len(x), *(len(layer.w) for layer in network.values())]):
        if width > 9:  # w¹₁₁₁ would be two weights
            raise ValueError(f"layer {l} has {width} neurons; at most 9 are needed for its symbols")
    for l, (_, b, sigma) in network.items():
        if sigma is not sigmoid:
            raise ValueError(f"layer {l} has the activation {sigma}; sigmoid is needed")
        if np.ptp(b) > 0:
            raise ValueError(
                f"layer {l} has the biases {b[:, 0]}; one is needed, shared by its neurons"
            )
    return network, x, y


def put_in(formula, value):
    """Return the formula with each symbol replaced by its value."""
    longest_first = sorted(value, key=len, reverse=True)  # or w²₁₁ would be taken out of ∂C/∂w²₁₁
    pattern = "|".join(map(re.escape, longest_first))
    return re.sub(pattern, lambda found: _digits(value[found[0]]), formula)


def _digits(number):
    # what was given with few decimals stays as short; a negative number stands in parentheses
    digits = nine(number)
    if abs(number - round(number, 4)) < 1e-12:
        whole, decimals = digits.split(".")
        digits = f"{whole}.{decimals.rstrip('0'):0<2}"
    return f"({digits})" if number < 0 else digits
