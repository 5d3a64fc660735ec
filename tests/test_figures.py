"""The figures: readable colors, the same SVG on every run, diagrams true to their arrays."""

import itertools
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from matplotlib.colors import to_hex

from backprop.activations import identity, sigmoid
from backprop.network import Layer, initialize
from bookkit import figures, palette
from bookkit.palette import DARK, LIGHT

ALT = "A straight line that rises from the origin to (1, 1)."
NAMESPACE = "{http://www.w3.org/2000/svg}"


def example():
    fig, ax = figures.axes("weight w", "cost C", title="one line", xlim=(0, 1))
    ax.plot([0, 1], [0, 1], **figures.line("forward", marker=True))
    figures.note(ax, 0.5, 0.5, "0.593269992", "error")
    figures.surface(ax, lambda x, y: x**2 + y, (0, 1), (0, 1), [0.2, 0.5], points=11)
    return fig


# ---- colors ----


def luminance(color):
    """Return the relative luminance of WCAG 2 for "#rrggbb"."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_contrast_formula():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_color_is_read_on_its_paper(palette):
    weak = {
        name: round(contrast(color, palette["paper"]), 2)
        for name, color in palette.items()
        if name not in ("paper", "grid")  # a grid carries no meaning
        and contrast(color, palette["paper"]) < 4.5
    }
    assert weak == {}


def test_the_palettes_name_the_same_quantities_by_different_colors():
    assert LIGHT.keys() == DARK.keys()
    for colors in (LIGHT, DARK):
        assert len(set(colors.values())) == len(colors)
        assert all(re.fullmatch("#[0-9a-f]{6}", color) for color in colors.values())


def test_no_quantity_is_told_by_its_color_alone():
    quantities = ["forward", "error", "weight", "data", "truth"]
    for field in ("linestyle", "marker"):
        assert len({figures.LINE[name][field] for name in quantities}) == len(quantities)
    assert figures.line("error")["marker"] == "none"
    assert figures.line("error", marker=True, linewidth=1)["marker"] == "s"
    assert figures.line("error", linewidth=1)["linewidth"] == 1


# ---- svg ----


def test_an_svg_is_an_image_with_a_name():
    text = figures.svg(example(), ALT)
    root = ET.fromstring(text)
    assert root.tag == f"{NAMESPACE}svg"
    assert root.get("role") == "img"
    assert root.get("aria-label") == ALT
    assert root.get("viewBox")
    assert text.endswith("</svg>\n")
    assert "<metadata" not in text
    assert "<style" not in text
    assert "<?xml" not in text


def test_an_alt_text_may_hold_any_character():
    alt = 'Two "curves" a < b & c > d, of η and σ′.'
    assert ET.fromstring(figures.svg(example(), alt)).get("aria-label") == alt


def test_the_same_figure_gives_the_same_svg():
    assert figures.svg(example(), ALT) == figures.svg(example(), ALT)
    fig = example()
    assert figures.svg(fig, ALT) == figures.svg(fig, ALT)


def test_texts_keep_their_digits_and_coordinates_do_not():
    text = figures.svg(example(), ALT)
    shown = ["".join(t.itertext()).strip() for t in ET.fromstring(text).iter(f"{NAMESPACE}text")]
    assert "0.593269992" in shown
    assert {"weight w", "cost C", "one line"} <= set(shown)
    tags = re.sub(r'aria-label="[^"]*"', "", " ".join(re.findall(r"<[^>]*>", text)))
    assert re.search(r"\d\.\d\d\b", tags)
    assert not re.search(r"\d\.\d{3}", tags)


def test_no_id_stands_unused_and_no_font_is_fixed():
    text = figures.svg(example(), ALT)
    ids = re.findall(r'\bid="([^"]*)"', text)
    used = set(re.findall(r'href="#([^"]*)"|url\(#([^)]*)\)', text))
    assert ids
    assert len(ids) == len(set(ids))
    assert set(ids) == {a or b for a, b in used}
    assert "font-family:" not in text
    assert 'font-family="sans-serif"' in text


def test_the_colors_of_a_figure_are_those_of_the_palette():
    found = {c.lower() for c in re.findall(r"#[0-9a-fA-F]{6}\b", figures.svg(example(), ALT))}
    assert found <= set(LIGHT.values())
    assert {LIGHT["forward"], LIGHT["error"]} <= found


@pytest.mark.parametrize("alt", ["", "A plot.", " " * 40, None])
def test_a_figure_without_a_description_is_refused(alt):
    with pytest.raises(ValueError, match="a sentence that says what the figure shows is needed"):
        figures.show(example(), alt)


def test_a_picture_carries_its_description_beside_the_image():
    picture = figures.show(example(), "  Two lines\n  that   cross at the origin. ")
    bundle = picture._repr_mimebundle_()
    assert bundle.keys() == {"image/svg+xml", "text/plain"}
    assert bundle["text/plain"] == "Figure: Two lines that cross at the origin."
    assert 'aria-label="Two lines that cross at the origin."' in bundle["image/svg+xml"]


# ---- themed ----


def test_a_themed_figure_takes_every_color_from_the_page():
    text = figures.svg(example(), ALT)
    themed = palette.themed(text, "f1")
    assert "var(--figure-forward, #0b5fae)" in themed
    outside = re.sub(r"var\(--figure-[a-z]+, #[0-9a-f]{6}\)", "", themed)
    assert not re.search(r"#[0-9a-fA-F]{6}\b", outside)
    assert themed.count("var(") == len(re.findall(r"#[0-9a-fA-F]{6}\b", text))


def test_themed_figures_share_no_id():
    text = figures.svg(example(), ALT)
    one, two = (palette.themed(text, prefix) for prefix in ("f1", "f2"))
    ids = [set(re.findall(r'\bid="([^"]*)"', t)) for t in (one, two)]
    assert ids[0]
    assert not ids[0] & ids[1]
    for themed, own in zip((one, two), ids, strict=True):
        links = re.findall(r'href="#([^"]*)"|url\(#([^)]*)\)', themed)
        assert {a or b for a, b in links} == own
        ET.fromstring(themed)


def test_a_themed_figure_scales_with_the_page():
    root = ET.fromstring(palette.themed(figures.svg(example(), ALT), "f1"))
    assert root.get("width") is None
    assert root.get("height") is None
    assert root.get("viewBox")
    assert root.get("aria-label") == ALT


def test_negative_ticks_have_a_minus_and_no_hyphen():
    fig, _ = figures.axes("weight w", "cost C", xlim=(-2, 2))
    ticks = re.findall(r"<text[^>]*>([^<]*\d)</text>", figures.svg(fig, ALT))
    assert "−2" in [tick.split(".")[0] for tick in ticks]
    assert not any("-" in tick for tick in ticks)


def test_a_box_says_how_large_the_figure_and_its_smallest_text_are():
    fig, ax = figures.axes("weight w", "cost C", yscale="log", ylim=(0.01, 1))  # ticks as powers
    ax.text(0.5, 0.1, "small", fontsize=9.5)
    text = palette.themed(figures.svg(fig, ALT), "f1")
    head, rest = palette.boxed(text).split(">", 1)
    assert head == '<div class="figure-svg" style="--width: 403.2; --height: 216; --text: 9.5"'
    assert rest == f"{text}</div>"
    frame = '<text style="font-size: 8px">smaller in a later frame</text>'
    assert '--text: 8"' in palette.boxed(text, frame)
    power = "<text><tspan style='font-size: 12px'>10</tspan><tspan style='font-size: 8px'>4</tspan>"
    assert '--text: 12"' in palette.boxed(f'<svg viewBox="0 0 9 9">{power}</text></svg>')
    assert "--width: 9; --height: 8; --text: 12" in palette.boxed('<svg viewBox="0 0 9 8"></svg>')
    assert "--width: 403.2; --height: 216; --text: 12" in palette.boxed("<svg></svg>")


# ---- axes ----


def test_axes_come_one_or_several():
    fig, ax = figures.axes("x", "y", xlim=(0, 2), yscale="log")
    assert ax.get_xlabel() == "x"
    assert ax.get_ylabel() == "y"
    assert ax.get_xlim() == (0, 2)
    assert ax.get_yscale() == "log"
    fig, panels = figures.axes("x", "y", rows=3, width=9, height=2)
    assert len(panels) == 3
    assert fig.get_size_inches().tolist() == [9, 6]
    boxes = [p.get_position() for p in panels]
    assert all(a.y0 > b.y1 for a, b in itertools.pairwise(boxes))  # from top to bottom
    assert all(0 < b.x0 < b.x1 < 1 and 0 < b.y0 < b.y1 < 1 for b in boxes)


# ---- network diagrams ----


def edges(ax):
    return [line for line in ax.lines if len(line.get_xdata()) == 2]


def neurons(ax):
    return [line for line in ax.lines if len(line.get_xdata()) == 1]


@pytest.mark.parametrize("sizes", [[1, 1], [2, 3, 1], [3, 4, 4, 2]])
def test_a_diagram_has_an_edge_for_each_weight(sizes):
    network = initialize(sizes, sigmoid, sigmoid, scheme="normal", rng=np.random.default_rng(3))
    _, ax = figures.network_diagram(network)
    weights = np.concatenate([layer.w.ravel() for layer in network.values()])
    assert len(edges(ax)) == weights.size
    assert len(neurons(ax)) == sum(sizes)
    dashed = [line.get_linestyle() == "--" for line in edges(ax)]
    assert dashed == (weights < 0).tolist()
    widths = [line.get_linewidth() for line in edges(ax)]
    assert np.argsort(widths).tolist() == np.argsort(np.abs(weights)).tolist()


def test_an_edge_joins_the_neurons_of_its_weight():
    network = {
        1: Layer(np.array([[1.0, -2.0], [3.0, 4.0], [5.0, 6.0]]), np.zeros((3, 1)), identity)
    }
    _, ax = figures.network_diagram(network)
    place = [(float(n.get_xdata()[0]), float(n.get_ydata()[0])) for n in neurons(ax)]
    inputs, outputs = place[:2], place[2:]
    assert [y for _, y in inputs] == sorted((y for _, y in inputs), reverse=True)  # first on top
    ends = [tuple(zip(*line.get_data(), strict=True)) for line in edges(ax)]
    assert [(tuple(map(float, a)), tuple(map(float, b))) for a, b in ends] == [
        (inputs[k], outputs[j]) for j in range(3) for k in range(2)
    ]


def test_a_diagram_follows_its_arrays():
    network = {1: Layer(np.array([[1.0, -2.0]]), np.zeros((1, 1)), identity)}
    _, before = figures.network_diagram(network)
    network[1].w[:] = [[-1.0, 2.0]]
    _, after = figures.network_diagram(network)
    assert [line.get_linestyle() for line in edges(before)] == ["-", "--"]
    assert [line.get_linestyle() for line in edges(after)] == ["--", "-"]


def test_a_network_of_zeros_can_be_drawn():
    network = {1: Layer(np.zeros((2, 2)), np.zeros((2, 1)), identity)}
    fig, ax = figures.network_diagram(network)
    assert len(edges(ax)) == 4
    assert figures.svg(fig, "Two inputs and two outputs, all weights 0.")


def test_names_values_colors_and_emphasis_stand_where_they_are_put():
    network = {1: Layer(np.array([[1.0, -2.0]]), np.zeros((1, 1)), identity)}
    _, ax = figures.network_diagram(
        network,
        names={(0, 1): "x₁", (1, 1): "a"},
        values={(1, 1): "0.75"},
        weights={(1, 1, 2): "−2"},
        quantities={(1, 1): "forward", (1, 1, 2): "weight"},
        emphasis=[(1, 1), (1, 1, 2)],
    )
    plain, band, heavy = edges(ax)
    assert to_hex(heavy.get_color()) == LIGHT["weight"]
    assert to_hex(plain.get_color()) == LIGHT["muted"]
    assert heavy.get_linewidth() == pytest.approx(0.6 + 2)  # as thick as the weight is large
    assert band.get_linewidth() > 9
    assert band.get_alpha() == 0.25
    assert plain.get_linewidth() == pytest.approx(0.6 + 2 / 2)
    texts = {t.get_text(): t for t in ax.texts if t.get_text()}
    assert texts.keys() == {"x₁", "a", "0.75", "−2"}
    assert to_hex(neurons(ax)[-1].get_markeredgecolor()) == LIGHT["forward"]
    x, y = (float(v[0]) for v in neurons(ax)[-1].get_data())
    assert texts["a"].get_position() == (x, y)
    assert texts["0.75"].get_position()[0] == x
    assert texts["0.75"].get_position()[1] < y
    (x0, x1), (y0, y1) = heavy.get_data()
    u, v = texts["−2"].get_position()
    assert x0 < u < x1
    assert (v - y0) * (x1 - x0) == pytest.approx((u - x0) * (y1 - y0))


def test_a_legend_is_set_in_the_size_and_color_of_the_book():
    _, ax = figures.axes("x", "y")
    ax.plot([0, 1], [0, 1], label="a line", **figures.line("error"))
    figures.legend(ax, "upper left")
    [text] = ax.get_legend().get_texts()
    assert text.get_fontsize() == 12
    assert to_hex(text.get_color()) == LIGHT["ink"]
    figures.legend(ax, "upper left", labelcolor="linecolor")
    assert ax.get_legend().get_texts()[0].get_color() == LIGHT["error"]


# ---- sizes and places, in points and inches ----


def test_every_text_is_set_in_12_points_on_a_plain_frame():
    fig, ax = figures.axes("x", "y", title="a title", xlim=(-2, 2))
    ax.plot([-2, 2], [0, 1], label="a line", **figures.line("ink", marker=True))
    figures.note(ax, 0, 0.5, "a note")
    figures.legend(ax, "upper left")
    ticks = [*ax.get_xticklabels(), *ax.get_yticklabels()]
    texts = [ax.title, ax.xaxis.label, ax.yaxis.label, *ticks, *ax.texts]
    assert {t.get_fontsize() for t in texts} == {12}
    shown = {name for name, spine in ax.spines.items() if spine.get_visible()}
    assert shown == {"left", "bottom"}
    fig.canvas.draw()
    assert ax.get_xticklabels()[0].get_text().startswith("−2")  # by the sign, no hyphen
    legend, [line] = ax.get_legend(), ax.lines
    assert not legend.get_frame_on()
    assert legend.handlelength == 3  # long enough for a whole period of every dash pattern
    assert (line.get_linewidth(), line.get_markersize()) == (2, 5)
    [note] = ax.texts
    pad = note.get_bbox_patch().get_boxstyle().pad * note.get_fontsize()
    assert pad == pytest.approx(1.5, rel=0.1)
    assert to_hex(note.get_bbox_patch().get_facecolor()) == LIGHT["paper"]
    start, (dash, gap, dot, other) = figures.LINE["truth"]["linestyle"]
    assert (start, dash / dot, gap / dot, other / dot, dot) == (0, 6, 1.5, 1.5, 1)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("settings", "top"), [({}, 0.17), ({"title": "a title"}, 0.36)])
def test_frames_have_the_same_margins_whatever_their_size(rows, settings, top):
    for size in ({}, {"width": 9, "height": 2}):
        fig, panels = figures.axes("x", "y", rows=rows, **size, **settings)
        width, height = size.get("width", 5.6), size.get("height", 3.0)
        assert fig.get_size_inches() == pytest.approx([width, rows * height])
        for i, ax in enumerate(reversed(panels) if rows > 1 else [panels]):
            box, floor = ax.get_position(), i * height
            assert (box.x0 * width, (1 - box.x1) * width) == pytest.approx((0.78, 0.14))
            low, high = (y * rows * height - floor for y in (box.y0, box.y1))
            assert (low, height - high) == pytest.approx((0.6, top))


def test_reused_axes_are_as_new_ones():
    settings = {"rows": 2, "title": "t"}
    fresh = [p.get_position().bounds for p in figures.axes("x", "y", **settings)[1]]
    with figures.reused_axes():
        fig, panels = figures.axes("x", "y", **settings)
        for ax in panels:
            ax.plot([0, 100], [0, 100], label="a line")
            ax.fill_between([0, 1], [0, 1])
            ax.bar([1], [2])
            ax.text(0, 0, "old")
            ax.set(xlim=(5, 6), ylim=(5, 6))
            ax.legend()
        fig.text(0, 0, "old")
        assert figures.axes("x", "y")[0] is not fig
        again, panels = figures.axes("x", "y", **settings)
        assert again is fig
        assert again.texts == []
        for ax, place in zip(panels, fresh, strict=True):
            assert (*ax.lines, *ax.collections, *ax.patches, *ax.texts) == ()
            assert ax.get_legend() is None
            assert ax.get_position().bounds == place
            [line] = ax.plot([0, 1], [0, 1])
            assert to_hex(line.get_color()) == to_hex("C0")
            assert ax.get_xlim() == pytest.approx((-0.05, 1.05))
            assert ax.get_ylim() == pytest.approx((-0.05, 1.05))
    assert figures.axes("x", "y", **settings)[0] is not fig


def test_a_surface_is_drawn_on_the_whole_rectangle_with_right_angles():
    asked = []

    def f(x, y):
        asked.append((x, y))
        return x + 10 * y

    _, ax = figures.axes("x", "y")
    figures.surface(ax, f, (-1, 2), (0, 5), [3, 20])
    [(x, y)] = asked
    assert x.shape == y.shape == (121, 121)
    assert (x[0, 0], x[0, -1], y[0, 0], y[-1, 0]) == (-1, 2, 0, 5)
    assert (ax.get_xlim(), ax.get_ylim(), ax.get_aspect()) == ((-1, 2), (0, 5), 1)
    [contour] = ax.collections
    assert contour.levels.tolist() == [3, 20]
    for level, path in zip(contour.levels, contour.get_paths(), strict=True):
        np.testing.assert_allclose(path.vertices @ [1, 10], level)
    assert {*map(float, contour.get_linewidth())} == {0.8}  # thinner than any line
    assert contour.get_alpha() == 0.7


@pytest.mark.parametrize("sizes", [[1, 1], [2, 4, 3]])
def test_a_diagram_has_its_neurons_on_a_grid_and_room_around_them(sizes):
    network = initialize(sizes, rng=np.random.default_rng(0))
    fig, ax = figures.network_diagram(network)
    assert fig.get_size_inches() == pytest.approx([5.6, 3.2])
    assert ax.get_position().bounds == (0, 0, 1, 1)
    assert not ax.axison
    place = np.array([[float(v[0]) for v in n.get_data()] for n in neurons(ax)])
    layers = np.split(place, np.cumsum(sizes)[:-1])
    for l, layer in enumerate(layers):
        np.testing.assert_allclose(layer[:, 0], 1.6 * l)
        np.testing.assert_allclose(np.diff(layer[:, 1]), -1)
        assert layer[:, 1].mean() == pytest.approx(0)
    (left, low), (right, high) = place.min(axis=0), place.max(axis=0)
    assert ax.get_xlim() == pytest.approx((left - 0.55, right + 0.55))
    assert ax.get_ylim() == pytest.approx((low - 0.75, high + 0.5))  # the values stand under
    own = figures.axes("x", "y", width=2, height=2)
    assert figures.network_diagram(network, ax=own[1]) == own
    assert own[1].get_position().x0 > 0
    assert figures.network_diagram(network, width=4, height=2)[0].get_size_inches().tolist() == [
        4,
        2,
    ]


def test_what_is_written_in_a_diagram_lies_above_what_it_names():
    network = {1: Layer(np.array([[1.0, -2.0]]), np.zeros((1, 1)), identity)}
    names, values = {(0, 1): "x₁", (1, 1): "a"}, {(0, 1): "3", (1, 1): "0.75"}
    weights = {(1, 1, 1): "w₁", (1, 1, 2): "w₂"}
    _, ax = figures.network_diagram(
        network, names=names, values=values, weights=weights, emphasis=[(1, 1)]
    )
    texts = {t.get_text(): t for t in ax.texts if t.get_text()}
    edge, neuron = edges(ax)[0], neurons(ax)[0]
    written = [texts["w₁"], texts["a"], texts["3"]]
    layers = [edge, written[0], neuron, written[1]]
    assert all(a.get_zorder() < b.get_zorder() for a, b in itertools.pairwise(layers))
    assert written[2].get_zorder() == written[1].get_zorder()
    assert [t.get_fontsize() for t in written] == [11.5, 13, 12]
    assert [texts[name].get_fontweight() for name in ("x₁", "a")] == ["normal", "bold"]
    assert {t.get_ha() for t in texts.values()} == {"center"}
    assert [n.get_markeredgewidth() for n in neurons(ax)] == [1.5, 1.5, 3.5]
    assert {n.get_markersize() for n in neurons(ax)} == {31}
    for n, value in ((neurons(ax)[0], "3"), (neurons(ax)[2], "0.75")):
        x, y = (float(v[0]) for v in n.get_data())
        assert texts[value].get_position() == pytest.approx((x, y - 0.42))
    for line, name in zip(edges(ax), ("w₁", "w₂"), strict=True):
        ends = np.array(line.get_data(), float)
        assert texts[name].get_position() == pytest.approx(ends @ [0.64, 0.36])


def test_a_network_of_zeros_has_thin_solid_edges():
    network = {1: Layer(np.zeros((1, 2)), np.zeros((1, 1)), identity)}
    _, ax = figures.network_diagram(network)
    assert [(e.get_linewidth(), e.get_linestyle()) for e in edges(ax)] == [(0.6, "-")] * 2


def test_an_alt_of_20_characters_is_long_enough_and_a_text_may_look_like_a_size():
    alt = "A line from 0 to 1.."
    assert figures.show(example(), alt).alt == alt
    with pytest.raises(ValueError, match=r"alt is 'A line from 0 to 1\.'; a sentence"):
        figures.show(example(), alt[:-1])
    root = ET.fromstring(figures.svg(figures.axes("x", "y", width=4, height=2)[0], ALT))
    assert (float(root.get("width")), float(root.get("height"))) == (288, 144)
