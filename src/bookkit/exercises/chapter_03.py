"""The exercises of chapter 3, activations and softmax."""

from functools import cache

import numpy as np

from backprop.activations import sigmoid, softmax, tanh

from .derivations import Line
from .fresh import generator, nearby
from .kinds import assemble, compute, derive, investigate, predict, spot, write
from .verdict import Verdict

# ---- experiments ----


@cache
def _fourth_neuron():
    z = np.log([0.6, 0.3, 0.1])
    before, after = softmax(z), softmax(np.append(z, z[0]))
    change = after[0] / after[2] / (before[0] / before[2])
    ratios = {"it stays as it is": 1, "it falls": 0.6, "it rises": 1.6}
    return min(ratios, key=lambda text: abs(np.log(change / ratios[text])))


@cache
def _saturated():
    rng = np.random.default_rng(36)
    w, x = rng.normal(size=(30, 40)), rng.choice([-9.0, 9.0], size=(40, 200))
    a, moved = tanh(w @ x), tanh((w + 1e-3 * rng.normal(size=w.shape)) @ x)
    sure = np.abs(a) > 0.9995  # what three decimals print as 1.000
    change = np.abs(moved - a)[sure].max()
    if np.any(np.sign(moved[sure]) != np.sign(a[sure])):
        return "they change their signs"
    return "almost nothing" if change < 1e-3 else "they change as much as z"


def _corners(n, seed):
    """Return the corners between −3 and 3 of a random 1-n-n-n-1 ReLU network.

    Between two places of x all weighted inputs so far are straight, and each may pass 0 once.
    """
    rng = np.random.default_rng(seed)
    x = np.array([-3.0, 3.0])
    a = x[None]
    for fan_in, fan_out, corner in ((1, n, True), (n, n, True), (n, n, True), (n, 1, False)):
        z = rng.normal(size=(fan_out, fan_in)) @ a + rng.normal(size=(fan_out, 1))
        left, right = z[:, :-1], z[:, 1:]
        row, at = np.nonzero((left * right < 0) & corner)
        share = left[row, at] / (left - right)[row, at]
        finer = np.unique([*x, *(x[at] + share * np.diff(x)[at])])
        z = np.array([np.interp(finer, x, one) for one in z])
        x, a = finer, np.maximum(z, 0)
    apart = np.append(True, np.diff(x) > 1e-9)
    return np.sum(np.abs(np.diff(np.diff(z[0, apart]) / np.diff(x[apart]))) > 1e-6)


@cache
def _mean(n):
    return np.mean([_corners(n, 3000 + seed) for seed in range(200)])


def _enough_corners(n):
    if n != int(n) or not 1 <= n <= 40:
        return Verdict(False, "n must be a whole number from 1 to 40.")
    n = int(n)
    if _mean(n) <= 16.5:
        return Verdict(False, f"For 200 networks the mean is {_mean(n):.1f}: too few.")
    if n > 1 and _mean(n - 1) > 16.5:
        return Verdict(
            False, f"The mean is {_mean(n):.1f}, and a smaller n has more than 16.5 too."
        )
    return Verdict(True, f"For 200 new networks the mean is {_mean(n):.1f}, at n − 1 it is "
                   f"{_mean(n - 1):.1f}. Compare that with the number of hidden neurons.")  # fmt: skip


# ---- numbers to try answers on ----


_rng = generator(33)
_z, _T = _rng.normal(size=(3, 5)) * 2, np.array([0.7, 1.0, 1.6, 2.5, 4.0])


def _p(T):
    powers = np.exp(_z / T)
    return powers / powers.sum(axis=0)


def _along_T(f):
    return (f(_T + 1e-5) - f(_T - 1e-5)) / 2e-5


HEATED = {
    "p1": _p(_T)[0], "p2": _p(_T)[1], "p3": _p(_T)[2], "z1": _z[0], "z2": _z[1], "z3": _z[2], "T": _T,
    "S": np.exp(_z / _T).sum(axis=0),
    "dS": _along_T(lambda T: np.exp(_z / T).sum(axis=0)),
    "dp": _along_T(lambda T: _p(T)[0]),
    "dlog": _along_T(lambda T: _z[0] / T - np.log(np.exp(_z / T).sum(axis=0))),
    "dplain": _along_T(lambda T: _z[0] / T - np.exp(_z / T).sum(axis=0)),
}  # fmt: skip

