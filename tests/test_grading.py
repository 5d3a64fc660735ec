"""What the graders do with an answer, on small exercises of their own."""

import itertools
import math
import random
import sys
import threading
import time
from types import SimpleNamespace

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
from bookkit.exercises.compare import agrees, difference, same_outcome, share
from bookkit.exercises.quantities import COMMA, SIGN, UNKNOWN, typed
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


def test_grade_lists_what_can_be_chosen_until_there_is_an_answer(capsys):
    number = next(n for n, e in EXERCISES.items() if e.kind == "predict")
    grade(number, None)
    first, *listed = capsys.readouterr().out.splitlines()
    assert "not answered yet" in first
    assert listed == EXERCISES[number].judge.listed()
    grade(number, "a1")
    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.parametrize(
    ("fields", "listed"),
    [
        ({"cost": ["mse", "mse, halved"], "n": [1, 2]}, ["cost is one of", "mse", "mse, halved"]),
        ({"n": [1, 2]}, []),
    ],
)
def test_grade_lists_the_texts_that_a_claim_may_hold(fields, listed, capsys, monkeypatch):
    claim = kinds.investigate("costs", 3, fields, lambda *of: Verdict(True, ""))
    monkeypatch.setitem(EXERCISES, "0.9", claim)
    grade("0.9", ...)
    assert capsys.readouterr().out.splitlines() == ["Exercise 0.9: … not answered yet.", *listed]


def test_the_build_shows_a_face_where_there_is_no_answer(capsys, monkeypatch, tmp_path):
    shown = []
    monkeypatch.setattr("bookkit.exercises.display", shown.append)
    grade("0.1", None)
    monkeypatch.setenv("BOOK_BUILD", str(tmp_path))
    grade("0.1", 0.1)
    assert shown == []
    assert len(capsys.readouterr().out.splitlines()) == 2
    grade("0.1", None)
    assert capsys.readouterr().out == ""
    assert shown[0].data.startswith('<form class="exercise" data-exercise="0.1"')
    # it is made once
    monkeypatch.setattr("bookkit.exercises.faces.page", lambda *of: 1 / 0)
    grade("0.1", None)
    assert shown[1].data == shown[0].data
    with pytest.raises(ZeroDivisionError):
        grade("0.2", None)


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
    with pytest.raises(ValueError, match="the edit 'b' fits 1 places"):
        edits.edited("a + b", "a → c\nb")
    assert [edits.place("a + b", edit) for edit in ("b → c", "+ b → - b", "x - y")] == [4, 2, 0]


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

    def unshrunk(w, v, g, mu, rate):
        v = v + rate * g
        return w - v, v

    assert said(STEP, unshrunk) == "✗ not yet. The old velocity is not shrunk."


def test_edits_go_in_pairs_where_both_can_be_made():
    whole = "def f(x):\n    return 0 * x\n"
    exercise = kinds.write(
        "m", 1, "def f(x):\n    return 2 * x + 1\n",
        {"x + 1 → x - 1": "", "2 * x → x": "", "2 * → 3 *": "", whole: ""}, [(1.0,), (2.0,)],
    )  # fmt: skip
    assert exercise.judge.pairs() == [
        (edit, "x + 1 → x - 1") for edit in ("2 * x → x", "2 * → 3 *")
    ]


def test_a_check_is_asked_where_the_trials_find_nothing():
    found = {"wrong": Verdict(False, "It is slow."), "right": None}
    exercise = kinds.write(
        "m",
        1,
        "def f(x, k=2):\n    return k * x\n",
        {},
        [(1.0,)],
        check=lambda f: found[f.__name__],
    )

    def wrong(x):
        return 2 * x

    def right(x):
        return x + x

    assert said(exercise, wrong) == "✗ not yet. It is slow."
    assert said(exercise, right) == "✓ right. Agrees on 1 trials."
    assert (
        said(exercise, lambda x: 3 * x) == "✗ not yet. Tried with x = 1. The number is not right."
    )


def test_a_transpose_that_does_not_run_everywhere_is_named():
    assert said(PRODUCT, lambda w, a: w.T @ a) == "✗ not yet. w is transposed."


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda *c: STEP.judge.made(MOMENTUM)(*c)[::-1], "their order is not: (w, v) is needed."),
        (lambda *c: STEP.judge.made(MOMENTUM)(*c)[0], "(w, v) is needed, 2 values."),
        (lambda *c: None, "It returns nothing; a return is missing."),
        (lambda *c: (10**400, 1), "w is wrong. It is a number; an array is needed."),
        (
            lambda *c: ([[1, 2], [3]], 1),
            "w is wrong. It is a list of 2 with parts of unequal shapes; all need the same one.",
        ),
        (lambda *c: ([[1, 2], "3"], 1), "w is wrong. It is a list of 2; an array is needed."),
        (lambda *c: (np.full(4, np.nan), c[1]), "w is wrong. It holds nan or inf."),
        (lambda *c: (1j * c[0], c[1]), "w is wrong. It is an array of shape (4,); an array"),
        (lambda *c: (v for v in c), "It returns a generator; (w, v) is needed, 2 values."),
        (lambda *c: (c[0] > 0, "v"), "v is wrong. It is the text 'v'; an array is needed."),
        (lambda *c: "w, v", "It returns the text 'w, v'; (w, v) is needed, 2 values."),
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


