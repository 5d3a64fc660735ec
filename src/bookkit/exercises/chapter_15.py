"""The exercises of chapter 15, automatic differentiation."""

from functools import cache
from textwrap import indent

import numpy as np

from backprop.gradient_check import central_difference

from .derivations import Line
from .fresh import generator, nearby
from .kinds import assemble, compute, debug, derive, investigate, predict, spot, write
from .verdict import Verdict

ORDERS = {"p, q, s, r": "pqsr", "r, s, q, p": "rsqp", "r, p, s, q": "rpsq"}


@cache
def _order():
    """Return the order in which passing back gives the slopes of (xy + sin x) y."""
    x, y = 1.2, 0.5
    p, q = x * y, np.sin(x)
    uses = {
        "p": (("x", y), ("y", x)), "q": (("x", np.cos(x)),),
        "s": (("p", 1.0), ("q", 1.0)), "r": (("s", y), ("y", p + q)),
    }  # fmt: skip
    right = central_difference(lambda v: (v[0] * v[1] + np.sin(v[0])) * v[1], np.array([x, y]))
    for text, order in ORDERS.items():
        found = dict.fromkeys("xypqs", 0.0) | {"r": 1.0}
        for name in order:
            for used, slope in uses[name]:
                found[used] += found[name] * slope
        if np.allclose([found["x"], found["y"]], right):
            return text
    raise AssertionError("no order gives the slopes")


_rng = generator(15)


def _tape(ops, inputs):
    """Return the values and the tape of random operations on what was computed before them."""
    tape = []
    for q, op in enumerate(ops, inputs):
        i, j = q - 1, int(_rng.integers(0, q))
        tape.append((op, q, i, j) if _rng.integers(2) else (op, q, j, i))
    return _taped(_rng.normal(size=inputs).round(2).tolist(), tape)


def _taped(values, tape):
    """Return the values of the inputs and of all operations of a tape, and the tape."""
    values = [*values]
    for op, _, i, j in tape:
        values.append(values[i] + values[j] if op == "+" else values[i] * values[j])
    return np.array(values), tape


# a factor 0, a result that nothing uses in the middle, a square and a double
BY_HAND = [
    ("*", 3, 0, 1),
    ("+", 4, 3, 2),
    ("*", 5, 1, 4),
    ("*", 6, 4, 4),
    ("+", 7, 6, 6),
    ("+", 8, 7, 1),
]


def _logits(k, m):
    z = _rng.normal(size=(k, m))
    return np.exp(z) / np.exp(z).sum(axis=0), _rng.normal(size=(k, m))


H3 = {"w": 0.7, "h1": np.tanh(0.5)}
H3["h2"] = np.tanh(0.7 * H3["h1"] - 0.5)
H3["h3"] = np.tanh(0.7 * H3["h2"] + 1)
H3 |= {f"s{t}": 1 - H3[f"h{t}"] ** 2 for t in (1, 2, 3)}
H3["measured"] = central_difference(
    lambda w: np.tanh(w * np.tanh(w * np.tanh(0.5) - 0.5) + 1), np.array(0.7)
).item()
H3["d2"] = H3["s2"] * H3["h1"]

WEIGHTS = [0.3, 0.6, 0.8, 0.9, 1, 1.1, 1.3, 1.6, 2]


SERIES = 20_000  # with fewer the geometric mean depends on the draw: by 2 percent with these


@cache
def _remains(w):
    """Return the geometric mean of |∂h₂₀/∂h₀| over many series of the deviation 0.3."""
    h, logs = np.zeros(SERIES), np.zeros(SERIES)
    for given in np.random.default_rng(1000).normal(0, 0.3, size=(20, SERIES)):
        h = np.tanh(w * h + given)
        logs += np.log(np.maximum(np.abs(w) * (1 - h**2), 1e-300))
    return float(np.exp(logs.mean()))


