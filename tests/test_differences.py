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


def test_each_cause_is_told_by_the_step_that_agrees():
    # a parabola of two slopes, apart at the kink: f(+) − f(·) and f(−) − f(·) each have their own
    def bent(t):
        return 3 * t[0] + t[1] ** 2 + (5 * t[0] if t[0] > 2 else -10.0 * (2 - t[0]) + 10)

    theta = np.array([2.0, 1.0])
    said = explain(bent, theta, [13.0, 2.0], h=1e-4)
    assert said.startswith("A kink: found is 13 at (0,), by differences ")
    both = explain(lambda t: abs(t - 2) + 3 * t, 2.0, 4.0)
    assert both == (
        "A kink: found is 4 at (), by differences 3; "
        "the slope of f is 2 on the left, 4 on the right."
    )
    assert explain(lambda t: abs(t - 2) + 3 * t, 2.0, 2.0) == both.replace("is 4 at", "is 2 at")
    assert theta.tolist() == [2, 1]
    assert explain(lambda t: abs(t - 2) + 3 * t, 2.0, 2.5).startswith("An error: ")


def test_agreement_is_a_share_of_the_larger_of_both():
    def f(t):
        return 4.0 * t  # exactly its differences, at any step that is a power of 2

    h = 2.0**-17
    assert explain(f, 1.0, 4 * (1 + 9e-8), h).startswith("They agree: found is 4 at (), ")
    assert explain(f, 1.0, 4 * (1 - 9e-8), h).startswith("They agree: ")
    assert explain(f, 1.0, 4 * (1 + 1.1e-7), h).startswith("An error: ")
    assert explain(f, 1.0, -4.0, h).startswith("An error: found is -4 at (), by differences 4;")
    assert explain(lambda t: 0 * t, 1.0, 0.0).startswith("They agree: ")  # two zeros too


def test_low_precision_is_found_by_a_step_100_or_1000_times_as_large():
    h = 2.0**-10

    def rounded(unit):
        return lambda t: np.round(3 * (t - 1) / unit) * unit

    for larger, cause in ((100, "Low precision"), (1000, "Low precision"), (10_000, "An error")):
        said = explain(rounded(larger * h), 1.0, 3.0, h)
        assert said.startswith(f"{cause}: found is 3 at (), by differences 0"), larger
    said = explain(rounded(100 * h), 1.0, 3.0, h)
    assert said.endswith("a larger step than 0.000976562 agrees, f has too few digits for it.")


def test_a_step_100_times_smaller_is_tried_at_last():
    said = explain(np.sin, 1.0, np.cos(1.0), h=0.5)
    assert said.endswith("; one smaller than 0.5 agrees.")

    def wave(t):  # ten periods in a step of 1, which sees none of them, nor does one of 100
        return np.sin(20 * np.pi * t) / (20 * np.pi)

    assert explain(wave, 0.0, 1.0, h=1.0).startswith("Too large a step: ")