def test_a_length_is_a_reason_only_where_it_is_one_on_every_trial():
    told = "✗ not yet. Tried with w of shape (3, 3), a of shape (3, 3). Every entry is 3 times too"
    assert said(PRODUCT, lambda w, a: 3 * (w @ a)) == f"{told} large."
    by_rows = f"{told} large; 3 is the number of rows of w."
    assert said(PRODUCT, lambda w, a: len(w) * (w @ a)) == by_rows


ROWS = [(3, "the number of rows of w"), (3, "the batch")]


@pytest.mark.parametrize(
    ("found", "expected", "message"),
    [
        (6.0, 2.0, "It is 3 times too large; 3 is the number of rows of w."),
        (2.0, 6.0, "It is 3 times too small; 3 is the number of rows of w."),
        (-6.0, 2.0, "The number is not right."),
        (8.0, 2.0, "The number is not right."),
        ([2.0, 4.0], [1.0, 2.0], "Every entry is 2 times too large."),
        ([-2.0, -4.0], [1.0, 2.0], "Every entry is −2 times what it should be, the sign reversed."),
        ([1.0, 0.0], [0.0, 1.0], "Its shape is right, its numbers are not."),
        ([1.0, 2.0], [0.0, 0.0], "Its shape is right, its numbers are not."),
        (np.array([0, 3, 1]), [0.25, 3.5, 1.0], "It holds whole numbers alone: an array of int"),
        (np.array([0, 3, 1]), [0.0, 4.0, 1.0], "1 of 3 entries differ, the first at (1,)."),
        ([1.0, 5.0, 9.0], [1.0, 2.0, 3.0], "2 of 3 entries differ, the first at (1,)."),
        (np.float16([0.1, 0.7]), [0.1, 0.7], "It is close, and not equal: float16 holds three"),
        ("2", 2.0, "It is the text '2'; a number is needed."),
        (10**400, 2.0, "It is no number that 64 bits hold."),
        (2j, 2.0, "It is a complex number; a number is needed."),
        (np.complex64(2j), [1.0, 2.0], "It is a complex number; an array is needed."),
        ({k: 0 for k in range(8)}, 2.0, "It is a dict with the keys [0, 1, 2, 3, 4, 5]; a number"),
        ("Kink", "kink", "It is the text 'Kink'; the text 'kink' is needed."),
        (0.5, "kink", "It is a number; the text 'kink' is needed."),
        (np.float64(0.5), "kink", "It is a number; the text 'kink' is needed."),
        (np.ones(3), "kink", "It is an array of shape (3,); the text 'kink' is needed."),
        (None, "kink", "It returns nothing; a return is missing."),
        ("kink", 2.0, "It is the text 'kink'; a number is needed."),
    ],
)
def test_a_difference_is_told(found, expected, message):
    expected = np.array(expected) if isinstance(expected, list) else expected
    assert difference(found, expected, sizes=ROWS).startswith(message)


def test_a_text_among_the_parts_of_a_result_is_told():
    right = ("kink", 2.0)
    assert difference(("Kink", 2.0), right).endswith(
        "It is the text 'Kink'; the text 'kink' is needed."
    )
    assert difference((1.0, 2.0), right).endswith("It is a number; the text 'kink' is needed.")
    assert difference(("kink", 3.0), right) == (
        "result 1 agrees. result 2 is wrong. The number is not right."
    )


def test_the_parts_of_a_result_are_told():
    right, needed = (1.0, 2.0, np.arange(3.0)), "(result 1, result 2, result 3) is needed"
    assert difference(5.0, right) == f"It returns a number; {needed}, 3 values."
    assert difference(True, right) == f"It returns a bool; {needed}, 3 values."
    assert difference((1, 2), right) == f"It returns a tuple of 2; {needed}, 3 values."
    two = difference((1.0, 2.0, np.ones(3)), right, "abc")
    assert two == "a and b agree. c is wrong. 2 of 3 entries differ, the first at (0,)."
    form_first = difference((np.ones(2), 7.0, np.ones(3)), right, "abc")
    assert form_first == "No result agrees. a is wrong. It has the shape (2,); () is needed."
    assert "No result agrees. c is wrong." in difference((5.0, 7.0, np.ones(3)), right, "abc")
    layers = {1: np.ones(2), 2: np.ones(2)}
    wrong = {1: 2 * np.ones(2), 2: 2 * np.ones(2)}
    every = "of layer 2 is wrong, and of every other. Every entry is 2 times too large."
    assert difference(wrong, layers) == f"The result {every}"
    assert difference((wrong, wrong), (layers, layers), "wb") == f"No result agrees. b {every}"
    one = "The result of layer 1 is wrong. Every entry is 2 times too large."
    assert difference({1: wrong[1], 2: layers[2]}, layers) == one


