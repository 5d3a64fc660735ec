"""The exercises of chapter 13, initialization."""

from functools import cache

import numpy as np

from backprop.activations import identity, relu, sigmoid, tanh
from backprop.backpropagation import backprop, hidden_error
from backprop.costs import quadratic
from backprop.network import Layer, propagate

from .derivations import Line
from .fresh import generator, nearby
from .kinds import assemble, compute, debug, derive, investigate, predict, spot, write
from .verdict import Verdict


@cache
def _moving():
    """Return which slopes of a network of ReLUs that starts at zero are not zero."""
    rng, sizes = np.random.default_rng(0), (4, 6, 5, 1)
    network = {
        l: Layer(np.zeros((sizes[l], sizes[l - 1])), np.zeros((sizes[l], 1)), relu if l < 3 else identity)
        for l in (1, 2, 3)
    }  # fmt: skip
    slopes = backprop(network, rng.normal(size=(4, 9)), 2 + rng.normal(size=(1, 9)), quadratic)
    moving = [(n, l) for n, of in (("w", slopes.w), ("b", slopes.b)) for l in of if of[l].any()]
    names = {(): "none", (("b", 3),): "that of the last bias, alone"}
    return names.get(tuple(moving), "those of layer 3, weights and bias")


@cache
def _chained():
    """Return how large the slope of eight sigmoids in a chain can be, of 20,000 chains."""
    rng = np.random.default_rng(0)
    w, b = rng.uniform(-1, 1, (8, 20_000)), rng.normal(size=(8, 20_000))
    a, slope = rng.normal(size=20_000), 1.0
    w[:, 0], b[:, 0], a[0] = 1.0, -0.5, 0.5  # each z is 0: the steepest place
    for l in range(8):
        z = w[l] * a + b[l]
        a, slope = sigmoid(z), slope * w[l] * sigmoid.prime(z)
    largest = np.abs(slope).max()
    return (
        "about 1 / 65,000"
        if largest < 1e-4
        else "about 1 / 500"
        if largest < 0.01
        else "about 1 / 30"
    )


def _stack(sigma, s, layers, n, rng):
    return {
        l: Layer(rng.normal(0, s / np.sqrt(n), size=(n, n)), np.zeros((n, 1)), sigma)
        for l in range(1, layers + 1)
    }


def _lengths(sigma, s, layers, n, seed):
    """Return the lengths of the errors of layers 1 to L, for a random one in the last."""
    rng = np.random.default_rng(seed)
    network = _stack(sigma, s, layers, n, rng)
    z, _ = propagate(network, rng.normal(size=(n, 4)))
    return _carried(network, z, rng.normal(size=(n, 4)))


def _carried(network, z, delta):
    lengths = [np.linalg.norm(delta)]
    for l in range(len(network) - 1, 0, -1):
        delta = hidden_error(network[l + 1].w, delta, network[l].sigma.prime(z[l]))
        lengths.insert(0, np.linalg.norm(delta))
    return np.array(lengths)


def _sick(name):
    """Return the network of eight layers of 50 neurons that 13.8 calls so: A, B or C."""
    gain, sigma, seed = {"A": (1, tanh, 0), "B": (2**0.5, relu, 0), "C": (2, relu, 1)}[name]
    network = _stack(sigma, gain, 8, 50, np.random.default_rng(seed))
    if name == "A":
        return {l: Layer(np.full((50, 50), 0.02), b, sigma) for l, (_, b, sigma) in network.items()}
    if name == "B":
        return network | {4: network[4]._replace(b=np.full((50, 1), -3.0))}
    return network


def _measured(network):
    """Return the lengths of the errors in layers 1 to 8, that of layer 8 taken as 1, the least
    distance of two rows of weights, and in each layer the share of neurons that no sample reaches."""
    rng = np.random.default_rng(10)
    z, _ = propagate(network, rng.normal(size=(50, 30)))
    lengths = _carried(network, z, rng.normal(size=(50, 30)))
    apart = [
        np.linalg.norm(w[i] - w[k])
        for w, _, _ in network.values() for i in range(50) for k in range(i)
    ]  # fmt: skip
    dead = [np.mean((z[l] <= 0).all(axis=1)) * (network[l].sigma is relu) for l in network]
    return lengths / lengths[-1], min(apart), dead


FAILURES = ["equal neurons", "vanishing errors", "exploding errors", "dead neurons"]

CURES = {  # of C, and the factor of its deviations that each comes to
    "a smaller learning rate": 1,
    "weights with half the variance": 0.5**0.5,
    "weights with a quarter of the variance": 0.5,
    "weights drawn at random": 1,
}

