"""Chapter 10: every number of its example, computed again with 30 digits and no array."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from mpmath import mp, mpf

from backprop import costs
from backprop.activations import sigmoid, tanh
from backprop.backpropagation import backprop
from backprop.network import Layer, forward, initialize
from bookkit.notation import minus, nine, symbol
from bookkit.one_pass import one_pass, put_in, values

CHAPTER = Path(__file__).parent.parent / "book" / "10_worked_example.ipynb"
PARAMETERS = ("w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "b1", "b2")
START = (".15", ".20", ".25", ".30", ".40", ".45", ".50", ".55", ".35", ".60")
INPUTS, TARGETS = (".05", ".10"), (".01", ".99")

X, Y = np.array([[0.05], [0.10]]), np.array([[0.01], [0.99]])
NETWORK = {
    1: Layer(np.array([[0.15, 0.20], [0.25, 0.30]]), np.full((2, 1), 0.35), sigmoid),
    2: Layer(np.array([[0.40, 0.45], [0.50, 0.55]]), np.full((2, 1), 0.60), sigmoid),
}
NAMES = {(1, 1): "h1", (1, 2): "h2", (2, 1): "o1", (2, 2): "o2"} | {
    (l, j, k): f"w{4 * (l - 1) + 2 * (j - 1) + k}" for l in (1, 2) for j in (1, 2) for k in (1, 2)
}


def scalars(parameters):
    """The forward pass of the example with whatever numbers it is given."""
    w1, w2, w3, w4, w5, w6, w7, w8, b1, b2 = parameters
    (i1, i2), (t1, t2) = ([type(w1)(v) for v in pair] for pair in (INPUTS, TARGETS))
    exp = mp.exp if isinstance(w1, mpf) else np.exp
    found = {"net_h1": w1 * i1 + w2 * i2 + b1, "net_h2": w3 * i1 + w4 * i2 + b1}
    found |= {f"out_{h}": 1 / (1 + exp(-found[f"net_{h}"])) for h in ("h1", "h2")}
    found["net_o1"] = w5 * found["out_h1"] + w6 * found["out_h2"] + b2
    found["net_o2"] = w7 * found["out_h1"] + w8 * found["out_h2"] + b2
    found |= {f"out_{o}": 1 / (1 + exp(-found[f"net_{o}"])) for o in ("o1", "o2")}
    found |= {"E_o1": (found["out_o1"] - t1) ** 2 / 2, "E_o2": (found["out_o2"] - t2) ** 2 / 2}
    return found | {"E_total": found["E_o1"] + found["E_o2"]}


@pytest.fixture(scope="module")
def exact():
    """Every number of the example to 30 digits; the gradient by differences, not by formulas."""
    with mp.workdps(60):
        start = [mpf(value) for value in START]
        found = scalars(start)
        for i, name in enumerate(PARAMETERS):

            def cost(value, i=i):
                return scalars([*start[:i], value, *start[i + 1 :]])["E_total"]

            found[f"dE/d{name}"] = mp.diff(cost, start[i], h=mpf(10) ** -20)
            found[f"{name}+"] = start[i] - found[f"dE/d{name}"] / 2
        i1, out_h1 = mpf(INPUTS[0]), found["out_h1"]  # what comes in through w1 and w3, w5 and w7
        for name, weight, source in (
            ("h1", 1, i1),
            ("h2", 3, i1),
            ("o1", 5, out_h1),
            ("o2", 7, out_h1),
        ):
            found[f"delta_{name}"] = found[f"dE/dw{weight}"] / source
        found["E_total+"] = scalars([found[f"{name}+"] for name in PARAMETERS])["E_total"]
        return found


# what the package and the explorer call it → what the source calls it
DICTIONARY = {
    "z¹₁": "net_h1", "z¹₂": "net_h2", "a¹₁": "out_h1", "a¹₂": "out_h2",
    "z²₁": "net_o1", "z²₂": "net_o2", "a²₁": "out_o1", "a²₂": "out_o2",
    "C₁": "E_o1", "C₂": "E_o2", "C": "E_total", "new C": "E_total+",
    "δ²₁": "delta_o1", "δ²₂": "delta_o2", "δ¹₁": "delta_h1", "δ¹₂": "delta_h2",
    "∂C/∂w¹₁₁": "dE/dw1", "∂C/∂w¹₁₂": "dE/dw2", "∂C/∂w¹₂₁": "dE/dw3", "∂C/∂w¹₂₂": "dE/dw4",
    "∂C/∂w²₁₁": "dE/dw5", "∂C/∂w²₁₂": "dE/dw6", "∂C/∂w²₂₁": "dE/dw7", "∂C/∂w²₂₂": "dE/dw8",
    "∂C/∂b¹": "dE/db1", "∂C/∂b²": "dE/db2", "new b¹": "b1+", "new b²": "b2+",
    "new w¹₁₁": "w1+", "new w¹₁₂": "w2+", "new w¹₂₁": "w3+", "new w¹₂₂": "w4+",
    "new w²₁₁": "w5+", "new w²₁₂": "w6+", "new w²₂₁": "w7+", "new w²₂₂": "w8+",
}  # fmt: skip


@pytest.fixture(scope="module")
def whole():
    return one_pass(NETWORK, X, Y, 0.5, NAMES)


def test_every_step_has_the_exact_result(whole, exact):
    assert [step.name for step in whole if step.name not in DICTIONARY] == []
    assert len(whole) == len(DICTIONARY) == 36
    for step in whole:
        right = exact[DICTIONARY[step.name]]
        assert step.result == pytest.approx(float(right), rel=1e-13), step.name
        assert abs(mpf(nine(step.result).replace("−", "-")) - right) < mpf("0.5000001e-9"), (
            step.name
        )


def test_the_package_has_the_exact_numbers(exact):
    z, a = forward(NETWORK, X)
    gradient = backprop(NETWORK, X, Y, costs.quadratic)
    arrays = {
        "net_h1 net_h2": z[1], "out_h1 out_h2": a[1], "net_o1 net_o2": z[2], "out_o1 out_o2": a[2],
        "delta_h1 delta_h2": gradient.delta[1], "delta_o1 delta_o2": gradient.delta[2],
        "dE/dw1 dE/dw2 dE/dw3 dE/dw4": gradient.w[1], "dE/dw5 dE/dw6 dE/dw7 dE/dw8": gradient.w[2],
        "E_total": np.array(costs.quadratic(a[2], Y)),
    }  # fmt: skip
    for names, array in arrays.items():
        right = [float(exact[name]) for name in names.split()]
        np.testing.assert_allclose(array.ravel(), right, rtol=1e-13)


def evaluated(formula, known=None):
    """Return what a formula of a step comes to, read as arithmetic."""
    if known is not None:
        longest_first = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
        formula = re.sub(longest_first, lambda name: f"known[{name[0]!r}]", formula)
    for sign, operator in (("·", "*"), ("−", "-"), ("½", "0.5"), (")²", ")**2")):
        formula = formula.replace(sign, operator)
    return eval(formula, {"known": known, "exp": np.exp})


@pytest.mark.parametrize("seed", [None, 0, 1])
def test_symbols_and_numbers_say_the_same_as_the_result(seed):
    network, x, y, names = NETWORK, X, Y, NAMES
    if seed is not None:
        rng = np.random.default_rng(seed)
        network = initialize([3, 4, 2, 3], scheme="normal", rng=rng)
        network = {
            l: layer._replace(b=np.full_like(layer.b, rng.normal())) for l, layer in network.items()
        }
        x, y = rng.normal(size=(3, 1)), rng.random((3, 1))
        names = {(l, j): "a neuron" for l in range(4) for j in range(1, 5)}
        names |= {(l, j, k): "a weight" for l in range(4) for j in range(1, 5) for k in range(1, 5)}
    known = values(network, x, y, 0.5)
    for step in one_pass(network, x, y, 0.5, names):
        assert evaluated(step.symbols, known) == pytest.approx(step.result, rel=1e-12), step
        assert evaluated(step.numbers) == pytest.approx(step.result, abs=2e-8), step


def test_each_step_uses_only_what_is_known_by_then(whole):
    known = values(NETWORK, X, Y, 0.5)
    made = {step.name for step in whole}
    given = {name for name in known if name not in made and not name.startswith("new")}
    after_the_step = {name for name in known if name.startswith("new a")}
    longest_first = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    for step in whole:
        used = set(re.findall(longest_first, step.symbols))
        assert used <= given | (after_the_step if step.name == "new C" else set()), step
        given.add(step.name)
    assert [step.phase for step in whole] == 11 * ["forward"] + 14 * ["backward"] + 11 * ["update"]


def test_each_step_shows_what_its_formula_takes_from_elsewhere(whole):
    places = {
        symbol(letter, l, *p): (l, *p) for letter in "azδ" for l in range(3) for p in [(1,), (2,)]
    }
    places |= {symbol("w", *place): place for place in NAMES if len(place) == 3}
    places |= {symbol(letter, "", j): (2, j) for letter in "Cy" for j in (1, 2)}
    for step in whole:
        symbols = re.findall("|".join(places), re.sub(r"∂C/∂\S+|new C", "", step.symbols))
        used = [places[found] for found in symbols if places[found] != step.place]
        assert step.uses == (used if step.name != "new C" else []), step
    by_name = {step.name: step for step in whole}
    for l in (1, 2):
        for j in (1, 2):
            for letter, words in (("z", "the weighted input"), ("a", "the activation")):
                step = by_name[symbol(letter, l, j)]
                assert (step.place, step.words) == ((l, j), f"{words} of {NAMES[l, j]}")
            step, law = by_name[symbol("δ", l, j)], {1: "BP2", 2: "BP1"}[l]
            assert (step.place, step.words) == ((l, j), f"the error of {NAMES[l, j]}, by {law}")
            for k in (1, 2):
                place = (l, j, k)
                step, after = (by_name[s + symbol("w", *place)] for s in ("∂C/∂", "new "))
                assert step.place == after.place == place
                assert step.words == f"the slope along {NAMES[place]}, by BP4"
                assert after.words == f"{NAMES[place]} after the step"
        assert by_name[symbol("∂C/∂b", l)].place == by_name[symbol("new b", l)].place == (l,)
    for j in (1, 2):
        step = by_name[symbol("C", "", j)]
        assert (step.place, step.words) == ((2, j), f"what {NAMES[2, j]} adds to the cost")
    assert by_name["C"].place == by_name["new C"].place == ()


def test_a_layer_of_one_neuron_has_its_bias_too():
    network = initialize([2, 1, 1], scheme="normal", rng=np.random.default_rng(0))
    known, slope = values(network, X, Y[:1], 0.5), backprop(network, X, Y[:1], costs.quadratic).b
    for l in (1, 2):
        assert known[symbol("b", l)] == network[l].b.item()
        assert known[symbol("new b", l)] == pytest.approx(network[l].b.item() - slope[l].item() / 2)


def test_negative_numbers_stand_in_parentheses_and_given_ones_stay_short():
    known = {"w²₁₁": -0.5, "a¹₁": 0.593269992107, "∂C/∂w²₁₁": -1e-3}
    assert put_in("w²₁₁ · a¹₁ + ∂C/∂w²₁₁", known) == "(−0.50) · 0.593269992 + (−0.001)"
    assert (
        put_in("C", {"C": 0.25}) == put_in("C", {"C": 0.25 + 1e-14}) == "0.25"
    )  # but for rounding
    assert put_in("C", {"C": 0.0}) == "0.00"
    assert put_in("C", {"C": 3.0001}) == "3.0001"
    assert put_in("C", {"C": 3.00001}) == "3.000010000"
    for computed, shown in ((0.25 + 1e-9, "0.250000001"), (0.25 + 1e-11, "0.250000000")):
        assert put_in("C", {"C": computed}) == shown


@pytest.mark.parametrize(
    ("network", "x", "found"),
    [
        (NETWORK, np.hstack([X, X]), r"x has shape \(2, 2\); one column is needed"),
        (NETWORK | {2: NETWORK[2]._replace(sigma=tanh)}, X, "layer 2 has the activation tanh"),
        (
            NETWORK | {1: NETWORK[1]._replace(b=np.array([[0.1], [0.2]]))},
            X,
            "layer 1 has the biases",
        ),
    ],
)
def test_what_the_steps_cannot_describe_is_refused(network, x, found):
    with pytest.raises(ValueError, match=found):
        one_pass(network, x, np.hstack([Y] * x.shape[1]), 0.5, NAMES)


@pytest.mark.parametrize("widths", [[10, 2, 2], [2, 10, 2], [2, 2, 10]])
def test_layers_whose_symbols_would_collide_are_refused(widths):
    network = initialize(widths, rng=np.random.default_rng(0))
    x, y = np.full((widths[0], 1), 0.3), np.full((widths[-1], 1), 0.7)
    with pytest.raises(ValueError, match=r"layer \d has 10 neurons; at most 9"):
        values(network, x, y, 0.5)


def test_layers_of_9_neurons_are_the_widest():
    network = initialize([9, 9, 9], rng=np.random.default_rng(0))
    x, y = np.full((9, 1), 0.3), np.full((9, 1), 0.7)
    known = values(network, x, y, 0.5)
    assert known["w²₉₈"] == network[2].w[8, 7]
    assert known["z¹₉"] == forward(network, x)[0][1][8, 0]


def test_a_smallest_difference_of_the_biases_is_found():
    b = np.array([[0.35], [np.nextafter(0.35, 1)]])
    with pytest.raises(ValueError, match="layer 2 has the biases"):
        values(NETWORK | {2: NETWORK[2]._replace(b=b)}, X, Y, 0.5)


def test_lists_are_taken_like_arrays(whole):
    assert one_pass(NETWORK, X.tolist(), Y.tolist(), 0.5, NAMES) == whole


# The chapter's page


@pytest.fixture(scope="module")
def cells():
    return json.loads(CHAPTER.read_text("utf8"))["cells"]


def printed(cells, pattern):
    """Return the groups of the pattern wherever a cell's output has it."""
    texts = ["".join(o.get("text", [])) for c in cells for o in c.get("outputs", [])]
    return [found for text in texts for found in re.findall(pattern, text)]


