"""The exercises of chapter 10, a worked example: network B, which is not the chapter's."""

import re
from functools import cache

import numpy as np

from backprop.activations import identity, sigmoid, tanh
from backprop.backpropagation import backprop, backpropagate, weight_gradient
from backprop.costs import quadratic
from backprop.network import Layer, initialize, propagate

from .fresh import generator, nearby
from .kinds import compute, debug, investigate, predict, write
from .verdict import Verdict

# Network B, once as arrays and once as the lines of a calculation by hand.
X, Y = np.array([[0.3], [-0.6]]), np.array([[1.0], [0.0]])
B = {
    1: Layer(np.array([[0.7, -0.2], [-0.4, 0.5]]), np.array([[0.1], [-0.3]]), tanh),
    2: Layer(np.array([[0.9, -0.6], [0.2, 0.8]]), np.array([[-0.1], [0.7]]), sigmoid),
}
HIDDEN = """h1 = math.tanh(0.7 * 0.3 - 0.2 * -0.6 + 0.1)
h2 = math.tanh(-0.4 * 0.3 + 0.5 * -0.6 - 0.3)
"""
ERRORS = f"""{HIDDEN}o1 = s(0.9 * h1 - 0.6 * h2 - 0.1)
o2 = s(0.2 * h1 + 0.8 * h2 + 0.7)
d1 = (o1 - 1) * o1 * (1 - o1)
d2 = o2 * o2 * (1 - o2)
"""
HAND = {"s": sigmoid}
RNG = generator(10)

FORWARD = compute(
    "passes",
    1,
    f"{HIDDEN}0.2 * h1 + 0.8 * h2 + 0.7",
    {
        "h1 = math.tanh( → h1 = s(\nh2 = math.tanh( → h2 = s(":
            "Hidden layer: the sigmoid is used; network B has tanh there.",
        "h1 = math.tanh( → h1 = (\nh2 = math.tanh( → h2 = (":
            "Layer 2 is fed with weighted inputs; it receives activations, their tanh.",
        "0.2 * h1 + 0.8 → -0.6 * h1 + 0.8":
            "These are the weights that leave h₂; into o₂ lead those of row 2.",
        "0.8 * h2 + → -0.8 * h2 +":
            "The sign of h₂ is lost: its weighted input is negative, and so is its tanh.",
        "0.8 * h2 + → 0.3 * h2 +": "Another weight stands where h₂ enters o₂; see row 2 of w².",
        "* h2 + 0.7 → * h2": "Layer 2: the bias is missing.",
        "* h2 + 0.7 → * h2 - 0.1": "Layer 2: that is the bias of o₁.",
        "0.2 * -0.6 → 0.2 * 0.6": "Neuron h₁: the sign of the second input is lost.",
        "0.5 * -0.6 → 0.5 * 0.6": "Neuron h₂: the sign of the second input is lost.",
        "0.2 * h1 + 0.8 * h2 + 0.7 → s(0.2 * h1 + 0.8 * h2 + 0.7)":
            "That is the activation already; the weighted input comes before the sigmoid.",
        "0.2 * h1 + 0.8 * h2 + 0.7 → 0.9 * h1 - 0.6 * h2 - 0.1":
            "That is the weighted input of o₁.",
    },
    names=HAND, within=2e-3, label="z of o₂",
    why="Which of its three terms would change if h₂ had the sigmoid?",
)  # fmt: skip


@cache
def _negative():
    """Which entries of the gradient of w² are negative in network B."""
    found = backprop(B, X, Y, quadratic).w[2] < 0
    return " and ".join(f"w²{'₁₂'[j]}{'₁₂'[k]}" for j, k in np.argwhere(found))


