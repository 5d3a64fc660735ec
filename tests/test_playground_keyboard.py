"""The playground by keyboard alone: random states, and what the package makes of each.

Every setting is given with keys in its own control. The address must then be that of these settings,
and after some presses of the step buttons the exact costs, the counts and the neuron's numbers those
that the package comes to, replayed step by step from the page's own program.
"""

import re

import numpy as np
import pytest
from conftest import number
from test_playground import costs, idle, playing, state
from test_playground_model import drawn, executed, off, one

from backprop import optimizers
from backprop.backpropagation import backpropagate
from backprop.network import propagate
from backprop.training import mean_cost, start, step, thinned

OPTIMIZERS = {
    "gradientDescent": optimizers.gradient_descent,
    "momentum": optimizers.momentum(),
    "adagrad": optimizers.adagrad(),
    "adam": optimizers.adam(),
}
MENUS = ["pair", "optimizer", "scheme"]
NUMBERS = [
    "points",
    "noise",
    "dataSeed",
    "share",
    "rate",
    "batch",
    "weightDecay",
    "dropout",
    "seed",
]


class Keys:
    """The page, driven by its keys alone."""

    def __init__(self, page):
        self.page = page
        for summary in page.locator("#playground summary").all():
            summary.press("Enter")  # unfold all
        idle(page)

    def field(self, name, i=0):
        return self.page.locator(f"#playground [name={name}]").nth(i)

    def choose(self, name, value, i=0):
        """Go through a menu with the arrow keys until it has a value."""
        menu = self.field(name, i)
        menu.focus()
        values = menu.locator("option:not([disabled])").evaluate_all("all => all.map(o => o.value)")
        way = values.index(value) - values.index(menu.input_value())
        for _ in range(abs(way)):
            self.page.keyboard.press("ArrowDown" if way > 0 else "ArrowUp")
        assert menu.input_value() == value

    def type(self, field, text, end="Enter"):
        field.focus()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(str(text))
        self.page.keyboard.press(end)

    def press(self, action, key="Enter"):
        self.page.locator(f"#playground [data-do={action}]").focus()
        self.page.keyboard.press(key)

    def set_all(self, settings):
        """Give a page at its start these settings."""
        if settings["data"] == "own":
            text = "\n".join(  # with classes from 1
                ", ".join(map(repr, [x, y, *(k + 1 for k in kind)]))
                for x, y, *kind in settings["own"]
            )
            self.type(self.field("own"), text, end="Tab")
            self.press("paste")
        else:
            self.choose("data", settings["data"])
        layers = self.page.locator(".pg-layer")  # the output is one of them
        while layers.count() - 1 > len(settings["hidden"]):
            self.press("shallower")
        while layers.count() - 1 < len(settings["hidden"]):
            self.press("deeper", key="Space")
        for i, (size, sigma) in enumerate(zip(settings["hidden"], settings["sigma"], strict=True)):
            self.type(self.field("hidden", i), size, end="Tab")
            self.choose("sigma", sigma, i)
        for name in MENUS:
            self.choose(name, settings[name])
        for name in NUMBERS:
            if self.field(name).is_enabled():
                self.type(self.field(name), settings[name])
        for l in settings["frozen"]:
            self.field("frozen", l - 1).focus()
            self.page.keyboard.press("Space")
        for l, letter, j, k, value in settings["edits"]:
            self.look_at(l, j)
            self.type(self.page.locator(f"[data-edit='{'b' if letter == 'b' else k}']"), value)
        idle(self.page)

    def look_at(self, l, j):
        idle(self.page)  # the menu has the neurons of the network that is drawn
        self.choose("neuron", f"{l},{j}")


