"""The explorer of chapter 2: what it says is what the package computes."""

import re

import numpy as np
import pytest

from backprop.perceptron import output
from bookkit.scripted import views

# of the rows 00, 01, 10, 11, and written down again here
TABLES = {
    "never": "0000", "AND": "0001", "x₁ and not x₂": "0010", "x₁": "0011", "x₂ and not x₁": "0100",
    "x₂": "0101", "XOR": "0110", "OR": "0111", "NOR": "1000", "XNOR": "1001", "not x₂": "1010",
    "x₁ or not x₂": "1011", "not x₁": "1100", "x₂ or not x₁": "1101", "NAND": "1110",
    "always": "1111",
}  # fmt: skip
GATES = {name: [int(digit) for digit in digits] for name, digits in TABLES.items()}
DATA = {"gates": list(GATES)}
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
SENTENCE = re.compile(
    r"w = \((.*), (.*)\) and b = (.*) answer the rows 00, 01, 10, 11 with (.*?): (.*?)\."
    r"( At .* z is 0, and the answer 0\.)?( Both weights are 0: there is no cut\.)?"
    r" Of the four answers of (.*), (\d) (is|are) right\."
    r" With these weights b alone makes (\d) of the 16 gates\."
)


def states(count, seed=0):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        w1, w2, b = rng.integers(-14, 15), rng.integers(-14, 15), rng.integers(-30, 31)
        gate = list(GATES)[rng.integers(16)]
        yield {"gate": gate, "w1": w1 / 10, "w2": w2 / 10, "b": b / 10}
    for w1, w2, b in ((0, 0, 0), (0, 0, 5), (3, -3, 0), (10, 10, -10), (1, 2, -3), (10, 10, -20)):
        yield {"gate": "XOR", "w1": w1 / 10, "w2": w2 / 10, "b": b / 10}


@pytest.fixture(scope="module")
def seen():
    tried = list(states(2000))
    return list(zip(tried, views("cut", DATA, tried), strict=True))


def whole(state):
    """Return weights and bias in tenths, in which nothing is rounded."""
    return np.round([10 * state["w1"], 10 * state["w2"]]), round(10 * state["b"])


def test_the_sentence_holds_in_every_state(seen):
    for state, view in seen:
        found = SENTENCE.fullmatch(view["sentence"])
        assert found, view["sentence"]
        w1, w2, b, answers, name, ties, flat, gate, count, verb, lit = found.groups()
        assert [float(v.replace("−", "-")) for v in (w1, w2, b)] == [
            state["w1"], state["w2"], state["b"],
        ]  # fmt: skip
        expected = output(*whole(state), X).tolist()
        assert [int(a) for a in answers.split(", ")] == expected == GATES[name]
        w, bias = whole(state)
        tied = ["".join(map(str, row)) for row in X if row @ w + bias == 0]
        assert re.findall(r"\d\d", ties or "") == tied
        assert bool(flat) == (not w.any())
        agree = int((np.array(expected) == GATES[state["gate"]]).sum())
        assert gate == state["gate"]
        assert count == str(agree)
        assert verb == ("is" if agree == 1 else "are")
        assert int(lit) == len(made_by_b(w))


def test_the_table_holds_the_four_inequalities(seen):
    for state, view in seen:
        w, b = whole(state)
        rows = re.findall(r"<td>(.*?) = (.*?)</td><td>(.*?)</td><td>&ensp;(.)</td>", view["table"])
        for x, wanted, (_, z, needed, sign) in zip(X, GATES[state["gate"]], rows, strict=True):
            value = round(float(z.replace("−", "-")) * 10)
            assert value == x @ w + b
            assert needed.strip() == ("&gt; 0" if wanted else "≤ 0")
            assert (sign == "✓") == ((value > 0) == bool(wanted))


def made_by_b(w):
    """Return the answers that these weights, in tenths, give at some b of the slider."""
    return {"".join(map(str, output(w, b, X))) for b in range(-30, 31)}


def test_the_lit_gates_are_those_that_b_alone_makes_and_xor_is_never_lit():
    grid = [
        {"gate": "XOR", "w1": w1 / 10, "w2": w2 / 10, "b": -0.3}
        for w1 in range(-14, 15) for w2 in range(-14, 15)
    ]  # fmt: skip
    ever = set()
    for state, view in zip(grid, views("cut", DATA, grid), strict=True):
        shelf = re.findall(r'data-set="gate=(.*?)">.*? r="(\d)" ', view["svg"])
        lit = {TABLES[name] for name, radius in shelf if radius == "5"}
        assert len(shelf) == 16
        assert lit == made_by_b(whole(state)[0])
        assert f"the {len(lit)} of 16 gates" in view["svg"]
        assert "4 are right" not in view["sentence"]
        ever |= lit
    assert ever == {*TABLES.values()} - {"0110", "1001"}


def test_the_handles_stay_in_the_picture_apart_and_off_the_corners(seen):
    spots = [(x + left, y) for x, y in X for left in (0, -0.17)]  # of a corner and of its sign
    corners = [(40 + 200 * (x + 0.6) / 2.2, 222 - 200 * (y + 0.6) / 2.2) for x, y in spots]
    for state, view in seen:
        places = [(h["x"], h["y"]) for h in view["handles"].values()]
        for x, y in places:
            assert 40 <= x <= 240
            assert 22 <= y <= 222
        assert np.hypot(*np.subtract(*places)) > 24, state
        gaps = [np.hypot(*np.subtract(p, c)) for p in places for c in corners]
        assert min(gaps) > 14, state