_at = np.array([-2.3, -0.9, 0.4, 1.7, 3.1])
_s = 1 / (1 + np.exp(-_at))
SWISH = {
    "z": _at, "s": _s, "ds": _s * np.exp(-_at) * _s, "a": _at * _s,
    "da": ((_at + 1e-5) / (1 + np.exp(-_at - 1e-5)) - (_at - 1e-5) / (1 + np.exp(-_at + 1e-5))) / 2e-5,
}  # fmt: skip

HAT = (
    "def hat(x, left, top, right):\n"
    "    up, down = 1 / (top - left), 1 / (right - top)\n"
    "    start = up * np.maximum(0, x - left)\n"
    "    turn = (up + down) * np.maximum(0, x - top)\n"
    "    end = down * np.maximum(0, x - right)\n"
    "    return start - turn + end\n"
)

PRINTED = (
    "def printed(alpha):\n"
    "    e = np.exp(-alpha)\n"
    "    first = e * (1 + e) ** -2\n"
    "    second = e / (1 + e) ** 2\n"
    "    third = (1 + e - 1) / (1 + e) ** 2\n"
    "    fourth = 1 / (1 + e) * ((1 + e) / (1 + e) - 1 / (1 + e))\n"
    "    return first, second, third, fourth\n"
)

SOFTMAX = (
    "def softmax_at(z, T):\n"
    "    lowered = (z - z.max(axis=0)) / T\n"
    "    e = np.exp(lowered)\n"
    "    return e / e.sum(axis=0)\n"
)

OUTPUTS = (
    "def outputs(z):\n"
    "    change = z[:1]\n"
    "    rain = sigmoid(z[1:2])\n"
    "    sky = safe_softmax(z[2:5])\n"
    "    wind = np.tanh(z[5:])\n"
    "    return np.vstack([change, rain, sky, wind])\n"
)