class Replay:
    """The page's steps, taken by the package from the page's own program."""

    def __init__(self, names, settings, points):
        self.names, self.settings = names, settings
        self.network, self.rng, self.cost = names["network"], names["rng"], names["cost"]
        self.optimizer = OPTIMIZERS[settings["optimizer"]]
        self.states = start(self.network, self.optimizer)
        self.points, self.order, self.at = points, None, 0

    def columns(self, points):
        points = np.array(points)
        if points.shape[1] == 2:
            return points[:, :1].T, points[:, 1:].T
        return points[:, :2].T, np.eye(self.names["Y"].shape[1])[points[:, 2].astype(int)].T

    def move(self, x, y):
        network, dropout = self.network, self.settings["dropout"]
        thin = thinned(network, x.shape[1], dropout, self.rng) if dropout else network
        gradient = backpropagate(thin, *propagate(thin, x), y, self.cost)
        shrink = self.settings["weightDecay"] / len(self.names["X"])
        moved, states = step(
            network, gradient, self.states, self.settings["rate"], self.optimizer, shrink
        )
        for l in network:
            if l not in self.settings["frozen"]:
                self.network = self.network | {l: moved[l]}
                self.states = self.states | {l: states[l]}

    def batch(self):
        X, Y = self.names["X"], self.names["Y"]
        if self.at == 0:
            self.order = self.rng.permutation(len(X))
        chosen = self.order[self.at : self.at + self.settings["batch"]]
        self.move(X[chosen].T, Y[chosen].T)
        self.at = (self.at + len(chosen)) % len(X)

    def epoch(self):
        self.batch()
        while self.at:
            self.batch()

    def sample(self, i):
        self.move(*self.columns([self.points[i]]))

    def costs(self):
        names, parts = self.names, [("X", "Y"), ("X_judge", "Y_judge")]
        return [
            mean_cost(self.network, names[x], names[y], self.cost) for x, y in parts if x in names
        ]


def state_of(seed):
    """Return random settings that a reader might give, and what is pressed then."""
    rng = np.random.default_rng(seed)
    data = ["circle", "own", "spirals", "curve", "blobs", "own", "xor", "moons", "threeSpirals"][
        seed % 9
    ]
    settings = drawn(900 + seed, data=data) | {"weights": None}
    if settings["own"]:
        settings["own"] = [[round(v, 3) for v in point] for point in settings["own"]]
        # what is not asked for own points stays as it was
        settings |= {"points": 200, "noise": 0.1, "dataSeed": 1}
    edits = {tuple(edit[:4]): edit for edit in settings["edits"]}
    settings["edits"] = [[*edit[:4], round(edit[4], 3)] for edit in edits.values()]
    pressed = [str(rng.choice(["batch", "sample", "epoch"])) for _ in range(4)]
    return settings, pressed


@pytest.mark.parametrize("seed", range(4))
def test_a_random_state_is_set_and_trained_by_keyboard_as_the_package_trains_it(
    site, browser, seed
):
    settings, pressed = state_of(seed)
    checked = one("return playground.checked(given)", settings)
    with playing(browser) as page:
        keys = Keys(page)
        keys.set_all(settings)
        assert state(page) == one("return playground.address(given)", checked)
        text = page.locator(".pg-code").text_content()
        names, _ = executed(
            re.split(r"\n(?:networks|optimizer) = ", text)[0]
        )  # but for the training
        data = one("return playground.dataOf(given)", checked)
        points = data["points"]
        replay = Replay(names, checked, points)
        i = data["learn"][seed * 7 % len(data["learn"])]
        keys.type(keys.field("sample"), i + 1)
        idle(page)
        seen = [shown_costs(page)]
        right = [replay.costs()]
        for action in pressed:
            keys.press(action)
            idle(page)
            seen.append(shown_costs(page))
            replay.sample(i) if action == "sample" else getattr(replay, action)()
            right.append(replay.costs())
        for found, expected in zip(seen, right, strict=True):
            assert off(found, expected) < 1e-9, (settings, pressed)
        keys.press("rewind")
        idle(page)
        assert shown_costs(page) == seen[0]
        # the neuron's own numbers at this sample, to the digits that are shown
        replay.network = names["network"]
        x, y = replay.columns([points[i]])
        z, a = propagate(names["network"], x)
        gradient = backpropagate(names["network"], z, a, y, names["cost"])
        l = seed % len(names["network"]) + 1
        j = seed % len(names["network"][l].w)
        keys.look_at(l, j)
        results = page.locator(".pg-equations .pg-result").all_text_contents()
        shown = [number(text.removeprefix("= ")) for text in results if text]
        near(shown[0], z[l][j, 0])
        near(shown[1], a[l][j, 0])
        assert any(close(value, gradient.delta[l][j, 0]) for value in shown[2:])
        rows = page.locator(".pg-equations tbody tr")
        for k in range(rows.count()):
            slope = number(rows.nth(k).locator("td").last.text_content())
            bias = k == rows.count() - 1
            near(slope, gradient.b[l][j, 0] if bias else gradient.w[l][j, k])


