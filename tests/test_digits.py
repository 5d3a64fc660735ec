"""The explorer of chapter 14 (scripts/digits.js) against the package: the numbers of its sentences, its
grays, slopes and shares, for every treatment and for digits drawn at random."""

import gzip
import itertools
import json
import random
import re
from functools import cache

import numpy as np
import pytest
from conftest import REDRAWN, ROOT, opened
from playwright.sync_api import expect

from backprop.activations import softmax
from backprop.backpropagation import backprop
from backprop.costs import softmax_cross_entropy
from backprop.datasets import Data, digits, one_hot, split
from backprop.gradient_check import central_difference
from backprop.network import Layer, initialize, predict
from backprop.optimizers import momentum
from backprop.training import train
from bookkit import strokes
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
    rf"(over |under )?({NUMBER}) in 100\. Of all (\d+) test digits, treated like this, (\d+) (?:is|are) "
    rf"read right: (\d+) in 100\."
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


def parameters(net):
    """Return what the script is given of a network."""
    return {f"{k}{l}": v.tolist() for l, n in net.items() for k, v in (("w", n.w), ("b", n.b))}


@cache
def seen():
    net, X, labels = given()
    data = parameters(net)
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


# ---- strokes ----

FIELD = 192
random_strokes = np.random.default_rng(5)
SHAPES = {
    f"{count} {length}": [
        random_strokes.integers(0, FIELD + 1, (length, 2)).tolist() for _ in range(count)
    ]
    for count in (1, 2, 3) for length in (1, 2, 5, 30)
} | {
    "upright": [[[90, y] for y in range(10, 190, 20)]],
    "level": [[[x, 90] for x in range(10, 190, 20)]],
    "cross": [[[0, 0], [FIELD, FIELD]], [[FIELD, 0], [0, FIELD]]],
    **strokes.shapes(),
}  # fmt: skip
TOWARD = ["none", *map(str, range(10))]
DRAWN = [{"shape": name, "toward": TOWARD[i % 11]} for i, name in enumerate(SHAPES)]
DRAWN += [{"shape": "3", "toward": toward} for toward in TOWARD]
DRAWING = re.compile(
    rf"Read as (an?) (\d), with a share of (over )?({NUMBER}) in 100; next comes (an?) (\d), "
    rf"with (under )?({NUMBER})\."
    rf"(?: Steepest towards an? (\d): (more|less) ink in row (\d), column (\d)\.)?"
)


