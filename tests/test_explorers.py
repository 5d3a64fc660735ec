"""Every explorer of every page as its reader uses it, by keyboard and by pointer, from file://.

What an explorer shows is compared with what is to be seen at the state of its controls: the frame
that was drawn at build, or what Node makes of the same script. A page of its own has what no page of
the book may have yet: fleeting fields, elements that set controls, a handle along a slider.
"""

import json
import re
from itertools import pairwise
from urllib.parse import parse_qsl

import pytest
from conftest import PAGES, REDRAWN, SITE, first_with, opened, parsed
from playwright.sync_api import expect

from bookkit.controls import Number, Settings, control_of, page
from bookkit.explore import explore
from bookkit.scripted import SCRIPTS, views

HELD = [name for name in PAGES if parsed(SITE / name).select("[data-explorer]")]
every_page = pytest.mark.parametrize("page_name", HELD)

# What the kit alone decides is tried on the first page that has each kind of control or view.
KINDS = "[data-explorer=frames]", "select[name]", "[data-low]", "[data-fleeting]", ".explorer-table"
FEW = first_with(HELD, *KINDS)
few_pages = pytest.mark.parametrize("page_name", FEW)

STATE = """e => {
  const picture = e.querySelector(".picture") ?? e.querySelector("svg");
  const value = (f) => f.dataset.values ? JSON.parse(f.dataset.values)[f.value]
    : "fleeting" in f.dataset && !f.value.trim() ? null : Number(f.value.replace("−", "-"));
  const fields = [...e.querySelectorAll("[name]")];
  return {
    state: Object.fromEntries(fields.map((f) => [f.name, value(f)])),
    at: fields.reduce((at, f) => at * JSON.parse(f.dataset.values ?? "[0]").length + Number(f.value), 0),
    told: fields.map((f) => f.type === "range" ? [f.nextElementSibling.textContent, f.ariaValueText]
      : [f.value, f.ariaInvalid]),
    svg: picture.innerHTML.trim(), label: picture.getAttribute("aria-label"),
    sentence: e.querySelector("figcaption").textContent,
    height: e.querySelector("figcaption").offsetHeight,
    table: e.querySelector(".explorer-table")?.innerHTML ?? null,
  };
}"""
AS_PARSED = """bodies => bodies.map((body) => {
  const g = document.createElementNS("http://www.w3.org/2000/svg", "g");
  g.innerHTML = body;
  return g.innerHTML.trim();
})"""


def seen(explorer):
    """Return what an explorer shows and the state of its controls, once it is redrawn."""
    explorer.page.evaluate(REDRAWN)
    return explorer.evaluate(STATE)


def wanted(explorer, shown):
    """Return [(picture, sentence, table, handles)] for what seen returned."""
    name = explorer.get_attribute("data-explorer")
    data = json.loads(explorer.locator("script[type='application/json']").text_content())
    if name == "frames":
        lines = [
            [
                data["parts"][i]
                for a, n in zip(r[::2], r[1::2], strict=True)
                for i in range(a, a + n)
            ]
            for r in (data["frames"][s["at"]] for s in shown)
        ]
        svgs, said = ["\n".join(part) for part in lines], [data["alts"][s["at"]] for s in shown]
        rest = [(None, {})] * len(shown)
    else:
        found = views(name, data, [s["state"] for s in shown])
        svgs, said = ([v[k] for v in found] for k in ("svg", "sentence"))
        rest = [(v.get("table"), v.get("handles", {})) for v in found]
    svgs = explorer.page.evaluate(AS_PARSED, svgs)
    return [(a, b, *c) for a, b, c in zip(svgs, said, rest, strict=True)]


def alike(one, other):
    """Tell whether two pictures are the same but for the last digit of a place or a length.

    Node and Chromium round differently in the last digit, which hundreds of training steps enlarge.
    """
    number = r"-?\d+(?:\.\d+)?"
    tags = [re.findall(r"<[^>]*>", svg) for svg in (one, other)]
    if len({re.sub(r"<[^>]*>", "<>", svg) for svg in (one, other)}) > 1:  # the texts
        return False
    if len({tuple(re.sub(number, "0", tag) for tag in of) for of in tags}) > 1:
        return False
    places = ([n for tag in of for n in re.findall(number, tag)] for of in tags)
    return all(
        abs(float(a) - float(b)) < (0.0011 if max(decimals(a), decimals(b)) > 2 else 0.011)
        for a, b in zip(*places, strict=True)
    )