def shown_costs(page):
    texts = [page.locator(f"[data-exact={name}]").text_content() for name in ("cost", "judged")]
    return [number(text) for text in texts if text != "–"]


def close(shown, right):
    return abs(shown - right) <= 0.006 * abs(right) + 6e-6  # three digits, at most five decimals


def near(shown, right):
    assert close(shown, right), (shown, right)


def test_the_tab_key_reaches_every_control_and_leaves_again(site, browser):
    with playing(browser) as page:
        Keys(page)
        page.evaluate(
            """() => {
              const root = document.getElementById("playground");
              globalThis.reached = new Set();
              root.addEventListener("focusin", ({ target }) => globalThis.reached.add(target));
              root.querySelector("[name=data]").focus();
            }"""
        )
        for _ in range(400):
            page.keyboard.press("Tab")
            if not page.evaluate("document.activeElement.closest('#playground') !== null"):
                break
        else:
            raise AssertionError("the Tab key does not leave the playground")
        missed = page.evaluate(
            """() => [...document.getElementById("playground")
              .querySelectorAll("button, input, select, textarea, summary")]
              .filter((e) => e.getClientRects().length && !e.disabled && !globalThis.reached.has(e))
              .filter((e) => e.type !== "radio" || e.checked) // arrow keys choose among radios
              .map((e) => e.outerHTML.slice(0, 120))"""
        )
        assert missed == []


HOSTILE = [
    "rate=%",
    "own=1,2;3",
    "__proto__=1&data=moons",
    "fault=<img src=x onerror=alert(1)>",
    "%E0%A4%A",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_link_opens_a_page_that_works(site, browser, text):
    with playing(browser, text) as page:
        before = costs(page)
        page.locator("[data-do=epoch]").focus()
        page.keyboard.press("Enter")
        idle(page)
        assert costs(page) != before
        assert page.locator(".pg-notice").text_content().startswith("Of this link was left out: ")
        assert page.locator("#playground img").count() == 0


def test_a_link_leads_to_the_same_costs_in_another_page(site, browser):
    settings, _ = state_of(4)
    address = one("return playground.address(playground.checked(given))", settings)
    seen = []
    with playing(browser, address) as page:
        for action in ("epoch", "batch"):
            page.locator(f"[data-do={action}]").focus()
            page.keyboard.press("Enter")
            idle(page)
            seen.append(shown_costs(page))
        assert state(page) == address
    trail = one(
        """const once = playground.after(playground.begin(given), { epochs: 1 });
        return [once, playground.after(once, { steps: 1 })].map((run) => {
          const { cost, judged } = run.trail.at(-1);
          return judged === null ? [cost] : [cost, judged];
        });""",
        settings,
    )
    assert off(seen, trail) < 1e-12  # Chromium's exp may differ from Node's in the last digit


def test_the_recipes_start_where_the_model_starts(site, browser):
    recipes = one("return playground.RECIPES")
    with playing(browser) as page:
        links = page.locator(".pg-recipes > li > p > a[href^='#playground:']:has(b)").all()
        assert [link.text_content() for link in links] == [recipe["name"] for recipe in recipes]
        for link, recipe in zip(links, recipes, strict=True):
            link.focus()
            page.keyboard.press("Enter")
            idle(page)
            begun = one("return playground.begin(given).trail[0]", recipe["settings"])
            right = [cost for cost in (begun["cost"], begun["judged"]) if cost is not None]
            assert off(shown_costs(page), right) < 1e-12, recipe["name"]
            assert re.search(r"\bepoch", link.locator("xpath=..").text_content())
