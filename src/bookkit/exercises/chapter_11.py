"""The exercises of chapter 11, training."""
# ruff: noqa: E501 (a sentence of a table stays whole)

from functools import cache

import numpy as np

from backprop.activations import sigmoid
from backprop.backpropagation import backprop
from backprop.costs import quadratic
from backprop.datasets import spirals
from backprop.gradient_check import central_difference, relative_error
from backprop.network import forward, initialize

from .derivations import Line
from .fresh import generator, nearby
from .kinds import assemble, compute, debug, derive, investigate, predict, spot, write
from .verdict import Verdict

# ---- 11.3: an error that no step brings down ----


@cache
def steady():
    """Return what remains when a slope lacks a factor and the step is varied."""
    rng = np.random.default_rng(11)
    net = initialize([3, 5, 2], "tanh", "sigmoid", rng=rng)
    x, y = rng.normal(size=(3, 6)), rng.uniform(0.1, 0.9, (2, 6))
    wrong = backprop(net, x, y, quadratic).w[1] * 1.03

    def cost(w):
        return quadratic(forward(net | {1: net[1]._replace(w=w)}, x)[1][2], y)

    off = [relative_error(central_difference(cost, net[1].w, h), wrong) for h in (1e-3, 1e-5, 1e-7)]
    if max(off) < 1.01 * min(off):
        return "the formula for the slopes"
    return "rounding" if off[0] < off[-1] else "a kink"


# ---- 11.10: the fewest hidden neurons for two spirals ----

STARTS, ENOUGH, STEPS = 100, 90, 500
HIDDEN, RATES = [2, 3, 4, 5, 6], [0.1, 0.3, 1, 3]


@cache
def learned(hidden, rate):
    """Return how many of the starts have 97 % of their spirals right: all nets 2-hidden-1 at once."""
    data = [spirals(100, 0.03, np.random.default_rng(1000 + seed)) for seed in range(STARTS)]
    x, y = np.array([d.X.T for d in data]), np.array([d.Y[:, 1:].T for d in data])
    nets = [
        initialize([2, hidden, 1], "tanh", "sigmoid", rng=np.random.default_rng(seed))
        for seed in range(STARTS)
    ]
    theta = [np.array([net[l][part] for net in nets]) for l in (1, 2) for part in (0, 1)]
    v = [np.zeros_like(part) for part in theta]
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            w1, b1, w2, b2 = theta
            a = np.tanh(w1 @ x + b1)
            d2 = (sigmoid(w2 @ a + b2) - y) / 100
            d1 = w2.transpose(0, 2, 1) @ d2 * (1 - a**2)
            slopes = (d1 @ x.transpose(0, 2, 1), d1.sum(2, keepdims=True),
                      d2 @ a.transpose(0, 2, 1), d2.sum(2, keepdims=True))  # fmt: skip
            v = [0.9 * old - rate * slope for old, slope in zip(v, slopes, strict=True)]
            theta = [part + step for part, step in zip(theta, v, strict=True)]
        w1, b1, w2, b2 = theta
        right = (w2 @ np.tanh(w1 @ x + b1) + b2 > 0) == (y > 0.5)
    return int(np.sum(right.mean(axis=(1, 2)) >= 0.97))


def _claim(hidden, rate):
    if hidden not in HIDDEN or rate not in RATES:
        return Verdict(False, f"hidden is one of {HIDDEN}, rate one of {RATES}.")
    here = learned(int(hidden), float(rate))
    if here < ENOUGH:
        return Verdict(False, f"With these settings {here} of {STARTS} new starts learn.")
    fewer = [n for n in HIDDEN if n < hidden]
    if any(learned(n, float(r)) >= ENOUGH for n in fewer for r in RATES):
        return Verdict(
            False, f"{here} of {STARTS} new starts learn; fewer hidden neurons do it too."
        )
    return Verdict(
        True,
        f"At least {ENOUGH} of {STARTS} new starts learn. How many turns of the spirals would need more?",
    )


