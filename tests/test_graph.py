"""Chapter 15's explorer, its numbers computed again; and what the chapter's text counts."""

import gzip
import random
import re
import xml.etree.ElementTree as ET

import nbformat
import numpy as np
import pytest
from conftest import ROOT, explorer_of

from backprop.gradient_check import central_difference
from bookkit.exercises import judge
from bookkit.scripted import SCRIPTS, views

CELLS = nbformat.read(ROOT / "book/15_automatic_differentiation.ipynb", as_version=4).cells
CODE = [cell for cell in CELLS if cell.cell_type == "code"]


DATA = explorer_of("15_automatic_differentiation.ipynb", "graph").data
GRAPHS = {graph["called"]: (graph["result"], graph["nodes"]) for graph in DATA["graphs"]}
STATES = [
    {"expression": e, "rule": r, "step": s} for e in GRAPHS for r in ("=", "+=") for s in range(10)
]
SEEN = views("graph", DATA, STATES)

# the expressions, written once more: their inputs in the order of the picture, and the result
WRITTEN = {
    "a recurrent neuron, 3 steps": (
        [0.5, 0.8],
        lambda v: np.tanh(v[1] * np.tanh(v[1] * np.tanh(v[1] * v[0] + 0.4) - 0.3) + 0.6),
    ),
    "(x + y)·exp x": ([0.4, -1.1], lambda v: (v[0] + v[1]) * np.exp(v[0])),
    "one neuron, C = ½a²": ([0.6, -1.2, 0.3], lambda v: np.tanh(v[1] * v[0] + v[2]) ** 2 / 2),
    "x·x·x·x": ([1.2], lambda v: v[0] ** 4),
    "a softmax of two": ([0.7, -0.4], lambda v: 1 / (1 + np.exp(v[1] - v[0]))),
}
SLOPES = {
    "·": lambda a, b: (b, a), "+": lambda a, b: (1, 1), "/": lambda a, b: (1 / b, -a / b**2),
    "exp": lambda a: (np.exp(a),), "tanh": lambda a: (1 - np.tanh(a) ** 2,), "half": lambda a: (a,),
    "+c": lambda a: (1,),
}  # fmt: skip
VALUES = {
    "·": lambda a, b: a * b, "+": lambda a, b: a + b, "/": lambda a, b: a / b, "exp": np.exp,
    "tanh": np.tanh, "half": lambda a: a * a / 2, "+c": lambda a: a,
}  # fmt: skip


def expected(state):
    """Return the numbers of a state's sentence, in their order."""
    result, nodes = GRAPHS[state["expression"]]
    inputs, f = WRITTEN[state["expression"]]
    value = {}
    for n in nodes:
        args = [value[a] for a in n.get("args", ())]
        value[n["name"]] = VALUES[n["op"]](*args) + n.get("c", 0) if args else n["value"]
    assert value[result] == pytest.approx(f(inputs), rel=1e-14)
    operations = [n for n in reversed(nodes) if "op" in n]
    done = min(state["step"], len(operations))
    adjoint = {result: 1.0}
    if not done:
        return [value[result], 1]
    for n in operations[:done]:
        told = [done, len(operations), adjoint[n["name"]]]
        for arg, slope in zip(
            n["args"], SLOPES[n["op"]](*(value[a] for a in n["args"])), strict=True
        ):
            part = adjoint[n["name"]] * slope
            told += [part] if arg not in adjoint else [part, adjoint[arg]]
            adjoint[arg] = part + (adjoint.get(arg, 0) if state["rule"] == "+=" else 0)
    if done == len(operations):
        right = central_difference(f, np.array(inputs))
        names = [n["name"] for n in nodes if "op" not in n]
        for name, exact in zip(names, right, strict=True):
            same = abs(adjoint[name] - exact) < 1e-6
            told += [adjoint[name]] if same else [adjoint[name], exact]
            assert same or state["rule"] == "="
        used = [a for n in nodes for a in n.get("args", ())]
        told += [used.count(n["name"]) for n in nodes if used.count(n["name"]) > 1]
    return told


def numbers(sentence):
    return [float(n) for n in re.findall(r"(?<!\w)[+-]?\d+(?:\.\d+)?", sentence.replace("−", "-"))]


def test_every_sentence_holds_what_python_computes():
    order = list(range(len(STATES)))
    random.Random(1).shuffle(order)
    for at in order:
        found, exact = numbers(SEEN[at]["sentence"]), expected(STATES[at])
        assert len(found) == len(exact), (STATES[at], SEEN[at]["sentence"], exact)
        np.testing.assert_allclose(found, exact, atol=5.1e-5, err_msg=str(STATES[at]))


