"""The exercises of chapter 2, the perceptron."""
# ruff: noqa: E501 (a sentence of a table stays whole)

import itertools
from functools import cache

import numpy as np

from backprop.perceptron import output

from .derivations import Line
from .fresh import generator, nearby
from .kinds import assemble, compute, debug, derive, investigate, predict, spot, write
from .verdict import Verdict

RNG = generator(2)


def rows(n, low=0):
    """Return the 2^n rows of low and 1."""
    return np.array(list(itertools.product([low, 1], repeat=n)))


# ---- 2.2: weights and bias change their signs ----


@cache
def negated():
    stay, on_cut, silent = [], [], []
    for seed in range(50):
        rng = np.random.default_rng(seed)
        w, b, X = rng.integers(-2, 3, 3), int(rng.integers(-2, 3)), rng.integers(-1, 2, (40, 3))
        stay += (output(w, b, X) == output(-w, -b, X)).tolist()
        on_cut += (X @ w + b == 0).tolist()
        silent += (output(w, b, X) == 0).tolist()
    kinds = {
        "none": [False] * len(stay), "those at which z is 0": on_cut,
        "those that were 0": silent, "all": [True] * len(stay),
    }  # fmt: skip
    [found] = [text for text, predicted in kinds.items() if predicted == stay]
    return found


# ---- 2.5 and 2.6: neurons to build ----

DOOR = """
def opens(X):
    w, b = np.array([2, 1, 1]), -2
    return (X @ w + b > 0).astype(int)
""".strip()

TABLE = """
def answers(R, X):
    hidden = X @ R.T - (R.shape[1] - 1) > 0
    total = hidden.sum(axis=1)
    return (total > 0).astype(int)
""".strip()


def some_rows(n, which):
    return rows(n, -1)[which], rows(n, -1)


# ---- 2.7: a program with a fault ----

LEARNED = """
def learned(X, y, passes):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(passes):
        for x, wanted in zip(X, y, strict=True):
            if wanted * (w @ x + b) <= 0:
                w = w + wanted * x
                b = b + wanted
    return np.append(w, b)
""".strip()

# ---- 2.8: a formula and a sentence as they are printed ----

JUDGED = """
def judged(a, B, gamma):
    alpha = sum(a * B)
    order = np.argsort(-abs(a))
    return int(alpha > gamma), order
""".strip()

# ---- 2.9: parity ----

DRAWN = RNG.normal(size=(4, 6))  # six neurons: w1, w2, w3 and b of each


def z(*row):
    return DRAWN[:3].T @ np.array(row) + DRAWN[3]


PARITY = {"w1": DRAWN[0], "w2": DRAWN[1], "w3": DRAWN[2], "b": DRAWN[3], "z": z}

# ---- 2.10: samples far from the origin ----

SHIFTS, SEEDS, MANY, ENOUGH = [0, 1, 2, 4, 8, 16], range(2000, 2100), 50, 80


def beside_a_gap(gap, seed, m=20):
    """Return twenty samples beside a gap, as the chapter draws them, a sample a row."""
    rng = np.random.default_rng(seed)
    side = np.where(np.arange(m) % 2, 1, -1)
    off, along = side * (gap / 2 + rng.uniform(size=m)), rng.uniform(-1.4, 1.4, m)
    return np.outer(off, [0.6, 0.8]) + np.outer(along, [-0.8, 0.6]), (side > 0).astype(int)


def many_mistakes(X, y):
    """Return whether Rosenblatt's rule makes more than 50 mistakes before it ends."""
    samples = [(x1, x2, label) for (x1, x2), label in zip(X.tolist(), y.tolist(), strict=True)]
    w1 = w2 = b = 0.0
    mistakes, before = 0, -1
    while before < mistakes <= MANY:
        before = mistakes
        for x1, x2, label in samples:
            off = label - (w1 * x1 + w2 * x2 + b > 0)
            w1, w2, b, mistakes = w1 + off * x1, w2 + off * x2, b + off, mistakes + abs(off)
    return mistakes > MANY


@cache
def slow(c):
    """Return for how many of the seeds the rule makes more than 50 mistakes."""
    return sum(
        many_mistakes(X + np.array([c, 0]), y)
        for X, y in (beside_a_gap(0.2, seed) for seed in SEEDS)
    )


