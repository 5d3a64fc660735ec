"""What the graders do with an answer, on small exercises of their own."""

import math
import sys
import threading
import time

import numpy as np
import pytest

from bookkit.exercises import (
    EXERCISES,
    choices,
    derivations,
    edits,
    faces,
    grade,
    judge,
    kinds,
    running,
)
from bookkit.exercises.compare import agrees
from bookkit.exercises.quantities import SIGN, UNKNOWN, typed
from bookkit.exercises.verdict import Verdict, unanswered

RNG = np.random.default_rng(1)
MOMENTUM = """def momentum_step(w, v, g, mu, rate):
    v = mu * v - rate * g
    return w + v, v
"""
EDITS = {
    "- rate → + rate": "The gradient is added.",
    "mu * v → v": "The old velocity is not shrunk.",
    "rate * g → g": "The rate is missing.",
    "w + v → w - v": "The weight moves against the velocity.",
}
FORMS = {
    "- rate → + rate\nw + v → w - v": "The sign stands in the second line; the path is the same."
}
TRIALS = [
    (*RNG.normal(size=(3, 4)), 0.9, 0.1),
    (1.5, 0.5, -2.0, 0.5, 0.2),
]
STEP = kinds.write(
    "momentum", 2, MOMENTUM, EDITS, TRIALS, forms=FORMS, results=("w", "v"), why="What if mu is 1?"
)
PRODUCT = kinds.write(
    "product", 2, "def product(w, a):\n    return w @ a\n",
    {"w @ a → w.T @ a": "w is transposed.", "w @ → -w @": "The sign is reversed."},
    [(RNG.normal(size=(3, 3)), RNG.normal(size=(3, 3))),
     (RNG.normal(size=(2, 4)), RNG.normal(size=(4, 6)))],
)  # fmt: skip
NUMBER = kinds.compute("sum", 1, "0.3 * 0.5 + 0.2", {"5 + → 5 - ": "The bias is added."}, why="So?")


def said(exercise, answer):
    return str(exercise.judge(answer))


# ---- what grade prints, and what is no answer ----


def dots(w, b): ...


def documented():
    """Return nothing yet."""


def documented_dots():
    """Return nothing yet."""
    ...


def passed(w, b=2):
    # a remark
    pass


def returned():
    return ...


@pytest.mark.parametrize("empty", [..., None, dots, documented, documented_dots, passed, returned])
def test_an_empty_answer_is_not_answered_yet(empty, capsys):
    assert unanswered(empty)
    for number in EXERCISES:
        assert judge(number, empty).right is None
        grade(number, empty)
        assert capsys.readouterr().out.startswith(f"Exercise {number}: … not answered yet.\n")


@pytest.mark.parametrize("answer", [0, "", False, lambda: 5, lambda: "text", lambda w: w, [], 0.0])
def test_an_answer_is_one_even_where_it_is_nothing_much(answer):
    assert not unanswered(answer)


def test_grade_prints_one_line(capsys):
    grade("0.1", 0.57)
    grade("0.1", 0.1)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("Exercise 0.1: ") for line in lines)


@pytest.mark.parametrize("unknown", ["6.99", ""])
def test_an_unknown_exercise_is_an_error(unknown):
    with pytest.raises(ValueError, match=r"there is no exercise .*; graded are "):
        judge(unknown, 1)


@pytest.mark.parametrize("unquoted", [6.1, None])
def test_a_number_without_quotes_is_an_error(unquoted):
    with pytest.raises(ValueError, match=r"it is needed in quotes: grade\(\"6\.1\", …\)"):
        judge(unquoted, 1)


# ---- edits ----


def test_an_edit_fits_one_place_or_raises():
    assert edits.edited("a + b", "a → c") == "c + b"
    assert edits.edited("a + b", " + b → ") == "a"
    assert edits.edited("a + b", "a → c\nb → d") == "c + d"
    assert edits.edited("a + b", "x - y") == "x - y"
    for edit in ("c → d", "a → b\na → c"):
        with pytest.raises(ValueError, match="fits 0 places"):
            edits.edited("a + b", edit)
    with pytest.raises(ValueError, match="fits 2 places"):
        edits.edited("a + a", "a → b")


def test_a_program_is_its_last_function_or_expression():
    assert edits.program("k = 2\nk * x", {"x": 4}) == 8
    assert edits.program("def f(t):\n    return math.pi * t\n", {})(2) == 2 * math.pi


# ---- functions ----


