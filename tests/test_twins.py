"""The twins of chapter 11 (scripts/twins.js): what is said in any state, computed by the package from the
same weights, and the recorded gradient checks, made again."""

import gzip
import re
from functools import partial

import numpy as np
import pytest
from bs4 import BeautifulSoup
from conftest import explorer_of

from backprop.activations import identity, tanh
from backprop.backpropagation import backprop
from backprop.costs import softmax_cross_entropy
from backprop.gradient_check import central_difference, relative_error
from backprop.network import Layer, forward
from bookkit.scripted import scripts_of, views

SLOPES = [f"along {name}{l}" for l in "¹²³" for name in "wb"]


@pytest.fixture(scope="module")
def twins():
    return explorer_of("11_training.ipynb", "twins")


def network(layers):
    sigmas = (tanh, tanh, identity)
    return {
        l: Layer(np.array(w), np.array(b), sigma)
        for l, ((w, b), sigma) in enumerate(zip(layers, sigmas, strict=True), 1)
    }


def data_of(start):
    points = np.array(start["points"])
    return points[:, :2].T, np.stack([1 - points[:, 2], points[:, 2]])


def states(twins):
    lists = [c.values for c in twins.controls]
    names = [c.name for c in twins.controls]
    return [
        dict(zip(names, (step, start, check), strict=True))
        for step in lists[0] for start in lists[1] for check in lists[2]
    ]  # fmt: skip


def cost_with(net, x, y, w):
    moved = net | {1: net[1]._replace(w=w)}
    return softmax_cross_entropy.f(forward(moved, x)[1][3], y)


def off(start, letter, at):
    """Return the recorded relative errors of a net's six slopes."""
    return [float(e) for e in start["off"][letter][at]]


def two_digits(value):
    return np.format_float_positional(float(f"{value:.2g}"), trim="-")


def test_every_number_of_the_sentence_is_the_packages(twins):
    every = states(twins)
    for state, view in zip(every, views("twins", twins.data, every), strict=True):
        start = twins.data["starts"][str(state["run"])]
        at = twins.data["steps"].index(state["step"])
        x, y = data_of(start)
        told = []
        for letter in "AB":
            a = forward(network(start["nets"][letter][at]), x)[1][3]
            right, cost = int(np.sum(a.argmax(0) == y.argmax(0))), softmax_cross_entropy.f(a, y)
            said = "below 0.001" if cost < 0.001 else f"{cost:.3f}"
            told.append(f"net {letter} has {right} of 120 points right at cost {said}")
            assert f">{right} of 120 right<" in view["svg"]
        wrong = start["wrong"]
        w, b = (two_digits(e) for e in off(start, wrong, at)[:2])
        verdict = "The gradient check is closed."
        if state["check"] == "open":
            verdict = (
                f"The check finds the slopes of net {wrong} along w¹ and b¹ off by {w} and {b} of "
                f"their length, all others of both nets by less than 10⁻⁵: net {wrong} lacks the "
                f"transpose."
            )
        assert view["sentence"] == (
            f"Start {state['run']}, step {state['step']}: {', '.join(told)}. The shaded side is "
            f"called a square. {verdict}"
        )


def test_the_table_has_the_check_and_only_when_it_is_open(twins):
    every = states(twins)
    for state, view in zip(every, views("twins", twins.data, every), strict=True):
        if state["check"] == "closed":
            assert view["table"] == ""
            continue
        start = twins.data["starts"][str(state["run"])]
        at = twins.data["steps"].index(state["step"])
        rows = BeautifulSoup(view["table"], "html.parser").select("tbody tr")
        assert [row.th.text for row in rows] == SLOPES
        for k, row in enumerate(rows):
            for letter, cell in zip("AB", row.select("td"), strict=True):
                error = off(start, letter, at)[k]
                faulty = letter == start["wrong"] and k < 2
                assert (error > 1e-5) == faulty
                assert cell.text == (two_digits(error) if faulty else "below 10⁻⁵")


def test_the_recorded_checks_are_those_of_the_weights(twins):
    for number, at in (("1", 0), ("2", 6), ("3", 11)):
        start = twins.data["starts"][number]
        x, y = data_of(start)
        for letter in "AB":
            net = network(start["nets"][letter][at])
            found = backprop(net, x, y, softmax_cross_entropy)
            right_w = central_difference(partial(cost_with, net, x, y), net[1].w)
            assert relative_error(found.w[1], right_w) < 1e-5
            delta2 = found.delta[2]
            mixed = (net[2].w @ delta2) * tanh.prime(forward(net, x)[0][1]) @ x.T
            recorded = off(start, letter, at)[0]
            if letter == start["wrong"]:
                assert recorded == pytest.approx(relative_error(mixed, right_w), rel=0.1)
            else:
                assert recorded < 1e-5


def test_the_shaded_side_is_where_the_network_says_square(twins):
    state = {"step": 100, "run": 2, "check": "closed"}
    (view,) = views("twins", twins.data, [state])
    shades = re.findall(r'<path d="([^"]*)" fill="var\(--figure-grid\)"', view["svg"])
    at = twins.data["steps"].index(100)
    cells, side, reach, top = 33, 182, 1.2, 28
    one = side / cells
    for letter, left, shade in zip("AB", (12, 209), shades, strict=True):
        net = network(twins.data["starts"]["2"]["nets"][letter][at])
        places = ((2 * np.arange(cells) + 1) / cells - 1) * reach
        grid = np.stack([v.ravel() for v in np.meshgrid(places, -places)])
        square = forward(net, grid)[1][3].argmax(0).reshape(cells, cells)
        drawn = np.zeros((cells, cells), int)
        for x, y, wide in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)v", shade):
            row, from_ = round((float(y) - top) / one), round((float(x) - left) / one)
            drawn[row, from_ : from_ + round(float(wide) / one)] = 1
        np.testing.assert_array_equal(drawn, square)


def test_both_learn_from_every_start(twins):
    assert {start["wrong"] for start in twins.data["starts"].values()} == {"A", "B"}
    for start in twins.data["starts"].values():
        x, y = data_of(start)
        first = [start["nets"][letter][0] for letter in "AB"]
        assert first[0] == first[1]
        for letter in "AB":
            a = forward(network(start["nets"][letter][-1]), x)[1][3]
            assert np.all(a.argmax(0) == y.argmax(0))


def test_the_script_is_small():
    assert len(gzip.compress(scripts_of("twins")[-1].read_bytes())) <= 5000
