"""The front page: what its explorer says, against the package, and the page in Chromium."""

import gzip
import itertools
import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import opened, parsed
from playwright.sync_api import expect

from backprop import optimizers
from backprop.backpropagation import backprop, backpropagate
from backprop.costs import quadratic
from backprop.network import forward, propagate
from backprop.training import start, step
from bookkit import front, scripted

ROOT = Path(__file__).resolve().parent.parent
EXPLORER = front.explorer()
NUMBER = r"[−]?\d+(?:\.\d+)?"
SLACK = 1e-6  # what 300 steps make of a last digit, and more


def numbers(text):
    """Return the numbers of a text as they are printed; indices do not count."""
    return re.findall(NUMBER, re.sub(r"<sub>.*?</sub>|[₀-₉]", "", text))


def value(printed):
    return float(printed.replace("−", "-"))


def same(printed, right, places=3):
    """Tell whether the printed numbers are the right ones, rounded to so many places."""
    assert len(printed) == len(right), (printed, right)
    for text, exact in zip(printed, right, strict=True):
        assert len(text.partition(".")[2]) == places, text
        assert abs(value(text) - exact) <= 0.5 * 10**-places + SLACK, (text, exact)
        assert not re.fullmatch(r"−0\.0+", text)


def near(text, exact):
    """Tell whether a printed number is the exact one to two digits."""
    unit = 10.0 ** (np.floor(np.log10(value(text))) - 1)
    assert abs(value(text) - exact) <= 0.5001 * unit + SLACK, (text, exact)


def points(state):
    return (np.array([[state[f"{axis}{n}"] for n in range(1, 7)]]) for axis in "xy")


@cache
def path(key, steps):
    """Return the networks after 0, 1, …, steps + 1 steps of Adam; key holds the points."""
    x, y = (np.array([row]) for row in key)
    networks, rule = [front.network()], optimizers.adam()
    states = start(networks[0], rule)
    for _ in range(steps + 1):
        z, a = propagate(networks[-1], x)
        gradient = backpropagate(networks[-1], z, a, y, quadratic)
        network, states = step(networks[-1], gradient, states, front.RATE, rule)
        networks.append(network)
    return networks


def trained(state, steps):
    x, y = points(state)
    return path((tuple(x[0]), tuple(y[0])), steps)


def states():
    """The corners of the controls, and a hundred states at random."""
    rng = np.random.default_rng(0)
    yield from EXPLORER.corners()[:120]
    for _ in range(60):
        drawn = {f"{axis}{n}": round(rng.uniform(-1, 1), 2) for n in range(1, 7) for axis in "xy"}
        for part in rng.permutation(front.PARTS)[:2]:
            yield {
                "step": int(rng.integers(0, 301)), "part": str(part),
                "sample": int(rng.integers(1, 7)), "neuron": int(rng.integers(1, 4)), **drawn,
            }  # fmt: skip


@cache
def seen():
    given = list(states())
    return list(zip(given, scripted.views("front", EXPLORER.data, given), strict=True))


def one_point(state):
    """Return all that the package computes for one point alone."""
    x, y = (row[:, [state["sample"] - 1]] for row in points(state))
    network = trained(state, state["step"])[state["step"]]
    z, a = forward(network, x)
    return x[0, 0], y[0, 0], network, z, a, backprop(network, x, y, quadratic)


SENTENCE = re.compile(
    r"(Before the first step|After step (?P<step>\d+)) the cost is (?P<cost>under 0\.0001|[\d.]+)\. "
    r"The curve passes (?P<met>none of the|one of the|two of the|three of the|four of the|"
    r"five of the|all) six points within 0\.05\. "
    r"(?P<miss>It misses none by 0\.001 or more|It misses point (?P<point>\d) most: "
    r"at x = (?P<x>\S+) it is (?P<far>[\d.]+) too (?P<side>low|high))\. "
    r"Lit in the network: (?P<title>.*)\."
)
COUNTS = [f"{n} of the" for n in ("none", "one", "two", "three", "four", "five")] + ["all"]