SIGNS = predict(
    "passes",
    1,
    {
        "w²₁₁ and w²₁₂": "h₂ is negative: more weight on it lowers what it feeds.",
        "w²₁₁ and w²₂₂": "Take the sign of each error, then the sign of each activation.",
        "w²₂₁ and w²₂₂": "These lead into o₂, which is too high; only where h is negative "
                         "does more weight help.",
        "w²₁₂ and w²₂₁": "These have the positive slopes.",
    },
    _negative,
    {
        "o₁ must rise, so both weights into it must grow":
            "a weight on a negative activation must fall for that.",
        "the sign is that of the error times that of the activation": "",
        "activations are positive, so the error alone decides":
            "tanh gives negative activations too, and here one is negative.",
    },
    why="For which activation function of the hidden layer can it not happen?",
)  # fmt: skip

PATHS = compute(
    "paths",
    1,
    "(0.9 * -0.0784 + 0.2 * 0.1399) * (1 - 0.4053**2)",
    {
        "+ 0.2 * 0.1399 → - 0.6 * 0.1399":
            "These weights end at o₁, a row; BP2 takes those that leave h₁, a column.",
        " + 0.2 * 0.1399 → ": "The path through o₂ is missing; h₁ feeds both outputs.",
        "0.9 * -0.0784 + → ": "The path through o₁ is missing; h₁ feeds both outputs.",
        "0.9 * -0.0784 → 0.9 * 0.0784": "The error of o₁ has lost its sign.",
        " * (1 - 0.4053**2) → ": "The slope of h₁ is missing: BP2 ends with σ′(z).",
        "(1 - 0.4053**2) → 0.4053 * (1 - 0.4053)":
            "That is the slope of the sigmoid; h₁ has tanh.",
        "0.4053**2 → 0.4053": "The slope of tanh is 1 − (a)²; the square is missing.",
        "(1 - 0.4053**2) → (1 - 0.4053) ** 2":
            "The slope of tanh is 1 − (a)²: a alone is squared, not 1 − a.",
        "0.2 * 0.1399 → 0.2 * -0.1399": "The error of o₂ is positive: o₂ is too high.",
    },
    within=2e-3, label="δ of h₁",
    why="How large would the target of o₁ have to be for the paths to cancel?",
)  # fmt: skip

MISPRINT = compute(
    "misprints",
    1,
    "0.03042 / 0.3",
    {
        "0.03042 / 0.3 → 0.1064": "That is the printed one; times 0.3 it is not 0.03042.",
        "0.03042 / 0.3 → 0.03042 / -0.6": "That divides by the input of the other weight.",
        "0.03042 / 0.3 → 0.03042 * 0.3": "The slope is δ times the input; going back divides.",
    },
    label="δ", why="By how much do the two differ, and which digit slipped?",
)  # fmt: skip

SHARED = compute(
    "sharing",
    1,
    "-0.0784 + 0.1399",
    {
        "-0.0784 + 0.1399 → (-0.0784 + 0.1399) / 2":
            "A mean is taken; moving the bias moves both outputs, so the errors add up.",
        "-0.0784 → 0.0784": "The error of o₁ has lost its sign; paths can cancel.",
        "-0.0784 + 0.1399 → 0.1399": "The error of o₁ is missing; it has this bias too.",
        " + 0.1399 → ": "The error of o₂ is missing; it has this bias too.",
        "+ 0.1399 → - 0.1399": "The error of o₂ is positive; errors add up.",
    },
    within=2e-3, label="∂C/∂b²", why="Could the slope be zero while both errors are not?",
)  # fmt: skip


@cache
def _order():
    """Whether the gradient of w² suffers when w¹ has moved first."""
    _, a = propagate(B, X)
    gradient = backprop(B, X, Y, quadratic)
    moved = B | {1: B[1]._replace(w=B[1].w - 0.5 * gradient.w[1])}
    late = weight_gradient(gradient.delta[2], a[1])
    new = backprop(moved, X, Y, quadratic).w[2]
    if np.allclose(late, gradient.w[2], rtol=1e-12) and not np.allclose(late, new, rtol=1e-3):
        return "it is the gradient at the old weights"
    return "it is a gradient at no weights"


