"""Explorers that compute: their scripts under Node, both faces, and the sizes of the scripts."""

import gzip
import itertools
import json
import os
import re

import ipywidgets
import pytest
from bs4 import BeautifulSoup

from bookkit import scripted
from bookkit.explore import Number, explore
from bookkit.palette import LIGHT
from bookkit.scripted import APART, SCRIPTS, SHARED, Scripted, scripts_of, styles_of, views

EXPLORERS = sorted(path for path in SCRIPTS.glob("*.js") if not path.stem.startswith(APART))
OWN = [path.stem for path in EXPLORERS if path.stem not in SHARED]
# what an explorer's script may look like; it is one of the folder as long as a test runs
ECHO = """explorers.views.echo = ({ longest }) => ({
  view: (state) => {
    if (state.w > 90) throw new RangeError("too far");
    const sentence = `<${state.kind}> ${"o".repeat(state.w === longest ? 99 : 1)}.`;
    return { svg: `<text>${draw.minus(state.w)}</text>`, sentence, table: `<table>${state.k}</table>` };
  },
});"""


@pytest.fixture
def echo(tmp_path, monkeypatch):
    for path in SCRIPTS.iterdir():
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / "echo.js").write_text(ECHO, "utf8")
    monkeypatch.setattr(scripted, "SCRIPTS", tmp_path)
    monkeypatch.delenv("BOOK_BUILD", raising=False)

    def make(longest=7, **changes):
        given = {
            "name": "talk", "kind": ["a&b", "c"], "k": [0, 1, 2], "w": Number(-7, 7),
            "start": {"w": 0.5}, "data": {"longest": longest}, "size": (400, 300),
        }  # fmt: skip
        return explore("echo", **given | changes)

    return make


# ---- the scripts ----


def test_a_script_comes_after_those_that_it_leans_on():
    for name in OWN:
        first = ["explore"] if name == "frames" else ["explore", "engine", "draw"]
        assert [path.stem for path in scripts_of(name)] == [*first, name]
        assert all(path.is_file() for path in scripts_of(name))


@pytest.mark.parametrize(
    "name", ["nothing", "engine", "explore", "draw", "playground", "../scripts/race"]
)
def test_what_is_no_script_of_an_explorer_is_refused(name):
    with pytest.raises(
        ValueError, match=re.escape(repr(name)) + r".*there are \[.*'frames',.* 'race'"
    ):
        scripts_of(name)
    with pytest.raises(ValueError, match="is no script of an explorer"):
        explore(name, name="a", size=(1, 1), x=[1, 2])


def test_a_style_beside_a_script_comes_with_it():
    assert [path.name for path in styles_of("race")] == ["explore.css"]
    assert [path.name for path in styles_of("front")] == ["explore.css", "front.css"]
    shown = explore("front", name="a", size=(1, 1), x=[1, 2]).standalone()
    assert all(path.read_text("utf8") in shown for path in styles_of("front"))


@pytest.mark.parametrize("path", EXPLORERS, ids=lambda path: path.stem)
def test_a_script_keeps_its_size(path):
    most = {"explore": 3072, "engine": 4096}.get(path.stem, 5120)
    assert len(gzip.compress(path.read_bytes(), 9)) <= most


@pytest.mark.parametrize("name", [name for name in OWN if name != "frames"])
def test_a_script_of_an_explorer_is_pure_and_has_the_palette_s_colors_alone(name):
    source = next(path for path in scripts_of(name) if path.stem == name).read_text("utf8")
    # it is run by Node too; and the same state gives the same picture
    unwanted = (
        r"\b(document|window|location|Math\.random|Date|performance)\b|#[0-9a-f]{3,6}\b|\brgb"
    )
    assert re.findall(unwanted, source, re.I) == []
    assert set(re.findall(r"--figure-(\w+)", source)) <= set(LIGHT)
    assert source.count(f"explorers.views.{name} = ") == 1


def test_the_shared_scripts_name_the_palette_s_colors_alone():
    for name in ("draw.js", "explore.css"):
        source = (SCRIPTS / name).read_text("utf8")
        assert set(re.findall(r"--figure-(\w+)", source)) <= set(LIGHT)
        assert not re.search(r"#[0-9a-f]{3,6}\b", re.sub(r"/\*.*?\*/", "", source), re.I)


# ---- run by Node ----


def test_views_answer_each_state_in_turn(echo):
    states = [{"kind": "é", "k": 1, "w": w} for w in (-2.5, 3)]
    found = views("echo", {"longest": 3}, states)
    assert [v["svg"] for v in found] == ["<text>−2.5</text>", "<text>3</text>"]
    assert [v["sentence"] for v in found] == ["<é> o.", f"<é> {'o' * 99}."]
    assert views("echo", {}, []) == []