def apart(x, y, path):
    """Return the squared distance of a place from the nearest piece of a path."""
    pieces = list(itertools.pairwise(path)) or [(path[0], path[0])]
    found = []
    for (ax, ay), (bx, by) in pieces:
        dx, dy = bx - ax, by - ay
        along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy or 1)
        along = min(max(along, 0), 1)
        found.append((x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2)
    return min(found)


def reduced(drawn):
    """Return the 64 inputs that are made of strokes, cell by cell."""
    xs, ys = ([p[k] for stroke in drawn for p in stroke] for k in (0, 1))
    width, height = max(max(xs) - min(xs), 1), max(max(ys) - min(ys), 1)
    middle = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    pen = 2.5
    for _ in range(3):
        down = (32 - 2 * pen) / height
        along = min(max(18 / width, down / 1.5), 1.5 * down, (32 - 2 * pen) / width)
        placed = [
            [(16 + along * (x - middle[0]), 16 + down * (y - middle[1])) for x, y in stroke]
            for stroke in drawn
        ]
        far = {
            (row, column): min(apart(column + 0.5, row + 0.5, path) for path in placed)
            for row in range(32) for column in range(32)
        }  # fmt: skip
        edge = sorted(far.values())[312]
        pen = edge**0.5
    counts = np.zeros(64)
    for (row, column), d in far.items():
        counts[8 * (row // 4) + column // 4] += d <= edge
    return counts / 16


@cache
def drawings():
    return views("digits", parameters(given()[0]) | {"shapes": SHAPES}, DRAWN)


@cache
def grays_of(name):
    return reduced(SHAPES[name])


@pytest.mark.parametrize("at", range(0, len(SHAPES), 3))
def test_python_reduces_strokes_to_the_same_grays(at):
    name = list(SHAPES)[at]
    assert strokes.reduced([np.array(s, float) for s in SHAPES[name]]).tolist() == (
        grays_of(name).tolist()
    )


@pytest.mark.parametrize("at", range(len(DRAWN)))
def test_strokes_are_read_as_the_package_reads_them(at):
    state, view = DRAWN[at], drawings()[at]
    net, x = given()[0], strokes.reduced([np.array(s, float) for s in SHAPES[state["shape"]]])
    ink = re.findall(
        r'x="([\d.]+)" y="([\d.]+)" width="24.0" height="24.0" [^>]*opacity="([\d.]+)"', view["svg"]
    )
    shown = np.zeros(64)
    for left, top, gray in ink:
        shown[int((float(top) - 24) / 24 * 8 + (float(left) - 208) / 24)] = float(gray)
    pale = 1 if state["toward"] == "none" else 3
    assert shown == pytest.approx(x / pale, abs=5.1e-4)
    shares = softmax(predict(net, x[:, None]))[:, 0]
    found = DRAWING.fullmatch(view["sentence"])
    assert found, view["sentence"]
    article, said, over, share, article_2, following, under, rest, *steepest = found.groups()
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
    if state["toward"] == "none":
        assert steepest == [None] * 4
        return
    y = np.eye(10)[:, [int(state["toward"])]]

    def cost(x):
        return softmax_cross_entropy(predict(net, x), y)

    slopes = central_difference(cost, x[:, None])[:, 0]
    toward, way, row, column = steepest
    place = 8 * (int(row) - 1) + int(column) - 1
    assert toward == state["toward"]
    assert abs(slopes[place]) == pytest.approx(np.abs(slopes).max(), rel=1e-4)
    assert way == ("less" if slopes[place] > 0 else "more")


def test_an_empty_field_asks_for_a_digit():
    data = parameters(given()[0]) | {"shapes": SHAPES}
    [view] = views("digits", data, [{"shape": "your strokes", "toward": "4"}])
    assert view["sentence"].startswith("The field is empty")


# ---- the pen, in the page ----

PAGE = "book/14_digits.html"
GRAYS = """e => [...e.querySelectorAll('rect[width="24.0"][height="24.0"]')].map((r) =>
  [r.getAttribute("x"), r.getAttribute("y"), r.getAttribute("fill-opacity")].map(Number))"""
PATHS = """e => [...e.querySelectorAll('path[stroke-linecap]')].map((p) => p.getAttribute("d"))"""


def on_page(explorer):
    """Return the strokes that are to be seen, on the field, and the grays beside them."""
    explorer.page.evaluate(REDRAWN)
    drawn = [
        [[float(n) for n in point.split()] for point in path[1:].split("L")][:-1]
        for path in explorer.evaluate(PATHS)
    ]
    grays = np.zeros(64)
    for left, top, gray in explorer.evaluate(GRAYS):
        grays[int((top - 24) / 24 * 8 + (left - 208) / 24)] = gray
    return [np.array(stroke) - [4, 24] for stroke in drawn], grays


def held_against_python(explorer):
    """Assert that the grays are those that Python makes of the strokes; return the strokes."""
    drawn, grays = on_page(explorer)
    if drawn:
        assert grays == pytest.approx(strokes.reduced(drawn), abs=5.1e-4)
    return drawn


def corners(explorer):
    """Return the function from a place on the field, from 0 to 1, to one on the screen."""
    box = explorer.locator(".pad").bounding_box()
    return lambda x, y: (box["x"] + x * box["width"], box["y"] + y * box["height"])


@pytest.mark.parametrize("width", [390, 1280])
def test_strokes_are_drawn_by_pointer(site, browser, width):
    with opened(browser, site / PAGE, width=width) as page:
        explorer = page.locator("#draw")
        caption, menu = explorer.locator("figcaption"), explorer.locator("[name=shape]")
        explorer.locator("[name=toward]").select_option(label="none")
        shape = held_against_python(explorer)
        assert len(shape) == len(strokes.shapes()["3"])
        explorer.locator("svg").scroll_into_view_if_needed()
        explorer.locator("[data-pen=clear]").click()
        expect(caption).to_contain_text("The field is empty")
        assert menu.input_value() == "0"

        def stroke(*places):
            page.mouse.move(*at(*places[0]))
            page.mouse.down()
            for place in places[1:]:
                page.mouse.move(*at(*place), steps=6)
                page.evaluate(REDRAWN)
            page.mouse.up()
            return held_against_python(explorer)

        at = corners(explorer)
        one = stroke((0.3, 0.1), (0.7, 0.1), (0.5, 0.9))
        assert len(one) == 1
        assert len(one[0]) > 6
        expect(caption).to_contain_text("Read as")
        assert len(stroke((0.3, 0.5), (0.7, 0.5))) == 2
        outside = stroke((0.9, 0.9), (3, 3))  # what leaves the field stays at its edge
        assert np.max(outside[2]) <= FIELD
        explorer.locator("[data-pen=undo]").click()
        assert len(held_against_python(explorer)) == 2
        page.mouse.move(*at(0.2, 0.2))  # a mouse that is not pressed draws nothing
        assert len(held_against_python(explorer)) == 2

        menu.select_option(label="7")
        shown = len(held_against_python(explorer))
        assert len(stroke((0.2, 0.95), (0.8, 0.95))) == shown + 1  # one goes on from a shape
        menu.select_option(label="7")
        assert len(held_against_python(explorer)) == shown  # which stays as it was
        explorer.locator("[data-reset]").click()
        assert len(on_page(explorer)[0]) == len(shape)
        assert page.seen == []


def test_a_finger_draws_and_does_not_scroll(site, browser):
    with opened(browser, site / PAGE, width=390, has_touch=True) as page:
        explorer = page.locator("#draw")
        explorer.locator("[name=toward]").select_option(label="none")
        explorer.locator("svg").scroll_into_view_if_needed()
        at, touch = corners(explorer), page.context.new_cdp_session(page)
        before, scrolled = held_against_python(explorer), page.evaluate("scrollY")

        def finger(kind, *places):
            points = [dict(zip("xy", at(*place), strict=True)) for place in places]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        finger("touchStart", (0.2, 0.1))
        for step in range(1, 9):
            finger("touchMove", (0.2, 0.1 + step / 10))
            page.evaluate(REDRAWN)
        finger("touchEnd")
        after = held_against_python(explorer)
        assert len(after) == len(before) + 1
        assert np.ptp(after[-1][:, 1]) > 0.5 * FIELD
        assert page.evaluate("scrollY") == scrolled
        assert page.seen == []


# ---- MNIST ----


def test_the_notebook_takes_mnist_by_one_switch():
    source = (ROOT / "book" / "14_digits.ipynb").read_text("utf8")
    cells = ["".join(cell["source"]) for cell in json.loads(source)["cells"]]
    [fresh] = [cell for cell in cells if "def fresh(" in cell]
    names = {"np": np, "cache": cache, "digits": digits, "initialize": initialize}
    names["threadpool_limits"] = lambda count: None
    exec(fresh, names)

    def source(rng):
        images = Data(rng.random((50, 784)).astype(np.float32), one_hot(np.arange(50) % 10, 10))
        return split(images, rng)

    data, net, rng = names["fresh"](0, source=source)
    assert [layer.w.shape for layer in net.values()] == [(64, 784), (10, 64)]
    how = {"cost": softmax_cross_entropy, "rate": 0.1, "epochs": 1, "batch": 8, "rng": rng}
    trained = train(net, *data.train, **how).network
    assert not np.array_equal(trained[1].w, net[1].w)


def test_the_script_is_small():
    assert len(gzip.compress((SCRIPTS / "digits.js").read_bytes(), 9)) <= 5 * 1024
