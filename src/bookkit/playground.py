"""The playground: what the build puts into its page.

The model, its worker and the view are scripts of bookkit/scripts. Node tells at build what settings
there are and what the page starts with; the first picture is drawn from that by the package.
"""

import html
import json
import re
from functools import cache

import numpy as np

from backprop.activations import ACTIVATIONS
from backprop.costs import softmax_cross_entropy
from backprop.network import Layer, forward
from backprop.training import accuracy, mean_cost

from .notation import minus
from .palette import boxed
from .scripted import SCRIPTS, ran

MODEL = ("engine", "playground_model", "playground_worker")  # what trains, here and in a worker
VIEW = ("draw", "playground_python", "playground_field", "playground_network", "playground")

RUN = """
const { START, ALLOWED, WORDS, REACH, CLASSES, MARKS } = playground;
const address = (...settings) =>
  playground.address(playground.checked(Object.assign({ ...START }, ...settings)));
const RECIPES = playground.RECIPES.map(({ settings, beside, ...recipe }) => ({
  ...recipe, address: address(settings),
  train: settings.stop === "epochs" ? `for ${recipe.epochs} epochs` : "until it stops by itself",
  beside: beside && { name: beside.name, address: address(settings, beside.settings) },
}));
const run = playground.begin(START);
const layers = run.network.map(({ w, b }) => ({ w, b })).filter(Boolean);
const plain = (key, value) => (ArrayBuffer.isView(value) ? [...value] : value);
const held = { START, ALLOWED, WORDS, REACH, CLASSES, MARKS, RECIPES, data: run.data, layers };
console.log(JSON.stringify(held, plain));
"""


def source(*more):
    """Return the text that trains: the page runs it, and gives it to a worker. Comments stay here."""
    text = "\n".join((SCRIPTS / f"{name}.js").read_text("utf8") for name in (*MODEL, *more))
    return re.sub(r"^ *//.*\n", "", text, flags=re.M)


def script():
    """Return the script that brings that text into the page, once for both."""
    text = json.dumps(source(), ensure_ascii=False)
    return (
        f"var playgroundSource = {text};\n"
        'document.head.append(Object.assign(document.createElement("script"), '
        "{ textContent: playgroundSource }));\n"
    )


@cache
def model():
    """Return what the scripts have: the playground's constants, and the data and weights at START."""
    return ran("the playground", RUN, source("playground_python"))


# ---- the first picture ----


def _matrix(given):
    return np.array(given["data"], float).reshape(given["rows"], given["cols"])


def network():
    """Return the package's network at the start, with the weights that the page has drawn."""
    held = model()
    names = [*held["START"]["sigma"], "identity"]
    return {
        l: Layer(_matrix(layer["w"]), _matrix(layer["b"]), ACTIVATIONS[name])
        for l, (layer, name) in enumerate(zip(held["layers"], names, strict=True), 1)
    }


def sentence():
    """Return what is to be seen before a step is made, in the package's numbers."""
    net, data = network(), model()["data"]
    X, Y = _matrix(data["X"]), _matrix(data["Y"])
    costs = [mean_cost(net, X[part], Y[part], softmax_cross_entropy) for part in _parts(data)]
    right = accuracy(net, X[data["learn"]], Y[data["learn"]])
    return (
        f"Before the first step the cost is {costs[0]:.4f} on the {len(data['learn'])} training points "
        f"and {costs[1]:.4f} on the {len(data['judge'])} validation points; {round(100 * right)} % of "
        f"the training points are classified right."
    )


def _parts(data):
    return data["learn"], data["judge"]


def _mark(x, y, kind, hollow):
    color, paper = f"var(--figure-{model()['CLASSES'][kind]})", "var(--figure-paper)"
    return (
        f'<path d="{model()["MARKS"][kind]}" transform="translate({x:.1f} {y:.1f})" '
        f'fill="{paper if hollow else color}" stroke="{color if hollow else paper}"/>'
    )


