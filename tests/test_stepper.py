"""The stepper of chapter 9 (scripts/stepper.js) against the package: all numbers of its sentences and
its table, in states drawn at random and at the ends."""

import itertools
import random
import re

import numpy as np
import pytest
from bs4 import BeautifulSoup
from conftest import number

from backprop.activations import sigmoid, tanh
from backprop.backpropagation import backprop
from backprop.costs import quadratic
from backprop.network import Layer, forward
from bookkit.notation import minus
from bookkit.scripted import views

rng = np.random.default_rng(9)
W1, B1 = np.array([[0.6, -0.4], [-1.0, 0.8], [0.3, 0.9]]), np.array([[0.1], [0.2], [-0.3]])
W2, B2 = np.array([[1.2, -0.7, 0.5], [-0.6, 0.9, 1.1]]), np.array([[0.3], [-0.2]])
CHAPTER = {1: Layer(W1, B1, tanh), 2: Layer(W2, B2, sigmoid)}
OTHER = {l: Layer(rng.normal(size=n.w.shape), rng.normal(size=n.b.shape), n.sigma)
         for l, n in CHAPTER.items()}  # fmt: skip
CASES = [(CHAPTER, [[1.0], [0.5]], [[1.0], [0.0]]), (OTHER, [[-0.7], [1.3]], [[0.2], [0.9]])]
NEURONS = {"z¹₁": (1, 0), "z¹₂": (1, 1), "z¹₃": (1, 2), "z²₁": (2, 0), "z²₂": (2, 1)}
VIEWS = [0.0004, 0.004, 0.04, 0.4, 4]
SHARES = [round(0.05 * k, 2) for k in range(-20, 21)]
MISTAKES = ["no mistake", "σ′ lost in BP1", "σ′ lost in BP2", "ᵀ lost in BP2", "z for a in BP4"]


def given(network, x, y):
    layers = [
        {"w": layer.w.tolist(), "b": layer.b.tolist(), "sigma": layer.sigma.name}
        for layer in network.values()
    ]
    return {"layers": layers, "x": x, "y": y}


def cost_after(network, x, y, l, j, push):
    z = forward(network, x)[0][l].copy()
    z[j, 0] += push
    out = network[l].sigma(z)
    if l == 1:
        out = network[2].sigma(network[2].w @ out + network[2].b)
    return quadratic(out, y)


@pytest.mark.parametrize("case", CASES, ids=["chapter", "other"])
def test_a_push_is_told_with_its_cost_and_its_tangent(case):
    network, x, y = case
    x, y = np.array(x), np.array(y)
    draw = random.Random(0)
    states = [
        {"neuron": n, "zoom": v, "share": s}
        for n, v, s in itertools.product(NEURONS, VIEWS, (-1, -0.05, 0.05, 1))
    ] + [
        {"neuron": draw.choice(list(NEURONS)), "zoom": draw.choice(VIEWS), "share": draw.choice(SHARES)}
        for _ in range(60)
    ]  # fmt: skip
    z, a = forward(network, x)
    C, delta = quadratic(a[2], y), backprop(network, x, y, quadratic).delta
    for state, view in zip(states, views("stepper", given(*case), states), strict=True):
        l, j = NEURONS[state["neuron"]]
        push, old, slope = state["share"] * state["zoom"], z[l][j, 0], delta[l][j, 0]
        said = view["sentence"]
        if push == 0:
            assert said == minus(
                f"{state['neuron']} is not pushed, and the cost is {C:.4f}. Of a small push the "
                f"tangent says {slope:.4f} for each unit."
            )
            continue
        change = cost_after(network, x, y, l, j, push) - C
        found = re.fullmatch(
            r"(\S+) is pushed by (\S+), from (\S+) to (\S+): the cost (rises|falls) by (\S+)\. For each "
            r"unit of the push that is (\S+); the tangent says (\S+)\.", said,
        ).groups()  # fmt: skip
        assert found[0] == state["neuron"]
        assert found[4] == ("rises" if change > 0 else "falls")
        assert number(found[1]) == pytest.approx(push, rel=5.1e-3)
        assert number(found[5]) == pytest.approx(abs(change), rel=5.1e-3, abs=1e-15)
        for text, value in zip(found[2:4] + found[6:], (old, old + push, change / push, slope),
                               strict=True):  # fmt: skip
            assert number(text) == pytest.approx(value, abs=5.1e-5)
        [handle] = view["handles"].values()
        assert handle["fields"] == ["share"]
        assert minus(f"slope of the tangent: {slope:.4f}") in view["svg"]


