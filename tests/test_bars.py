"""The explorer of chapter 13 (scripts/bars.js) against the package: all numbers of its sentences."""

import random
import re

import numpy as np
import pytest

from backprop.activations import relu, sigmoid, tanh
from backprop.backpropagation import hidden_error
from backprop.network import Layer, propagate
from bookkit.scripted import views

KINDS = {"sigmoid": sigmoid, "tanh": tanh, "ReLU": relu}
GAINS = [0.5, 0.7, 1, 1.41, 1.7, 2, 3, 6, 8, 11, 20]
NUMBER = r"(−?\d+(?:\.\d+)?(?: · 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?)"
ABOVE = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")


def normals(seed):
    """Yield the numbers of engine.generator(seed).normal()."""
    state = seed

    def uniform():
        nonlocal state
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        t = (state ^ (state >> 15)) * (state | 1) & 0xFFFFFFFF
        t ^= (t + (t ^ (t >> 7)) * (t | 61)) & 0xFFFFFFFF
        return ((t ^ (t >> 14)) & 0xFFFFFFFF) / 2**32

    while True:
        size = np.sqrt(-2 * np.log(1 - uniform()))
        yield size * np.cos(2 * np.pi * uniform())


def expected(data, state):
    """Return the length in layer 1, that in the last taken as 1, and the last activations."""
    source, (n, m) = normals(data["seed"]), (data["n"], data["m"])

    def drawn(columns):
        return np.array([next(source) for _ in range(n * columns)]).reshape(n, columns)

    x, delta, L = drawn(m), drawn(m), state["layers"]
    sigma, whole = KINDS[state["sigma"]], np.linalg.norm(delta)
    network = {
        l: Layer(state["gain"] / np.sqrt(n) * drawn(n), np.zeros((n, 1)), sigma)
        for l in range(1, L + 1)
    }
    z, a = propagate(network, x)
    for l in range(L - 1, 0, -1):
        delta = hidden_error(network[l + 1].w, delta, sigma.prime(z[l]))
    return np.linalg.norm(delta) / whole, a[L]


def number(text):
    digits, _, power = text.partition(" · 10")
    return float(digits.replace("−", "-")) * 10.0 ** int(power.translate(ABOVE) or 0)


CASES = [{"n": 64, "m": 4, "seed": 80}, {"n": 21, "m": 3, "seed": 5}]


@pytest.mark.parametrize("data", CASES, ids=["chapter", "other"])
def test_the_sentence_tells_what_the_package_computes(data):
    draw = random.Random(13)
    states = [
        {"sigma": kind, "gain": gain, "layers": layers}
        for kind in KINDS for gain in (0.5, 1, 6) for layers in (5, 30)
    ] + [
        {"sigma": draw.choice(list(KINDS)), "gain": draw.choice(GAINS), "layers": draw.choice([10, 20])}
        for _ in range(8)
    ]  # fmt: skip
    # where tanh has large weights, a rounding in layer 1 is another number in the last
    states = [s for s in states if s["sigma"] != "tanh" or s["gain"] <= 6]
    for state, view in zip(states, views("bars", data, states), strict=True):
        ratio, last = expected(data, state)
        L = state["layers"]
        found = re.fullmatch(
            rf"{state['sigma']}, gain {state['gain']:g}, {L} layers: at layer 1 the error is {NUMBER} "
            rf"times as long as at layer {L}, a factor of {NUMBER} at each of {L - 1} passes\. "
            r"(It .*?\.) "
            rf"The activations of layer {L} go from {NUMBER} to {NUMBER}\.", view["sentence"],
        ).groups()  # fmt: skip
        # two digits: half of the second one's place, at most a twentieth
        assert number(found[0]) == pytest.approx(ratio, rel=0.051)
        assert number(found[1]) == pytest.approx(ratio ** (1 / (L - 1)), rel=0.051)
        fate = "It vanishes." if ratio < 0.1 else "It explodes." if ratio > 10 else None
        assert found[2] == (fate or "It stays within a factor of ten.")
        for text, value in zip(found[3:], (last.min(), last.max()), strict=True):
            assert number(text) == pytest.approx(value, rel=0.051, abs=1e-300)


def test_a_bar_stands_for_every_layer():
    data = CASES[0]
    for layers in (5, 10, 20, 30):
        [view] = views("bars", data, [{"sigma": "tanh", "gain": 1, "layers": layers}])
        bars = re.findall(r'stroke="var\(--figure-error\)"', view["svg"])
        assert len(bars) == layers
