"""The playground's page as a reader uses it, from file://; what it shows, against the package."""

import gzip
import re
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup
from conftest import PAGES, ROOT, SITE, opened, parsed
from playwright.sync_api import expect
from test_readers import problems_of

from backprop.backpropagation import backprop
from backprop.costs import softmax_cross_entropy
from backprop.network import forward
from backprop.training import accuracy, mean_cost
from bookkit import playground
from bookkit.palette import LIGHT

PAGE = "book/playground.html"
pytestmark = pytest.mark.skipif(PAGE not in PAGES, reason="the site is not built: run make book")
KILOBYTE = 1024
NUMBER = r"−?\d+(?:\.\d+)?(?:e−?\d+)?"


def value(text):
    return float(text.replace("−", "-"))


def idle(page):
    """Wait until all is computed, drawn, checked and in the address."""
    page.wait_for_selector("#playground[data-ready]:not([data-busy])", state="attached")
    return page


@contextmanager
def playing(browser, state="", **settings):
    """Open the page, with a state in its address, and wait for it."""
    address = (SITE / PAGE).as_uri() + (f"#playground:{state}" if state else "")
    with opened(browser, address, **settings) as page:
        yield idle(page)
        assert page.seen == []


def press(page, action, key="Enter"):
    """Press a button by keyboard."""
    page.locator(f"#playground [data-do={action}]").press(key)
    return idle(page)


def named(page, name):
    return page.locator(f"#playground [name={name}]")


def typed(page, name, text):
    field = named(page, name)
    field.fill(text)
    field.press("Enter")
    idle(page)
    return field


def train(page):
    """Train until an epoch has been seen, and pause."""
    page.locator("[data-do=train]").press("Enter")
    page.wait_for_function("Number(document.querySelector('[data-short=epochs]').textContent) > 0")
    page.locator("[data-do=train]").press("Enter")
    return idle(page)


def costs(page):
    return [value(page.locator(f"[data-exact={n}]").text_content()) for n in ("cost", "judged")]


def state(page):
    return page.evaluate("decodeURI(location.hash)").removeprefix("#playground").removeprefix(":")


def open_all(page):
    page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")


def weights(page):
    """Return [(w, b)] of the network as its table shows them."""
    open_all(page)
    page.wait_for_selector(".pg-all td:not(:empty)")
    tables = page.locator(".pg-all table").all()
    rows = [
        [
            [value(t) for t in row.locator("td").all_text_contents()]
            for row in t.locator("tbody tr").all()
        ]
        for t in tables
    ]
    return [np.array(table) for table in rows]


# ---- at build ----


def data():
    held = playground.model()["data"]
    X, Y = (playground._matrix(held[name]) for name in "XY")
    return X, Y, held["learn"], held["judge"]


def test_the_sentence_and_the_picture_at_the_start_are_the_packages(site):
    X, Y, learn, judge = data()
    net = playground.network()
    page = parsed(site / PAGE)
    said = page.select_one(".pg-status").get_text()
    numbers = [float(n) for n in re.findall(r"\d+\.\d+", said)]
    right = [mean_cost(net, X[part], Y[part], softmax_cross_entropy) for part in (learn, judge)]
    assert numbers == pytest.approx(right, abs=5e-5)
    assert f"{round(100 * accuracy(net, X[learn], Y[learn]))} %" in said
    still = page.select_one(".pg-field svg")
    assert len(still.select("path")) == len(X)
    side, share = 260, {}
    for rect in still.select("rect"):
        share.setdefault(rect["fill"], 0)
        share[rect["fill"]] += float(rect["width"])
    cells = (np.arange(40) + 0.5) / 20 - 1
    grid = np.array([(1.2 * x, 1.2 * y) for y in -cells for x in cells]).T
    kinds = forward(net, grid)[1][len(net)].argmax(axis=0)
    for kind, color in enumerate(playground.model()["CLASSES"][:2]):
        cells_of = share.get(f"var(--figure-{color})", 0) / (side / 40)
        assert cells_of == pytest.approx((kinds == kind).sum(), abs=1)
    for rect in still.select("rect"):  # a row, and so little more that no line shows between two
        assert float(rect["y"]) == pytest.approx(round(float(rect["y"]) / 6.5) * 6.5, abs=0.06)
        assert 0 < float(rect["height"]) - side / 40 < 0.5
    for mark, (x, y, _) in zip(
        still.select("path"), playground.model()["data"]["points"], strict=True
    ):
        place = re.search(r"translate\((\S+) (\S+)\)", mark["transform"]).groups()
        expected = (x / 1.2 + 1) * side / 2, (1 - y / 1.2) * side / 2
        assert list(map(float, place)) == pytest.approx(expected, abs=0.06)


def test_the_fields_begin_with_the_start(site):
    page = parsed(site / PAGE).select_one("#playground")
    start = playground.model()["START"]
    for field in page.select("input[name][value]:not([type])"):
        if field["name"] in start:
            assert float(field["value"].replace("−", "-")) == start[field["name"]], field["name"]
    begin = {"sample": "1", "seeds": "5", "length": "50", "homeEpochs": "10"}
    assert {name: page.select_one(f"[name={name}]")["value"] for name in begin} == begin
    for menu in page.select("select[name]"):
        if isinstance(start.get(menu["name"]), str):
            assert menu.select_one("option[selected]")["value"] == start[menu["name"]]


def test_the_whole_is_light(site):
    names = ["playground/source.js", "playground.css", *(f"{n}.js" for n in playground.VIEW)]
    files = [(site / "_static" / name).read_bytes() for name in names]
    files.append(str(parsed(site / PAGE).select_one("#playground")).encode())
    assert sum(len(gzip.compress(file, 6)) for file in files) <= 60 * KILOBYTE


def test_no_page_but_its_own_loads_it(site):
    for name in PAGES:
        loads = "playground" in str(parsed(site / name).select("script[src], link[rel=stylesheet]"))
        assert loads == (name == PAGE)


# ---- what it shows ----


