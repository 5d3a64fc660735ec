"""The exercises of chapter 12, overfitting."""

from functools import cache
from itertools import product

import numpy as np

from backprop.datasets import noisy_curve
from backprop.network import forward, initialize
from backprop.training import train

from ..notation import minus
from .derivations import Line
from .fresh import generator, nearby
from .kinds import assemble, compute, debug, derive, investigate, predict, spot, write
from .verdict import Verdict

GRID = np.linspace(-3, 3, 121)


def _sine(m, seed):
    data = noisy_curve(np.sin, m, 0.3, np.random.default_rng(seed), -3, 3)
    return data.X[:, 0], data.Y[:, 0]


@cache
def _cause():
    """Return the cause without which the mean test error of 200 data sets is lowest."""

    def test(degree, m, noise):
        at, rng = np.linspace(-3, 3, m), np.random.default_rng(0)
        targets = np.cos(at) + noise * rng.normal(size=(200, m))
        off = np.vander(GRID, degree + 1) @ np.polyfit(at, targets.T, degree)
        return np.sqrt(np.mean((off - np.cos(GRID)[:, None]) ** 2, axis=0) + noise**2).mean()

    errors = {
        "too little capacity": test(9, 200, 0.5),
        "too few points": test(6, 800, 0.5),
        "noise": test(6, 200, 0.25),
    }
    return min(errors, key=errors.get)


@cache
def _best_flipper():
    rng = np.random.default_rng(0)
    best = np.argmax(rng.integers(0, 2, (200, 20)).sum(axis=1))
    share = rng.integers(0, 2, (200, 1000))[best].mean()
    return (
        "about half" if share < 0.57 else "about two thirds" if share < 0.72 else "about 15 in 20"
    )


@cache
def _crushed():
    rng = np.random.default_rng(3)
    X, Y = rng.normal(size=(8, 2)), 4 + rng.normal(size=(8, 1))
    network = initialize([2, 5, 1], "tanh", "identity", rng=rng)
    settings = {"rate": 0.02, "epochs": 800, "batch": 8, "weight_decay": 300.0, "rng": rng}
    outputs = forward(train(network, X, Y, **settings).network, X.T)[1][2]
    if np.allclose(outputs, Y.mean(), atol=0.05):
        return "the mean of the targets"
    return "0" if np.allclose(outputs, 0, atol=0.05) else "a straight line through the data"


@cache
def _gain(decay):
    """Return the mean gain of a ridge over none, and twice its standard error: 2,000 data sets."""
    data = [_sine(12, seed) for seed in range(900, 2900)]
    V, targets = np.vander(data[0][0] / 3, 10), np.array([y for _, y in data]).T
    shown, errors = np.vander(GRID / 3, 10), []
    for d in (0, decay):
        off = shown @ np.linalg.solve(V.T @ V + d * np.eye(10), V.T @ targets)
        errors.append(np.sqrt(np.mean((off - np.sin(GRID)[:, None]) ** 2, axis=0) + 0.3**2))
    gains = errors[0] - errors[1]
    return gains.mean(), 2 * gains.std(ddof=1) / np.sqrt(len(gains))


LAMBDAS = [0.0001, 0.001, 0.01, 0.1, 1, 10]


def _claim(decay, gain):
    if not 0 <= decay < 1e6:
        return Verdict(False, "λ must lie between 0 and a million.")
    mean, margin = _gain(float(decay))
    if not gain > 0:
        return Verdict(False, "A gain above 0 is to be claimed.")
    # no number before the claim holds, or the fresh data would be used to choose
    if mean <= 0:
        return Verdict(False, "With this λ, 2,000 fresh data sets show no gain over λ = 0.")
    if gain > mean:
        return Verdict(False, "The claim is more than the mean gain of 2,000 fresh data sets.")
    if gain < mean / 3:
        return Verdict(False, "True, but 2,000 fresh data sets gain more than three times as much.")
    found = minus(f"On 2,000 fresh data sets the gain was {mean:.3f} ± {margin:.3f}.")
    if max(_gain(float(other))[0] for other in LAMBDAS) > 1.25 * mean:
        return Verdict(True, f"{found} Another λ gains over a quarter more.")
    return Verdict(True, f"{found} On how many data sets was λ chosen?")