ORDER = predict(
    "together",
    1,
    {
        "it is the gradient at the old weights": "Look at what BP4 for layer 2 is made of.",
        "it is the gradient at the new weights":
            "For that, the forward pass would have to be made again.",
        "it is a gradient at no weights": "Nothing that has moved enters it.",
    },
    _order,
    {
        "δ² and a¹ were stored before anything moved": "",
        "every gradient after an update is spoiled":
            "only one is in which a moved weight stands.",
        "w¹ has moved, so a¹ has moved with it":
            "the stored a¹ is the one of the forward pass, and nothing computes it anew.",
    },
    why="So which weights must be kept until the backward pass has used them?",
)  # fmt: skip


def _stepped(network, x, y, rate):
    z, a = propagate(network, x)
    gradient = backpropagate(network, z, a, y, quadratic)
    return {
        l: Layer(w - rate * gradient.w[l], b - rate * gradient.b[l], sigma)
        for l, (w, b, sigma) in network.items()
    }


@cache
def _elsewhere():
    """Where six networks that learned the sample of B have the first output for −3 times its input."""
    first = []
    for seed in range(41, 47):
        network = initialize([2, 2, 2], tanh, sigmoid, rng=np.random.default_rng(seed))
        while quadratic(propagate(network, X)[1][2], Y) >= 0.001:
            network = _stepped(network, X, Y, 2.0)
        first.append(propagate(network, -3 * X)[1][2][0, 0])
    if min(first) > 0.9:
        return "all within 0.1 of the target 1"
    apart = np.ptp(first) > 0.1
    return "more than 0.1 apart" if apart else "within 0.1 of one another, away from 1"


ELSEWHERE = predict(
    "zero-cost",
    1,
    {
        "all within 0.1 of the target 1": "That target belongs to another input.",
        "within 0.1 of one another, away from 1": "Nothing in the cost ties them there.",
        "more than 0.1 apart": "They do not agree there.",
    },
    _elsewhere,
    {
        "the cost asks about one input only; elsewhere the starts still count": "",
        "where the costs are nearly equal, so are the networks":
            "many weights give one cost; the six differ.",
        "one sample teaches one answer, whatever the input":
            "the chapter's network did that; no cost asked for it.",
    },
    why="What would have to be measured before one of the six is trusted?",
)  # fmt: skip

BACKWARD = compute(
    "paths",
    2,
    f"{ERRORS}(-0.6 * d1 + 0.8 * d2) * (1 - h2**2)",
    {
        "(-0.6 * d1 + 0.8 * d2) → (0.2 * d1 + 0.8 * d2)":
            "These weights lead into o₂; BP2 takes those that leave h₂.",
        " * (1 - h2**2) → ": "The slope of h₂ is missing: BP2 ends with σ′(z).",
        "(1 - h2**2) → h2 * (1 - h2)": "That is the slope of the sigmoid; h₂ has tanh.",
        "(o1 - 1) → (1 - o1)": "The error of o₁ has the wrong sign: BP1 begins with a − y.",
        "(o1 - 1) * o1 * (1 - o1) → (o1 - 1)\n= o2 * o2 * (1 - o2) → = o2":
            "BP1 lacks its slope, a (1 − a), for both outputs.",
        " + 0.8 * d2) → )": "The path through o₂ is missing.",
        "(-0.6 * d1 + → (": "The path through o₁ is missing.",
        "-0.6 * d1 → d1\n0.8 * d2 → d2": "The paths lack their weights.",
        "(1 - h2**2) → (1 - h2**2) * 0.3": "That is along a weight; the error comes before the input.",
    },
    names=HAND, within=2e-3, label="δ of h₂",
    why="Both paths of h₂ have one sign, those of h₁ have not. Which weight decides?",
)  # fmt: skip

