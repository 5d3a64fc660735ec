"""The explorer of chapter 14 (scripts/digits.js) against the package: the numbers of its sentences, its
grays, slopes and shares, for every treatment and for digits drawn at random."""

import gzip
import itertools
import random
import re
from functools import cache

import numpy as np
import pytest

from backprop.activations import softmax
from backprop.backpropagation import backprop
from backprop.costs import softmax_cross_entropy
from backprop.datasets import digits, one_hot
from backprop.network import Layer, initialize, predict
from backprop.optimizers import momentum
from backprop.training import train
from bookkit.scripted import SCRIPTS, views

MOVES = {"none": (0, 0), "right": (0, 1), "left": (0, -1), "up": (-1, 0), "down": (1, 0)}
SHIFTS = {
    "none": "", "right": "moved one pixel to the right", "left": "moved one pixel to the left",
    "up": "moved one pixel up", "down": "moved one pixel down",
}  # fmt: skip
COUNT = 40  # of the test digits, one in nine
NUMBER = r"\d+(?:\.\d)?"
SENTENCE = re.compile(
    rf"Test digit (\d+), (an?) (\d), (.+), is read as (what it is|an? \d), with a share of "
    rf"(over |under )?({NUMBER}) in 100\. Of all (\d+) test digits, treated like this, (\d+) are read "
    rf"right: (\d+) in 100\."
)
draw = random.Random(14)
STATES = [
    {"image": image, "shift": shift, "grays": grays}
    for shift, grays in itertools.product(MOVES, range(4))
    for image in (1, COUNT, *draw.sample(range(1, COUNT + 1), 4))
]


@cache
def given():
    """Return a network that has learned a little, its test digits and their labels."""
    rng = np.random.default_rng(41)
    data = digits(rng)
    net = initialize([64, 12, 10], "relu", "identity", scheme="he", rng=rng)
    how = {"cost": softmax_cross_entropy, "rate": 0.1, "epochs": 4, "batch": 64, "rng": rng}
    net = train(net, *data.train, optimizer=momentum(0.9), **how).network
    net = {l: Layer(n.w.round(2), n.b.round(2), n.sigma) for l, n in net.items()}
    return net, data.test.X[:COUNT], data.test.Y[:COUNT].argmax(axis=1)


@cache
def seen():
    net, X, labels = given()
    data = {f"w{l}": n.w.tolist() for l, n in net.items()}
    data |= {f"b{l}": n.b.tolist() for l, n in net.items()}
    data["images"] = [
        "".join("0123456789abcdefg"[g] for g in row) for row in np.rint(16 * X).astype(int)
    ]
    data["labels"] = "".join(map(str, labels))
    return list(zip(STATES, views("digits", data, STATES), strict=True))


@cache
def treated(shift, grays):
    """Return x (64, m) as the network gets it, its slopes before the grays, and the shares."""
    net, X, labels = given()
    down, along = MOVES[shift]
    images = np.zeros((len(X), 8, 8))
    for row, column in np.ndindex(8, 8):
        if 0 <= row - down < 8 and 0 <= column - along < 8:
            images[:, row, column] = X.reshape(-1, 8, 8)[:, row - down, column - along]
    x = images.reshape(-1, 64).T
    delta = backprop(net, x, one_hot(labels, 10).T, softmax_cross_entropy).delta
    slopes = net[1].w.T @ delta[1]
    x = np.clip(x + grays / 16 * np.sign(slopes), 0, 1)
    return x, slopes, softmax(predict(net, x))


