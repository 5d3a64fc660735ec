"""The controls of an explorer: sliders, menus and number fields, for the page and for JupyterLab."""

import html
import json
import os
from pickle import PicklingError
from typing import NamedTuple

import ipywidgets
import numpy as np

from . import BUILDING
from .notation import minus
from .stored import stored


class Number(NamedTuple):
    """What to give explore for a number field: any number from low to high.

    fleeting: a field that starts empty, and is emptied when another control moves.
    """

    low: float
    high: float
    fleeting: bool = False


def control_of(name, label, given, start):
    """Return the control for what explore was given: a list of values, or a Number."""
    if isinstance(given, Number):
        return Field(name, label, given, start)
    return Listed(name, label, list(given), start)


class Listed:
    """A slider or a menu: its name in draw, its label, its values, and where it starts."""

    def __init__(self, name, label, values, start):
        kinds = {isinstance(value, str) for value in values}
        if len(values) < 2 or len(kinds) != 1 or len(set(values)) < len(values):
            raise ValueError(
                f"{name} is {values}; at least two different values are needed, all numbers or all "
                f"words"
            )
        self.words = kinds.pop()
        if not self.words and (not np.isfinite(values).all() or sorted(values) != values):
            raise ValueError(f"{name} is {values}; a slider's numbers must be finite and rise")
        if start is not None and start not in values:
            raise ValueError(f"{name} starts at {start!r}; one of {values} is needed")
        self.name, self.label, self.values = name, label, values
        self.at = 0 if start is None else values.index(start)
        self.start = values[self.at]
        # where a sentence may be longest: any word, or the least and the largest number
        self.ends = values if self.words else [values[0], values[-1]]

    def texts(self):
        """Return the values as a reader sees them."""
        return [v if self.words else minus(f"{v:g}") for v in self.values]

    def said(self):
        """Return (the start, the range) in words."""
        texts = self.texts()
        return f"{self.label} {texts[self.at]}", f"{self.label} from {texts[0]} to {texts[-1]}"

    def html(self, uid):
        """Return the native control of the published page."""
        texts, label = [html.escape(t) for t in self.texts()], html.escape(self.label)
        values = json.dumps(  # NumPy's whole numbers too
            self.values, ensure_ascii=False, separators=(",", ":"), default=float
        )
        common = f'id="{uid}" name="{self.name}" data-values="{html.escape(values)}"'
        if self.words:
            options = "".join(
                f'<option value="{i}"{" selected" if i == self.at else ""}>{t}</option>'
                for i, t in enumerate(texts)
            )
            field = f"<select {common}>{options}</select>"
        else:
            back, on = (
                f'<button type="button" value="{self.name}" data-by="{by}" '
                f'aria-label="{label}: {word}">{sign}</button>'
                for by, word, sign in ((-1, "back", "◀"), (1, "on", "▶"))
            )
            field = (
                f'{back}<input type="range" {common} min="0" max="{len(texts) - 1}" step="1" '
                f'value="{self.at}" aria-valuetext="{texts[self.at]}">'
                f'<output for="{uid}">{texts[self.at]}</output>{on}'
            )
        return f'<div class="explorer-control"><label for="{uid}">{label}</label>{field}</div>'

    def widget(self):
        """Return the ipywidget of the live notebook: a slider stops between the grid's values too."""
        common = {"description": self.label, "style": {"description_width": "initial"}}
        if self.words:
            return ipywidgets.Dropdown(options=self.values, value=self.start, **common)
        low, high = self.ends
        wide = {**common, "layout": {"width": "95%"}, "value": self.start}
        if all(isinstance(v, int | np.integer) for v in self.values):
            return ipywidgets.IntSlider(min=low, max=high, **wide)
        kind = ipywidgets.FloatSlider
        if low > 0 and high / low > 50:
            kind, low, high = ipywidgets.FloatLogSlider, *np.log10([low, high])
        return kind(min=low, max=high, step=(high - low) / 200, readout_format=".3g", **wide)