def decimals(text):
    return len(text.partition(".")[2])


def right(explorer, *shown):
    """Assert that each of what was seen is what is to be seen at its state; return the handles."""
    last, drawn = {}, explorer.get_attribute("data-explorer") == "frames"
    for s, (svg, said, table, handles) in zip(shown, wanted(explorer, shown), strict=True):
        last = handles
        assert s["sentence"] == s["label"] == said, s["state"]
        assert s["svg"] == svg or (not drawn and alike(s["svg"], svg)), s["state"]
        assert bool(s["table"]) == bool(table)
    return last


def open_all(page):
    page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")


def explorers_of(page, what="[data-explorer]"):
    open_all(page)
    return page.locator(what).all()


def fields_of(explorer):
    """Return [(name, locator, kind)]; kind is slider, menu or number."""
    found = []
    for field in explorer.locator("[name]").all():
        kind = "menu" if field.evaluate("f => f.localName") == "select" else "number"
        if field.get_attribute("type") == "range":
            kind = "slider"
        found.append((field.get_attribute("name"), field, kind))
    return found


def go(field, kind, end):
    """Move a control to an end, 0 or 1, by keyboard."""
    if kind == "number":
        limit = field.get_attribute(("data-low", "data-high")[end])
        field.fill("")
        field.press_sequentially(limit.replace("-", "−"))
    else:
        field.press(("Home", "End")[end])


def rest(page):
    """Wait until the address is told: its timer of 300 ms starts in the frame after an input."""
    page.evaluate(REDRAWN)
    page.evaluate("() => new Promise((done) => setTimeout(done, 310))")


# ---- each explorer of the book ----


PHONES = [(name, 390) for name in HELD]


@pytest.mark.parametrize(("page_name", "width"), [*PHONES, *((name, 1280) for name in FEW)])
def test_each_control_reaches_both_its_ends_by_keyboard(site, browser, page_name, width):
    with opened(browser, site / page_name, width=width) as page:
        for explorer in explorers_of(page):
            shown = [seen(explorer)]
            for name, field, kind in fields_of(explorer):
                for end in (0, 1):
                    go(field, kind, end)
                    shown.append(seen(explorer))
                    if kind == "slider":
                        text = f"{shown[-1]['state'][name]:g}".replace("-", "−")
                        i = list(shown[-1]["state"]).index(name)
                        assert shown[-1]["told"][i] == [text, text]
                values = [s["state"][name] for s in shown[-2:]]
                listed = field.get_attribute("data-values")
                limits = [float(field.get_attribute(a) or 0) for a in ("data-low", "data-high")]
                assert values == ([json.loads(listed)[i] for i in (0, -1)] if listed else limits)
            # the sentence never pushes what is below it; indices of another font add some pixels
            heights = [s["height"] for s in shown]
            assert max(heights) - min(heights) < 8
            # at some states a control has nothing to change, as two wrong answers
            assert len({(s["sentence"], s["svg"], s["table"]) for s in shown}) > 2
            right(explorer, *shown)
        assert page.seen == []


@few_pages
def test_the_buttons_beside_a_slider_go_one_value_back_and_on(site, browser, page_name):
    with opened(browser, site / page_name) as page:
        for explorer in explorers_of(page):
            shown = []
            for name, field, kind in fields_of(explorer):
                if kind != "slider":
                    continue
                back, on = (explorer.locator(f"[data-by='{by}'][value='{name}']") for by in (-1, 1))
                values = json.loads(field.get_attribute("data-values"))
                field.press("Home")
                for button, at in ((back, 0), (on, 1), (back, 0)):
                    button.click()
                    shown.append(seen(explorer))
                    assert shown[-1]["state"][name] == values[at]
                field.press("End")
                on.click()
                assert seen(explorer)["state"][name] == values[-1]
            right(explorer, *shown)
        assert page.seen == []