# ---- the functions ----

LOOP = """
def learned(w, X, Y, slope, rate, mu, batch, orders):
    v = np.zeros_like(w)
    for order in orders:
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            v = mu * v - rate * slope(w, X[chosen], Y[chosen])
            w = w + v
    return w
""".strip()

CLIPPED = """
def slopes(W, x, g, top):
    a = np.clip(x @ W, 0, top)
    delta = g * ((a > 0) & (a < top))
    return np.outer(x, delta), W @ delta
""".strip()

ALIAS = """
def relu_step(W, x, g, rate):
    a = np.maximum(x @ W, 0)
    on = a.copy()
    on[on > 0] = 1
    delta = g * on
    new = W - rate * np.outer(x, delta)
    return a, new, W @ delta
""".strip()

WORST = """
def worst(found, expected):
    errors = []
    for name in expected:
        off = np.linalg.norm(found[name] - expected[name])
        size = max(np.linalg.norm(found[name]), np.linalg.norm(expected[name]))
        errors.append(off / size)
    return max(errors)
""".strip()

GUARDED = """
def slope(f, t, h, most):
    up, here, down = f(t + h), f(t), f(t - h)
    if not np.isfinite([up, here, down]).all():
        return "not finite"
    if abs((up - here) / h - (here - down) / h) > most:
        return "kink"
    return (up - down) / (2 * h)
""".strip()

FINITE = '    if not np.isfinite([up, here, down]).all():\n        return "not finite"\n'
KINK = '    if abs((up - here) / h - (here - down) / h) > most:\n        return "kink"\n'

_rng = generator(1101)


def _mean_slope(w, X, Y):
    return X.T @ (X @ w - Y) / len(X)


def _root_slope(w, X, Y):
    return X.T @ np.tanh(X @ w - Y) / len(X)


def _run(m, n, slope, rate, mu, batch, epochs):
    X, Y, w = _rng.normal(size=(m, n)), _rng.normal(size=m), _rng.normal(size=n)
    return w, X, Y, slope, rate, mu, batch, [_rng.permutation(m) for _ in range(epochs)]


def _clipped(n, k, top):
    """Return a trial whose outputs are cut at 0, not cut, and cut at top, two at least of each."""
    while True:
        W, x, g = _rng.normal(size=(n, k)), _rng.normal(size=n), _rng.normal(size=k)
        if min((x @ W < 0).sum(), (x @ W > top).sum(), ((x @ W > 0) & (x @ W < top)).sum()) >= 2:
            return W, x, g, top


def _slopes(wrong, factor, *shapes):
    """Return found and expected slopes: the wrong one factor times as long, the others less off.

    Later arrays are larger. The error of each other one is seen in a sum, a mean or a length.
    """
    expected = {f"w{l}": _rng.normal(size=s) * 10.0 ** (2 * l - 5) for l, s in enumerate(shapes, 1)}
    found = {name: v * (1 + 0.1 * i) for i, (name, v) in enumerate(expected.items(), 1)}
    return {**found, wrong: factor * expected[wrong][::-1]}, expected


def _smooth(t):
    return t**3 - 2 * t


def _corner(t):
    return max(t - 0.5, 0.0)


def _roof(t):
    return -abs(t - 1.2)


def _log(t):
    with np.errstate(all="ignore"):
        return np.log(t)


def _root(t):
    with np.errstate(all="ignore"):
        return np.sqrt(1 - t)


def _wall(t):
    with np.errstate(all="ignore"):
        return -np.log(1 - t)


def _cliff(t):
    with np.errstate(all="ignore"):
        return -np.log(np.maximum(1 - t, 0))


def _ratio(t):
    with np.errstate(all="ignore"):
        return np.sin(t) / np.float64(t)


def _bend(jump):
    """Return a function whose slope is -0.3 up to 0.4, and higher by jump from there on."""

    def bent(t):
        return jump * max(t - 0.4, 0.0) - 0.3 * t

    return bent