def test_a_trial_is_told_by_its_few_numbers_and_networks():
    def told(function, trials):
        judge = kinds.write("m", 1, f"def f{function}:\n    return 1.0\n", {}, trials).judge
        return [judge.told(trial) for trial in trials]

    assert told("(a, b, c)", [(1, 2.0, -3)]) == ["a = 1, b = 2, c = −3"]
    assert told("(a, b, c, d)", [(1, 2, 3, 4), (5, 6, 7, 8)]) == ["trial 1 of 2", "trial 2 of 2"]
    layers = {n: SimpleNamespace(w=np.ones(shape)) for n, shape in ((2, (4, 3)), (3, (2, 4)))}
    given = (layers, {1: "one"}, np.ones(2), np.sin)
    assert told("(net, kept, x, g)", [given]) == ["net 3-4-2"]
    assert told("(kept, x, y=2)", [given[1:3]]) == ["kept with the keys 1, x of shape (2,)"]
    lines = {(0, 1): 0.5, (1, 2): -0.25}
    assert told("(lines, n)", [(lines, 3)]) == ["lines = {(0, 1): 0.5, (1, 2): -0.25}, n = 3"]
    assert told("(lines, n)", [({k: 0.5 for k in range(9)}, 9)]) == ["n = 9"]


def test_of_what_is_raised_the_beginning_is_told():
    def raises(w, a):
        raise ValueError("é" * 200)

    assert said(PRODUCT, raises).endswith(f", it raises ValueError, line 2: {'é' * 120}")
    assert running.run(math.sqrt, (-1,)).line is None
    told = said(PRODUCT, lambda w, a: 2 * (w @ a) if len(w) == 3 else [][0])
    assert told.startswith(
        "✗ not yet. Tried with w of shape (2, 4), a of shape (4, 6), it raises Ind"
    )


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
    message = said(PRODUCT, lambda w, a: np.sin(w) @ np.exp(a))
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


def test_changes_inside_of_an_argument_are_noticed():
    trials = [([1.0, 2.0], {1: np.ones(2)}), ([2.0, 5.0], {1: np.zeros(2)})]
    exercise = kinds.write("m", 1, "def f(v, kept):\n    return v[0] + 1\n", {}, trials)

    def changing(change):
        def f(v, kept):
            result = v[0] + 1
            change(v, kept)
            return result

        return said(exercise, f)

    assert changing(lambda v, kept: None) == "✓ right. Agrees on 2 trials."
    for change in (
        lambda v, kept: v.append(1),
        lambda v, kept: v.reverse(),
        lambda v, kept: kept.update({2: 0}),
        lambda v, kept: kept.update({1: np.full(2, 7.0)}),
        lambda v, kept: kept[1].fill(7),
    ):
        assert changing(change) == (
            "✗ not yet. It changes its arguments; return new values instead."
        )


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


def test_an_answer_runs_in_a_thread_that_no_exit_waits_for():
    assert running.run(lambda: threading.current_thread().daemon, ()) is True


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
        (0.3496, "✓ right. So?"),
        (0.3494, "✗ not yet. Close, but rounded too early"),
        (0.3533, "✗ not yet. Close, but rounded too early"),
        *((wrong, f"✗ not yet. {UNKNOWN}") for wrong in (1.0, 0.4, 0.354, 0.346, -0.4, -0.051, 0)),
        (-0.3504, f"✗ not yet. {SIGN}"),
        (-0.3508, f"✗ not yet. {UNKNOWN}"),
        (10**400, "✗ not yet. One number is needed."),
        (float("nan"), "✗ not yet. A finite number is needed."),
        ([0.35, 1], "✗ not yet. One number is needed."),
        ("a third", "✗ not yet. One number is needed."),
    ],
)
def test_numbers_are_judged_by_windows(answer, expected):
    assert said(NUMBER, answer).startswith(expected)


def test_a_known_mistake_is_known_with_three_digits_and_the_right_value_with_two():
    exercise = kinds.compute("m", 1, "0.3267", {"0.3267 → 0.11764": "Not divided."})
    for answer in (0.1176, 0.118, "0,118"):
        assert said(exercise, answer) == "✗ not yet. Not divided."
    for answer in (0.1171, 0.1182, 0.12, 0.34):
        assert said(exercise, answer) == f"✗ not yet. {UNKNOWN}"
    assert said(exercise, 0.33).startswith("✗ not yet. Close, but rounded too early")
    # but not where another value is as near
    close = kinds.compute("m", 1, "0.3", {"0.3 → 0.1170": "One.", "0.3 → 0.1174": "Two."})
    assert [said(close, n) for n in (0.11719, 0.11721)] == ["✗ not yet. One.", "✗ not yet. Two."]
    near = kinds.compute("m", 1, "0.1231", {"0.1231 → 0.1238": "Near."})
    assert said(near, 0.1232) == "✓ right."
    assert said(near, 0.1233) != "✗ not yet. Near."


def test_a_right_value_rounded_to_three_digits_is_right():
    third = kinds.compute("m", 1, "np.log(10)", {"10 → 10.1": "Near.", "np.log(10) → 2.0": "Far."})
    assert [said(third, n)[0] for n in (2.302585, "2.30", "2.3", 2.308, 2.29)] == [*"✓✓✓✗✗"]
    assert said(third, np.log(10.1)) == "✗ not yet. Near."