@few_pages
def test_start_again_gives_back_the_picture_of_the_start(site, browser, page_name):
    with opened(browser, site / page_name) as page:
        for explorer in explorers_of(page):
            first = seen(explorer)
            for _, field, kind in fields_of(explorer):
                go(field, kind, 0)
                go(field, kind, 1)
            assert seen(explorer)["svg"] != first["svg"]
            explorer.locator("[data-reset]").press("Enter")
            again = seen(explorer)
            right(explorer, again)
            for part in ("state", "sentence", "label", "svg"):
                strip = (lambda x: re.sub(r"\s+", " ", x)) if part == "svg" else (lambda x: x)
                assert strip(again[part]) == strip(first[part])


@few_pages
def test_what_a_browser_restores_is_what_is_shown(site, browser, page_name):
    with opened(browser, site / page_name) as page:
        before = []
        for explorer in explorers_of(page):
            for _, field, kind in fields_of(explorer):
                if kind != "number":
                    go(field, kind, 0)
            before.append(seen(explorer))
        rest(page)
        page.goto((site / "search.html").as_uri())
        page.go_back()
        for explorer, was in zip(explorers_of(page), before, strict=True):
            now = seen(explorer)
            right(explorer, now)
            assert now["state"] == was["state"]
        assert page.seen == []


@few_pages
def test_an_address_gives_back_what_was_seen(site, browser, page_name):
    with opened(browser, site / page_name) as page:
        shown = {}
        for explorer in explorers_of(page, "[data-explorer][data-linked]"):
            for end in (0, 1):
                for _, field, kind in fields_of(explorer):
                    go(field, kind, end)
                rest(page)
                name = explorer.get_attribute("id")
                assert f"#{name}:" in page.url
                shown[page.url] = name, seen(explorer)
        for address, (name, was) in shown.items():
            page.goto("about:blank")
            page.goto(address)
            now = seen(page.locator(f"#{name}"))
            assert now == was
            expect(page.locator(f"#{name}")).to_be_in_viewport()
        for address, (name, was) in shown.items():  # with the page open
            rest(page)  # what is still to be told would take the place of this address
            page.evaluate("hash => { location.hash = hash }", address.split("#")[1])
            assert seen(page.locator(f"#{name}")) == was
        assert page.seen == []


@few_pages
def test_what_an_address_makes_up_does_no_harm(site, browser, page_name):
    names = [e["id"] for e in parsed(site / page_name).select("[data-linked]")]
    with opened(browser, site / page_name) as page:
        for name in names:
            start = seen(page.locator(f"#{name}"))["state"]
            first = next(iter(start))
            for pairs in (
                "toString=1&__proto__=2&constructor=3&nothing=4",
                "&".join(f"{field}=abc" for field in start),
                "&".join(f"{field}=" for field in start),
                f"{first}=NaN&{first}", "%E0%A4%A", "", ":::",
            ):  # fmt: skip
                page.evaluate("hash => { location.hash = hash }", f"{name}:{pairs}")
                explorer = page.locator(f"#{name}")
                assert seen(explorer)["state"] == start, pairs
                assert explorer.locator("[aria-invalid=true]").count() == 0
                explorer.locator("[type=range], select").first.press("End")
            right(explorer, seen(explorer))
        assert page.seen == []


@few_pages
def test_what_is_typed_into_a_number_field_is_judged_in_words(site, browser, page_name):
    with opened(browser, site / page_name) as page:
        for explorer in explorers_of(page):
            for _, field, kind in fields_of(explorer):
                if kind != "number":
                    continue
                low, high = (float(field.get_attribute(f"data-{end}")) for end in ("low", "high"))
                told = explorer.locator(f"[id='{field.get_attribute('aria-describedby')}']")
                last = seen(explorer)
                for text in (
                    "abc",
                    "1/0",
                    "1,2,3",
                    "--1",
                    f"{high + 1:g}",
                    f"{low - 1:g}",
                    "1/2/3",
                ):
                    field.fill(text)
                    now = seen(explorer)
                    assert now["svg"] == last["svg"]
                    assert field.get_attribute("aria-invalid") == "true"
                    limits = [f"{v:g}".replace("-", "−") for v in (low, high)]
                    fault = f"“{text}” is not a number from {limits[0]} to {limits[1]}."
                    expect(told).to_have_text(fault)
                    assert now["sentence"].endswith(f": {fault}")
                middle = (low + high) / 2
                field.fill(f"{middle:.3f}".replace("-", "−").replace(".", ","))
                expect(told).to_be_empty()
                assert field.get_attribute("aria-invalid") == "false"
        assert page.seen == []