TIED = compute(
    "sharing",
    2,
    f"{ERRORS.replace('0.2 * h1', '0.7 * h1')}e1 = (0.9 * d1 + 0.7 * d2) * (1 - h1**2)\n"
    "e1 * 0.3 + d2 * h1",
    {
        " + d2 * h1 → ": "The place in layer 2 is missing; both places count.",
        "e1 * 0.3 + d2 * h1 → d2 * h1": "The place in layer 1 is missing; both places count.",
        "e1 * 0.3 + d2 * h1 → (e1 * 0.3 + d2 * h1) / 2":
            "A mean is taken; the weight moves in both places, so the slopes add up.",
        "d2 * h1 → d2 * h2": "In layer 2 this weight begins at h₁.",
        "d2 * h1 → d1 * h1": "In layer 2 this weight ends at o₂.",
        " * (1 - h1**2) → ": "The slope of h₁ is missing: BP2 ends with σ′(z).",
        "e1 * 0.3 → e1 * -0.6": "In layer 1 this weight begins at the first input.",
        "0.7 * h1 → 0.2 * h1\n0.7 * d2 → 0.2 * d2":
            "The weight from h₁ to o₂ is still the old one; it is tied to 0.7.",
        "0.7 * d2) * → 0.2 * d2) *":
            "BP2 goes back through the weight from h₁ to o₂ as it was; it is tied to 0.7.",
        "e1 * 0.3 + d2 * h1 → d2 * h1 - e1 * 0.3":
            "The places are subtracted; both count as they are.",
        "0.9 * d1 + 0.7 * d2 → 0.9 * d1 - 0.7 * d2":
            "The paths of h₁ are subtracted; BP2 adds them.",
        "0.5 * -0.6 - 0.3) → 0.5 * -0.6)": "Forward pass: the bias of h₂ is missing.",
    },
    names=HAND, within=9e-4, label="slope along the tied weight",
    why="Could the two places want opposite things?",
)  # fmt: skip


def _sizes(n0, n1, n2, m):
    shapes = (n1, n0), (n1, 1), (n2, n1), (n2, 1), (n0, m), (n2, m)
    return tuple(RNG.normal(size=shape) for shape in shapes)


