"""Data to learn from. Samples are rows: X (m, n) and targets Y (m, k), the same for a seed."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from . import checks


class Data(NamedTuple):
    """Inputs X (m, n) and targets Y (m, k), a sample a row."""

    X: np.ndarray
    Y: np.ndarray


class Split(NamedTuple):
    """Data to learn from, and data to judge by."""

    train: Data
    test: Data


GATES = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "nand": (1, 1, 1, 0), "xor": (0, 1, 1, 0)}


def one_hot(labels, classes):
    """Return rows of zeros with a 1 at each label: labels (m,) from 0 to classes - 1 -> (m, classes)."""
    labels = checks.finite("labels", labels)
    checks.count("classes", classes)
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise ValueError(
            f"labels have shape {labels.shape} and type {labels.dtype}; whole numbers of shape (m,) "
            f"are needed"
        )
    outside = (labels < 0) | (labels >= classes)
    if outside.any():
        where = int(np.argmax(outside))
        raise ValueError(
            f"label {labels[where]} at {where} is outside the {classes} classes 0..{classes - 1}"
        )
    return np.eye(classes)[labels]


def gate(name):
    """Return the four rows of a logic gate, "and", "or", "nand" or "xor": X (4, 2), Y (4, 1)."""
    outputs = checks.named("gate", name, GATES)
    return Data(np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array(outputs, float)[:, None])


def noisy_curve(f, m, noise, rng, low=0.0, high=1.0):
    """Return m points (x, f(x) + noise) with x spread evenly from low to high: X (m, 1), Y (m, 1)."""
    checks.count("m", m)
    checks.between("noise", noise, 0, np.inf)
    x = np.linspace(low, high, m)
    return Data(x[:, None], (f(x) + noise * rng.normal(size=m))[:, None])


def moons(m, noise, rng):
    """Return two interleaved half circles, m points in all: X (m, 2), one-hot Y (m, 2)."""
    _check_points(m, noise)
    labels = np.arange(m) % 2
    angle = rng.uniform(0, np.pi, m)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    X = np.where(labels[:, None] == 0, upper, lower) + noise * rng.normal(size=(m, 2))
    return Data(X, one_hot(labels, 2))


def spirals(m, noise, rng, classes=2, turns=1.0):
    """Return points on spiral arms, one arm a class: X (m, 2), one-hot Y (m, classes)."""
    _check_points(m, noise)
    checks.count("classes", classes)
    checks.positive("turns", turns)
    labels = np.arange(m) % classes
    radius = np.sqrt(rng.uniform(0.01, 1, m))  # the square root spreads them evenly over the disc
    angle = 2 * np.pi * (turns * radius + labels / classes)
    X = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return Data(X + noise * rng.normal(size=(m, 2)), one_hot(labels, classes))


def digits(rng, test_share=0.2):
    """Return scikit-learn's 1,797 handwritten digits, shuffled and split: X (m, 64), Y (m, 10).

    Images of 8 x 8, grays from 0 to 1. They come with scikit-learn: nothing is fetched.
    """
    from sklearn.datasets import load_digits

    loaded = load_digits()
    return _split(loaded.data / 16, loaded.target, rng, test_share)


def mnist(rng, test_share=1 / 7, cache=None):
    """Return MNIST's 70,000 handwritten digits, shuffled and split: X (m, 784) float32, Y (m, 10).

    Images of 28 x 28, grays from 0 to 1. The first call fetches them from openml.org (about 15 MB)
    into cache, by default scikit-learn's own; later calls read them from there.
    """
    from sklearn.datasets import fetch_openml

    try:
        loaded = fetch_openml(
            "mnist_784", version=1, as_frame=False, parser="liac-arff",
            data_home=None if cache is None else str(Path(cache)),
        )  # fmt: skip
    except OSError as error:  # urllib's errors are OSErrors
        raise ConnectionError(
            f"MNIST could not be fetched from openml.org ({error}); offline, "
            f"backprop.datasets.digits has smaller images of digits, on disk"
        ) from error
    return _split(loaded.data.astype(np.float32) / 255, loaded.target.astype(int), rng, test_share)


def split(data, rng, test_share=0.2):
    """Return the rows of data shuffled and split into two parts, test_share of them for the test."""
    X, Y = checks.finite("X", data[0]), checks.finite("Y", data[1])
    checks.same_length("X", X, "Y", Y)
    test = round(len(X) * checks.between("test_share", test_share, 0, 1))
    if not 0 < test < len(X):
        raise ValueError(
            f"{len(X)} samples with test_share {test_share} give {test} for the test; both parts "
            f"need at least one"
        )
    order = rng.permutation(len(X))
    return Split(Data(X[order[test:]], Y[order[test:]]), Data(X[order[:test]], Y[order[:test]]))


def _split(X, labels, rng, test_share):
    return split(Data(X, one_hot(labels, 10).astype(X.dtype)), rng, test_share)


def _check_points(m, noise):
    checks.count("m", m)
    checks.between("noise", noise, 0, np.inf)