def picture(cells=40, side=260):
    """Return an <svg> of the field at the start: what the network says, and the points."""
    data, reach, colors = (model()[name] for name in ("data", "REACH", "CLASSES"))
    size = side / cells
    middles = ((np.arange(cells) + 0.5) / cells * 2 - 1) * reach
    x = np.stack([np.tile(middles, cells), -np.repeat(middles, cells)])
    net = network()
    kinds = forward(net, x)[1][len(net)].argmax(axis=0).reshape(cells, cells)
    shaded = ""
    for i, row in enumerate(kinds):
        edges = np.flatnonzero(np.diff(row)) + 1
        for run in np.split(np.arange(cells), edges):
            shaded += (
                f'<rect x="{run[0] * size:.1f}" y="{i * size:.1f}" width="{len(run) * size:.1f}" '
                f'height="{size + 0.2:.1f}" fill="var(--figure-{colors[row[run[0]]]})"/>'
            )
    judge = set(data["judge"])
    points = "".join(
        _mark((px / reach + 1) * side / 2, (1 - py / reach) * side / 2, kind, i in judge)
        for i, (px, py, kind) in enumerate(data["points"])
    )
    label = html.escape(
        "The plane of the inputs, shaded by the class that the network gives. " + sentence()
    )
    return (
        f'<svg viewBox="0 0 {side} {side}" role="img" aria-label="{label}">'
        f'<g opacity="0.25">{shaded}</g>{points}</svg>'
    )


# ---- the markup ----

SPEEDS = {"slow": "1", "normal": "5", "fast": "many"}  # epochs a frame


def _said(word):
    return (model()["WORDS"] | SPEEDS).get(word, word)


def _menu(name, label, words, start, attributes=""):
    options = "".join(
        f'<option value="{w}"{" selected" if w == start else ""}>{html.escape(_said(w))}</option>'
        for w in words
    )
    return (
        f'<label class="pg-control"><span>{label}</span>'
        f'<select name="{name}"{attributes}>{options}</select></label>'
    )


def _number(name, label, start, attributes="", unit=""):
    return (
        f'<label class="pg-control"><span>{label}</span><input name="{name}" '
        f'value="{minus(f"{start:g}")}" inputmode="decimal" autocomplete="off" size="6"{attributes}>'
        f"{unit}</label>"
    )


def _button(action, text, more=""):
    return f'<button type="button" data-do="{action}"{more}>{text}</button>'


def _radios(name, legend, values):
    fields = "".join(
        f'<label><input type="radio" name="{name}" value="{value}"{" checked" if i == 0 else ""}> '
        f"{text}</label>"
        for i, (value, text) in enumerate(values)
    )
    hidden = ' class="visually-hidden"' if name == "way" else ""
    return f'<fieldset class="pg-radios"><legend{hidden}>{legend}</legend>{fields}</fieldset>'


def _list(numbers, kind):
    terms = "".join(f'<div><dt>{t}</dt><dd data-{kind}="{n}">…</dd></div>' for n, t in numbers)
    return f'<dl class="pg-numbers pg-{kind} simple">{terms}</dl>'


def _folded(summary, body, name=""):
    panel = f' data-panel="{name}"' if name else ""
    return f"<details{panel}><summary>{summary}</summary>{body}</details>"


def _data(start, allowed):
    own = (
        _radios("touch", "A touch on the picture", [
            ("choose", "chooses a sample"), ("add", "adds a point"), ("move", "moves the nearest"),
            ("delete", "deletes the nearest"),
        ])
        + '<div class="pg-row">'
        + _menu("kind", "class", ["1", "2", "3", "4"], "1")
        + _number("x", "<i>x</i><sub>1</sub>", 0) + _number("y", "<i>x</i><sub>2</sub>", 0) + "</div>"
        + '<div class="pg-row">' + _button("add", "Add this point")
        + _button("move", "Move the sample here") + _button("delete", "Delete the sample") + "</div>"
        + '<label class="pg-area"><span>All points as text, a point a line: x, y, class. For a curve: '
        'x, y.</span><textarea name="own" rows="5" spellcheck="false"></textarea></label>'
        + '<label class="pg-check"><input type="checkbox" name="scale"> stretch it to −1 … 1</label>'
        '<div class="pg-row">' + _button("paste", "Train on this text")
        + _button("clear", "Empty it") + _button("copyData", "Copy the text") + "</div>"
    )  # fmt: skip
    more = "".join([
        _number("points", "points", start["points"]),
        _number("noise", "noise (deviation)", start["noise"]),
        _number("share", "share for validation", start["share"]),
        _number("dataSeed", "data seed", start["dataSeed"]),
    ])  # fmt: skip
    return (
        '<section class="pg-data" aria-labelledby="pg-data"><h3 id="pg-data">1. Data</h3>'
        + _menu("data", "data", allowed["data"], start["data"])
        + f'<div class="pg-field">{boxed(picture())}<canvas hidden role="img"></canvas></div>'
        '<p class="pg-key"></p>'
        '<div class="pg-row pg-sample">' + _number("sample", "sample", 1)
        + _button("before", "◀", ' aria-label="the sample before"')
        + _button("after", "▶", ' aria-label="the next sample"') + "</div>"
        '<p class="pg-said"></p>'
        + _folded("How many, how noisy", f'<div class="pg-grid">{more}</div>')
        + _folded("Draw or paste your own", own, "own")
        + "</section>"
    )  # fmt: skip