def spoiled(network, x, y, mistake):
    """The six results with one mistake; None where a product does not exist."""
    z, a = forward(network, x)
    d2 = (a[2] - y) * (1 if "in BP1" in mistake else sigmoid.prime(z[2]))
    d1 = network[2].w.T @ d2 * (1 if mistake == "σ′ lost in BP2" else tanh.prime(z[1]))
    if mistake == "ᵀ lost in BP2":
        with pytest.raises(ValueError, match="mismatch"):
            network[2].w @ d2
        d1 = None
    carried = z[1] if "in BP4" in mistake else a[1]
    return [d2, d1, d2, d1, d2 @ carried.T, None if d1 is None else d1 @ x.T]


@pytest.mark.parametrize("case", CASES, ids=["chapter", "other"])
def test_a_pass_shows_what_it_found_and_what_is_wrong_with_it(case):
    network, x, y = case
    x, y = np.array(x), np.array(y)
    states = [
        {"step": step, "mistake": mistake, "neuron": neuron}
        for step, mistake, neuron in itertools.product(range(7), MISTAKES, NEURONS)
    ]
    names, ready = ["δ²", "δ¹", "∂C/∂b²", "∂C/∂b¹", "∂C/∂w²", "∂C/∂w¹"], [3, 4, 5, 5, 6, 6]
    g = backprop(network, x, y, quadratic)
    true = [g.delta[2], g.delta[1], g.b[2], g.b[1], g.w[2], g.w[1]]
    for state, view in zip(states, views("stepper", given(*case), states), strict=True):
        found = spoiled(network, x, y, state["mistake"])
        known = [i for i in range(6) if ready[i] <= state["step"]]
        wrong = [
            names[i] for i in known if found[i] is not None and not np.allclose(found[i], true[i])
        ]
        said = view["sentence"]
        assert said.endswith(f"Planted: {state['mistake']}.")
        assert said.startswith(f"Step {state['step']}. ")
        assert ("No slope is known yet." in said) == (not known)
        assert re.findall(r"Wrong: (.*?)\.", said) == ([", ".join(wrong)] if wrong else [])
        failed = state["step"] >= 4 and state["mistake"] == "ᵀ lost in BP2"
        assert ("w²δ² does not exist" in said) == failed
        rows = BeautifulSoup(view["table"], "html.parser").select("tbody tr")
        for i, row in enumerate(rows):
            name, shape, got, by = (cell.get_text(" ") for cell in row.select("th, td"))
            assert name == names[i]
            assert shape == str(true[i].shape)
            if i not in known or found[i] is None:
                assert (got, by) == ("?", "")
                continue
            numbers = [number(text) for text in re.findall(r"−?\d+\.\d+", got)]
            assert numbers == pytest.approx(found[i].ravel().tolist(), abs=5.1e-4)
            assert by.startswith("✗") == (name in wrong)
            if name in wrong:
                by = [number(text) for text in re.findall(r"−?\d+\.\d+", by)]
                assert by == pytest.approx(true[i].ravel().tolist(), abs=5.1e-4)
        l, j = NEURONS[state["neuron"]]
        delta = found[2 - l] if ready[2 - l] <= state["step"] else None
        line = re.findall(r"the slope δ = (\S+) (touches|misses) the curve of (\S+?)[.,]", said)
        if delta is None:
            assert line == []
        else:
            right = np.isclose(delta[j, 0], true[2 - l][j, 0])
            assert line == [(line[0][0], "touches" if right else "misses", state["neuron"])]
            assert number(line[0][0]) == pytest.approx(delta[j, 0], abs=5.1e-4)