@every_page
def test_a_handle_follows_the_pointer_and_the_arrows_as_far_as_its_fields(site, browser, page_name):
    with opened(browser, site / page_name) as page:
        for explorer in explorers_of(page):
            handles = right(explorer, seen(explorer))
            assert explorer.locator(".handle").count() == len(handles)
            for i, told in enumerate(handles.values()):
                handle, fields = explorer.locator(".handle").nth(i), told["fields"]
                drive(explorer, handle, fields, told["step"])
        assert page.seen == []


def drive(explorer, handle, fields, step):
    """Move a handle by arrows and by pointer, and assert where it comes to."""
    page = explorer.page
    state = seen(explorer)["state"]
    where = {name: explorer.locator(f"[name='{name}']") for name in fields}
    ends = {}
    for name, field in where.items():
        listed = json.loads(field.get_attribute("data-values") or "[]")
        limits = [field.get_attribute(f"data-{end}") for end in ("low", "high")]
        ends[name] = [listed[0], listed[-1]] if listed else list(map(float, limits))
    numbers = [name for name in fields if not where[name].get_attribute("data-values")]
    for name in numbers:
        arrows = ("ArrowLeft", "ArrowRight") if name == fields[0] else ("ArrowDown", "ArrowUp")
        toward = state[name] < sum(ends[name]) / 2  # there is room on that side
        by = step if toward else -step
        for keys, times in ((arrows[toward], 1), (f"Shift+{arrows[toward]}", 10)):
            before = state[name]
            handle.press(keys)
            shown = seen(explorer)
            state = shown["state"]
            low, high = ends[name]
            assert state[name] == pytest.approx(min(max(before + times * by, low), high))
            right(explorer, shown)
    assert handle.get_attribute("role") == "slider"
    assert handle.get_attribute("aria-label")
    assert float(handle.get_attribute("aria-valuenow")) == state[fields[0]]
    told = [float(handle.get_attribute(f"aria-value{end}")) for end in ("min", "max")]
    assert told == ends[fields[0]]

    explorer.locator("svg").first.scroll_into_view_if_needed()
    spot = handle.locator("circle").last
    picture = explorer.locator("svg").first.bounding_box()
    x, y = center(spot)
    aims = [(x - 12, y - 12), (x + 12, y + 12)]  # in a panel of any width, then two far outside
    aims += [
        (picture["x"] + along * picture["width"], picture["y"] + down * picture["height"])
        for along, down in ((0.5, 0.4), (0.6, 0.3), (-1, -1), (2, 2))
    ]
    page.mouse.move(x, y)
    page.mouse.down()
    shown = []
    for aim in aims:
        page.mouse.move(*aim)
        shown.append(seen(explorer))
        for name in fields:
            low, high = ends[name]
            assert low <= shown[-1]["state"][name] <= high
    page.mouse.up()
    moved = seen(explorer)
    page.mouse.move(picture["x"] + 5, picture["y"] + 5)
    assert seen(explorer) == moved  # let go
    right(explorer, *shown)
    assert len({json.dumps(s["state"]) for s in shown}) > 2


def center(spot):
    box = spot.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@every_page
def test_an_element_that_sets_controls_sets_them(site, browser, page_name):
    with opened(browser, site / page_name) as page:
        for explorer in explorers_of(page):
            for i in range(explorer.locator("[data-set]").count()):
                element = explorer.locator("[data-set]").nth(i)
                if not element.count():
                    break  # a click may leave fewer of them
                pairs = dict(parse_qsl(element.get_attribute("data-set")))
                element.dispatch_event("click")
                now = seen(explorer)
                for name, text in pairs.items():
                    value = now["state"][name]
                    assert value == (text if isinstance(value, str) else float(text))
                right(explorer, now)
        assert page.seen == []