def test_the_sentence_says_what_the_package_computes():
    heard = set()
    for state, view in seen():
        said = SENTENCE.fullmatch(view["sentence"])
        assert said, view["sentence"]
        assert int(said["step"] or 0) == state["step"]
        x, y = points(state)
        network = trained(state, state["step"])[state["step"]]
        output = forward(network, x)[1][2]
        cost, miss = quadratic(output, y), (output - y)[0]
        if said["cost"].startswith("under"):
            assert cost < 0.0001 + SLACK
        else:
            near(said["cost"], cost)
        low, high = ((np.abs(miss) < limit).sum() for limit in (0.05 - SLACK, 0.05 + SLACK))
        assert low <= COUNTS.index(said["met"]) <= high
        if said["point"]:
            worst = int(said["point"]) - 1
            assert abs(miss[worst]) >= np.abs(miss).max() - SLACK
            assert value(said["x"]) == x[0, worst]
            near(said["far"], abs(miss[worst]))
            assert said["side"] == ("low" if miss[worst] < 0 else "high")
        else:
            assert np.abs(miss).max() < 0.001 + SLACK
        heard |= {said["side"], said["met"], said["cost"].startswith("under"), said["title"][:4]}
    titles = {"forw", "BP1:", "BP2:", "BP3,", "upda"}
    assert titles | {"low", "high", None, True, False, "none of the", "all"} <= heard


def test_the_table_holds_the_numbers_of_one_pass():
    for state, view in seen():
        x, y, network, z, a, alone = one_point(state)
        j, steps = state["neuron"] - 1, state["step"]
        batch = backprop(network, *points(state), quadratic)
        after = trained(state, steps)[steps + 1]
        w, b, back = network[1].w[j, 0], network[1].b[j, 0], network[2].w[0, j]
        out, delta2, delta1 = a[2][0, 0], alone.delta[2][0, 0], alone.delta[1][j, 0]
        right = {
            "forward": [w, x, b, z[1][j, 0], a[1][j, 0], out],
            "BP1": [out, y, None, delta2],  # the slope of the identity is written 1
            "BP2": [back, delta2, network[1].sigma.prime(z[1])[j, 0], delta1],
            "BP3": [alone.b[1][j, 0], batch.b[1][j, 0]],
            "BP4": [alone.w[1][j, 0], batch.w[1][j, 0]],
            "update": [w, after[1].w[j, 0], b, after[1].b[j, 0]],
        }
        soup = BeautifulSoup(view["table"], "html.parser")
        assert numbers(str(soup.caption))[:1] == [str(state["sample"])]
        assert [value(n) for n in numbers(soup.caption.get_text())[1:]] == [x, y, j + 1]
        rows = soup.select("tr")
        assert [row.th.get_text() for row in rows] == list(right)
        for row, (name, exact) in zip(rows, right.items(), strict=True):
            printed = numbers(str(row.td))
            if name == "BP1":
                assert printed.pop(2) == "1"
                exact.pop(2)
            same(printed, exact)
            lit = row.get("aria-current") == "step"
            assert lit == (name in state["part"].split(" and "))
            assert row["data-set"] in {f"part={part}" for part in front.PARTS}
            assert name in row["data-set"]
        indices = [s.get_text() for s in rows[0].select("sub")]
        assert indices[:3] == [f"{j + 1}", f"{j + 1}1", f"{j + 1}"]


