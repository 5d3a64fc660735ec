"""The controls: what each is in the page, in JupyterLab and in words, and what they refuse."""

import json

import ipywidgets
import numpy as np
import pytest
from bs4 import BeautifulSoup

from bookkit.controls import Number, Settings, beginning, control_of, page, summary


def made(given, start=None, name="rate", label="rate η"):
    return control_of(name, label, given, start)


def parsed(control, uid="a-rate"):
    return BeautifulSoup(control.html(uid), "html.parser")


def face(controls, sentences=("One.",), settings=None, table=None, data=None):
    html = page(
        "frames", "a", controls, settings or Settings(None, {}, ()),
        picture="<svg></svg>", sentences=sentences, data=data or {}, table=table,
    )  # fmt: skip
    return BeautifulSoup(html, "html.parser")


# ---- a list of values ----


@pytest.mark.parametrize(
    ("values", "start", "message"),
    [
        ([], None, "at least two different values are needed, all numbers or all words"),
        ([1], None, "at least two different values"),
        ([1, 1.0], None, "at least two different values"),
        ([1, "a"], None, "all numbers or all words"),
        (["a", "b", "a"], None, "at least two different values"),
        ([2, 1], None, "a slider's numbers must be finite and rise"),
        ([1, np.nan], None, "a slider's numbers must be finite and rise"),
        ([1, np.inf], None, "a slider's numbers must be finite and rise"),
        ([1, 2], 3, r"rate starts at 3; one of \[1, 2\] is needed"),
        (["a", "b"], "c", r"rate starts at 'c'; one of \['a', 'b'\] is needed"),
    ],
)
def test_a_list_that_no_control_can_show_is_refused(values, start, message):
    with pytest.raises(ValueError, match=message):
        made(values, start)


def test_numbers_are_a_slider_between_two_buttons():
    control = made([-0.5, 0.1, 10.0], 0.1, label='rate "η"')
    soup = parsed(control)
    slider = soup.select_one("input")
    assert {k: slider[k] for k in ("name", "type", "min", "max", "step", "value")} == {
        "name": "rate", "type": "range", "min": "0", "max": "2", "step": "1", "value": "1",
    }  # fmt: skip
    assert json.loads(slider["data-values"]) == control.values == [-0.5, 0.1, 10.0]
    assert slider["aria-valuetext"] == soup.output.get_text() == "0.1"
    assert soup.output["for"] == [slider["id"]] == [soup.label["for"]] == ["a-rate"]
    assert soup.label.get_text() == 'rate "η"'
    assert [(b["value"], b["data-by"], b["aria-label"], b.get_text(), b["type"])
            for b in soup.select("button")] == [
        ("rate", "-1", 'rate "η": back', "◀", "button"),
        ("rate", "1", 'rate "η": on', "▶", "button"),
    ]  # fmt: skip
    # the page's script finds what is said of a value beside its slider
    assert slider.find_next_sibling() is soup.output
    assert control.said() == ('rate "η" 0.1', 'rate "η" from −0.5 to 10')
    assert (control.start, control.ends) == (0.1, [-0.5, 10.0])


def test_words_are_a_menu_that_can_start_anywhere():
    control = made(["plain", "<b> & co", "a"], "<b> & co")
    soup = parsed(control)
    assert soup.select("button, output, input") == []
    assert soup.select_one("select")["name"] == "rate"
    assert json.loads(soup.select_one("select")["data-values"]) == ["plain", "<b> & co", "a"]
    assert [(o["value"], o.get_text(), o.has_attr("selected")) for o in soup.select("option")] == [
        ("0", "plain", False), ("1", "<b> & co", True), ("2", "a", False),
    ]  # fmt: skip
    assert made(["z", "a"]).start == "z"  # words need no order
    assert made(["z", "a"]).said() == ("rate η z", "rate η from z to a")


def test_numpy_s_numbers_are_numbers_of_the_page_too():
    for values in (np.array([1, 2]), np.array([0.5, 1.5]), [np.int64(1), np.int64(2)]):
        soup = parsed(made(values))
        assert json.loads(soup.select_one("input")["data-values"]) == list(values)


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
    slider = made(values).widget()
    assert type(slider).__name__ == kind
    ends = [slider.min, slider.max]
    assert (np.power(10, ends) if "Log" in kind else ends) == pytest.approx(values)
    assert slider.value == pytest.approx(values[0])
    assert slider.step == (1 if kind == "IntSlider" else pytest.approx(np.ptp(ends) / 200))
    assert slider.description == "rate η"
    assert slider.layout.width == "95%"
    assert slider.style.description_width == "initial"
    assert made(values, values[1]).widget().value == pytest.approx(values[1])


def test_a_live_menu_has_the_words():
    menu = made(["z", "a"], "a").widget()
    assert type(menu) is ipywidgets.Dropdown
    assert (menu.options, menu.value, menu.description) == (("z", "a"), "a", "rate η")


# ---- a number field ----