@every_page
def test_what_plays_runs_to_its_end(site, browser, page_name):
    with opened(browser, site / page_name) as page:
        page.emulate_media(reduced_motion="no-preference")
        for explorer in explorers_of(page):
            for button in explorer.locator("[data-play]").all():
                slider = explorer.locator(f"[name='{button.get_attribute('data-play')}']")
                slider.press("End")
                last = slider.input_value()
                for _ in range(2):
                    slider.press("ArrowLeft")
                button.click()
                expect(button).to_have_text("❚❚ Pause")
                expect(button).to_have_text("▶ Play")
                assert slider.input_value() == last
                right(explorer, seen(explorer))
        assert page.seen == []


# ---- a page of its own ----

VIEW = """explorers.views.probe = () => ({
  view({ step, kind, x, y, delta }) {
    const sentence = `step ${step}, kind ${kind}, x ${x}, y ${y}, delta ${delta}`;
    return {
      svg: `<text x="9" y="20">${sentence}</text>
        <rect data-set="step=9&amp;kind=z¹₂ two" x="9" y="30" width="30" height="30"/>`,
      sentence,
      table: `<table><tr><td data-set="x=-2.5">cell</td><td>${delta}</td></tr></table>`,
      handles: {
        point: { x: 200 + 20 * x, y: 150 - 20 * y, label: "point: x, y", fields: ["x", "y"], step: 0.1 },
        knob: { x: 100 + 10 * step, y: 280, label: "step", fields: ["step"], step: 1 },
      },
    };
  },
  drag: (name, x, y) =>
    name === "knob" ? { step: (x - 100) / 10 } : { x: (x - 200) / 20, y: (150 - y) / 20 },
});"""


def probe_page(table=""):
    controls = [
        control_of("step", "step", list(range(20)), 4),
        control_of("kind", "kind", ["one", "z¹₂ two"], None),
        control_of("x", "x", Number(-5, 5), 1),
        control_of("y", "y", Number(-5, 5), 0),
        control_of("delta", "δ", Number(-1, 1, fleeting=True), None),
    ]
    svg = '<svg viewBox="0 0 400 300"><g class="picture" role="img" aria-label="s"></g></svg>'
    return page(
        "probe", "probe", controls, Settings("probe", {"step": 20}, ()),
        picture=svg, sentences=["s"], data={}, table=table,
    )  # fmt: skip


def draw(k):
    from bookkit import figures

    fig, ax = figures.axes("x", "y")
    ax.plot([0, k], [0, 1])
    return fig, f"A line from the origin up to {k}."


@pytest.fixture(scope="module")
def probe(tmp_path_factory):
    """Write a page with two explorers far from its ends, and return its path."""
    scripts = "".join(
        f"<script>{text}</script>"
        for text in [
            *((SCRIPTS / f"{n}.js").read_text("utf8") for n in ("explore", "frames")),
            VIEW,
        ]
    )
    path = tmp_path_factory.mktemp("probe") / "probe.html"
    path.write_text(
        f"<!doctype html><meta charset=utf8><style>{(SCRIPTS / 'explore.css').read_text('utf8')}"
        f"svg {{ width: 400px }}</style><p>Top<p style='height: 3000px'>{probe_page()}"
        f"{explore(draw, k=[1, 2, 3]).html()}<p style='height: 3000px'>{scripts}",
        "utf8",
    )
    return path


def said(page):
    page.evaluate(REDRAWN)
    return page.locator("#probe figcaption").inner_text()


START = "step 4, kind one, x 1, y 0, delta null"


def test_a_script_draws_at_once_and_frames_wait(browser, probe):
    with opened(browser, probe) as page:
        assert said(page) == START
        assert page.locator("#probe .explorer-table").inner_text().split() == ["cell", "null"]
        assert page.seen == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("−1,5", "-1.5"), ("3/8", "0.375"), ("−3/8", "-0.375"), (" 2 ", "2"), ("–2.5", "-2.5"),
     ("1e-3", "0.001"), ("5", "5"), ("-5", "-5")],
)  # fmt: skip
def test_a_number_can_be_written_in_many_ways(browser, probe, text, value):
    with opened(browser, probe) as page:
        page.locator("[name=x]").fill(text)
        assert said(page) == START.replace("x 1", f"x {value}")
        assert page.locator("[name=x]").get_attribute("aria-invalid") == "false"