def test_the_numbers_that_the_cells_print_are_exact(cells, exact):
    found = printed(cells, r"\b((?:net|out|delta|E)_\w+|dE/d[wb]\d) = +(-?\d\.\d{9})")
    assert len({name for name, _ in found}) == 11 + 4 + 8 + 2
    for name, value in found:
        assert abs(mpf(value) - exact[name]) <= mpf("0.5000001e-9"), name
    updates = printed(cells, r"(w\d): 0\.\d\d -> (\d\.\d{9})")
    assert [name for name, _ in updates] == list(PARAMETERS[:8])
    for name, value in updates:
        assert abs(mpf(value) - exact[f"{name}+"]) <= mpf("0.5000001e-9"), name


def test_the_numbers_in_the_equations_are_exact(cells, exact):
    extra = {
        "out_o1 - t1": exact["out_o1"] - mpf(".01"),
        "w5 path": exact["delta_o1"] * mpf(".40"), "w7 path": exact["delta_o2"] * mpf(".50"),
        "w6 path": exact["delta_o1"] * mpf(".45"), "w8 path": exact["delta_o2"] * mpf(".55"),
    }  # fmt: skip
    extra["bracket h1"] = extra["w5 path"] + extra["w7 path"]
    extra["bracket h2"] = extra["w6 path"] + extra["w8 path"]
    for name in ("h1", "h2", "o1", "o2"):
        extra[f"1 - {name}"] = 1 - exact[f"out_{name}"]
        extra[f"slope {name}"] = exact[f"out_{name}"] * extra[f"1 - {name}"]
    right = {f"{abs(float(value)):.9f}" for value in (exact | extra).values()}
    text = "".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    equations = re.findall(r"\$\$(.+?)\$\$ \(eq:", text, re.S)
    shown = [number for equation in equations for number in re.findall(r"\d\.\d{9}", equation)]
    assert len(shown) > 40
    assert [number for number in shown if number not in right] == []


