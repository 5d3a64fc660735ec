"""The step-through of chapter 10 (scripts/pass.js) against bookkit.one_pass: every sentence and every
number of its table; and what it says of results that a reader typed."""

import random
import re

import numpy as np
import pytest
from bs4 import BeautifulSoup
from conftest import opened
from playwright.sync_api import expect

from backprop.activations import sigmoid
from backprop.backpropagation import backprop
from backprop.costs import quadratic
from backprop.network import Layer, forward
from bookkit.notation import nine
from bookkit.one_pass import one_pass, values
from bookkit.scripted import views

EDGES = [(l, j, k) for l in (1, 2) for j in (1, 2) for k in (1, 2)]
NAMES = {(0, 1): "i₁", (0, 2): "i₂", (1, 1): "h₁", (1, 2): "h₂", (2, 1): "o₁", (2, 2): "o₂"}
NAMES |= dict(zip(EDGES, ("w₁", "w₂", "w₃", "w₄", "w₅", "w₆", "w₇", "w₈"), strict=True))
GIVEN = {"w1": 0.15, "w2": 0.2, "w3": 0.25, "w4": 0.3, "w5": 0.4, "w6": 0.45, "w7": 0.5, "w8": 0.55,
         "b1": 0.35, "b2": 0.6, "i1": 0.05, "i2": 0.1, "t1": 0.01, "t2": 0.99, "rate": 0.5}  # fmt: skip


def network_of(s):
    w = [s[f"w{k}"] for k in range(1, 9)]
    return {
        1: Layer(np.array(w[:4]).reshape(2, 2), np.full((2, 1), s["b1"]), sigmoid),
        2: Layer(np.array(w[4:]).reshape(2, 2), np.full((2, 1), s["b2"]), sigmoid),
    }


def sample(s):
    return np.array([[s["i1"]], [s["i2"]]]), np.array([[s["t1"]], [s["t2"]]])


def quantities(s):
    return one_pass(network_of(s), *sample(s), s["rate"], NAMES)


PARTS = "phase", "name", "symbols", "place", "uses", "words"
DATA = {
    "steps": [{part: getattr(q, part) for part in PARTS} for q in quantities(GIVEN)],
    "names": {",".join(map(str, place)): name for place, name in NAMES.items()},
}


def drawn(count):
    draw = random.Random(10)
    for _ in range(count):
        state = {name: round(draw.uniform(-2, 2), draw.choice([1, 3, 9])) + 0.0 for name in GIVEN}
        yield state | {
            "t1": draw.random(),
            "t2": round(draw.random(), 2),
            "rate": draw.uniform(0, 3),
        }


def seen(state, mode="shown", result=None, steps=range(1, 37)):
    states = [{"step": k, "mode": mode, "result": result, **state} for k in steps]
    return views("pass", DATA, states)


def rounded(text):
    """The text with its long numbers to eight decimals: the ninth is rounding's."""
    return re.sub(r"\d+\.\d{9}", lambda found: f"{float(found[0]) + 1e-12:.8f}", text)


@pytest.mark.parametrize("state", [GIVEN, *drawn(8)], ids=range(9))
def test_every_step_says_what_one_pass_has(state):
    whole = quantities(state)
    for count, (q, view) in enumerate(zip(whole, seen(state), strict=True), 1):
        told = (
            f"Step {count} of 36, {q.phase}: {q.name} = {nine(q.result)}, {q.words}: {q.symbols} = "
        )
        same = str if state is GIVEN else rounded
        assert same(view["sentence"]).startswith(same(told + q.numbers + "."))
        rows = BeautifulSoup(view["table"], "html.parser").select("tbody tr")
        assert [row.get("aria-current") for row in rows] == ["step"] + [None] * (count - 1)
        for row, (step, known) in zip(
            rows, reversed(list(enumerate(whole[:count], 1))), strict=True
        ):
            number, name, value = (cell.get_text() for cell in row.select("th, td"))
            assert (number, name) == (str(step), known.name)
            assert row["data-set"] == f"step={step}"
            assert float(value.replace("−", "-")) == pytest.approx(known.result, abs=6e-10)


