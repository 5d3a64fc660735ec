"""The exercises of chapter 9, the four equations."""
# ruff: noqa: E501 (a sentence of a table stays whole)

from functools import cache

import numpy as np

from backprop.activations import leaky_relu_of, sigmoid, tanh
from backprop.backpropagation import backprop
from backprop.costs import quadratic
from backprop.network import Layer, forward, initialize

from .derivations import Line
from .fresh import generator, nearby
from .kinds import assemble, compute, debug, derive, investigate, predict, spot, write
from .verdict import Verdict

RNG = generator(9)


def drawn(*shapes):
    """Return random arrays of these shapes, one tuple of arguments."""
    return tuple(RNG.normal(size=shape) for shape in shapes)


# ---- 9.4: which slopes vanish for an input of zeros ----


@cache
def zero_input():
    rng = np.random.default_rng(4)
    net = initialize([3, 4, 2], tanh, sigmoid, scheme="normal", rng=rng)
    g = backprop(net, np.zeros((3, 1)), rng.uniform(size=(2, 1)), quadratic)
    vanish = [name for name, slope in (("w¹", g.w[1]), ("b¹", g.b[1]), ("w²", g.w[2]))
              if not slope.any()]  # fmt: skip
    return f"along {' and '.join(vanish)}" if len(vanish) < 3 else "along all of them"


# ---- 9.7: a connection that skips a layer ----


def skipping(n0, n1, n2, n3, m):
    a = {l: RNG.normal(size=(n, m)) for l, n in enumerate((n0, n1, n2, n3))}
    a |= {l: np.tanh(a[l]) for l in (1, 2)}  # as tanh gives them: arctanh finds their z
    return a, *drawn((n3, m), (n2, n1), (n3, n2), (n3, n1))


SKIP = """
def backward(a, y, w2, w3, v):
    d3 = (a[3] - y) / y.shape[1]
    d2 = (w3.T @ d3) * (1 - a[2] ** 2)
    d1 = (w2.T @ d2 + v.T @ d3) * (1 - a[1] ** 2)
    return d1 @ a[0].T, d2 @ a[1].T, d3 @ a[2].T, d3 @ a[1].T
""".strip()

# ---- 9.8: a formula as it is printed ----

ARRIVING = """
def error(i, j, W, delta_next, g, alpha_prev, f):
    arriving = sum(delta_next[k] * W[i, k] for k in range(len(delta_next)))
    return arriving * f.prime(g[i])
""".strip()

PRINTED = """
def error(i, j, W, delta_next, g, alpha_prev, f):
    arriving = sum(delta_next[k] * W[j, k] for k in [0])
    return arriving * f.prime(g[i]) * alpha_prev[j]
""".strip()

MATRIX = """
def error(i, j, W, delta_next, g, alpha_prev, f):
    return (W.T @ delta_next)[i] * f.prime(g[i])
""".strip()

# ---- 9.9 and 9.12: two programs with faults ----

SLOPE = """
def gradients(x, y, w1, b1, w2, b2, sigma):
    z1 = w1 @ x + b1
    a1 = sigma(z1)
    z2 = w2 @ a1 + b2
    d2 = 4 * (z2 - y) ** 3 / x.shape[1]
    d1 = (w2.T @ d2) * sigma.prime(z1)
    db1, db2 = d1.sum(axis=1, keepdims=True), d2.sum(axis=1, keepdims=True)
    return d1 @ x.T, db1, d2 @ a1.T, db2
""".strip()

ROWS = """
def gradients(X, Y, w1, b1, w2, b2):
    A1 = np.tanh(X @ w1.T + b1)
    D2 = 1 / len(X) * (A1 @ w2.T + b2 - Y)
    D1 = D2 @ w2 * (1 - A1**2)
    return D1.T @ X, D1.sum(axis=0), D2.T @ A1, D2.sum(axis=0), D2
""".strip()


def columns(n0, n1, n2, m, sigma):
    return *drawn((n0, m), (n2, m), (n1, n0), (n1, 1), (n2, n1), (n2, 1)), sigma


def rows(m, n0, n1, n2):
    return drawn((m, n0), (m, n2), (n1, n0), (n1,), (n2, n1), (n2,))