def test_a_whole_number_and_zero_are_right_or_wrong_as_they_stand():
    whole = kinds.compute("m", 1, "12", {"12 → 13": "One too many."}, whole=True)
    assert [said(whole, n) for n in (12, 12 + 1e-13)] == ["✓ right."] * 2
    assert [said(whole, n) for n in (12.001, 11.999, 13.5)] == [f"✗ not yet. {UNKNOWN}"] * 3
    assert said(whole, 13) == "✗ not yet. One too many."
    assert said(whole, -12) == f"✗ not yet. {SIGN}"
    large = kinds.compute("m", 1, "2160", {}, whole=True)
    assert said(large, "2160") == "✓ right."
    assert said(large, "2,160") == "✗ not yet. " + COMMA
    none = kinds.compute("m", 1, "0", {}, whole=True)
    assert [said(none, n)[0] for n in (0, 1e-9, -1)] == ["✓", "✗", "✗"]
    zero = kinds.compute("m", 1, "0.0", {})
    assert [said(zero, n)[0] for n in (0, 9e-7, -9e-7, 2e-6, -2e-6)] == ["✓", "✓", "✓", "✗", "✗"]
    assert said(zero, 0.005) == f"✗ not yet. {UNKNOWN}"


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
    that_too = "✗ not yet. The run shows that too, but not for this reason: By design."
    assert str(judge("B2")) == that_too
    assert "✗ not yet. The run shows otherwise. It fell. The reason itself holds" in str(
        judge("a1")
    )
    assert str(judge("a2")) == "✗ not yet. The run shows otherwise. It fell."
    assert judge.listed() == ["a) up", "b) down", "1) slope", "2) luck"]
    table = choices.ChoiceJudge(
        {"up": "It fell.", "down": ""}, judge.experiment, judge.reasons, by="It is defined"
    )
    assert str(table("a2")) == "✗ not yet. It is defined otherwise. It fell."
    assert str(table("b2")) == that_too.replace("The run shows", "It is defined")
    assert str(judge(" b 1")) == str(judge(("b", 1))) == "✓ right. Why?"
    for answer in ("c1", "b3", "b", 2, "b0", "bb", "b²"):
        assert str(judge(answer)) == '✗ not yet. A letter a–b and a number 1–2 are needed, as "a1".'
    with pytest.raises(ValueError, match="2 reasons hold"):
        choices.ChoiceJudge({"up": ""}, lambda: "up", {"one": "", "two": ""})
    with pytest.raises(ValueError, match="0 reasons hold"):
        choices.ChoiceJudge({"up": ""}, lambda: "up", {"one": "No."})
    with pytest.raises(ValueError, match="the experiment gives 'left', which is no choice"):
        choices.ChoiceJudge({"up": ""}, lambda: "left", {"one": ""})("a1")


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


def test_a_claim_of_several_fields_may_hold_words():
    judge = choices.ClaimJudge(
        {"η": [-0.5], "cost": ["mse", "entropy"]}, lambda *of: Verdict(of[0] > 0, str(of))
    )
    assert str(judge((0.5, "other"))) == "✓ right. (0.5, 'other')"
    assert str(judge([np.array([[2.0]]), "mse"])) == "✓ right. (2.0, 'mse')"
    assert str(judge(0.5)) == "✗ not yet. 2 values are needed: (η, cost)."
    assert str(judge((0.5, 1))) == "✗ not yet. cost must be one of mse; entropy."
    for rate in (float("nan"), np.ones(2), np.float64("nan")):
        assert str(judge((rate, "mse"))) == "✗ not yet. η must be a number."
    face = faces.claim_face(judge)
    assert [slot.options for slot in face.slots] == [["−0.5"], ["mse", "entropy"]]
    assert face.pieces == [""] * 3
    assert [v.message for v in face.verdicts] == ["(-0.5, 'mse')", "(-0.5, 'entropy')"]


def test_a_field_offers_a_number_as_the_text_writes_it():
    offered = [-3, 240, 14745600, 3715891200, 0.005, -1.5, 1e-7, "all, or none"]
    judge = choices.ClaimJudge({"count": offered}, lambda n: Verdict(False, "It was run."))
    [slot] = faces.claim_face(judge).slots
    assert slot.options == [
        "−3", "240", "14,745,600", "3,715,891,200", "0.005", "−1.5", "1e−07", "all, or none",
    ]  # fmt: skip


def test_what_a_claim_raises_is_a_verdict():
    def claim(n):
        if int(n) == 7:
            raise RuntimeError("seven")
        return Verdict(np.float64(1e308) * n < 1, "It was run.")

    judge = choices.ClaimJudge({"n": [1, 2]}, claim)
    assert str(judge(7)) == "✗ not yet. The runs cannot be made with this. RuntimeError: seven"
    assert str(judge(8)) == "✗ not yet. It was run."
    for n in (math.inf, -math.inf, 10**400, -(10**400), np.float32("inf")):
        assert str(judge(n)) == "✗ not yet. n must be a finite number that 64 bits hold."