@pytest.mark.parametrize(
    ("limits", "start"),
    [
        ((1, 1), 1),
        ((2, 1), 1.5),
        ((0, 1), -0.1),
        ((0, 1), 1.1),
        ((0, 1), np.nan),
        ((0, np.inf), 1),
        ((np.nan, 1), 1),
        ((0, 1), None),  # no fleeting field: it needs a start
        ((0, 1, True), 0.5),  # a fleeting one starts empty
    ],
)
def test_limits_and_a_start_that_do_not_fit_are_refused(limits, start):
    with pytest.raises(ValueError, match=r"rate is Number.*finite low < high and a start between"):
        made(Number(*limits), start)


@pytest.mark.parametrize("start", [-1.5, 0.25, 2])
def test_a_number_field_names_its_limits_and_what_is_wrong(start):
    control = made(Number(-1.5, 2), start)
    soup = parsed(control)
    field, wrong = soup.input, soup.small
    shown = {-1.5: "−1.5", 0.25: "0.25", 2: "2"}[start]
    assert field["value"] == shown
    assert (field["name"], field["data-low"], field["data-high"]) == ("rate", "-1.5", "2")
    assert not field.has_attr("data-fleeting")
    assert not field.has_attr("data-values")
    assert not field.has_attr("type")  # a minus sign, a comma and a fraction can be typed
    assert (field["aria-describedby"], wrong["role"]) == (wrong["id"], "status")
    assert field.find_next_sibling() is wrong
    assert wrong.get_text() == ""
    assert soup.label["for"] == field["id"]
    assert control.said() == (f"rate η {shown}", "rate η from −1.5 to 2")
    assert (control.start, control.ends) == (start, [-1.5, 2])


def test_a_fleeting_field_starts_empty():
    control = made(Number(-1, 1, fleeting=True))
    field = parsed(control).input
    assert field["value"] == ""
    assert field.has_attr("data-fleeting")
    assert control.start is None
    assert control.said()[0] == "rate η empty"


# ---- the page's frame ----


def test_the_frame_holds_the_picture_what_is_said_of_it_and_the_controls():
    controls = [
        made([1, 2]),
        made(["x", "<y>"], "<y>", "kind", "kind"),
        made(Number(0, 1), 0.5, "w"),
    ]
    soup = face(controls, ["It's <so>.", "b"], table="<table></table>")
    [root] = soup.select("[data-explorer]")
    assert (root["id"], root["data-explorer"], root["role"]) == ("a", "frames", "group")
    assert root["aria-label"] == "Interactive figure"
    assert [f["name"] for f in root.select("[name]")] == ["rate", "kind", "w"]
    assert [f["id"] for f in root.select("[name]")] == ["a-rate", "a-kind", "a-w"]
    caption = root.select_one("figure > figcaption")
    assert (caption.get_text(), caption["aria-live"]) == ("It's <so>.", "polite")
    assert root.select_one("figure > .explorer-table > table")
    assert root.select_one("[data-reset]").get_text() == "Start again"
    assert not face(controls).select(".explorer-table, [data-play], details")


def test_without_scripts_the_controls_are_not_shown_and_the_start_is_told():
    controls = [made([1, 2]), made(["x", "<y>"], "<y>", "kind", "kind")]
    soup = face(controls)
    assert ".explorer-controls{display:none}" in str(soup.select_one("noscript"))
    assert soup.select_one("noscript p").get_text() == (
        "The controls of this figure need JavaScript. It shows rate η 1; kind <y>."
    )
    assert beginning(controls) == "rate η 1; kind <y>"
    assert summary(controls) == "Explorer: rate η from 1 to 2; kind from x to <y>."


def test_what_plays_what_is_folded_and_what_has_an_address():
    controls = [made([1, 2], name="k"), made(Number(0, 1), 0.5, "w"), made(Number(0, 1), 0, "v")]
    soup = face(controls, settings=Settings("a", {"k": 2.5}, ("w",)))
    assert soup.select_one("[data-explorer]").has_attr("data-linked")
    assert [f["name"] for f in soup.select("details [name]")] == ["w"]
    assert soup.select_one("details summary").get_text() == "Change the numbers"
    [button] = soup.select("[data-play]")
    assert (button["data-play"], button["data-rate"], button.get_text()) == ("k", "2.5", "▶ Play")
    assert not face(controls).select_one("[data-explorer]").has_attr("data-linked")


def test_the_caption_has_room_for_the_longest_sentence():
    soup = face([made([1, 2])], ["a" * 156, "a" * 390, "a" * 78])
    # lines of 78 letters on a wide page, of 40 on a phone
    assert soup.figcaption["style"] == "--wide: 5.0; --narrow: 9.8"


def test_data_cannot_end_its_script():
    soup = face([made([1, 2])], data={"a": "</script><b>", "μ": [1, None]})
    assert len(soup.select("script")) == 1
    assert json.loads(soup.script.string) == {"a": "</script><b>", "μ": [1, None]}