def test_the_costs_of_the_start_are_the_packages_to_the_last_digits(site, browser):
    X, Y, learn, judge = data()
    net = playground.network()
    with playing(browser) as page:
        right = [mean_cost(net, X[part], Y[part], softmax_cross_entropy) for part in (learn, judge)]
        assert costs(page) == pytest.approx(right, rel=1e-12)
        assert page.locator("#playground").get_attribute("data-runs") == "worker"


def same(shown, exact):
    """Tell whether a number of three digits or decimals is the exact one."""
    digits = re.match(r"−?\d+(?:\.(\d+))?(?:e(.*))?", shown)
    unit = 10.0 ** -len(digits[1] or "") * 10.0 ** float((digits[2] or "0").replace("−", "-"))
    return abs(value(shown) - exact) <= 0.5001 * unit + 1e-12


def computed(text):
    """Return what the numbers of a formula come to, in Python."""
    plain = text.replace("−", "-").replace("·", "*").replace("=", "", 1).strip()
    assert re.fullmatch(r"[-+*()\d.e\s]+", plain), plain
    return eval(plain)


def test_the_four_equations_of_every_neuron_are_the_packages(site, browser):
    X, Y, _, _ = data()
    net = playground.network()
    sizes = [2, *(len(net[l].b) for l in net)]
    with playing(browser) as page:
        for sample in (0, len(X) - 1):
            typed(page, "sample", str(sample + 1))
            x, y = X[[sample]].T, Y[[sample]].T
            z, a = forward(net, x)
            gradient = backprop(net, x, y, softmax_cross_entropy)
            p = softmax_cross_entropy.grad(a[len(net)], y)[:, 0] + y[:, 0]
            for l in net:
                for j in range(sizes[l]):
                    page.locator("#playground [name=neuron]").select_option(f"{l},{j}")
                    rows = page.evaluate(
                        """() => [...document.querySelectorAll(".pg-equation")].map((row) => [
                        row.querySelector("b").textContent,
                        row.querySelector(".pg-result")?.textContent.slice(2),
                        row.querySelector(".pg-terms")?.textContent
                          , row.querySelector(".pg-close").textContent])"""
                    )
                    delta = gradient.delta[l][j, 0]
                    prime = 1 if l == len(net) else 1 - a[l][j, 0] ** 2
                    exact = [
                        z[l][j, 0],
                        a[l][j, 0],
                        *([p[j]] if l == len(net) else []),
                        prime,
                        delta,
                        delta,
                    ]
                    assert [same(r, e) for (_, r, *_), e in zip(rows, exact, strict=False)] == [
                        True
                    ] * len(exact), (l, j, rows, exact)
                    names = ["forward", "", *([""] if l == len(net) else []), ""]
                    names += ["BP1" if l == len(net) else "BP2", "BP3", "BP4"]
                    assert [name for name, *_ in rows] == names
                    for name, result, terms, close in rows:
                        if name in ("forward", "BP2"):
                            for formula in filter(str.strip, (close, "" if close else terms)):
                                assert computed(formula) == pytest.approx(value(result), abs=0.005)
                            first = close.strip(" =").partition("·")[0].strip("()")
                            if first:
                                assert computed(terms) == pytest.approx(value(first), abs=0.005)
                    table = page.locator(".pg-equations tbody tr").all()
                    for k, row in enumerate(table[:-1]):
                        cells = row.locator("td").all_text_contents()
                        assert same(cells[0], a[l - 1][k, 0])
                        assert same(cells[2], gradient.w[l][j, k])
                        shown = value(row.locator("input").input_value())
                        assert shown == pytest.approx(net[l].w[j, k], rel=1e-3)
                    assert same(table[-1].locator("td").last.text_content(), gradient.b[l][j, 0])


def test_the_confusion_adds_up(site, browser):
    _, Y, learn, judge = data()
    with playing(browser) as page:
        train(page)
        for part, of in (("learn", learn), ("judge", judge)):
            table = page.locator(f"[data-part={part}]")
            counts = np.array(
                [[int(t) for t in row.locator("td").all_text_contents()]
                 for row in table.locator("tbody tr").all()]
            )  # fmt: skip
            assert counts.sum(axis=1).tolist() == Y[of].sum(axis=0).tolist()
            said = table.locator("caption span").text_content()
            assert said == f"{np.trace(counts)} of {len(of)}"


# ---- by keyboard ----


def test_train_pause_and_rewind_lead_back_to_the_same_cost(site, browser):
    with playing(browser) as page:
        first = costs(page)
        train(page)
        after = costs(page)
        assert after != first
        expect(page.locator(".pg-status")).to_contain_text("After ")
        press(page, "rewind")
        assert costs(page) == first
        press(page, "epoch")
        once = costs(page)
        press(page, "rewind")
        press(page, "epoch", key="Space")
        assert costs(page) == once != first


def test_steps_of_three_sizes_each_move_the_weights(site, browser):
    with playing(browser) as page:
        seen = [costs(page)[0]]
        for action in ("sample", "batch", "epoch"):
            press(page, action)
            seen.append(costs(page)[0])
        assert all(one != other for one, other in pairwise(seen))