def test_a_derivation_offers_no_wrong_line_that_is_right():
    names = {"x": np.array([0.3, 0.7])}
    line = derivations.Line("square", "x * x", {"2 * x": "That is the slope."})
    derivations.check("x**2", [line], names)
    with pytest.raises(ValueError, match="offered as wrong"):
        derivations.check("x**2", [line._replace(wrong={"x**2 + 0": ""})], names)
    with pytest.raises(ValueError, match="does not equal"):
        derivations.check("x**2", [line._replace(right="x**3")], names)
    with pytest.raises(ValueError, match="'x²' does not equal"):
        derivations.check("x**2", [line._replace(right=("x²", "1.0001 * x**2"))], names)
    near = {("a", "1.0001 * x**2"): "", "1.5 * x**2": "", "2.0": ""}
    derivations.check(("x²", "x**2"), [line._replace(wrong=near)], names)
    with pytest.raises(ValueError, match="'b' is offered as wrong"):
        derivations.check("x**2", [line._replace(wrong={("b", "x * x * (1 + 1e-9)"): ""})], names)


def test_the_page_of_a_derivation_names_its_first_wrong_line():
    source, whole = "def square(t):\n    return t * t\n", "def square(t):\n    return 7\n"
    lines = [
        derivations.Line("By name", ("x·x", "x * x"), {("2x", "2 * x"): "It is the slope."}),
        derivations.Line("Again", "x**2", {"x**3": "It is the cube."}),
    ]
    exercise = kinds.derive(
        "m", 1, ("x²", "x**2"), lines, {"x": np.array([0.3, 0.7])}, source,
        {"t * t → 2 * t": "Twice.", whole: "Seven."}, [(0.3,), (1.5,)], points=["square(1.3)"],
    )  # fmt: skip
    face = exercise.face()
    assert [slot.options for slot in face.slots] == [["2x", "x·x"], ["x**2", "x**3"]]
    assert face.pieces == ["x²\n", "\n", "\n"]
    slope, cube = "✗ not yet. Line 1: It is the slope.", "✗ not yet. Line 2: It is the cube."
    right = "✓ right. Every line equals the one before."
    assert list(map(str, face.verdicts)) == [slope, slope, right, cube]
    [(label, windows, other)] = face.numbers
    assert label == "square(1.3)"
    assert [w.verdict.message for w in windows[:3]] == ["", "Twice.", SIGN]
    assert windows[0].low < 1.69 < windows[0].high
    assert other == Verdict(False, UNKNOWN)


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
    [unchanged] = [v for v in face.verdicts if v.message == faces.UNCHANGED]  # not what is wrong
    assert unchanged.right is None  # nor an attempt
    assert face.verdicts.index(unchanged) == [
        chosen for chosen in faces._combinations(face.slots)
    ].index(tuple(slot.options[slot.start] for slot in face.slots))
    with pytest.raises(ValueError, match="none of the exercise's edits"):
        kinds.debug("m", 2, MOMENTUM, EDITS, TRIALS, planted=("v → u",))


def test_of_the_mistakes_that_were_chosen_the_first_is_named_unless_one_hides_the_rest():
    first, second, third = {"x + 1 → x + 2": "One."}, {"u - 5 → u - 6": "Two."}, {
        "y * 3 → y * 4": "Three.", "y * 3 → y * 0": "None.",
    }  # fmt: skip
    exercise = kinds.write(
        "m", 1, "def f(x):\n    u = x + 1\n    y = u - 5\n    return y * 3\n",
        first | second | third, [(1.5,), (2.0,)],
    )  # fmt: skip
    face = exercise.face()
    assert [slot.label for slot in face.slots] == [f"part {n} of 3" for n in (1, 2, 3)]
    assert [slot.start for slot in face.slots] == [None] * 3
    found = dict(zip(faces._combinations(face.slots), face.verdicts, strict=True))
    assert {chosen: str(v) for chosen, v in found.items()} == {
        ("x + 1", "u - 5", "y * 3"): "✓ right. Agrees on 2 trials.",
        ("x + 2", "u - 6", "y * 3"): "✓ right. Agrees on 2 trials.",
        ("x + 2", "u - 5", "y * 3"): "✗ not yet. One.",
        ("x + 1", "u - 6", "y * 3"): "✗ not yet. Two.",
        ("x + 1", "u - 5", "y * 4"): "✗ not yet. Three.",
        ("x + 2", "u - 5", "y * 4"): "✗ not yet. One. Another mistake follows.",
        ("x + 1", "u - 6", "y * 4"): "✗ not yet. Two. Another mistake follows.",
        ("x + 2", "u - 6", "y * 4"): "✗ not yet. Three.",
        ("x + 1", "u - 5", "y * 0"): "✗ not yet. None.",
        ("x + 2", "u - 5", "y * 0"): "✗ not yet. None.",
        ("x + 1", "u - 6", "y * 0"): "✗ not yet. None.",
        ("x + 2", "u - 6", "y * 0"): "✗ not yet. None.",
    }
    follow = ["Another mistake follows.", "2 more mistakes follow.", "3 more mistakes follow."]
    assert [faces.MORE[n] for n in (2, 3, 4)] == follow


def test_two_mistakes_that_come_to_another_one_are_named_by_it():
    exercise = kinds.write(
        "m", 1, "def f(x):\n    d = x - 4\n    return 2 - d, 3 - d\n",
        {"x - 4 → 4 - x": "Turned.", "2 - d → 2 + d": "First.", "3 - d → 3 + d": "Second."},
        [(1.5,), (7.0,)],
    )  # fmt: skip
    face = exercise.face()
    found = dict(zip(faces._combinations(face.slots), face.verdicts, strict=True))
    assert str(found["4 - x", "2 + d", "3 - d"]) == "✗ not yet. Second."
    assert str(found["4 - x", "2 - d", "3 + d"]) == "✗ not yet. First."
    assert str(found["4 - x", "2 - d", "3 - d"]) == "✗ not yet. Turned."