def test_the_network_shows_the_numbers_of_its_part():
    for state, view in seen():
        x, _, network, _, a, alone = one_point(state)
        j, part = state["neuron"] - 1, state["part"]
        after = trained(state, state["step"])[state["step"] + 1]
        texts = re.findall(r"<text.*?>(.*?)</text>", view["svg"])
        title = SENTENCE.fullmatch(view["sentence"])["title"]
        behind = texts[texts.index(title) + 1 :]
        printed = [numbers(t)[-1] for t in behind if re.search(r"\d\.\d", t)]
        delta1, delta2 = alone.delta[1][:, 0], alone.delta[2][0, 0]
        same(printed, {
            "forward": [x, *a[1][:, 0], a[2][0, 0]],
            "BP1": [delta2],
            "BP2": [network[2].w[0, j], *delta1, delta2],
            "BP3 and BP4": [alone.w[1][j, 0], alone.b[1][j, 0], x, delta1[j]],
            "update": [after[1].w[j, 0], after[1].b[j, 0]],
        }[part])  # fmt: skip
        if part == "forward":
            same(re.findall(r"goes in, (\S+) comes", title), [a[2][0, 0]])
        largest = max(np.abs(v).max() for layer in network.values() for v in layer[:2])
        edges = re.findall(
            r'<path d="M(\S+) (\S+)L(\S+) (\S+)" fill="none" stroke="[^"]*" stroke-width="(\S+)" '
            r'stroke-dasharray="([^"]*)"',
            view["svg"][view["svg"].index(title) :],
        )
        flat = [
            v
            for k in range(3)
            for v in (network[1].w[k, 0], network[1].b[k, 0], network[2].w[0, k])
        ]
        flat.append(network[2].b[0, 0])
        assert len(edges) == 10
        for (*_, width, dashes), parameter in zip(edges, flat, strict=True):
            thick = 0.6 + 2 * abs(parameter) / largest
            assert abs(float(width) / thick - 1) < SLACK
            assert (dashes != "") == (parameter < 0) or abs(parameter) < SLACK


def test_the_start_s_points_are_met_and_some_six_are_not():
    begin = EXPLORER.start()
    x, y = points(begin)
    assert quadratic(forward(trained(begin, 300)[300], x)[1][2], y) < 1e-4
    hard = {**begin, "y1": 0.8, "y2": -0.8, "y3": 0.8, "y4": -0.8, "y5": 0.8, "y6": -0.8}
    output = forward(trained(hard, 300)[300], x)[1][2]
    assert np.abs(output - list(points(hard))[1]).max() > 0.2


def test_the_explorer_and_the_pictures_keep_their_size():
    script = (scripted.SCRIPTS / "front.js").read_bytes()
    assert len(gzip.compress(script, 9)) <= 5 * 1024
    data = json.dumps(EXPLORER.data).encode()
    assert len(gzip.compress(script + data, 9)) <= 12 * 1024
    for chapter in front.CHAPTERS:
        svg = front.picture(chapter)
        assert len(svg.encode()) <= 2048
        assert not re.search(r"#[0-9a-f]{6}(?!\))", svg)  # the theme's colors alone


def test_each_finished_chapter_has_its_picture_and_link(site):
    listed = [
        f"{Path(c['file']).name}.html"
        for c in yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))["parts"][0]["chapters"]
    ]
    page = parsed(site / "book/index.html")
    items = [li for li in page.select("article ol li") if li.a]
    assert [li.a["href"] for li in items] == [name for name in listed if name[0].isdigit()]
    assert [int(li.a["href"][:2]) for li in items] == list(front.CHAPTERS)
    assert all(li.select_one(".chapter-picture") for li in items)
    ids = {e["id"] for e in parsed(site / "book/09_four_equations.html").select("[id]")}
    for link in page.select("#front table a"):
        address, _, anchor = link["href"].partition("#")
        assert (address, anchor) == ("09_four_equations.html", f"equation-eq-{link.text.lower()}")
        assert anchor in ids


# ---- in the page ----

OVERLAPS = """() => {
  const svg = document.querySelector("#front svg"), { width, height } = svg.viewBox.baseVal;
  const box = (t) => {
    const { x, y, width, height } = t.getBBox();
    return { what: t.textContent, x, y, r: x + width, b: y + height };
  };
  const all = [...svg.querySelectorAll("text")].map(box);
  const bad = all.filter((t) => t.x < 0 || t.y < 0 || t.r > width || t.b > height).map((t) => t.what);
  const free = all.filter((t) => t.what.length > 1);  // the points lie where they are put
  free.forEach((s, i) => free.slice(i + 1).forEach((t) => {
    if (s.x < t.r && t.x < s.r && s.y + 2 < t.b && t.y + 2 < s.b) bad.push(`${s.what} on ${t.what}`);
  }));
  return bad;
}"""


