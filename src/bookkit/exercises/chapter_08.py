"""The exercises of chapter 8, the chain rule."""
# ruff: noqa: E501 (a sentence of a table stays whole)

from functools import cache

import numpy as np

from backprop.activations import sigmoid
from backprop.backpropagation import backprop
from backprop.costs import quadratic
from backprop.network import initialize

from .derivations import Line
from .fresh import generator, nearby
from .kinds import compute, debug, derive, investigate, predict, spot, write
from .verdict import Verdict

RNG = generator(8)

# ---- 8.2: a neuron that nobody listens to ----


@cache
def unheard():
    rng = np.random.default_rng(2)
    net = initialize([3, 4, 4, 2], sigmoid, sigmoid, scheme="normal", rng=rng)
    net[3].w[:, 1] = 0  # the lines that leave neuron 2 of layer 2
    g = backprop(net, rng.normal(size=(3, 1)), rng.uniform(size=(2, 1)), quadratic)
    gone = {
        "the weights that lead into the neuron": not g.w[2][1].any(),
        "the cut weights": not g.w[3][:, 1].any(),
        "all weights of layer 1": not g.w[1].any(),
    }
    return " and ".join(what for what, vanish in gone.items() if vanish)


# ---- 8.5: few inputs, many outputs ----


def begun_at(sizes, s):
    """Return how many multiplications the Jacobian takes when its product is begun at layer s.

    The matrices of layers 1..L are multiplied outward from layer s; the two parts come last.
    """
    L, n = len(sizes) - 1, sizes
    upward = sum(n[l + 1] * n[l] * n[s] for l in range(s + 1, L))
    downward = sum(n[s] * n[l] * n[l - 1] for l in range(s - 1, 0, -1))
    joined = n[L] * n[s] * n[0] if 0 < s < L else 0
    return upward + downward + joined


@cache
def cheaper_end():
    at_inputs, at_outputs = (begun_at([2, 10, 10, 30], s) for s in (0, 3))
    return "at the inputs" if at_inputs < at_outputs else "at the outputs"


# ---- 8.6: a formula as it is printed ----

PRINTED = """
def slope_printed(a, b, W2, W3, x, y, z, p, t):
    total = 0
    for k in range(len(z)):
        inputs = sum(x[i] for i in [a])
        inner = sum(W2[j, k] * y[j] * (1 - y[j]) * inputs for j in [b])
        total = total + W3[k] * z[k] * (1 - z[k]) * inner
    return (p - t) * p * (1 - p) * total
""".strip()


def network_of_three(a, b, n0, n1, n2):
    x, W1 = RNG.permutation(np.linspace(-1.3, 1.7, n0)), RNG.normal(size=(n0, n1))
    W2, W3 = RNG.normal(size=(n1, n2)), RNG.normal(size=n2)
    y = sigmoid(W1.T @ x)
    z = sigmoid(W2.T @ y)
    return a, b, W2, W3, x, y, z, float(sigmoid(W3 @ z)), float(RNG.uniform())


# ---- 8.7: a path that is missing ----

SEEN_TWICE = """
def three_slopes(x, w, v, s, p, q):
    h = np.tanh(w * x)
    g = np.tanh(v * x + s * h)
    at_g = q * (1 - g**2)
    at_h = (p + at_g * s) * (1 - h**2)
    return at_h * x, at_g * x, at_g * h
""".strip()

# ---- 8.8: one weight in two places ----

W = np.array([0.7, 1.3, -0.9])
U = np.tanh(0.8 * W)
TWICE = {
    "w": W, "u": U, "a": np.tanh(W * U), "du": 0.8 * (1 - U**2),
    "f": lambda w: np.tanh(w * np.tanh(0.8 * w)),
}  # fmt: skip

# ---- 8.9: one pass over a graph ----

GRAPH = """
def graph_slopes(lines, n):
    found = np.zeros(n)
    found[n - 1] = 1
    for i in range(n - 2, -1, -1):
        found[i] = sum(s * found[j] for (start, j), s in lines.items() if start == i)
    return found
""".strip()