def test_the_remarks_are_those_of_the_numbers():
    for state in [GIVEN, *drawn(4)]:
        network, (x, y) = network_of(state), sample(state)
        g, (_, a) = backprop(network, x, y, quadratic), forward(network, x)
        views_ = seen(state)
        for count, j in ((12, 1), (13, 2)):
            side = "high" if a[2][j - 1, 0] > y[j - 1, 0] else "low"
            assert f"o{'₀₁₂'[j]} is too {side}" in views_[count - 1]["sentence"]
        for count, j in ((19, 1), (20, 2)):
            said = re.findall(r"([+−]\d\.\d{4}) through o([₁₂])", views_[count - 1]["sentence"])
            paths = network[2].w[:, j - 1] * g.delta[2][:, 0]
            assert [float(text.replace("−", "-")) for text, _ in said] == pytest.approx(
                paths, abs=5.1e-5
            )
        fixed = {l: n._replace(w=n.w - state["rate"] * g.w[l]) for l, n in network.items()}
        cost = float(views_[35]["sentence"].rsplit(" ", 1)[1].rstrip("."))
        assert cost == pytest.approx(quadratic(forward(fixed, x)[1][2], y), abs=6e-10)


def said(state, step, result):
    [view] = seen(state, "hidden: I type it", result, [step])
    return view


def test_a_hidden_result_stands_nowhere_until_it_is_typed():
    whole = quantities(GIVEN)
    typed = {
        # of the new first weights only the fourth digit tells that anything moved
        step: [
            None,
            float(f"{q.result:.{3 + q.name.startswith('new w¹')}g}"),
            q.result * 1.3,
            q.result * 1.007,
        ]
        for step, q in enumerate(whole, 1)
    }
    states = [
        {"step": step, "mode": "hidden: I type it", "result": result, **GIVEN}
        for step, results in typed.items()
        for result in results
    ]
    found = iter(views("pass", DATA, states))
    for q in whole:
        hidden, right, wrong, close = (next(found) for _ in range(4))
        assert f"{q.name} = ?" in hidden["sentence"]
        assert hidden["sentence"].endswith(" Type the result.")
        for view in (hidden, wrong, close):
            assert nine(q.result) not in view["sentence"]
            assert f"<td>{nine(q.result)}</td>" not in view["table"].split("</tr>")[1]
        assert f"{q.name} = {nine(q.result)}" in right["sentence"]
        assert " Right to three digits." in right["sentence"]
        assert " Not yet: " in wrong["sentence"]
        assert " Not yet: " in close["sentence"]
    assert "rounded too early" in close["sentence"]


def test_where_a_mistake_is_near_four_digits_are_asked_for():
    found = values(network_of(GIVEN), *sample(GIVEN), GIVEN["rate"])
    right, kept = found["new w¹₁₁"], found["w¹₁₁"]
    # 0.15 is the old value, and the new one rounded
    assert "four digits are needed here" in said(GIVEN, 31, kept)["sentence"]
    faster = {**GIVEN, "rate": 5}
    assert "That is the old value." in said(faster, 31, kept)["sentence"]
    assert "Right to three digits" in said(GIVEN, 31, float(f"{right:.4g}"))["sentence"]
    assert "four digits are needed here" in said(GIVEN, 31, 0.1497)["sentence"]


# step, what is computed instead from the values, and what is said of it
MISTAKES = [
    (1, lambda v: v["z¹₁"] - v["b¹"], "The bias is missing."),
    (3, lambda v: v["w¹₁₂"] * v["a⁰₁"] + v["w¹₂₂"] * v["a⁰₂"] + v["b¹"], "Row and column"),
    (2, lambda v: v["z¹₁"], "That is z;"),
    (9, lambda v: 2 * v["C₁"], "The ½ is missing."),
    (11, lambda v: v["C"] / 2, "A mean over the outputs"),
    (13, lambda v: v["a²₂"] - v["y₂"], "The slope a (1 − a) is missing (BP1)."),
    (13, lambda v: -v["δ²₂"], "Target and output are exchanged"),
    (12, lambda v: (v["a²₁"] - v["y₁"]) * v["z²₁"] * (1 - v["z²₁"]), "z stands where a belongs"),
    (19, lambda v: v["w²₁₁"] * v["δ²₁"] + v["w²₂₁"] * v["δ²₂"], "The slope a (1 − a) is missing (BP2)"),
    (19, lambda v: v["w²₁₁"] * v["δ²₁"] * v["a¹₁"] * (1 - v["a¹₁"]), "the path through o₂ is missing"),
    (20, lambda v: v["w²₂₂"] * v["δ²₂"] * v["a¹₂"] * (1 - v["a¹₂"]), "the path through o₁ is missing"),
    (20, lambda v: (v["w²₂₁"] * v["δ²₁"] + v["w²₂₂"] * v["δ²₂"]) * v["a¹₂"] * (1 - v["a¹₂"]),
     "A row of w²"),
    (19, lambda v: (v["new w²₁₁"] * v["δ²₁"] + v["new w²₂₁"] * v["δ²₂"]) * v["a¹₁"] * (1 - v["a¹₁"]),
     "The new weights are used"),
    (15, lambda v: v["δ²₁"] * v["a¹₁"], "The activation of the other neuron"),
    (15, lambda v: v["δ²₁"] * v["z¹₂"], "z stands where a belongs (BP4)."),
    (16, lambda v: v["δ²₁"] * v["a¹₂"], "The indices are exchanged"),
    (16, lambda v: v["δ²₁"] * v["a¹₁"], "The error of the other neuron"),
    (18, lambda v: v["δ²₂"], "One error alone"),
    (25, lambda v: v["∂C/∂b¹"] / 2, "A mean is taken"),
    (26, lambda v: v["w²₁₁"] + v["η"] * v["∂C/∂w²₁₁"], "The step is added"),
    (30, lambda v: v["b²"] - v["∂C/∂b²"], "The rate η is missing."),
    (31, lambda v: -v["η"] * v["∂C/∂w¹₁₁"], "That is the step alone."),
    (36, lambda v: v["C"], "That is the cost before the step."),
]  # fmt: skip


