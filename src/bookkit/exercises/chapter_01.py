"""The exercises of chapter 1, what a network does."""
# ruff: noqa: E501 (a sentence of a table stays whole)

from functools import cache

import numpy as np

from backprop.optimizers import adam

from ..notation import minus
from .derivations import Line
from .fresh import generator
from .kinds import assemble, compute, debug, derive, investigate, predict, write
from .verdict import Verdict

# ---- networks with one input and one output, several at once ----


def _says(networks, x):
    w, b, v, c = networks
    return (v[:, None] @ np.tanh(w[:, :, None] * x + b[:, :, None]))[:, 0] + c


def _trained(hidden, x, y, seeds, steps=6000):
    """Return networks trained on the points (x, y), one for each seed, as the chapter trains them."""
    draws = [np.random.default_rng(seed).normal(size=3 * hidden + 1) for seed in seeds]
    theta = np.split(np.array(draws), [hidden, 2 * hidden, 3 * hidden], axis=1)  # w, b, v, c
    rule = adam()
    states = [rule.start(part) for part in theta]
    for k in range(steps):
        w, b, v, _ = theta
        h = np.tanh(w[:, :, None] * x + b[:, :, None])
        off = (_says(theta, x) - y) / len(x)
        back = v[:, :, None] * off[:, None] * (1 - h**2)
        slopes = [back @ x, back.sum(2), (h @ off[:, :, None])[:, :, 0], off.sum(1, keepdims=True)]
        rate = 0.05 * 0.5 ** (k / 600)
        moved = [rule.step(*of, rate) for of in zip(theta, slopes, states, strict=True)]
        theta, states = zip(*moved, strict=True)
    return theta


# ---- experiments ----


@cache
def _what_is_left():
    """Return what keeps a parabola from points of a quicker curve, measured twice at each place."""
    rng = np.random.default_rng(11)
    x = np.repeat(np.linspace(-3, 3, 100), 2)
    y = 0.68 * np.sin(2 * x) + rng.normal(0, 0.2, size=200)
    off = np.polyval(np.polyfit(x, y, 2), x) - y
    noise = np.mean((y[::2] - y[1::2]) ** 2) / 2
    share = noise / np.mean(off**2)
    return "noise" if share > 0.6 else "misfit" if share < 0.4 else "both about equally"


FAR = "about 1,000,000", "about twice what it says at 500", "about what it says at 500"


@cache
def _far_out():
    x = np.linspace(-2, 2, 21)
    networks = _trained(8, x, x**2, range(300, 308))
    at500, at1000 = _says(networks, np.array([500.0, 1000.0])).T
    ratio = float(np.median(at1000 / at500))
    ratios = {FAR[0]: 4, FAR[1]: 2, FAR[2]: 1}
    return min(ratios, key=lambda text: abs(np.log(ratio / ratios[text])))


HIDDEN, PLACES, SEEDS = [1, 2, 4, 8], [3.5, 5, 6, 8, 11], range(700, 710)


@cache
def _sine(hidden):
    """Return (E at the 15 points, a function that tells how far off they are at x) for ten seeds."""
    x = np.linspace(-3, 3, 15)
    networks = _trained(hidden, x, np.sin(x), SEEDS)
    inside = np.sqrt(np.mean((_says(networks, x) - np.sin(x)) ** 2, axis=1))
    return inside, lambda at: np.abs(_says(networks, np.array([float(at)]))[:, 0] - np.sin(at))


def _near_and_far(hidden, x):
    if hidden != int(hidden) or not 1 <= hidden <= 20:
        return Verdict(False, "hidden must be a whole number from 1 to 20.")
    if not 3 < x <= 100:
        return Verdict(False, "x must lie beyond the points: above 3, and at most 100.")
    inside, off = _sine(int(hidden))
    fit, far = int(np.sum(inside < 0.1)), int(np.sum(off(x) > 1))
    found = minus(
        f"E is below 0.1 for {fit} of 10 fresh networks, and {far} are off by more than 1."
    )
    why = " Is a place that lies further out always worse?"
    return Verdict(fit >= 9 and far >= 9, found + (why if min(fit, far) >= 9 else ""))


# ---- numbers to try answers on ----

_rng = generator(31)


def _mean(values):
    return np.mean(values, axis=-1)


_k, _x, _y = _rng.normal(size=(5, 1)), _rng.normal(size=4) + 0.8, _rng.normal(size=4) - 0.6
ORIGIN = {
    "k": _k[:, 0], "kx": _k * _x, "x": _x, "y": _y, "mean": _mean,
    "slope": (_mean(((_k + 1e-5) * _x - _y) ** 2) - _mean(((_k - 1e-5) * _x - _y) ** 2)) / 2e-5,
}  # fmt: skip


