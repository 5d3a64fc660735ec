"""The formulas of a network in six notations: one description of each, one table of symbols a text.

What is written and what is computed come from the same pieces. A piece is LaTeX and, where a network
is given as the text stores it, the numbers that this LaTeX stands for: a sum over k adds along the
axis that is called k, and a transpose in print is a transpose of the array.
"""

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from backprop.activations import sigmoid


class Notation(NamedTuple):
    """How a text writes; in the symbols, @ is the layer and # the indices.

    sigma, slope and grad (that of the cost along an output) are pairs: how it is written, and what is
    computed then. lacks says of formulas that the text has not what it has instead.
    """

    form: str  # components, columns or rows
    w: str
    z: str
    a: str
    b: str
    delta: str
    y: str
    cost: str
    rate: str
    becomes: str  # how an update is written
    first: int = 0  # the number of the inputs' layer
    last: str = "L"
    named: str = ""  # the last two layers, where layers have names: the lower one first
    letters: tuple = ("jk", "kj")  # a neuron and one of the layer below it; the same in BP2
    source_first: bool = False  # a weight's first index, and a matrix's row, is where it comes from
    with_ones: bool = False  # the biases are the first row of the weights
    sigma: tuple = (r"\sigma({z})", sigmoid)
    slope: tuple = (r"\sigma'({z})", lambda z, a: sigmoid.prime(z))
    grad: tuple = (r"\frac{{d}{cost}}{{d}{a}}", lambda a, y: a - y)
    d: str = r"\partial "
    dot: str = r"\, "
    times: str = r"\, "  # entry by entry
    lacks: dict = {}  # noqa: RUF012


BY_OUTPUT = "{a} (1 - {a})", lambda z, a: a * (1 - a)
OURS = Notation(
    "components", w="w^{@}_{#}", z="z^{@}_{#}", a="a^{@}_{#}", b="b^{@}_{#}", delta=r"\delta^{@}_{#}",
    y="y_{#}", cost="C", rate=r"\eta", becomes=r"{old} \leftarrow {new}",
)  # fmt: skip
NOTATIONS = {
    "this course": OURS,
    "Fitzpatrick": OURS._replace(
        first=1, last="m", letters=("kj", "kj"), source_first=True, w="W^{@}_{#}", z="a^{@}_{#}",
        a=r"\alpha^{@}_{#}", y=r"\beta_{#}", cost="E", rate=r"\epsilon", becomes=r"{old} \to {new}",
        sigma=("f({z})", sigmoid), slope=("f'({z})", OURS.slope[1]), d="d ",
    ),
    "Rohan and Lenny": Notation(
        "rows", named="zp", w="W^{3}", z="@_i", a="@_j", b="", y=r"\vec a", cost="J",
        delta=r"\frac{\partial J}{\partial @_i}", rate=r"\alpha", becomes="{old} := {new}",
        source_first=True, with_ones=True, sigma=("S({z})", sigmoid), slope=BY_OUTPUT,
        grad=("({a} - {y})", lambda a, y: a - y), times=" * ",
        lacks={"BP3": "a bias is a weight, from a neuron that says 1"},
    ),
    "Neural Networks": OURS._replace(first=1, becomes=r"{old} \to {new}"),
    "Dethlefs": Notation(
        "components", named="ho", letters=("oh", "oh"), source_first=True, w="w_{#}",
        z=r"\mathit{net}_{#}", a=r"\mathit{out}_{#}", b="b_2", delta=r"\delta_{#}",
        y=r"\mathit{target}_{#}", cost="E_{total}", rate=r"\eta", becomes="{old}^+ = {new}",
        sigma=(r"\frac{1}{1 + e^{-{z}}}", lambda z: 1 / (1 + np.exp(-z))), slope=BY_OUTPUT,
        grad=("-({y} - {a})", lambda a, y: -(y - a)), dot=r" \times ", times=r" \times ",
        lacks={"BP3": "biases are not trained"},
    ),
    "Bergsøe": Notation(
        "columns", w="W^{@}", z="z^{@}", a="a^{@}", b="b^{@}", delta=r"\delta^{@}", y="y", cost="C",
        rate=r"\eta", becomes="{old} = {new}", dot=r" \cdot ", times=r" \odot ",
    ),
}  # fmt: skip


# ---- one description of each formula ----

