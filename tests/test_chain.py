"""Chapter 8: what its explorer says, and the numbers of its sources, computed again."""

import gzip
import itertools
import math
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from backprop.activations import sigmoid
from backprop.backpropagation import backprop
from backprop.costs import quadratic
from backprop.gradient_check import central_difference
from backprop.network import Layer, forward
from bookkit.exercises import EXERCISES, judge
from bookkit.scripted import SCRIPTS, views

# ---- what the sources' items say of random networks ----


def test_three_terms_and_the_printed_formula_of_the_3_3_3_1_network():
    """The source's weights are drawn from the seed 0, from input i to neuron j at [i, j]."""
    rng = np.random.default_rng(0)
    w1, w2, w3 = (rng.normal(size=shape) for shape in ((3, 3), (3, 3), (1, 3)))
    x, target = np.array([0.5, -1, 2]), 0.3
    y = sigmoid(w1.T @ x)
    z = sigmoid(w2.T @ y)
    p = sigmoid(w3 @ z)[0]
    terms = w3[0] * z * (1 - z) * w2[0] * y[0] * (1 - y[0]) * x[0]
    assert terms.round(6).tolist() == [-0.000520, -0.004457, -0.000032]
    assert terms.sum().round(6) == -0.005009
    front = (p - target) * p * (1 - p)
    slopes = front * np.outer(x, (w3[0] * z * (1 - z)) @ w2.T * y * (1 - y))
    printed = front * sum(
        w3[0, k] * z[k] * (1 - z[k]) * sum(w2[j, k] * y[j] * (1 - y[j]) * x.sum() for j in range(3))
        for k in range(3)
    )
    assert printed == pytest.approx(slopes.sum(), rel=1e-12)
    assert printed.round(7) == -0.0031957

    def cost(w):
        return 0.5 * (sigmoid(w3 @ sigmoid(w2.T @ sigmoid(w.T @ x)))[0] - target) ** 2

    assert np.abs(slopes - central_difference(cost, w1)).max() < 1e-10


def network():
    rng, sizes = np.random.default_rng(0), (3, 5, 5, 3)
    w = [rng.normal(size=(n, m)) for m, n in itertools.pairwise(sizes)]
    b = [rng.normal(size=(n, 1)) for n in sizes[1:]]
    layers = enumerate(zip(w, b, strict=True), 1)
    return {l: Layer(*layer, sigmoid) for l, layer in layers}, rng.normal(size=(3, 1))


NET, X = network()
Y = np.array([[0.0], [1.0], [0.0]])
Z, A = forward(NET, X)


def test_a_nudge_of_the_3_5_5_3_network():
    w = NET[1].w.copy()
    w[1, 2] += 1e-3
    after = forward(NET | {1: NET[1]._replace(w=w)}, X)[1]
    assert f"{after[1][1, 0] - A[1][1, 0]:.5e}" == "6.81646e-06"
    assert f"{sigmoid.prime(Z[1])[1, 0] * X[2, 0] * 1e-3:.5e}" == "6.81658e-06"
    change = quadratic(after[3], Y) - quadratic(A[3], Y)
    assert f"{change:.4e}" == "4.8595e-08"
    assert f"{backprop(NET, X, Y, quadratic).w[1][1, 2] * 1e-3:.5e}" == "4.85963e-08"


# ---- the explorer ----

DATA = {
    "layers": [{"w": layer.w.tolist(), "b": layer.b.tolist()} for layer in NET.values()],
    "x": X.tolist(),
    "y": Y.tolist(),
}
STATES = [
    {"way": way, "step": step, "weight": f"w¹{'₁₂₃₄₅'[j]}{'₁₂₃'[k]}"}
    for way in ("path by path", "backward")
    for j in range(5)
    for k in range(3)
    for step in range(16)
]
SEEN = views("paths", DATA, STATES)
PASS = backprop(NET, X, Y, quadratic)


def numbers(sentence):
    """Return the numbers of a sentence that are none of a name: signed, with commas."""
    plain = sentence.replace("−", "-").replace(",", "")
    return [float(n) for n in re.findall(r"(?<![\w¹²³])-?\d+(?:\.\d+)?", plain)]


def close(found, expected):
    return np.allclose(found, expected, rtol=6e-3)


def shares(j, k):
    """Return the products along the 15 paths, by Jacobians of layers."""
    last, middle = (sigmoid.prime(Z[l]) * NET[l].w for l in (3, 2))
    end = (A[3] - Y)[:, 0]
    front = sigmoid.prime(Z[1])[j, 0] * X[k, 0]
    return [end[t] * last[t, q] * middle[q, j] * front for q in range(5) for t in range(3)]