def _network(start, allowed):
    sigmas = "".join(f'<option value="{w}">{_said(w)}</option>' for w in allowed["sigma"])
    row = (
        '<template><div class="pg-layer" role="group"><span class="pg-name"></span>'
        '<input name="hidden" inputmode="numeric" size="2" autocomplete="off">'
        f'<select name="sigma">{sigmas}</select>'
        '<label class="pg-check"><input type="checkbox" name="frozen"> frozen</label></div></template>'
    )  # fmt: skip
    begin = "".join([
        _menu("scheme", "initialization", allowed["scheme"], start["scheme"]),
        _number("seed", "weights’ seed", start["seed"]),
    ])  # fmt: skip
    return (
        '<section class="pg-network" aria-labelledby="pg-network"><h3 id="pg-network">2. Network</h3>'
        + _radios("way", "Show", [("forward", "forward: <i>a</i>"), ("backward", "backward: <i>δ</i>")])
        + '<div class="pg-diagram"></div><p class="pg-edgekey"></p><p class="pg-silent"></p>'
        + row + '<div class="pg-layers"></div>'
        '<div class="pg-row">' + _button("deeper", "+ layer") + _button("shallower", "− layer") + "</div>"
        + _menu("pair", "output and cost", allowed["pair"], start["pair"])
        + _folded("Starting weights", f'<div class="pg-grid">{begin}</div><div class="pg-row">'
        + _button("renew", "New weights") + _button("keepWeights", "Start from these weights") + "</div>")
        + "</section>"
    )  # fmt: skip


def _training(start, allowed):
    shrink = "".join([
        _number("weightDecay", "weight decay <i>λ</i>", start["weightDecay"]),
        _number("dropout", "dropout", start["dropout"]),
    ])  # fmt: skip
    stop = _menu("stop", "stop", allowed["stop"], start["stop"]) + _number(
        "stopAt", "epochs, or cost", start["stopAt"]
    )
    return (
        '<section class="pg-training" aria-labelledby="pg-training">'
        '<h3 id="pg-training">3. Training</h3><div>'
        + _menu("optimizer", "optimizer", allowed["optimizer"], start["optimizer"])
        + '</div><div class="pg-grid">' + _number("rate", "rate <i>η</i>", start["rate"])
        + _number("batch", "mini-batch", start["batch"])
        + _menu("speed", "epochs a frame", SPEEDS, "slow") + "</div>"
        + _folded("Weight decay, dropout", f'<div class="pg-grid">{shrink}</div>')
        + _folded("When to stop", stop)
        + _folded("Plant a fault", _menu("fault", "fault in the four equations", allowed["fault"],
                  start["fault"]))
        + '<p class="pg-lamp"></p></section>'
    )  # fmt: skip