FORMULAS = {
    "forward": lambda n: (n.z(0), n.plus(n.into(n.w(0), n.a(-1)), n.b(0))),
    "activation": lambda n: (n.a(0), n.sigma(0)),
    "BP1": lambda n: (n.delta(0), n.times(n.grad(0), n.slope(0))),
    "BP2": lambda n: (n.delta(0), n.times(n.back(n.w(1), n.delta(1)), n.slope(0))),
    "BP3": lambda n: (n.along("b"), n.delta(0)),
    "BP4": lambda n: (n.along("w"), n.outer(n.delta(0), n.a(-1))),
    "update": lambda n: n.step(n.w(0), n.along("w")),
}


def latex(formula, text):
    """Return a formula, one of FORMULAS, as a text of NOTATIONS writes it; None where it lacks it."""
    notation = NOTATIONS[text]
    if formula in notation.lacks:
        return None
    left, right = FORMULAS[formula](_Writer(notation, formula))
    if formula == "update":
        return notation.becomes.replace("{old}", left.latex).replace("{new}", right.latex)
    return f"{left.latex} = {right.latex}"


def sides(formula, text, stored, l):
    """Return the numbers of both sides in layer l, as stored counts it; those left are stored."""
    left, right = FORMULAS[formula](_Writer(NOTATIONS[text], formula, stored, l))
    return left.value, right.value


def store(text, network, z, a, y, gradient, stepped, rate):
    """Return the numbers of one sample as a text stores them, with its numbers of the layers.

    z, a and gradient are those of backprop, stepped is the network after the update.
    """
    notation = NOTATIONS[text]

    def vector(v):
        return {"components": v.ravel(), "columns": v, "rows": v.T}[notation.form]

    def matrix(w, b):
        if notation.with_ones:
            return np.hstack([b, w]).T
        return w.T if notation.source_first else w

    def layers(values):
        return {l + notation.first: value for l, value in values.items()}

    return SimpleNamespace(
        z=layers({l: vector(v) for l, v in z.items()}),
        a=layers({l: vector(v) for l, v in a.items()}),
        w=layers({l: matrix(w, b) for l, (w, b, _) in network.items()}),
        b=layers({l: vector(b) for l, (_, b, _) in network.items()}),
        delta=layers({l: vector(v) for l, v in gradient.delta.items()}),
        along_w=layers({l: matrix(gradient.w[l], gradient.b[l]) for l in network}),
        along_b=layers({l: vector(v) for l, v in gradient.b.items()}),
        stepped=layers({l: matrix(w, b) for l, (w, b, _) in stepped.items()}),
        y=vector(y),
        rate=rate,
    )


# ---- pieces, and how a text puts them together ----


class _Piece(NamedTuple):
    latex: str
    value: np.ndarray | None = None
    axes: str = ""  # what the axes of value are called