def test_right_answers_pass_in_any_style():
    def lists(w, v, g, mu, rate):
        new = [mu * v_i - rate * g_i for v_i, g_i in zip(np.atleast_1d(v), np.atleast_1d(g))]  # noqa: B905
        return [np.reshape(np.add(w, np.reshape(new, np.shape(v))), np.shape(v)).tolist(), new]

    def single(w, v, g, mu, rate):
        w, v, g = np.float32(w), np.float32(v), np.float32(g)
        v = np.float32(mu) * v - np.float32(rate) * g
        return w + v, v

    for answer in (lists, single, STEP.judge.made(MOMENTUM)):
        assert said(STEP, answer) == "✓ right. Agrees on 2 trials. What if mu is 1?"


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_named(edit):
    answer = STEP.judge.made(edits.edited(MOMENTUM, edit))
    assert said(STEP, answer) == f"✗ not yet. {EDITS[edit]}"


def test_of_two_mistakes_the_first_is_named():
    both = "def momentum_step(w, v, g, mu, rate):\n    v = v - rate * g\n    return w - v, v\n"
    assert said(STEP, STEP.judge.made(both)) == (
        "✗ not yet. The old velocity is not shrunk. Another mistake follows."
    )


def test_another_form_is_not_called_wrong():
    def sign_below(w, v, g, mu, rate):
        v = mu * v + rate * g
        return w - v, v

    assert said(STEP, sign_below).startswith("≈ another form. The sign stands")
    assert STEP.judge(sign_below).right is False


