"""explore: one call, two faces.

What is shown is drawn by a Python function or computed by a script. With a function, the published
page shows frames that were drawn at build over the grid of its controls; in a live kernel the
controls are ipywidgets, and draw is called between the grid's values too. A script computes the
picture of any state, in the page and in JupyterLab alike: see scripted.
"""

import hashlib
import html
import itertools

import ipywidgets
import numpy as np

from . import figures
from .controls import Number, Settings, control_of, face, page
from .palette import boxed, themed
from .scripted import Scripted

__all__ = ["Number", "explore"]


def explore(
    draw, *, name=None, labels=None, start=None, play=None, folded=(), data=None, size=None, **controls
):  # fmt: skip
    """Return an interactive figure of what draw gives for the values that its controls are set to.

    draw is a function of the controls that returns a Matplotlib figure and one sentence that
    describes it, or the name of a script in bookkit/scripts. Each control is a list of values (a
    slider for numbers, a menu for words) or, for a script, a Number. labels gives the controls names
    in words, start the values to begin with (otherwise the first ones).

    name: the address of the figure's states in its page, #name:step=3. play: {control: values a
    second}, for a slider that can run. folded: the controls that stand in a closed part. A script
    also gets data, and size, the width and height of its picture.
    """
    labels, start, play = labels or {}, start or {}, play or {}
    for kind, given in (("labels", labels), ("start", start), ("play", play), ("folded", folded)):
        if unknown := set(given) - set(controls):
            raise ValueError(f"{kind} names {sorted(unknown)}; the controls are {list(controls)}")
    built = [control_of(n, labels.get(n, n), given, start.get(n)) for n, given in controls.items()]
    if not built:
        raise ValueError("explore needs at least one control, such as rate=[0.01, 0.1, 1.0]")
    numbers = [n for n, given in controls.items() if isinstance(given, Number)]
    if set(play) & set(numbers):
        raise ValueError(f"play names {sorted(play)}; only a slider can run, not {numbers}")
    settings = Settings(name, play, folded)
    if isinstance(draw, str):
        return Scripted(draw, built, settings, data or {}, size)
    if numbers:
        raise ValueError(f"{numbers} are number fields; frames can be drawn for lists alone")
    return Explorer(draw, built, settings)


class Explorer:
    """What explore returns for a function: it displays itself with the face that fits where it is."""

    def __init__(self, draw, controls, settings):
        self.draw, self.controls, self.settings = draw, controls, settings

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

    def html(self):
        """Return the published face, with all frames as its data."""
        with figures.reused_axes():
            pictures = [self.picture(**values) for values in self.grid()]
        sizes = [len(c.values) for c in self.controls]
        first = pictures[int(np.ravel_multi_index([c.at for c in self.controls], sizes))]
        mark = hashlib.sha256("".join(p.svg for p in pictures).encode()).hexdigest()[:8]
        uid = self.settings.name or f"explorer-{mark}"
        bodies = [_body(themed(p.svg, uid)) for p in pictures]
        parts, frames = share(bodies)
        return page(
            "frames", uid, self.controls, self.settings,
            picture=boxed(themed(first.svg, uid), *bodies),
            sentences=[first.alt, *(p.alt for p in pictures)],
            data={"parts": parts, "frames": frames, "alts": [p.alt for p in pictures]},
        )  # fmt: skip

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
        return face(self)


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