# ---- 9.10: the error of a neuron that is seen by two layers ----

Z = np.array([0.4, -0.9, 1.7])
A1, W, U, V, Y = np.tanh(Z), 0.8, -1.5, 0.6, 0.3
A2 = np.tanh(W * A1)
SEEN = {
    "z": Z, "a1": A1, "a2": A2, "w": W, "u": U, "v": V, "y": Y, "z3": U * A2 + V * A1,
    "cost": lambda z: 0.5 * (U * np.tanh(W * np.tanh(z)) + V * np.tanh(z) - Y) ** 2,
    "dz3": (U * (1 - A2**2) * W + V) * (1 - A1**2),
    "da2": (1 - A2**2) * W * (1 - A1**2), "da1": 1 - A1**2,
}  # fmt: skip

# ---- 9.11: outputs that share a total ----

SHARES = """
def output_error(grad_a, z):
    s = 1 / (1 + np.exp(-z))
    total = s.sum(axis=0)
    through_total = (grad_a * s / total).sum(axis=0)
    return (grad_a - through_total) * s * (1 - s) / total
""".strip()

SOFTMAX = """
def output_error(grad_a, z):
    e = np.exp(z)
    share = e / e.sum({})
    return share * (grad_a - (grad_a * share).sum({}))
""".strip()

# ---- 9.13: how far the promise of a push holds ----

NETWORKS, ENOUGH = 100, 95
POWERS = [0.5, 1, 2, 4, 8, 16, 32, 64]


@cache
def kept(s):
    """Return in how many networks the push −s δ¹ brings half of the fall that it promises."""
    count = 0
    for seed in range(9000, 9000 + NETWORKS):
        rng = np.random.default_rng(seed)
        net = initialize([4, 6, 5, 3], tanh, sigmoid, rng=rng)
        x, y = rng.normal(size=(4, 1)), rng.uniform(size=(3, 1))
        delta = backprop(net, x, y, quadratic).delta[1]
        pushed = net | {1: Layer(net[1].w, net[1].b - s * delta, tanh)}
        costs = [quadratic(forward(n, x)[1][3], y) for n in (net, pushed)]
        count += bool(costs[0] - costs[1] >= 0.5 * s * np.sum(delta**2))
    return count


def claim(s):
    """Judge the claim that s is as far as one may push."""
    if s not in POWERS:
        return Verdict(False, "s must be one of 0.5, 1, 2, 4, 8, 16, 32, 64.")
    here, beyond = kept(float(s)), kept(2.0 * s)
    if here < ENOUGH:
        return Verdict(False, f"At this s half of the fall comes in {here} of {NETWORKS} networks.")
    if beyond >= ENOUGH:
        return Verdict(False, f"It holds here, and at twice this s too: in {beyond} networks.")
    return Verdict(
        True, f"In {here} of {NETWORKS} new networks half of the fall comes, at twice s in {beyond}. "
        f"Would a cost with larger errors allow the same s?"
    )  # fmt: skip