def test_every_menu_and_number_acts_by_keyboard_and_is_told_in_the_address(site, browser):
    numbers = {
        "points": "60", "noise": "0,2", "share": "0.25", "dataSeed": "7", "seed": "9", "rate": "0.03",
        "batch": "5", "weightDecay": "0.5", "dropout": "0.2", "stopAt": "12",
    }  # fmt: skip
    with playing(browser) as page:
        open_all(page)
        for name in ("data", "pair", "optimizer", "scheme", "fault", "stop"):
            menu = named(page, name)
            was = menu.input_value()
            menu.press("ArrowDown")
            idle(page)
            now = menu.input_value()
            assert now != was
            assert f"{name}={now}" in state(page)
        for name, text in numbers.items():
            typed(page, name, text)
            assert f"{name}={text.replace(',', '.')}" in state(page)
        page.locator("[name=hidden]").first.fill("6")
        page.locator("[name=hidden]").first.press("Enter")
        idle(page)
        page.locator("[name=sigma]").first.press("ArrowDown")
        idle(page)
        page.locator("[name=frozen]").last.press("Space")
        idle(page)
        press(page, "deeper")
        expect(page.locator(".pg-layer")).to_have_count(
            len(playground.model()["START"]["hidden"]) + 2
        )
        press(page, "shallower")
        told = state(page)
        assert "hidden=6," in told
        assert "sigma=" in told
        assert "frozen=" in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("abc", "“abc” is no number"),
        ("", "is no number"),
        ("-3", "rate is −3"),
        ("1e5", "rate is 100000"),
    ],
)
def test_a_wrong_number_is_said_in_words_and_changes_nothing(site, browser, text, said):
    with playing(browser) as page:
        was = costs(page), state(page)
        rate = named(page, "rate")
        rate.fill(text)
        rate.press("Enter")
        expect(rate).to_have_attribute("aria-invalid", "true")
        expect(rate.locator("xpath=..").locator("small")).to_contain_text(said)
        assert (costs(page), state(page)) == was
        typed(page, "rate", "0.5")
        expect(rate).not_to_have_attribute("aria-invalid", "true")
        assert "rate=0.5" in state(page)


def test_arrow_keys_lead_from_neuron_to_neuron_and_the_focus_stays(site, browser):
    with playing(browser) as page:
        first = page.locator("[data-neuron='1,0']")
        expect(first).to_have_attribute("aria-pressed", "true")
        first.focus()
        for key, place in (("ArrowDown", "1,1"), ("ArrowRight", "2,1"), ("ArrowUp", "2,0"),
                           ("ArrowLeft", "1,0"), ("ArrowLeft", "1,0")):  # fmt: skip
            page.keyboard.press(key)
            held = page.locator(f"[data-neuron='{place}']")
            expect(held).to_be_focused()
            expect(held).to_have_attribute("aria-pressed", "true")
            assert named(page, "neuron").input_value() == place
        label = first.get_attribute("aria-label")
        assert re.search(rf"a {NUMBER}, δ {NUMBER}", label)
        page.evaluate("document.querySelector('[data-do=epoch]').click()")
        idle(page)
        expect(first).to_be_focused()
        assert first.get_attribute("aria-label") != label
        assert page.locator("[data-neuron][tabindex='0']").count() == 1


def test_backward_shows_the_errors_and_their_length_in_each_layer(site, browser):
    with playing(browser) as page:
        before = page.locator("[data-neuron='1,0'] text").text_content()
        page.locator("[name=way][value=forward]").press("ArrowRight")
        expect(page.locator("[data-neuron='1,0'] text")).not_to_have_text(before)
        expect(page.locator("[data-norm='1']")).to_have_text(re.compile(r"\d"))


# ---- weights ----


def test_an_edited_weight_gives_the_packages_cost_and_a_link(site, browser):
    X, Y, learn, judge = data()
    net = playground.network()
    w = net[1].w.copy()
    w[0, 1] = -1.5
    moved = {**net, 1: net[1]._replace(w=w)}
    right = [mean_cost(moved, X[part], Y[part], softmax_cross_entropy) for part in (learn, judge)]
    with playing(browser) as page:
        field = page.locator("[data-edit='1']")
        field.fill("−1,5")
        field.press("Enter")
        idle(page)
        assert costs(page) == pytest.approx(right, rel=1e-12)
        told = state(page)
        assert "edits=1,w,0,1,-1.5" in told
        field.fill("x")
        field.press("Enter")
        expect(field.locator("xpath=..").locator("small")).to_contain_text("“x” is no number")
    with playing(browser, told) as page:
        assert costs(page) == pytest.approx(right, rel=1e-12)


def test_what_is_typed_stays_while_it_trains(site, browser):
    with playing(browser) as page:
        field = page.locator("[data-edit='0']")
        field.fill("0.12")
        page.evaluate("document.querySelector('[data-do=train]').click()")
        page.wait_for_function(
            "Number(document.querySelector('[data-short=epochs]').textContent) > 0"
        )
        expect(field).to_be_focused()
        expect(field).to_have_value("0.12")
        page.evaluate("document.querySelector('[data-do=train]').click()")
        idle(page)


def test_a_frozen_layer_keeps_its_weights(site, browser):
    with playing(browser) as page:
        page.locator("[name=frozen]").first.press("Space")
        idle(page)
        before = weights(page)
        press(page, "epoch")
        after = weights(page)
        assert np.array_equal(before[0], after[0])
        assert not any(np.array_equal(b, a) for b, a in zip(before[1:], after[1:], strict=True))


def test_these_weights_become_the_start_and_new_ones_another_seed(site, browser):
    with playing(browser) as page:
        press(page, "epoch")
        trained = costs(page)
        open_all(page)
        press(page, "keepWeights")
        assert costs(page) == trained
        expect(page.locator("[data-short=epochs]")).to_have_text("0")
        told = state(page)
        assert "weights=" in told
        press(page, "epoch")
        press(page, "rewind")
        assert costs(page) == trained
        press(page, "renew")
        assert "weights=" not in state(page)
        assert "seed=" in state(page)
    with playing(browser, told) as page:
        assert costs(page) == trained


# ---- when it stops, and what is wrong ----


def test_an_overflow_stops_it_with_the_layer_and_the_rate(site, browser):
    with playing(browser, "data=curve&pair=identityQuadratic&sigma=relu&rate=1000") as page:
        page.locator("[data-do=train]").press("Enter")
        status = page.locator(".pg-status")
        expect(status).to_contain_text(
            re.compile(r"[Ll]ayer \d overflows after \d+ steps? at rate 1000")
        )
        idle(page)
        expect(page.locator("[data-do=train]")).to_have_text("▶ Train")