def test_the_other_numbers_of_the_text(cells, exact):
    assert printed(cells, r"off the gradient at the old weights: (\S+)") == ["15.8%"]
    assert printed(cells, r"cost after the mixed step: (\S+)") == ["0.291027924"]  # not 0.291027774
    start = np.array([float(value) for value in START])
    gradient = np.array([float(exact[f"dE/d{name}"]) for name in PARAMETERS])
    deltas = [float(exact[f"delta_{name}"]) for name in ("h1", "h2", "o1", "o2")]
    for bias, moves in (("fixed", 0 * gradient[8:]), ("shared", gradient[8:])):
        after = scalars(start - 0.5 * np.append(gradient[:8], moves))["E_total"]
        assert printed(cells, rf"{bias} +after (\S+)") == [f"{after:.9f}"]
    weights = start[:8] - 0.5 * gradient[:8]
    own = [0.35 - 0.5 * d for d in deltas[:2]] + [0.60 - 0.5 * d for d in deltas[2:]]
    assert printed(cells, r"own +after (\S+)") == [f"{cost_of_own(weights, own):.9f}"]


def cost_of_own(w, b):
    def s(net):
        return 1 / (1 + np.exp(-net))

    h1, h2 = s(w[0] * 0.05 + w[1] * 0.10 + b[0]), s(w[2] * 0.05 + w[3] * 0.10 + b[1])
    o1, o2 = s(w[4] * h1 + w[5] * h2 + b[2]), s(w[6] * h1 + w[7] * h2 + b[3])
    return ((o1 - 0.01) ** 2 + (o2 - 0.99) ** 2) / 2