@pytest.mark.parametrize("at", range(len(STATES)))
def test_the_sentence_says_what_the_package_computes(at):
    state, view = seen()[at]
    labels = given()[2]
    _, _, shares = treated(state["shift"], state["grays"])
    i = state["image"] - 1
    said = int(shares[:, i].argmax())
    found = SENTENCE.fullmatch(view["sentence"])
    assert found, view["sentence"]
    image, article, truth, how, read, limit, share, all_of_them, right, percent = found.groups()
    assert (int(image), int(truth)) == (state["image"], labels[i])
    assert article == ("an" if truth == "8" else "a")
    named = "an 8" if said == 8 else f"a {said}"
    assert read == ("what it is" if said == labels[i] else named)
    if limit:
        assert shares[said, i] > 0.999 - 1e-9
        assert (limit, share) == ("over ", "99.9")
    else:
        assert float(share) == pytest.approx(100 * shares[said, i], abs=0.0501)
    count = int(np.sum(shares.argmax(axis=0) == labels))
    assert (int(all_of_them), int(right)) == (COUNT, count)
    assert int(percent) == pytest.approx(100 * count / COUNT, abs=0.5)
    parts = [SHIFTS[state["shift"]]] if state["shift"] != "none" else []
    if grays := state["grays"]:
        many = "grays" if grays > 1 else "gray"
        parts.append(f"changed by {grays} {many} of 16 along the signs of its slopes")
    assert how == (" and ".join(parts) or "as it is")


@pytest.mark.parametrize("at", range(0, len(STATES), 5))
def test_the_picture_holds_the_grays_the_slopes_and_the_shares(at):
    state, view = seen()[at]
    x, slopes, shares = treated(state["shift"], state["grays"])
    i = state["image"] - 1
    ink = [float(v) for v in re.findall(r'fill-opacity="([\d.]+)"', view["svg"])]
    assert ink == pytest.approx([v for v in x[:, i] if v > 0], abs=5.1e-4)
    sizes = 17 * np.sqrt(np.abs(slopes[:, i]) / np.abs(slopes[:, i]).max())
    drawn = re.findall(
        r'width="([\d.]+)" height="\1" fill="(none|var\(--figure-error\))"', view["svg"]
    )
    sure = [(s, g) for s, g in zip(sizes, slopes[:, i], strict=True) if s > 3]
    frames = 2  # of the two images
    squares = [(float(s), look) for s, look in drawn if s != "160"]
    assert len(drawn) - len(squares) == frames
    assert [s for s, _ in squares] == pytest.approx([s for s, _ in sure], abs=0.051)
    assert [look == "none" for _, look in squares] == [g < 0 for _, g in sure]
    bars = [float(h) for h in re.findall(r'width="28\.0" height="([\d.]+)"', view["svg"])]
    assert bars == pytest.approx(list(72 * shares[:, i]), abs=0.051)


def test_the_digit_said_is_bold_and_the_true_one_is_named():
    labels = given()[2]
    for state, view in seen()[::7]:
        i = state["image"] - 1
        said = treated(state["shift"], state["grays"])[2][:, i].argmax()
        bold = re.findall(r'<text[^>]*font-weight="bold"[^>]*>(\d)</text>', view["svg"])
        assert bold == [str(said)]
        [place] = re.findall(r'<text x="([\d.]+)"[^>]*>true</text>', view["svg"])
        assert float(place) == 22 + 40 * labels[i]


# ---- the wire ----

WIRES = np.random.default_rng(5).integers(0, 161, size=(10, 8, 2)).tolist()
POINTS = [
    np.round(np.random.default_rng(seed).uniform(0, 160, size=(8, 2)), 2).tolist()
    for seed in range(30)
] + [
    [[80, 20 * i + 5] for i in range(8)],
    [[20 * i + 5, 80] for i in range(8)],
    [[80, 80]] * 8,
    *WIRES,
]
WIRE = re.compile(
    rf"The wire is read as (an?) (\d), with a share of (over )?({NUMBER}) in 100; next comes (an?) (\d), "
    rf"with (under )?({NUMBER})\."
)


def curve(points):
    """Return the places on the curve of Catmull and Rom through the points, by its basis."""
    basis = np.array([[0, 2, 0, 0], [-1, 0, 1, 0], [2, -5, 4, -1], [-1, 3, -3, 1]]) / 2
    points = np.array([points[0], *points, points[-1]], float) * [1, -1]  # rows are counted down
    powers = (np.arange(10)[:, None] / 10) ** np.arange(4)
    pieces = [powers @ basis @ points[i : i + 4] for i in range(len(points) - 3)]
    return np.concatenate([*pieces, points[-1:]])