def test_a_stop_rule_stops_it(site, browser):
    with playing(browser, "stop=epochs&stopAt=7") as page:
        page.locator("[data-do=train]").press("Enter")
        expect(page.locator(".pg-status")).to_contain_text("7 epochs are done.")
        expect(page.locator("[data-short=epochs]")).to_have_text("7")
        idle(page)


def test_the_lamp_tells_a_planted_fault(site, browser):
    with playing(browser) as page:
        lamp = page.locator(".pg-lamp")
        expect(lamp).to_have_attribute("data-agrees", "true")
        open_all(page)
        named(page, "fault").select_option("slope")
        idle(page)
        expect(lamp).to_have_attribute("data-agrees", "false")
        expect(lamp).to_contain_text("w¹")
        expect(lamp).not_to_contain_text("w³")
        expect(page.locator(".pg-equations small:not(:empty)").first).to_contain_text(
            "Planted fault; right is"
        )
        named(page, "fault").select_option("none")
        idle(page)
        expect(lamp).to_have_attribute("data-agrees", "true")


def test_a_fault_that_does_not_fit_says_the_shapes(site, browser):
    with playing(browser, "hidden=4,3&sigma=tanh,tanh&fault=transpose") as page:
        expect(page.locator(".pg-lamp")).to_contain_text("(3, 4)")


# ---- links ----


def test_a_link_is_read_where_it_is_opened_and_in_an_open_page(site, browser):
    link = "data=xor&points=50&hidden=3&sigma=relu&optimizer=adam&rate=0.05&seed=4"
    with playing(browser, link) as page:
        expect(page.locator(".pg-notice")).to_be_hidden()
        assert named(page, "data").input_value() == "xor"
        assert page.locator("[name=hidden]").first.input_value() == "3"
        there = costs(page)
        assert set(state(page).split("&")) == set(link.split("&"))
    with playing(browser) as page:
        page.evaluate("link => { location.hash = `playground:${link}` }", link)
        expect(named(page, "data")).to_have_value("xor")
        idle(page)
        assert costs(page) == there


def test_what_is_wrong_in_a_link_is_named_and_the_rest_acts(site, browser):
    with playing(browser, "rate=fast&speed=9&optimizer=adam") as page:
        notice = page.locator(".pg-notice")
        expect(notice).to_be_visible()
        expect(notice).to_contain_text("rate")
        expect(notice).to_contain_text("“speed”")
        assert state(page) == "optimizer=adam"


def test_every_run_beside_a_recipe_loads(site, browser):
    """The recipes themselves are opened in test_playground_keyboard.py."""
    with playing(browser) as page:
        links = page.locator(".pg-recipes a[href^='#playground']:not(:has(b))")
        assert links.count() == sum(bool(r.get("beside")) for r in playground.recipes()) > 3
        for i in range(links.count()):
            wanted = links.nth(i).get_attribute("href").partition(":")[2]
            links.nth(i).press("Enter")
            page.wait_for_function("link => decodeURI(location.hash).endsWith(link)", arg=wanted)
            idle(page)
            expect(page.locator(".pg-notice")).to_be_hidden()
            assert state(page) == wanted
            assert value(page.locator("[data-exact=cost]").text_content()) > 0


# ---- points of one's own ----


def test_points_are_pasted_and_a_bad_line_is_named(site, browser):
    with playing(browser) as page:
        open_all(page)
        area = named(page, "own")
        area.fill("0.5, 0.5, 0\n-0.5, half, 1")
        press(page, "paste")
        expect(page.locator(".pg-area small")).to_contain_text("Line 2: “half” is no number")
        lines = [f"{x / 10}, {-x / 10}, {x % 3}" for x in range(-9, 9)]
        area.fill("\n".join(lines))
        press(page, "paste")
        expect(page.locator(".pg-area small")).to_be_empty()
        assert named(page, "data").input_value() == "own"
        expect(page.locator(".pg-confusion").first.locator("tbody tr")).to_have_count(3)
        told = state(page)
        there = costs(page)
    with playing(browser, told) as page:
        assert costs(page) == there


def count(page):
    return int(re.search(r"of (\d+)", page.locator(".pg-said").text_content())[1])


def test_a_point_is_drawn_moved_and_deleted_by_its_fields(site, browser):
    with playing(browser) as page:
        open_all(page)
        before = count(page)
        named(page, "x").fill("0.75")
        named(page, "y").fill("−1")
        named(page, "kind").select_option("3")
        press(page, "add")
        assert count(page) == before + 1
        assert state(page).endswith("0.75,-1,2") or "0.75,-1,2" in state(page)
        expect(page.locator(".pg-said")).to_contain_text("x₁ = 0.75, x₂ = −1, class ▲")
        named(page, "x").fill("0.25")
        press(page, "move")
        expect(page.locator(".pg-said")).to_contain_text("x₁ = 0.25")
        named(page, "x").fill("7")
        press(page, "add")
        expect(named(page, "x")).to_have_attribute("aria-invalid", "true")
        press(page, "delete")
        assert count(page) == before
        press(page, "clear")
        expect(page.locator(".pg-status")).to_contain_text("no point")


def test_a_point_is_drawn_moved_and_deleted_by_a_pointer(site, browser):
    with playing(browser) as page:
        open_all(page)
        before = count(page)
        canvas = page.locator("#playground canvas")

        def touch(what, x, y):
            page.locator(f"[name=touch][value={what}]").press("Space")
            canvas.evaluate("e => e.scrollIntoView({ block: 'center' })")
            box = canvas.bounding_box()
            return box["x"] + box["width"] * x, box["y"] + box["height"] * y

        page.mouse.click(*touch("add", 0.6, 0.3))
        idle(page)
        assert count(page) == before + 1
        first = page.locator(".pg-said").text_content()
        x, y = touch("move", 0.6, 0.3)
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 30, y + 40, steps=3)
        page.mouse.up()
        idle(page)
        assert count(page) == before + 1
        moved = page.locator(".pg-said").text_content()
        assert moved != first
        page.mouse.click(*touch("choose", 0.1, 0.9))
        idle(page)
        assert page.locator(".pg-said").text_content() != moved
        x, y = touch("delete", 0.6, 0.3)
        page.mouse.click(x + 30, y + 40)
        idle(page)
        assert count(page) == before