SAID = {
    ("A", "vanishing errors"): "A loses its length in a single pass; vanishing goes on at each.",
    ("A", "exploding errors"): "A's length falls; where errors explode it rises.",
    ("A", "dead neurons"): "No neuron of A is dead.",
    ("B", "equal neurons"): "B's rows of weights are far apart.",
    ("B", "vanishing errors"): "B loses its length in a single pass; vanishing goes on at each.",
    ("B", "exploding errors"): "B's length falls; where errors explode it rises.",
    ("C", "equal neurons"): "C's rows of weights are far apart.",
    ("C", "vanishing errors"): "Read C from layer 8 down: that is the way errors go.",
    ("C", "dead neurons"): "Where neurons die, errors become shorter; C's become longer.",
    ("cure of C", "a smaller learning rate"): "C has not made a step: its rate has had no say.",
    ("cure of C", "weights with a quarter of the variance"):
        "Then each layer would shrink the error to about 0.7: it would vanish.",
    ("cure of C", "weights drawn at random"): "C's weights were drawn: its rows are far apart.",
}  # fmt: skip


@cache
def _shown():
    """Return what the numbers of 13.8 show: the failure of each network, and what cures C."""
    found = {}
    for name in "ABC":
        lengths, apart, dead = _measured(_sick(name))
        found[name] = (
            "equal neurons" if apart < 1e-9 else "dead neurons" if max(dead) > 0.6
            else "exploding errors" if lengths[0] > 4 else "vanishing errors"
        )  # fmt: skip
    ends = {
        cure: np.mean([d[0] / d[-1] for d in (_lengths(relu, 2 * factor, 8, 50, s) for s in range(20))])
        for cure, factor in CURES.items()
    }  # fmt: skip
    [found["cure of C"]] = [cure for cure, end in ends.items() if 0.7 < end < 1.4]
    return found


def _names(*answers):
    for (name, right), answer in zip(_shown().items(), answers, strict=True):
        if answer not in (list(CURES) if name == "cure of C" else FAILURES):
            return Verdict(False, f"{name} must be one of the names that are offered.")
        if answer != right:
            return Verdict(False, SAID[name, answer])
    return Verdict(True, "What would the lengths of B show if its layer 4 had no neuron on?")


@cache
def _ratio(gain):
    """Return the geometric mean of what arrives in layer 1 of 30 tanh layers, over 20 seeds."""
    found = [_lengths(tanh, gain, 30, 80, 700 + seed) for seed in range(20)]
    return float(np.exp(np.mean([np.log(d[0] / d[-1]) for d in found])))


def _claim(gain):
    if not 0 < gain < 100:
        return Verdict(False, "The gain must lie between 0 and 100.")
    ratio = _ratio(float(gain))
    if ratio < 2 / 3:
        return Verdict(False, "Of the last layer's error less than two thirds arrives in layer 1.")
    if ratio > 3 / 2:
        return Verdict(
            False, "The error has grown by more than a half where it arrives in layer 1."
        )
    return Verdict(True, "Why must the gain of tanh exceed 1 here?")


_rng = generator(13)


def _layer(w, b, name):
    return Layer(
        np.array(w), np.array(b)[:, None], {"relu": relu, "tanh": tanh, "id": identity}[name]
    )


# Each has dead neurons; one that is off on all samples but one; and one that tanh keeps below 0. The
# first has a neuron whose z is 0 on every sample, and one that is on for one sample alone, at 0.01.
DEAD = [
    (
        {
            1: _layer([[1.0, 1.0], [0.5, -1.0], [-2.0, 0.3], [0.4, 0.2], [0.0, 0.0], [1.0, 0.5]],
                      [-5.0, 0.1, -0.2, -9.0, 0.0, -0.59], "relu"),
            2: _layer([[1.0, -1.0, 0.5, 2.0, 0.4, 0.3], [-1.0, -0.4, -0.7, 0.3, -0.5, -0.2],
                       [0.3, 0.9, -0.2, 1.0, 0.7, -0.1]], [-0.3, -0.2, 0.4], "relu"),
            3: _layer([[1.0, -2.0, 0.5]], [-40.0], "id"),
        },
        np.array([[-0.3, 0.9], [0.5, 0.2], [0.8, -0.7], [-0.9, -0.4], [0.1, 0.6]]),
    ),
    (
        {
            1: _layer([[1.0, -0.5, 0.2], [0.3, 0.8, -1.0]], [-7.0, 0.1], "tanh"),
            2: _layer([[0.2, 1.0], [0.9, -0.3], [-0.2, 0.1]], [-3.0, 1.0, -1.5], "relu"),
            3: _layer([[0.3, 0.5, 1.0], [-1.0, -0.6, 0.2]], [0.2, 0.1], "relu"),
            4: _layer([[1.0, 1.0]], [0.0], "id"),
        },
        np.array([[0.4, -0.2, 0.7], [1.3, 0.5, -0.6], [-0.8, 1.1, 0.3], [0.2, -0.9, -1.2]]),
    ),
]  # fmt: skip