@pytest.mark.parametrize("at", np.random.default_rng(1).permutation(len(STATES))[:150])
def test_the_sentence_holds_what_python_computes(at):
    state, said = STATES[at], SEEN[at]["sentence"]
    j, k, step = "₁₂₃₄₅".index(state["weight"][2]), "₁₂₃".index(state["weight"][3]), state["step"]
    found, slope = numbers(said), PASS.w[1][j, k]
    if state["way"] == "path by path":
        of = shares(j, k)
        assert sum(of) == pytest.approx(slope, rel=1e-9)
        q, t = divmod(step - 1, 3)
        if step == 0:
            assert found == [15]
            return
        assert f"a¹{'₁₂₃₄₅'[j]} → a²{'₁₂₃₄₅'[q]} → a³{'₁₂₃'[t]} → C" in said
        if step < 15:
            place = [] if step == 1 else [step]
            expected = [step, 15, 7, of[step - 1], *place, sum(of[:step]), 6 * step]
        else:
            top = max(of, key=abs)
            expected = [15, 15, 7, of[-1], 15, slope, top, abs(top / slope), 90]
        assert close(found, expected)
        return
    order = [(l, i) for l in (3, 2, 1) for i in range(len(NET[l].w))]
    work = np.cumsum([1 if l == 3 else len(NET[l + 1].w) + 1 for l, _ in order]).tolist()
    count = [0, *work, work[-1] + 1, work[-1] + 15][step]
    assert found[-2:] == [count, 1350]
    if 0 < step <= 13:
        l, i = order[step - 1]
        assert f"at a{'¹²³'[l - 1]}{'₁₂₃₄₅'[i]} " in said
        arriving = [] if l == 3 else [len(NET[l + 1].w)]
        assert close(found[:-2], [step, *arriving, PASS.delta[l][i, 0]])
    elif step == 14:
        assert close(found[:-2], [14, slope])
    elif step == 15:
        assert close(found[:-2], [15, 15, slope])


def test_every_picture_is_sound_and_its_text_inside():
    for state, seen in zip(STATES, SEEN, strict=True):
        for text in ET.fromstring(f"<svg>{seen['svg']}</svg>").iter("text"):
            size = float(re.search(r"font-size: ([\d.]+)", text.get("style"))[1])
            wide = 0.58 * size * len(text.text or "")  # as wide as digits are
            x, anchor = float(text.get("x")), text.get("text-anchor")
            left = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
            assert size >= 12
            assert left >= -2, (state, text.text)
            assert left + wide <= 405, (state, text.text)
        assert not re.search(r"NaN|undefined|Infinity|\de-\d", seen["svg"] + seen["sentence"]), (
            state
        )


def test_the_script_is_short():
    assert len(gzip.compress((SCRIPTS / "paths.js").read_bytes())) < 5_000


# ---- exercises as readers answer them ----


@pytest.mark.parametrize(
    ("number", "answer"),
    [("8.1", -0.4636), ("8.1", "−0,4636"), ("8.3", 10), ("8.4", 26), ("8.4", "26.02"), ("8.4", "2160/83"),
     ("8.10", 2), ("8.2", "a1"), ("8.5", "A1")],
)  # fmt: skip
def test_an_answer_in_the_form_that_is_asked_for_is_right(number, answer):
    assert judge(number, answer).right


def test_walking_all_paths_of_a_graph_is_stopped():
    def slopes(lines, n):
        def along(i):
            if i == n - 1:
                return 1.0
            return sum(s * along(j) for (start, j), s in lines.items() if start == i)

        return [along(i) for i in range(n)]

    verdict = judge("8.9", slopes)
    assert verdict.right is False
    assert verdict.message.startswith("Stopped after")


def test_other_ways_over_the_graph_are_right():
    def by_lines(lines, n):
        found = [0.0] * (n - 1) + [1.0]
        for (i, j), s in sorted(lines.items(), reverse=True):
            found[i] += s * found[j]
        return found

    assert judge("8.9", by_lines).right


def up_to(count):
    """Return an answer that leaves out the paths of more than count(n) lines."""

    def answer(lines, n):
        step, now = np.zeros((n, n)), np.eye(n)[-1]
        for (i, j), s in lines.items():
            step[i, j] = s
        found = now.copy()
        for _ in range(count(n)):
            now = step @ now
            found += now
        return found

    return answer


def test_a_path_that_is_left_out_shows():
    assert judge("8.9", up_to(lambda n: n - 1)).right
    for count in (lambda n: 28, lambda n: 58, lambda n: n - 2):
        assert judge("8.9", up_to(count)).right is False


def test_a_small_graph_is_told_with_its_lines():
    lines, _ = EXERCISES["8.9"].judge.trials[1]

    def wrong(given, n):
        right = EXERCISES["8.9"].judge.made(EXERCISES["8.9"].judge.source)(given, n)
        return right if given != lines else right * np.array([1, 1, 3, 1, 1])

    said = judge("8.9", wrong).message
    assert f"lines = {lines}, n = 5" in said


def test_what_is_asked_of_ten_nodes_can_be_answered():
    lines = {(i, i + d): 1.0 for d in (1, 2) for i in range(10 - d)}
    paths = EXERCISES["8.9"].judge.made(EXERCISES["8.9"].judge.source)(lines, 10)
    assert (len(lines), paths[0]) == (17, 55)


def test_the_nudge_of_exercise_8_7():
    table = EXERCISES["8.7"]
    trial = table.judge.trials[0]
    right = table.judge.made(table.judge.source)(*trial)
    wrong = table.judge.made(table.planted)(*trial)
    assert [round(v, 3) for v in (right[0], wrong[0])] == [0.118, 0.089]
    assert right[1:] == wrong[1:]
    x, w, v, s, p, q = trial

    def output(at):
        h = math.tanh(float(at) * x)
        return p * h + q * math.tanh(v * x + s * h)

    assert central_difference(output, np.array(w)) == pytest.approx(right[0], rel=1e-8)
