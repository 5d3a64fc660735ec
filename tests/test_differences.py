"""A right gradient that fails its check is told from a wrong one, and the cause is named."""

import numpy as np
import pytest

from backprop.activations import relu, sigmoid, tanh
from backprop.backpropagation import backprop
from backprop.costs import quadratic
from backprop.gradient_check import central_difference
from backprop.network import forward, initialize
from bookkit.differences import explain


def cost_of(network, x, y, l, name, dtype=np.float64):
    def f(theta):
        changed = network | {l: network[l]._replace(**{name: theta.astype(dtype)})}
        return quadratic(forward(changed, x)[1][len(network)], y)

    return f


def test_a_kink_is_named():
    network = initialize([2, 3, 2], relu, sigmoid, rng=np.random.default_rng(0))
    x, y = np.array([[0.0, 1], [0, 2]]), np.eye(2)  # the first sample puts every z on the kink
    found, f = backprop(network, x, y, quadratic).b[1], cost_of(network, x, y, 1, "b")
    said = explain(f, network[1].b, found)
    assert said.startswith("A kink: found is 0 at (0, 0), by differences -0.0507")
    assert explain(abs, 0.0, 1.0).endswith("the slope of f is -1 on the left, 1 on the right.")


@pytest.mark.parametrize("h", [1e-5, 1e-6])
def test_low_precision_is_named(h):
    rng = np.random.default_rng(0)
    network = initialize([3, 4, 2], tanh, sigmoid, rng=rng, dtype=np.float32)
    x, y = rng.normal(size=(3, 5)).astype("f"), rng.random((2, 5)).astype("f")
    found = backprop(network, x, y, quadratic).w[1]
    said = explain(cost_of(network, x, y, 1, "w", np.float32), network[1].w, found, h)
    assert said.startswith("Low precision: found is ")


def test_too_large_a_step_is_named():
    assert explain(np.sin, 1.0, np.cos(1.0), h=0.5).startswith("Too large a step: ")


def test_an_error_is_called_one():
    rng = np.random.default_rng(0)
    network = initialize([3, 4, 2], tanh, sigmoid, rng=rng)
    x, y = rng.normal(size=(3, 5)), rng.random((2, 5))
    right, f = backprop(network, x, y, quadratic).w[1], cost_of(network, x, y, 1, "w")
    wrong = right.copy()
    wrong[2, 1] *= -1
    assert explain(f, network[1].w, wrong).startswith(
        f"An error: found is {wrong[2, 1]:.6g} at (2, 1)"
    )
    assert explain(f, network[1].w, 2 * right).startswith("An error: ")
    assert explain(f, network[1].w, right).startswith("They agree: ")
    assert explain(abs, 0.0, 0.5).startswith("An error: ")


def test_shapes_that_differ_are_refused():
    with pytest.raises(ValueError, match=r"found has shape \(3,\) and theta \(3, 1\)"):
        explain(np.sum, np.ones((3, 1)), central_difference(np.sum, np.ones(3)))