_rng = generator(12)
NOISE = 0.4 * np.array(list(product([-1, 1], repeat=3)))  # every draw, equally likely
UNIT = {"w": np.array([0.7, -0.5, 1.1]), "x": np.array([0.3, 1.6, -0.8]), "y": 0.9, "N": NOISE}


def _dropout_trial(k, n, m, q):
    return (
        *(_rng.normal(size=size) for size in ((k, n), (k, 1), (n, m))),
        _rng.uniform(0.1, 0.9, size=(k, m)), (_rng.random((n, m)) < q).astype(float), q,
    )  # fmt: skip


def _update(velocity, new="w + v"):
    """Return a whole source of 12.8's update."""
    head = "def update(w, v, slope, rate, mu, decay, m):\n"
    return f"{head}    v = {velocity}\n    return {new}, v\n"


def _prepared(held, by=""):
    """Return a whole source of 12.10's prepared, right but for the held-out part."""
    return (
        "def prepared(x, rows):\n"
        "    learned, held = x[:rows], x[rows:]\n"
        f"    mean, sd = learned.mean(axis=0), learned.std(axis=0{by})\n"
        f"    return (learned - mean) / sd, {held}\n"
    )


def _slopes(bias):
    """Return a whole source of 12.12's slopes, right but for those of the biases."""
    return (
        "def slopes(w, b, x, y, kept, q):\n"
        "    thinned = x * kept / q\n"
        "    delta = (1 / (1 + np.exp(-(w @ thinned + b))) - y) / x.shape[1]\n"
        f"    return delta @ thinned.T, {bias}\n"
    )