def apart(cells, path):
    """Return how far each cell is from the path."""
    found = np.full(len(cells), np.inf)
    for a, b in itertools.pairwise(path):
        length = np.sum((b - a) ** 2)
        t = np.clip((cells - a) @ (b - a) / (length or 1), 0, 1)[:, None]
        found = np.minimum(found, np.hypot(*(cells - a - t * (b - a)).T))
    return found


def reduced(points):
    """Return the 64 inputs that are made of a wire."""
    path, pen = curve(points), 2.5
    low, high = path.min(axis=0), path.max(axis=0)
    width, height = np.maximum(high - low, 1)
    cells = np.array([[i % 32 + 0.5, i // 32 + 0.5] for i in range(1024)])
    for _ in range(3):
        down = (32 - 2 * pen) / height
        along = min(max(18 / width, down / 1.5), 1.5 * down, (32 - 2 * pen) / width)
        far = apart(cells, 16 + (path - (low + high) / 2) * [along, down])
        pen = sorted(far)[312]
    black = (far <= pen + 1e-9).reshape(32, 32)
    return np.array([[black[4 * r : 4 * r + 4, 4 * c : 4 * c + 4].sum() for c in range(8)]
                     for r in range(8)]).ravel() / 16  # fmt: skip


@cache
def bent():
    net = given()[0]
    data = {f"w{l}": n.w.tolist() for l, n in net.items()}
    data |= {f"b{l}": n.b.tolist() for l, n in net.items()} | {"wires": WIRES}
    states = [
        {f"{axis}{i}": v for i, p in enumerate(points, 1) for axis, v in zip("xy", p, strict=True)}
        for points in POINTS
    ]
    return list(zip(POINTS, states, views("digits", data, states), strict=True))


@pytest.mark.parametrize("at", range(len(POINTS)))
def test_a_wire_is_read_as_the_package_reads_it(at):
    points, state, view = bent()[at]
    x = reduced(points)
    ink = re.findall(
        r'x="([\d.]+)" y="([\d.]+)" width="20.0" height="20.0" [^>]*opacity="([\d.]+)"', view["svg"]
    )
    shown = np.zeros(64)
    for left, top, gray in ink:
        shown[int((float(top) - 24) / 20 * 8 + (float(left) - 224) / 20)] = float(gray)
    # a cell whose distance is that of the pen, to rounding, may be set or not
    assert np.abs(shown - x).sum() <= 4 / 16
    shares = softmax(predict(given()[0], np.round(16 * shown)[:, None] / 16))[:, 0]
    found = WIRE.fullmatch(view["sentence"])
    assert found, view["sentence"]
    article, said, over, share, article_2, following, under, rest = found.groups()
    order = np.argsort(-shares)
    assert [int(said), int(following)] == order[:2].tolist()
    assert [article, article_2] == ["an" if k == 8 else "a" for k in order[:2]]
    if over:
        assert shares[order[0]] > 0.999 - 1e-9
    else:
        assert float(share) == pytest.approx(100 * shares[order[0]], abs=0.0501)
    if under:
        assert shares[order[1]] < 0.001 + 1e-9
    else:
        assert float(rest) == pytest.approx(100 * shares[order[1]], abs=0.0501)
    for i, handle in view["handles"].items():
        assert (handle["x"] - 8, 184 - handle["y"]) == pytest.approx(
            (state[f"x{i}"], state[f"y{i}"])
        )


def test_a_digit_bends_the_wire():
    _, _, view = bent()[0]
    sets = re.findall(r'data-set="([^"]*)"', view["svg"])
    assert len(sets) == 10
    for wire, pairs in zip(WIRES, sets, strict=True):
        set_to = dict(pair.split("=") for pair in pairs.split("&amp;"))
        assert set_to == {
            f"{a}{i}": str(v) for i, p in enumerate(wire, 1) for a, v in zip("xy", p, strict=True)
        }


def test_the_script_is_small():
    assert len(gzip.compress((SCRIPTS / "digits.js").read_bytes(), 9)) <= 5 * 1024