@pytest.mark.parametrize(("step", "mistake", "message"), MISTAKES)
def test_a_known_mistake_is_named(step, mistake, message):
    state = {**next(iter(drawn(1))), "t1": 0.21, "t2": 0.83, "rate": 0.7}
    found = values(network_of(state), *sample(state), state["rate"])
    sentence = said(state, step, mistake(found))["sentence"]
    assert f"Not yet: {message}" in sentence or (f"Not yet: One path alone: {message}" in sentence)


def test_no_text_lies_on_another(browser):
    page = browser.new_page()
    try:
        bodies = [v["svg"] for s in (GIVEN, {**GIVEN, "w1": -10, "w7": 10, "b1": -9.25, "i1": -3.456})
                  for v in seen(s)]  # fmt: skip
        page.set_content('<svg width="403" height="322" font-family="DejaVu Sans"></svg>')
        over = page.evaluate(
            """(bodies) => bodies.flatMap((body, i) => {
              const svg = document.querySelector("svg");
              svg.innerHTML = body;
              const boxes = [...svg.querySelectorAll("text")].map((t) => [t.textContent, t.getBBox()]);
              const hits = [];
              boxes.forEach(([one, a], k) => {
                const out = a.x < 0 || a.y < 0 || a.x + a.width > 403 || a.y + a.height > 322;
                if (out) hits.push([i + 1, one]);
                for (const [other, b] of boxes.slice(k + 1)) {
                  const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
                  const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
                  if (wide > 1 && high > 4) hits.push([i + 1, one, other]);
                }
              });
              return hits;
            })""",
            bodies,
        )
        assert over == []
    finally:
        page.close()


def test_the_page_answers_by_keyboard_and_by_pointer(site, browser):
    with opened(browser, site / "book/10_worked_example.html") as page:
        explorer = page.locator("#pass")
        step, caption = explorer.locator("[name=step]"), explorer.locator("figcaption")
        expect(caption).to_contain_text("Step 13 of 36")
        step.press("ArrowRight")
        expect(caption).to_contain_text("Step 14 of 36")
        explorer.locator("tr[data-set='step=12']").click()
        expect(caption).to_contain_text("Step 12 of 36, backward: δ²₁ = 0.138498562")
        explorer.locator("[name=mode]").select_option(label="hidden: I type it")
        expect(caption).to_contain_text("δ²₁ = ?")
        result = explorer.locator("[name=result]")
        result.fill("0,741")
        expect(caption).to_contain_text("Not yet: The slope a (1 − a) is missing (BP1).")
        result.fill("0,138")
        expect(caption).to_contain_text("Right to three digits.")
        step.press("ArrowRight")  # what was typed belongs to its step
        expect(caption).to_contain_text("δ²₂ = ?")
        expect(result).to_have_value("")
        explorer.locator("summary").click()
        explorer.locator("[name=t2]").fill("0.5")
        result.fill("0.0479")
        expect(caption).to_contain_text("o₂ is too high, so its error is positive.")
        explorer.locator("[data-reset]").click()
        expect(caption).to_contain_text("Step 13 of 36, backward: δ²₂ = −0.038098237")
        page.locator('a[href="#pass:step=19"]').click()
        expect(caption).to_contain_text("Step 19 of 36")
        assert page.seen == []