# ---- runs, sweeps, the program ----


def test_runs_are_overlaid_with_what_differs(site, browser):
    with playing(browser) as page:
        press(page, "epoch")
        press(page, "keep")
        named(page, "optimizer").select_option("adam")
        idle(page)
        press(page, "rewind")
        press(page, "epoch")
        labels = page.locator(".pg-runs li").all_text_contents()
        assert "gradient descent" in labels[0]
        assert "Adam" in labels[1]
        assert page.locator(".pg-lines .pg-line").count() == 4
        dashes = page.locator(".pg-lines .pg-line").evaluate_all(
            "all => all.map((p) => p.getAttribute('stroke-dasharray'))"
        )
        assert dashes == ["8 3 2 3", "1 3", "", "6 3"]
        press(page, "forget")
        expect(page.locator(".pg-lines .pg-line")).to_have_count(2)


def test_a_sweep_tells_the_median_and_the_range(site, browser):
    with playing(browser) as page:
        open_all(page)
        named(page, "values").fill("0.01, fast")
        named(page, "seeds").fill("2")
        named(page, "length").fill("3")
        press(page, "sweep")
        expect(page.locator("label:has([name=values]) small")).not_to_be_empty()
        named(page, "values").fill("0.01, 0.5")
        page.locator("[data-do=sweep]").press("Enter")
        expect(page.locator(".pg-progress")).to_have_text("4 of 4 runs, done.")
        idle(page)
        rows = page.locator(".pg-swept tbody tr")
        assert rows.locator("th").all_text_contents() == ["0.01", "0.5"]
        for row in rows.all():
            middle, span = row.locator("td").all_text_contents()[:2]
            low, high = (float(v) for v in span.split(" to "))
            assert low <= float(middle) <= high


def test_the_program_is_copied_and_downloaded(site, browser, tmp_path):
    first = """Object.defineProperty(navigator, "clipboard", { value: {
      writeText: async (text) => { globalThis.copied = text; } } });"""
    with playing(browser, "data=xor&hidden=3&sigma=tanh", first=first) as page:
        open_all(page)
        typed(page, "homeEpochs", "3")
        code = page.locator(".pg-code").text_content()
        assert "range(1, 4)" in code
        press(page, "copyCode")
        page.wait_for_function("globalThis.copied")
        assert page.evaluate("copied") == code
        with page.expect_download() as loading:
            page.locator("[data-do=download]").press("Enter")
        loading.value.save_as(tmp_path / "playground.py")
        assert (tmp_path / "playground.py").read_text("utf8") == code
        assert loading.value.suggested_filename == "playground.py"


# ---- what readers ran into ----


def agree(page):
    """Tell whether text, table and diagram show the same inputs."""
    said = page.locator(".pg-said").text_content()
    told = [value(n) for n in re.findall(rf"= ({NUMBER})", said)]
    typed_in = page.locator("[data-neuron^='0,']").evaluate_all(
        "all => all.map((e) => e.getAttribute('aria-label').split(': ')[1])"
    )
    cells = page.locator(".pg-weights tbody tr td:first-of-type").all_text_contents()
    inputs = [value(text) for text in typed_in]
    return len(inputs) == len(told) and all(
        same(shown, exact)
        for shown, exact in [*zip(typed_in, told, strict=True), *zip(cells, told, strict=False)]
    )


def test_the_sample_is_one_and_the_same_everywhere(site, browser):
    with playing(browser) as page:
        open_all(page)
        typed(page, "sample", "150")
        assert agree(page)
        typed(page, "points", "40")
        assert agree(page)
        assert named(page, "sample").input_value() == "40"
        press(page, "clear")
        expect(page.locator("[data-neuron]")).to_have_count(0)
        for x in ("0.25", "-0.5"):
            named(page, "x").fill(x)
            press(page, "add")
            assert agree(page)
        expect(page.locator(".pg-said")).to_contain_text("(training)")


def test_without_a_point_nothing_of_the_last_network_stays(site, browser):
    with playing(browser) as page:
        open_all(page)
        press(page, "clear")
        expect(page.locator(".pg-said")).to_contain_text("the share for validation is 0")
        expect(page.locator(".pg-confusion")).to_have_count(0)
        expect(page.locator(".pg-lamp")).to_contain_text("no point to check with")


def test_the_same_link_again_begins_again_and_pauses(site, browser):
    with playing(browser) as page:
        link = page.locator(".pg-recipes a[href^='#playground']").first
        link.press("Enter")
        idle(page)
        first = costs(page)
        press(page, "epoch")
        assert costs(page) != first
        link.press("Enter")
        idle(page)
        assert costs(page) == first
        page.locator("[data-do=train]").press("Enter")
        page.wait_for_function(
            "Number(document.querySelector('[data-short=epochs]').textContent) > 0"
        )
        link.press("Enter")
        idle(page)
        expect(page.locator("[data-do=train]")).to_have_text("▶ Train")
        assert costs(page) == first


def test_a_recipe_stays_in_view_with_what_to_do_and_what_is_beside(site, browser):
    recipe = next(r for r in playground.recipes() if r.get("beside"))
    with playing(browser, width=390) as page:
        card = page.locator(".pg-recipe")
        expect(card).to_be_hidden()
        page.locator(f".pg-recipes a:has-text('{recipe['name']}')").first.press("Enter")
        idle(page)
        expect(card).to_be_visible()
        for text in (recipe["name"], f"Train {recipe['train']}", recipe["see"]):
            expect(card).to_contain_text(text)
        card.locator(f"a:text-is('{recipe['beside']['name']}')").press("Enter")
        idle(page)
        assert state(page) == recipe["beside"]["address"]
        expect(card.locator("[aria-current]")).to_have_text(recipe["beside"]["name"])
        press(page, "closeRecipe")
        expect(card).to_be_hidden()
    with playing(browser, recipe["address"]) as page:
        expect(page.locator(".pg-recipe")).to_contain_text(recipe["name"])


