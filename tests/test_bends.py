"""The explorer of chapter 3 (scripts/bends.js) against the package: the numbers of its sentences, and
the corners that it counts, found another way, in states drawn at random and at the ends."""

import itertools
import random
import re

import numpy as np
import pytest
from conftest import number

from backprop.activations import identity, leaky_relu_of
from backprop.network import Layer, forward
from bookkit.scripted import views

CHAPTER = (
    [[[0.6], [1.1], [-1.0], [1.5]],
     [[-2.0, 1.4, 0.2, -1.6], [0.0, -0.1, -0.2, 1.2], [-2.6, 1.2, -0.3, 0.9], [-0.5, -1.4, -0.3, -0.4]],
     [[-0.2, -1.0, 1.3, 1.1], [0.8, 0.7, -0.8, -0.6], [2.1, -0.1, -0.5, 0.6], [-1.3, 0.2, -0.6, -0.3]],
     [[1.7, 2.2, -0.5, 0.1]]],
    [[[-0.2], [1.6], [1.2], [0.4]], [[0.1], [-0.1], [0.3], [1.3]], [[-1.0], [-0.7], [0.2], [-0.3]],
     [[0.3]]],
)  # fmt: skip
rng = np.random.default_rng(30)
OTHER = (
    [rng.normal(size=s).tolist() for s in ((4, 1), (4, 4), (4, 4), (1, 4))],
    [rng.normal(size=(n, 1)).tolist() for n in (4, 4, 4, 1)],
)
NEURONS = ["output", *(f"a{l}{j}" for l in "¹²³" for j in "₁₂₃₄")]
LEAKS = [round(0.05 * k, 2) for k in range(21)]
XS = [round(-2.95 + 0.1 * k, 2) for k in range(60)]
STATES = [
    {"leak": leak, "neuron": neuron, "x": x}
    for leak, neuron, x in itertools.product((0, 0.05, 0.9, 0.95, 1), NEURONS, (-2.95, 2.95))
]
draw = random.Random(3)
STATES += [
    {"leak": draw.choice(LEAKS), "neuron": draw.choice(NEURONS), "x": draw.choice(XS)}
    for _ in range(60)
]


def activation(weights, leak, neuron, xs):
    """Return a neuron's activation at the places xs, by the package."""
    sigmas = [leaky_relu_of(leak)] * 3 + [identity]
    layers = zip(*(map(np.array, part) for part in weights), sigmas, strict=True)
    a = forward({l: Layer(*layer) for l, layer in enumerate(layers, 1)}, xs[None])[1]
    at = (4, 0) if neuron == "output" else ("¹²³".index(neuron[1]) + 1, "₁₂₃₄".index(neuron[2]))
    return a[at[0]][at[1]]


def corners(weights, leak, neuron):
    """Count where the slope changes on a fine grid: one corner between two points shows twice."""
    xs = np.linspace(-3, 3, 60_001)
    bends = np.abs(np.diff(activation(weights, leak, neuron, xs), 2)) > 1e-9
    return int(np.sum(bends[1:] & ~bends[:-1]))


@pytest.mark.parametrize("weights", [CHAPTER, OTHER], ids=["chapter", "other"])
def test_a_state_is_told_with_its_corners_its_value_and_its_slope(weights):
    data = {"layers": [{"w": w, "b": b} for w, b in zip(*weights, strict=True)]}
    for state, view in zip(STATES, views("bends", data, STATES), strict=True):
        leak, neuron, x = state["leak"], state["neuron"], state["x"]
        said = view["sentence"]
        name, count, at, value = re.search(
            r"\. (The output|a[¹²³][₁₂₃₄]) over x (?:has|is one straight line, with) (\w+) corners?\b.* "
            r"At x = (\S+) it is (\S+?)[,;]", said,
        ).groups()  # fmt: skip
        assert name.removeprefix("The ") == neuron
        assert number(at) == x
        near = activation(weights, leak, neuron, x + np.array([-1e-6, 0, 1e-6]))
        assert number(value) == pytest.approx(near[1], abs=5.1e-4)
        slope = re.search(r"its slope (?:there )?is (\S+?)(?: everywhere|\.$)", said)[1]
        assert number(slope) == pytest.approx((near[2] - near[0]) / 2e-6, abs=5.2e-4)
        assert (0 if count == "no" else int(count)) == corners(weights, leak, neuron), state
        assert said.startswith("Leak 1: no activation is left." if leak == 1 else f"Leak {leak:g}")
        assert ("product of the weight matrices" in said) == (leak == 1)
        [handle] = view["handles"].values()
        assert handle["fields"] == ["x"]


def test_without_an_activation_the_slope_is_the_product_of_the_matrices():
    data = {"layers": [{"w": w, "b": b} for w, b in zip(*CHAPTER, strict=True)]}
    (view,) = views("bends", data, [{"leak": 1, "neuron": "output", "x": 0.45}])
    product = np.linalg.multi_dot([np.array(w) for w in CHAPTER[0][::-1]]).item()
    assert f"its slope is {product:.3f} everywhere".replace("-", "−") in view["sentence"]