def _claim(w, share):
    if not -10 <= w <= 10:
        return Verdict(False, "w must be a number from −10 to 10.")
    if not 0 < share < 1:
        return Verdict(False, "The share is above 0 and below 1.")
    if (found := _remains(float(w))) < max(map(_remains, WEIGHTS)) / 3:
        return Verdict(False, "With another w more than three times as much remains.")
    if share > found:
        return Verdict(False, "The claim is more than the fresh series keep on average.")
    if share < found / 3:
        return Verdict(False, "True, but the fresh series keep over three times as much.")
    return Verdict(
        True,
        f"On {SERIES:,} fresh series about {found:.2g} remained. Which inputs would keep more?",
    )


TAPE = (
    "def adjoints(values, tape):\n"
    "    found = np.zeros(len(values))\n"
    "    found[-1] = 1.0\n"
    "    for op, q, i, j in reversed(tape):\n"
    '        along_i, along_j = (1, 1) if op == "+" else (values[j], values[i])\n'
    "        found[i] += found[q] * along_i\n"
    "        found[j] += found[q] * along_j\n"
    "    return found\n"
)


def _adding(lines):
    """Return a whole source of 15.4's adjoints, with other lines that add the parts."""
    head, _, _ = TAPE.partition("        found[i]")
    return head + indent(lines, "    ") + "    return found\n"


BY_STEPS = (
    "def slopes(w, x):\n"
    "    p = w * x\n"
    "    a = np.tanh(p)\n"
    "    s = a + x\n"
    "    r_bar = 1.0  # r = s * x\n"
    "    s_bar, x_bar = r_bar * x, r_bar * s\n"
    "    a_bar = s_bar\n"
    "    x_bar += s_bar\n"
    "    p_bar = a_bar * (1 - a**2)\n"
    "    w_bar = p_bar * x\n"
    "    x_bar += p_bar * w\n"
    "    return w_bar, x_bar\n"
)
OUTSIDE = "Here ε is added to the variance, inside the root."
UNBIASED = "Here the variance divides by n, not by n − 1."
REPLACED = "A part replaces what {} got from an earlier use: parts add."