LEAK = {
    "Z": np.array([-2.0, -1.0, -0.5, 0.5, 1.0, 2.0]),  # as often above 0 as below
    "c": 0.3,
}  # fmt: skip

EXERCISES = {
    "13.1": predict(
        "symmetry", 1,
        {
            "none": "The output misses its targets, and something moves at once.",
            "that of the last bias, alone": "The last bias moves.",
            "those of layer 3, weights and bias":
                "What comes into layer 3 is 0, and BP4 multiplies by it.",
        },
        _moving,
        {
            "each ReLU stands at 0, where its slope counts as 0":
                "The last layer has no ReLU, and its error is not 0.",
            "the output's error is not 0, and so its weights move":
                "BP4 multiplies this error by activations that are 0.",
            "the output's error is not 0, but what it is multiplied by is": "",
        },
        why="What does this network say after very many steps?",
    ),
    "13.2": compute(
        "variance", 1, "n, rms, s = 50, 3, 0.1\nnp.sqrt(n) * s * rms",
        {
            "np.sqrt(n) → 1": "The 50 inputs are missing: 50 independent terms are added.",
            "np.sqrt(n) → n": "Independent terms partly cancel: variances are added, not deviations.",
            "np.sqrt(n) * s * rms → np.sqrt(n) * rms": "The weights' deviation is missing.",
            "np.sqrt(n) * s → np.sqrt(n) * s**2": "The weights' deviation was squared, the rest was not.",
            " * rms → ": "The size of the inputs is missing.",
            " * rms → * rms**2": "The size of the inputs was squared, the rest was not.",
            "np.sqrt(n) * s * rms → n * s**2 * rms**2": "That is the variance; its root is asked for.",
            "np.sqrt(n) * s * rms → s * rms / np.sqrt(n)": "More inputs make z larger, not smaller.",
            "np.sqrt(n) * s * rms → np.sqrt(n * s * rms)":
                "The root is taken of the number of inputs alone; the deviations stand outside.",
        },
        within=2e-3,
        why="Which deviation of the weights would bring z down to 1?",
    ),
    "13.3": compute(
        "failures", 1, "w, b = np.array([1.5, -2.0]), -4.1\nnp.abs(w).sum() + b",
        {
            "np.abs(w).sum() → w.sum()":
                "Both inputs are at 1 there; where a weight is negative, −1 is better.",
            "np.abs(w).sum() → np.maximum(w, 0).sum()":
                "Where a weight is negative, its input at −1 gives more than at 0.",
            "np.abs(w).sum() + b → 0": "That is what the neuron hands on; z is asked for.",
            " + b → ": "The bias is missing.",
            " + b → - b": "The bias is added with its sign.",
            "np.abs(w).sum() → 0": "At the input 0 only the bias counts; other inputs give more.",
            "np.abs(w).sum() → -np.abs(w).sum()": "That is the smallest z.",
            "np.abs(w).sum() → np.linalg.norm(w)":
                "The inputs fill a square; its corners are farther than 1.",
            "np.abs(w).sum() → np.abs(w).max()": "Each input has its own part; both count at once.",
        },
        within=2e-3,
        why="By how much must the bias rise before the neuron answers to any input?",
    ),
    "13.4": predict(
        "gradients", 2,
        {
            "about 1 / 65,000": "The steepest chain comes to this.",
            "about 1 / 500": "Of 20,000 chains none came near that.",
            "about 1 / 30": "Of 20,000 chains none came near that.",
        },
        _chained,
        {
            "the slopes of eight sigmoids, a quarter each, are divided by eight":
                "Slopes along a chain are multiplied.",
            "each layer multiplies by a weight of at most 1 and a slope of at most 1/4": "",
            "each layer halves the slope at least": "It does, but the steepest slope is a quarter.",
        },
        why="How large must every weight be at least for the slope not to shrink at all?",
    ),
    "13.5": assemble(
        "variance", 2,
        "def deviations(sizes, names):\n"
        "    found = []\n"
        "    for l in range(1, len(sizes)):\n"
        "        n_in, n_out = sizes[l - 1], sizes[l]\n"
        '        if names[l - 1] == "relu":\n'
        "            variance = 2 / n_in\n"
        "        else:\n"
        "            variance = 2 / (n_in + n_out)\n"
        "        found.append(variance**0.5)\n"
        "    return found\n",
        {
            "variance = 2 / n_in → variance = 2 / n_out":
                "A ReLU layer is to keep the size of what comes in: its inputs count.",
            "variance = 2 / n_in → variance = 1 / n_in":
                "A ReLU hands on half of the mean square; the 2 makes up for it.",
            "2 / (n_in + n_out) → 1 / (n_in + n_out)":
                "The two factors are to have the mean 1, not the sum 1.",
            "2 / (n_in + n_out) → 2 / n_in": "Every layer gets the variance of a ReLU layer.",
            '== "relu" → != "relu"': "The two kinds of layers have changed places.",
            '== "relu" → != "tanh"': "ReLU alone has its own rule; sigmoid and identity have tanh's.",
            "variance**0.5 → variance": "These are variances; a deviation is the root.",
            "names[l - 1] → names[l - 2]": "The names begin with layer 1: names[0] is its activation.",
        },
        [
            (np.array([3, 7, 4, 2]), ["relu", "tanh", "sigmoid"]),
            (np.array([5, 2, 6]), ["identity", "relu"]),
            (np.array([2, 9, 3, 8, 4]), ["relu", "sigmoid", "tanh", "identity"]),
        ],
        why="For which widths do both rules of a layer differ by the factor 2 in the variance?",
    ),
    "13.6": derive(
        "variance", 2, ("E[a²]", "np.mean(np.where(Z > 0, Z, c * Z) ** 2)"),
        [
            Line(
                "split by the sign of z, each as often as the other",
                ("½E[z² | z > 0] + ½E[(cz)² | z < 0]",
                 "0.5 * np.mean(Z[Z > 0] ** 2) + 0.5 * np.mean((c * Z[Z < 0]) ** 2)"),
                {
                    ("E[z² | z > 0] + E[(cz)² | z < 0]",
                     "np.mean(Z[Z > 0] ** 2) + np.mean((c * Z[Z < 0]) ** 2)"):
                        "Each sign holds for half of the draws.",
                    ("½E[z² | z > 0]", "0.5 * np.mean(Z[Z > 0] ** 2)"):
                        "Below 0 a leaky ReLU hands on cz, not 0.",
                },
            ),
            Line(
                "z is as large below 0 as above",
                ("½E[z²] + ½c²E[z²]", "0.5 * np.mean(Z**2) + 0.5 * c**2 * np.mean(Z**2)"),
                {
                    ("½E[z²] + ½cE[z²]", "0.5 * np.mean(Z**2) + 0.5 * c * np.mean(Z**2)"):
                        "The slope c is squared with z.",
                },
            ),
            Line(
                "take out what both hold",
                ("½(1 + c²) E[z²]", "0.5 * (1 + c**2) * np.mean(Z**2)"),
                {
                    ("½(1 + c)² E[z²]", "0.5 * (1 + c) ** 2 * np.mean(Z**2)"):
                        "No z is above and below 0 at once: there is no mixed term.",
                },
            ),
        ],
        LEAK,
        "def deviation(c, n):\n    return (2 / ((1 + c**2) * n)) ** 0.5\n",
        {
            "c**2 → c": "The slope below 0 enters squared.",
            "(1 + c**2) → (1 - c**2)": "What leaks is added: smaller weights do.",
            ") ** 0.5 → )": "That is the variance; the deviation is its root.",
            "2 / ((1 + c**2) → 1 / ((1 + c**2)":
                "Half of the mean square is lost: the 2 makes up for it.",
            "(1 + c**2) → (1 + c)**2": "No z is above and below 0 at once: there is no mixed term.",
            "(1 + c**2) * n → n": "That is ReLU's: the leak is missing.",
            "2 / ((1 + c**2) * n) → (1 + c**2) / (2 * n)":
                "Upside down: the more the layer keeps, the smaller the weights.",
            "((1 + c**2) * n) → (1 + c**2)": "The number of inputs is missing.",
        },
        nearby([(0.35, 40), (0.6, 9)]),
        points=("deviation(0.5, 90)", "deviation(0.8, 12)"),
        why="What comes out for c = 1, and which activation is that?",
    ),
    "13.7": spot(
        "gradients", 2,
        "def arriving(share, n, s, layers):\n"
        "    factor = share * n * s**2\n"
        "    return factor ** ((layers - 1) / 2)\n",
        {
            "share * n → n": "The neurons that are off hand nothing back: only their share counts.",
            "share * n → share": "The n terms of the sum are missing.",
            "s**2 → s": "The mean square grows with the variance of the weights.",
            "(layers - 1) / 2 → layers - 1": "This is the mean square; a length is its root.",
            "(layers - 1) / 2 → layers / 2": "From layer L to layer 1 there are L − 1 passes.",
            "share * n → share**2 * n":
                "The slope is 0 or 1, so its square has the same mean: the share.",
        },
        nearby([(0.3, 40, 0.2, 8), (0.7, 25, 0.31, 15), (0.45, 90, 0.14, 5)]),
        planted=("share * n → n",),
        why="For which s does the printed formula say that nothing is lost, and what is lost in truth?",
    ),
    "13.8": investigate(
        "failures", 2,
        {"A": FAILURES, "B": FAILURES, "C": FAILURES, "cure of C": list(CURES)},
        _names,
    ),
    "13.9": write(
        "failures", 2,
        "def dead(network, X):\n"
        "    a, found = X.T, {}\n"
        "    for l, (w, b, sigma) in network.items():\n"
        "        z = w @ a + b\n"
        "        a = sigma(z)\n"
        '        if sigma.name == "relu":\n'
        "            found[l] = np.all(z <= 0, axis=1)\n"
        "    return found\n",
        {
            "np.all(z <= 0, axis=1) → np.any(z <= 0, axis=1)":
                "A neuron is dead where no sample reaches it, not where one does not.",
            "np.all(z <= 0, axis=1) → z.mean(axis=1) <= 0":
                "A neuron whose mean z is below 0 may still answer to one sample.",
            "np.all(z <= 0, axis=1) → np.all(z <= 0, axis=0)":
                "Along this axis the neurons are gone through; the samples are the columns.",
            "z <= 0 → z >= 0": "At z above 0 a ReLU is on: these are on for every sample.",
            "z <= 0 → z < 0": "At z = 0 the neuron hands on 0 as well, and its slope counts as 0.",
            "np.all(z <= 0, axis=1) → np.all(a < 0.05, axis=1)":
                "A neuron that answers weakly is not dead: its slope is 1 there.",
            'sigma.name == "relu" → True':
                "A neuron of another activation is not dead below 0: its slope is not 0 there.",
            "a, found = X.T, {} → a, found = X[:1].T, {}": "Only the first sample is looked at.",
            "a, found = X.T, {} → a, found = X[-1:].T, {}": "Only the last sample is looked at.",
            "w @ a + b → w @ a": "The biases are missing, and they kill many a neuron.",
        },
        DEAD,
        why="Can a neuron that is dead on these samples answer to others?",
    ),
    "13.10": debug(
        "symmetry", 2,
        "def drawn(n_out, n_in, seed):\n"
        "    rng = np.random.default_rng(seed)\n"
        "    deviation = (1 / n_in) ** 0.5\n"
        "    rows = [rng.normal(0, deviation, n_in) for _ in range(n_out)]\n"
        "    return np.array(rows)\n",
        {
            " for _ in range(n_out)] → ] * n_out":
                "One row is drawn and stands n_out times: the neurons begin as copies.",
            "(1 / n_in) ** 0.5 → 1 / n_in": "normal takes the deviation, the root of the variance.",
            "1 / n_in → 1 / n_out": "What comes in is added up: the number of inputs counts.",
            "rng.normal(0, deviation, n_in) → np.full(n_in, rng.normal(0, deviation))":
                "The neurons differ, but each has one weight for all its inputs.",
            "np.array(rows) → np.array(rows).T": "A row holds the weights of one neuron: out × in.",
        },
        [(3, 4, 5), (5, 2, 1), (2, 6, 8)],
        planted=(" for _ in range(n_out)] → ] * n_out",),
        forms={
            "[rng.normal(0, deviation, n_in) for _ in range(n_out)] → "
            "rng.normal(0, deviation, (n_in, n_out)).T":
                "Rightly distributed, but drawn in another order: one row after the other is asked for.",
        },
        why="Would the copies stay equal if the weights out of them differ?",
    ),
    "13.11": investigate(
        "gradients", 3,
        {"gain": [0.8, 1, 1.1, 1.2, 1.4, 1.6, 2]},
        _claim,
    ),
}  # fmt: skip