def test_a_transpose_that_does_not_run_everywhere_is_named():
    assert said(PRODUCT, lambda w, a: w.T @ a) == "✗ not yet. w is transposed."


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda *c: STEP.judge.made(MOMENTUM)(*c)[::-1], "their order is not: (w, v) is needed."),
        (lambda *c: STEP.judge.made(MOMENTUM)(*c)[0], "(w, v) is needed, 2 values."),
        (lambda *c: None, "It returns nothing; a return is missing."),
        (lambda *c: (10**400, 1), "w is wrong. It is a number; an array is needed."),
        (lambda *c: ([[1, 2], [3]], 1), "w is wrong. It is a list of 2; an array is needed."),
        (lambda *c: (np.full(4, np.nan), c[1]), "w is wrong. It holds nan or inf."),
        (lambda *c: (1j * c[0], c[1]), "w is wrong. It is an array of shape (4,); an array"),
        (lambda *c: (v for v in c), "It returns a generator; (w, v) is needed, 2 values."),
        (lambda *c: (c[0] > 0, str(c[1])), "v is wrong. It is a str; an array is needed."),
        (lambda *c: "w, v", "It returns a str; (w, v) is needed, 2 values."),
        (lambda *c: 1 / 0, "it raises ZeroDivisionError, line 1: division by zero"),
        (lambda *c: sys.exit("done"), "it raises SystemExit, line 1: done"),
        (lambda: 1, "it raises TypeError"),
        ("w + v", "A function of w, v, g, mu, rate is needed."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_form_is_said(answer, message):
    assert message in said(STEP, answer)
    assert said(STEP, answer).startswith("✗ not yet.")


def test_a_keyboard_interrupt_in_an_answer_is_a_sentence():
    def interrupted(*case):
        raise KeyboardInterrupt

    assert "it raises KeyboardInterrupt, line 2" in said(STEP, interrupted)


@pytest.mark.parametrize(
    ("factor", "message"),
    [
        (-1, "The sign is reversed."),
        (2, "Every entry is 2 times too large; 2 is the number of rows of w."),
        (1 / 6, "Every entry is 6 times too small; 6 is the number of columns of a."),
        (7, "Every entry is 7 times too large."),
        (1.0005, "It is close, and not equal: something is rounded on the way"),
        (1.01, "It is less than 2 percent off, which is more than rounding"),
        (0, "It is zero."),
    ],
)
def test_a_factor_is_told_with_its_reason(factor, message):
    def answer(w, a):
        return w @ a if len(w) == 3 else factor * (w @ a)

    if factor == -1:
        assert "Every sign is reversed." in said(PRODUCT, answer)
        assert said(PRODUCT, lambda w, a: -w @ a) == f"✗ not yet. {message}"
    else:
        assert message in said(PRODUCT, answer)


def test_shapes_layers_and_single_entries_are_told():
    assert "It has the shape (3,); (3, 3) is needed." in said(PRODUCT, lambda w, a: (w @ a)[0])

    def one_off(w, a):
        product = w @ a
        product[1, 2] += 1
        return product

    assert "1 of 9 entries differ, the first at (1, 2)." in said(PRODUCT, one_off)
    layers = kinds.write(
        "layers", 2, "def f(x):\n    return {1: x, 2: 2 * x}, {1: x, 2: x}\n", {}, [(RNG.random(3),)],
        results=("∂C/∂w", "∂C/∂b"),
    )  # fmt: skip
    assert said(layers, lambda x: ({1: x, 2: x}, {1: x, 2: x})).endswith(
        "∂C/∂b agrees. ∂C/∂w of layer 2 is wrong. Every entry is 2 times too small."
    )
    assert said(layers, lambda x: ({1: x}, {1: x, 2: x})).endswith(
        "∂C/∂w is a dict with the keys [1]; a dict with the keys [1, 2] is needed."
    )


def test_what_agrees_on_one_trial_by_chance_is_not_said_to_agree():
    chance = kinds.write(
        "chance", 2, "def f(x, s):\n    return x + s, x - s\n", {},
        [(RNG.random(3), 0.0), (RNG.random(4), 0.5)], results=("up", "down"),
    )  # fmt: skip
    assert "No result agrees." in said(chance, lambda x, s: (x - s, x + 2 * s))
    assert "up agrees. down is wrong." in said(chance, lambda x, s: (x + s, x + 2 * s))


def test_the_result_that_a_pass_meets_first_is_named():
    def both(w, v, g, mu, rate):
        return w + g, v + g

    assert "No result agrees. v is wrong." in said(STEP, both)


def test_results_may_come_as_the_rows_of_one_array():
    assert said(STEP, lambda *c: np.array(STEP.judge.made(MOMENTUM)(*c))).startswith("✓ right")


def test_an_object_that_will_not_be_a_number_is_told():
    class Refusing:
        def __array__(self, *args, **settings):
            raise RuntimeError("no")

    assert "It is a Refusing; an array is needed." in said(PRODUCT, lambda w, a: Refusing())


def test_no_message_tells_a_right_number_or_dumps_an_array():
    message = said(PRODUCT, lambda w, a: RNG.normal(size=(len(w), a.shape[1])))
    assert "Its shape is right, its numbers are not." in message
    assert "[" not in message


def test_changed_arguments_are_noticed_and_do_no_harm():
    def in_place(w, v, g, mu, rate):
        v *= mu
        v -= rate * g
        return w + v, v

    before = [np.copy(a) for a in TRIALS[0]]
    assert "It changes its arguments" in said(STEP, in_place)
    assert all(np.array_equal(a, b) for a, b in zip(before, TRIALS[0], strict=True))


def test_a_result_that_the_answer_goes_on_to_change_is_judged_as_it_was():
    kept = np.zeros((2, 6))

    def reuses(w, a):
        if len(w) == 3:
            return w @ a
        kept[:] = w @ a
        return kept

    assert said(PRODUCT, reuses).startswith("✓ right")


# ---- answers that do not end ----


GOING = []  # what no exception ends must end with its test, or it slows down all that follow


def endless(*case):
    while True:
        pass


def stubborn(*case):
    while GOING:
        try:
            while GOING:
                pass
        except BaseException:
            pass


def asleep(*case):
    time.sleep(60)


@pytest.mark.parametrize(("answer", "lines"), [(endless, "23"), (stubborn, "45"), (asleep, "2")])
def test_an_answer_that_does_not_end_is_stopped(answer, lines, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "GOING", [True])
    monkeypatch.setattr(running.run, "__defaults__", (0.2,))
    before = threading.active_count()
    start = time.monotonic()
    try:
        message = said(STEP, answer)
        assert time.monotonic() - start < 10
        assert answer is not endless or threading.active_count() == before
    finally:
        GOING.clear()
    start, line, end = message.partition(", line ")
    assert start == "✗ not yet. Stopped after 2 seconds, tried with mu = 0.9, rate = 0.1"
    assert line
    assert end[0] in lines
    assert end[1:] == ": it had not ended."


# ---- numbers ----


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (0.35, "✓ right. So?"),
        (np.float32(0.35), "✓ right. So?"),
        ([[0.3501]], "✓ right. So?"),
        ("7/20", "✓ right. So?"),
        ("0,35", "✓ right. So?"),
        (-0.35, f"✗ not yet. {SIGN}"),
        ("−0.05", "✗ not yet. The bias is added."),
        ("–0.05", "✗ not yet. The bias is added."),
        (0.348, "✗ not yet. Close, but rounded too early"),
        (1.0, f"✗ not yet. {UNKNOWN}"),
        (10**400, "✗ not yet. One number is needed."),
        (float("nan"), "✗ not yet. A finite number is needed."),
        ([0.35, 1], "✗ not yet. One number is needed."),
        ("a third", "✗ not yet. One number is needed."),
    ],
)
def test_numbers_are_judged_by_windows(answer, expected):
    assert said(NUMBER, answer).startswith(expected)


@pytest.mark.parametrize(
    ("text", "number"),
    [("−1/4", -0.25), (" 2 ", 2.0), ("1e-3", 1e-3), ("1/0", None), ("1/2/3", None), ("", None)],
)
def test_typed_numbers(text, number):
    assert typed(text) == number