def _line(x, y):
    slope, start = np.polyfit(x, y, 1)
    return lambda t: start + slope * np.asarray(t)


def _parabola(x, y):
    found = np.polyfit(x, y, 2)
    return lambda t: np.polyval(found, t)


def _points(m):
    x = np.sort(_rng.uniform(-2, 3, m))[_rng.permutation(m)]
    return x, np.cos(x) + 0.3 * _rng.normal(size=m)


def _repeated(*times):
    x = np.repeat(np.arange(1.0, len(times) + 1) * 0.5, times)
    x = x[_rng.permutation(len(x))]
    return x, x**2 + _rng.exponential(size=len(x))


def _hours(m):
    return _rng.uniform(0, 24, m), _rng.permutation(np.arange(m) % 3), _rng.exponential(6, m)


TEST = (
    "def test_error(fit, x, y, learned):\n"
    "    f = fit(x[:learned], y[:learned])\n"
    "    off = f(x[learned:]) - y[learned:]\n"
    "    return np.sqrt(np.mean(off**2))\n"
)

INPUTS = (
    "def inputs(hour, day, rain):\n"
    "    turn = 2 * np.pi * hour / 24\n"
    "    clock = np.vstack([np.cos(turn), np.sin(turn)])\n"
    "    kind = np.eye(3)[day].T\n"
    "    return np.vstack([clock, kind, rain / 10])\n"
)

LEAST = (
    "def least(x, y):\n"
    "    best = np.array([np.mean(y[x == at]) for at in x])\n"
    "    return np.sqrt(np.mean((y - best) ** 2))\n"
)