def _wave(t):
    return np.sin(3 * t)


EXERCISES = {
    "11.1": compute(
        "batches", 1, "-(-90 // 16) * 30",
        {
            "-(-90 // 16) → 90 // 16": "The last batch is smaller, and it is a batch: round up.",
            "-(-90 // 16) → 90 / 16": "A batch that is not full takes a whole update: round up.",
            "-(-90 // 16) * 30 → -(-90 // 16)": "That is one epoch.",
            "-(-90 // 16) → 90": "That is one update a sample; here a batch shares one.",
            "-(-90 // 16) * 30 → -(-90 * 30 // 16)": "Each epoch rounds up by itself: its last batch does not wait for the next epoch.",
            "-(-90 // 16) * 30 → 90 * 30 // 16": "No epoch has its last, smaller batch here: round up, and in every epoch.",
            "-(-90 // 16) * 30 → 90 // 16": "That is one epoch, and its last, smaller batch is missing.",
            "-(-90 // 16) → 16": "The size of a batch is not the number of batches.",
            "-(-90 // 16) * 30 → 30": "That is one update an epoch, with all samples in one batch.",
        },
        label="Updates", whole=True,
        why="How many samples has the last batch of an epoch?",
    ),
    "11.2": compute(
        "layers", 1,
        "W = np.array([[0.7, -1.2], [0.4, -0.9], [-0.3, 0.6]])\n"
        "x, g = np.array([0.5, 1.5, 1.0]), np.array([0.5, -0.2])\n"
        "delta = g * (x @ W > 0)\n(W @ delta)[0]",
        {
            "g * (x @ W > 0) → g": "Neuron 2 is off: nothing goes back through it.",
            "(W @ delta)[0] → (W @ delta)[1]": "That is the slope along the second input: the row cut off is the last one.",
            "(W @ delta)[0] → (W @ delta)[2]": "That is the slope along the 1, which no layer before has made.",
            "(W @ delta)[0] → np.outer(x, delta)[0, 0]": "That is the slope along the weight: it carries the input.",
            "(W @ delta)[0] → (x @ W)[0]": "That is the sum of neuron 1, computed forward; a slope is carried backward.",
            "g * (x @ W > 0) → (x @ W > 0)": "What arrives from behind, the 0.5, is missing.",
            "g * (x @ W > 0) → g.sum() * np.array([1, 0])": "The slopes of the two outputs are added; each belongs to its own neuron.",
        },
        label="∂C/∂x₁",
        why="What would the 1 tell a layer before it?",
    ),
    "11.3": predict(
        "checks", 1,
        {
            "rounding": "Rounding grows when the step shrinks.",
            "a kink": "tanh has no kink; and a kink beside the point is left behind when the step shrinks.",
            "the formula for the slopes": "Only what the step does not touch stays the same.",
        },
        steady,
        {
            "at such a step the two costs differ too little": "Then 10⁻³ and 10⁻⁷ would not agree.",
            "no step brings it down or up": "",
            "the network is not trained yet":
                "The formula and the differences must agree at any weights, trained or not.",
        },
        why="Which factor of a formula could be off by 3 % in every entry?",
    ),
    "11.4": assemble(
        "loop", 2, LOOP,
        {
            "order[start : start + batch] → order[:batch]": "chosen: every step takes the same first batch.",
            "order[start : start + batch] → order[start:]": "chosen: each batch holds all samples up to the end.",
            "order[start : start + batch] → range(start, min(start + batch, len(X)))": "chosen: the samples come in the order of the table; order is never used.",
            "range(0, len(order), batch) → range(0, len(order) - batch + 1, batch)": "The smaller batch at the end is dropped.",
            "range(0, len(order), batch) → range(0, len(order))": "start moves by one: every sample is met in several batches.",
            "slope(w, X[chosen], Y[chosen]) → slope(w, X, Y)": "Every step takes the slope of all samples.",
            "slope(w, X[chosen], Y[chosen]) → slope(w, X[chosen], Y[: len(chosen)])": "The targets are those of other samples.",
            "slope(w, X[chosen], Y[chosen]) → slope(w, X[chosen], Y[start : start + batch])": "X is taken in the new order, Y in the old one.",
            "mu * v - rate → mu * v + rate": "v: the step goes up the slope.",
            "mu * v - rate → mu * v - (1 - mu) * rate": "v: a damped mean; the velocity is a damped sum, and the rate stands alone.",
            "mu * v - rate → -rate": "v: the velocity is not carried on.",
            LOOP.replace("    v = np.zeros_like(w)\n    for order in orders:\n", "    for order in orders:\n        v = np.zeros_like(w)\n"):
                "v begins at 0 in every epoch; its state goes on from batch to batch and from epoch to epoch.",
            LOOP.replace("            w = w + v", "        w = w + v"):
                "w moves once an epoch; every batch makes a step.",
            LOOP.replace("    return w", "        return w"): "It returns after the first epoch.",
        },
        [
            _run(7, 2, _mean_slope, 0.2, 0.8, 3, 3), _run(10, 3, _root_slope, 0.1, 0.6, 4, 2),
            _run(5, 4, _mean_slope, 0.05, 0.9, 2, 4),
        ],
        why="What does it do with a batch larger than the data?",
    ),
    "11.5": debug(
        "layers", 2, CLIPPED,
        {
            "(a > 0) & (a < top) → (a >= 0) & (a <= top)": "The mask never fires: a was cut, and what was cut is equal to 0 or to top.",
            "(a > 0) & (a < top) → (a > 0) & (a < 1)": "The upper end is top, not 1.",
            "(a > 0) & (a < top) → (a > 0)": "At top the output stands still too: its slope is 0.",
            "(a > 0) & (a < top) → (a < top)": "At 0 the output stands still: its slope is 0.",
            "(a > 0) & (a < top) → a": "The activation stands where its slope should stand.",
            "g * ((a > 0) & (a < top)) → ((a > 0) & (a < top))": "What arrives from behind, g, is missing.",
            "np.outer(x, delta) → np.outer(x, g)": "∂C/∂x agrees. ∂C/∂W takes g, without the mask.",
            "W @ delta → W @ g": "∂C/∂W agrees. ∂C/∂x takes g, without the mask.",
            "np.outer(x, delta) → np.outer(delta, x)": "∂C/∂W is transposed: here W is in × out.",
        },
        [_clipped(3, 6, 0.8), _clipped(5, 7, 1.5), _clipped(4, 9, 1.1)],
        planted=("(a > 0) & (a < top) → (a >= 0) & (a <= top)",), results=("∂C/∂W", "∂C/∂x"),
        why="For which inputs would a gradient check not have seen it?",
    ),
    "11.6": debug(
        "layers", 3, ALIAS,
        {
            "a.copy() → a[:]": "The new W and ∂C/∂x agree. Neither a slice nor a second name is a copy: the ones are written into the output.",
            "a.copy() → x @ W": "The output agrees. Where the sum is below 0 the mask holds the sum, not 0.",
            "on[on > 0] → on[on >= 0]": "The output agrees. The mask is 1 everywhere: a was cut, and no entry is below 0.",
            "g * on → on": "The output agrees. What arrives from behind, g, is missing.",
            "g * on → g * a": "The output agrees. The activation stands where its slope, 1 or 0, should stand.",
            "W - rate → W + rate": "The step goes up the slope.",
            "np.outer(x, delta) → np.outer(x, g)": "The output and ∂C/∂x agree. In the step neurons that are off learn too.",
            "W @ delta → W @ g": "The output and the new W agree. ∂C/∂x takes g, without the mask.",
            "W @ delta → new @ delta": "∂C/∂x goes back through the new W; x came forward through the old one.",
        },
        [
            (_rng.normal(size=(n, k)), _rng.normal(size=n), _rng.normal(size=k), rate)
            for n, k, rate in ((3, 6, 0.1), (5, 8, 0.4), (4, 7, 0.25))
        ],
        planted=("a.copy() → a[:]",), results=("the output", "the new W", "∂C/∂x"),
        why="Why does a check of the two slopes not see it?",
    ),
    "11.7": spot(
        "checks", 2, WORST,
        {
            "max(np.linalg.norm(found[name]), np.linalg.norm(expected[name])) → max(np.linalg.norm(v) for v in expected.values())":
                "One common scale: the largest array hides what is wrong in a small one.",
            "max(np.linalg.norm(found[name]), np.linalg.norm(expected[name])) → 1":
                "That is the absolute difference: a small array can be wrong and pass.",
            "max(np.linalg.norm(found[name]), np.linalg.norm(expected[name])) → np.linalg.norm(found[name])":
                "This divides by the found length alone: a slope that is too short would count too much.",
            "max(np.linalg.norm(found[name]), np.linalg.norm(expected[name])) → min(np.linalg.norm(found[name]), np.linalg.norm(expected[name]))":
                "This divides by the shorter length; the question takes the longer one.",
            "max(errors) → errors[0]": "Only the first array is judged.",
            "max(errors) → min(errors)": "The best array is reported; the worst decides.",
            "max(errors) → sum(errors) / len(errors)": "A mean over the arrays: many right ones hide a wrong one.",
            "max(errors) → errors[-1]": "Only the last array is judged.",
            "max(errors) → sum(errors)": "The errors are added: with many arrays, small ones look like a large one.",
            "np.linalg.norm(found[name] - expected[name]) → abs(np.linalg.norm(found[name]) - np.linalg.norm(expected[name]))":
                "Lengths are compared: a slope of the right length may point anywhere.",
        },
        [
            _slopes("w2", 0.6, (3, 2), (4, 3), (2, 4)), _slopes("w1", 1.3, (5, 3), (2, 5), (6, 2), (3, 6)),
            _slopes("w3", 1.4, (2, 6), (3, 2), (5, 3)),
        ],
        forms={
            "max(np.linalg.norm(found[name]), np.linalg.norm(expected[name])) → np.linalg.norm(expected[name])":
                "This divides by the expected length alone, in use too; the question takes the longer one.",
            "max(np.linalg.norm(found[name]), np.linalg.norm(expected[name])) → (np.linalg.norm(found[name]) + np.linalg.norm(expected[name]))":
                "This divides by the sum of both lengths, in use too; the question takes the longer one.",
        },
        planted=("max(np.linalg.norm(found[name]), np.linalg.norm(expected[name])) → max(np.linalg.norm(v) for v in expected.values())",),
        why="What does it say of two arrays of zeros?",
    ),
    "11.8": derive(
        "checks", 2,
        ("A·√(R/A) + R/√(R/A)", "A * np.sqrt(R / A) + R / np.sqrt(R / A)"),
        [
            Line(
                "A = √A·√A",
                ("√(AR) + R/√(R/A)", "np.sqrt(A * R) + R / np.sqrt(R / A)"),
                {
                    ("√R + R/√(R/A)", "np.sqrt(R) + R / np.sqrt(R / A)"): "√A is lost: of √A·√A one cancels.",
                    ("A√(AR) + R/√(R/A)", "A * np.sqrt(A * R) + R / np.sqrt(R / A)"):
                        "A is counted twice: it went into the root.",
                },
            ),
            Line(
                "R = √R·√R",
                ("√(AR) + √(AR)", "np.sqrt(A * R) + np.sqrt(A * R)"),
                {
                    ("√(AR) + √(R/A)", "np.sqrt(A * R) + np.sqrt(R / A)"):
                        "Dividing by a root of R/A puts A on top.",
                    ("√(AR) + R√(AR)", "np.sqrt(A * R) + R * np.sqrt(A * R)"):
                        "R is counted twice: it went into the root.",
                },
            ),
            Line(
                "both terms are equal",
                ("2√(AR)", "2 * np.sqrt(A * R)"),
                {("√(2AR)", "np.sqrt(2 * A * R)"): "The 2 stands before the root.",
                 ("AR", "A * R"): "Roots are added here, not multiplied."},
            ),
        ],
        {"A": 0.7, "R": 0.02},
        "def least(A, R):\n    return 2 * np.sqrt(A * R)\n",
        {
            "2 * np.sqrt(A * R) → np.sqrt(A * R)": "That is one of the two parts; at the best step they are equal, and both count.",
            "2 * np.sqrt(A * R) → np.sqrt(R / A)": "That is the best step, not the error that it leaves.",
            "2 * np.sqrt(A * R) → 2 * A * R": "The root is missing.",
            "2 * np.sqrt(A * R) → np.sqrt(2 * A * R)": "The 2 stands before the root.",
        },
        nearby([(0.5, 3e-3), (2.5, 4e-2)]),
        points=("least(0.6, 0.005)", "least(3.5, 0.02)"),
        why="How does it grow when R is a hundred times as large?",
    ),
    "11.9": write(
        "checks", 2, GUARDED,
        {
            "abs((up - here) / h - (here - down) / h) → ((up - here) / h - (here - down) / h)":
                "A kink that bends down is not seen: the size of the difference counts.",
            "abs((up - here) / h - (here - down) / h) → abs((up - down) / (2 * h) - (up - here) / h)":
                "The central slope is compared with one side: that is half of how the two sides differ.",
            "> most → > 0.3": "A limit of its own stands in the place of most.",
            "> most → > most * h": "The two slopes are compared with most itself, not with most times h.",
            "(up - down) / (2 * h) → (up - down) / h": "up and down are 2h apart.",
            "(up - down) / (2 * h) → (up - here) / h": "A one-sided difference is returned.",
            "np.isfinite([up, here, down]) → np.isfinite([here])": "Only the middle is looked at; the two others can be infinite or no number.",
            "np.isfinite([up, here, down]) → np.isfinite([down])": "Only f at t − h is looked at; the two others can be infinite or no number.",
            "np.isfinite([up, here, down]) → np.isfinite([up])": "Only f at t + h is looked at; the two others can be infinite or no number.",
            "np.isfinite([up, here, down]) → np.isfinite([up, down])": "f at t itself is not looked at.",
            GUARDED.replace(FINITE + KINK, KINK + FINITE):
                "The kink is looked for first: an infinite difference is larger than any limit.",
            "not np.isfinite([up, here, down]).all() → np.isnan([up, here, down]).any()": "An infinite number is no nan, and not finite either.",
            GUARDED.replace(FINITE, ""):
                "What is not finite is not refused.",
            GUARDED.replace(KINK, ""):
                "A kink is not refused.",
        },
        [
            (_smooth, 0.7, 1e-3, 0.1), (_corner, 0.5004, 1e-3, 0.1), (_roof, 1.2003, 1e-3, 0.1),
            (_log, 0.0004, 1e-3, 0.1), (_log, -0.5, 1e-3, 0.1), (_wave, 0.4, 1e-2, 0.2), (_corner, 0.52, 1e-2, 0.1),
            (_root, 0.9996, 1e-3, 0.1), (_ratio, 0.0, 1e-2, 0.3), (_log, 0.25, 0.25, 9.0), (_wall, 0.75, 0.25, 9.0), (_cliff, 1.0, 0.25, 9.0),
            (_bend(0.11), 0.4, 1e-3, 0.1), (_bend(0.09), 0.4, 1e-3, 0.1), (_bend(1.9), 0.4, 1e-2, 2.0), (_bend(2.1), 0.4, 1e-2, 2.0),
        ],
        why="Would a smaller h let a kink exactly at t pass?",
    ),
    "11.10": investigate("loop", 3, {"hidden": HIDDEN, "rate": RATES}, _claim),
}  # fmt: skip
