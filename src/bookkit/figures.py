"""All drawing, in the book's style.

A figure is an ordinary Matplotlib figure. show(figure, alt) displays it as SVG that carries its
own alt text; the site colors it by theme, because every color is one of the palette's.
"""

import html
import io
import re
from contextlib import contextmanager

import matplotlib
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from .palette import LIGHT

# Never by color alone: each quantity has a dash pattern and a marker of its own too.
LINE = {
    "forward": {"color": LIGHT["forward"], "linestyle": "-", "marker": "o"},
    "error": {"color": LIGHT["error"], "linestyle": "--", "marker": "s"},
    "weight": {"color": LIGHT["weight"], "linestyle": "-.", "marker": "D"},
    "data": {"color": LIGHT["data"], "linestyle": ":", "marker": "^"},
    "truth": {"color": LIGHT["truth"], "linestyle": (0, (6, 1.5, 1, 1.5)), "marker": "v"},
    "ink": {"color": LIGHT["ink"], "linestyle": "-", "marker": "o"},
    "muted": {"color": LIGHT["muted"], "linestyle": "-", "marker": "o"},
}

STYLE = {
    "figure.facecolor": LIGHT["paper"], "axes.facecolor": LIGHT["paper"],
    "axes.edgecolor": LIGHT["muted"], "axes.labelcolor": LIGHT["ink"], "text.color": LIGHT["ink"],
    "xtick.color": LIGHT["muted"], "ytick.color": LIGHT["muted"],
    "xtick.labelcolor": LIGHT["ink"], "ytick.labelcolor": LIGHT["ink"],
    "axes.spines.top": False, "axes.spines.right": False, "font.size": 12, "axes.unicode_minus": True,
    "grid.color": LIGHT["grid"], "svg.fonttype": "none", "svg.hashsalt": "the four equations",
}  # fmt: skip


def line(quantity, marker=False, **style):
    """Return Matplotlib's keywords for a line of a quantity of the palette, with or without markers."""
    base = dict(LINE[quantity], linewidth=2, markersize=5)
    return {**base, **({} if marker else {"marker": "none"}), **style}


def axes(xlabel, ylabel, *, rows=1, width=5.6, height=3.0, **settings):
    """Return a figure and its axes (a list from top to bottom where rows > 1) in the book's style.

    height is that of one row, and settings go to every axes: xlim, ylim, xscale, yscale, title, ….
    Panels stand below one another, because side by side they would be too small on a phone.
    """
    key = repr((xlabel, ylabel, rows, width, height, settings))
    if _spare is None or key not in _spare:
        fig, panels = _new_axes(rows, width, height, "title" in settings)
    else:
        fig, panels = _spare[key]
        _wipe(fig, panels)
    if _spare is not None:
        _spare[key] = fig, panels
    for ax in panels:
        ax.set(xlabel=xlabel, ylabel=ylabel, **settings)
    return fig, panels[0] if rows == 1 else panels


def _new_axes(rows, width, height, titled):
    # fixed margins, in inches: the frames of a page line up, and drawing takes half as long as
    # with a computed layout
    left, right, bottom, top = 0.78, 0.14, 0.6, 0.36 if titled else 0.17
    with matplotlib.rc_context(STYLE):
        fig = Figure(figsize=(width, rows * height))
        panels = [
            fig.add_axes(
                (left / width, (rows - 1 - i + bottom / height) / rows,
                 (width - left - right) / width, (height - bottom - top) / height / rows)
            )
            for i in range(rows)
        ]  # fmt: skip
    return fig, panels


_spare = None  # while an explorer draws its frames: the axes of its last one, by their settings


@contextmanager
def reused_axes():
    """Let axes() hand out wiped axes again: making new ones is a third of the work of a frame."""
    global _spare
    _spare = {}
    try:
        yield
    finally:
        _spare = None


def _wipe(fig, panels):
    for ax in panels:
        legend = [ax.get_legend()] if ax.get_legend() else []
        for artist in (*ax.lines, *ax.collections, *ax.patches, *ax.texts, *legend):
            artist.remove()
        ax.set_prop_cycle(None)
        ax.relim()
        ax.autoscale(True)
    for text in list(fig.texts):
        text.remove()


def surface(ax, f, xlim, ylim, levels, points=121):
    """Draw the level lines of f(x, y) on ax; f takes arrays. All lines look alike."""
    x, y = np.linspace(*xlim, points), np.linspace(*ylim, points)
    values = f(*np.meshgrid(x, y))
    ax.contour(x, y, values, levels=levels, colors=LIGHT["muted"], linewidths=0.8, alpha=0.7)
    ax.set(xlim=xlim, ylim=ylim, aspect="equal", anchor="W")  # or right angles look like others


def note(ax, x, y, text, quantity="ink", **settings):
    """Write text at (x, y) of the data in the color of a quantity, on a patch of paper."""
    place = {"ha": "left", "va": "center", "fontsize": 12, **settings}
    box = {"facecolor": LIGHT["paper"], "edgecolor": "none", "pad": 1.5}
    ax.text(x, y, text, color=LIGHT[quantity], bbox=box, **place)


def legend(ax, loc, **settings):
    """Name the lines of ax at loc, a place by Matplotlib's names, in the book's size and color."""
    look = {"frameon": False, "fontsize": 12, "labelcolor": LIGHT["ink"], "handlelength": 3}
    ax.legend(loc=loc, **{**look, **settings})


