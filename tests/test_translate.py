"""The formulas in six notations: what is written, and that what is written is what is computed."""

import re
import sys

import numpy as np
import pytest
from conftest import ROOT

from backprop.activations import sigmoid
from backprop.backpropagation import backprop
from backprop.costs import quadratic
from backprop.network import forward, initialize
from backprop.optimizers import gradient_descent
from backprop.training import start, step
from bookkit import translate
from bookkit.translate import FORMULAS, NOTATIONS, latex, sides, store

sys.path.append(str(ROOT / "book/_ext"))
import katex_html

RATE = 0.7
PAIRS = [(f, t) for f in FORMULAS for t in NOTATIONS if f not in NOTATIONS[t].lacks]
every_pair = pytest.mark.parametrize(("formula", "text"), PAIRS)


def made(sizes, seed=3):
    """Return what store needs: a network with unequal biases, one sample, its gradient, a step."""
    rng = np.random.default_rng(seed)
    network = initialize(sizes, scheme="normal", rng=rng)
    x, y = rng.normal(size=(sizes[0], 1)), rng.uniform(0.1, 0.9, size=(sizes[-1], 1))
    z, a = forward(network, x)
    gradient = backprop(network, x, y, quadratic)
    stepped, _ = step(network, gradient, start(network, gradient_descent), RATE, gradient_descent)
    return network, z, a, y, gradient, stepped, RATE


UNEQUAL, SQUARE = made([3, 5, 4, 2]), made([4, 4, 4, 4])


def layers(formula):
    return {"BP1": [3], "BP2": [1, 2]}.get(formula, [1, 2, 3])


def worst(formula, text, stored, first):
    """Return by how much, of the largest, the two sides differ in any layer."""
    found = 0
    for l in layers(formula):
        known, computed = sides(formula, text, stored, l + first)
        assert known.shape == computed.shape
        found = max(found, np.abs(known - computed).max() / np.abs(known).max())
    return found


# ---- what is computed ----


@every_pair
@pytest.mark.parametrize("example", [UNEQUAL, SQUARE], ids=["unequal", "square"])
def test_a_formula_gives_in_each_notation_what_backprop_gives(formula, text, example):
    assert worst(formula, text, store(text, *example), NOTATIONS[text].first) < 1e-12


@pytest.mark.parametrize("text", NOTATIONS)
@pytest.mark.parametrize("formula", ["forward", "BP2", "BP4"])
def test_the_other_order_of_indices_does_not_hold(formula, text, monkeypatch):
    stored = store(text, *SQUARE)
    wrong = {l: w.T for l, w in stored.w.items()}
    if NOTATIONS[text].with_ones:
        wrong = {l: np.vstack([w[:1], w[1:].T]) for l, w in stored.w.items()}
    if formula == "BP4":
        stored.along_w = {l: w[-4:].T for l, w in stored.along_w.items()}
        if NOTATIONS[text].with_ones:
            stored.along_w = {l: np.vstack([wrong[l][:1], w]) for l, w in stored.along_w.items()}
    stored.w = wrong
    assert worst(formula, text, stored, NOTATIONS[text].first) > 1e-3


@pytest.mark.parametrize(
    ("formula", "text", "change"),
    [
        ("BP1", "Dethlefs", {"grad": ("", lambda a, y: y - a)}),
        ("BP2", "Dethlefs", {"slope": ("", lambda z, a: z * (1 - z))}),
        ("BP2", "Fitzpatrick", {"slope": ("", lambda z, a: sigmoid.prime(a))}),
        ("activation", "Bergsøe", {"sigma": ("", np.tanh)}),
        ("BP2", "Neural Networks", {"source_first": True}),
    ],
)
def test_a_wrong_table_is_noticed(formula, text, change, monkeypatch):
    stored = store(text, *SQUARE)
    changed = NOTATIONS[text]._replace(**change)
    monkeypatch.setitem(translate.NOTATIONS, text, changed)
    assert worst(formula, text, stored, changed.first) > 1e-3


def test_a_forgotten_row_of_biases_does_not_fit(monkeypatch):
    stored = store("Rohan and Lenny", *SQUARE)
    changed = NOTATIONS["Rohan and Lenny"]._replace(with_ones=False)
    monkeypatch.setitem(translate.NOTATIONS, "Rohan and Lenny", changed)
    with pytest.raises(ValueError, match="mismatch"):
        worst("forward", "Rohan and Lenny", stored, 0)


