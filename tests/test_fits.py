"""The explorer of chapter 1 (scripts/fits.js) against the package: the numbers of its sentences, with
networks that go on learning, in states drawn at random and at the ends."""

import itertools
import re
from functools import cache

import numpy as np
import pytest
from conftest import number

from backprop.activations import identity, tanh
from backprop.backpropagation import backprop
from backprop.costs import quadratic
from backprop.network import Layer, forward
from backprop.optimizers import adam
from backprop.training import start, step
from bookkit.scripted import views

X = np.linspace(-3, 3, 15)
Y = np.sin(X)
RATE = 0.04


def drawn():
    """Return six networks that are near the points: random tanh, and the best weights on them."""
    rng = np.random.default_rng(6)
    for _ in range(6):
        w, b = rng.normal(size=(8, 1)), rng.normal(size=(8, 1))
        terms = np.vstack([np.tanh(w * X + b), np.ones(15)]).T
        *v, c = np.linalg.lstsq(terms, Y, rcond=1e-3)[0]
        yield [[w.tolist(), b.tolist()], [[list(map(float, v))], [[float(c)]]]]


NETWORKS = list(drawn())
DATA = {"x": X.tolist(), "y": Y.tolist(), "networks": NETWORKS, "rate": RATE}
SENTENCE = re.compile(
    r"(?:After (?P<steps>\d+) steps with the marker as a sixteenth point network|Network) (?P<k>\d) "
    r"misses the 15 points by at most (?P<miss>[\d.]+)\. "
    r"(?:What it says beyond is covered(?P<wait>, and the steps wait until it is open)?\. "
    r"The marker says (?P<covered>\S+) at x = 6\."
    r"|At x = 6 it says (?P<at6>\S+), the marker (?P<marker>\S+), the sine −0\.28; at 8 it says "
    r"(?P<at8>\S+), the sine 0\.99\. (?P<when>The six say|Before these steps the six said) "
    r"(?P<low>\S+) to (?P<high>\S+) at 6\.)"
)


def states():
    rng = np.random.default_rng(1)
    for ends in itertools.product(("covered", "open"), (1, 6), (0, 20, 500), (-3, 0, 3)):
        yield dict(zip(("outside", "network", "steps", "marker"), ends, strict=True))
    for _ in range(60):
        yield {
            "outside": ("covered", "open")[rng.integers(2)], "network": int(rng.integers(1, 7)),
            "steps": int(20 * rng.integers(26)), "marker": round(rng.uniform(-3, 3), 2),
        }  # fmt: skip


@cache
def learned(k, steps, marker):
    (w1, b1), (w2, b2) = NETWORKS[k - 1]
    network = {
        1: Layer(np.array(w1), np.array(b1), tanh), 2: Layer(np.array(w2), np.array(b2), identity)
    }  # fmt: skip
    x, y, rule = np.append(X, 6)[None], np.append(Y, marker)[None], adam()
    rests = start(network, rule)
    for _ in range(steps):
        network, rests = step(network, backprop(network, x, y, quadratic), rests, RATE, rule)
    return network


def says(network, *x):
    return forward(network, np.array([x], float))[1][2][0]


def steps_made(state):
    """Return how many steps are shown: none while the answer is covered."""
    return state["steps"] if state["outside"] == "open" else 0


@pytest.fixture(scope="module")
def seen():
    every = list(states())
    return list(zip(every, views("fits", DATA, every), strict=True))


def test_the_sentence_says_what_the_package_computes(seen):
    kinds = set()
    for state, view in seen:
        said = SENTENCE.fullmatch(view["sentence"])
        assert said, view["sentence"]
        assert not re.search(r"−0\.00?\b(?!\d)", view["sentence"])
        k, steps, marker = state["network"], steps_made(state), state["marker"]
        network = learned(k, steps, marker)
        assert (int(said["k"]), int(said["steps"] or 0)) == (k, steps)
        miss = np.abs(says(network, *X) - Y).max()
        assert -1e-6 < number(said["miss"]) - miss < 0.001 + 1e-6
        assert number(said["covered"] or said["marker"]) == pytest.approx(marker, abs=0.0051)
        assert bool(said["covered"]) == (state["outside"] == "covered")
        assert bool(said["wait"]) == (steps < state["steps"])
        kinds.add((state["outside"], state["steps"] > 0))
        if said["covered"]:
            continue
        at6, at8 = says(network, 6, 8)
        untouched = [says(learned(n, 0, 0), 6)[0] for n in range(1, 7)]
        exact = (at6, at8, min(untouched), max(untouched))
        for name, value in zip(("at6", "at8", "low", "high"), exact, strict=True):
            assert abs(number(said[name]) - value) < 0.00501, (state, name)
        assert said["when"].startswith("Before") == (steps > 0)
    assert len(kinds) == 4


def test_what_is_covered_is_not_to_be_seen(seen):
    for state, view in seen:
        covered = state["outside"] == "covered"
        assert ("<rect" in view["svg"]) == covered
        beneath, _, above = view["svg"].partition("<rect")
        solid = 'stroke="var(--figure-forward)"'
        assert solid in beneath
        if covered:  # above the cover only axes, points, marker and the key
            assert above.count(solid) == 1
            assert above.count('stroke="var(--figure-truth)"') == 1


def test_under_the_cover_no_network_learns_the_guess(seen):
    start = {"outside": "covered", "network": 1, "steps": 0, "marker": 2.5}
    at_start, later = views("fits", DATA, [start, {**start, "steps": 500}])
    assert later["svg"] == at_start["svg"]


def test_the_key_names_the_curves_that_are_drawn(seen):
    for state, view in seen:
        opened = state["outside"] == "open"
        assert ("the other five" in view["svg"]) == (opened and not state["steps"])
        assert ("all six, before" in view["svg"]) == (opened and state["steps"] > 0)


def test_the_handle_stays_in_the_picture_and_is_where_the_marker_is(seen):
    for state, view in seen:
        handle = view["handles"]["marker"]
        assert handle["x"] == pytest.approx(36 + 354 * 9.5 / 12)
        assert handle["y"] == pytest.approx(14 + 236 * (3.4 - state["marker"]) / 6.8)