PASS = """def gradients(w1, b1, w2, b2, x, y):
    h = np.tanh(w1 @ x + b1)
    delta2 = (w2 @ h + b2 - y) / x.shape[1]
    delta1 = (w2.T @ delta2) * (1 - h**2)
    return delta1 @ x.T, delta1.sum(axis=1, keepdims=True), delta2 @ h.T
"""
OUTPUT, COLUMN = "(w2 @ h + b2 - y)", "delta1.sum(axis=1, keepdims=True)"
OUTER = "np.outer({}.sum(axis=1), {}.sum(axis=1))"
LOGISTIC = "1 / (1 + np.exp(-w2 @ h - b2))"
GRADIENTS = write(
    "passes",
    2,
    PASS,
    {
        "w2 @ h + b2 - y → y - w2 @ h - b2": "BP1: the sign is reversed; it begins with a − y.",
        "w2 @ h + b2 - y → w2 @ h - y": "Forward pass: the bias of layer 2 is missing.",
        " / x.shape[1] → ": "BP1: the cost is a mean, so its 1/m belongs here.",
        "w2.T @ delta2 → w2 @ delta2": "BP2: the weights that leave a neuron need the transpose.",
        " * (1 - h**2) → ": "BP2: the slope of the hidden layer is missing.",
        " * (1 - h**2) →  * h * (1 - h)": "BP2: that is the sigmoid's slope; tanh has another.",
        "delta1.sum(axis → delta1.mean(axis": "BP3: a mean is taken; 1/m already stands in δ.",
        "delta2 @ h.T → delta2 @ (w1 @ x + b1).T":
            "BP4, layer 2: a weighted input is used where the activation comes in.",
        "delta1 @ x.T → w2.T @ delta2 @ x.T":
            "BP4, layer 1: the slope of the hidden layer is missing; ∂C/∂b¹ has it.",
        PASS.replace(COLUMN, "(w2.T @ delta2).sum(axis=1, keepdims=True)"):
            "BP3: the slope of the hidden layer is missing; ∂C/∂w¹ has it.",
        PASS.replace(COLUMN, "np.full_like(b1, delta1.sum())"):
            "BP3: one number is repeated for all neurons; each has a bias and an error of its own.",
        PASS.replace(COLUMN, "delta1.sum()"):
            "BP3: one number is left for all neurons; each has a bias and an error of its own.",
        PASS.replace(COLUMN, "(delta1 @ x.T).sum(axis=1, keepdims=True)"):
            "BP3: the rows of ∂C/∂w¹ are added; no input multiplies a bias.",
        PASS.replace("1 - h**2", "1 - h"):
            "BP2: the square is missing; the slope of tanh is 1 − (a)².",
        PASS.replace("1 - h**2", "1 - np.tanh(h) ** 2"):
            "BP2: tanh is taken twice; h is tanh(z) already, and the slope at z is 1 − (h)².",
        PASS.replace("w2.T @ delta2", "(w2 - delta2 @ h.T).T @ delta2"):
            "BP2: it goes back through weights that have moved; the gradient belongs to the old ones.",
        PASS.replace("delta1 @ x.T", OUTER.format("delta1", "x")).replace(
            "delta2 @ h.T", OUTER.format("delta2", "h")
        ):
            "BP4: sums over the samples are multiplied; each sample's error meets its own activation.",
        PASS.replace("delta1 @ x.T", OUTER.format("delta1", "x")):
            "BP4, layer 1: sums over the samples are multiplied; each sample's error meets its own "
            "activation.",
        PASS.replace("delta2 @ h.T", OUTER.format("delta2", "h")):
            "BP4, layer 2: sums over the samples are multiplied; each sample's error meets its own "
            "activation.",
        PASS.replace(OUTPUT, f"{OUTPUT} * (w2 @ h + b2) * (1 - w2 @ h - b2)"):
            "BP1: a (1 − a) belongs to the sigmoid; these outputs have no activation function.",
        PASS.replace(OUTPUT, f"{OUTPUT} * (1 - (w2 @ h + b2) ** 2)"):
            "BP1: 1 − (a)² belongs to tanh; these outputs have no activation function.",
        PASS.replace(OUTPUT, f"{OUTPUT} * {LOGISTIC} * (1 - {LOGISTIC})"):
            "BP1: the sigmoid's slope at z stands there; these outputs have no activation function.",
        PASS.replace(OUTPUT, f"{OUTPUT} * (1 - np.tanh(w2 @ h + b2) ** 2)"):
            "BP1: the slope of tanh at z stands there; these outputs have no activation function.",
        PASS.replace(OUTPUT, f"({LOGISTIC} - y) * {LOGISTIC} * (1 - {LOGISTIC})"):
            "Layer 2 has the sigmoid here, in the output and in BP1; it has no activation function.",
        PASS.replace(OUTPUT, "(np.tanh(w2 @ h + b2) - y) * (1 - np.tanh(w2 @ h + b2) ** 2)"):
            "Layer 2 has tanh here, in the output and in BP1; it has no activation function.",
        PASS.replace(OUTPUT, f"({LOGISTIC} - y)"):
            "Forward pass: the outputs are sigmoids; they have no activation function.",
        PASS.replace(OUTPUT, "(np.tanh(w2 @ h + b2) - y)"):
            "Forward pass: the outputs have tanh; they have no activation function.",
    },
    [_sizes(3, 5, 2, 4), _sizes(2, 4, 3, 6), _sizes(4, 2, 5, 1)],
    results=("∂C/∂w¹", "∂C/∂b¹", "∂C/∂w²"),
    why="Which line changes if the outputs get the sigmoid?",
)  # fmt: skip