@pytest.mark.parametrize("order", [1, -1])
def test_edits_that_overlap_share_a_slot_and_neighbours_do_not(order):
    table = {"ab → x": "X.", "cd → y": "Y.", "ef → z": "Z."}
    judge = SimpleNamespace(source="-abcdefg", edits=dict([*table.items()][::order]), forms={})
    pieces, slots, said = faces.slots_of(judge)
    assert pieces == ["-", "", "", "g"]
    assert [slot.options for slot in slots] == [["ab", "x"], ["cd", "y"], ["ef", "z"]]
    assert said == [{"x": "X."}, {"y": "Y."}, {"z": "Z."}]
    judge.edits |= {"bc → w": "W.", "efg → v\nb → u": "Two places."}
    judge.forms = {"cd → k": "A form."}
    pieces, slots, said = faces.slots_of(judge, ("cd → y",))
    assert pieces == ["-", "", "g"]
    assert slots[0] == ("part 1 of 2", ["abcd", "abk", "aby", "awd", "xcd"], 2)
    assert slots[1] == ("part 2 of 2", ["ef", "z"], 0)
    assert said == [{"xcd": "X.", "aby": "Y.", "awd": "W."}, {"z": "Z."}]


def test_what_the_page_offers_is_a_list_or_sentences_in_view():
    short, long = "x" * 24, "x" * 25
    offered = {short: "No.", "<": "Why."}
    face = faces.choice_face(choices.ChoiceJudge(offered, lambda: "<", {long: "", "b": "B."}))
    assert [slot.label for slot in face.slots] == ["Choice", "Reason"]
    assert [v.right for v in face.verdicts] == [False, False, True, False]
    page = faces.page("1.2", face)
    assert "<pre" not in page
    assert '<p><label>Choice <select name="exercise-1-2-0" aria-label="Choice">' in page
    assert '<option value="" selected>choose …</option><option value="0">xxx' in page
    assert '<option value="1">&lt;</option></select></label></p>' in page
    assert (
        '<fieldset><legend>Reason</legend><label><input type="radio" name="exercise-1-2-1"' in page
    )
    assert '"table":[0,1,2,3],"numbers":[]' in page
    planted = kinds.debug("m", 2, MOMENTUM, EDITS, TRIALS, planted=("w + v → w - v",))
    page = faces.page("1.3", planted.face())
    assert page.count("<span style=") == 3
    assert page.count('<span style="--indent: 4">') == 2
    assert "choose …" not in page
    assert page.count(" selected>") == page.count("<select ") == len(planted.face().slots)
    assert '" selected>w - v</option></select>, v</span>' in page
    assert "<fieldset" not in page


def test_as_many_combinations_as_are_allowed_are_run():
    options = list(map(str, range(faces.MOST + 1)))
    assert faces.MOST == 600
    assert len(list(faces._combinations([faces.Slot("a", options[:-1])]))) == 600
    with pytest.raises(ValueError, match="601 = 601 combinations"):
        faces._combinations([faces.Slot("a", options)])


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
    assert not agrees([1e-9], np.array([2e-9]))
    assert agrees([1000.005, 0.005], np.array([1000.0, 0.0]))
    assert not agrees([1000.02, 0.0], np.array([1000.0, 0.0]))
    assert not agrees([[3.0]], np.array([3.0]))
    assert not agrees((3.0,), 3.0)
    assert agrees((1.0, 2.0), np.array([1, 2]))
    assert agrees([np.nan, np.inf, 1], np.array([np.nan, np.inf, 1]))
    assert not agrees([np.inf, 1], np.array([np.inf, 2]))
    assert not agrees(np.array(3.0), (3.0,))
    assert agrees("".join(["a", "b"]), "ab")
    assert agrees(None, None)
    assert agrees(len, len)
    for found, expected in (("a", "b"), ("a", None), (None, "a"), (len, max), (1.0, None)):
        assert not agrees(found, expected)


def test_outcomes_are_the_same_whatever_line_raises():
    raised = running.Raised("TypeError", "no", 1)
    assert same_outcome(raised, raised._replace(line=2))
    assert not same_outcome(raised, raised._replace(message="yes"))
    assert not same_outcome(raised, raised._replace(name="KeyError"))
    for a, b in ((raised, 1.0), (1.0, raised), (running.Stopped(1), running.Stopped(1))):
        assert not same_outcome(a, b)


@pytest.mark.parametrize(
    ("found", "expected", "part"),
    [
        (([1, 2], 3), (np.array([1, 5]), 3), 0.75),
        (np.array([[1, 2], [3, 4]]), (np.array([1, 2]), np.array([3, 5])), 0.75),
        ((1,), (1, 2), 0),
        ("ab", (1, 2), 0),
        ({1: 1.0, 2: 2.0}, {1: 1.0, 2: 5.0}, 0.5),
        ({1: 1.0}, {2: 1.0}, 0),
        ((1.0,), {0: 1.0}, 0),
        ([0, 2e-9], np.array([1e-9, 2e-9]), 0.5),
        ([1000.0, 1.005], np.array([1000.0, 1.0]), 1),
        ([1000.0, 1.05], np.array([1000.0, 1.0]), 0.5),
        ("a", np.ones(2), 0),
        (np.ones(3), np.ones(2), 0),
        (np.ones((1, 1)), 1.0, 1),
    ],
)
def test_a_share_counts_what_agrees(found, expected, part):
    assert share(found, expected) == part


