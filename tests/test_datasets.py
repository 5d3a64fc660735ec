"""Data: samples as rows, the same for a seed, labels where they belong; MNIST without a network."""

from urllib.error import URLError

import numpy as np
import pytest
import sklearn.datasets

from backprop.datasets import (
    Data,
    digits,
    gate,
    mnist,
    moons,
    noisy_curve,
    one_hot,
    spirals,
    split,
)


def rng(seed=0):
    return np.random.default_rng(seed)


def wave(x):
    return np.sin(2 * np.pi * x)


SEEDED = {
    "noisy_curve": lambda r: noisy_curve(wave, 30, 0.1, r),
    "moons": lambda r: moons(30, 0.1, r),
    "spirals": lambda r: spirals(30, 0.1, r, classes=3),
    "digits": lambda r: digits(r).train,
}


@pytest.mark.parametrize("make", SEEDED.values(), ids=SEEDED)
def test_a_seed_gives_one_data_set(make):
    first, same, other = make(rng(1)), make(rng(1)), make(rng(2))
    np.testing.assert_array_equal(first.X, same.X)
    np.testing.assert_array_equal(first.Y, same.Y)
    assert (first.X != other.X).any() or (first.Y != other.Y).any()


@pytest.mark.parametrize(
    ("make", "inputs", "outputs"),
    [
        (lambda r: noisy_curve(wave, 31, 0.1, r), 1, 1),
        (lambda r: moons(31, 0.1, r), 2, 2),
        (lambda r: spirals(31, 0.1, r, classes=5), 2, 5),
    ],
)
def test_rows_are_samples(make, inputs, outputs):
    X, Y = make(rng())
    assert X.shape == (31, inputs)
    assert Y.shape == (31, outputs)


@pytest.mark.parametrize(
    ("name", "truth"),
    [
        ("and", lambda p, q: p and q),
        ("or", lambda p, q: p or q),
        ("nand", lambda p, q: not (p and q)),
        ("xor", lambda p, q: p != q),
    ],
)
def test_gates_answer_as_logic_does(name, truth):
    X, Y = gate(name)
    assert sorted(map(tuple, X)) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert Y.tolist() == [[float(truth(bool(p), bool(q)))] for p, q in X]


def test_one_hot_puts_a_single_1_at_each_label():
    assert one_hot([2, 0, 1], 4).tolist() == [[0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0]]
    assert one_hot(np.array([1], np.uint8), 2).tolist() == [[0, 1]]


def test_a_noisy_curve_is_the_curve_with_noise_of_that_size():
    X, Y = noisy_curve(wave, 2000, 0.2, rng(), low=-1, high=3)
    assert (X[0, 0], X[-1, 0]) == (-1, 3)
    noise = Y - wave(X)
    assert noise.std() == pytest.approx(0.2, rel=0.05)
    assert noise.mean() == pytest.approx(0, abs=0.02)
    np.testing.assert_array_equal(
        noisy_curve(wave, 9, 0, rng()).Y, wave(np.linspace(0, 1, 9))[:, None]
    )


def test_moons_without_noise_lie_on_two_half_circles():
    X, Y = moons(100, 0, rng())
    upper, lower = X[Y[:, 0] == 1], X[Y[:, 1] == 1]
    assert len(upper) == len(lower) == 50
    np.testing.assert_allclose(np.hypot(*upper.T), 1)
    np.testing.assert_allclose(np.hypot(*(lower - [1, 0.5]).T), 1)
    assert upper[:, 1].min() >= 0
    assert lower[:, 1].max() <= 0.5


def test_spirals_without_noise_lie_on_one_arm_a_class():
    X, Y = spirals(90, 0, rng(), classes=3, turns=2.0)
    radius = np.hypot(*X.T)
    angle = np.arctan2(X[:, 1], X[:, 0])
    arm = (angle / (2 * np.pi) - 2.0 * radius) * 3  # a whole number, the class, modulo 3
    np.testing.assert_allclose((arm - Y.argmax(axis=1) + 0.5) % 3, 0.5, atol=1e-9)
    assert radius.max() <= 1
    assert Y.sum(axis=0).tolist() == [30, 30, 30]


