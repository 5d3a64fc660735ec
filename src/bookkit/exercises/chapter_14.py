"""The exercises of chapter 14, reading digits."""

from functools import cache

import numpy as np

from backprop.costs import softmax_cross_entropy
from backprop.datasets import Data, digits
from backprop.network import initialize
from backprop.optimizers import exponential, momentum
from backprop.training import accuracy, train

from ..notation import minus
from .fresh import generator
from .kinds import assemble, compute, debug, investigate, predict, spot, write
from .verdict import Verdict


@cache
def _no_eights():
    """Return the accuracy of a detector that always says that an image is no 8."""
    train_part, test = digits(np.random.default_rng(0))
    share = 1 - np.concatenate([train_part.Y, test.Y])[:, 8].mean()
    return min(
        {"about 10 %": 0.1, "about 50 %": 0.5, "about 90 %": 0.9}.items(),
        key=lambda item: abs(item[1] - share),
    )[0]


@cache
def _third():
    """Return the size of batch whose root mean square is a third of that of 50, of many samples."""
    samples = np.random.default_rng(0).normal(size=60_000)

    def off(size):
        return np.sqrt(np.mean(samples.reshape(-1, size).mean(axis=1) ** 2))

    sizes = {"about 90": 96, "450": 480, "150": 150}
    return min(sizes, key=lambda text: abs(off(sizes[text]) - off(50) / 3))


def _trained(hidden, seed, places=None):
    rng = np.random.default_rng(seed)
    learn, test = digits(rng)
    if places is not None:
        learn, test = (Data(part.X[:, places], part.Y) for part in (learn, test))
    network = initialize([64, hidden, 10], "relu", "identity", scheme="he", rng=rng)
    run = train(
        network, *learn, cost=softmax_cross_entropy, rate=exponential(0.4, 0.92), epochs=40, batch=64,
        rng=rng, optimizer=momentum(0.9), weight_decay=1.0,
    )  # fmt: skip
    return accuracy(run.network, *test)


@cache
def _rearranged():
    share = _trained(64, 7, np.random.default_rng(7).permutation(64))
    texts = {"about 10 in 100": 0.1, "about 80 in 100": 0.8, "about 97 in 100": 0.97}
    return min(texts, key=lambda text: abs(texts[text] - share))


@cache
def _mean(hidden):
    """Return the mean accuracy of six splits, and its standard error.

    That is the larger of two: what so many test digits leave to chance, and what the accuracies,
    which differ from network to network too, show.
    """
    found = np.array([_trained(hidden, seed) for seed in range(100, 106)])
    of_tests = np.sqrt(found.mean() * (1 - found.mean()) / (6 * 359))
    return found.mean(), max(of_tests, found.std(ddof=1) / np.sqrt(6))


def _claim(hidden, claimed):
    if not (1 <= hidden <= 200 and int(hidden) == hidden):
        return Verdict(False, "n must be a whole number from 1 to 200.")
    if not 0 < claimed <= 1:
        return Verdict(False, "The accuracy is claimed as a share, above 0 and at most 1.")
    mean, error = _mean(int(hidden))
    # no number before the claim holds, or the fresh splits would be used to choose
    if claimed > mean:
        return Verdict(False, "The claim is more than the six fresh splits reach on average.")
    if claimed < mean - 0.02:
        return Verdict(False, "True, but the six fresh splits reach over 0.02 more on average.")
    found = minus(
        f"On six fresh splits the mean was {mean:.3f}, with the standard error {error:.3f}."
    )
    return Verdict(True, f"{found} Would your claim hold on six others?")


_rng = generator(14)


def _columns(n, k, m, size):
    return _rng.normal(size=(n, m)), _rng.normal(size=(k, m)), _rng.permutation(m), size


def _layers(L):
    sizes = [4, 3, 5, 2, 3][:L]
    w, b, grad_w, grad_b = ({} for _ in range(4))
    for l in range(2, L + 1):
        shape = (sizes[l - 1], sizes[l - 2])
        w[l], grad_w[l] = _rng.normal(size=shape), _rng.normal(size=shape)
        b[l], grad_b[l] = (_rng.normal(size=(shape[0], 1)) for _ in range(2))
    return w, b, grad_w, grad_b, round(float(_rng.uniform(0.1, 0.9)), 2), L