def test_the_page_s_data_cannot_end_its_script():
    exercise = kinds.compute("m", 1, "2.0", {"2.0 → 3.0": "</script><b>no"})
    assert "</script><b>" not in faces.page("1.1", exercise.face())


def test_an_array_is_taken_for_several_results_only_where_it_has_their_forms():
    # two weights, as many as there are results: the first result alone is not the pair
    step = kinds.write(
        "m", 2, "def f(w, b):\n    return w - b, 2 * b\n", {},
        [(np.array([2.0, -1.0]), 0.3), (np.array([1.0, 5.0]), 0.7)], results=("w", "b"),
    )  # fmt: skip
    needed = "; (w, b) is needed, 2 values."
    alone = said(step, lambda w, b: w - b)
    assert alone.endswith(f"It returns an array of shape (2,){needed}"), alone
    joined = said(step, lambda w, b: np.append(w - b, 2 * b))
    assert joined.endswith(f"It returns an array of shape (3,){needed}"), joined
    assert share(np.array([2.0, -1.0]), (np.array([2.0, -1.0]), 0.3)) == 0
    in_one = np.array([np.array([1.7, -1.3]), 0.6], dtype=object)
    assert agrees(in_one, (np.array([1.7, -1.3]), 0.6))
    assert agrees(np.array([[1.0], [2.0]]), (1.0, 2.0))
    assert agrees(np.array([[1.0, 2.0], [3.0, 4.0]]), ([1.0, 2.0], [3.0, 4.0]))


def test_a_constant_that_is_added_is_told():
    exercise = kinds.write("m", 2, "def f(x):\n    return x**2\n", {}, [(1.0,), (2.0,), (-0.7,)])
    assert "off by the same number" in said(exercise, lambda x: x**2 + 0.3)
    assert "off by the same number" not in said(exercise, lambda x: x**2 + 0.3 * x)
    assert "off by the same number" not in said(exercise, lambda x: [x**2 + 0.3])


def test_another_form_of_a_typed_number_is_one_on_the_page_too():
    lines = [derivations.Line("By name", ("2x", "2 * x"), {})]
    exercise = kinds.derive(
        "m", 1, ("2x", "2 * x"), lines, {"x": 0.3}, "def f(x):\n    return x**2\n",
        {"x**2 → x": "Once."}, [(0.3,), (1.5,)], points=["f(1.3)"],
        forms={"x**2 → x**2 + 1": "The same slope, and 1 at 0."},
    )  # fmt: skip
    [(_, windows, _)] = exercise.face().numbers
    [of] = [w.verdict for w in windows if w.low <= 1.3**2 + 1 <= w.high]
    assert of == Verdict(False, "The same slope, and 1 at 0.", form=True)


# ---- what an adversary found ----

MOVED = kinds.write(
    "moved", 2, "def f(w, g, rate):\n    return w - rate * g, np.sum(g)\n", {},
    [(np.array([2.0, -1.0, 3.0]), np.array([0.5, 0.3, -0.4]), 0.02),
     (np.array([1.0, 5.0]), np.array([0.2, 0.9]), 0.01)], results=("w", "sum"),
)  # fmt: skip


def test_a_tuple_of_one_is_told_where_a_number_is_needed():
    exercise = kinds.write(
        "one", 2, "def f(a, b):\n    return 1 / a + 1 / b\n", {"1 / a + 1 / b → 2 / b": "B."},
        [(0.2, 0.9), (1.1, 0.5)],
    )  # fmt: skip
    for answer in (lambda a, b: (1 / a + 1 / b,), lambda a, b: (2 / b,)):
        assert said(exercise, answer).endswith(
            "It is a tuple of one; a number is needed. Does a comma stand after it?"
        )
    assert "It is a tuple of one; an array is needed." in said(PRODUCT, lambda w, a: (w @ a,))
    assert "sum is wrong. It is a tuple of one; a number" in said(
        MOVED, lambda w, g, rate: (w - rate * g, (np.sum(g),))
    )
    assert "It is a tuple of 1; (w, v) is needed" in said(STEP, lambda *c: ((c[0], c[1]),)).replace(
        "It returns", "It is"
    )
    assert said(exercise, lambda a, b: [1 / a + 1 / b]).startswith("✓ right")


def test_what_has_moved_is_near_only_for_how_far_it_has_moved():
    def step(part):
        return lambda w, g, rate: (w - part(rate * g), np.sum(g))

    for part in (np.zeros_like, lambda by: 0.9 * by, np.sign, lambda by: 0.97 * by):
        assert "close" not in said(MOVED, step(part))
        assert "2 percent" not in said(MOVED, step(part))
    assert "It is close, and not equal" in said(MOVED, step(lambda by: 0.99 * by))