EXERCISES = {
    "9.1": compute(
        "error", 1, "0.23 + 2.1 * (1.25 - 1.30)",
        {
            " + 2.1 * (1.25 - 1.30) → ": "That is the cost before; the push changes it.",
            "1.25 - 1.30 → 1.30 - 1.25": "The push is the new z minus the old one; here it is negative.",
            "(1.25 - 1.30) → 1.25": "The error is multiplied by the push, the change of z, not by z itself.",
            "0.23 +  → ": "That is the change of the cost; the cost after the push is asked for.",
            "0.23 + 2.1 * (1.25 - 1.30) → 2.1 * (1.30 - 1.25)": "That is how far the cost falls; the cost after the push is asked for.",
            "2.1 *  → ": "The error is a slope: it is multiplied by the push before it is added.",
            " * (1.25 - 1.30) → ": "The error is added whole; it is a slope, to be multiplied by the push.",
            "0.23 + 2.1 * (1.25 - 1.30) → 0.23 * (1 + 2.1 * (1.25 - 1.30))": "The change is added to the cost as it is, not as a share of it.",
        },
        label="C after the push",
        why="For which pushes would that be far off?",
    ),
    "9.2": compute(
        "derive", 1, "(np.tanh(0.8) - 0.2) ** 3 * (1 - np.tanh(0.8) ** 2)",
        {
            " * (1 - np.tanh(0.8) ** 2) → ": "The slope of tanh at the neuron's z is missing (BP1).",
            "(np.tanh(0.8) - 0.2) ** 3 → (np.tanh(0.8) - 0.2)": "a − y is the slope of the quadratic cost; this cost has another (BP1).",
            "(np.tanh(0.8) - 0.2) ** 3 → (np.tanh(0.8) - 0.2) ** 4 / 4": "The cost itself stands where its slope along a should stand (BP1).",
            "(1 - np.tanh(0.8) ** 2) → np.tanh(0.8) * (1 - np.tanh(0.8))": "a(1 − a) is the slope of the sigmoid; this neuron has tanh (BP1).",
            "(1 - np.tanh(0.8) ** 2) → (1 - np.tanh(np.tanh(0.8)) ** 2)": "The slope of tanh is taken at a; it belongs at z (BP1).",
        },
        label="δ",
        why="For which z is this error tiny although the output is far off?",
    ),
    "9.3": compute(
        "derive", 1, "(-2 * 0.2 + 3 * -0.1) * (1 - np.tanh(-0.8) ** 2)",
        {
            " * (1 - np.tanh(-0.8) ** 2) → ": "What arrives is added up; the neuron's own slope is missing (BP2).",
            "np.tanh(-0.8) → np.tanh(np.tanh(-0.8))": "The slope is taken at a; tanh′ belongs at z (BP2).",
            "-2 * 0.2 + 3 * -0.1 → 0.5 * 0.2 + 3 * -0.1": "A row of w² was collected; the weights that leave the neuron stand in a column (BP2).",
            " + 3 * -0.1 → ": "One path alone: the neuron feeds both outputs, and both are added (BP2).",
            "np.tanh(-0.8) → np.tanh(0.5)": "The slope is that of the other hidden neuron (BP2).",
        },
        label="δ¹₂",
        why="What must w²₁₂ be for the two paths to cancel?",
    ),
    "9.4": predict(
        "derive", 1,
        {
            "along w¹": "",
            "along w¹ and b¹": "A bias has its neuron's error for its slope; nothing is multiplied by the input.",
            "along all of them": "The hidden neurons still have biases: they are not silent, and the outputs err.",
        },
        zero_input,
        {
            "BP4 multiplies by the activation at the start of the weight, and that is 0.": "",
            "The errors of layer 1 are 0.": "BP2 takes them from the outputs, and the input does not enter it.",
            "An input of zeros leaves every activation 0.": "The biases make hidden activations that are not 0.",
        },
        why="What does that say about a pixel that is white in every picture?",
    ),
    "9.5": compute(
        "cost", 1, "W = 6 * 8 + 8 * 8 + 8 * 4\nN = 8 + 8 + 4\n(W - 6 * 8) + W + N",
        {
            "(W - 6 * 8) + W + N → W": "That is the forward pass.",
            "(W - 6 * 8) + W + N → 2 * W": "Twice the forward pass is near; BP2 spares the first layer, and ⊙ comes on top.",
            "(W - 6 * 8) + W + N → W + N": "BP4 and ⊙ are there; BP2's products are missing.",
            "(W - 6 * 8) + W + N → W + W + N": "BP2 stops at layer 1: it never carries errors to the input.",
            " + W + N → + W": "⊙ multiplies once for each neuron, and that is missing.",
            "(W - 6 * 8) + W + N → (W - 8 * 4) + W + N": "The weights of the last layer are left out; those of the first are not needed by BP2.",
            "(W - 6 * 8) + W + N → W + (W - 6 * 8) + W + N": "That is forward and backward together; asked is backward alone.",
            "N = 8 + 8 + 4 → N = 8 + 8": "The outputs multiply too: BP1 has its ⊙.",
            "N = 8 + 8 + 4 → N = 6 + 8 + 8 + 4": "The inputs have no error: they are counted as neurons here.",
        },
        label="Multiplications",
        whole=True,
        why="By how much would 60 instead of 6 inputs raise it?",
    ),
    "9.6": compute(
        "derive", 1, "0.02 * 0.6 + -0.05 * -1.5 + 0.08 * 0.3",
        {
            "0.02 * 0.6 + -0.05 * -1.5 + 0.08 * 0.3 → (0.02 * 0.6 + -0.05 * -1.5 + 0.08 * 0.3) / 3": "A mean is taken; 1/m stands in δ already (BP4).",
            "0.02 * 0.6 + -0.05 * -1.5 + 0.08 * 0.3 → (0.02 - 0.05 + 0.08) * (0.6 - 1.5 + 0.3)": "Sums are multiplied; each sample's error meets its own activation alone (BP4).",
            "0.02 * 0.6 + -0.05 * -1.5 + 0.08 * 0.3 → (0.02 - 0.05 + 0.08) * (0.6 - 1.5 + 0.3) / 3": "Sums are multiplied, then a mean is taken; each sample's error meets its own activation alone (BP4).",
            " + -0.05 * -1.5 + 0.08 * 0.3 → ": "The first sample alone: the weight is shared by all three (BP4).",
            "-0.05 * -1.5 → -0.05 * 1.5": "The second sample: both factors are negative, so their product is positive (BP4).",
            "0.02 * 0.6 + -0.05 * -1.5 + 0.08 * 0.3 → 0.02 - 0.05 + 0.08": "That is the slope along the neuron's bias (BP3).",
        },
        label="∂C/∂w",
        why="Which of the three samples pulls this weight hardest?",
    ),
    "9.7": assemble(
        "write", 2, SKIP,
        {
            "(a[3] - y) / y.shape[1] → (a[3] - y)": "d3: the cost is a mean over the columns, and its 1/m is missing.",
            "(a[3] - y) / y.shape[1] → (a[3] - y) / y.shape[1] * (1 - a[3] ** 2)": "d3: the slope of tanh stands here; the outputs are the identity (BP1).",
            "(w3.T @ d3) * (1 - a[2] ** 2) → w3.T @ d3": "d2: the slope of layer 2 is missing (BP2).",
            "w3.T → w3": "d2: w3 is not transposed; the sum runs over the neurons of layer 3, the rows of w3 (BP2).",
            "(w2.T @ d2 + v.T @ d3) * (1 - a[1] ** 2) → (w2.T @ d2) * (1 - a[1] ** 2)": "d1: a push of layer 1 also reaches layer 3, through v; that path is missing (BP2).",
            "(w2.T @ d2 + v.T @ d3) * (1 - a[1] ** 2) → w2.T @ d2 * (1 - a[1] ** 2) + v.T @ d3": "d1: both paths pass layer 1's own activation; its slope multiplies only one (BP2).",
            "(w2.T @ d2 + v.T @ d3) * (1 - a[1] ** 2) → w2.T @ (d2 + v.T @ d3) * (1 - a[1] ** 2)": "d1: v leads straight from layer 1 to 3; its path does not go through w2 (BP2).",
            "(w2.T @ d2 + v.T @ d3) * (1 - a[1] ** 2) → (w2.T @ d2) * (v.T @ d3) * (1 - a[1] ** 2)": "d1: two paths are added, not multiplied (BP2).",
            "(w2.T @ d2 + v.T @ d3) * (1 - a[1] ** 2) → w2.T @ d2 + v.T @ d3": "d1: the slope of layer 1 is missing (BP2).",
            "w2.T → w2": "d1: w2 is not transposed; the sum runs over the neurons of layer 2, the rows of w2 (BP2).",
            "v.T → v": "d1: v is not transposed; the sum runs over the neurons of layer 3, the rows of v (BP2).",
            "w2.T @ d2 + → w2.T @ (w3.T @ d3) +": "d1: what goes back through w2 is the error of layer 2; its slope is missing there (BP2).",
            "(w3.T @ d3) * (1 - a[2] ** 2) → w3.T @ d3\n(w2.T @ d2 + v.T @ d3) * (1 - a[1] ** 2) → w2.T @ d2 + v.T @ d3": "d2 and d1: the slope of tanh is missing in both hidden layers (BP2).",
            "1 - a[2] ** 2 → a[2] * (1 - a[2])\n1 - a[1] ** 2 → a[1] * (1 - a[1])": "d2 and d1: a(1 − a) is the slope of the sigmoid; both hidden layers have tanh (BP2).",
            "d1 @ a[0].T → np.outer(d1.sum(axis=1), a[0].sum(axis=1))\nd2 @ a[1].T → np.outer(d2.sum(axis=1), a[1].sum(axis=1))\n"
            "d3 @ a[2].T → np.outer(d3.sum(axis=1), a[2].sum(axis=1))\nd3 @ a[1].T → np.outer(d3.sum(axis=1), a[1].sum(axis=1))":
                "All four slopes: sums over the samples are multiplied; each sample's error meets its own activation alone (BP4).",
            "1 - a[2] ** 2 → 1 - np.tanh(a[2]) ** 2\n1 - a[1] ** 2 → 1 - np.tanh(a[1]) ** 2": "d2 and d1: tanh is taken twice; a is tanh(z) already, and the slope at z is 1 − a² (BP2).",
            "1 - a[2] ** 2 → 1 - a[2]\n1 - a[1] ** 2 → 1 - a[1]": "d2 and d1: the square is missing; the slope of tanh is 1 − a² (BP2).",
            "d3 @ a[1].T → d2 @ a[1].T": "∂C/∂v: the skip ends in layer 3, so its error is d3 (BP4).",
            "d3 @ a[1].T → d3 @ a[2].T": "∂C/∂v: the skip starts at layer 1, so it carries a[1] (BP4).",
        },
        [skipping(3, 5, 4, 2, 4), skipping(2, 4, 3, 5, 3), skipping(5, 2, 4, 3, 2)],
        results=("∂C/∂w1", "∂C/∂w2", "∂C/∂w3", "∂C/∂v"),
        why="What would d1 be if v led to layer 3 from the input?",
    ),
    "9.8": spot(
        "find", 2,
        ARRIVING,
        {
            "k in range(len(delta_next)) → k in [0]": "One k alone: every neuron of the next layer sends its error back (BP2).",
            "W[i, k] → W[j, k]": "The weight must start at neuron i; j is a neuron of the layer before (BP2).",
            "W[i, k] → W[k, i]": "The source stands first here: this weight leads to i, not from it (BP2).",
            "f.prime(g[i]) → f.prime(g[i]) * alpha_prev[j]": "A derivative by the weight carries the output that it multiplies; f is to be differentiated by g (BP2).",
            "f.prime(g[i]) → f(g[i])": "f itself stands where its slope should stand (BP2).",
            "f.prime(g[i]) → f.prime(f(g[i]))": "The slope is taken at the output f(g); it belongs at g (BP2).",
            "arriving * f.prime(g[i]) → arriving": "What arrives is added up; the neuron's own slope is missing (BP2).",
            PRINTED: "The weight must start at neuron i; j is a neuron of the layer before (BP2). 2 more mistakes follow.",
            ARRIVING.replace("W[i, k]", "W.T[i, k]"): "arriving: a column of W is taken; the source stands first here, so what leaves neuron i is a row (BP2).",
            MATRIX: "arriving: a column of W is taken; the source stands first here, so what leaves neuron i is a row (BP2).",
        },
        [(i, j, *drawn((n, k), (k,), (n,), (3,)), f)
         for i, j, n, k, f in ((1, 2, 3, 3, tanh), (0, 1, 4, 2, sigmoid), (2, 0, 3, 5, tanh))],
        planted=("k in range(len(delta_next)) → k in [0]", "W[i, k] → W[j, k]",
                 "f.prime(g[i]) → f.prime(g[i]) * alpha_prev[j]"),
        why="With one neuron in the next layer, which of the three mistakes would not be seen?",
    ),
    "9.9": debug(
        "find", 2, SLOPE,
        {
            "4 * (z2 - y) ** 3 → (z2 - y)": "d2: that is the slope of the quadratic cost; this cost has another (BP1).",
            "/ x.shape[1] → ": "d2: the cost is a mean over the columns, and its 1/m is missing.",
            "* sigma.prime(z1) → * sigma.prime(a1)": "d1: the slope is taken at a1; it belongs at z1 (BP2).",
            "* sigma.prime(z1) → ": "d1: the slope of the hidden layer is missing (BP2).",
            "* sigma.prime(z1) → * sigma(z1)": "d1: sigma itself stands where its slope should stand (BP2).",
            "* sigma.prime(z1) → * a1 * (1 - a1)": "d1: a(1 − a) is the slope of the sigmoid alone; sigma may be another activation (BP2).",
            "* sigma.prime(z1) → * (1 - a1**2)": "d1: 1 − a² is the slope of tanh alone; sigma may be another activation (BP2).",
            "d1 @ x.T → d1 @ x.T / x.shape[1]": "∂C/∂w1: a mean is taken; 1/m stands in d2 already (BP4).",
            "d1 @ x.T → np.outer(d1.sum(axis=1), x.sum(axis=1))\nd2 @ a1.T → np.outer(d2.sum(axis=1), a1.sum(axis=1))": "Both weights: sums over the samples are multiplied; each sample's error meets its own activation alone (BP4).",
            "d2 @ a1.T → d2 @ z1.T": "∂C/∂w2: a weight carries the activation a1, not z1 (BP4).",
            "d1.sum(axis=1, keepdims=True) → np.full_like(b1, d1.sum())\nd2.sum(axis=1, keepdims=True) → np.full_like(b2, d2.sum())": "Both biases: the errors of all neurons are added; each bias has those of its own neuron alone (BP3).",
            "d1.sum(axis=1, keepdims=True) → d1.sum()\nd2.sum(axis=1, keepdims=True) → d2.sum()": "Both biases: one number is left for all neurons; each bias has the errors of its own neuron alone (BP3).",
            "d1.sum(axis=1, keepdims=True) → (d1 @ x.T).sum(axis=1, keepdims=True)\nd2.sum(axis=1, keepdims=True) → (d2 @ a1.T).sum(axis=1, keepdims=True)": "Both biases: the rows of ∂C/∂w are added; no activation multiplies a bias (BP3).",
        },
        [columns(3, 4, 2, 5, sigmoid), columns(2, 5, 3, 4, tanh), columns(4, 2, 3, 3, leaky_relu_of(0.3))],
        planted=("* sigma.prime(z1) → * sigma.prime(a1)",),
        results=("∂C/∂w1", "∂C/∂b1", "∂C/∂w2", "∂C/∂b2"),
        why="With which activation would a1 in place of z1 never have been noticed?",
    ),
    "9.10": derive(
        "derive", 3,
        ("∂C/∂z", "(cost(z + 1e-5) - cost(z - 1e-5)) / 2e-5"),
        [
            Line(
                "C depends on z through z³ alone", ("(z³ − y) · ∂z³/∂z", "(z3 - y) * dz3"),
                {
                    ("½ (z³ − y)² · ∂z³/∂z", "(z3 - y) ** 2 / 2 * dz3"): "the cost stands where its slope along z³ should stand.",
                    ("z³ − y", "z3 - y"): "that is the error of the output; the way from z to z³ is missing.",
                },
            ),
            Line(
                "z³ = u a² + v a¹", ("(z³ − y) · (u · ∂a²/∂z + v · ∂a¹/∂z)", "(z3 - y) * (u * da2 + v * da1)"),
                {
                    ("(z³ − y) · u · ∂a²/∂z", "(z3 - y) * u * da2"): "z³ also sees a¹ through v; that term is missing.",
                    ("(z³ − y) · u · ∂a²/∂z · v · ∂a¹/∂z", "(z3 - y) * u * da2 * v * da1"): "the slope of a sum is a sum, not a product.",
                },
            ),
            Line(
                "a² = tanh(w a¹), a¹ = tanh(z)",
                ("(z³ − y) · (u · (1 − (a²)²) · w · (1 − (a¹)²) + v · (1 − (a¹)²))",
                 "(z3 - y) * (u * (1 - a2 ** 2) * w * (1 - a1 ** 2) + v * (1 - a1 ** 2))"),
                {
                    ("(z³ − y) · (u · (1 − (a²)²) · w · (1 − (a¹)²) + v)",
                     "(z3 - y) * (u * (1 - a2 ** 2) * w * (1 - a1 ** 2) + v)"): "the path through v passes tanh of z too; its slope is missing.",
                    ("(z³ − y) · (u · (1 − (a²)²) · w + v · (1 − (a¹)²))",
                     "(z3 - y) * (u * (1 - a2 ** 2) * w + v * (1 - a1 ** 2))"): "the longer path passes two activations; the slope of the first is missing.",
                },
            ),
            Line(
                "the neuron's own slope is common to both",
                ("(z³ − y) · (u w (1 − (a²)²) + v) · (1 − (a¹)²)",
                 "(z3 - y) * (u * w * (1 - a2 ** 2) + v) * (1 - a1 ** 2)"),
                {
                    ("(z³ − y) · (u w + v) · (1 − (a²)²) · (1 − (a¹)²)",
                     "(z3 - y) * (u * w + v) * (1 - a2 ** 2) * (1 - a1 ** 2)"): "the slope of a² belongs to the longer path alone.",
                },
            ),
        ],
        SEEN,
        "def error(z):\n"
        "    a1 = np.tanh(z)\n"
        "    a2 = np.tanh(0.8 * a1)\n"
        "    z3 = -1.5 * a2 + 0.6 * a1\n"
        "    return (z3 - 0.3) * (-1.5 * 0.8 * (1 - a2**2) + 0.6) * (1 - a1**2)",
        {
            " + 0.6) * (1 → ) * (1": "The path through v is missing: z³ sees a¹ too (BP2).",
            " * (1 - a1**2) → ": "The slope of the neuron itself is missing (BP2).",
            " * (1 - a2**2) + 0.6 →  + 0.6": "The slope of a² is missing on the longer path (BP2).",
            "(z3 - 0.3) * → ": "The output's error z³ − y is missing (BP1).",
        },
        nearby([(0.7,), (-1.3,), (2.1,)]),
        points=("error(0.4)", "error(-0.3)"),
        why="For which v would the error vanish at z = 0.4 although y is missed?",
    ),
    "9.11": write(
        "write", 3,
        SHARES,
        {
            "s.sum(axis=0) → s.sum()": "total: the samples meet here; each column has a sum of its own.",
            "(grad_a * s / total).sum(axis=0) → (grad_a * s / total).sum()": "The sum over k runs over the samples too; a column sees itself alone (BP1).",
            "(grad_a * s / total).sum(axis=0) → (grad_a * s).sum(axis=0)": "The sum over k: ∂a/∂z takes the share s/total, not s itself (BP1).",
            "(grad_a * s / total).sum(axis=0) → (grad_a * s / total).sum(axis=1, keepdims=True)": "The sum over k runs along a row, over the samples; the outputs of one sample stand in a column (BP1).",
            SHARES.replace("total).sum(axis=0)", "total).sum(axis=1)"): "The sum over k runs along a row, over the samples; the outputs of one sample stand in a column (BP1).",
            "s.sum(axis=0) → s.sum(axis=1, keepdims=True)\n(grad_a * s / total).sum(axis=0) → (grad_a * s / total).sum(axis=1, keepdims=True)": "total and the sum over k run along rows, over the samples; the outputs of one sample stand in a column (BP1).",
            "s.sum(axis=0) → s.sum(axis=1)\n(grad_a * s / total).sum(axis=0) → (grad_a * s / total).sum(axis=1)": "total and the sum over k run along rows, over the samples; the outputs of one sample stand in a column (BP1).",
            "(grad_a - through_total) → grad_a": "The sum over k is lost: every output depends on every z through the total (BP1).",
            "(grad_a - through_total) → (grad_a + through_total)": "The sign of the second term: a larger total makes every share smaller (BP1).",
            SOFTMAX.format("axis=0", "axis=0"): "The shares are those of exponentials, softmax; here each sigmoid is divided by their sum.",
            SOFTMAX.format("", "axis=0"): "The shares are those of exponentials, and all samples share one total; here sigmoids do, column by column.",
            SOFTMAX.format("", ""): "The shares are those of exponentials, and both sums run over all samples; here sigmoids do, column by column.",
            SHARES.replace("(grad_a - through_total) * s * (1 - s) / total", "grad_a * (s / total) * (1 - s / total)"): "The share is treated as a sigmoid, a(1 − a); it depends on every z, through the total (BP1).",
            "s * (1 - s) / total → s / total": "The slope of the sigmoid, s(1 − s), is not complete (BP1).",
            "s * (1 - s) / total → s * (1 - s)": "A share is s over the total; the division is missing in its slope (BP1).",
        },
        [drawn((3, 4), (3, 4)), drawn((2, 5), (2, 5)), drawn((4, 1), (4, 1))],
        why="Add one number to every entry of grad_a: why do the errors stay?",
    ),
    "9.12": debug(
        "find", 3, ROWS,
        {
            "1 / len(X) * (A1 @ w2.T + b2 - Y) → A1 @ w2.T + b2 - Y": "D2: the cost is a mean over the rows, and its 1/m is missing.",
            "D2 @ w2 * (1 - A1**2) → D2 @ w2": "D1: the slope of the hidden layer is missing (BP2).",
            "D1.T @ X → D1.T @ X / len(X)": "∂C/∂w1: a mean is taken; 1/m stands in D2 already (BP4).",
            "D2.T @ A1 → D2.T @ A1 / len(X)": "∂C/∂w2: a mean is taken; 1/m stands in D2 already (BP4).",
            "D1.T @ X → np.outer(D1.sum(axis=0), X.sum(axis=0))\nD2.T @ A1 → np.outer(D2.sum(axis=0), A1.sum(axis=0))": "Both weights: sums over the samples are multiplied; each sample's error meets its own activation alone (BP4).",
            "D1.sum(axis=0) → D1.mean(axis=0)": "∂C/∂b1: a mean is taken; 1/m stands in D2 already (BP3).",
            "D2.sum(axis=0) → D2.mean(axis=0)": "∂C/∂b2: a mean is taken; 1/m stands in D2 already (BP3).",
            "D1.sum(axis=0) → np.full_like(b1, D1.sum())\nD2.sum(axis=0) → np.full_like(b2, D2.sum())": "Both biases: the errors of all neurons are added; each bias has those of its own neuron alone (BP3).",
            "D1.sum(axis=0) → D1.sum()\nD2.sum(axis=0) → D2.sum()": "Both biases: one number is left for all neurons; each bias has the errors of its own neuron alone (BP3).",
            "D1.sum(axis=0) → (D1.T @ X).sum(axis=1)\nD2.sum(axis=0) → (D2.T @ A1).sum(axis=1)": "Both biases: the rows of ∂C/∂w are added; no activation multiplies a bias (BP3).",
            ROWS.replace("1 - A1**2", "1 - np.tanh(A1) ** 2"): "D1: tanh is taken twice; A1 is tanh(z) already, and the slope at z is 1 − A1² (BP2).",
            ROWS.replace("1 - A1**2", "1 - A1"): "D1: the square is missing; the slope of tanh is 1 − A1² (BP2).",
        },
        [rows(5, 3, 4, 2), rows(4, 2, 5, 3), rows(1, 3, 2, 4)],
        planted=("1 / len(X) * (A1 @ w2.T + b2 - Y) → A1 @ w2.T + b2 - Y", "D1.sum(axis=0) → D1.mean(axis=0)", "D2.sum(axis=0) → D2.mean(axis=0)"),
        forms={
            "1 / len(X) * (A1 @ w2.T + b2 - Y) → A1 @ w2.T + b2 - Y\nD1.T @ X → D1.T @ X / len(X)\nD2.T @ A1 → D2.T @ A1 / len(X)\nD1.sum(axis=0) → D1.mean(axis=0)\nD2.sum(axis=0) → D2.mean(axis=0)":
                "All slopes agree. 1/m is taken in each of them; it does not stand in D2 yet.",
        },
        results=("∂C/∂w1", "∂C/∂b1", "∂C/∂w2", "∂C/∂b2", "D2"),
        why="With how many samples would the faulty program pass every check?",
    ),
    "9.13": investigate("error", 3, {"s": POWERS}, claim),
}  # fmt: skip
