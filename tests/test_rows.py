"""The explorer of chapter 4 (scripts/rows.js) against the package: the numbers of its sentences and
its matrices, in every choice of an edge and in states drawn at random."""

import random
import re

import numpy as np
import pytest
from conftest import number

from backprop.activations import ACTIVATIONS
from backprop.network import Layer, forward, initialize, parameter_count
from bookkit.scripted import views

CHAPTER = [
    ([[0.8, -0.5], [-1.1, 0.6], [0.4, 0.9], [-0.3, -0.7]], [[0.1], [0.3], [-0.2], [0.5]], "tanh"),
    ([[0.6, -0.9, 1.2, 0.2], [-0.4, 0.7, 0.3, -1.0], [-1.3, 0.5, -0.6, 0.8]], [[0.2], [-0.1], [0.4]],
     "sigmoid"),
]  # fmt: skip
rng = np.random.default_rng(47)
OTHER = [
    (layer.w.round(2).tolist(), layer.b.round(2).tolist(), name)
    for layer, name in zip(
        initialize([2, 4, 3], scheme="normal", rng=rng).values(), ("sigmoid", "tanh"), strict=True
    )
]
OTHERS = [[-0.4, 1.5], [1.2, 0.3]]
EDGES = [f"w¹{j}{k}" for j in "₁₂₃₄" for k in "₁₂"] + [f"w²{j}{k}" for j in "₁₂₃" for k in "₁₂₃₄"]
draw = random.Random(4)
STATES = [
    {"weight": weight, "samples": samples, "x1": 0.9, "x2": -0.4}
    for weight in ["none yet", *EDGES]
    for samples in (1, 2, 3)
] + [
    {"weight": draw.choice(["none yet", *EDGES]), "samples": draw.choice((1, 2, 3)),
     "x1": draw.choice((-10, 10, round(draw.uniform(-10, 10), 2))), "x2": round(draw.uniform(-3, 3), 2)}
    for _ in range(80)
] + [{"weight": "w¹₂₁", "samples": 1, "x1": 0.1234, "x2": -0.4}]  # fmt: skip
NUMBER = r"−?\d+(?:\.\d+)?"
CHOSEN = re.compile(
    rf"(w[¹²][₁-₄][₁-₄]) = ({NUMBER}) leads to neuron (\d) of layer (\d) from (neuron|input) (\d), "
    rf"and stands in row (\d), column (\d) of w([¹²])\.(.*?) All that enters "
    rf"there(, for sample 1)?: z([¹²])([₁-₄]) = (.+) ([=≈]) ({NUMBER}), and a([¹²])([₁-₄]) = "
    rf"(tanh|sigmoid)\(z.*\) = "
    rf"({NUMBER})\.( Here are (\d) samples, (\d) columns, and the same (\d+) parameters\.)?"
)


def value(text):
    """Return the sum of products that a sentence writes."""
    plain = text.replace("−", "-").replace("·", "*")
    assert re.fullmatch(r"[-+*. ()\d]+", plain)
    return eval(plain)


def network(layers):
    return {
        l: Layer(np.array(w), np.array(b), ACTIVATIONS[name])
        for l, (w, b, name) in enumerate(layers, 1)
    }


def seen(layers):
    data = {"layers": [{"w": w, "b": b, "sigma": name} for w, b, name in layers], "others": OTHERS}
    return zip(STATES, views("rows", data, STATES), strict=True)


@pytest.mark.parametrize("layers", [CHAPTER, OTHER], ids=["chapter", "other"])
def test_the_sentence_says_what_the_package_computes(layers):
    net = network(layers)
    for state, view in seen(layers):
        x = np.array([[state["x1"], state["x2"]], *OTHERS]).T[:, : state["samples"]]
        z, a = forward(net, x)
        said, many = view["sentence"], state["samples"] > 1
        if state["weight"] == "none yet":
            outputs = re.findall(NUMBER, said.partition("outputs are ")[2])[:3]
            assert [number(t) for t in outputs] == pytest.approx(a[2][:, 0], abs=5.1e-4)
            assert (f"{state['samples']} columns" in said) == many
            continue
        found = CHOSEN.fullmatch(said)
        assert found, said
        (edge, weight, j, l, source, k, row, column, layer, asked, first, zl, zj, terms, equal, total, al,
         aj, sigma, activation, _, samples, columns, count) = found.groups()  # fmt: skip
        l, j, k = int(l), int(j), int(k)
        assert edge == state["weight"] == f"w{'¹²'[l - 1]}{'₁₂₃₄'[j - 1]}{'₁₂₃₄'[k - 1]}"
        assert (int(row), int(column), layer) == (j, k, "¹²"[l - 1])
        assert zl == al == layer
        assert zj == aj == "₁₂₃₄"[j - 1]
        assert source == ("input" if l == 1 else "neuron")
        assert number(weight) == net[l].w[j - 1, k - 1]
        assert number(total) == pytest.approx(z[l][j - 1, 0], abs=5.1e-5)
        assert value(terms) == pytest.approx(z[l][j - 1, 0], abs=1e-3)
        # what is written as equal is equal, to the four decimals that are written
        assert equal == "≈" or value(terms) == pytest.approx(number(total), abs=5.1e-5)
        if abs(state["x1"]) == 0.9:
            assert equal == ("=" if l == 1 else "≈")
        assert sigma == net[l].sigma.name
        assert number(activation) == pytest.approx(a[l][j - 1, 0], abs=5.1e-5)
        assert ("the edge asked for" in asked) == (edge == "w²₃₁")
        assert ("Asked for is w²₃₁" in asked) == (edge == "w²₁₃")
        told = (str(state["samples"]), str(state["samples"]), str(parameter_count(net)))
        assert (samples, columns, count) == (told if many else (None, None, None))
        assert bool(first) == many


def test_the_matrices_hold_every_number():
    net = network(CHAPTER)
    for state, view in seen(CHAPTER):
        m = state["samples"]
        x = np.array([[state["x1"], state["x2"]], *OTHERS]).T[:, :m]
        _, a = forward(net, x)
        texts = re.findall(r"<text[^>]*>([^<]*)</text>", view["svg"])
        for l in (1, 2):
            shown = [f"{v:.3f}".replace("-", "−") for v in a[l].ravel()]
            assert [t for t in shown if t not in texts] == []
            assert {f"w{'¹²'[l - 1]} {net[l].w.shape}", f"b{'¹²'[l - 1]} {net[l].b.shape}"} <= set(
                texts
            )
            assert f"a{'¹²'[l - 1]} {a[l].shape}" in texts
        assert f"a⁰ = x (2, {m})" in texts


def test_every_edge_can_be_clicked_in_both_places():
    for _, view in list(seen(CHAPTER))[:6]:
        for edge in EDGES:
            assert view["svg"].count(f'data-set="weight={edge}"') == 2
