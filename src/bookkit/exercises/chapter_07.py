"""The exercises of chapter 7, one neuron learns."""

from functools import cache
from itertools import product

import numpy as np

from backprop.activations import sigmoid

from .derivations import Line
from .fresh import generator, nearby
from .kinds import assemble, compute, debug, derive, investigate, predict, spot
from .verdict import Verdict

# ---- experiments ----


@cache
def _not_without_bias():
    X, Y, w = np.array([[0.0, 1.0]]), np.array([1.0, 0.0]), np.array([0.4])
    for _ in range(5000):
        a = sigmoid(w @ X)
        w = w - 2 * X @ ((a - Y) * a * (1 - a)) / 2
    of_zero, of_one = sigmoid(w @ X)
    if abs(of_zero - 0.5) > 0.1:
        return "input 0 near 1, input 1 near 0"
    return "input 0 at one half, input 1 near 0" if of_one < 0.1 else "both near one half"


PLACES = np.array([-4, 0.7, 5])


@cache
def _fastest():
    a = sigmoid(PLACES)
    first = [PLACES[np.argmax(np.abs(slope))] for slope in (a * sigmoid.prime(PLACES), a)]
    names = ["−4", "0.7", "5"]
    quadratic, entropy = (names[list(PLACES).index(z)] for z in first)
    return f"quadratic: z = {quadratic}; cross-entropy: z = {entropy}"


MAJORITY = np.array(list(product([0.0, 1.0], repeat=3)))
RATES = [0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256]
MOST = 3000


@cache
def _median(cost, rate):
    """Return the median of the steps, over 60 starts, to the majority of three inputs."""
    X, Y = np.column_stack([MAJORITY, np.ones(8)]), (MAJORITY.sum(axis=1) > 1.5).astype(float)
    w = np.random.default_rng(710).normal(size=(60, 4))
    first = np.full(60, MOST)
    for k in range(MOST):
        a = sigmoid(w @ X.T)
        there = (np.abs(a - Y) < 0.2).all(axis=1)
        first = np.where(there, np.minimum(first, k), first)
        if (first < MOST).all():
            break
        delta = (a - Y) * (a * (1 - a) if cost == "quadratic" else 1)
        w = w - rate * delta @ X / 8
    return np.median(first)


@cache
def _best(cost):
    return min(np.geomspace(0.5, 256, 37), key=lambda rate: _median(cost, rate))


def _fewest(cost):
    return _median(cost, _best(cost))


def _fair(quadratic, entropy):
    rates = {"quadratic": float(quadratic), "cross-entropy": float(entropy)}
    if min(rates.values()) <= 0 or max(rates.values()) > 1e4:
        return Verdict(False, "Both rates must lie above 0 and up to 10,000.")
    found = {cost: _median(cost, rate) for cost, rate in rates.items()}
    slow = [cost for cost in rates if found[cost] > 1.25 * _fewest(cost)]
    if not slow:
        q, e = found.values()
        return Verdict(
            True, f"Medians of 60 fresh starts: quadratic {q:.0f} steps, cross-entropy {e:.0f}. "
            "Which starts does a median leave out?",
        )  # fmt: skip
    cost = slow[0]
    other = " Neither cost has its chance." if len(slow) == 2 else " The other cost has its chance."
    helps = [
        word
        for word, factor in (("larger", 1.5), ("smaller", 1 / 1.5))
        if _median(cost, rates[cost] * factor) < found[cost]
    ]
    if not helps:  # far off, where its neighbors too are not there at the end
        helps = ["larger" if rates[cost] < _best(cost) else "smaller"]
    hint = f" A {' or a '.join(helps)} rate needs fewer steps."
    whose = "the quadratic cost" if cost == "quadratic" else cost
    return Verdict(False, f"This rate holds {whose} back.{hint}{other}")


# ---- functions to try answers on ----

_rng = generator(7)


def _pass_trial(n, m, order, rate):
    return (
        _rng.normal(size=n),
        0.3,
        _rng.normal(size=(n, m)),
        _rng.uniform(0.1, 0.9, m),
        order,
        rate,
    )


_AT_THE_START = (
    "def one_pass(w, b, X, Y, order, rate):\n"
    "    delta = 1 / (1 + np.exp(-(w @ X + b))) - Y\n"
    "    for i in order:\n"
    "        w = w - rate * delta[i] * X[:, i]\n"
    "        b = b - rate * delta[i]\n"
    "    return w, b\n"
)