def test_half_circles_and_arms_are_filled_from_end_to_end():
    X, Y = moons(4000, 0, rng())
    upper, lower = X[Y[:, 0] == 1], X[Y[:, 1] == 1]
    np.testing.assert_array_equal(Y[:3], [[1, 0], [0, 1], [1, 0]])
    for part, middle, ends, heights in (
        (upper, 0, (-1, 1), (0, 1)),
        (lower, 1, (0, 2), (-0.5, 0.5)),
    ):
        for column, (low, high) in zip(part.T, (ends, heights), strict=True):
            assert (column.min(), column.max()) == pytest.approx((low, high), abs=0.01)
        share = np.arccos(part[:, 0] - middle) / np.pi  # evenly along the half circle
        assert np.quantile(share, [0.25, 0.5, 0.75]) == pytest.approx([0.25, 0.5, 0.75], abs=0.04)
    X, Y = spirals(4000, 0, rng())
    assert Y.shape == (4000, 2)  # two classes, one turn
    radius = np.hypot(*X.T)
    assert (radius.min(), radius.max()) == pytest.approx((0.1, 1), abs=0.01)
    assert np.median(radius**2) == pytest.approx((0.01 + 1) / 2, abs=0.03)
    first = X[Y[:, 0] == 1]
    turned = np.arctan2(first[:, 1], first[:, 0]) - 2 * np.pi * np.hypot(*first.T)
    np.testing.assert_allclose(np.sin(turned), 0, atol=1e-9)
    np.testing.assert_allclose(np.cos(turned), 1)


@pytest.mark.parametrize("make", [moons, spirals])
def test_noise_is_added_to_both_coordinates_of_every_point(make):
    class Quiet:
        """A generator whose normal noise is 0."""

        def __init__(self):
            self.own = rng()

        def uniform(self, *args):
            return self.own.uniform(*args)

        def normal(self, size):
            return np.zeros(size)

    noise = make(3000, 0.2, rng()).X - make(3000, 0.2, Quiet()).X
    assert noise.std(axis=0) == pytest.approx([0.2, 0.2], rel=0.05)
    assert noise.mean(axis=0) == pytest.approx([0, 0], abs=0.02)
    assert abs(np.corrcoef(noise.T)[0, 1]) < 0.1


def test_the_smallest_of_everything_is_allowed():
    X, Y = noisy_curve(wave, 1, 0, rng(), low=0.25)
    assert (X.item(), Y.item()) == (0.25, 1)
    assert moons(1, 0, rng()).Y.tolist() == [[1, 0]]
    assert spirals(1, 0, rng(), classes=1, turns=0.5).Y.tolist() == [[1]]
    assert one_hot([0], 1).tolist() == [[1]]
    for share in (0.5, 0.26, 0.74):
        train, test = split(Data(np.ones((2, 1)), np.ones((2, 1))), rng(), share)
        assert (len(train.X), len(test.X)) == (1, 1)
    with pytest.raises(ValueError, match="give 2 for the test; both parts need at least one"):
        split(Data(np.ones((2, 1)), np.ones((2, 1))), rng(), 0.9)
    train, test = split(Data(np.ones((10, 1)), np.ones((10, 1))), rng())
    assert (len(train.X), len(test.X)) == (8, 2)


def test_digits_are_scikit_learns_shuffled_and_scaled():
    (X, Y), (X_test, Y_test) = digits(rng())
    assert (X.shape, Y.shape) == ((1438, 64), (1438, 10))
    assert (X_test.shape, Y_test.shape) == ((359, 64), (359, 10))
    assert (X.min(), X.max()) == (0, 1)
    loaded = sklearn.datasets.load_digits()
    images = [image.tobytes() for image in loaded.data / 16]
    original = dict(zip(images, loaded.target, strict=True))
    both = zip(np.vstack([X, X_test]), np.vstack([Y, Y_test]), strict=True)
    assert all(original[image.tobytes()] == y.argmax() for image, y in both)
    assert (Y[:10].argmax(axis=1) != loaded.target[:10]).any()


def test_split_keeps_rows_together_and_loses_none():
    X = np.arange(20.0)[:, None]
    train, test = split(Data(X, 10 * X), rng(), test_share=0.25)
    assert len(train.X) == 15
    assert sorted(np.vstack([train.X, test.X])[:, 0]) == list(range(20))
    for X, Y in (train, test):
        np.testing.assert_array_equal(Y, 10 * X)