def test_a_fault_keeps_the_picture_and_the_address_until_it_is_mended(browser, probe):
    with opened(browser, probe) as page:
        page.locator("[name=step]").press("End")
        rest(page)
        address = page.url
        label = page.locator("#probe label[for=probe-x]").inner_text()
        picture = page.locator("#probe .picture").inner_html()
        for text in ("", "x", "5.01", "−5,01"):
            page.locator("[name=x]").fill(text)
            fault = f"“{text}” is not a number from −5 to 5."
            told = page.locator("[name=x] + small")
            assert said(page) == f"{label}: {fault}"  # its field may be folded away
            assert told.inner_text() == fault
            assert page.locator("#probe .picture").inner_html() == picture
        page.locator("[name=step]").press("Home")  # another control does not hide the fault
        assert said(page) == f"{label}: {fault}"
        rest(page)
        assert page.url == address
        page.locator("[name=x]").fill("2")
        assert said(page) == "step 0, kind one, x 2, y 0, delta null"
        assert told.inner_text() == ""
        page.locator("[name=x]").fill("y")
        page.locator("#probe [data-reset]").click()
        assert said(page) == START
        assert page.locator("[aria-invalid=true]").count() == 0


def test_a_fleeting_field_is_emptied_by_the_others_and_stays_out_of_the_address(browser, probe):
    with opened(browser, probe) as page:
        delta = page.locator("[name=delta]")
        movers = [
            lambda: page.locator("[name=step]").press("ArrowRight"),
            lambda: page.locator("[name=kind]").press("End"),
            lambda: page.locator("[name=x]").fill("2"),
            lambda: page.locator("[data-by='1'][value=step]").click(),
            lambda: page.locator(".handle").first.press("ArrowUp"),
            lambda: page.locator("td[data-set]").click(),
            lambda: page.locator("#probe [data-reset]").click(),
        ]
        for move in movers:
            delta.fill("0,25")
            assert said(page).endswith("delta 0.25")
            move()
            assert said(page).endswith("delta null")
            assert delta.input_value() == ""
        delta.fill("0.5")
        rest(page)
        assert "delta" not in page.url
        delta.fill("2")
        assert said(page) == "δ: “2” is not a number from −1 to 1."
        assert page.locator("[name=delta] + small").inner_text().endswith("from −1 to 1.")
        assert page.seen == []


def test_elements_of_the_picture_and_of_the_table_set_controls(browser, probe):
    with opened(browser, probe) as page:
        page.locator("#probe rect").click()
        assert said(page) == "step 9, kind z¹₂ two, x 1, y 0, delta null"
        page.locator("td[data-set]").click()
        assert said(page) == "step 9, kind z¹₂ two, x -2.5, y 0, delta null"
        assert page.locator("[name=x]").input_value() == "−2.5"
        rest(page)
        address = page.url
        page.goto("about:blank")
        page.goto(address)
        assert said(page) == "step 9, kind z¹₂ two, x -2.5, y 0, delta null"