EXERCISES = {
    "1.1": compute(
        "judge", 1,
        "x, y = np.array([0, 1, 2, 3]), np.array([1.2, 2.7, 5.4, 6.6])\n"
        "off = 1 + 2 * x - y\n"
        "np.sqrt(np.mean(off**2))",
        {
            "np.sqrt(np.mean(off**2)) → np.mean(off**2)": "That is the mean square; the root is missing.",
            "np.mean(off**2) → np.sum(off**2)": "The squares are added; their mean is needed.",
            "np.mean(off**2) → np.sum(off**2) / 3": "The sum is divided by 3; there are four points.",
            "np.sqrt(np.mean(off**2)) → np.mean(np.abs(off))":
                "That is the mean of the sizes; large misses count more in E.",
            "np.sqrt(np.mean(off**2)) → np.mean(off)": "Misses of both signs cancel here; square them first.",
            "np.sqrt(np.mean(off**2)) → np.sqrt(np.sum(off**2)) / 4":
                "The root is taken before the division by 4.",
            "1 + 2 * x - y → 2 * x - y": "The constant 1 of the line is left out.",
        },
        label="E",
        why="The sizes of the misses have a smaller mean. When would both be equal?",
    ),
    "1.2": predict(
        "noise", 1,
        {
            "noise": "Two targets at one x differ too little for that.",
            "misfit": "The noise would have to be larger than its pairs show.",
            "both about equally": "Compare squares: they add up, not the roots.",
        },
        _what_is_left,
        {
            "E is larger than 0": "any noise alone makes it so; its size is what counts.",
            "the two targets at one x differ": "they do, by noise; the question is by how much.",
            "half of 0.26² is little beside 0.47²": "",
            "200 points are too few for a parabola": "it has three numbers to adjust, and 200 are many.",
        },
        why="Which E would be left if the misfit were gone?",
    ),
    "1.3": compute(
        "limits", 1,
        "y = np.array([0.2, 0.4, 1.5])\n"
        "best = np.mean(y)\n"
        "np.sqrt(np.mean((best - y) ** 2))",
        {
            "np.sqrt(np.mean((best - y) ** 2)) → np.mean((best - y) ** 2)":
                "That is the mean square; E is its root.",
            "np.mean((best - y) ** 2) → np.sum((best - y) ** 2)": "The squares are added; their mean is needed.",
            "np.mean((best - y) ** 2) → np.sum((best - y) ** 2) / 2":
                "The sum is divided by 2; three misses have a mean over 3.",
            "best = np.mean(y) → best = np.median(y)": "The middle target is not best; the mean of all three is.",
            "best = np.mean(y) → best = (min(y) + max(y)) / 2":
                "That is the middle between the ends; the mean of all three is better.",
            "best = np.mean(y) → best = y[0]": "The answer is the first target; the mean of all three is better.",
            "np.sqrt(np.mean((best - y) ** 2)) → np.mean(np.abs(best - y))":
                "That is the mean of the sizes; E squares them first.",
            "np.sqrt(np.mean((best - y) ** 2)) → 0": "One input gets one answer, and three targets differ.",
        },
        label="E",
        why="What would a million further steps of training change?",
    ),
    "1.4": predict(
        "beyond", 1,
        {
            FAR[0]: "It knows nothing of a square; it has only its S-curves.",
            FAR[1]: "No S-curve goes on rising like a line.",
            FAR[2]: "The S-curves have all levelled off by then.",
        },
        _far_out,
        {
            "the points lie on a parabola, which goes on rising":
                "the network was shown a piece of it, and its formula is another.",
            "far out every tanh is near 1 or −1, and a sum of levels is a level": "",
            "at the last point the curve rises, and goes on with that slope":
                "its slope sinks to 0 as the tanh level off.",
            "far from the points the parameters change": "they are fixed once training has ended.",
        },
        why="Which of its 25 parameters does the answer at 1000 hardly depend on?",
    ),
    "1.5": derive(
        "judge", 2,
        ("slope of E² along k", "slope"),
        [
            Line("the slope of a square, point by point", ("mean of 2(kx − y) · x", "2 * mean((kx - y) * x)"), {
                ("mean of 2(kx − y)", "2 * mean(kx - y)"): "the slope of kx along k, which is x, is missing.",
                ("mean of (kx − y) · x", "mean((kx - y) * x)"): "the slope of a square has a factor 2.",
            }),
            Line("multiply out; k is the same for all points",
                 ("2k · mean of x² − 2 · mean of xy", "2 * k * mean(x**2) - 2 * mean(x * y)"), {
                ("2k · (mean of x)² − 2 · mean of xy", "2 * k * mean(x) ** 2 - 2 * mean(x * y)"):
                    "the mean of squares is no square of the mean.",
                ("2k · mean of x² − 2 · mean of y", "2 * k * mean(x**2) - 2 * mean(y)"):
                    "the factor x stands at y too.",
            }),
            Line("take out 2 · mean of x²",
                 ("2 · mean of x² · (k − mean of xy / mean of x²)",
                  "2 * mean(x**2) * (k - mean(x * y) / mean(x**2))"), {
                ("2 · mean of x² · (k − mean of y / mean of x)",
                 "2 * mean(x**2) * (k - mean(y) / mean(x))"): "means cannot be shortened by x.",
                ("2 · mean of x² · (k − mean of xy)", "2 * mean(x**2) * (k - mean(x * y))"):
                    "what is taken out must divide both terms.",
            }),
        ],
        ORIGIN,
        "def best(x, y):\n    return np.dot(x, y) / np.dot(x, x)\n",
        {
            "np.dot(x, x) → np.dot(y, y)": "The mean of y² stands where that of x² should.",
            "np.dot(x, y) / np.dot(x, x) → np.dot(x, x) / np.dot(x, y)": "The fraction is upside down.",
            "np.dot(x, y) / np.dot(x, x) → np.mean(y) / np.mean(x)":
                "That makes the mean miss 0; misses of both signs cancel in it.",
            "np.dot(x, y) / np.dot(x, x) → np.mean(np.divide(y, x))":
                "The mean of the ratios counts every point alike; in E those with a large x count more.",
            "np.dot(x, y) / np.dot(x, x) → np.polyfit(x, y, 1)[0]":
                "That is the slope of a line with a constant; this one passes through the origin.",
            "/ np.dot(x, x) → / len(x)": "The mean of xy is not divided by the mean of x².",
        },
        [(np.array([1.5, 2.0, -1.0, 4.0]), np.array([2.0, 1.0, 0.5, 5.5])),
         (_rng.normal(size=6) + 2, _rng.normal(size=6)), (_rng.normal(size=3) - 1, _rng.normal(size=3) + 2)],
        points=("best([1, 2, 4], [0.9, 2.3, 3.6])", "best([-1, 0.5, 3], [1.4, -0.8, -2.6])"),
        why="For which x would a point not matter at all?",
    ),
    "1.6": debug(
        "judge", 2, TEST,
        {
            "fit(x[:learned], y[:learned]) → fit(x, y)": "The fit has seen the points that are to judge it.",
            "fit(x[:learned], y[:learned]) → fit(x[learned:], y[learned:])":
                "It learns from the very points that are to judge it.",
            "f(x[learned:]) - y[learned:] → f(x[:learned]) - y[:learned]":
                "off: these points were learned from; the others judge.",
            "fit(x[:learned], y[:learned]) → fit(x[learned:], y[learned:])\n"
            "f(x[learned:]) - y[learned:] → f(x[:learned]) - y[:learned]": "The two parts are exchanged.",
            "f(x[learned:]) - y[learned:] → f(x) - y":
                "off: all points are taken, those that were learned from too.",
            "np.sqrt(np.mean(off**2)) → np.mean(off**2)": "The root is missing.",
            "np.mean(off**2) → np.sum(off**2)": "The squares are added; their mean is needed.",
            "np.sqrt(np.mean(off**2)) → np.mean(np.abs(off))":
                "That is the mean of the sizes; E squares them first.",
        },
        [(_line, *_points(9), 5), (_parabola, *_points(12), 8), (_line, *_points(14), 4)],
        planted=("fit(x[:learned], y[:learned]) → fit(x, y)",),
        why="If many fits are tried and the one with the least test error is kept, what is that error worth?",
    ),
    "1.7": assemble(
        "encode", 2, INPUTS,
        {
            "2 * np.pi * hour / 24 → 2 * np.pi * hour / 12": "clock: noon and midnight get the same inputs.",
            "2 * np.pi * hour / 24 → np.pi * hour / 24":
                "clock: half a turn; the end of a day lies far from its beginning.",
            "np.vstack([np.cos(turn), np.sin(turn)]) → np.vstack([np.sin(turn), np.cos(turn)])":
                "clock: the cosine stands first.",
            "np.vstack([np.cos(turn), np.sin(turn)]) → np.cos(turn)":
                "clock: with the cosine alone 6 and 18 hours are the same.",
            "np.vstack([np.cos(turn), np.sin(turn)]) → hour / 24":
                "clock: 23 hours and 0 are neighbors, and lie at opposite ends here.",
            "np.eye(3)[day].T → np.eye(3)[day]": "kind: a row for each case stands here; the cases are columns.",
            "np.eye(3)[day].T → day / 2":
                "kind: one number puts Saturday midway between a working day and a Sunday.",
            "np.eye(3)[day].T → np.eye(2)[np.minimum(day, 1)].T": "kind: Saturday and Sunday are the same here.",
            "rain / 10 → rain": "rain: it is not scaled, and outweighs all other inputs.",
            "[clock, kind, rain / 10] → [kind, clock, rain / 10]": "The clock stands first, then the kind of day.",
            "[clock, kind, rain / 10] → [clock, kind]": "The rain is missing.",
        },
        [_hours(5), _hours(7)],
        why="How would months be turned into inputs? And the number of a house?",
    ),
    "1.8": write(
        "noise", 2, LEAST,
        {
            "np.mean(y[x == at]) → np.mean(y)": "All targets are averaged; each x has a best answer of its own.",
            "np.mean(y[x == at]) → np.median(y[x == at])":
                "The middle target is taken; the mean of those at one x is best.",
            "np.mean(y[x == at]) → y[x == at][0]":
                "The first target of an x is taken; the mean of all of them is best.",
            "np.mean(y[x == at]) → np.mean(y[x >= at])": "Targets of larger x are averaged too.",
            "np.sqrt(np.mean((y - best) ** 2)) → np.mean((y - best) ** 2)": "The root is missing.",
            "np.mean((y - best) ** 2) → np.sum((y - best) ** 2)": "The squares are added; their mean is needed.",
            "np.sqrt(np.mean((y - best) ** 2)) → np.mean(np.abs(y - best))":
                "That is the mean of the sizes; E squares them first.",
            "np.sqrt(np.mean((y - best) ** 2)) → 0.0": "No function gives one x two answers, however many parameters it has.",
            "def least(x, y):\n"
            "    return np.sqrt(np.mean([np.var(y[x == at]) for at in np.unique(x)]))\n":
                "Each x counts once here; an x that was measured more often counts more.",
            "def least(x, y):\n"
            "    spread = [np.sum((y[x == at] - np.mean(y[x == at])) ** 2) for at in np.unique(x)]\n"
            "    return np.sqrt(np.sum(spread) / (len(y) - len(np.unique(x))))\n":
                "That estimates the noise itself; E divides by the number of points.",
        },
        [_repeated(3, 1, 4), _repeated(2, 5), _repeated(1, 3, 3, 2)],
        why="A fit has an E well above this. What do you know of it?",
    ),
    "1.9": investigate("beyond", 3, {"hidden": HIDDEN, "x": PLACES}, _near_and_far),
}  # fmt: skip