# ---- choices, claims, derivations ----


def test_a_prediction_needs_its_reason():
    judge = choices.ChoiceJudge(
        {"up": "It fell.", "down": "It rose."}, lambda: "down", {"slope": "", "luck": "By design."},
        why="Why?",
    )  # fmt: skip
    assert str(judge("b1")) == "✓ right. Why?"
    assert str(judge("B2")).endswith("not for this reason: By design.")
    assert "The run shows otherwise. It fell. The reason itself holds" in str(judge("a1"))
    assert str(judge(" b 1")) == str(judge(("b", 1))) == "✓ right. Why?"
    for answer in ("c1", "b3", "b", 2, "b0", "bb", "b²"):
        assert str(judge(answer)) == '✗ not yet. A letter a–b and a number 1–2 are needed, as "a1".'
    with pytest.raises(ValueError, match="2 reasons hold"):
        choices.ChoiceJudge({"up": ""}, lambda: "up", {"one": "", "two": ""})


def test_a_claim_is_judged_by_its_runs():
    judge = choices.ClaimJudge(
        {"η": [0.1, 0.2]}, lambda rate: Verdict(rate < 0.15, f"{rate} was run.")
    )
    assert str(judge(0.1)) == "✓ right. 0.1 was run."
    assert str(judge((0.2,))) == "✗ not yet. 0.2 was run."
    assert str(judge((1, 2))) == "✗ not yet. 1 value is needed: (η)."
    assert str(judge("fast")) == str(judge(True)) == "✗ not yet. η must be a number."
    assert (
        str(judge(np.float32(0.25))) == str(judge(np.array([0.25]))) == "✗ not yet. 0.25 was run."
    )


def test_a_derivation_offers_no_wrong_line_that_is_right():
    names = {"x": np.array([0.3, 0.7])}
    line = derivations.Line("square", "x * x", {"2 * x": "That is the slope."})
    derivations.check("x**2", [line], names)
    with pytest.raises(ValueError, match="offered as wrong"):
        derivations.check("x**2", [line._replace(wrong={"x**2 + 0": ""})], names)
    with pytest.raises(ValueError, match="does not equal"):
        derivations.check("x**2", [line._replace(right="x**3")], names)


# ---- faces ----


def test_every_combination_of_the_page_is_judged_by_the_grader():
    face = STEP.face()
    made = [face.pieces, [slot.options for slot in face.slots]]
    assert "".join(made[0][:1]).startswith("def momentum_step")
    assert len(face.verdicts) == math.prod(map(len, made[1]))
    assert sum(v.right for v in face.verdicts) == 1
    assert sum(v.form for v in face.verdicts) == 1
    assert all(v.message for v in face.verdicts)
    many = [v for v in face.verdicts if "more mistakes follow" in v.message]
    assert many
    assert not any(v.right for v in many)


def test_a_debugging_exercise_starts_with_its_mistake():
    planted = ("mu * v → v", "w + v → w - v")
    exercise = kinds.debug("m", 2, MOMENTUM, EDITS, TRIALS, planted=planted)
    face = exercise.face()
    shown = [slot.options[slot.start] for slot in face.slots]
    assert "v" in shown
    assert "w - v" in shown
    assert exercise.planted == MOMENTUM.replace("mu * v", "v").replace("w + v", "w - v")
    with pytest.raises(ValueError, match="none of the exercise's edits"):
        kinds.debug("m", 2, MOMENTUM, EDITS, TRIALS, planted=("v → u",))


def test_too_many_combinations_are_refused():
    letters = "abcdefghij"
    source = f"def f({', '.join(letters)}):\n    return {' + '.join(c.upper() for c in letters)}\n"
    many = {f"{c.upper()} → {c}": f"{c} is small." for c in letters}
    names = dict.fromkeys(letters.upper(), 1.0)
    exercise = kinds.assemble("m", 2, source, many, [tuple(range(10))], names=names)
    with pytest.raises(ValueError, match="1024 combinations; at most 600"):
        exercise.face()


def test_agreement_asks_for_shapes_and_scales():
    assert agrees([1.0, 2.0], np.array([1, 2]))
    assert not agrees([[1.0, 2.0]], np.array([1, 2]))
    assert agrees(np.array([[3.0]]), 3.0)
    assert not agrees({1: [1.0]}, {2: np.ones(1)})
    assert not agrees(np.array([1e-9, 1.0]), np.array([1e-3, 1.0]))


def test_the_page_s_data_cannot_end_its_script():
    exercise = kinds.compute("m", 1, "2.0", {"2.0 → 3.0": "</script><b>no"})
    assert "</script><b>" not in faces.page("1.1", exercise.face())