EXERCISES = {
    "12.1": predict(
        "causes", 1,
        {
            "too little capacity": "Three degrees more did not lower them.",
            "too few points": "Four times the points hardly lowered the test error.",
            "noise": "With half the noise both errors stay.",
        },
        _cause,
        {
            "neither more capacity nor more points lower both": "",
            "the gap between the two is wide": "It is narrow, and closed by more points.",
            "the training error rises with more points":
                "It rises toward the test error: the fit follows less of the noise.",
        },
        why="Which of the two errors could more points still lower?",
    ),
    "12.2": compute(
        "causes", 1, "s, p, m = 0.4, 7 + 1, 40\n2 * s**2 * p / m",
        {
            "7 + 1 → 7": "Degree 7 has eight coefficients, the constant among them.",
            "2 * s → 1 * s": "The factor 2 is missing: the mixed term comes twice.",
            "s**2 → s": "The noise enters squared.",
            "2 * s**2 → s": "The noise enters squared, and the mixed term comes twice.",
            " / m → ": "The sum of what the points follow is divided by their number m.",
            " / m → / (m - 1)": "A mean over the points divides by all of them; none is lost here.",
            " / m → / (m + 1)": "One point too many: the constant is a coefficient, not a point.",
            "7 + 1 → 7\n2 * s → 1 * s":
                "Degree 7 has eight coefficients; and the mixed term comes twice.",
        },
        within=2e-3,
        why="How many points would halve it?",
    ),
    "12.3": compute(
        "decay", 1,
        "w, g, rate, decay, m = -0.8, 0.7, 0.2, 6, 10\n(1 - rate * decay / m) * w - rate * g",
        {
            "w - rate * g → w - g": "The slope lacks its η: in weight decay both terms carry it.",
            "w - rate * g → w + rate * g": "The step against the slope is subtracted.",
            "(1 - → (1 +": "The weight grows: the penalty is lowered by shrinking.",
            " / m) → )": "The decay lacks its 1/m: the penalty carries it.",
            "(1 - rate * decay / m) * w → w": "The decay is missing.",
            "(1 - rate * decay → (1 - decay": "The decay lacks its η: it multiplies the whole slope.",
            "(1 - rate * decay → (1 - rate**2 * decay":
                "The decay holds η twice: it multiplies the whole slope once.",
            "decay / m) → decay / (2 * m))":
                "The decay is halved: the 2 of the penalty goes when the square is differentiated.",
            "decay / m) → 2 * decay / m)":
                "The decay is doubled: the 2 of the square meets the half of the penalty.",
            "* w - rate * g → * (w - rate * g)":
                "The step is shrunk with the weight: decay acts on the w before it.",
            "(1 - rate * decay / m) * w → w - rate * decay / m":
                "The decay lacks its w: the slope of w² grows with w.",
            "(1 - rate * decay / m) * w → w - rate * decay / m * np.sign(w)":
                "The decay holds only the sign of w: the slope of w² grows with w.",
        },
        why="In which direction did each of the two terms move the weight?",
    ),
    "12.4": compute(
        "stopping", 1,
        "costs = [0.58, 0.43, 0.37, 0.39, 0.38, 0.34, 0.36, 0.35, 0.40, 0.31]\n"
        "int(np.argmin(costs[:9])) + 1",
        {
            "costs[:9] → costs[:10]": "The run does not live to see that epoch: patience ends before.",
            "costs[:9] → costs[:5]": "Two epochs without a lower cost do not use up the patience.",
            ") + 1 → )": "Epochs are counted from 1.",
            "9": "There the run ends; the weights come from the best epoch.",
            "4": "That is the first epoch without a lower cost; weights come from a lowest.",
            "7": "That epoch is the first to wait: its cost is not below the lowest so far.",
            "8": "Its cost is below that of the epoch before, not below the lowest so far.",
        },
        within=1e-6,
        why="What would a patience of 4 have found?",
    ),
    "12.5": compute(
        "dropout", 1, "q, a = 0.6, 0.7\n(1 - q) / q * a**2",
        {
            " / q * → *": "The division by q is missing: what is kept becomes larger.",
            "(1 - q) / q → (1 - q) * q": "That is the variance of d·a; what is kept is divided by q.",
            "(1 - q) / q * a**2 → (1 - q) * q": "That is the variance of d alone.",
            " * a**2 → ": "The activation is missing.",
            "(1 - q) / q * a**2 → ((1 - q) / q * a**2)**0.5": "That is the standard deviation.",
            "a**2 → a": "A factor enters the variance squared.",
            "(1 - q) / q → 1 / q": "That is the mean of the square, with the square of the mean in it.",
        },
        within=2e-3,
        why="For which q is there no variance?",
    ),
    "12.6": predict(
        "choosing", 1,
        {
            "about 15 in 20": "What made that one the best was luck, and luck is not kept.",
            "about two thirds": "Nothing of the luck remains, not even half.",
            "about half": "New questions know nothing of the old ones.",
        },
        _best_flipper,
        {
            "it was chosen for its luck, and luck does not carry over": "",
            "the best of many is truly better": "All of them flip the same coin.",
            "1,000 questions are harder than 20": "Each question is as hard as the others.",
        },
        why="And if one of the 200 could do more than flip, would 20 questions find it?",
    ),
    "12.7": predict(
        "decay", 2,
        {
            "0": "The last bias carries no penalty.",
            "the mean of the targets": "The outputs come to the mean of the targets.",
            "a straight line through the data": "A line needs weights, and they are all near 0.",
        },
        _crushed,
        {
            "the last bias carries no penalty and fits the targets alone": "",
            "all parameters shrink to 0": "The sum of squares leaves out the biases.",
            "tanh of something small is linear": "It is, and the weights behind it are near 0 too.",
        },
        why="What would come out if the biases were penalized as well?",
    ),
    "12.8": spot(
        "decay", 2,
        "def update(w, v, slope, rate, mu, decay, m):\n"
        "    v = mu * v - rate * slope - rate * decay / m * w\n"
        "    return w + v, v\n",
        {
            "rate * decay → decay": "The decay term lacks its rate: η multiplies the whole slope.",
            "- rate * slope → - slope": "The slope lacks its rate.",
            " / m → ": "The decay lacks its 1/m: the penalty carries it.",
            "mu * v → v": "The old velocity is not damped.",
            "w + v, v → w - v, v": "The velocity already points downhill: it is added.",
            _update("mu * v - rate * slope - rate * decay / m * np.sign(w)"):
                "The decay holds only the sign of w: the slope of w² grows with w.",
            _update("mu * v - rate * slope - rate**2 * decay / m * w"):
                "The decay holds η twice: it multiplies the whole slope once.",
            _update("mu * v - rate * slope", "(w + v) * (1 - rate * decay / m)"):
                "The decay comes after the step and misses v: it is part of the slope at the old w.",
            _update("mu * v - rate * slope - rate * decay / m * (w + mu * v)"):
                "The decay is taken at w + μv, the slope at w: both belong to one place.",
            _update("mu * v - (1 - mu) * rate * (slope + decay / m * w)"):
                "This v is a weighted mean, another rule: 1 − μ shortens slope and decay.",
            _update("mu * v - (1 - mu) * rate * slope - rate * decay / m * w"):
                "The slope carries 1 − μ, the decay does not; here neither is weighted.",
            _update("mu * v + (1 - mu) * (slope + decay / m * w)", "w - rate * v"):
                "This v is a mean of slopes, another rule: the question's v holds η, and no 1 − μ.",
            _update("mu * v - rate * slope", "(1 - rate * decay / m) * w + v"):
                "Decoupled decay, another rule: the decay stays out of v; momentum does not carry it on.",
            _update("mu * v + slope", "(1 - rate * decay / m) * w - rate * v"):
                "Decoupled decay, another rule: it stays out of v, which has a slope's size here.",
            _update("mu * v - rate * slope - rate * decay / m * w",
                    "w + mu * v - rate * slope - rate * decay / m * w"):
                "Nesterov's look-ahead, another rule: the weight moves by the new v, not beyond it.",
            _update("mu * v - rate * slope - rate * decay / (2 * m) * w"):
                "The decay is halved: the 2 of the penalty goes when the square is differentiated.",
            _update("mu * v - rate * slope - rate * 2 * decay / m * w"):
                "The decay is doubled: the 2 of the square meets the half of the penalty.",
            _update("mu * v - (1 - mu) * rate * (slope + decay * w)"):
                "The decay lacks its 1/m. And 1 − μ makes v a weighted mean, another rule.",
            _update("mu * v + (1 - mu) * (slope + decay * w)", "w - rate * v"):
                "The decay lacks its 1/m. And v is a mean of slopes; the question's holds η.",
            "def update(w, v, slope, rate, mu, decay, m):\n"
            "    return w + v, mu * v - rate * slope - rate * decay / m * w\n":
                "The weight moves by the old v; the new slope is to count in this step.",
        },
        nearby([
            (np.array([[1.4, -0.6], [0.8, 2.3]]), np.array([[0.2, -0.1], [0.4, 0.3]]),
             np.array([[0.5, 0.9], [-1.2, 0.7]]), 0.3, 0.8, 0.6, 7),
            (np.array([[-0.7, 1.9, 0.4]]), np.array([[0.6, -0.5, 0.2]]),
             np.array([[1.1, -0.3, 0.8]]), 0.05, 0.9, 2.5, 20),
        ]),
        forms={
            "v - rate * slope - rate → v + rate * slope + rate\nw + v, v → w - v, v":
                "This v points uphill and is subtracted: the same path. The question's v is added.",
            "v - rate * slope - rate * decay → v + slope + decay\nw + v, v → w - rate * v, v":
                "This v has the size of a slope: the same path. The question's v holds the rate.",
        },
        planted=("rate * decay → decay",), results=("w", "v"),
        why="For which single value of η does the printed form agree?",
    ),
    "12.9": assemble(
        "stopping", 2,
        "def stopped(weights, costs, patience):\n"
        "    best, lowest, waited = weights[0], costs[0], 0\n"
        "    for w, cost in zip(weights[1:], costs[1:]):\n"
        "        waited = 0 if cost < lowest else waited + 1\n"
        "        if waited == 0:\n"
        "            best, lowest = w, cost\n"
        "        if waited >= patience:\n"
        "            break\n"
        "    return best\n",
        {
            "waited + 1 → 1": "The steps without a lower cost are not counted up.",
            "waited == 0 → waited < patience": "Weights are kept that brought no lower cost.",
            "best, lowest = w, cost → best = w": "The lowest cost is not moved along.",
            "waited >= patience → waited > patience": "It ends one step late.",
            "break → continue": "It never ends early, and may find what it should not see.",
            "return best → return w": "The last weights come back, not the best ones.",
            "lambda weights, costs, patience: weights[-1]":
                "It never ends early, and the last weights come back, not the best ones.",
        },
        [
            (_rng.normal(size=(9, 2)), [0.9, 0.5, 0.6, 0.55, 0.4, 0.45, 0.5, 0.42, 0.3], 3),
            (_rng.normal(size=(7, 3)), [0.8, 0.7, 0.75, 0.72, 0.71, 0.6, 0.5], 2),
            (_rng.normal(size=(10, 2)), [1, 0.6, 0.7, 0.65, 0.5, 0.55, 0.5, 0.54, 0.52, 0.49], 4),
            (_rng.normal(size=(7, 2)), [0.9, 0.5, 0.4, 0.6, 0.7, 0.65, 0.95], 2),
            (_rng.normal(size=(4, 4)), [0.6, 0.5, 0.65, 0.3], 1),
            (_rng.normal(size=(6, 2)), [0.5, 0.6, 0.4, 0.5, 0.395, 0.45], 2),
            (_rng.normal(size=(5, 3)), [0.4, 0.6, 0.7, 0.65, 0.3], 2),
        ],
        forms={
            "cost < lowest → cost <= lowest":
                "An equal cost is kept and restarts the waiting, a rule too; the question does neither.",
            "waited == 0 → cost <= lowest":
                "Of equal costs this keeps the last, a rule too; the question keeps the first.",
        },
        why="What does it return where the cost falls to the end?",
    ),
    "12.10": debug(
        "choosing", 2,
        "def prepared(x, rows):\n"
        "    learned, held = x[:rows], x[rows:]\n"
        "    mean, sd = learned.mean(axis=0), learned.std(axis=0)\n"
        "    return (learned - mean) / sd, (held - mean) / sd\n",
        {
            "learned.mean → x.mean": "The mean has seen the held-out rows: they had a part in learning.",
            "learned.std → x.std": "The standard deviation has seen the held-out rows.",
            "learned.mean(axis=0) → learned.mean()": "Each column has a mean of its own.",
            "learned.std(axis=0) → learned.std()": "Each column has a deviation of its own.",
            "held - mean → held - held.mean(axis=0)": "The held-out rows are moved by their own mean.",
            "(held - mean) / sd → held": "The held-out rows are left on their old scale.",
            _prepared("(held - held.mean(axis=0)) / held.std(axis=0)"):
                "Each part is moved and scaled by numbers of its own; those of the learned serve both.",
            _prepared("(held - mean) / held.std(axis=0)"):
                "The held-out rows are scaled by their own deviation; that of the learned serves both.",
            _prepared("(held - held.mean(axis=0)) / held.std(axis=0, ddof=1)", ", ddof=1"):
                "Each part is moved and scaled by numbers of its own, not by those of the learned one.",
        },
        [
            (_rng.normal(2, 3, size=(9, 2)), 6),
            (_rng.normal(-1, 0.5, size=(7, 4)), 3),
        ],
        forms={
            "learned.std(axis=0) → learned.std(axis=0, ddof=1)":
                "This divides by one sample less; both rules are in use.",
        },
        planted=("learned.mean → x.mean", "learned.std → x.std"), results=("learned", "held"),
        why="Name another step of preparing data that must not see the held-out rows.",
    ),
    "12.11": derive(
        "dropout", 2, ("E[½(w·(x + n) − y)²]", "np.mean(0.5 * ((x + N) @ w - y) ** 2)"),
        [
            Line(
                "multiply out the square",
                ("½(w·x − y)² + (w·x − y)·E[w·n] + ½E[(w·n)²]",
                 "0.5*(x@w-y)**2 + (x@w-y)*np.mean(N@w) + 0.5*np.mean((N@w)**2)"),
                {
                    ("½(w·x − y)² + ½E[w·n]²", "0.5*(x@w-y)**2 + 0.5*np.mean(N@w)**2"):
                        "The mean of a square is not the square of the mean.",
                    ("½(w·x − y)² + ½(w·x − y) + ½E[(w·n)²]",
                     "0.5*(x@w-y)**2 + 0.5*(x@w-y) + 0.5*np.mean((N@w)**2)"):
                        "The mixed term lost its noise.",
                },
            ),
            Line(
                "the noise has the mean 0",
                ("½(w·x − y)² + ½E[(w·n)²]", "0.5*(x@w-y)**2 + 0.5*np.mean((N@w)**2)"),
                {("½(w·x − y)²", "0.5*(x@w-y)**2"): "The square of the noise has no mean 0."},
            ),
            Line(
                "the noises are independent, each with the variance s²",
                ("½(w·x − y)² + ½s²Σwᵢ²", "0.5*(x@w-y)**2 + 0.5*0.16*np.sum(w**2)"),
                {
                    ("½(w·x − y)² + ½s²(Σwᵢ)²", "0.5*(x@w-y)**2 + 0.5*0.16*np.sum(w)**2"):
                        "The mixed products of independent noises have the mean 0.",
                    ("½(w·x − y)² + ½sΣ|wᵢ|", "0.5*(x@w-y)**2 + 0.5*0.4*np.sum(abs(w))"):
                        "The variance of w·n holds squares.",
                },
            ),
        ],
        UNIT,
        "def penalty(w, s):\n    return 0.5 * s**2 * np.sum(np.square(w))\n",
        {
            "s**2 → s": "The noise enters by its variance, its square.",
            "0.5 * → 1.0 *": "The half of the cost stays.",
            "np.sum(np.square(w)) → np.sum(w)**2": "The mixed products have the mean 0: sum the squares.",
            "np.sum(np.square(w)) → np.sum(np.abs(w))": "Squares are summed, not sizes.",
            "np.sum(np.square(w)) → np.linalg.norm(w)": "The length is a root; the squares stand here.",
        },
        nearby([(np.array([1.9, -0.4]), 0.3), (np.array([1.3, 0.2, -0.7]), 0.8)]),
        points=("penalty([0.6, -1.5], 0.2)", "penalty([2.0, 0.5, 0.1], 0.7)"),
    ),
    "12.12": write(
        "dropout", 3,
        "def slopes(w, b, x, y, kept, q):\n"
        "    thinned = x * kept / q\n"
        "    a = 1 / (1 + np.exp(-(w @ thinned + b)))\n"
        "    delta = (a - y) / x.shape[1]\n"
        "    return delta @ thinned.T, delta.sum(axis=1, keepdims=True)\n",
        {
            "kept / q → kept": "What is kept is not divided by q.",
            "x * kept → x": "No input is left out: the mask is missing.",
            "delta @ thinned.T → delta @ x.T": "BP4 multiplies by what the layer received.",
            "(a - y) → (a - y) * a * (1 - a)": "With cross-entropy the slope of the sigmoid cancels.",
            " / x.shape[1] → ": "The 1/m of the mean cost is missing.",
            " / x.shape[1] → / x.size": "The mean is over samples, not over all inputs.",
            _slopes("delta.sum()"):
                "∂C/∂w agrees. ∂C/∂b is one number for all neurons: each sums its own row of δ.",
            _slopes("np.full(b.shape, delta.sum())"):
                "∂C/∂w agrees. ∂C/∂b is one number for all neurons: each sums its own row of δ.",
            _slopes("delta.sum(axis=0, keepdims=True)"):
                "∂C/∂w agrees. ∂C/∂b is summed over the neurons: the sum goes over the samples.",
            _slopes("delta.sum(axis=0)"):
                "∂C/∂w agrees. ∂C/∂b is summed over the neurons: the sum goes over the samples.",
            _slopes("delta.sum(axis=1)"):
                "∂C/∂w agrees. ∂C/∂b holds the row sums, but lies flat: like b it is a column.",
            _slopes("(delta @ thinned.T).sum(axis=1, keepdims=True)"):
                "∂C/∂w agrees. For ∂C/∂b its rows are added; no input multiplies a bias.",
        },
        [_dropout_trial(3, 2, 5, 0.6), _dropout_trial(2, 5, 4, 0.75), _dropout_trial(4, 3, 6, 0.5)],
        results=("∂C/∂w", "∂C/∂b"),
        why="Does ∂C/∂b change with dropout?",
    ),
    "12.13": investigate(
        "choosing", 3,
        {"λ": LAMBDAS, "gain": [0.01, 0.02, 0.04, 0.06, 0.1]},
        _claim,
    ),
}  # fmt: skip