def network_diagram(
    network, *, names=None, values=None, weights=None, quantities=None, emphasis=(), width=5.6,
    height=3.2, ax=None,
):  # fmt: skip
    """Draw a network from its own arrays and return the figure and its axes.

    An edge is as thick as its weight is large, and dashed where the weight is negative. Neurons are
    addressed (l, j), weights (l, j, k), counted from 1 as in the text. names and values hold text
    to write in and under a neuron, weights text for an edge, quantities the palette's name for the
    color of a neuron or edge; what is in emphasis is drawn heavier. Given ax, it is drawn there.
    """
    names, values, weights, quantities = (d or {} for d in (names, values, weights, quantities))
    if ax is None:
        _, ax = axes("", "", width=width, height=height)
        ax.set_position((0, 0, 1, 1))
    ax.set_axis_off()
    sizes = [network[1].w.shape[1], *(layer.w.shape[0] for layer in network.values())]
    place = {
        (l, j): (1.6 * l, (n - 1) / 2 - (j - 1))
        for l, n in enumerate(sizes)
        for j in range(1, n + 1)
    }
    largest = max(float(np.abs(layer.w).max()) for layer in network.values()) or 1.0
    for l, layer in network.items():
        for (j, k), w in np.ndenumerate(layer.w):
            key = (l, j + 1, k + 1)
            _edge(ax, place[l - 1, k + 1], place[l, j + 1], w / largest, weights.get(key),
                  quantities.get(key, "muted"), key in emphasis)  # fmt: skip
    for (l, j), (x, y) in place.items():
        color = LIGHT[quantities.get((l, j), "muted")]
        heavy = (l, j) in emphasis
        ax.plot(x, y, "o", markersize=31, markerfacecolor=LIGHT["paper"], markeredgecolor=color,
                markeredgewidth=3.5 if heavy else 1.5, zorder=3)  # fmt: skip
        ax.text(x, y, names.get((l, j), ""), ha="center", va="center", color=LIGHT["ink"],
                fontsize=13, fontweight="bold" if heavy else "normal", zorder=4)  # fmt: skip
        if (l, j) in values:
            note(
                ax, x, y - 0.42, values[l, j], quantities.get((l, j), "ink"), ha="center", zorder=4
            )
    tallest = max(sizes)
    ax.set(xlim=(-0.55, 1.6 * (len(sizes) - 1) + 0.55), ylim=(-tallest / 2 - 0.25, tallest / 2))
    return ax.figure, ax


def _edge(ax, start, end, strength, text, quantity, heavy):
    (x0, y0), (x1, y1) = start, end
    width = 0.6 + 2 * abs(strength)
    if heavy:  # a band under it: a thicker line would be a larger weight
        ax.plot(
            [x0, x1], [y0, y1], color=LIGHT[quantity], linewidth=width + 7, alpha=0.25, zorder=0.5
        )
    ax.plot([x0, x1], [y0, y1], color=LIGHT[quantity], linewidth=width,
            linestyle="--" if strength < 0 else "-", zorder=1)  # fmt: skip
    if text is not None:  # a third of the way, where crossing edges are apart
        t = 0.36
        note(ax, x0 + t * (x1 - x0), y0 + t * (y1 - y0), text, quantity, ha="center", fontsize=11.5,
             zorder=2)  # fmt: skip


class Picture:
    """A figure to display: SVG for the page, its alt text for whatever shows no pictures."""

    def __init__(self, fig, alt):
        self.alt = _alt(alt)
        self.svg = svg(fig, self.alt)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"image/svg+xml": self.svg, "text/plain": f"Figure: {self.alt}"}


def show(fig, alt):
    """Return the figure as something a notebook displays; alt says what a reader sees in it."""
    return Picture(fig, alt)


def svg(fig, alt):
    """Return the figure as one <svg> element: text stays text, coordinates to 1/100 point."""
    buffer = io.StringIO()
    with matplotlib.rc_context(STYLE):
        # the canvas itself, because savefig draws everything twice
        FigureCanvasSVG(fig).print_svg(buffer, metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.S)
    # A style sheet in each picture would hold for the whole page, and be worked out for all of it
    # anew with every picture that an explorer inserts: the root's own style is inherited instead.
    style = re.search(r"<defs>\s*<style[^>]*>\*\{(.*?)\}</style>\s*</defs>\s*", text, flags=re.S)
    text = text.replace(style[0], "")
    text = re.sub(r"<[^>]*>", _shorter, text)
    text = re.sub(r"\bxlink:href=", "href=", text)
    text = re.sub(r"font-family: [^;\"]*(; ?)?", "", text)
    text = re.sub(r' transform="rotate\(-0 [^"]*\)"', "", text)
    used = set(re.findall(r"(?:href=\"#|url\(#)([\w-]+)", text))
    text = re.sub(r' id="([\w.-]+)"', lambda m: m[0] if m[1] in used else "", text)
    text = re.sub(
        r'\bwidth="([\d.]+)pt" height="([\d.]+)pt"', r'width="\1" height="\2"', text, count=1
    )
    head = (
        f'<svg role="img" aria-label="{html.escape(alt)}" font-family="sans-serif"'
        f' style="{style[1]}"'
    )
    return re.sub(r"^<svg\b", lambda _: head, text).strip() + "\n"


def _shorter(tag):
    # inside a tag alone: the numbers that a figure shows as text keep their digits
    return re.sub(r"(\.\d\d)\d+", r"\1", re.sub(r"\s*\n\s*", " ", tag[0]))


def _alt(alt):
    alt = " ".join(str(alt).split())
    if len(alt) < 20:
        raise ValueError(f"alt is {alt!r}; a sentence that says what the figure shows is needed")
    return alt