def test_back_leads_to_the_start(site, browser):
    with playing(browser) as page:
        first = costs(page)
        page.locator(".pg-recipes a[href^='#playground:data']").first.press("Enter")
        idle(page)
        page.evaluate("history.back()")
        page.wait_for_function("!location.hash")
        idle(page)
        assert costs(page) == first
        assert named(page, "data").input_value() == "circle"


@pytest.mark.parametrize(
    "hash_", ["#%E0%A4%A", "#playground:rate=0.5%", "#playground%3Arate%3D0.5%26x=%"]
)
def test_no_percent_sign_stops_the_page(site, browser, hash_):
    with opened(browser, (SITE / PAGE).as_uri() + hash_) as page:
        idle(page)
        assert costs(page)[0] > 0
        assert page.seen == []


def test_each_stop_rule_begins_with_a_number_of_its_own(site, browser):
    with playing(browser) as page:
        open_all(page)
        for rule, number in (("cost", "0.1"), ("patience", "20"), ("epochs", "100")):
            named(page, "stop").select_option(rule)
            idle(page)
            expect(named(page, "stopAt")).to_have_value(number)
        named(page, "stop").select_option("patience")
        typed(page, "stopAt", "1")
        typed(page, "rate", "3")
        page.locator("[data-do=train]").press("Enter")
        expect(page.locator(".pg-status")).to_contain_text(
            re.compile(r"With the weights of epoch \d+ the cost is")
        )
        idle(page)
        epoch = re.search(r"weights of epoch (\d+)", page.locator(".pg-status").text_content())[1]
        expect(page.locator(".pg-lines")).to_contain_text(f"epoch {epoch}")


def test_a_planted_fault_is_named_and_its_menu_open(site, browser):
    with playing(browser, "fault=sign") as page:
        expect(page.locator(".pg-lamp")).to_contain_text("Planted: BP3 has the wrong sign.")
        expect(named(page, "fault")).to_be_visible()
        assert named(page, "fault").locator("option:checked").text_content() == (
            "BP3 with the wrong sign"
        )


def test_a_lamp_that_could_judge_nothing_has_a_sign_of_its_own(site, browser):
    with playing(browser, "data=curve&pair=identityQuadratic&edits=3,b,0,0,1e153") as page:
        lamp = page.locator(".pg-lamp")
        expect(lamp).to_contain_text("? Gradient check:")
        expect(lamp).to_have_attribute("data-agrees", "null")