def test_a_handle_goes_no_further_than_its_fields(browser, probe):
    with opened(browser, probe) as page:
        explorer = page.locator("#probe")
        point, knob = page.locator(".handle").all()
        for keys, state in (
            ("ArrowRight", "x 1.1, y 0,"), ("Shift+ArrowLeft", "x 0.1, y 0,"),
            ("ArrowDown", "x 0.1, y -0.1,"), ("Shift+ArrowUp", "x 0.1, y 0.9,"),
        ):  # fmt: skip
            point.press(keys)
            assert state in said(page)
        assert point.get_attribute("aria-valuetext") == "0.1, 0.9"
        point.evaluate("""(handle) => { for (let i = 0; i < 2; i++) handle.dispatchEvent(
          new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true })); }""")
        assert "x 0.1, y 1.1" in said(page)  # two keys in one frame are two steps
        for _ in range(6):
            point.press("Shift+ArrowLeft")
        assert "x -5, y 1.1" in said(page)
        for keys, step in (
            ("ArrowUp", 5),
            ("ArrowLeft", 4),
            ("Shift+ArrowLeft", 0),
            ("ArrowDown", 0),
        ):
            knob.press(keys)
            assert said(page).startswith(f"step {step},")
        explorer.scroll_into_view_if_needed()
        page.mouse.move(*center(point.locator("circle").last))
        page.mouse.down()
        box = explorer.locator("svg").bounding_box()
        for (x, y), state in (
            ((240, 110), "x 2, y 2,"), ((140, 170), "x -3, y -1,"), ((2000, -500), "x 5, y 5,"),
            ((-900, 900), "x -5, y -5,"),
        ):  # fmt: skip
            page.mouse.move(box["x"] + x, box["y"] + y)
            assert state in re.sub(r"(-?\d+\.\d{3,})", lambda m: f"{float(m[1]):g}", said(page))
        page.mouse.up()
        page.mouse.move(box["x"] + 200, box["y"] + 150)
        assert "x -5, y -5" in said(page)
        assert point.evaluate("h => h.isConnected")  # the same element all the time
        assert page.seen == []


@pytest.mark.parametrize(
    ("address", "state"),
    [
        ("#probe:step=7&kind=z%C2%B9%E2%82%82+two&x=-1.25", "step 7, kind z¹₂ two, x -1.25, y 0,"),
        ("#probe:step=7.4&x=−1,25", "step 7, kind one, x -1.25, y 0,"),
        ("#probe:step=-99&x=99&y=-99", "step 0, kind one, x 5, y -5,"),
        ("#probe:kind=three&x=abc&y=&step=NaN", "step 4, kind one, x 1, y 0,"),
        ("#probe:toString=1&__proto__=1&hasOwnProperty=x&nothing=1", "step 4, kind one, x 1, y 0,"),
        ("#probe:delta=0.5", "step 4, kind one, x 1, y 0, delta null"),
        ("#probe:%E0%A4%A", "step 4,"),
        ("#probe:", "step 4,"),
        ("#probe", "step 4,"),
        ("#other:step=7", "step 4,"),
    ],
)
def test_an_address_sets_what_it_can(browser, probe, address, state):
    with opened(browser, probe.as_uri() + address) as page:
        assert state in said(page)
        frames = page.locator("[data-explorer=frames]")  # and the next explorer of the page lives
        frames.locator("[data-by='1']").click()
        page.evaluate(REDRAWN)
        assert frames.locator("figcaption").inner_text() == "A line from the origin up to 2."
        assert page.seen == []
        # followed while the page is open, from another state
        page.evaluate("location.hash = '#probe:step=1&y=3'")
        assert said(page) == "step 1, kind one, x 1, y 3, delta null"
        page.evaluate("hash => { location.hash = hash }", address)
        if address.startswith("#probe:"):
            assert state in said(page)
            expect(page.locator("#probe")).to_be_in_viewport()
        else:
            assert said(page) == "step 1, kind one, x 1, y 3, delta null"
        assert page.seen == []


def test_an_address_is_not_written_where_none_was_given(browser, probe):
    with opened(browser, probe) as page:
        page.locator("[data-explorer=frames] [data-by='1']").click()
        rest(page)
        assert "#" not in page.url


# ---- playing ----


def playing(page):
    page.emulate_media(reduced_motion="no-preference")
    button = page.locator("#probe [data-play]")
    page.locator("[name=step]").press("Home")
    button.click()
    return button, page.locator("[name=step]"), page.locator("#probe figcaption")


def waits(page, slider):
    """Tell whether a slider stands still for a while."""
    page.evaluate(REDRAWN)
    value = slider.input_value()
    page.wait_for_timeout(300)
    return slider.input_value() == value


def test_what_plays_is_silent_until_it_ends(browser, probe):
    with opened(browser, probe) as page:
        button, slider, caption = playing(page)
        assert caption.get_attribute("aria-live") == "off"
        assert button.inner_text() == "❚❚ Pause"
        expect(button).to_have_text("▶ Play")
        assert slider.input_value() == "19"
        assert caption.get_attribute("aria-live") == "polite"
        assert said(page) == START.replace("step 4", "step 19")
        assert waits(page, slider)
        button.click()  # from the end it begins anew
        assert int(slider.input_value()) < 10
        expect(slider).not_to_have_value("0")
        assert page.seen == []