class _Writer:
    """Writes a formula in a notation; where numbers are given it computes what it writes."""

    def __init__(self, notation, formula, stored=None, l=0):
        self.notation, self.formula, self.stored, self.l = notation, formula, stored, l
        self.upper, self.lower = notation.letters[formula == "BP2"]

    # the symbols

    def layer(self, step):
        if self.notation.named:
            return self.notation.named[step if self.formula == "BP2" else step + 1]
        if self.formula == "BP1":
            return self.notation.last
        return f"l{step:+}" if step else "l"

    def symbol(self, quantity, step, axes):
        name = getattr(self.notation, quantity).replace("@", self.layer(step)).replace("#", axes)
        value = self.stored and getattr(self.stored, quantity)[self.l + step]
        return _Piece(name, value, axes)

    def neuron(self, step):
        lower = step == -1 or (self.formula == "BP2" and step == 0)
        return self.lower if lower else self.upper

    def z(self, step):
        return self.symbol("z", step, self.neuron(step))

    def a(self, step):
        return self.symbol("a", step, self.neuron(step))

    def b(self, step):
        return self.symbol("b", step, self.neuron(step))

    def delta(self, step):
        return self.symbol("delta", step, self.neuron(step))

    def w(self, step):
        pair = self.upper + self.lower
        return self.symbol("w", step, pair[::-1] if self.notation.source_first else pair)

    # what is computed from them

    def filled(self, pair, axes, **parts):
        text, compute = pair
        for name, part in parts.items():
            text = text.replace(f"{{{name}}}", part.latex)
        text = text.replace("{d}", self.notation.d).replace("{cost}", self.notation.cost)
        value = compute(*(part.value for part in parts.values())) if self.stored else None
        return _Piece(text, value, axes)

    def sigma(self, step):
        return self.filled(self.notation.sigma, self.neuron(step), z=self.z(step))

    def slope(self, step):
        z, a = self.z(step), self.a(step)
        return self.filled(self.notation.slope, z.axes, z=z, a=a)

    def grad(self, step):
        a = self.a(step)
        y = _Piece(self.notation.y.replace("#", a.axes), self.stored and self.stored.y)
        return self.filled(self.notation.grad, a.axes, a=a, y=y)

    def along(self, quantity):
        of, d = getattr(self, quantity)(0), self.notation.d
        value = self.stored and getattr(self.stored, f"along_{quantity}")[self.l]
        return _Piece(rf"\frac{{{d}{self.notation.cost}}}{{{d}{of.latex}}}", value, of.axes)

    def plus(self, one, other):
        if self.notation.with_ones:
            return one
        value = one.value + other.value if self.stored else None
        return _Piece(f"{one.latex} + {other.latex}", value, one.axes)

    def times(self, one, other):
        bracketed = self.formula == "BP2" and self.notation.times != r"\, "
        head = rf"\left( {one.latex} \right)" if bracketed else one.latex
        value = one.value * other.value if self.stored else None
        return _Piece(head + self.notation.times + other.latex, value, one.axes)

    def into(self, w, a):
        """What arrives at a layer from the one below."""
        if self.notation.form == "components":
            return self.summed(w, a)
        a = self.one_and(a)
        if self.notation.form == "rows":
            return _Piece(rf"{a.latex}\, {w.latex}", a.value @ w.value if self.stored else None)
        value = w.value @ a.value if self.stored else None
        return _Piece(f"{w.latex}{self.notation.dot}{a.latex}", value)

    def back(self, w, delta):
        """What arrives at a layer from the errors of the one above."""
        if self.notation.form == "components":
            return self.summed(w, delta)
        if self.notation.with_ones:  # nothing goes back to the neuron that says 1
            w = _Piece(rf"\bar {w.latex}", w.value[1:] if self.stored else None)
        turned = rf"({w.latex})^{{\mathsf T}}"
        if self.notation.form == "rows":
            value = delta.value @ w.value.T if self.stored else None
            return _Piece(rf"{delta.latex}\, {turned}", value)
        return _Piece(rf"{turned} {delta.latex}", w.value.T @ delta.value if self.stored else None)

    def outer(self, delta, a):
        """The products of each error with each output of the layer below."""
        if self.notation.form == "components":
            axes = self.w(0).axes
            value = None
            if self.stored:
                value = np.einsum(f"{delta.axes},{a.axes}->{axes}", delta.value, a.value)
            return _Piece(f"{delta.latex}{self.notation.dot}{a.latex}", value, axes)
        a = self.one_and(a)
        bare = a.latex if a.latex[0] == "(" else f"({a.latex})"
        turned = rf"{bare}^{{\mathsf T}}"
        if self.notation.form == "rows":
            value = a.value.T @ delta.value if self.stored else None
            return _Piece(rf"{turned}\, {delta.latex}", value)
        return _Piece(f"{delta.latex} {turned}", delta.value @ a.value.T if self.stored else None)

    def summed(self, w, v):
        value = None
        if self.stored:
            left = w.axes.replace(v.axes, "")
            value = np.einsum(f"{w.axes},{v.axes}->{left}", w.value, v.value)
        return _Piece(rf"\sum_{v.axes} {w.latex}{self.notation.dot}{v.latex}", value)

    def one_and(self, a):
        if not self.notation.with_ones:
            return a
        value = np.hstack([[[1.0]], a.value]) if self.stored else None
        return _Piece(f"(1, {a.latex})", value)

    def step(self, w, slope):
        value = w.value - self.stored.rate * slope.value if self.stored else None
        new = f"{w.latex} - {self.notation.rate}{self.notation.dot}{slope.latex}"
        stepped = self.stored and self.stored.stepped[self.l]
        return _Piece(w.latex, stepped), _Piece(new, value)