TRANSCRIPT = debug(
    "misprints",
    2,
    """def outputs(x1, x2):
    h1 = math.tanh(0.6 * x1 + 0.3 * x2 - 0.2)
    h2 = math.tanh(0.8 * x1 - 0.5 * x2 + 0.1)
    z1 = -0.7 * h1 + 0.4 * h2 + 0.3
    z2 = 0.5 * h1 + 0.9 * h2 - 0.4
    return 1 / (1 + math.exp(-z1)), 1 / (1 + math.exp(-z2))
""",
    {
        "0.9 * h2 → 0.4 * h2": "The output o₂ still disagrees, and only where h₂ is not zero.",
        "0.5 * h1 → 0.6 * h1": "A weight from h₁ to o₂ was right before.",
        "h2 - 0.4 → h2 - 0.9":
            "The bias of o₂ was right: where h₂ is zero, o₂ agreed.",
        "-0.7 * h1 → -0.2 * h1": "The output o₁ was right before, and its line with it.",
        "+ 0.3 * x2 → + 0.8 * x2": "A wrong h₁ would have spoiled both outputs; o₁ was right.",
        "0.5 * x2 → 0.7 * x2": "A wrong h₂ would have spoiled both outputs; o₁ was right.",
    },
    nearby([(0.7, -0.4), (0.0, 0.2), (-1.2, 0.7), (2.0, 1.5)]),
    planted=("0.9 * h2 → 0.4 * h2",),
    results=("a of o₁", "a of o₂"),
    why="Which input would have shown a slip in h₁?",
)  # fmt: skip

STEP = """def step(w1, w2, x, y, rate):
    h = np.tanh(w1 @ x)
    delta2 = w2 @ h - y
    new_w2 = w2 - rate * delta2 @ h.T
    delta1 = (w2.T @ delta2) * (1 - h**2)
    new_w1 = w1 - rate * delta1 @ x.T
    return new_w1, new_w2
"""
# The same step with layer 1 first: there the new w1 can get into layer 2.
HEAD, NEW_W2, NEW_W1, END = re.split(r"(?=    new_w2 =|    delta1 =|    return)", STEP)
FIRST, THEN = HEAD + NEW_W1, NEW_W2 + END
LATE = debug(
    "together",
    2,
    STEP,
    {
        "(w2.T → (new_w2.T": "BP2 goes back through weights that have moved already.",
        "w2 @ h - y → y - w2 @ h":
            "Both layers climb: BP1 begins with a − y, and a step subtracts the gradient.",
        " * (1 - h**2) → ": "BP2: the slope of the hidden layer is missing.",
        "w2 - rate * delta2 @ h.T → w2 - rate * delta2 @ np.tanh(h).T":
            "BP4, layer 2: tanh is taken twice.",
        "w2 - rate → w2 + rate": "Layer 2: the step climbs; it moves against the gradient.",
        "w1 - rate * → w1 - ": "Layer 1: the learning rate is missing.",
        "w1 - rate → w1 + rate": "Layer 1: the step climbs; it moves against the gradient.",
        "(w2.T @ → (w2 @": "BP2: the weights that leave a neuron need the transpose.",
        " * (1 - h**2) →  * h * (1 - h)": "BP2: that is the sigmoid's slope; tanh has another.",
        "w2 @ h - y → 2 * (w2 @ h - y)":
            "BP1: a factor 2 too much; the cost is half the squared distance.",
        "w2 - rate * → w2 - ": "Layer 2: the learning rate is missing.",
        STEP.replace("1 - h**2", "1 - h"):
            "BP2: the square is missing; the slope of tanh is 1 − (a)².",
        STEP.replace("1 - h**2", "1 - np.tanh(h) ** 2"):
            "BP2: tanh is taken twice; h is tanh(z) already, and the slope at z is 1 − (h)².",
        STEP.replace("    delta1", "    delta2 = new_w2 @ h - y\n    delta1").replace(
            "(w2.T", "(new_w2.T"
        ):
            "Layer 1: w2 has moved, and δ² is measured anew with it; both gradients belong to "
            "the old weights.",
        f"{FIRST}    h = np.tanh(new_w1 @ x)\n{THEN}":
            "BP4, layer 2: h is measured anew with the moved w1; δ² belongs to the old one.",
        f"{FIRST}    h = np.tanh(new_w1 @ x)\n    delta2 = w2 @ h - y\n{THEN}":
            "Layer 2: w1 has moved, and h and δ² are measured anew; both gradients belong to "
            "the old weights.",
    },
    [
        (RNG.normal(size=(3, 3)), RNG.normal(size=(3, 3)), RNG.normal(size=(3, 1)),
         RNG.normal(size=(3, 1)), 0.3),
        (RNG.normal(size=(4, 2)), RNG.normal(size=(3, 4)), RNG.normal(size=(2, 1)),
         RNG.normal(size=(3, 1)), 0.7),
    ],
    planted=("(w2.T → (new_w2.T",),
    results=("w1", "w2"),
    why="Would the order of the lines still matter with the rate 0.0001?",
)  # fmt: skip


