"""The explorer of chapter 7: its sentence's numbers computed again by the package, at random states."""

import gzip
import json
import re

import numpy as np
import pytest
from bs4 import BeautifulSoup
from conftest import number
from test_book import ROOT, read

from backprop import costs
from backprop.activations import sigmoid
from backprop.backpropagation import backprop
from backprop.network import Layer
from bookkit.scripted import SCRIPTS, views

DATA = {"near": 1.5, "level": 0.2, "most": 20_000}
COSTS = {"quadratic": costs.quadratic, "cross-entropy": costs.cross_entropy}
SAYS = re.compile(
    r"([AB]) says (under 0\.0001|[\d.]+) \(z = (−?[\d.]+)\), the next step moves z by (≈ 0|−[\d.]+), "
    r"(not at 0\.2 yet|at 0\.2 or below since step (\d+)|at 0\.2 or below from the start)"
)
ONE, ZERO = np.ones((1, 1)), np.zeros((1, 1))


def package_run(z, cost, rate, steps):
    """Return z and the next step's change of it, after the steps, and the first step at 0.2."""
    w = b = np.array([[z / 2]])
    first = None
    for k in range(steps + 1):
        now = (w + b).item()
        if first is None and sigmoid(now) <= 0.2:
            first = k
        slopes = backprop({1: Layer(w, b, sigmoid)}, ONE, ZERO, COSTS[cost])
        new_w, new_b = w - rate * slopes.w[1], b - rate * slopes.b[1]
        move, (w, b) = (new_w + new_b).item() - now, (new_w, new_b)
    return now, move, first


rng = np.random.default_rng(7)
STATES = [
    {
        "cost": str(rng.choice(list(COSTS))), "rate": float(rng.choice([0.05, 0.15, 0.5, 2, 8, 32])),
        "step": int(rng.choice([0, 1, 2, 5, 22, 44, 50, 107, 300, 700])),
        "begin": round(rng.uniform(0, 9), 1),
    }
    for _ in range(30)
]  # fmt: skip


def test_the_sentence_says_what_the_package_computes():
    for state, view in zip(STATES, views("neuron", DATA, STATES), strict=True):
        found = SAYS.findall(view["sentence"])
        assert [name for name, *_ in found] == ["A", "B"], view["sentence"]
        for (_, says, z_text, move_text, there, since), start in zip(
            found, (1.5, state["begin"]), strict=True
        ):
            z, move, first = package_run(start, state["cost"], state["rate"], state["step"])
            a = float(sigmoid(z))
            assert number(z_text) == pytest.approx(z, abs=0.0051)
            if says.startswith("under"):
                assert a < 0.0001
            else:
                assert float(says) == pytest.approx(a, rel=6e-4)
            if move_text == "≈ 0":
                assert abs(move) < 1.01e-6
            else:
                assert number(move_text) == pytest.approx(move, rel=6e-3)
            if first is None:
                assert there == "not at 0.2 yet"
            elif first == 0:
                assert there.endswith("from the start")
            else:
                assert int(since) == first


def test_the_text_quotes_the_steps_that_the_explorer_counts():
    base = {"begin": 8, "step": 20_000}
    counts = {
        ("quadratic", 0.15): (107, 10_099), ("cross-entropy", 0.15): (22, 44),
        ("quadratic", 32): (1, 50),
    }  # fmt: skip
    states = [base | {"cost": cost, "rate": rate} for cost, rate in counts]
    for view, wanted in zip(views("neuron", DATA, states), counts.values(), strict=True):
        assert tuple(int(found[5]) for found in SAYS.findall(view["sentence"])) == wanted


def test_a_run_counts_its_steps_up_to_the_last():
    state = {"cost": "quadratic", "rate": 0.15, "begin": 8}
    states = [{**state, "step": step} for step in (10_098, 10_099)]
    before, after = (view["sentence"] for view in views("neuron", DATA, states))
    assert before.endswith("not at 0.2 yet.")
    assert after.endswith("since step 10099.")


def test_every_text_stays_in_the_picture():
    edges = [
        {"cost": cost, "rate": rate, "step": step, "begin": begin}
        for cost in COSTS for rate in (0.05, 32) for step in (0, 1, 20_000) for begin in (0, 9)
    ]  # fmt: skip
    for view in views("neuron", DATA, [*edges, *STATES]):
        soup = BeautifulSoup(view["svg"], "html.parser")
        for text in soup.select("text"):
            x, y, wide = float(text["x"]), float(text["y"]), 7.2 * len(text.get_text())
            left = x - {"start": 0, "middle": wide / 2, "end": wide}[text["text-anchor"]]
            assert left >= -1
            assert left + wide <= 404, text
            assert 10 <= y <= 447
        assert not re.search(r"NaN|undefined|Infinity|<text[^>]*>null", view["svg"])


def test_the_page_gives_the_data_that_is_tested_here():
    [path] = (ROOT / "book").glob("07_*.ipynb")
    [cell] = [c.source for c in read(path).cells if '"neuron",\n    name=' in c.source]
    given = json.loads(re.search(r"data=(\{[^}]*\})", cell)[1].replace("20_000", "20000"))
    assert given == DATA


def test_the_script_is_small():
    assert len(gzip.compress((SCRIPTS / "neuron.js").read_bytes(), 6)) <= 5000