def test_only_what_is_used_twice_needs_the_sum():
    for expression in GRAPHS:
        said = {s["rule"]: v["sentence"] for s, v in zip(STATES, SEEN, strict=True)
                if s["expression"] == expression and s["step"] == 9}  # fmt: skip
        assert "✗" not in said["+="]
        assert ("✗" in said["="]) == ("Used more than once" in said["="])
        assert ("= and += agree" in said["="]) == (expression == "one neuron, C = ½a²")


def test_every_picture_is_sound_and_its_text_inside():
    for state, seen in zip(STATES, SEEN, strict=True):
        for text in ET.fromstring(f"<svg>{seen['svg']}</svg>").iter("text"):
            size = float(re.search(r"font-size: ([\d.]+)", text.get("style"))[1])
            wide = 0.56 * size * len(text.text or "")
            x, middle = float(text.get("x")), text.get("text-anchor") == "middle"
            assert size >= 12
            assert not middle or wide <= 90, (state, text.text)  # the box
            assert x + wide / (2 if middle else 1) <= 403
        assert not re.search(r"NaN|undefined|Infinity", seen["svg"] + seen["sentence"]), state


def test_the_script_is_short():
    assert len(gzip.compress((SCRIPTS / "graph.js").read_bytes())) < 5_000


def test_reverse_mode_has_as_many_lines_as_the_text_says():
    parts = [
        next(cell.source for cell in CODE if cell.source.startswith(start))
        for start in ("class Scalar", "def exp", "def go_back")
    ]
    parts[-1] = parts[-1].partition("\n\n\n")[0]  # what it is tried on does not count
    lines = sum(bool(line.strip()) for part in parts for line in part.splitlines())
    text = "\n".join(cell.source for cell in CELLS if cell.cell_type == "markdown")
    assert f"Reverse mode in {lines} lines" in text
    assert f"has {lines} lines" in text
    assert f"in {lines} lines" in (ROOT / "book/index.md").read_text("utf8")


def test_a_chain_of_a_thousand_operations_is_too_long_and_one_of_hundreds_is_not():
    names = {"np": np}
    for start in ("class Scalar", "def exp", "def go_back"):
        source = next(cell.source for cell in CODE if cell.source.startswith(start))
        exec(source.partition("\n\n\nx_one")[0], names)
    for count in (500, 1000):
        x = r = names["Scalar"](0.5)
        for _ in range(count):
            r = r + x
        if count == 500:
            names["go_back"](r)
            assert x.adjoint == count + 1
        else:
            with pytest.raises(RecursionError):
                names["go_back"](r)


@pytest.mark.parametrize(
    ("number", "answer"),
    [("15.1", "B2"), ("15.2", "2,132"), ("15.3", "−1.2"), ("15.3", "-6/5"), ("15.10", [1, 0.005]),
     ("15.10", np.array([1.1, 0.01]))],
)  # fmt: skip
def test_an_answer_in_another_form_is_right(number, answer):
    assert judge(number, answer).right


@pytest.mark.parametrize(
    ("claim", "right"),
    [((1, 0.003), True), ((1, 0.01), False), ((1.1, 0.01), True), ((-1.1, 0.01), True),
     ((1.2, 0.01), False), ((0.9, 0.0025), False)],
)  # fmt: skip
def test_a_claim_is_judged_by_so_many_series_that_the_draw_does_not_decide(claim, right):
    assert judge("15.10", claim).right is right


def test_ways_back_that_only_some_tapes_betray_are_named():
    def divided(values, tape):
        found = [0.0] * len(values)
        found[-1] = 1.0
        for op, q, i, j in tape[::-1]:
            with np.errstate(all="ignore"):
                found[i] += found[q] * (1 if op == "+" else values[q] / values[i])
                found[j] += found[q] * (1 if op == "+" else values[q] / values[j])
        return found

    def once(values, tape):
        found = np.zeros(len(values))
        found[-1] = 1.0
        for op, q, i, j in tape[::-1]:
            found[i] += found[q] * (1 if op == "+" else values[j])
            if i != j:
                found[j] += found[q] * (1 if op == "+" else values[i])
        return found

    assert "divides 0 by 0" in judge("15.4", divided).message
    assert "both parts count" in judge("15.4", once).message


def test_other_ways_to_write_the_functions_are_right():
    def adjoints(values, tape):
        found = [0] * len(values)
        found[len(values) - 1] = 1
        for op, q, i, j in tape[::-1]:
            for k, other in ((i, j), (j, i)):
                found[k] = found[k] + (found[q] if op == "+" else found[q] * values[other])
        return found

    def softmax_rule(p, given):
        J = [np.diag(c) - np.outer(c, c) for c in p.T]
        return np.array([one.T @ g for one, g in zip(J, given.T, strict=True)], np.float32).T

    assert judge("15.4", adjoints).right
    assert judge("15.8", softmax_rule).right