def fake_mnist(*, images=14, **asked):
    assert asked["version"] == 1
    data = np.tile(np.arange(images)[:, None] % 256, (1, 784)).astype(np.int64)
    data[0] = 255
    labels = np.array([str(i % 10) for i in range(images)], object)
    return sklearn.utils.Bunch(data=data, target=labels, asked=asked)


def test_mnist_scales_shuffles_and_splits_what_openml_sends(monkeypatch):
    monkeypatch.setattr(sklearn.datasets, "fetch_openml", lambda name, **k: fake_mnist(**k))
    (X, Y), (X_test, Y_test) = mnist(rng())
    assert (X.shape, Y.shape) == ((12, 784), (12, 10))
    assert (X_test.shape, Y_test.shape) == ((2, 784), (2, 10))
    assert X.dtype == Y.dtype == np.float32
    images, labels = np.vstack([X, X_test]), np.vstack([Y, Y_test]).argmax(axis=1)
    assert (images.min(), images.max()) == (1 / np.float32(255), 1)
    numbers = np.where(images[:, 0] == 1, 0, np.rint(images[:, 0] * 255)).astype(int)
    assert sorted(numbers) == list(range(14))
    assert labels.tolist() == (numbers % 10).tolist()


def test_mnist_hands_its_cache_to_scikit_learn(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(
        sklearn.datasets,
        "fetch_openml",
        lambda name, **k: asked.append((name, k)) or fake_mnist(**k),
    )
    mnist(rng(), cache=tmp_path)
    mnist(rng())
    assert [name for name, _ in asked] == ["mnist_784"] * 2
    assert [k["data_home"] for _, k in asked] == [str(tmp_path), None]


def test_mnist_offline_says_so_and_names_what_is_on_disk(monkeypatch):
    def offline(name, **k):
        raise URLError("Name or service not known")

    monkeypatch.setattr(sklearn.datasets, "fetch_openml", offline)
    message = r"MNIST could not be fetched from openml\.org .*not known.*backprop\.datasets\.digits"
    with pytest.raises(ConnectionError, match=message) as caught:
        mnist(rng())
    assert isinstance(caught.value.__cause__, URLError)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: one_hot([0, 3], 3), r"label 3 at 1 is outside the 3 classes 0\.\.2"),
        (lambda: one_hot([0, 1, -1], 3), r"label -1 at 2 is outside the 3 classes"),
        (
            lambda: one_hot([0.0, 1.0], 3),
            r"labels have shape \(2,\) and type float64; whole numbers",
        ),
        (lambda: one_hot([[0], [1]], 3), r"labels have shape \(2, 1\)"),
        (lambda: one_hot([], 3), r"labels is empty"),
        (lambda: one_hot([0], 0), r"classes is 0; a whole number of at least 1"),
        (lambda: gate("nor"), r"unknown gate 'nor'; known are and, or, nand, xor"),
        (lambda: moons(0, 0.1, rng()), r"m is 0; a whole number of at least 1"),
        (lambda: moons(10, -0.1, rng()), r"noise is -0\.1"),
        (lambda: spirals(10, 0.1, rng(), classes=0), r"classes is 0"),
        (lambda: spirals(10, 0.1, rng(), turns=0), r"turns is 0"),
        (lambda: spirals(10, np.nan, rng()), r"noise is nan"),
        (lambda: noisy_curve(wave, 2.5, 0.1, rng()), r"m is 2\.5"),
        (lambda: noisy_curve(wave, 5, -1, rng()), r"noise is -1"),
        (
            lambda: split(Data(np.ones((4, 1)), np.ones((3, 1))), rng()),
            r"X has 4 samples and Y has 3",
        ),
        (lambda: split(Data(np.ones((4, 1)), np.ones((4, 1))), rng(), 1.0), r"test_share is 1\.0"),
        (
            lambda: split(Data(np.ones((2, 1)), np.ones((2, 1))), rng(), 0.1),
            r"2 samples with test_share 0\.1 give 0 for the test; both parts need at least one",
        ),
        (
            lambda: split(Data(np.array([[1], [np.nan]]), np.ones((2, 1))), rng()),
            r"X holds nan at \(1, 0\)",
        ),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