def graph(n, *skips):
    """Return (lines, n): each node leads to the next one and over the given distances."""
    steps = [(i, i + d) for d in (1, *skips) for i in range(n - d)]
    return {step: round(float(RNG.uniform(-0.9, 0.9)), 2) for step in steps}, n


def ladder(n):
    """Return (lines, n): two lines from node to node, about 1.6^n paths, and no slope is small.

    From a node both slopes add up to about 1 in size, most of it on the longest path; so a path
    that is left out shows. The signs are those of the two nodes.
    """
    signs, lines = RNG.choice([-1.0, 1.0], n), {}
    for i in range(n - 1):
        near, both = RNG.uniform(0.85, 0.98), RNG.uniform(0.9, 1.1)
        lines |= {(i, i + d): s * signs[i] * signs[i + d]
                  for d, s in ((1, near), (2, both - near)) if i + d < n}  # fmt: skip
    return {step: float(s) for step, s in lines.items()}, n


# ---- 8.10: where to begin ----

SIZES = 40, 30, 4, 25, 20


def claim(s):
    """Judge the claim that the product of the Jacobians is best begun at layer s."""
    if s not in range(len(SIZES)):
        return Verdict(False, "s must be a layer: one of 0, 1, 2, 3, 4.")
    counts = [begun_at(SIZES, at) for at in range(len(SIZES))]
    if s != int(np.argmin(counts)):
        return Verdict(
            False,
            f"Begun there, it takes {counts[int(s)]:,} multiplications; another layer needs fewer.",
        )
    return Verdict(
        True, f"It takes {min(counts):,} multiplications, from the outputs {counts[-1]:,}, from the inputs {counts[0]:,}. "
        f"With a cost at the end, where would you begin?"
    )  # fmt: skip