def test_an_error_of_a_script_is_told_with_its_name(echo):
    with pytest.raises(RuntimeError, match=r"(?s)echo\.js failed: .*RangeError: too far"):
        views("echo", {}, [{"w": 91}])


# ---- what explore refuses ----


@pytest.mark.parametrize("missing", [{"name": None}, {"size": None}])
def test_a_script_needs_a_name_and_a_size(echo, missing):
    with pytest.raises(ValueError, match="a script needs both"):
        echo(**missing)


def test_frames_have_no_number_fields():
    with pytest.raises(ValueError, match=r"\['w'\] are number fields; frames can be drawn for li"):
        explore(lambda w: None, w=Number(0, 1), start={"w": 0})


# ---- the states that the sentence's room is measured at ----


def test_the_corners_are_the_start_and_the_ends_alone_and_together(echo):
    explorer = echo()
    start = {"kind": "a&b", "k": 0, "w": 0.5}
    assert explorer.start() == start
    corners = explorer.corners()
    assert corners[0] == start
    for name, ends in {"kind": ["a&b", "c"], "k": [0, 2], "w": [-7, 7]}.items():
        for end in ends:
            assert {**start, name: end} in corners
    for kind, k, w in itertools.product(["a&b", "c"], [0, 2], [-7, 7]):
        assert {"kind": kind, "k": k, "w": w} in corners
    assert len(corners) == 1 + 6 + 8


def test_of_many_controls_the_first_six_are_at_their_ends_together(echo):
    more = {f"v{i}": [i, i + 1] for i in range(5)}
    corners = echo(**more).corners()
    assert len(corners) == 1 + 2 * 8 + 2**6
    assert all(corner.keys() == corners[0].keys() for corner in corners)
    assert {**corners[0], "v4": 5} in corners


@pytest.mark.parametrize("longest", [-7, 7])
def test_the_longest_sentence_of_the_corners_has_room(echo, longest):
    [caption] = BeautifulSoup(echo(longest).html(), "html.parser").select("figcaption")
    assert caption["style"] == f"--wide: {106 / 78:.1f}; --narrow: {106 / 40:.1f}"
    assert caption.get_text() == "<a&b> o."


# ---- the two faces ----


def test_the_published_face_is_the_start_s_picture_without_a_script(echo):
    soup = BeautifulSoup(echo().html(), "html.parser")
    root = soup.select_one("#talk")
    assert root["data-explorer"] == "echo"
    assert root.has_attr("data-linked")
    picture = root.select_one("svg > g.picture")
    assert (picture["role"], picture["aria-label"]) == ("img", "<a&b> o.")
    assert picture.get_text() == "0.5"
    assert root.svg["viewbox"] == "0 0 400 300"
    assert root.select_one(".figure-svg")["style"] == "--width: 400; --height: 300; --text: 12"
    assert root.select_one(".explorer-table table").get_text() == "0"
    [data] = root.select("script")
    assert json.loads(data.string) == {"longest": 7}
    assert data["type"] == "application/json"


def test_a_view_without_a_table_gets_no_room_for_one(echo, tmp_path):
    script = tmp_path / "echo.js"
    script.write_text(ECHO.replace(", table: `<table>${state.k}</table>`", ""), "utf8")
    assert not BeautifulSoup(echo().html(), "html.parser").select(".explorer-table")


def test_the_build_publishes_and_a_kernel_runs_the_scripts(echo, monkeypatch, tmp_path):
    live = echo()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in live
    assert "text/html" not in live
    monkeypatch.setenv("BOOK_BUILD", str(tmp_path))
    explorer = echo()
    assert os.environ["BOOK_BUILD"]
    built = explorer._repr_mimebundle_()
    assert built == {"text/html": explorer.html(), "text/plain": live["text/plain"]}
    assert built["text/plain"] == (
        "Explorer: kind from a&b to c; k from 0 to 2; w from −7 to 7."
    )  # fmt: skip


def test_the_live_face_brings_its_style_its_colors_and_its_scripts(echo, monkeypatch):
    monkeypatch.setattr(scripted, "views", lambda *_: pytest.fail("a reader has no Node"))
    explorer = echo()
    assert type(explorer) is Scripted
    output = explorer.live()
    assert type(output) is ipywidgets.Output
    [shown] = output.outputs
    page = shown["data"]["text/html"]
    assert page == explorer.standalone()
    soup = BeautifulSoup(page, "html.parser")
    assert soup.select_one("#talk[data-explorer=echo] [name=w]")
    assert (SCRIPTS / "explore.css").read_text("utf8") in page
    for path in scripts_of("echo"):
        assert path.read_text("utf8") in page
    style = soup.div["style"]
    assert all(f"--figure-{name}: {color};" in style for name, color in LIGHT.items())