def test_functions_in_a_list_are_arguments_too():
    class Slope:
        def __call__(self, x):
            return 3 * x

    trials = [([math.sin, math.cos, Slope()], 0.3), ([math.exp, Slope(), math.tan], 0.2)]
    exercise = kinds.write("m", 2, "def f(of, x):\n    return sum(g(x) for g in of)\n", {}, trials)

    def after(change):
        def answer(of, x):
            change(of)
            return sum(g(x) for g in of)

        return said(exercise, answer)

    assert after(lambda of: None).startswith("✓ right")
    for change in (list.reverse, lambda of: of.append(of.pop(0)), random.shuffle, list.pop):
        random.seed(1)
        assert "It changes its arguments" in after(change)


def test_an_answer_that_is_not_the_same_twice_hears_of_it():
    calls = iter(range(100))
    assert "The results differ" in said(STEP, lambda *c: (c[0] + next(calls), c[1]))
    assert "The results differ" not in said(STEP, lambda *c: (c[0] + 7, c[1]))
    exercise = kinds.write(
        "m", 2, "def f(x):\n    return x\n", {}, [(1.0,), (2.0,)], differing="Shuffled."
    )
    assert said(exercise, lambda x: x + next(calls)) == (
        "✗ not yet. Tried twice with x = 1. Shuffled."
    )


class Unequal:
    def __eq__(self, other):
        raise RuntimeError("no")

    __hash__ = object.__hash__


class Speechless(Exception):
    def __str__(self):
        raise RuntimeError("no")


STRANGE = [
    10**400, -(10**400), 10**5000, 10**308, 2j, [[1], [2, 3]], {}, {1: [[1], [2, 3]]}, "9" * 5000,
    Unequal(), np.array([Unequal(), 1]), np.array([0.9, 0.9]), np.zeros((0, 2)), (None,),
    math.inf, -math.inf, math.nan, -1e308, 5e-324,
]  # fmt: skip


CLAIMS = [n for n, e in EXERCISES.items() if isinstance(e.judge, choices.ClaimJudge)]


@pytest.mark.parametrize("strange", STRANGE, ids=lambda s: type(s).__name__)
@pytest.mark.parametrize(
    "number", ["6.1", "6.4", "6.13", "6.15", "9.13", "10.14", "11.9", "12.9", "12.13"]
)
def test_no_answer_makes_the_grader_itself_raise(number, strange):
    for answer in (strange, (strange, 0.5), (0.01, strange)):
        assert judge(number, answer).right in (False, None)

    def spoils(*arguments):
        for one in arguments:
            if isinstance(one, list):
                one[0] = strange
        return strange

    assert judge(number, spoils).right is False


@pytest.mark.parametrize("number", CLAIMS)
def test_no_number_makes_a_claim_raise(number):
    fields = EXERCISES[number].judge.fields
    numbers = [s for s in STRANGE if isinstance(s, int | float)]
    for at, strange in itertools.product(range(len(fields)), numbers):
        answer = [values[0] for values in fields.values()]
        answer[at] = strange
        verdict = judge(number, answer)
        assert verdict.right is False
        # its own words: what a claim raises is told too, but there a number was not foreseen
        assert not verdict.message.startswith(choices.UNTRIED), verdict.message


def test_an_exception_that_cannot_be_told_is_one_still():
    def raises(*arguments):
        raise Speechless

    assert "it raises Speechless, line 2" in said(STEP, raises)


def test_a_mistake_is_counted_from_the_nearest_right_answer():
    """In 7.5 two turned signs cancel: a change of that right answer is one mistake, not four."""
    exercise = EXERCISES["7.5"]
    judge, face = exercise.judge, exercise.face()
    pieces, slots, _ = faces.slots_of(judge)
    rows = dict(zip(faces._combinations(slots), face.verdicts, strict=True))
    own = list(rows)[face.solution]
    assert faces._joined(pieces, own) == judge.source
    (other,) = (chosen for chosen, v in rows.items() if v.right and chosen != own)
    for right in (own, other):
        late = tuple("in range(len(Y))" if o == "in order" else o for o in right)
        assert late != right
        assert rows[late].message == "The samples come as stored; the order is given."


def test_a_known_value_has_its_own_verdict_however_near_another_is():
    table = {"0.8159 → 0.8629": "First.", "0.8159 → 0.8634": "Second."}
    judge = kinds.compute("a", 1, "0.8159", table, why="Why?")
    for text, said in (("0.8629", "First."), ("0.8634", "Second."), ("0.863", "First.")):
        assert judge.judge(text).message == said
        ((_, windows, _),) = judge.face().numbers
        assert next(w for w in windows if w.low <= float(text) <= w.high).verdict.message == said


@pytest.mark.parametrize(
    ("result", "said"), [(None, "a return is missing"), (np.nan, "nan"), (np.inf, "inf")]
)
def test_what_is_no_number_is_not_off_by_a_constant(result, said):
    exercise = kinds.write("w", 1, "def f(x):\n    return x + 1\n", {"1 → 2": "Two."},
                           [(1.5,), (7.0,), (-2.0,)], why="Why?")  # fmt: skip
    verdict = exercise.judge(lambda x: result)
    assert said in verdict.message
    assert "constant" not in verdict.message