@pytest.mark.parametrize("how", ["its button", "an input", "a step", "start again"])
def test_what_plays_is_stopped_by_its_button_or_a_hand(browser, probe, how):
    with opened(browser, probe) as page:
        button, slider, caption = playing(page)
        expect(slider).not_to_have_value("0")
        if how == "its button":
            button.click()
        elif how == "an input":
            slider.press("ArrowLeft")
        elif how == "a step":
            page.locator("[data-by='-1'][value=step]").click()
        else:
            page.locator("#probe [data-reset]").click()
        assert waits(page, slider)
        assert int(slider.input_value()) < 19
        assert said(page).startswith(f"step {slider.input_value()},")
        assert button.inner_text() == "▶ Play"
        assert caption.get_attribute("aria-live") == "polite"


def test_what_plays_waits_while_it_is_out_of_sight(browser, probe):
    with opened(browser, probe) as page:
        _, slider, _ = playing(page)
        for top in ("0", "document.body.scrollHeight"):
            page.evaluate(f"scrollTo(0, {top})")
            assert waits(page, slider)
            assert int(slider.input_value()) < 19
        page.locator("#probe").scroll_into_view_if_needed()
        expect(slider).to_have_value("19")


def test_less_motion_is_one_jump_a_second(browser, probe):
    with opened(browser, probe) as page:  # conftest asks for less motion
        page.evaluate("""() => {
          globalThis.moves = [];
          const caption = document.querySelector("#probe figcaption");
          const note = () => moves.push([performance.now(), caption.textContent]);
          new MutationObserver(note).observe(caption, { childList: true });
        }""")
        page.locator("[name=step]").press("Home")
        page.evaluate(REDRAWN)
        page.locator("#probe [data-play]").click()
        page.wait_for_timeout(3300)
        page.locator("#probe [data-play]").click()
        moves = page.evaluate("moves")
        steps = [int(re.match(r"step (\d+)", text)[1]) for _, text in moves]
        assert sorted(set(steps)) == [0, 3, 6, 9]  # ceil(19 / 8) at a time
        seconds = [t for (t, _), new in zip(moves[1:], steps[1:], strict=True) if new][:3]
        assert all(0.8 < (b - a) / 1000 < 1.5 for a, b in pairwise(seconds))


# ---- in a notebook ----


def test_the_live_face_of_a_script_works_on_its_own(site, browser, tmp_path):
    given = parsed(SITE / "book/06_gradient_descent.html").select_one("#race script").string
    race = explore(
        "race", name="race", ratio=[2, 100], degrees=[0, 45], step=[1, 30], w1=Number(-1.4, 2),
        w2=Number(-1, 0.75), start={"w1": -0.71, "w2": 0.71}, data=json.loads(given), size=(403, 452),
    )  # fmt: skip
    path = tmp_path / "live.html"
    path.write_text(f"<!doctype html><meta charset=utf8>{race.standalone()}", "utf8")
    with opened(browser, path) as page:
        explorer = page.locator("#race")
        for keys in ("Home", "End"):
            explorer.locator("[name=step]").press(keys)
            right(explorer, seen(explorer))
        assert explorer.locator(".explorer-table").inner_text() == ""  # the race has no table
        assert page.evaluate("typeof explorers") == "undefined"  # nothing is left in the notebook
        assert page.seen == []


def test_pictures_are_alike_but_for_the_last_digit_of_a_place():
    picture = '<path d="M1.00 2.5"/><text x="3">0.25</text>'
    assert alike(picture, picture.replace("1.00", "1.01"))
    assert alike(picture, picture.replace("1.00", "1"))
    for old, new in (
        ("1.00", "1.02"),
        ("0.25", "0.26"),
        ("path", "line"),
        ("2.5", "2.5 3"),
        ('x="3"', 'x="4"'),
    ):
        assert not alike(picture, picture.replace(old, new))