def page_state(page):
    return page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("#front [name]")].map((f) => [f.name,
        f.options ? f.options[f.value].text : f.dataset.values ? JSON.parse(f.dataset.values)[f.value]
        : Number(f.value.replace("−", "-"))]))"""
    )


def agrees(page):
    """Wait until the page shows its controls' state, as Node draws it from the same state."""
    state = page_state(page)
    (view,) = scripted.views("front", EXPLORER.data, [state])
    expect(page.locator("#front figcaption")).to_have_text(view["sentence"])
    expect(page.locator("#front .picture")).to_have_attribute("aria-label", view["sentence"])
    return state


def press(page, selector):
    """Click in the middle of the window: the controls stand over its lower end."""
    place = page.locator(selector)
    place.evaluate("e => e.scrollIntoView({ block: 'center' })")
    place.click()


def test_it_is_driven_by_keyboard_and_by_pointer(site, browser):
    with opened(browser, site / "book/index.html") as page:
        begin = EXPLORER.start()
        assert agrees(page) == begin
        page.locator("#front-step").press("ArrowRight")
        assert agrees(page) == {**begin, "step": 61}
        page.locator("#front-part").press("ArrowUp")
        assert agrees(page)["part"] == "BP1"
        handles = page.locator("#front .handle")
        expect(handles).to_have_count(6)
        handles.nth(3).press("ArrowUp")
        assert agrees(page)["y4"] == pytest.approx(begin["y4"] + 0.05)
        handles.nth(0).scroll_into_view_if_needed()
        center = handles.nth(3).bounding_box()
        x, y = center["x"] + center["width"] / 2, center["y"] + center["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 20, y - 30)
        page.mouse.up()
        scale = page.evaluate("document.querySelector('#front svg').getScreenCTM().a")
        moved = agrees(page)
        assert moved["sample"] == 4
        assert moved["x4"] == pytest.approx(begin["x4"] + 20 / scale * 2.2 / 345, abs=0.011)
        assert moved["y4"] == pytest.approx(begin["y4"] + 0.05 + 30 / scale * 2.5 / 190, abs=0.011)
        press(page, "#front g[data-set='neuron=3'] text >> nth=0")
        assert agrees(page)["neuron"] == 3
        press(page, "#front tr[data-set='part=update'] td")
        assert agrees(page)["part"] == "update"
        page.locator("#front details summary").click()
        page.locator("#front-x1").fill("2")
        expect(page.locator("#front-x1-wrong")).to_contain_text("is not a number from −1 to 1")
        page.locator("#front-x1").fill("-1/4")
        expect(page.locator("#front-x1-wrong")).to_be_empty()
        page.get_by_role("button", name="Start again").click()
        assert agrees(page) == begin
        page.get_by_role("button", name="Play").click()
        expect(page.locator("#front figcaption")).to_contain_text("After step 300", timeout=15_000)
        assert page.seen == []


ENDS = (
    "step=0",
    "step=300",
    "step=300&x1=-1&y1=-1&x2=1&y2=1&y3=-1&y4=1",
    "step=150&x1=1&x2=1&x3=1&x4=1&x5=1&x6=1&y1=1",
)
SHOWN = """([part, neuron]) =>
  document.querySelector("#front tr[aria-current]").dataset.set === `part=${part}` &&
  document.querySelector("#front caption").textContent.includes(`neuron ${neuron}`)"""


def test_a_state_has_an_address_and_nothing_overlaps(site, browser):
    with opened(browser, site / "book/index.html", width=390) as page:
        for end, part, neuron in itertools.product(ENDS, front.PARTS, (1, 2, 3)):
            address = f"front:{end}&part={part}&neuron={neuron}"
            page.evaluate("address => { location.hash = address }", address)
            page.wait_for_function(SHOWN, arg=[part, neuron])
            assert page.evaluate(OVERLAPS) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert agrees(page)["x6"] == 1
        assert page.seen == []


def test_without_a_script_the_first_picture_stands(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "book/index.html").as_uri())
    (view,) = scripted.views("front", EXPLORER.data, [EXPLORER.start()])
    expect(page.locator("#front figcaption")).to_have_text(view["sentence"])
    expect(page.locator("#front table")).to_be_visible()
    assert page.locator("#front svg text").count() > 15
    expect(page.locator("#front-step")).to_be_hidden()
    context.close()
