"""The explorer of chapter 5 (scripts/slope.js) against the package: the numbers of its sentence and of
its table, and the tangents that it draws, in states drawn at random and at the ends."""

import re

import numpy as np
import pytest
from bs4 import BeautifulSoup

from backprop.activations import sigmoid
from backprop.costs import quadratic, sigmoid_cross_entropy
from bookkit.explore import Number, explore
from bookkit.scripted import views

START = {"output": 0.001, "target": 1}
TARGETS = [0, 0.25, 0.5, 0.75, 1]
EXPLORER = explore(
    "slope", name="slope", output=Number(0.001, 0.999), target=TARGETS, start=START, size=(403, 400)
)


def states():
    rng = np.random.default_rng(5)
    anywhere = [
        {"output": round(rng.uniform(0.001, 0.999), 4), "target": TARGETS[rng.integers(5)]}
        for _ in range(100)
    ]
    met = [{"output": t, "target": t} for t in (0.25, 0.5, 0.75)]
    return [*EXPLORER.corners(), *met, {"output": 1 / 3, "target": 1}, *anywhere]


def near(text, value):
    """Tell whether a text is a number with three digits."""
    found = float(text.replace("−", "-"))
    return found == pytest.approx(value, rel=5.1e-3, abs=1e-12)


def known(state):
    """Return sigma'(z), and for each cost (cost, slope in a, slope in z), by central differences."""
    a, y = np.array([[state["output"]]]), np.array([[float(state["target"])]])
    z, h = np.log(a / (1 - a)), 1e-5
    costs = (
        lambda t: quadratic(sigmoid(t), y),
        lambda t: sigmoid_cross_entropy(t, y),
    )
    prime = float(a[0, 0] * (1 - a[0, 0]))
    rows = []
    for cost in costs:
        slope = (cost(z + h) - cost(z - h)) / (2 * h)
        slope = 0.0 if a[0, 0] == y[0, 0] else slope
        rows.append((cost(z), slope / prime, slope))
    return float(z[0, 0]), prime, rows


def test_every_number_is_the_packages():
    every = states()
    for state, view in zip(every, views("slope", {}, every), strict=True):
        z, prime, rows = known(state)
        said = re.findall(r"−?\d+(?:\.\d+)?", view["sentence"])
        (qc, _, qz), (xc, _, xz) = rows
        wanted = [state["target"], state["output"], z, prime, qc, qz, xc, xz]
        assert len(said) == 8, view["sentence"]
        assert abs(float(said[2].replace("−", "-")) - z) < 0.0051
        for text, value in zip(said[:2] + said[3:], wanted[:2] + wanted[3:], strict=True):
            assert near(text, value), (state, text, value)
        table = BeautifulSoup(view["table"], "html.parser").find_all("tr")[1:]
        columns = zip(*([cell.text for cell in row.find_all("td")] for row in table), strict=True)
        for cells, (c, in_a, in_z) in zip(columns, rows, strict=True):
            assert all(map(near, cells, (c, in_a, prime, in_z))), (state, cells)


def test_tangents_have_the_slope_and_stay_in_their_panels():
    every = states()
    scales = [(150, 118 / 0.56), (150, 118 / 7.4)]
    for state, view in zip(every, views("slope", {}, every), strict=True):
        _, _, rows = known(state)
        drawn = re.findall(r'<path d="M([^"]*)" fill="none" [^>]*stroke-width="3"', view["svg"])
        assert len(drawn) == 4
        for i, (kind, over) in enumerate((k, o) for k in (0, 1) for o in ("a", "z")):
            ends = np.array([list(map(float, p.split())) for p in drawn[i].split("L")])
            left, top = 44 + 196 * kind, 46 if over == "a" else 242
            inside = (ends >= [left - 0.01, top - 0.01]) & (ends <= [left + 150.01, top + 118.01])
            assert inside.all(), (state, ends)
            wide, high = scales[kind]
            along = wide if over == "a" else wide / 14.6
            rise = rows[kind][1 if over == "a" else 2] * high
            (dx, dy) = ends[1] - ends[0]
            cross = dx * rise + dy * along
            assert abs(cross) < 0.02 * np.hypot(along, rise), (state, kind, over)
        assert set(view["handles"]) == {"quadratic", "cross-entropy"}


def test_the_first_question_has_its_answer():
    every = [{"output": a, "target": 1} for a in (0.001, 1 / 3, 0.9)]
    said = [v["sentence"].split("Quadratic")[1] for v in views("slope", {}, every)]
    found = [re.search(r"slope in z (−[\d.]+)\.", s)[1] for s in said]
    assert found == ["−0.000998", "−0.148", "−0.009"]