@pytest.mark.parametrize(("column", "share"), [(0, "fixed"), (1, "shared"), (2, "own")])
def test_ten_thousand_steps_by_scalars(cells, column, share):
    """The loop again, with one float for each parameter and no matrix."""
    from math import exp

    w1, w2, w3, w4, w5, w6, w7, w8 = (float(value) for value in START[:8])
    bh1 = bh2 = 0.35
    bo1 = bo2 = 0.60
    costs_after = []
    for _ in range(10_001):
        h1, h2 = (
            1 / (1 + exp(-n)) for n in (w1 * 0.05 + w2 * 0.1 + bh1, w3 * 0.05 + w4 * 0.1 + bh2)
        )
        o1, o2 = (1 / (1 + exp(-n)) for n in (w5 * h1 + w6 * h2 + bo1, w7 * h1 + w8 * h2 + bo2))
        costs_after.append(((o1 - 0.01) ** 2 + (o2 - 0.99) ** 2) / 2)
        d1, d2 = (o1 - 0.01) * o1 * (1 - o1), (o2 - 0.99) * o2 * (1 - o2)
        e1, e2 = (d1 * w5 + d2 * w7) * h1 * (1 - h1), (d1 * w6 + d2 * w8) * h2 * (1 - h2)
        w5, w6, w7, w8 = w5 - d1 * h1 / 2, w6 - d1 * h2 / 2, w7 - d2 * h1 / 2, w8 - d2 * h2 / 2
        w1, w2, w3, w4 = w1 - e1 * 0.025, w2 - e1 * 0.05, w3 - e2 * 0.025, w4 - e2 * 0.05
        if share == "shared":
            bh1 = bh2 = bh1 - (e1 + e2) / 2
            bo1 = bo2 = bo1 - (d1 + d2) / 2
        elif share == "own":
            bh1, bh2, bo1, bo2 = bh1 - e1 / 2, bh2 - e2 / 2, bo1 - d1 / 2, bo2 - d2 / 2
    table = printed(cells, r"(?m)^ +(\d+)  (0\.\d{10})  (0\.\d{10})  (0\.\d{10})$")
    assert [int(row[0]) for row in table] == [0, 1, 10, 100, 1000, 10_000]
    for row in table:
        assert float(row[1 + column]) == pytest.approx(costs_after[int(row[0])], abs=1e-10)
    first = next(k for k, c in enumerate(costs_after) if c <= 0.001)
    assert printed(cells, rf"{share} +(\d+) steps to a cost") == [str(first)]
    assert printed(cells, rf"{share} +outputs (\S+) and (\S+)") == [(f"{o1:.6f}", f"{o2:.6f}")]