EXERCISES = {
    "15.1": predict(
        "graph", 1,
        {
            "p, q, s, r": "That is the way forward: p would pass on an adjoint that is still 0.",
            "r, s, q, p": "",
            "r, p, s, q": "p passes on before s has given it anything.",
        },
        _order,
        {
            "it is the only order that is right": "p and q do not use each other: they may be swapped.",
            "each comes after all that use it": "",
            "each comes after all that it uses": "That is the order in which values are computed.",
        },
        by="Passing back shows",
        why="Which other order would do?",
    ),
    "15.2": compute(
        "graph", 1, "x, y = 1.2, 0.5\nx * y + np.sin(x) + y * x",
        {
            " + y * x → ": "That is what r itself gives to y; p uses y too.",
            "x * y + np.sin(x) + y * x → y * x": "That is what p gives to y; r uses y too.",
            " + y * x → + x": "What p gives to y is its adjoint, y, times the local slope x.",
            "np.sin(x) → np.cos(x)": "Along y the sine is no more than a number: it keeps its value.",
            "x * y + np.sin(x) + y * x → (y + np.cos(x)) * y": "That is the slope along x.",
            "np.sin(x) → np.sin(np.deg2rad(x))": "The sine takes radians here.",
        },
        why="How many operations use y?",
    ),
    "15.3": compute(
        "sharing", 1,
        "x, d = np.array([1, -2, 0.5, 3, -1]), np.array([0.2, -0.4, 0.1])\nd @ x[2:5]",
        {
            "d @ x[2:5] → d @ x[2:5] / 3": "That is the mean of the three uses; they add.",
            "x[2:5] → x[1:4]": "That is the slope along the second weight of the filter.",
            "x[2:5] → x[0:3]": "That is the slope along the first weight of the filter.",
            "d @ x[2:5] → d[2] * x[4]": "That is the last use alone.",
            "d @ x[2:5] → d[0] * x[2]": "That is the first use alone.",
            "x[2:5] → x[2:5][::-1]": "The signal runs backward: the error of place i meets entry i + 2.",
            "d @ x[2:5] → np.sum(x[2:5])": "Each use counts with the error of its place.",
        },
        why="Which entry of the signal has no say in any of the three slopes, if any?",
    ),
    "15.4": assemble(
        "reverse", 2,
        TAPE,
        {
            "found[-1] = 1.0 → found[0] = 1.0": "The slope that is 1 is that of the result, the last.",
            "reversed(tape) → tape": "Forward, the first operations pass on adjoints that are still 0.",
            "(values[j], values[i]) → (values[i], values[j])":
                "The local slope of a product along one factor is the other factor.",
            "(1, 1) → (values[i], values[j])": "A sum has the local slope 1 along each of its terms.",
            "found[i] += → found[i] =": REPLACED.format("variable i"),
            "found[j] += → found[j] =": REPLACED.format("variable j"),
            "found[q] * along_j → along_j": "The local slope lacks the adjoint that it is to pass on.",
            _adding("    found[[i, j]] += found[q] * np.array([along_i, along_j])\n"):
                "An operation may use the same number twice: both parts count.",
            _adding("    if found[q] == 0:\n        break\n"
                    "    found[i] += found[q] * along_i\n    found[j] += found[q] * along_j\n"):
                "An adjoint of 0 ends nothing: operations that come before it may still count.",
            TAPE.replace("(values[j], values[i])", "(values[q] / values[i], values[q] / values[j])"):
                "Where a factor is 0, that divides 0 by 0; the local slope is the other factor.",
            TAPE.replace("found[q] * along_i", "along_i"):
                "What i gets lacks the adjoint that it is to be multiplied by.",
            TAPE.replace("found[q] * along_", "along_"):
                "Neither local slope is multiplied by the adjoint that it is to pass on.",
        },
        [_tape("*+*+*", 2), _tape("+**+*+", 3), _tape("**+*", 4), _taped([0.0, 1.3, -0.7], BY_HAND)],
        why="Which operations of a tape could be left out without any change?",
    ),
    "15.5": debug(
        "reverse", 2,
        BY_STEPS,
        {
            "x_bar += s_bar → x_bar = s_bar": "What the product s·x gave to x is overwritten by the sum.",
            "x_bar += p_bar * w → x_bar = p_bar * w":
                "Only the part of w·x is left: the other two uses of x are overwritten.",
            "(1 - a**2) → (1 - p**2)": "The slope of tanh is 1 minus the square of its value.",
            "w_bar = p_bar * x → w_bar = p_bar": "The local slope of w·x along w is missing.",
            "a_bar = s_bar → a_bar = s_bar * s": "A sum passes its adjoint on as it is.",
            BY_STEPS.replace("    x_bar += s_bar\n", ""):
                "The line is needed: the sum a + x gives x a part too.",
        },
        nearby([(0.7, -1.3), (-1.6, 0.45), (1.1, 0.8)]),
        planted=("x_bar += s_bar → x_bar = s_bar",), results=("w_bar", "x_bar"),
        why="At which x would no check have found it?",
    ),
    "15.6": derive(
        "sharing", 2, ("∂h₃/∂w", "measured"),
        [
            Line(
                "step 3 uses w, and h₂, which uses it too",
                ("s₃ (h₂ + w ∂h₂/∂w)", "s3 * (h2 + w * d2)"),
                {
                    ("s₃ h₂", "s3 * h2"): "h₂ moves with w too.",
                    ("s₃ w ∂h₂/∂w", "s3 * w * d2"): "Step 3 uses w itself as well.",
                },
            ),
            Line(
                "the same at step 2",
                ("s₃ (h₂ + w s₂ (h₁ + w ∂h₁/∂w))", "s3 * (h2 + w * s2 * (h1 + w * 0))"),
                {
                    ("s₃ (h₂ + w (h₁ + w ∂h₁/∂w))", "s3 * (h2 + w * (h1 + w * 0))"):
                        "The slope of the tanh of step 2 is missing.",
                },
            ),
            Line(
                "h₁ = tanh 0.5 does not depend on w, since h₀ = 0",
                ("s₃ h₂ + s₃ w s₂ h₁", "s3 * h2 + s3 * w * s2 * h1"),
                {
                    ("s₃ h₂ + s₃ s₂ h₁", "s3 * h2 + s3 * s2 * h1"):
                        "The way back from step 3 to step 2 goes through w.",
                    ("s₃ h₂ · s₃ w s₂ h₁", "s3 * h2 * s3 * w * s2 * h1"):
                        "The parts of two uses add; slopes along one way are multiplied.",
                },
            ),
        ],
        H3,
        "def slope(w):\n"
        "    h1 = np.tanh(0.5)\n"
        "    h2 = np.tanh(w * h1 - 0.5)\n"
        "    h3 = np.tanh(w * h2 + 1)\n"
        "    s2, s3 = 1 - h2**2, 1 - h3**2\n"
        "    return s3 * (h2 + w * s2 * h1)\n",
        {
            "s3 * (h2 + w * s2 * h1) → s3 * h2": "That is the use at step 3 alone.",
            "(h2 + w * s2 * h1) → w * s2 * h1": "That is the use at step 2 alone; step 3 uses w too.",
            "w * s2 * h1) → s2 * h1)": "The way back from step 3 to step 2 goes through w.",
            "w * s2 * h1) → w * h1)": "The slope of the tanh of step 2 is missing.",
            "s3 * (h2 + → (h2 +": "The slope of the tanh of step 3 is missing.",
            "h1 - 0.5 → h1 - 1": "The second input is −1, and is multiplied by 0.5.",
            "h1 - 0.5 → h1 + 0.5": "The second input is −1: step 2 subtracts 0.5.",
            "tanh(0.5) → tanh(1)\nh1 - 0.5 → h1 - 1\nh2 + 1) → h2 + 2)":
                "Each input is multiplied by 0.5 before it is added.",
        },
        nearby([(0.7,), (-0.6,), (1.4,)]),
        points=("slope(0.7)", "slope(-0.6)"),
        why="Where does the third use of w, at step 1, stand in it?",
    ),
    "15.7": spot(
        "sharing", 2,
        "def slope(w, xs, h):\n"
        "    hs = [h]\n"
        "    for x in xs:\n"
        "        hs.append(np.tanh(w * hs[-1] + x))\n"
        "    found, arriving = 0.0, 1.0\n"
        "    for t in range(len(xs), 0, -1):\n"
        "        delta = arriving * (1 - hs[t] ** 2)\n"
        "        found += delta * hs[t - 1]\n"
        "        arriving = delta * w\n"
        "    return found\n",
        {
            "arriving = delta * w → arriving = 0":
                "Each step counts as a vector of its own: nothing goes back to the steps before.",
            "arriving = delta * w → arriving = delta": "The way back to the step before goes through w.",
            "arriving = delta * w → arriving = w": "Back goes the error of the step, times w.",
            "arriving = delta * w → arriving = 1": "The error of the step after arrives, times w.",
            "found += → found =": "Only the first use of w is left: the steps add.",
            "hs[t - 1] → hs[t]": "At step t the weight multiplies the h of the step before.",
            "(1 - hs[t] ** 2) → 1": "The slope of tanh is missing.",
        },
        nearby([(0.8, [0.5, -0.2, 0.9], 0.3), (1.3, [-0.4, 0.7], -0.6),
                (-0.7, [0.2, 0.1, -0.8, 0.6], 0.9)]),
        planted=("arriving = delta * w → arriving = 0",),
        why="For which w would nothing be lost by it?",
    ),
    "15.8": write(
        "operation", 2,
        "def softmax_rule(p, given):\n    return p * (given - (p * given).sum(axis=0))\n",
        {
            "(given - (p * given).sum(axis=0)) → (1 - p) * given":
                "That takes the diagonal of the Jacobian alone: z_j moves every p.",
            ".sum(axis=0) → .sum(axis=1, keepdims=True)": "Each column is a softmax of its own.",
            ".sum(axis=0) → .sum()": "Each column is a softmax of its own: the sum runs down a column.",
            ".sum(axis=0) → .mean(axis=0)": "The ways through the outputs add; a mean is taken.",
            "(p * given).sum → given.sum": "In the sum each adjoint counts with its p.",
            "given - (p → given + (p": "The second term has the wrong sign.",
            "p * (given - → (given -": "The factor p in front is missing.",
            "p * (given - → p * given -\n.sum(axis=0)) → .sum(axis=0)":
                "The factor p belongs to the second term too.",
        },
        [_logits(3, 4), _logits(5, 2), _logits(2, 6)],
        why="What comes out if all adjoints of a column are equal, and why?",
    ),
    "15.9": write(
        "operation", 3,
        "def normalized_rule(z, given, eps):\n"
        "    s = np.sqrt(z.var(axis=0) + eps)\n"
        "    a = (z - z.mean(axis=0)) / s\n"
        "    return (given - given.mean(axis=0) - a * (given * a).mean(axis=0)) / s\n",
        {
            " - given.mean(axis=0) → ": "Each z moves the mean, and with it every a.",
            " - a * (given * a).mean(axis=0) → ": "Each z moves s too, and with it every a.",
            "(given - given.mean(axis=0) - a * (given * a).mean(axis=0)) → given":
                "That holds the mean and s still; each z moves both.",
            " - a * (given →  + a * (given": "What goes through s has the wrong sign.",
            "a * (given * a).mean(axis=0)) / s → a * (given * a).mean(axis=0))":
                "The division by s is missing.",
            "(given * a).mean(axis=0) → (given * a).sum(axis=0)":
                "In the part through s a mean over the neurons is needed, not the sum.",
            "given.mean(axis=0) → given.sum(axis=0)":
                "In the part through the mean, a mean over the neurons is needed, not the sum.",
            "np.sqrt(z.var(axis=0) + eps) → (np.sqrt(z.var(axis=0)) + eps)": OUTSIDE,
            "np.sqrt(z.var(axis=0) + eps) → (np.sqrt(z.var(axis=0)) + eps)\n"
            "(given * a).mean(axis=0) → (given * a).mean(axis=0) * s / (s - eps)": OUTSIDE,
            "z.var(axis=0) + eps → z.var(axis=0)": "ε is missing under the root.",
            "given.mean(axis=0) → given.mean()\n(given * a).mean(axis=0) → (given * a).mean()":
                "Each column is normalized on its own: the means run down a column.",
            "z.var(axis=0) → z.var(axis=0, ddof=1)": UNBIASED,
            "z.var(axis=0) → z.var(axis=0, ddof=1)\n"
            "(given * a).mean(axis=0) → (given * a).sum(axis=0) / (len(z) - 1)": UNBIASED,
        },
        [(_rng.normal(size=(4, 3)), _rng.normal(size=(4, 3)), 0.1),
         (2 * _rng.normal(size=(3, 5)), _rng.normal(size=(3, 5)), 0.02),
         (_rng.normal(size=(6, 2)), _rng.normal(size=(6, 2)), 0.4)],
        why="Why does adding one number to all z of a column change no cost?",
    ),
    "15.10": investigate(
        "sharing", 3,
        {"w": WEIGHTS, "share": [1e-6, 1e-5, 1e-4, 5e-4, 1e-3, 2e-3, 3e-3, 5e-3, 9e-3, 0.02, 0.1]},
        _claim,
    ),
}  # fmt: skip