def test_what_a_text_stores_lies_where_it_says():
    network, z, a, y, gradient, stepped, _ = UNEQUAL
    kept = {text: store(text, *UNEQUAL) for text in NOTATIONS}
    w, dw = network[2].w[3, 1], gradient.w[2][3, 1]  # to neuron 4 of layer 2, from neuron 2
    assert kept["this course"].w[2][3, 1] == kept["Bergsøe"].w[2][3, 1] == w
    assert kept["Neural Networks"].w[3][3, 1] == w
    assert kept["Fitzpatrick"].w[3][1, 3] == kept["Dethlefs"].w[2][1, 3] == w
    assert kept["Rohan and Lenny"].w[2][1 + 1, 3] == w
    assert kept["Rohan and Lenny"].along_w[2][1 + 1, 3] == dw
    assert kept["Rohan and Lenny"].w[2][0, 3] == network[2].b[3, 0]
    assert kept["Rohan and Lenny"].stepped[2][0, 3] == stepped[2].b[3, 0]
    assert kept["Rohan and Lenny"].a[0].shape == (1, 3)
    assert kept["Bergsøe"].z[2].shape == (4, 1)
    for text in ("Fitzpatrick", "Neural Networks"):
        assert kept[text].a[1].tolist() == a[0].ravel().tolist()
        assert kept[text].z[4].tolist() == z[3].ravel().tolist()
        assert 0 not in kept[text].a
        assert kept[text].y.tolist() == y.ravel().tolist()


# ---- that it is what is written ----

NAMES = {
    "this course": {"z": "z", "a": "a", "w": "w", "b": "b", r"\delta": "delta"},
    "Neural Networks": {"z": "z", "a": "a", "w": "w", "b": "b", r"\delta": "delta"},
    "Fitzpatrick": {"a": "z", r"\alpha": "a", "W": "w", "b": "b", r"\delta": "delta"},
}
SYMBOL = re.compile(r"(\\?[a-zA-Z]+)\^\{(l|l[+-]1)\}_\{(\w+)\}")


def computed_from_print(formula, text, stored, l):
    """Read the LaTeX of a formula as a program of loops, one entry of the result at a time."""
    left, right = latex(formula, text).split(" = ")
    free = SYMBOL.findall(left)[-1][2]
    slope = re.escape({"Fitzpatrick": "f'"}.get(text, r"\sigma'"))
    code = SYMBOL.sub(lambda m: f"{NAMES[text][m[1]]}[{m[2]}][{','.join(m[3])}]", right)
    code = re.sub(slope, "prime", code).replace(r"\, ", " * ")
    total = re.match(r"\\sum_(\w) (.*?)(?= \+ |$)", code)
    if total:
        axis, summed = total.groups()
        [(of, at)] = {(m[0], m[1]) for m in re.findall(rf"(delta|a)\[(l[+-]1)\]\[{axis}\]", summed)}
        everywhere = f"sum({summed} for {axis} in range(len({of}[{at}])))"
        code = code.replace(total[0], everywhere)
    known = {**vars(stored), "prime": sigmoid.prime, "l": l}
    shape = np.shape(sides(formula, text, stored, l)[0])
    result = np.empty(shape)
    for at in np.ndindex(shape):
        result[at] = eval(code, known | dict(zip(free, at, strict=True)))
    return result


@pytest.mark.parametrize("text", NAMES)
@pytest.mark.parametrize("formula", ["forward", "BP2", "BP3", "BP4"])
def test_the_print_read_as_a_program_gives_the_same_numbers(formula, text):
    stored = store(text, *UNEQUAL)
    for l in (layer + NOTATIONS[text].first for layer in layers(formula)):
        known, _ = sides(formula, text, stored, l)
        assert np.allclose(computed_from_print(formula, text, stored, l), known, rtol=1e-12)


# ---- what is written ----