OVERLAPS = """() => {
  const texts = [...document.querySelectorAll(".pg-diagram text")].filter((t) => t.textContent);
  const boxes = texts.map((t) => [t.textContent, t.getBoundingClientRect()]);
  const crossed = boxes.flatMap(([a, one], i) => boxes.slice(i + 1).filter(([, two]) =>
    one.left < two.right - 0.5 && two.left < one.right - 0.5
    && one.top < two.bottom - 3 && two.top < one.bottom - 3).map(([b]) => `${a} and ${b}`));
  const box = document.querySelector(".pg-diagram").getBoundingClientRect();
  const cut = boxes.filter(([, one]) => one.right > box.right + 0.5 || one.left < box.left - 0.5);
  const spilled = [...document.querySelectorAll("[data-neuron]")].filter((g) => {
    const [text, pill] = [g.lastElementChild, g.querySelector(".pg-pill")]
      .map((e) => e.getBoundingClientRect());
    return text.width && (text.left < pill.left || text.right > pill.right);
  }).map((g) => g.textContent);
  return [...crossed, ...cut.map(([a]) => `${a} cut`), ...spilled.map((t) => `${t} spilled`)];
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_diagrams_words_and_numbers_have_room(site, browser, width):
    deep = "hidden=8,8,8,8&sigma=leakyRelu,leakyRelu,leakyRelu,leakyRelu"
    tiny = "&edits=" + ";".join(f"{l},b,{j},0,-4.4e-{9 + l}" for l in (1, 2) for j in range(8))
    curve = f"data=curve&pair=identityQuadratic&scheme=equal&{deep}{tiny}"
    for told in (f"data=blobs&{deep}", curve):
        with playing(browser, told, width=width) as page:
            assert page.evaluate(OVERLAPS) == []
            page.locator("[name=way][value=backward]").check()
            assert page.evaluate(OVERLAPS) == []


def test_negative_numbers_stand_in_parentheses(site, browser):
    with playing(browser, "sigma=sigmoid") as page:
        for neuron in page.locator("[name=neuron] option").all():
            named(page, "neuron").select_option(neuron.get_attribute("value"))
            for text in page.locator(".pg-put").all_text_contents():
                assert not re.search(r"[−·+] ?−", text), text
        named(page, "neuron").select_option("1,0")
        assert "Σk w2k1 δ2k" in page.locator(".pg-symbols").nth(3).text_content()
        assert (
            page.locator(".pg-symbols").nth(2).text_content().strip() == "σ′(z11) = a11 (1 − a11)"
        )


def test_the_chart_has_few_labels_that_do_not_overlap(site, browser):
    with playing(browser, "data=curve&pair=identityQuadratic&edits=3,b,0,0,1e100") as page:
        press(page, "keep")
        press(page, "keep")
        labels = page.locator(".pg-axes text, .pg-lines text").evaluate_all(
            "all => all.map((t) => [t.textContent, t.getBoundingClientRect().toJSON()])"
        )
        assert len(labels) < 20
        frame = page.locator(".pg-chart svg").bounding_box()
        for i, (one, a) in enumerate(labels):
            assert a["bottom"] <= frame["y"] + frame["height"] + 0.5, one
            for other, b in labels[i + 1 :]:
                beside = a["right"] <= b["left"] or b["right"] <= a["left"]
                assert beside or a["bottom"] <= b["top"] + 3 or b["bottom"] <= a["top"] + 3, (
                    one, other,
                )  # fmt: skip


def test_kept_curves_are_named_told_apart_and_announced(site, browser):
    with playing(browser) as page:
        press(page, "epoch")
        press(page, "keep")
        expect(page.locator(".pg-status")).to_contain_text("1 curve is kept")
        open_all(page)
        typed(page, "dataSeed", "7")
        press(page, "epoch")
        press(page, "keep")
        named(page, "fault").select_option("sign")
        idle(page)
        press(page, "epoch")
        runs = page.locator(".pg-runs li").all_text_contents()
        assert "1: data seed 1. Cost" in runs[0]
        assert "2: data seed 7. Cost" in runs[1]
        assert "3: data seed 7; from epoch 1 on fault BP3 with the wrong sign. Cost" in runs[2]
        assert all(re.search(rf"Cost {NUMBER}, validation {NUMBER}", run) for run in runs)
        looks = page.locator(".pg-runs path").evaluate_all(
            "all => all.map((p) => p.getAttribute('stroke') + p.getAttribute('stroke-dasharray'))"
        )
        assert len(set(looks)) == 3
        label = page.locator(".pg-chart svg").get_attribute("aria-label")
        assert all(run.removesuffix("×").strip() in label for run in runs)


def test_a_weight_and_a_setting_changed_at_once_both_count(site, browser):
    with playing(browser) as page:
        page.evaluate(
            """() => { const put = (e, v) => { e.value = v;
              e.dispatchEvent(new Event("change", { bubbles: true })); };
            put(document.querySelector("[data-edit='0']"), "2");
            put(document.querySelector("[name=rate]"), "0.7"); }"""
        )
        idle(page)
        assert set(state(page).split("&")) == {"rate=0.7", "edits=1,w,0,0,2"}
        expect(page.locator("[data-edit='0']")).to_have_value("2")


def test_the_address_is_up_to_date_while_it_trains(site, browser):
    with playing(browser) as page:
        page.locator("[data-do=train]").press("Enter")
        page.wait_for_function(
            "Number(document.querySelector('[data-short=epochs]').textContent) > 0"
        )
        named(page, "rate").fill("0.2")
        named(page, "rate").press("Enter")
        page.wait_for_function("location.hash.includes('rate=0.2')")
        expect(page.locator("[data-do=train]")).to_have_text("❚❚ Pause")
        page.locator("[data-do=train]").press("Enter")
        idle(page)


def test_two_presses_on_train_leave_it_as_it_was(site, browser):
    with playing(browser) as page:
        page.evaluate(
            "{ const b = document.querySelector('[data-do=train]'); b.click(); b.click(); }"
        )
        idle(page)
        expect(page.locator("[data-do=train]")).to_have_text("▶ Train")


def test_copied_is_said_only_where_it_was(site, browser):
    first = """Object.defineProperty(navigator, "clipboard", { value: undefined });
    document.execCommand = () => globalThis.may;"""
    with playing(browser, first=first) as page:
        open_all(page)
        for may, said in (("true", "Copied."), ("false", "did not let the page copy")):
            page.evaluate(f"globalThis.may = {may}")
            page.locator("[data-do=copyCode]").press("Enter")
            expect(page.locator(".pg-status")).to_contain_text(said)


def test_text_that_was_refused_stays(site, browser):
    with playing(browser) as page:
        open_all(page)
        named(page, "own").fill("0, 0, 1\n1, x, 2")
        press(page, "paste")
        press(page, "epoch")
        named(page, "data").select_option("xor")
        idle(page)
        expect(named(page, "own")).to_have_value("0, 0, 1\n1, x, 2")


def test_a_sweep_takes_the_menus_words_and_begins_with_fitting_values(site, browser):
    with playing(browser) as page:
        open_all(page)
        named(page, "over").select_option("optimizer")
        words = named(page, "optimizer").locator("option").all_text_contents()
        expect(named(page, "values")).to_have_value(", ".join(words))
        named(page, "seeds").fill("1")
        named(page, "length").fill("1")
        page.locator("[data-do=sweep]").press("Enter")
        expect(page.locator(".pg-progress[role=status]")).to_contain_text("4 of 4 runs, done.")
        idle(page)
        assert page.locator(".pg-swept tbody th").all_text_contents() == words
        named(page, "values").fill("Adam, Eve")
        press(page, "sweep")
        expect(page.locator("label:has([name=values]) small")).to_contain_text("“Eve” is none of")
        expect(page.locator(".pg-swept table")).to_have_count(0)


def test_layers_run_out_without_losing_the_focus(site, browser):
    with playing(browser) as page:
        for action, other in (("deeper", "shallower"), ("shallower", "deeper")):
            button = page.locator(f"[data-do={action}]")
            while button.is_enabled():
                press(page, action)
            expect(page.locator(f"[data-do={other}]")).to_be_focused()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_bar_never_covers_what_has_the_focus(site, browser, width):
    with playing(browser, width=width) as page:
        page.locator("[name=data]").focus()
        for _ in range(45):
            page.keyboard.press("Tab")
            covered = page.evaluate(
                """() => { const e = document.activeElement;
                const bar = document.querySelector(".pg-bar");
                if (!e.closest("#playground") || bar.contains(e)) return "";
                const [a, b] = [e, bar].map((one) => one.getBoundingClientRect());
                return a.bottom > b.top + 1 && a.top < b.bottom ? e.outerHTML.slice(0, 90) : ""; }"""
            )
            assert covered == ""


def test_paper_holds_the_settings_and_the_weights(site, browser):
    with playing(browser, "rate=0.25&optimizer=adam", width=718) as page:
        page.emulate_media(media="print")
        paper = page.locator(".pg-printed")
        expect(paper).to_be_visible()
        for text in ("0.25", "Adam", "circle and ring"):
            expect(paper).to_contain_text(text)
        expect(paper.locator("tbody tr")).to_have_count(10)


def test_the_program_says_when_it_is_not_the_run_that_is_shown(site, browser):
    with playing(browser) as page:
        press(page, "epoch")
        typed(page, "rate", "0.5")
        page.locator("[data-panel=home] summary").press("Enter")
        expect(page.locator(".pg-homesaid")).to_contain_text("the program is another run")


# ---- without a worker, or without a script ----

NO_WORKER = "delete globalThis.Worker;"
DEAD_WORKER = """globalThis.Worker = class { constructor() { setTimeout(() => this.onerror()); }
  postMessage() {} terminate() {} };"""
SILENT_WORKER = """globalThis.Worker = class { postMessage() {} terminate() {} };
  const later = setTimeout;  // its seconds are short here
  globalThis.setTimeout = (f, ms, ...given) => later(f, ms > 2000 ? ms / 50 : ms, ...given);"""


@pytest.mark.parametrize(
    "first", [NO_WORKER, DEAD_WORKER, SILENT_WORKER], ids=["none", "dead", "silent"]
)
def test_without_a_worker_the_page_computes_the_same(site, browser, first):
    def course(page):
        press(page, "epoch")
        press(page, "batch")
        return costs(page), page.locator("#playground").get_attribute("data-runs")

    with playing(browser) as page:
        told, where = course(page)
        assert where == "worker"
    with playing(browser, first=first) as page:
        assert course(page) == (told, "page")
        train(page)


def test_without_scripts_it_shows_its_start(site, browser):
    with opened(browser, site / PAGE, java_script_enabled=False) as page:
        expect(page.locator("#playground noscript p")).to_contain_text("needs JavaScript")
        expect(page.locator(".pg-field svg")).to_be_visible()
        expect(page.locator(".pg-status")).to_be_visible()
        expect(page.locator(".pg-status")).to_contain_text("Before the first step the cost is")
        held = page.locator("#playground :is(button, input, select, textarea)")
        expect(held.locator("visible=true")).to_have_count(0)


# ---- for every reader ----

FULL = "data=blobs&hidden=8,8,8,8&sigma=tanh,relu,leakyRelu,sigmoid"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_with_all_of_it_open(site, browser, width, scheme):
    with playing(browser, FULL, width=width, scheme=scheme) as page:
        page.locator("[name=way][value=backward]").check()
        press(page, "epoch")
        press(page, "keep")
        rate = named(page, "rate")
        rate.fill("x")
        rate.press("Enter")
        assert problems_of(page) == []


@pytest.mark.parametrize("width", [390, 320])
def test_the_largest_network_fits_a_phone(site, browser, width):
    with playing(browser, FULL, width=width) as page:
        open_all(page)
        press(page, "epoch")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        # the panels are laid out each by itself: what stands out of them scrolls nothing
        beyond = page.evaluate(
            """(width) => [...document.querySelectorAll("#playground *")]
            .filter((e) => !e.closest(".pg-scroll *, .pg-code *") && e.checkVisibility())
            .filter((e) => e.getBoundingClientRect().right > width + 0.5)
            .map((e) => e.outerHTML.slice(0, 100))""",
            width,
        )
        assert beyond == []
        small = page.evaluate(
            """() => [...document.querySelectorAll("#playground svg text")]
            .filter((t) => t.textContent && t.getBoundingClientRect().height < 12)
            .map((t) => t.textContent)"""
        )
        assert small == []


def test_targets_are_large_enough_for_a_finger(site, browser):
    with playing(browser, width=390, has_touch=True, is_mobile=True) as page:
        sizes = page.evaluate(
            """() => [...document.querySelectorAll("#playground :is(button, select, input:not([type]))")]
            .filter((e) => e.checkVisibility())
            .map((e) => [e.name || e.dataset.do, e.offsetWidth, e.offsetHeight])"""
        )
        assert [s for s in sizes if min(s[1:]) < 44] == []
        neurons = page.evaluate(
            """() => [...document.querySelectorAll("[data-neuron] .pg-pill")]
            .map((e) => e.getBoundingClientRect()).map((r) => Math.min(r.width, r.height))"""
        )
        assert min(neurons) >= 24


def test_paper_is_light_and_holds_the_numbers(site, browser):
    corner = """() => [...document.querySelector("#playground canvas").getContext("2d")
      .getImageData(1, 1, 1, 1).data]"""
    with playing(browser, width=718, scheme="dark") as page:
        dark = page.evaluate(corner)
        page.emulate_media(media="print")
        page.wait_for_function(f"({corner})()[0] === 255")
        assert page.evaluate(corner) != dark
        expect(page.locator(".pg-equations")).to_be_visible()
        expect(page.locator("[data-edit='0']")).to_be_visible()
        expect(page.locator("#playground button:visible")).to_have_count(0)


def test_where_motion_is_unwelcome_it_is_drawn_once_a_second(site, browser):
    """A drawing is counted by what asks for it; the clock is the browser's own, held by the test."""
    held = """globalThis.asked = []; const later = globalThis.setTimeout;
    globalThis.setTimeout = (f, ms, ...more) => { asked.push(ms); return later(f, ms, ...more); };"""
    with playing(browser, first=held) as page:  # opened asks for reduced motion
        train(page)
        assert page.evaluate("asked.includes(1000)")
        assert page.locator("#playground .pg-status").get_attribute("aria-live") == "polite"


def test_the_page_and_the_model_name_the_same_settings():
    start = playground.model()["START"]
    page = BeautifulSoup(playground.page(), "html.parser")
    assert page.select_one("#playground")["data-settings"].split() == list(start)


def test_the_scripts_name_the_palette_s_colors_alone():
    for path in Path(playground.SCRIPTS).glob("playground*"):
        source = path.read_text("utf8")
        assert set(re.findall(r"--figure-(\w+)", source)) <= set(LIGHT)
        assert not re.search(r"#[0-9a-f]{6}\b", re.sub(r"//.*|/\*.*?\*/", "", source), re.I)


def test_every_chapter_that_a_recipe_names_exists():
    assert len(playground.recipes()) >= 10
    for recipe in playground.recipes():
        assert (ROOT / f"book/{recipe['chapter']}.ipynb").exists()