def scalar_runs(rates, share, count, late=False):
    """The loop once more, one array over the rates for each parameter: the costs and the outputs."""
    rate = np.asarray(rates, dtype=float)
    w1, w2, w3, w4, w5, w6, w7, w8 = (float(value) + 0 * rate for value in START[:8])
    bh1 = bh2 = 0.35 + 0 * rate
    bo1 = bo2 = 0.60 + 0 * rate
    costs_after = []
    for _ in range(count + 1):
        h1, h2 = (1 / (1 + np.exp(-n)) for n in (w1 / 20 + w2 / 10 + bh1, w3 / 20 + w4 / 10 + bh2))
        o1, o2 = (1 / (1 + np.exp(-n)) for n in (w5 * h1 + w6 * h2 + bo1, w7 * h1 + w8 * h2 + bo2))
        costs_after.append(((o1 - 0.01) ** 2 + (o2 - 0.99) ** 2) / 2)
        d1, d2 = (o1 - 0.01) * o1 * (1 - o1), (o2 - 0.99) * o2 * (1 - o2)
        v5, v6, v7, v8 = (
            w5 - rate * d1 * h1,
            w6 - rate * d1 * h2,
            w7 - rate * d2 * h1,
            w8 - rate * d2 * h2,
        )
        p5, p6, p7, p8 = (v5, v6, v7, v8) if late else (w5, w6, w7, w8)
        e1, e2 = (d1 * p5 + d2 * p7) * h1 * (1 - h1), (d1 * p6 + d2 * p8) * h2 * (1 - h2)
        w5, w6, w7, w8 = v5, v6, v7, v8
        w1, w2 = w1 - rate * e1 / 20, w2 - rate * e1 / 10
        w3, w4 = w3 - rate * e2 / 20, w4 - rate * e2 / 10
        if share == "shared":
            bh1 = bh2 = bh1 - rate * (e1 + e2)
            bo1 = bo2 = bo1 - rate * (d1 + d2)
        elif share == "own":
            bh1, bh2, bo1, bo2 = bh1 - rate * e1, bh2 - rate * e2, bo1 - rate * d1, bo2 - rate * d2
    return np.array(costs_after), (o1, o2)