def claim(c):
    if c not in SHIFTS:
        return Verdict(False, "c must be one of 0, 1, 2, 4, 8, 16.")
    here, nearer = slow(float(c)), slow(float(max([s for s in SHIFTS if s < c], default=0)))
    if here < ENOUGH:
        return Verdict(
            False, f"At this c the rule makes more than 50 mistakes for {here} of 100 seeds."
        )
    if nearer >= ENOUGH:
        return Verdict(
            False, f"It does, for {here} of 100 seeds; at the next smaller c for {nearer}."
        )
    return Verdict(
        True, f"For {here} of 100 new seeds it makes more than 50 mistakes, at half this c for {nearer}. "
        "What becomes of R, and what of γ? What would you do to such samples first?"
    )  # fmt: skip


EXERCISES = {
    "2.1": compute(
        "decide", 1,
        "X = np.array([[p, q, r, s] for p in (0, 1) for q in (0, 1) for r in (0, 1) for s in (0, 1)])\n"
        "w, b = np.array([-2, 3, 4, 5]), -4\n"
        "np.sum(X @ w + b > 0)",
        {
            "+ b > 0 → + b >= 0": "A row with z = 0 is counted; it does not fire.",
            "X @ w + b > 0 → X @ w > 0": "The bias is left out.",
            "X @ w + b → X @ w - b": "The bias is subtracted; it is added.",
            "w, b = np.array([-2, → w, b = np.array([2,": "The first weight is negative: it speaks against firing.",
            "+ b > 0 → + b <= 0": "Those are the rows in which it stays silent.",
            "+ b > 0 → + b < 0": "Those are the rows with z below 0.",
        },
        label="Cases",
        whole=True,
        why="In how many of them is the first input on?",
    ),
    "2.2": predict(
        "meaning", 1,
        {
            "none": "Where z is 0, −z is 0 too.",
            "those at which z is 0": "",
            "those that were 0": "Where z is below 0, −z is above it: those turn.",
            "all": "The cut stays where it is, but the neuron fires on its other side.",
        },
        negated,
        {
            "z becomes −z, which is above 0 where z was below": "",
            "the cut stays where it is": "It does; the side on which the neuron fires changes.",
            "a negative weight makes an input unimportant": "It speaks against firing as strongly as the positive one spoke for it.",
        },
        why="How many gates of two inputs get their opposite in this way, corners on the cut left aside?",
    ),
    "2.3": compute(
        "learn", 1,
        "w, b = np.array([0.4, -1.2]), 0.35\n"
        "x, y = np.array([2, 1]), 1\n"
        "off = y - (1 if w @ x + b > 0 else 0)\n"
        "w, b = w + 0.5 * off * x, b + 0.5 * off\n"
        "x, y = np.array([1, -2]), 0\n"
        "late = y - (1 if w @ x + b > 0 else 0)\n"
        "w, b = w + 0.5 * late * x, b + 0.5 * late\n"
        "x, y = np.array([-2, 0.5]), 1\n"
        "last = y - (1 if w @ x + b > 0 else 0)\n"
        "w, b = w + 0.5 * last * x, b + 0.5 * last\n"
        "w @ [3, 1] + b",
        {
            "w, b = w + 0.5 * late * x, b + 0.5 * late → ": "The second sample is answered wrongly too, and moves w and b.",
            "w, b = w + 0.5 * off * x, b + 0.5 * off → ": "The first sample is answered wrongly: z is below 0 and 1 is wanted.",
            "w, b = w + 0.5 * last * x, b + 0.5 * last → ": "The third sample is answered wrongly too, and moves w and b.",
            "w, b = w + 0.5 * off * x, b + 0.5 * off → \nw, b = w + 0.5 * late * x, b + 0.5 * late → \nw, b = w + 0.5 * last * x, b + 0.5 * last → ": "All three samples are answered wrongly, and each moves w and b.",
            "0.5 * off * x, b + 0.5 * off → off * x, b + off\n0.5 * late * x, b + 0.5 * late → late * x, b + late\n0.5 * last * x, b + 0.5 * last → last * x, b + last": "The learning rate is missing.",
            "b + 0.5 * off → b\nb + 0.5 * late → b\nb + 0.5 * last → b": "The bias never moves; it changes by η(y − a) as well.",
            "b + 0.5 * off → b - 0.5 * off\nb + 0.5 * late → b - 0.5 * late\nb + 0.5 * last → b - 0.5 * last": "The bias moves the wrong way: η(y − a) is added to it too.",
            "b + 0.5 * off → b + off\nb + 0.5 * late → b + late\nb + 0.5 * last → b + last": "The learning rate is missing in the bias.",
            "w + 0.5 * late * x, b + 0.5 * late → w - 0.5 * late * x, b - 0.5 * late": "At the second sample y − a is −1: x is subtracted.",
            "w + 0.5 * last * x, b + 0.5 * last → w - 0.5 * last * x, b - 0.5 * last": "At the third sample y − a is 1: x is added.",
            "w + 0.5 * off * x, b + 0.5 * off → w - 0.5 * off * x, b - 0.5 * off": "At the first sample y − a is 1: x is added.",
            "w @ [3, 1] + b → w @ [3, 1]": "The bias is left out of z.",
        },
        label="z",
        why="Is the first sample answered rightly now?",
    ),
    "2.4": compute(
        "bound", 1,
        "X, s = np.array([[2, -0.5], [1, 2], [3, -0.5], [-2, -0.5]]), np.array([1, 1, 1, -1])\n"
        "R = np.max(np.sqrt(np.sum(X**2, axis=1)))\n"
        "gamma = np.min(s * (X @ [0.6, 0.8]))\n"
        "(R / gamma) ** 2",
        {
            "(R / gamma) ** 2 → R / gamma": "That is R/γ; the bound is its square.",
            "(R / gamma) ** 2 → R**2 / gamma": "γ is squared too.",
            "(R / gamma) ** 2 → (R / gamma) ** 2 // 1": "So many mistakes there can be at most; the bound itself is asked for.",
            "R = np.max → R = np.min": "R is the length of the longest sample, not of the shortest.",
            "gamma = np.min → gamma = np.max": "γ is the smallest of the margins, not the largest.",
            "np.min(s * (X @ [0.6, 0.8])) → (X @ [0.6, 0.8])[2]": "γ is that of the longest sample; the smallest of all is needed.",
            "s * (X → (X": "The sign s is left out: where 0 is wanted it is −1, and the margin is positive.",
            "np.sum(X**2, axis=1) → np.sum(X**2, axis=1) + 1": "A 1 is appended to each sample; here is no bias, and R is without it.",
            "np.min(s * → np.mean(s *": "γ is the smallest of the margins, not their mean.",
            "(R / gamma) ** 2 → 1 / gamma**2": "R is taken for 1; it is the length of the longest sample.",
        },
        label="Bound",
        why="Would another u give a smaller bound?",
    ),
    "2.5": assemble(
        "build", 2, DOOR,
        {
            "[2, 1, 1] → [1, 1, 1]": "Only how many switches are on matters here, not which; the first must count for more.",
            "[2, 1, 1] → [1, 2, 2]": "Here the second and third switch open it without the first.",
            "-2 → -1": "It opens for the first switch alone, and for the two others without it.",
            "-2 → -3": "Only how many switches are on matters here, not which; the first must count for more.",
            "-2 → 2": "It opens in every case: the bias must speak against firing.",
            "+ b > 0 → + b >= 0": "It opens for the first switch alone, and for the two others without it.",
        },
        [(rows(3),), (rows(3)[[6, 3, 1, 4, 5]],)],
        why="Only the answers are tried: −3 with ≥ gives the same. Which of the three decides most often?",
    ),
    "2.6": write(
        "build", 2, TABLE,
        {
            "(R.shape[1] - 1) → R.shape[1]": "hidden: in its own row the sum is exactly the number of inputs, and 0 does not fire.",
            "(R.shape[1] - 1) → (R.shape[1] - 3)": "hidden: a neuron fires in rows too that differ from its own in one input.",
            " - (R.shape[1] - 1) → ": "hidden: the bias is missing; a neuron fires wherever more than half of the inputs agree.",
            "(R.shape[1] - 1) → (R.sum(axis=1) - 0.5)": "hidden: that bias is for inputs 0 and 1; here the full sum is the number of inputs.",
            "X @ R.T → X @ (2 * R - 1).T\n(R.shape[1] - 1) → (R.sum(axis=1) - 0.5)": "hidden: weights 2r − 1 and this bias are for inputs 0 and 1; here they are −1 and 1.",
            "R.T → (R > 0).T": "hidden: an input that is to be −1 has the weight 0 here and cannot vote against.",
            "R.T → -R.T": "hidden: the signs of the weights are turned; the neuron fires in the opposite row.",
            "X @ R.T → X @ R": "hidden: R is not transposed; its rows are the weights of the neurons.",
            "(R.shape[1] - 1) → (R.shape[0] - 1)": "hidden: the bias counts the rows of R; it must count the inputs, its columns.",
            "total > 0 → total == len(R)": "The output asks for all hidden neurons at once; one of them is enough.",
            "total > 0 → total": "The sum counts hidden neurons; where a row stands in R twice it is 2, and no answer.",
            "total > 0 → total < 1": "The output is turned around: it fires where no hidden neuron does.",
            "hidden.sum(axis=1) → hidden.sum(axis=0)": "The output adds over the rows of X, not over the hidden neurons.",
        },
        [some_rows(4, [0, 5, 6, 11, 15]), some_rows(3, [2, 7, 2]), some_rows(5, [31, 14, 3]), some_rows(3, [5])],
        why="How many hidden neurons does parity of ten inputs take in this way?",
    ),
    "2.7": debug(
        "learn", 2, LEARNED,
        {
            "b = b + wanted → b = b + wanted * b": "The bias starts at 0 and is multiplied by itself: it stays 0, and the cut at the origin.",
            "b = b + wanted → b = b - wanted": "The bias moves away from the wanted answer.",
            "b = b + wanted → b = b + 1": "The bias only grows; where −1 is wanted it must fall.",
            "b = b + wanted → b = wanted": "The bias forgets what it was; each mistake adds to it.",
            "<= 0 → < 0": "At the start every z is 0: without the tie nothing is ever wrong, and nothing moves.",
            "w = w + wanted * x → w = w - wanted * x": "The weights move away from the wanted answer.",
            "w = w + wanted * x → w = w + x": "The weights are pulled up by every mistake; where −1 is wanted x is subtracted.",
            "if wanted * (w @ x + b) → if (w @ x + b)": "Whether an answer is wrong depends on the wanted one; it is missing in the test.",
            "if wanted * (w @ x + b) → if wanted * (w @ x)": "The test leaves the bias out of z.",
        },
        [
            (rows(2).astype(float), np.array([-1, 1, 1, 1]), 12),
            (RNG.normal(size=(7, 3)), np.array([1, -1, -1, 1, 1, -1, 1]), 3),
            (RNG.normal(size=(5, 4)), np.array([-1, 1, 1, -1, 1]), 2),
        ],
        planted=("b = b + wanted → b = b + wanted * b",),
        why="With another bias at the start, what would the faulty program have done?",
    ),
    "2.8": spot(
        "meaning", 2, JUDGED,
        {
            "alpha > gamma → alpha >= gamma": "At a tie it fires: the sum equals the threshold there and does not exceed it.",
            "alpha > gamma → alpha < gamma": "It fires below the threshold.",
            "alpha > gamma → abs(alpha) > gamma": "A negative sum stays below the threshold, however large it is; its sign counts.",
            "-abs(a) → -a": "A large negative weight comes last: it moves the sum as far as a positive one does.",
            "-abs(a) → abs(a)": "The order is turned: the least important factor comes first.",
            "-abs(a) → a": "The most negative weight comes first whatever the others are; the size decides.",
            "-abs(a) → -abs(a * B)": "Factors that are 0 now come last; importance asks what they do when they become 1.",
        },
        [
            (np.array([3.0, -6.0, 1.0, 4.0]), np.array([1, 0, 1, 0]), 4.0),
            (np.array([-0.5, 5.0, -8.0]), np.array([0, 1, 0]), 2.0),
            (np.array([2.0, -1.0, 0.25, -4.0, 3.0]), np.array([1, 1, 1, 0, 0]), 2.5),
            (np.array([1.5, -7.0, 2.0, 0.5]), np.array([1, 1, 0, 1]), 3.0),
        ],
        planted=("alpha > gamma → alpha >= gamma", "-abs(a) → -a"),
        results=("the answer", "the order"),
        why="Does the first factor of this order decide most often, too?",
    ),
    "2.9": derive(
        "limits", 3,
        ("z₁₀₀ + z₀₁₀ + z₀₀₁ + z₁₁₁", "z(1, 0, 0) + z(0, 1, 0) + z(0, 0, 1) + z(1, 1, 1)"),
        [
            Line(
                "write out each z",
                ("(w₁ + b) + (w₂ + b) + (w₃ + b) + (w₁ + w₂ + w₃ + b)",
                 "(w1 + b) + (w2 + b) + (w3 + b) + (w1 + w2 + w3 + b)"),
                {
                    ("w₁ + w₂ + w₃ + (w₁ + w₂ + w₃ + b)", "w1 + w2 + w3 + (w1 + w2 + w3 + b)"):
                        "each z has its own bias, those with one input too.",
                    ("(w₁ + b) + (w₂ + b) + (w₃ + b) + (w₁ + w₂ + w₃ + 3b)",
                     "(w1 + b) + (w2 + b) + (w3 + b) + (w1 + w2 + w3 + 3 * b)"):
                        "the bias is added once in each z, however many inputs are 1.",
                },
            ),
            Line(
                "collect",
                ("2 (w₁ + w₂ + w₃) + 4b", "2 * (w1 + w2 + w3) + 4 * b"),
                {
                    ("2 (w₁ + w₂ + w₃) + b", "2 * (w1 + w2 + w3) + b"): "the bias stands in four terms.",
                    ("w₁ + w₂ + w₃ + 4b", "w1 + w2 + w3 + 4 * b"): "each weight stands in two terms.",
                },
            ),
            Line(
                "share it out among the other four rows",
                ("z₀₀₀ + z₁₁₀ + z₁₀₁ + z₀₁₁", "z(0, 0, 0) + z(1, 1, 0) + z(1, 0, 1) + z(0, 1, 1)"),
                {
                    ("z₁₁₀ + z₁₀₁ + z₀₁₁", "z(1, 1, 0) + z(1, 0, 1) + z(0, 1, 1)"):
                        "a bias is left over: the row of zeros has it.",
                    ("z₀₀₀ + z₁₁₀ + z₁₀₁ + z₁₁₁", "z(0, 0, 0) + z(1, 1, 0) + z(1, 0, 1) + z(1, 1, 1)"):
                        "the row 111 is to fire; it stands on the other side.",
                },
            ),
        ],
        PARITY,
        "def total(w, b):\n"
        "    n = len(w)\n"
        "    return 2 ** (n - 2) * np.sum(w) + 2 ** (n - 1) * b\n",
        {
            "2 ** (n - 2) → 2 ** (n - 1)": "Of the rows with an odd number of ones half have a given input on, not all.",
            "2 ** (n - 1) → 2**n": "Half of the 2ⁿ rows have an odd number of ones; the bias stands once in each.",
            "2 ** (n - 1) → 2 ** (n - 2)": "There are 2ⁿ⁻¹ rows with an odd number of ones, and a bias in each.",
            " + 2 ** (n - 1) * b → ": "The biases are left out.",
            "2 ** (n - 2) * np.sum(w) + 2 ** (n - 1) * b → 2 * np.sum(w) + 4 * b": "That is the sum for three inputs; with more there are more rows.",
            "2 ** (n - 2) * np.sum(w) → np.sum(w)": "Each weight stands in half of the rows, not in one.",
        },
        nearby([(np.array([0.7, -1.1, 0.4]), 0.25), (np.array([1.3, 0.2, -0.5, 0.9, -0.8]), -0.6),
         (np.array([0.9, -0.3]), 1.1), (np.array([0.35, 0.8, -1.9, 0.6]), 0.15)]),
        points=("total([0.3, -0.8, 1.2, 0.5], -0.7)", "total([1.1, -0.4, 0.6, -0.9, 0.3], 0.2)"),
        why="Why does this show that no perceptron is parity?",
    ),
    "2.10": investigate("bound", 3, {"c": SHIFTS}, claim),
}  # fmt: skip