class Field:
    """A field for any number from low to high. On the page what is typed is judged in words."""

    def __init__(self, name, label, limits, start):
        low, high, self.fleeting = limits
        if self.fleeting != (start is None) or not (
            low < high
            and np.isfinite([low, high]).all()
            and (self.fleeting or low <= start <= high)
        ):
            raise ValueError(
                f"{name} is {limits} with the start {start!r}; finite low < high and a start "
                f"between them are needed, and none for a fleeting field"
            )
        self.name, self.label, self.start, self.ends = name, label, start, [low, high]

    def said(self):
        """Return (the start, the range) in words."""
        low, high = (minus(f"{v:g}") for v in self.ends)
        start = "empty" if self.fleeting else minus(f"{self.start:g}")
        return f"{self.label} {start}", f"{self.label} from {low} to {high}"

    def html(self, uid):
        """Return the native control of the published page."""
        label, (low, high) = html.escape(self.label), self.ends
        value = "" if self.fleeting else minus(f"{self.start:.12g}")
        return (
            f'<div class="explorer-control"><label for="{uid}">{label}</label>'
            f'<input id="{uid}" name="{self.name}" value="{value}" inputmode="text" size="7" '
            f'autocomplete="off" data-low="{low!r}" data-high="{high!r}" '
            f'aria-describedby="{uid}-wrong"{" data-fleeting" * self.fleeting}>'
            f'<small id="{uid}-wrong" role="status"></small></div>'
        )


class Settings(NamedTuple):
    """What explore was told beside the controls: the address, what plays, what stands folded."""

    name: str | None
    play: dict
    folded: tuple


def beginning(controls):
    """Return what the controls are set to at the start, in words."""
    return "; ".join(control.said()[0] for control in controls)


def summary(controls):
    """Return the line that stands for the explorer where nothing interactive can."""
    return f"Explorer: {'; '.join(control.said()[1] for control in controls)}."


def face(explorer):
    """Return what an explorer displays: its html() on the site, its live() widget elsewhere."""
    text = summary(explorer.controls)
    if os.environ.get(BUILDING):
        return {"text/html": _published(explorer), "text/plain": text}
    return {**explorer.live()._repr_mimebundle_(), "text/plain": text}


def _published(explorer):
    try:
        return stored(_html)(explorer)
    except (TypeError, PicklingError):  # it uses what cannot be hashed, or must not be
        return _html(explorer)


def _html(explorer):
    return explorer.html()


def page(view, uid, controls, settings, *, picture, sentences, data, table=None):
    """Return the published face: the picture and sentence to start with, the controls, the data.

    view: the name of the script's view. sentences: the first one, then others that may be as long.
    Without a script it is that picture, and says so; on paper it is the one last shown.
    """
    packed = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    longest = max(map(len, sentences))
    room = f"--wide: {longest / 78:.1f}; --narrow: {longest / 40:.1f}"  # lines of the caption
    fields = {c.name: c.html(f"{uid}-{c.name}") for c in controls}
    shown = "".join(field for name, field in fields.items() if name not in settings.folded)
    if settings.folded:
        hidden = "".join(fields[name] for name in settings.folded)
        shown += (
            f"<details><summary>Change the numbers</summary>"
            f'<div class="explorer-controls">{hidden}</div></details>'
        )
    buttons = "".join(
        f'<button type="button" data-play="{name}" data-rate="{rate:g}">▶ Play</button>'
        for name, rate in settings.play.items()
    )
    beside = (
        ""
        if table is None
        else (
            f'<div class="explorer-table" role="region" aria-label="Numbers" tabindex="0">{table}</div>'
        )
    )
    return (
        f'<div class="explorer" id="{uid}" data-explorer="{view}" role="group" '
        f'aria-label="Interactive figure"{" data-linked" if settings.name else ""}>\n'
        f"<noscript><style>.explorer-controls{{display:none}}</style><p>The controls of this "
        f"figure need JavaScript. It shows {html.escape(beginning(controls))}.</p></noscript>\n"
        f"<figure>{picture}"
        f'<figcaption aria-live="polite" style="{room}">{html.escape(sentences[0])}</figcaption>'
        f"{beside}</figure>\n"
        f'<div class="explorer-controls">{shown}<div class="explorer-buttons">{buttons}'
        f'<button type="button" data-reset>Start again</button></div></div>\n'
        f'<script type="application/json">{packed}</script>\n</div>'
    )