_w, _b, _x, _y = (_rng.normal(size=5) for _ in range(4))
NEURONS = {"w": _w, "b": _b, "x": _x, "y": _y, "h": 1e-5}
OUTPUTS = {"a": np.array([-0.7, 0.2, 0.6]), "y": np.array([0.5, -0.3, 0.9]), "h": 1e-5}

TANH = "np.tanh(w * x + b)"
ALONG_W = "(np.tanh((w + h) * x + b) - np.tanh((w - h) * x + b)) / (2 * h)"


def _logs(sign_of_first, sign_of_second, factor):
    def at(a):
        return (
            f"{factor} * ({sign_of_first}(1 - y) * np.log(1 - {a}) "
            f"{sign_of_second} (1 + y) * np.log(1 + {a}))"
        )

    return f"({at('(a + h)')} - {at('(a - h)')}) / (2 * h)"


EXERCISES = {
    "7.1": compute(
        "step", 1,
        "w, b, x, y, rate = np.array([0.3, 0.4]), 0.2, np.array([1.5, -2.0]), 1.0, 0.6\n"
        "a = 1 / (1 + np.exp(-(w @ x + b)))\n"
        "w[1] - rate * (a - y) * a * (1 - a) * x[1]",
        {
            "w[1] - → -": "That is the change of w₂; asked is w₂ after the step.",
            "w[1] - rate → rate": "That is the size of the change; asked is w₂ after the step.",
            "(a - y) * a → 0.5 * (a - y) * a":
                "The 2 of the square meets the ½: no half is left in the slope.",
            "rate * (a - y) → rate * 2 * (a - y)":
                "The 2 of the square meets the ½: no 2 is left in the slope.",
            "w[1] - rate → w[1] + rate": "The step goes uphill: it is subtracted.",
            " * a * (1 - a) → ": "The sigmoid's slope a(1 − a) is missing.",
            " * a * (1 - a) → * a": "Of the sigmoid's slope the factor 1 − a is missing.",
            " * a * (1 - a) → * (1 - a)": "Of the sigmoid's slope the factor a is missing.",
            " * x[1] → ": "The input x₂ is missing: it multiplies the error.",
            " * x[1] → * x[0]": "w₂ multiplies x₂, not x₁.",
            "rate * (a - y) → (a - y)": "The rate η is missing.",
            "w[1] - → w[0] -": "The step starts from w₂, which is 0.4.",
            "w @ x + b → w @ x": "The bias is missing in z.",
            "(a - y) → a": "The target is missing: the cost's slope is a − y.",
        },
        why="For which x₂ would w₂ have stayed?",
    ),
    "7.2": predict(
        "bias", 1,
        {
            "input 0 near 1, input 1 near 0": "Without a bias the input 0 gives σ(0), always.",
            "input 0 at one half, input 1 near 0": "The input 1 can be learned alone.",
            "both near one half": "The weight is free to make the input 1 right.",
        },
        _not_without_bias,
        {
            "the input 0 moves no weight and is moved by none": "",
            "the two targets pull the weight in opposite directions":
                "the input 0 does not pull at all.",
            "a weight below 0 would be needed": "it becomes one; that is no obstacle.",
        },
        why="With which two numbers as inputs, in place of 0 and 1, would no bias be needed?",
    ),
    "7.3": predict(
        "slowdown", 1,
        {
            "quadratic: z = 5; cross-entropy: z = 5":
                "Under the quadratic cost the flat sigmoid holds the worst one back.",
            "quadratic: z = 0.7; cross-entropy: z = 5":
                "The quadratic cost moves most where the sigmoid is steep and the output wrong.",
            "quadratic: z = 0.7; cross-entropy: z = 0.7":
                "In cross-entropy's error no slope stands: the most wrong one moves most.",
            "quadratic: z = −4; cross-entropy: z = 5": "At z = −4 the output is nearly right.",
        },
        _fastest,
        {
            "one error is a − y, the other a − y times the slope": "",
            "both errors grow with a − y alone": "the quadratic cost's error has a factor more.",
            "cross-entropy uses a larger rate": "the rate is the same for all.",
            "at z = −4 the sigmoid is flattest":
                "at z = 5 it is flatter still; and at z = −4 the output is nearly right.",
        },
        why="Order all three under both costs: which one keeps its place?",
    ),
    "7.4": compute(
        "slowdown", 1,
        "a, y = 0.03, 1\n1 / (a * (1 - a))",
        {
            "1 / (a * (1 - a)) → a * (1 - a)": "That is the inverse: quadratic over cross-entropy.",
            "1 / (a * (1 - a)) → 1 / (1 - a)": "Of the sigmoid's slope the factor a is missing.",
            "1 / (a * (1 - a)) → 1 / a": "Of the sigmoid's slope the factor 1 − a is missing.",
            "1 / (a * (1 - a)) → 1 / (a * (1 - a) ** 2)":
                "a − y stands in both slopes and cancels in their ratio.",
            "1 / (a * (1 - a)) → 1 / (a * (1 - a)) ** 2": "The sigmoid's slope counts once.",
            "1 / (a * (1 - a)) → 2 / (a * (1 - a))": "The ½ is used up by the square's slope.",
            "1 / (a * (1 - a)) → -1 / (a * (1 - a))": "Both slopes have the same sign.",
        },
        within=2e-3,
        why="What is the smallest that this ratio can be?",
    ),
    "7.5": assemble(
        "step", 2,
        "def one_pass(w, b, X, Y, order, rate):\n"
        "    for i in order:\n"
        "        a = 1 / (1 + np.exp(-(w @ X[:, i] + b)))\n"
        "        delta = a - Y[i]\n"
        "        w = w - rate * delta * X[:, i]\n"
        "        b = b - rate * delta\n"
        "    return w, b\n",
        {
            "in order → in range(len(Y))": "The samples come as stored; the order is given.",
            "X[:, i] + b → X[:, i]": "The bias is missing in z.",
            "a - Y[i] → (a - Y[i]) * a * (1 - a)":
                "δ holds the sigmoid's slope: that is the quadratic cost's.",
            "a - Y[i] → (a - Y[i]) / (a * (1 - a))":
                "That is ∂C/∂a; δ is the slope along z, and σ′ cancels.",
            "a - Y[i] → Y[i] - a": "δ is output minus target: its sign is turned.",
            "w = w - → w = w + ": "The weights walk uphill: the step is subtracted.",
            "rate * delta * X[:, i] → rate * delta": "∂C/∂w lacks its input.",
            "rate * delta * X[:, i] → delta * X[:, i]": "The rate is missing in the weights' step.",
            "b = b - rate * delta → b = b": "The bias never moves.",
            "b = b - → b = b + ": "The bias walks uphill: the step is subtracted.",
            _AT_THE_START:
                "All errors are measured at the start; each sample meets the weights of its moment.",
        },
        [_pass_trial(3, 4, [2, 0, 3, 1], 0.7), _pass_trial(4, 5, [4, 1, 1, 0], 0.3)],
        results=("w", "b"),
        why="Which line changes for the quadratic cost?",
    ),
    "7.6": debug(
        "bias", 2,
        "def learn(X, Y, rate, epochs):\n"
        "    padded = np.column_stack([X, np.ones(len(X))])\n"
        "    w = np.zeros(padded.shape[1])\n"
        "    for _ in range(epochs):\n"
        "        a = 1 / (1 + np.exp(-(padded @ w)))\n"
        "        delta = (a - Y) * a * (1 - a)\n"
        "        w = w - rate * padded.T @ delta / len(Y)\n"
        "    return w\n",
        {
            "np.ones(len(X)) → np.zeros(len(X))":
                "The bias's own input is 0: it adds nothing, and its slope is 0.",
            "padded @ w → X @ w[:-1]": "z is made without the bias.",
            "(a - Y) * a * (1 - a) → (a - Y)": "δ lacks σ′: the cost is the quadratic one.",
            "(a - Y) * a * (1 - a) → (a - Y) * a": "Of σ′ the factor 1 − a is missing.",
            "(a - Y) * a * (1 - a) → a * (1 - a)": "δ lacks a − y, the cost's slope.",
            "w - rate → w + rate": "The weights walk uphill: the step is subtracted.",
            "delta / len(Y) → delta": "The sum is taken; C is the samples' mean.",
        },
        [(np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([1.0, 0, 0, 0]), 2.0, 5),
         (np.array([[0.0, 0, 0], [0.7, -0.2, 1.1], [-0.4, 0.9, 0.3]]), np.array([0.9, 0.2, 0.6]),
          1.5, 4)],
        planted=("np.ones(len(X)) → np.zeros(len(X))",),
        why="Which input could take over the bias's part if it were never 0?",
    ),
    "7.7": spot(
        "slowdown", 2,
        "def lengths(w, b, X, Y):\n"
        "    a = 1 / (1 + np.exp(-(X @ w + b)))\n"
        "    return np.abs(a - Y) * np.linalg.norm(X, axis=1)\n",
        {
            "* np.linalg.norm(X, axis=1) → ":
                "Along the bias that is the slope; along w the input multiplies it.",
            "np.linalg.norm(X, axis=1) → np.abs(X).sum(axis=1)":
                "The entries' sizes are added; a length is the root of the sum of squares.",
            "np.linalg.norm(X, axis=1) → np.sqrt(1 + np.sum(X**2, axis=1))":
                "The 1 is the bias's part; asked is the gradient along the weights.",
            "np.linalg.norm(X, axis=1) → np.sum(X**2, axis=1)":
                "The root of the squares is missing.",
            "np.abs(a - Y) → np.abs(a - Y) * a * (1 - a)":
                "The sigmoid's slope stands in it; in cross-entropy's gradient it cancels.",
            "np.abs(a - Y) → (a - Y)": "A length has no sign.",
            "np.linalg.norm(X, axis=1) → np.linalg.norm(w)":
                "∂z/∂w is the input x; the weights themselves do not enter.",
        },
        [(np.array([0.8, -0.5]), 0.2, _rng.normal(size=(4, 2)), np.array([0.1, 0.9, 0.3, 0.8])),
         (np.array([-0.3, 1.2, 0.4]), -0.6, 2 * _rng.normal(size=(5, 3)),
          np.array([0.2, 0.7, 0.6, 0.1, 0.9]))],
        planted=("* np.linalg.norm(X, axis=1) → ",),
        why="For which data is the printed sentence true of the weights?",
    ),
    "7.8": derive(
        "derive", 2,
        ("∂/∂w of ½(a − y)²",
         "(0.5 * (np.tanh((w + h) * x + b) - y)**2 - 0.5 * (np.tanh((w - h) * x + b) - y)**2)"
         " / (2 * h)"),
        [
            Line("the slope of the square",
                 ("(a − y) · ∂a/∂w", f"({TANH} - y) * {ALONG_W}"), {
                ("½ (a − y) · ∂a/∂w", f"0.5 * ({TANH} - y) * {ALONG_W}"):
                    "the 2 of the square meets the ½.",
                ("(y − a) · ∂a/∂w", f"(y - {TANH}) * {ALONG_W}"):
                    "with a larger than y a larger a raises the cost.",
            }),
            Line("the slope of tanh, then that of z",
                 ("(a − y)(1 − a²) x", f"({TANH} - y) * (1 - {TANH}**2) * x"), {
                ("(a − y) a(1 − a) x", f"({TANH} - y) * {TANH} * (1 - {TANH}) * x"):
                    "that is the slope of the sigmoid.",
                ("(a − y)(1 − a)² x", f"({TANH} - y) * (1 - {TANH})**2 * x"):
                    "the square is that of a alone.",
                ("(a − y)(1 − a²) w", f"({TANH} - y) * (1 - {TANH}**2) * w"):
                    "along w, z grows by x.",
            }),
        ],
        NEURONS,
        "def slope(w, b, x, y):\n"
        "    a = np.tanh(w * x + b)\n"
        "    return (a - y) * (1 - a**2) * x\n",
        {
            "(1 - a**2) → a * (1 - a)": "That is the slope of the sigmoid; tanh's is 1 − a².",
            "(1 - a**2) → (1 - a)**2": "The square is that of a alone.",
            "(1 - a**2) → (1 - a)": "The square is missing: tanh's slope is 1 − a².",
            "np.tanh(w * x + b) → 1 / (1 + np.exp(-(w * x + b)))\n(1 - a**2) → a * (1 - a)":
                "That is a sigmoid neuron throughout; this one's activation is tanh.",
            "* (1 - a**2) → ": "The slope of tanh is missing.",
            "**2) * x → **2)": "The input x is missing: that is the slope along b.",
            "**2) * x → **2) * w": "Along w, z grows by x, not by w.",
            "(a - y) → (y - a)": "Output minus target: the sign is turned.",
            "(a - y) → 2 * (a - y)": "The 2 of the square meets the ½: neither is left.",
            "(a - y) → 0.5 * (a - y)": "The 2 of the square meets the ½: neither is left.",
        },
        nearby([(0.6, -0.3, 1.4, 0.8), (-1.1, 0.5, 0.7, -0.6), (0.9, 0.2, -1.3, 0.1)]),
        points=("slope(0.4, -0.1, 1.6, 0.9)", "slope(-0.7, 0.3, 1.2, 0.5)"),
        why="For which z does this neuron learn slowly although it is wrong?",
    ),
    "7.9": derive(
        "derive", 3,
        ("(a − y)/(1 − a²)", "(a - y) / (1 - a**2)"),
        [
            Line("split the fraction in two",
                 ("½ [(1 − y)/(1 − a) − (1 + y)/(1 + a)]",
                  "0.5 * ((1 - y) / (1 - a) - (1 + y) / (1 + a))"), {
                ("(1 − y)/(1 − a) − (1 + y)/(1 + a)", "(1 - y) / (1 - a) - (1 + y) / (1 + a)"):
                    "brought together again, this is twice as much.",
                ("½ [(1 − y)/(1 − a) + (1 + y)/(1 + a)]",
                 "0.5 * ((1 - y) / (1 - a) + (1 + y) / (1 + a))"):
                    "brought together, the top would be 1 − ay.",
                ("½ [(1 + y)/(1 − a) − (1 − y)/(1 + a)]",
                 "0.5 * ((1 + y) / (1 - a) - (1 - y) / (1 + a))"):
                    "brought together, the top would be a + y.",
            }),
            Line("a logarithm for each part",
                 ("∂/∂a of −½ [(1 − y) ln(1 − a) + (1 + y) ln(1 + a)]", _logs("", "+", "-0.5")), {
                ("∂/∂a of ½ [(1 − y) ln(1 − a) − (1 + y) ln(1 + a)]", _logs("", "-", "0.5")):
                    "ln(1 − a) has the slope −1/(1 − a).",
                ("∂/∂a of ½ [(1 − y) ln(1 − a) + (1 + y) ln(1 + a)]", _logs("", "+", "0.5")):
                    "both signs are turned.",
            }),
        ],
        OUTPUTS,
        "def tanh_cost(a, y):\n"
        "    return -0.5 * ((1 + y) * np.log(1 + a) + (1 - y) * np.log(1 - a))\n",
        {
            "-0.5 → 0.5": "The sign is turned: this falls where a moves away from y.",
            "-0.5 → -1": "The ½ of the split fraction is missing.",
            "(1 + y) * np.log(1 + a) → (1 - y) * np.log(1 + a)\n"
            "+ (1 - y) * np.log(1 - a) → + (1 + y) * np.log(1 - a)":
                "1 + y belongs to ln(1 + a): near a = −1 a target of 1 is dear.",
            "+ (1 - y) → - (1 - y)": "ln(1 − a) has the slope −1/(1 − a): its sign is turned.",
            " + (1 - y) * np.log(1 - a) → ": "The second logarithm is missing.",
            "(1 + y) * np.log(1 + a) + → ": "The first logarithm is missing.",
        },
        nearby([(0.3, 0.8), (-0.6, 0.4), (0.7, -0.5)]),
        forms={
            "np.log(1 + a) → np.log((1 + a) / (1 + y))\n"
            "np.log(1 - a) → np.log((1 - a) / (1 - y))":
                "This cost is 0 at a = y: the same slopes. The question's is 0 at a = 0.",
            "np.log(1 + a) → np.log((1 + a) / 2)\nnp.log(1 - a) → np.log((1 - a) / 2)":
                "This cost is ln 2 at a = 0: the same slopes. The question's is 0 there.",
        },
        points=("tanh_cost(0.4, -0.7)", "tanh_cost(-0.2, 0.6)"),
        why="What does it become with a = 2p − 1, for shares p between 0 and 1?",
    ),
    "7.10": investigate(
        "compare", 3,
        {"η of the quadratic cost": RATES, "η of cross-entropy": RATES},
        _fair,
    ),
}  # fmt: skip