def _deltas(m, *widths):
    return ({l: RNG.normal(size=(n, m)) for l, n in enumerate(widths, 1)},)


ONE_BIAS = write(
    "sharing",
    2,
    """def one_bias_gradient(delta):
    return sum(errors.sum() for errors in delta.values())
""",
    {
        "delta.values() → [delta[max(delta)]]": "Only the last layer is counted; all have this bias.",
        "delta.values() → [delta[min(delta)]]": "Only layer 1 is counted; all have this bias.",
        "errors.sum() → errors.mean()":
            "A mean is taken in each layer; paths add up, and 1/m already stands in δ.",
        "errors.sum() → errors.sum() / errors.shape[1]":
            "It divides by the number of samples; 1/m already stands in δ.",
        "errors.sum() → abs(errors).sum()": "The signs are dropped; paths can cancel.",
        "errors.sum() → errors.sum(axis=0)":
            "It adds over neurons, not over samples: a number for each sample is left.",
        "errors.sum() → errors.sum(axis=1)":
            "That is BP3, one number a neuron; here one bias serves all neurons.",
    },
    [_deltas(3, 2, 2), _deltas(4, 3, 2), _deltas(1, 2, 4, 3)],
    why="What remains of this sum if every layer has a bias of its own?",
)  # fmt: skip


# Inputs (1, −1), (1, −1), (−1, 0.5); the first two disagree.
TORN_X = np.array([[1.0, 1.0, -1.0], [-1.0, -1.0, 0.5]])
TORN_Y = np.array([[1.0, 1.0, 0.0], [0.0, 0.5, 1.0]])


@cache
def _reached():
    """The costs that six starts end with, after 600 steps."""
    found = []
    for seed in range(31, 37):
        network = initialize([2, 3, 2], tanh, identity, rng=np.random.default_rng(seed))
        for _ in range(600):
            network = _stepped(network, TORN_X, TORN_Y, 0.3)
        found.append(quadratic(propagate(network, TORN_X)[1][2], TORN_Y))
    return found


def _lowest(low, high):
    found = _reached()
    if not low < high:
        return Verdict(False, "The lower end must lie below the upper end.")
    if high - low > 0.01 + 1e-9:
        return Verdict(False, "The interval is wider than 0.01.")
    below, above = (sum(c < low for c in found), sum(c > high for c in found))
    if below:
        return Verdict(False, f"Of 6 starts, {below} came below it: the bound is lower.")
    if above:
        return Verdict(False, f"Of 6 starts, {above} stayed above it: something cannot be reached.")
    return Verdict(
        True,
        "All 6 starts ended in it. What does the network answer to the input with two targets?",
    )


FLOOR = investigate(
    "zero-cost",
    3,
    {"from": [0.0, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06],
     "to": [0.005, 0.01, 0.015, 0.025, 0.03, 0.04, 0.05, 0.07]},
    _lowest,
)  # fmt: skip

EXERCISES = {
    "10.1": FORWARD,
    "10.2": SIGNS,
    "10.3": PATHS,
    "10.4": MISPRINT,
    "10.5": SHARED,
    "10.6": ORDER,
    "10.7": ELSEWHERE,
    "10.8": BACKWARD,
    "10.9": TIED,
    "10.10": GRADIENTS,
    "10.11": TRANSCRIPT,
    "10.12": LATE,
    "10.13": ONE_BIAS,
    "10.14": FLOOR,
}