def test_each_kind_of_bias_at_its_own_best_rate(cells):
    rates = [2 ** (1 + k / 8) for k in range(53)]
    best = {}
    for share in ("fixed", "shared", "own"):
        history, _ = scalar_runs(rates, share, 100)
        for count in (10, 100):
            at = history[count].argmin()
            assert 0 < at < len(rates) - 1  # not at an end of what was tried
            best[share, count] = history[count][at]
            line = rf"{share} +lowest cost after +{count} steps: (\S+) with η = (\S+)"
            assert printed(cells, line) == [(f"{best[share, count]:.1e}", f"{rates[at]:.1f}")]
    for count in (10, 100):
        assert best["shared", count] < min(best["fixed", count], best["own", count]) / 10


def test_what_the_sources_print_is_what_is_said_of_it(cells):
    text = "".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    assert f"{scalar_runs([0.5], 'fixed', 9_999)[0][-1][0]:.10f}" == "0.0000351085"
    assert printed(cells, r"old weights, cost after 9,999 steps: (\S+)") == ["0.0000351085"]
    for kind, late in (("old", False), ("new", True)):
        history, (o1, o2) = scalar_runs([0.5], "fixed", 10_000, late)
        shown = f"{history[1][0]:.9f}", f"{o1[0]:.9f}", f"{o2[0]:.9f}"
        line = rf"{kind} weights in δ¹: (\S+) after a step; (\S+), (\S+) at last"
        assert printed(cells, line) == [shown]
        assert all(number in text for number in shown)


def test_the_notation_of_the_text():
    assert symbol("w", 2, 1, 12) == "w²₁₁₂"
    assert symbol("δ", 10, 3) == "δ¹⁰₃"
    assert symbol("C", "", 1) == "C₁"
    assert minus("-1e-3") == "−1e−3"
    assert nine(-0.5) == "−0.500000000"