EXERCISES = {
    "3.1": compute(
        "collapse", 1,
        "w2 = np.array([[1.0, 2.0], [3.0, -1.0]])\n"
        "b1, b2 = np.array([1.0, -2.0]), np.array([0.5, 0.7])\n"
        "(w2 @ b1 + b2)[0]",
        {
            "w2 @ b1 → w2.T @ b1": "A column of w² is used; the first neuron has its first row.",
            "w2 @ b1 + b2 → w2 @ b1": "b² is missing: the second layer adds its own bias.",
            "w2 @ b1 + b2 → b1 + b2": "The biases are added; b¹ has to go through w² first.",
            "w2 @ b1 + b2 → w2 @ (b1 + b2)":
                "b² does not go through w²: the second layer adds it last.",
            "w2 @ b1 + b2 → b2": "b¹ is missing: the second layer gets it through w².",
            "[0] → [1]": "That is the second bias; the first is asked for.",
        },
        why="Which numbers of the first layer does this bias not need?",
    ),
    "3.2": compute(
        "slopes", 1,
        "a = 1 / (1 + np.exp(-(1.5 * 0.8 - 0.6)))\n1.5 * a * (1 - a)",
        {
            "1.5 * a → a": "That is the slope along z; along x the weight is a factor too.",
            "1.5 * a → 0.8 * a":
                "The input is the factor along the weight; along x it is the weight.",
            " * (1 - a) → ": "The factor 1 − a is missing.",
            "a * (1 - a) → (1 - a**2)": "1 − a² is the slope of tanh; this neuron is a sigmoid.",
            "a * (1 - a) → (1 - np.tanh(1.5 * 0.8 - 0.6)**2)":
                "That is tanh and its slope; this neuron is a sigmoid.",
            "1.5 * 0.8 - 0.6 → 0.8": "The slope is taken at x; it belongs at z = wx + b.",
            "1.5 * 0.8 - 0.6 → 1.5 * 0.8": "The bias is missing in z.",
            "a * (1 - a) → 0.6 * (1 - 0.6)": "z stands where a should: the slope is a(1 − a).",
        },
        why="At which x is this slope largest, and how large is it?",
    ),
    "3.3": predict(
        "softmax", 1,
        {
            "it stays as it is": "Both have kept their exponentials, and the sum cancels.",
            "it falls": "p₁ falls, and p₃ falls by the same factor.",
            "it rises": "p₃ falls, and p₁ falls by the same factor.",
        },
        _fourth_neuron,
        {
            "both are divided by the same larger sum": "",
            "the fourth neuron takes equally much from each of the others":
                "it takes an equal share of each, which is not equally much.",
            "the fourth neuron takes from the largest first": "it takes an equal share of each.",
            "the fourth neuron competes with the first alone, which has the same z":
                "it competes with all: the sum is everybody's.",
        },
        why="What is p₁ now?",
    ),
    "3.4": assemble(
        "bends", 2, HAT,
        {
            "(up + down) * → up * ": "At the top the slope only falls to 0; it has to fall below.",
            "(up + down) * → down * ":
                "At the top the slope has to lose what it was, too: both add up.",
            "- turn + end → - turn - end":
                "The last corner has to turn up; here the curve falls still faster.",
            "- turn + end → - turn":
                "The last corner is missing: from right on the curve falls on.",
            "- turn + end → + turn + end":
                "The curve rises ever faster: at the top it has to turn down.",
            "end = down * → end = up * ": "The last corner has to undo the falling slope, not up.",
            "start = up * → start = ": "The rise has the slope 1; it has to reach 1 at the top.",
            "1 / (top - left), 1 / (right - top) → 1, 1":
                "All slopes are 1: the height 1 is then reached at the width 1 alone.",
            "1 / (top - left), 1 / (right - top) → top - left, right - top":
                "A slope is height by width: the widths stand where the slopes should.",
        },
        [(np.linspace(-2, 5, 15), -1.0, 0.5, 3.0), (np.linspace(-4, 4, 23), -2.5, 1.5, 2.25),
         (np.linspace(0, 9, 19), 1.2, 4.0, 8.5)],
        why="With hats of several widths and heights, which curves can be approximated?",
    ),
    "3.5": write(
        "softmax", 2, SOFTMAX,
        {
            "z - z.max(axis=0) → z": "Nothing is subtracted: e to the 1000 is infinite.",
            "z - z.max(axis=0) → z - z.max()":
                "The largest of all samples is subtracted: a column far below it becomes 0 by 0.",
            "z - z.max(axis=0) → z - z.min(axis=0)":
                "What is subtracted is not the largest; the rest overflows.",
            "z - z.max(axis=0) → z - z.max(axis=1, keepdims=True)":
                "The rows are lowered by their own largest; all z of a column must lose the same.",
            "(z - z.max(axis=0)) / T → z / T - z.max(axis=0)":
                "The maximum has to be divided by T too: what is subtracted is not the largest z/T.",
            ") / T → ) * T":
                "z is multiplied by T; a higher temperature has to make it more cautious.",
            ") / T → )": "The temperature is missing.",
            "np.exp(lowered) → np.exp(-lowered)":
                "The sign is turned: the smallest z gets the most.",
            "return e / e.sum(axis=0) → return e":
                "Nothing is divided by the sum: the columns do not add up to 1.",
            "e.sum(axis=0) → e.sum()":
                "All samples are divided by one sum; each column has its own.",
            "e.sum(axis=0) → e.sum(axis=1, keepdims=True)":
                "The rows get the sum 1; a sample is a column.",
        },
        [(_rng.normal(size=(3, 4)) * 2, 1.7),
         (np.array([[1000.0, -1000.0], [1001.5, -1000.7], [998.0, -1002.1]]), 0.3),
         (np.array([[-1000.0, 1000.0], [-1003.0, 996.0], [-994.0, 1001.0], [-999.0, 998.0]]), 5.0),
         (np.array([[900.0, 3.0, -2.0, 0.3, 1.0], [1.0, 2.5, -900.0, 0.9, -1.0]]), 0.6)],
        why="For which T does every column come near to equal shares?",
    ),
    "3.6": predict(
        "decide", 2,
        {
            "they change as much as z": "That is so where the slope is 1, near z = 0.",
            "almost nothing": "All is flat there: the change of z is multiplied by nearly 0.",
            "they change their signs": "For that z would have to pass 0, from far away.",
        },
        _saturated,
        {
            "all z are far from 0, where tanh is flat": "",
            "tanh has become the step, which jumps":
                "it is tanh still; a jump would need a z near 0, and none is.",
            "all weights are nearly 0": "then all z would be near 0, and so would the activations.",
            "the largest slope of tanh is 1": "it is, at z = 0, and these z are far from there.",
        },
        why="The inputs may be the cause. What would you do to them?",
    ),
    "3.7": assemble(
        "decide", 2, OUTPUTS,
        {
            "change = z[:1] → change = np.maximum(0, z[:1])":
                "change: a ReLU never says that it gets colder.",
            "change = z[:1] → change = np.tanh(z[:1])":
                "change: tanh stops at one degree, up or down; any number is wanted.",
            "sigmoid(z[1:2]) → np.tanh(z[1:2])":
                "rain: tanh can be negative, which no probability is.",
            "sigmoid(z[1:2]) → safe_softmax(z[1:2])":
                "rain: softmax of a single number is 1, whatever the number is.",
            "safe_softmax(z[2:5]) → sigmoid(z[2:5])":
                "sky: three sigmoids have no sum of 1, and exactly one of the three will happen.",
            "safe_softmax(z[2:5]) → z[2:5]":
                "sky: the weighted inputs can be negative, and have no sum of 1.",
            "np.tanh(z[5:]) → sigmoid(z[5:])": "wind: a sigmoid knows no wind from the east.",
            "np.tanh(z[5:]) → np.maximum(0, z[5:])":
                "wind: a ReLU knows no wind from the east, and exceeds 1.",
            "np.tanh(z[5:]) → z[5:]": "wind: the identity exceeds 1 and −1.",
        },
        [(_rng.normal(size=(6, 4)) * 2,), (_rng.normal(size=(6, 7)) * 1.5,)],
        names={"sigmoid": sigmoid, "safe_softmax": softmax},
        forms={"np.tanh(z[5:]) → 2 * sigmoid(z[5:]) - 1":
               "This has the same range: it is tanh at half of z."},
        why="If rain were told in millimeters, which range would its output need?",
    ),
    "3.8": spot(
        "slopes", 2, PRINTED,
        {
            "second = e / (1 + e) ** 2 → second = e / (1 + e) ** -2":
                "second: under the bar the power is positive; the bar is the minus already.",
            "third = (1 + e - 1) / (1 + e) ** 2 → third = (1 + e - 1) / (1 + e) ** -2":
                "third: under the bar the power is positive; the bar is the minus already.",
            "e * (1 + e) ** -2 → e * (1 + e) ** 2":
                "first: without a bar the minus of the exponent is needed.",
            "- 1 / (1 + e)) → + 1 / (1 + e))":
                "fourth: the slope is S(1 − S), and S is subtracted.",
            "e * (1 + e) ** -2 → -e * (1 + e) ** -2":
                "first: two signs cancel, that of the power and that of the exponent.",
        },
        nearby([(np.array([1.0, -0.7, 2.2]),), (np.array([[0.3], [-1.4]]),)]),
        planted=("second = e / (1 + e) ** 2 → second = e / (1 + e) ** -2",
                 "third = (1 + e - 1) / (1 + e) ** 2 → third = (1 + e - 1) / (1 + e) ** -2"),
        results=("first", "second", "third", "fourth"),
        why="Which of the four forms needs no exponential once S is known?",
    ),
    "3.9": derive(
        "slopes", 2,
        ("(z · σ(z))′", "da"),
        [
            Line("the product rule", ("σ + z · σ′", "s + z * ds"), {
                ("1 · σ′", "ds"): "the slope of a product is no product of slopes.",
                ("1 + z · σ′", "1 + z * ds"): "the slope of z, which is 1, is multiplied by σ.",
            }),
            Line("the slope of the sigmoid", ("σ + z · σ · (1 − σ)", "s + z * s * (1 - s)"), {
                ("σ + z · (1 − σ²)", "s + z * (1 - s**2)"): "1 − σ² belongs to tanh.",
                ("σ + z · σ · (1 − z)", "s + z * s * (1 - z)"): "the slope holds σ alone, no further z.",
            }),
            Line("a = z · σ", ("a + σ · (1 − a)", "a + s * (1 - a)"), {
                ("σ + a · (1 − a)", "s + a * (1 - a)"): "only z · σ becomes a; the last σ is no a.",
                ("a + σ · (1 + a)", "a + s * (1 + a)"): "the product a · σ is subtracted.",
            }),
        ],
        SWISH,
        "def swish_slope(z):\n    s = 1 / (1 + np.exp(-z))\n    return s + z * s * (1 - s)\n",
        {
            "s + z * s * (1 - s) → s * (1 - s)":
                "That is the sigmoid's slope; z is a factor of swish.",
            "return s + → return 1 + ": "The slope of z is 1, and it is multiplied by σ.",
            "return s + → return ": "The first term is missing: z has a slope too.",
            " + z * s * (1 - s) → ": "The second term is missing: σ has a slope too.",
            "z * s * (1 - s) → z * (1 - s**2)": "1 − σ² belongs to tanh; the sigmoid has σ(1 − σ).",
            "(1 - s) → (1 - z)": "The slope of the sigmoid is σ(1 − σ), without another z.",
        },
        nearby([(np.array([-2.0, 0.4, 1.1]),), (np.array([[3.0], [-0.3]]),)]),
        points=("swish_slope(1.3)", "swish_slope(-0.7)"),
        why="Is this slope ever negative, or above 1?",
    ),
    "3.10": derive(
        "softmax", 3,
        ("∂p₁/∂T", "dp"),
        [
            Line("the slope of ln p is p′/p", ("p₁ · ∂(z₁/T − ln S)/∂T", "p1 * dlog"), {
                ("∂(z₁/T − ln S)/∂T", "dlog"): "that is the slope of ln p₁; p₁ is missing.",
                ("p₁ · ∂(z₁/T − S)/∂T", "p1 * dplain"): "ln p₁ holds ln S, not S.",
            }),
            Line("the slopes of 1/T and ln S", ("p₁ · (−z₁/T² − S′/S)", "p1 * (-z1 / T**2 - dS / S)"), {
                ("p₁ · (z₁/T² − S′/S)", "p1 * (z1 / T**2 - dS / S)"): "1/T falls: its slope is −1/T².",
                ("p₁ · (−z₁/T² − S′)", "p1 * (-z1 / T**2 - dS)"): "the slope of ln S is S′/S.",
            }),
            Line(
                "S′ = −Σ zⱼ e^(zⱼ/T)/T², and e^(zⱼ/T)/S = pⱼ",
                ("p₁ · (Σ pⱼ zⱼ − z₁)/T²", "p1 * (p1 * z1 + p2 * z2 + p3 * z3 - z1) / T**2"),
                {
                    ("p₁ · (z₁ − Σ pⱼ zⱼ)/T²", "p1 * (z1 - p1 * z1 - p2 * z2 - p3 * z3) / T**2"):
                        "S′ is negative and subtracted: its term is positive.",
                    ("p₁ · (Σ zⱼ/3 − z₁)/T²", "p1 * ((z1 + z2 + z3) / 3 - z1) / T**2"):
                        "the mean is weighted with the probabilities.",
                },
            ),
        ],
        HEATED,
        "def heating(z, T):\n"
        "    z = np.array(z)\n"
        "    p = np.exp(z / T) / np.exp(z / T).sum()\n"
        "    return p[0] * (p @ z - z[0]) / T**2\n",
        {
            "p @ z - z[0] → z[0] - p @ z":
                "The sign is turned: above the mean, p falls as T rises.",
            " / T**2 → / T": "The slope of 1/T is −1/T², with a square.",
            "(p @ z - z[0]) / T**2 → (p @ z - z[0])": "The factor 1/T² is missing.",
            "p @ z → z.mean()": "The plain mean stands where the probabilities are the weights.",
            "p[0] * → ": "That is the slope of ln p₁; the factor p₁ is missing.",
        },
        nearby([(np.array([1.0, -0.5, 2.0]), 1.5), (np.array([0.3, 0.8, -1.1, 0.4]), 0.7)]),
        points=("heating([1, 2, 4], 2)", "heating([3, 1, -1], 1.5)"),
        why="For which z₁ does the first probability not change with T?",
    ),
    "3.11": investigate("bends", 3, {"n": list(range(3, 13))}, _enough_corners),
}  # fmt: skip