def _tools(start, allowed):
    over = [n for n in ("rate", "batch", "weightDecay", "dropout", "noise", "points", "optimizer",
                        "scheme") if n in start]  # fmt: skip
    names = {
        "batch": "mini-batch", "weightDecay": "weight decay",
        "scheme": "initialization",
    }  # fmt: skip
    options = "".join(f'<option value="{n}">{names.get(n, n)}</option>' for n in over)
    sweep = (
        '<div class="pg-grid"><label class="pg-control"><span>setting</span>'
        f'<select name="over">{options}</select></label>'
        '<label class="pg-control"><span>values, with commas</span>'
        '<input name="values" value="0.03, 0.1, 0.3, 1" size="16" autocomplete="off"></label>'
        + _number("seeds", "seeds", 5) + _number("length", "epochs", 50) + "</div>"
        '<div class="pg-row">' + _button("sweep", "Run the sweep")
        + '<span class="pg-progress" role="status"></span></div>'
        '<div class="pg-swept pg-scroll" tabindex="0" role="region" '
        'aria-label="Result of the sweep"></div>'
    )  # fmt: skip
    home = (
        "<p>A Python program with this book’s package <code>backprop</code>: the same data, starting "
        "weights and order of samples. It prints the cost after each of its epochs. The package is a "
        'wheel in <a href="../the-four-equations.zip" download>the archive of the course</a>: '
        "<code>python -m pip install</code> with its path installs it.</p>"
        '<p class="pg-homesaid"></p>'
        '<div class="pg-row">' + _number("homeEpochs", "epochs", 10) + _button("copyCode", "Copy")
        + _button("download", "Download")
        + '</div><div class="pg-code" tabindex="0" role="region" aria-label="The program"></div>'
    )  # fmt: skip
    return "".join([
        _folded("All weights and biases", '<div class="pg-all pg-scroll" tabindex="0" role="region" '
                'aria-label="All weights and biases"></div>', "all"),
        _folded("Sweep: one setting, several seeds", sweep, "sweep"),
        _folded("Take it home: the same in Python", home, "home"),
    ])  # fmt: skip


def recipes():
    """Return the recipes: name, address, how to train, see, why, chapter, perhaps what is beside."""
    return model()["RECIPES"]


def page():
    """Return the playground: its controls, the picture and sentence to begin with."""
    start, allowed = model()["START"], model()["ALLOWED"]
    numbers = (("epochs", "epoch"), ("cost", "cost"), ("judged", "validation"))
    bar = (
        '<div class="pg-bar"><div class="pg-buttons">' + _button("train", "▶ Train", ' class="pg-main"')
        + _button("epoch", "1 epoch") + _button("batch", "1 mini-batch")
        + _button("sample", "1 sample") + _button("rewind", "⟲ Rewind") + "</div>"
        + _list(numbers, "short")
        + f'<p class="pg-status" role="status">{html.escape(sentence())}</p></div>'
    )  # fmt: skip
    return (
        '<div class="playground" id="playground" role="group" aria-label="Playground" '
        f'data-settings="{" ".join(start)}">\n'
        "<noscript><style>.playground :is(.pg-control, .pg-bar > :not(.pg-status), .pg-row, details, "
        "fieldset, .pg-neuron, .pg-training, .pg-course, .pg-network) { display: none; } "
        ".playground .pg-bar { position: static; }</style>"
        "<p>The playground needs JavaScript. Here is what it starts with.</p></noscript>\n"
        '<p class="pg-notice" role="status" hidden></p>'
        '<div class="pg-recipe" role="region" aria-label="Recipe" hidden><p></p>'
        '<p class="pg-changed" hidden>Changed since: what is said here was seen with the settings of '
        "its link.</p>"
        + _button("closeRecipe", "Close") + "</div>"
        '<div class="pg-panels">' + _data(start, allowed) + _network(start, allowed)
        + '<section class="pg-neuron" aria-labelledby="pg-neuron"><h3 id="pg-neuron">One neuron</h3>'
        '<label class="pg-control"><span>neuron</span><select name="neuron"></select></label>'
        '<div class="pg-equations"></div><p class="pg-mine" hidden><span></span> '
        + _button("undo", "Back to the drawn ones") + "</p></section>" + _training(start, allowed)
        + '<section class="pg-course" aria-labelledby="pg-course"><h3 id="pg-course">Cost</h3>'
        + _list((("cost", "training"), ("judged", "validation")), "exact")
        + '<div class="pg-chart"></div><ul class="pg-runs"></ul><p class="pg-looks"></p>'
        '<div class="pg-row">'
        + _button("keep", "Keep this curve") + _button("forget", "Forget the kept ones")
        + f'</div><div class="pg-counts"></div></section></div>{bar}'
        f'<div class="pg-tools">{_tools(start, allowed)}</div><div class="pg-printed"></div></div>'
    )  # fmt: skip