@pytest.mark.parametrize(
    ("text", "formula", "printed"),
    [
        # as the text itself prints it, but for spaces
        ("Neural Networks", "forward", r"z_j^l = \sum_k w_{jk}^l a_k^{l-1} + b_j^l"),  # (14)
        ("Neural Networks", "activation", r"a_j^l = \sigma(z_j^l)"),  # (15)
        (
            "Neural Networks",
            "BP1",
            r"\delta_j^L = \frac{\partial C}{\partial a_j^L} \sigma'(z_j^L)",
        ),
        (
            "Neural Networks",
            "BP2",
            r"\delta_j^l = \sum_k w_{kj}^{l+1} \delta_k^{l+1} \sigma'(z_j^l)",
        ),  # (41)
        ("Neural Networks", "BP3", r"\frac{\partial C}{\partial b_j^l} = \delta_j^l"),  # (51)
        (
            "Neural Networks",
            "BP4",
            r"\frac{\partial C}{\partial w_{jk}^l} = \delta_j^l a_k^{l-1}",
        ),  # (55)
        ("Bergsøe", "BP1", r"\delta^L = \frac{\partial C}{\partial a^L} \odot \sigma'(z^L)"),
        ("Bergsøe", "BP3", r"\frac{\partial C}{\partial b^l} = \delta^l"),
        ("Rohan and Lenny", "update", r"W^3 := W^3 - \alpha \frac{\partial J}{\partial W^3}"),
        (
            "Rohan and Lenny",
            "BP1",
            r"\frac{\partial J}{\partial p_i} = (p_j - \vec a) * p_j (1 - p_j)",
        ),  # display 26
        # with a layer and two indices on what (8) and (11) print for one weight
        ("Fitzpatrick", "update", r"W_{jk}^l \to W_{jk}^l - \epsilon \frac{d E}{d W_{jk}^l}"),
        ("Fitzpatrick", "BP4", r"\frac{d E}{d W_{jk}^l} = \delta_k^l \alpha_j^{l-1}"),
        # with o and h for the numbered neurons of (6) and (22)
        (
            "Dethlefs",
            "forward",
            r"\mathit{net}_o = \sum_h w_{ho} \times \mathit{out}_h + b_2",
        ),
        (
            "Dethlefs",
            "update",
            r"w_{ho}^+ = w_{ho} - \eta \times \frac{\partial E_{total}}{\partial w_{ho}}",
        ),
    ],
)
def test_a_formula_is_written_as_the_text_prints_it(text, formula, printed):
    def plain(code):
        code = code.replace(r"\,", "").replace(" ", "")
        code = re.sub(r"([_^])(\w)", r"\1{\2}", code)
        return re.sub(r"(_\{[^}]*\})(\^\{[^}]*\})", r"\2\1", code)  # above before below

    assert plain(latex(formula, text)) == plain(printed)


@pytest.mark.parametrize(
    ("text", "formula", "written"),
    [
        (
            "Bergsøe",
            "BP2",
            r"\left( (W^{l+1})^{\mathsf T} \delta^{l+1} \right) \odot \sigma'(z^{l})",
        ),
        ("Bergsøe", "BP4", r"\delta^{l} (a^{l-1})^{\mathsf T}"),
        ("Rohan and Lenny", "forward", r"(1, z_j)\, W^{3}"),
        (
            "Rohan and Lenny",
            "BP2",
            r"\left( \frac{\partial J}{\partial p_i}\, (\bar W^{3})^{\mathsf T} \right) * z_j (1 - z_j)",
        ),
        ("Rohan and Lenny", "BP4", r"(1, z_j)^{\mathsf T}\, \frac{\partial J}{\partial p_i}"),
        (
            "Dethlefs",
            "BP1",
            r"-(\mathit{target}_{o} - \mathit{out}_{o}) \times \mathit{out}_{o} (1 - \mathit{out}_{o})",
        ),
    ],
)
def test_transposes_brackets_and_rows_of_ones_are_written(text, formula, written):
    assert latex(formula, text).split(" = ")[1] == written


def test_indices_of_fitzpatrick_name_the_source_first():
    assert r"\sum_j W^{l}_{jk}\, \alpha^{l-1}_{j}" in latex("forward", "Fitzpatrick")
    assert r"\sum_k W^{l+1}_{jk}\, \delta^{l+1}_{k}" in latex("BP2", "Fitzpatrick")
    assert latex("BP1", "Fitzpatrick").startswith(r"\delta^{m}_{k}")


def test_a_formula_that_a_text_lacks_is_none():
    assert [t for t in NOTATIONS if latex("BP3", t) is None] == ["Rohan and Lenny", "Dethlefs"]
    assert all(latex(f, t) for f, t in PAIRS)


@every_pair
def test_every_formula_can_be_rendered(formula, text):
    written = latex(formula, text)
    assert "@" not in written
    assert "#" not in written
    assert not re.search(r"(?<![\\_a-zA-Z])\{[a-z]{3,}\}", written)  # a name not filled in
    katex_html.prepare([(latex(*pair), True) for pair in PAIRS])
    assert katex_html.render(written, True)