def _image(k, n, m, eps):
    x, y = _rng.uniform(0, 1, size=(n, m)), _rng.uniform(0.1, 0.9, size=(k, m))
    return _rng.normal(size=(k, n)), _rng.normal(size=(k, 1)), x, y, eps


EXERCISES = {
    "14.1": predict(
        "baselines", 1,
        {
            "about 10 %": "That is the share of images on which it is wrong.",
            "about 50 %": "The two answers are not equally frequent.",
            "about 90 %": "Count the images on which “no” is right.",
        },
        _no_eights,
        {
            "it never finds an 8": "It does not, and is right on all others.",
            "one image in ten is an 8": "",
            "there are two answers":
                "How many answers there are does not say how often each is right.",
        },
        by="The count shows",
        why="Which number of the section on confusion shows that it is useless?",
    ),
    "14.2": predict(
        "batches", 1,
        {
            "150": "Three times the samples divide the distance by the square root of 3.",
            "450": "The distance has to fall to a third: by which factor does B grow?",
            "about 90": "The distance falls slower than 1/B, not faster.",
        },
        _third,
        {
            "the distance falls as 1/B": "The square of it does.",
            "the distance falls as 1/B²": "That would be the faster way; it is the slower one.",
            "the squared distance falls as 1/B": "",
        },
        why="And what does a step with such a batch cost?",
    ),
    "14.3": compute(
        "spread", 1, "p, n = 420 / 500, 500\n(p * (1 - p) / n)**0.5",
        {
            "(p * (1 - p) / n)**0.5 → p * (1 - p) / n":
                "That is the variance; the standard error is its root.",
            "(p * (1 - p) / n)**0.5 → (p * (1 - p))**0.5":
                "That is the deviation of one image; n images are averaged.",
            "(p * (1 - p) / n)**0.5 → (p / n)**0.5": "The factor 1 − p is missing.",
            "(p * (1 - p) / n)**0.5 → ((1 - p) / n)**0.5": "The factor p is missing.",
            "(p * (1 - p) / n)**0.5 → (p * (1 - p) * n)**0.5":
                "That counts images; the accuracy is a share.",
            "(p * (1 - p) / n)**0.5 → (p * (1 - p))**0.5 / n": "n stands under the root.",
            "(p * (1 - p) / n)**0.5 → (0.97 * 0.03 / n)**0.5":
                "That has the accuracy of the text, not of this network.",
            "(p * (1 - p) / n)**0.5 → round((p * (1 - p) / n)**0.5, 2)":
                "That has one digit; three are asked for.",
            "(p * (1 - p) / n)**0.5 → 100 * (p * (1 - p) / n)**0.5":
                "That is in 100; as a share of 1 it is a hundredth of this.",
        },
        why="How many images would halve it?",
    ),
    "14.4": compute(
        "confusion", 1,
        "table = np.array([[58, 3, 5], [4, 41, 9], [2, 7, 37]])\ntable[2, 2] / table[2].sum()",
        {
            "table[2].sum() → table[:, 2].sum()": "That is the precision: the share of a column.",
            "table[2].sum() → table.sum()": "Only images of the third digit count.",
            "table[2, 2] / → np.trace(table) / table.sum() + 0 *":
                "That is the accuracy over all digits.",
            "table[2].sum() → (table[2].sum() - 37)":
                "That compares the found with the missed; take the share of all.",
            "table[2, 2] / → 1 - table[2, 2] /": "That is the share that is missed.",
            "table[2, 2] / table[2].sum() → table[1, 1] / table[1].sum()":
                "That is the second digit.",
        },
        why="What is its precision?",
    ),
    "14.5": compute(
        "slopes", 1,
        "w = np.array([[0.7, -1.2, 0.4], [0.9, 0.5, -1.5]])\nd = np.array([0.3, -0.2])\n"
        "0.05 * np.sum(np.abs(w.T @ d))",
        {
            "np.sum(np.abs(w.T @ d)) → np.sum(w.T @ d)":
                "Pixels with a negative slope move down; each adds its size.",
            "np.sum(np.abs(w.T @ d)) → np.sum(np.abs(w).T @ np.abs(d))":
                "The two ways of one pixel are added with their signs; sizes come after.",
            "np.sum(np.abs(w.T @ d)) → np.linalg.norm(w.T @ d)":
                "That holds for a step of this length; here each pixel may move so far.",
            "np.sum(np.abs(w.T @ d)) → np.max(np.abs(w.T @ d))": "That is the largest pixel alone.",
            "0.05 * np.sum → np.sum": "The size of the change is missing.",
            "np.sum(np.abs(w.T @ d)) → np.mean(np.abs(w.T @ d))":
                "All pixels move: their shares are added, not averaged.",
        },
        why="Which pixels get darker?",
    ),
    "14.6": predict(
        "limits", 1,
        {
            "about 10 in 100": "Each pixel still says as much as before.",
            "about 80 in 100": "Something would have to get lost; nothing does.",
            "about 97 in 100": "What does a neuron of layer 1 know of which pixels are neighbors?",
        },
        _rearranged,
        {
            "without neighbors no stroke can be seen":
                "The network never used which pixels are neighbors.",
            "a neuron adds up all pixels, wherever they stand": "",
            "it learns to put the pixels back first":
                "Nothing needs to be put back: sums have no order.",
        },
        why="Why do the half-moved copies help, then?",
    ),
    "14.7": assemble(
        "batches", 2,
        "def batches(x, y, order, size):\n"
        "    xs, ys = [], []\n"
        "    for first in range(0, len(order) - size + 1, size):\n"
        "        c = order[first : first + size]\n"
        "        xs.append(x[:, c])\n"
        "        ys.append(y[:, c])\n"
        "    return tuple(xs), tuple(ys)\n",
        {
            "len(order) - size + 1 → len(order)":
                "A smaller last batch is kept; it is to be left out.",
            "len(order) - size + 1 → len(order) - size":
                "Where size divides m, the last batch is whole and is lost.",
            "size + 1, size → size + 1, 1": "The batches overlap: each sample is to come once.",
            "order[first : first + size] → np.arange(first, first + size)":
                "The order is not used: the samples are not shuffled.",
            "order[first : first + size] → np.argsort(order)[first : first + size]":
                "That is the inverse order: column order[i] is to come to place i.",
            "y[:, c] → y[:, first : first + size]": "The targets are not shuffled along with x.",
            "first + size] → first + size - 1]": "Each batch lacks its last sample.",
        },
        [_columns(3, 2, 11, 4), _columns(2, 4, 12, 3), _columns(4, 3, 9, 5), _columns(5, 2, 8, 2)],
        results=("x", "y"),
        why="Does the same sample stay out in every epoch?",
    ),
    "14.8": debug(
        "batches", 2,
        "def shuffled(X, Y, order):\n    return X[order], Y[order]\n",
        {
            "Y[order] → Y": "X is shuffled and Y is not: the labels belong to other images.",
            "X[order] → X": "Y is shuffled and X is not: the labels belong to other images.",
            "X[order], Y[order] → X, Y":
                "Nothing is shuffled: the pairs are right, the order is the old one.",
            "Y[order] → Y[order[::-1]]": "Y is put in another order than X.",
            "Y[order] → Y[np.argsort(order)]": "Y is put in the inverse order.",
            "X[order], Y[order] → X[np.argsort(order)], Y[np.argsort(order)]":
                "That is the inverse order: row i is to be the old row order[i].",
        },
        [
            (_rng.normal(size=(7, 3)), _rng.normal(size=(7, 2)), np.array([3, 0, 5, 1, 6, 2, 4])),
            (_rng.normal(size=(5, 2)), _rng.normal(size=(5, 4)), np.array([1, 4, 0, 2, 3])),
        ],
        planted=("Y[order] → Y",), results=("X", "Y"),
        why="Why does the gradient check not see this mistake?",
    ),
    "14.9": spot(
        "batches", 2,
        "def update(w, b, grad_w, grad_b, rate, L):\n"
        "    w, b = dict(w), dict(b)\n"
        "    for l in range(L, 1, -1):\n"
        "        w[l] = w[l] - rate * grad_w[l]\n"
        "        b[l] = b[l] - rate * grad_b[l]\n"
        "    return w, b\n",
        {
            "range(L, 1, -1) → range(L - 1, 1, -1)":
                "Layer L never learns: its weights and biases stay as they were drawn.",
            "range(L, 1, -1) → range(L, 2, -1)": "Layer 2 never learns.",
            "range(L, 1, -1) → range(L - 1, 2, -1)": "Neither layer L nor layer 2 learns.",
            "w[l] - rate → w[l] + rate": "The weights go uphill.",
            "b[l] - rate → b[l] + rate": "The biases go uphill.",
            "rate * grad_w → grad_w": "The step of the weights lacks the rate.",
            "rate * grad_b → grad_b": "The step of the biases lacks the rate.",
            "b[l] - rate * grad_b[l] → b[l]": "The biases never learn.",
            "w[l] - rate * grad_w[l] → w[l]": "The weights never learn.",
        },
        [_layers(3), _layers(4), _layers(5)],
        planted=("range(L, 1, -1) → range(L - 1, 1, -1)",), results=("w", "b"),
        why="What happens to a network without hidden layer under the printed range?",
    ),
    "14.10": write(
        "confusion", 2,
        "def shares(truth, said, classes):\n"
        "    counts = np.zeros((classes, classes))\n"
        "    for t, s in zip(truth, said):\n"
        "        counts[t, s] += 1\n"
        "    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)\n",
        {
            "counts[t, s] → counts[s, t]": "Rows are to be true digits, columns those said.",
            "+= 1 → = 1": "Each pair is counted once, however often it occurs.",
            "axis=1 → axis=0": "Each column is divided by its sum; the rows are to sum to 1.",
            "counts.sum(axis=1, keepdims=True) → counts.sum()":
                "All is divided by the number of images; each row has a sum of its own.",
            "np.maximum(counts.sum(axis=1, keepdims=True), 1) → 1": "These are counts, not shares.",
            "np.maximum(counts.sum(axis=1, keepdims=True), 1) → counts.sum(axis=1, keepdims=True)":
                "A digit that does not occur has the row 0/0.",
            "keepdims=True → keepdims=False":
                "The sums lie flat: each column is divided by the sum of a row.",
        },
        [
            ([0, 2, 1, 2, 2, 0, 1, 2, 1], [0, 2, 2, 2, 0, 1, 1, 2, 1], 3),
            ([3, 1, 0, 3, 3, 1, 0, 0, 3, 3], [3, 1, 0, 1, 2, 1, 3, 0, 3, 3], 4),
            ([4, 0, 1, 2, 4, 2, 2, 1], [4, 0, 2, 2, 0, 1, 2, 1], 5),
        ],
        why="Where do the recalls stand?",
    ),
    "14.11": write(
        "slopes", 3,
        "def fooled(w, b, x, y, eps):\n"
        "    a = 1 / (1 + np.exp(-(w @ x + b)))\n"
        "    delta = (a - y) * a * (1 - a)\n"
        "    return np.clip(x + eps * np.sign(w.T @ delta), 0, 1)\n",
        {
            "x + eps → x - eps":
                "The cost falls along this: the step, or the error, has the wrong sign.",
            " * a * (1 - a) → ":
                "BP1 lacks the slope of the sigmoid; with several neurons the signs change.",
            "np.sign(w.T @ delta) → (w.T @ delta)":
                "The slopes themselves are used; only their signs are to be.",
            "np.sign(w.T @ delta) → (w.T @ delta) / x.shape[1]":
                "The slopes themselves are used, with the 1/m; only their signs are to be.",
            "np.clip(x + eps * np.sign(w.T @ delta), 0, 1) → x + eps * np.sign(w.T @ delta)":
                "Some entries leave the range from 0 to 1.",
            "np.clip(x + eps * np.sign(w.T @ delta), 0, 1) → np.clip(eps * np.sign(w.T @ delta), 0, 1)":
                "The change is returned without x.",
            "np.exp(-(w @ x + b)) → np.exp(-(w @ x))": "The bias is missing.",
        },
        [_image(3, 6, 5, 0.1), _image(2, 9, 4, 0.25), _image(4, 5, 7, 0.05)],
        why="Why does the 1/m of the mean not matter here?",
    ),
    "14.12": investigate(
        "spread", 3,
        {"n": [16, 32, 64, 128], "accuracy": [0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98]},
        _claim,
    ),
}  # fmt: skip