EXERCISES = {
    "8.1": compute(
        "chains", 1,
        "x, w1, w2, w3 = 0.7, 0.5, -1.2, 0.8\n"
        "a1 = np.tanh(w1 * x)\n"
        "a2 = np.tanh(w2 * a1)\n"
        "a3 = np.tanh(w3 * a2)\n"
        "(1 - a3**2) * w3 * (1 - a2**2) * w2 * (1 - a1**2) * x",
        {
            "(1 - a1**2) * x → (1 - a1**2)": "The last link is missing: z¹ = w¹x has the slope x along w¹.",
            "(1 - a1**2) * x → (1 - a1**2) * w1": "The slope of w¹x along w¹ is x, not w¹.",
            "* (1 - a1**2) → * 1": "The slope of tanh in the first neuron is missing.",
            "* (1 - a2**2) → * 1": "The slope of tanh in the second neuron is missing.",
            "(1 - a3**2) * w3 → w3": "The slope of tanh in the last neuron is missing.",
            "w2 * (1 - a1 → 1 * (1 - a1": "The factor w² is missing: it is the slope of z² along a¹.",
            "* w3 * → *": "The factor w³ is missing: it is the slope of z³ along a².",
            "(1 - a3**2) * w3 * (1 - a2**2) * w2 * (1 - a1**2) → a3 * (1 - a3) * w3 * a2 * (1 - a2) * w2 * a1 * (1 - a1)": "a(1 − a) is the slope of the sigmoid; these neurons have tanh.",
            "(1 - a3**2) → (1 - a3)\n(1 - a2**2) → (1 - a2)\n(1 - a1**2) → (1 - a1)": "The slope of tanh is 1 − a², with the square.",
            "w2 * (1 - a1**2) * x → a1": "That is the slope along w²: its chain ends with a¹.",
            "* (1 - a1**2) * x → * w1 * (1 - a1**2) * x": "The weight itself is no factor: w¹x has the slope x along w¹.",
            "(1 - a3**2) * w3 → (a3 - 1) * (1 - a3**2) * w3": "A factor a³ − y is too much: the slope of the output is asked for, not that of a cost.",
        },
        label="∂a³/∂w¹",
        why="Which of its six factors would the slope along w² share?",
    ),
    "8.2": predict(
        "paths", 1,
        {
            "the weights that lead into the neuron": "",
            "the cut weights": "A cut weight has a slope: raise it from 0, and the outputs change.",
            "the weights that lead into the neuron and the cut weights": "A cut weight has a slope: raise it from 0, and the outputs change.",
            "the weights that lead into the neuron and all weights of layer 1": "Layer 1 reaches the cost through the other neurons of layer 2.",
        },
        unheard,
        {
            "Every path from them to the cost crosses a cut line.": "",
            "A weight of 0 has the slope 0.": "the slope along a weight has everything on its path as a factor but the weight itself.",
            "Every path from them starts at a cut line.": "these weights lie before the cut lines.",
        },
        why="What happens to these weights in the next steps of a descent?",
    ),
    "8.3": compute(
        "paths", 1, "5 * 2",
        {
            "5 * 2 → 4 * 5 * 2": "The weight ends in one neuron of layer 1; the other three are on no path of it.",
            "5 * 2 → 3 * 4 * 5 * 2": "That counts all paths through the network; the weight is one line of it.",
            "5 * 2 → 5 + 2": "Each of the paths to layer 2 goes on to every output: the counts multiply.",
            "5 * 2 → 5": "The paths to layer 2 are counted; each goes on to every output.",
            "5 * 2 → 2": "The outputs are counted; each is reached through every neuron of layer 2.",
            "5 * 2 → 4 * 5": "Those are the lines between the two layers; the weight ends in one of the four neurons, and two outputs follow.",
            "5 * 2 → 3 * 5 * 2": "The weight starts at one input; the other two are on no path of it.",
        },
        label="Paths",
        whole=True,
        why="How many has a weight of the second layer?",
    ),
    "8.4": compute(
        "work", 1, "4 * 6 * (5 * 3) * 6 / (3 + (5 * 3 + 5) + (6 * 5 + 6) + 4 * 6)",
        {
            "4 * 6 * (5 * 3) * 6 / (3 + (5 * 3 + 5) + (6 * 5 + 6) + 4 * 6) → 4 * 6 * (5 * 3) * 6": "That is the count path by path; how many times the backward count is it?",
            "4 * 6 * (5 * 3) * 6 / (3 → (3": "That is the backward count; how often does it go into the count path by path?",
            "4 * 6 * (5 * 3) * 6 / (3 + (5 * 3 + 5) + (6 * 5 + 6) + 4 * 6) → 5 * 3": "Those are the paths of one weight; two counts of multiplications are to be compared.",
            "4 * 6 * (5 * 3) * 6 / (3 + (5 * 3 + 5) + (6 * 5 + 6) + 4 * 6) → 5 * 3 * 7": "Those are the factors on the paths of one weight; seven take six multiplications, and there are 24 weights.",
            "4 * 6 * (5 * 3) * 6 / (3 + (5 * 3 + 5) + (6 * 5 + 6) + 4 * 6) → 5 * 3 * 6": "That is one weight, path by path; layer 1 has 24, and the backward count is still missing.",
            "(5 * 3) * 6 → (5 * 3) * 7": "Path by path: a path has seven factors; seven numbers are multiplied in six multiplications.",
            "4 * 6 * (5 * 3) * 6 → (5 * 3) * 6": "Path by path: that is for one weight; layer 1 has 24.",
            "(5 * 3) * 6 → (5 * 3)": "Path by path: those are the paths; each takes several multiplications.",
            "(5 * 3) * 6 → (5 + 3) * 6": "Path by path: the paths of a weight are counted as a sum; their number is a product.",
            "4 * 6 * (5 * 3) * 6 → 6 * (5 * 3) * 6": "Path by path: six weights are counted, one for each neuron; each neuron has four.",
            "(5 * 3) * 6 → (6 * 5 * 3) * 6": "Path by path: a weight ends in one neuron of layer 1; 15 paths go on from there.",
            "3 + (5 * 3 + 5) + (6 * 5 + 6) + 4 * 6 → 5 * 3 + 6 * 5 + 4 * 6": "Backward: each neuron's number is multiplied by its σ′ as well.",
            "(6 * 5 + 6) + 4 * 6 → (6 * 5 + 6)": "Backward: each of the 24 weights takes one more multiplication, by its activation.",
            "(6 * 5 + 6) + 4 * 6 → (6 * 5 + 6) + 4 * 6 + 6 * 5 + 5 * 3": "Backward: the slopes along the weights of the later layers are not wanted.",
        },
        label="Times as many",
        within=2e-3,
        why="How many would the backward way take for all weights?",
    ),
    "8.5": predict(
        "work", 1,
        {
            "at the inputs": "",
            "at the outputs": "From there 30 slopes are carried along, from the inputs two.",
        },
        cheaper_end,
        {
            "From the inputs two numbers are carried along, from the outputs 30.": "",
            "The backward way is always the cheaper one.": "it is where few outputs depend on many inputs, as a cost does on the weights.",
            "The way from the inputs visits fewer lines.": "it visits more, 400 against 120, but carries two slopes instead of 30.",
        },
        why="And with a cost at the end of the 30 outputs?",
    ),
    "8.6": spot(
        "find", 2, PRINTED,
        {
            "for j in [b] → for j in range(len(y))": "inner: the weight feeds y[b] alone; no path goes through another y.",
            "for i in [a] → for i in range(len(x))": "inputs: the weight multiplies x[a] alone; the other inputs are not on its paths.",
            "for k in range(len(z)) → for k in [0]": "The sum over k is lost: the paths through the other neurons of z are missing.",
            "W2[j, k] → W2[k, j]": "W2: the source stands first here, so W2[j, k] leads from y[j] to z[k].",
            "* y[j] * (1 - y[j]) → ": "inner: the slope of the sigmoid in y is missing.",
            "* z[k] * (1 - z[k]) → ": "total: the slope of the sigmoid in z is missing.",
            "* p * (1 - p) * total → * total": "The slope of the sigmoid in p is missing.",
        },
        [network_of_three(1, 2, 3, 4, 5), network_of_three(0, 1, 4, 3, 2), network_of_three(3, 0, 5, 2, 4)],
        planted=("for j in [b] → for j in range(len(y))", "for i in [a] → for i in range(len(x))"),
        why="Why is what was printed the same number for every weight of W1?",
    ),
    "8.7": debug(
        "find", 2, SEEN_TWICE,
        {
            "(p + at_g * s) → p": "at_h: h also reaches the output through g; that path is missing.",
            "(p + at_g * s) → at_g * s": "at_h: h reaches the output directly too; that path is missing.",
            "(p + at_g * s) → p * at_g * s": "at_h: two paths are added, not multiplied.",
            "(p + at_g * s) → (p + q * s)": "at_h: the path through g passes its tanh; that slope is missing.",
            "(p + at_g * s) → (p + at_g * v)": "at_h: the line from h to g has the weight s; v leads from x.",
            "(p + at_g * s) * (1 - h**2) → p * (1 - h**2) + at_g * s": "at_h: the path through g passes h's tanh too.",
            "* (1 - h**2) → ": "at_h: both paths pass h's own tanh; its slope is missing.",
            "q * (1 - g**2) → q": "at_g: the slope of g's tanh is missing.",
            "at_h * x → at_h * x + at_g * v": "Along w: the line from x to g is no path of w.",
        },
        nearby([(1.4, 0.5, -0.4, 0.2, 0.1, 0.2), (-0.8, 0.7, 0.6, -1.1, 0.5, 0.9), (1.4, -0.3, 0.8, 0.4, -0.7, 1.6)]),
        planted=("(p + at_g * s) → p",),
        results=("∂a/∂w", "∂a/∂v", "∂a/∂s"),
        why="Along v the program was right. Why does v have one path only?",
    ),
    "8.8": derive(
        "paths", 2,
        ("da/dw", "(f(w + 1e-5) - f(w - 1e-5)) / 2e-5"),
        [
            Line(
                "a = tanh(w u), and w acts on both factors",
                ("(1 − a²) · (u + w · du/dw)", "(1 - a**2) * (u + w * du)"),
                {
                    ("(1 − a²) · u", "(1 - a**2) * u"): "the path through u is missing.",
                    ("(1 − a²) · w · du/dw", "(1 - a**2) * w * du"): "the direct path is missing: w is the first factor of w u.",
                    ("(1 − a²) · u · w · du/dw", "(1 - a**2) * u * w * du"): "the two paths are multiplied; paths are added.",
                },
            ),
            Line(
                "u = tanh(0.8 w)",
                ("(1 − a²) · (u + w · 0.8 · (1 − u²))", "(1 - a**2) * (u + w * 0.8 * (1 - u**2))"),
                {
                    ("(1 − a²) · (u + w · (1 − u²))", "(1 - a**2) * (u + w * (1 - u**2))"): "the slope of 0.8 w along w is missing.",
                    ("(1 − a²) · (u + 0.8 · (1 − u²))", "(1 - a**2) * (u + 0.8 * (1 - u**2))"): "the path through u crosses the factor w.",
                    ("(1 − a²) · (u + w · 0.8 · (1 − a²))", "(1 - a**2) * (u + w * 0.8 * (1 - a**2))"): "the slope of the inner tanh is taken at the outer one.",
                },
            ),
        ],
        TWICE,
        "def slope(w):\n"
        "    u = np.tanh(0.8 * w)\n"
        "    a = np.tanh(w * u)\n"
        "    return (1 - a**2) * (u + w * 0.8 * (1 - u**2))",
        {
            "(u + w * 0.8 * (1 - u**2)) → u": "The path through u is missing: w acts on u as well.",
            "(u + w * 0.8 * (1 - u**2)) → w * 0.8 * (1 - u**2)": "The direct path is missing: w is the first factor of w u.",
            "w * 0.8 * (1 - u**2) → w * (1 - u**2)": "The slope of 0.8 w along w is missing.",
            "w * 0.8 * (1 - u**2) → w * 0.8": "The slope of the inner tanh is missing.",
            "w * 0.8 * (1 - u**2) → 0.8 * (1 - u**2)": "The path through u crosses the factor w.",
            "(1 - u**2) → (1 - a**2)": "The slope of the inner tanh is taken at the outer one.",
            "u + w * 0.8 → u * w * 0.8": "The two paths are multiplied; paths are added.",
            "(1 - a**2) *  → ": "The slope of the outer tanh is missing.",
        },
        nearby([(0.6,), (-1.3,), (2.1,)]),
        points=("slope(0.7)", "slope(1.3)"),
        why="What does the slope say at w = 0?",
    ),
    "8.9": write(
        "backward", 3, GRAPH,
        {
            "found[n - 1] = 1 → found[n - 1] = 0": "The last node has the slope 1 along itself; without it all slopes are 0.",
            "range(n - 2, -1, -1) → range(n - 1)": "From the front: the slope of a node is used before it is known.",
            "range(n - 2, -1, -1) → range(n - 2, 0, -1)": "Node 0 is left out; range ends before its second number.",
            "range(n - 2, -1, -1) → range(n - 3, -1, -1)": "Node n − 2 is left out, and all paths through it with it.",
            "s * found[j] → s": "Slopes of lines are added; each must be multiplied by what follows on its paths.",
            "s * found[j] → s + found[j]": "Along a path slopes multiply; here they are added.",
            "sum(s * found[j] for (start, j), s in lines.items() if start == i) → math.prod(s * found[j] for (start, j), s in lines.items() if start == i)": "Paths that part at a node are multiplied; they must be added.",
            "sum(s * found[j] for (start, j), s in lines.items() if start == i) → max(s * found[j] for (start, j), s in lines.items() if start == i)": "One path is taken from each node; all of them count.",
            "found[n - 1] = 1 → found[0] = 1\nrange(n - 2, -1, -1) → range(1, n)\nsum(s * found[j] for (start, j), s in lines.items() if start == i) → sum(s * found[j] for (j, end), s in lines.items() if end == i)": "Begun at node 0: that is the slope of each node along node 0, not of the last along each.",
        },
        # the second has a dead end, and no line from 1 to 2
        [graph(5, 2), ({(0, 1): 0.5, (0, 2): 0.7, (2, 3): 0.3, (3, 4): -0.6}, 5), graph(7, 3, 4),
         ladder(60)],
        why="With lines from each node to the next and the one after: how many lines do 10 nodes have, and how many paths?",
    ),
    "8.10": investigate("work", 3, {"s": list(range(len(SIZES)))}, claim),
}  # fmt: skip
