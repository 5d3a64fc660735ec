"""explore: one call, two faces.

In a live kernel the controls are ipywidgets, and draw is called between the grid's values too. In
the published page they are plain HTML: the frames are drawn at build over the grid, and a small
script shows them.
"""

import hashlib
import html
import itertools
import json
import os

import ipywidgets
import numpy as np

from . import figures
from .notation import minus
from .palette import boxed, themed

BUILDING = "BOOK_BUILD"  # set in the environment by the build of the site


def explore(draw, *, labels=None, start=None, **controls):
    """Return an interactive figure: draw(**values) for the values that its controls are set to.

    draw returns a Matplotlib figure and one sentence that describes it. Each control is a list of
    values: a slider for numbers, a menu for words. labels gives the controls names in words, start
    the values to begin with (otherwise the first ones).
    """
    labels, start = labels or {}, start or {}
    for kind, given in (("labels", labels), ("start", start)):
        if unknown := set(given) - set(controls):
            raise ValueError(f"{kind} names {sorted(unknown)}; the controls are {list(controls)}")
    built = [Control(n, labels.get(n, n), list(v), start.get(n)) for n, v in controls.items()]
    if not built:
        raise ValueError("explore needs at least one control, such as rate=[0.01, 0.1, 1.0]")
    return Explorer(draw, built)


class Control:
    """One control: its name in draw, its label, its grid of values, and where it starts."""

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
        self.start = 0 if start is None else values.index(start)

    def texts(self):
        """Return the values as a reader sees them."""
        return [v if self.words else minus(f"{v:g}") for v in self.values]

    def html(self, uid):
        """Return the native control of the published page."""
        texts, label = [html.escape(t) for t in self.texts()], html.escape(self.label)
        if self.words:
            options = "".join(
                f'<option value="{i}"{" selected" if i == self.start else ""}>{t}</option>'
                for i, t in enumerate(texts)
            )
            field = f'<select id="{uid}">{options}</select>'
        else:
            shown = html.escape(json.dumps(self.texts(), ensure_ascii=False))
            field = (
                f'<input type="range" id="{uid}" min="0" max="{len(texts) - 1}" step="1" '
                f'value="{self.start}" aria-valuetext="{texts[self.start]}" data-texts="{shown}">'
                f'<output for="{uid}">{texts[self.start]}</output>'
            )
        return f'<div class="explorer-control"><label for="{uid}">{label}</label>{field}</div>'

    def widget(self):
        """Return the ipywidget of the live notebook: a slider stops between the grid's values too."""
        common = {"description": self.label, "style": {"description_width": "initial"}}
        low, high, value = self.values[0], self.values[-1], self.values[self.start]
        if self.words:
            return ipywidgets.Dropdown(options=self.values, value=value, **common)
        wide = {**common, "layout": {"width": "95%"}}
        if all(isinstance(v, int | np.integer) for v in self.values):
            return ipywidgets.IntSlider(value=value, min=low, max=high, **wide)
        if low > 0 and high / low > 50:
            low, high = np.log10([low, high])
            return ipywidgets.FloatLogSlider(
                value=value,
                min=low,
                max=high,
                step=(high - low) / 200,
                readout_format=".3g",
                **wide,
            )
        return ipywidgets.FloatSlider(
            value=value, min=low, max=high, step=(high - low) / 200, readout_format=".3g", **wide
        )


class Explorer:
    """What explore returns: it displays itself with the face that fits where it is."""

    def __init__(self, draw, controls):
        self.draw, self.controls = draw, controls

    def picture(self, **values):
        """Return the figure at these values as SVG, with its description as alt text."""
        fig, description = self.draw(**values)
        return figures.show(fig, description)

    def grid(self):
        """Return the values of every frame of the published page, the last control fastest."""
        names = [c.name for c in self.controls]
        return [
            dict(zip(names, values, strict=True))
            for values in itertools.product(*(c.values for c in self.controls))
        ]

    def summary(self):
        """Return the line that stands for the explorer where nothing interactive can."""
        ranges = (f"{c.label} from {c.texts()[0]} to {c.texts()[-1]}" for c in self.controls)
        return f"Explorer: {'; '.join(ranges)}."

    def beginning(self):
        """Return what the controls are set to at the start, in words."""
        return "; ".join(f"{c.label} {c.texts()[c.start]}" for c in self.controls)

    def html(self):
        """Return the published face: controls, the frame to start with, and all frames as data.

        Without a script it is that frame, and says so; on paper it is the frame last shown.
        """
        with figures.reused_axes():
            pictures = [self.picture(**values) for values in self.grid()]
        sizes = [len(c.values) for c in self.controls]
        first = pictures[int(np.ravel_multi_index([c.start for c in self.controls], sizes))]
        uid = (
            "explorer-" + hashlib.sha256("".join(p.svg for p in pictures).encode()).hexdigest()[:8]
        )
        bodies = [_body(themed(p.svg, uid)) for p in pictures]
        parts, frames = share(bodies)
        data = {"parts": parts, "frames": frames, "alts": [p.alt for p in pictures]}
        packed = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        fields = "".join(c.html(f"{uid}-{c.name}") for c in self.controls)
        return (
            f'<div class="explorer" data-explorer role="group" aria-label="Interactive figure">\n'
            f"<noscript><style>.explorer-controls{{display:none}}</style><p>The controls of this "
            f"figure need JavaScript. It shows {html.escape(self.beginning())}.</p></noscript>\n"
            f'<div class="explorer-controls">{fields}</div>\n'
            f"<figure>{boxed(themed(first.svg, uid), *bodies)}"
            f'<figcaption aria-live="polite">{html.escape(first.alt)}</figcaption></figure>\n'
            f'<script type="application/json">{packed}</script>\n</div>'
        )

    def live(self):
        """Return the live face: ipywidgets that draw anew at whatever value they are moved to."""
        fields = {c.name: c.widget() for c in self.controls}
        view = ipywidgets.HTML()
        view.add_class("explorer-live")

        def show(_=None):
            try:
                picture = self.picture(**{name: field.value for name, field in fields.items()})
            except Exception as error:  # a callback's exception would only reach the log
                view.value = f"<pre>{html.escape(f'{type(error).__name__}: {error}')}</pre>"
                return
            caption = html.escape(picture.alt)
            view.value = f"<figure>{picture.svg}<figcaption>{caption}</figcaption></figure>"

        for field in fields.values():
            field.observe(show, "value")
        show()
        return ipywidgets.VBox([*fields.values(), view])

    def _repr_mimebundle_(self, include=None, exclude=None):
        if os.environ.get(BUILDING):
            return {"text/html": self.html(), "text/plain": self.summary()}
        return {**self.live()._repr_mimebundle_(), "text/plain": self.summary()}


def share(bodies):
    """Return the distinct lines of all frames, and each frame as runs [first, count, first, …].

    Frames differ in a few lines; what they share is stored once.
    """
    parts, place, frames = [], {}, []
    for body in bodies:
        runs = []
        for text in body.splitlines():
            following = runs[-2] + runs[-1] if runs else -1
            if 0 <= following < len(parts) and parts[following] == text:
                runs[-1] += 1
                continue
            at = place.setdefault(text, len(parts))
            if at == len(parts):
                parts.append(text)
            if at == following:
                runs[-1] += 1
            else:
                runs += [at, 1]
        frames.append(runs)
    return parts, frames


def _body(svg):
    return svg[svg.index(">") + 1 : svg.rindex("</svg>")].strip("\n")
