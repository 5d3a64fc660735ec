"""The graders: right answers pass, no answer is no mistake, and every known mistake is named."""

import inspect
import re

import numpy as np
import pytest

from backprop.activations import softmax
from backprop.network import forward
from bookkit import exercises
from bookkit.exercises import GRADERS, grade, judge
from bookkit.exercises.judge import agrees, function, number, unanswered

TABLES = {n: inspect.getclosurevars(judge).nonlocals for n, judge in GRADERS.items()}
FUNCTIONS = {n: t for n, t in TABLES.items() if "cases" in t and "right" in t}
NUMBERS = {n: t for n, t in TABLES.items() if "tolerance" in t and "right" in t}


def written_out(network, x, y, fault=None):
    """Return the gradients of the quadratic cost as a reader would write them, with one fault."""
    z, a = forward(network, x)
    L, m = len(network), 1 if fault == "1/m lost" else x.shape[1]
    delta, axis = {}, 0 if fault == "bias summed over the wrong axis" else 1
    delta[L] = (a[L] - y) / m
    for l in range(L, 0, -1):
        if l < L:
            w = network[l if fault == "layer off by one" else l + 1].w
            delta[l] = (w if fault == "a transpose missing" else w.T) @ delta[l + 1]
        if fault != "σ′ dropped":
            delta[l] = delta[l] * network[l].sigma.prime(z[l])
    before = 0 if fault == "a off by one" else 1
    grad_w = {l: delta[l] @ a[l - before].T for l in network}
    return grad_w, {l: delta[l].sum(axis=axis, keepdims=True) for l in network}


# ---- what grade prints ----


def test_grade_prints_one_line(capsys):
    grade("6.1", lambda gradient, w, rate: w - rate * gradient(w))
    grade("6.1", lambda gradient, w, rate: w + rate * gradient(w))
    grade("6.1", ...)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("Exercise 6.1: ✓ right. ")
    assert lines[1].startswith("Exercise 6.1: ✗ not yet. It walks uphill")
    assert lines[2] == "Exercise 6.1: … not answered yet."


@pytest.mark.parametrize("unknown", ["6.99", "", 6.1, None])
def test_an_unknown_exercise_is_an_error(unknown):
    with pytest.raises(ValueError, match=r"there is no exercise .*; graded are "):
        judge(unknown, 1)


def test_exercises_are_numbered_by_chapter_without_gaps():
    by_chapter = {}
    for name in GRADERS:
        chapter, count = map(int, name.split("."))
        by_chapter.setdefault(chapter, []).append(count)
    assert all(counts == list(range(1, len(counts) + 1)) for counts in by_chapter.values())
    assert {6, 9} <= by_chapter.keys()


# ---- no answer ----


def dots(w, b): ...


def documented():
    """Return nothing yet."""


def documented_dots():
    """Return nothing yet."""
    ...


def passed(w, b=2):
    # a remark
    pass


def passed_twice():
    pass
    ...


def returned():
    return ...


@pytest.mark.parametrize(
    "empty", [..., None, dots, documented, documented_dots, passed, passed_twice, returned]
)
def test_an_empty_answer_is_not_answered_yet(empty, capsys):
    assert unanswered(empty)
    for name in GRADERS:
        assert judge(name, empty) == (None, "")
        grade(name, empty)
        assert capsys.readouterr().out == f"Exercise {name}: … not answered yet.\n"


def constant():
    return 5


def text():
    return "an answer"


def pair():
    return (1, 2)


def argument(w):
    return w


def truth():
    """Return something."""
    return True


def raises():
    raise NotImplementedError


def assigns(w):
    w = 1  # noqa: F841


@pytest.mark.parametrize(
    "answer", [constant, text, pair, argument, truth, raises, assigns, 0, "", []]
)
def test_an_answer_that_does_anything_counts_as_one(answer):
    assert not unanswered(answer)
    assert judge("6.1", answer).right is False


# ---- right answers and known mistakes, in every table ----


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_right_function_passes(name):
    verdict = judge(name, FUNCTIONS[name]["right"])
    assert verdict == (True, FUNCTIONS[name]["praise"])
    assert verdict.message.endswith(".")


@pytest.mark.parametrize("name", NUMBERS)
def test_the_right_number_passes(name):
    right = NUMBERS[name]["right"]
    for answer in (right, np.float64(right), right * (1 + 1e-8), np.array(right)):
        assert judge(name, answer) == (True, NUMBERS[name]["praise"])


@pytest.mark.parametrize(
    ("name", "message", "fault"),
    [(n, m, f) for n, t in FUNCTIONS.items() for m, f in t["faults"]]
    + [(n, m, value) for n, t in NUMBERS.items() for value, m in t["faults"].items()],
)
def test_every_fault_is_named_by_its_own_message(name, message, fault):
    with np.errstate(all="ignore"):  # a wrong formula may divide by zero
        assert judge(name, fault) == (False, message)


@pytest.mark.parametrize("name", TABLES)
def test_messages_are_sentences_and_none_serves_two_faults(name):
    faults = TABLES[name].get("faults", ())
    messages = list(faults.values()) if isinstance(faults, dict) else [m for m, _ in faults]
    assert len(messages) == len(set(messages))
    assert all(message.endswith((".", "?", "!")) for message in messages)


# ---- chapter 6 by answers that share no code with its graders ----


def adam(w, m, v, g, k, rate):
    m, v = m + 0.1 * (g - m), v + 0.001 * (g * g - v)
    corrected = m / (1 - 0.9**k), v / (1 - 0.999**k)
    return w - rate * corrected[0] / (corrected[1] ** 0.5 + 1e-8), m, v


def steps_needed(rate, curvature, bound):
    distance, steps = 1.0, 0
    while abs(distance) > bound:
        distance, steps = distance - rate * curvature * distance, steps + 1
    return steps


def momentum_step(w, v, g, mu, rate):
    return w + mu * v - rate * g, mu * v - rate * g


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("6.1", lambda gradient, w, rate: -rate * gradient(w) + w),
        ("6.2", lambda H: 2 / np.linalg.norm(H, 2)),
        ("6.3", momentum_step),
        ("6.4", sum(-0.01 * 0.9**k for k in range(500))),
        ("6.5", steps_needed),
        ("6.6", adam),
    ],
)
def test_a_right_answer_of_another_kind_passes(name, answer):
    verdict = judge(name, answer)
    assert verdict.right, verdict.message


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("6.1", lambda gradient, w, rate: w - gradient(w), "The learning rate is missing"),
        ("6.1", lambda gradient, w, rate: w - w * gradient(w) / w / rate, "It divides by the rate"),
        ("6.2", lambda H: 1 / np.linalg.norm(H, 2), "in one step, 1/λmax"),
        ("6.2", lambda H: 2 / np.diag(H).max(), "It uses the largest entry of H"),
        ("6.2", lambda H: 2 / np.diag(H).sum(), "It uses the trace"),
        ("6.3", lambda *a: momentum_step(*a)[::-1], r"The order is \(w, v\)"),
        ("6.3", lambda w, v, g, mu, rate: (w + v, mu * v - rate * g), "by the old velocity"),
        ("6.4", 0.1, "mind the sign"),
        ("6.4", -0.01, "That is the first velocity"),
        ("6.4", -10, "The rate is missing"),
        ("6.5", lambda *a: steps_needed(*a) - 1, "one step too few"),
        ("6.5", lambda *a: steps_needed(*a) + 1, "one step too many"),
        ("6.6", lambda w, m, v, g, k, rate: adam(w, m, v, g, k + 1, rate), "k is counted as if"),
        ("6.6", lambda w, *a: (2 * w - adam(w, *a)[0], *adam(w, *a)[1:]), "It walks uphill"),
    ],
)
def test_a_known_mistake_of_another_kind_is_named(name, answer, message):
    verdict = judge(name, answer)
    assert verdict.right is False
    assert re.search(message, verdict.message), verdict.message


# ---- answers that cannot be compared ----


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("answer", [3, "text", [1, 2], np.ones(2)])
def test_a_function_is_asked_for(name, answer):
    verdict = judge(name, answer)
    assert verdict.right is False
    assert "A function is needed; found " in verdict.message


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("answer", ["text", [1, 2], np.ones(2), 1j, argument, {}])
def test_a_number_is_asked_for(name, answer):
    verdict = judge(name, answer)
    assert verdict.right is False
    assert verdict.message.startswith("A number is needed; found ")


@pytest.mark.parametrize("name", NUMBERS)
def test_an_unknown_wrong_number_is_shown(name):
    assert judge(name, 123.456) == (False, "123.456 is not it.")
    assert judge(name, float("nan")) == (False, "nan is not it.")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_answer_that_raises_is_quoted(name):
    def answer(*arguments):
        start = 1
        return start / 0

    verdict = judge(name, answer)
    assert verdict.right is False
    assert "ZeroDivisionError" in verdict.message
    assert "division by zero" in verdict.message


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_line_that_raises_is_named(name):
    def answer(*arguments):
        start = [1]
        return start[len(arguments) + 1]

    message = judge(name, answer).message
    assert re.search(r"raises IndexError in line 3 of answer: list index out of range$", message)


def test_the_first_case_that_raises_is_the_one_that_is_shown():
    raised = iter(["first", "second", "third", "fourth"])

    def answer(H):
        raise ValueError(next(raised))

    assert judge("6.2", answer).message.endswith("in line 2 of answer: first")


def test_an_error_in_a_helper_names_the_line_that_calls_it():
    def answer(H):
        eigenvalues = np.linalg.eigvalsh(H[:, :0])
        return 2 / eigenvalues[-1]

    assert "raises LinAlgError in line 2 of answer" in judge("6.2", answer).message


def test_an_error_that_a_known_mistake_leads_to_is_named_as_the_mistake():
    def answer(rate, curvature, bound):
        return int(np.ceil(np.log(bound) / np.log(1 - rate * curvature)))

    with np.errstate(invalid="ignore"):
        message = judge("6.5", answer).message
    assert message.startswith("It forgets that the factor can be negative")


@pytest.mark.parametrize(
    "answer", [np.linalg.norm, int, type("Callable", (), {"__call__": dots})()]
)
def test_any_callable_can_be_judged(answer):
    assert judge("6.2", answer).right is False
    assert judge("6.1", answer).right is False


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("6.2", lambda H: np.array([1.0, 2]), r"it has shape \(2,\); needed is \(\)\.$"),
        ("6.2", lambda H: 17.0, r"^For the arguments \[\[4\.\]\] it gives 17; right is 0\.5\.$"),
        ("6.2", lambda H: float("nan"), r"it gives nan; right is 0\.5\.$"),
        ("6.2", lambda H: print(end=""), "it returns nothing; a return is missing"),
        ("6.2", lambda H: "a half", "it gives 'a half'; right is 0.5"),
        ("6.3", lambda *a: a[0], "a tuple of 2 is needed"),
        ("6.3", lambda *a: (a[0], a[1], 0), "a tuple of 2 is needed"),
        ("6.3", lambda *a: (momentum_step(*a)[0], 3.0), "it has a wrong entry 1: has shape"),
    ],
)
def test_a_mistake_that_nobody_knows_is_described(name, answer, message):
    verdict = judge(name, answer)
    assert verdict.right is False
    assert re.search(message, verdict.message), verdict.message


def test_changing_the_arguments_is_refused_and_does_no_harm():
    def answer(w, v, g, mu, rate):
        v *= mu
        v -= rate * g
        w += v
        return w, v

    for _ in range(2):  # the cases are still those of the first time
        message = judge("6.3", answer).message
        assert message == "It changes its arguments in place; return new values instead."
    assert judge("6.3", momentum_step).right


# ---- the judges by themselves ----


def test_the_first_fault_that_fits_every_case_is_the_one():
    judged = function(
        lambda w: w + 1,
        [(1.0,), (2.0,)],
        [("fits the first case alone.", lambda w: 3.0), ("fits both.", lambda w: w + 2)],
        "well done.",
        hint="Look again.",
    )
    assert judged(lambda w: w + 2) == (False, "fits both.")
    assert judged(lambda w: w + 1) == (True, "well done.")
    assert judged(lambda w: w).message == "For the arguments 1 it gives 1; right is 2. Look again."
    assert judged(lambda w: w if w > 1 else 2.0).message.startswith(
        "For the arguments 2 it gives 2;"
    )


def test_a_number_is_compared_by_its_size():
    judged = number(0.1, {-0.1: "the sign."}, "well done.", tolerance=1e-3)
    assert judged(0.10009) == (True, "well done.")
    assert judged(0.1002).right is False
    assert judged(-0.1) == (False, "the sign.")


@pytest.mark.parametrize(
    ("found", "expected", "equal"),
    [
        (1, 1.0, True),
        (1 + 1e-12, 1.0, True),
        (1 + 1e-6, 1.0, False),
        ([1, 2], np.array([1, 2]), True),
        (np.ones((2, 1)), np.ones(2), False),
        ((1, [2, 3]), (1, np.array([2, 3])), True),
        ((1, 2), (1, 2, 3), False),
        (1, (1, 2), False),
        ({1: 2.0}, {1: 2}, True),
        ({1: 2.0, 2: 1}, {1: 2}, False),
        (2, {1: 2}, False),
        ("a", 1.0, False),
        (None, 1.0, False),
        (np.nan, 1.0, False),
        (1e-12, 0.0, False),
    ],
)
def test_what_agrees(found, expected, equal):
    assert agrees(found, expected) is equal


# ---- the six deliberate faults ----


def test_the_reader_s_backprop_is_right_without_a_fault():
    verdict = judge("9.7", written_out)
    assert verdict.right, verdict.message


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("a transpose missing", "without its transpose"),
        ("1/m lost", "The gradients are m times too large"),
        ("layer off by one", "BP2 uses w\\^l; the error comes back through"),
        ("a off by one", "BP4 uses a\\^l; the weight"),
        ("bias summed over the wrong axis", "BP3 adds over the neurons"),
        ("σ′ dropped", "σ′.* is missing"),
    ],
)
def test_a_deliberate_fault_is_named(fault, named):
    verdict = judge("9.7", lambda *trial: written_out(*trial, fault))
    assert verdict.right is False
    assert re.search(named, verdict.message), verdict.message


def test_softmax_treated_as_elementwise_is_named():
    def answer(z, y):
        p = softmax(z)
        return (p - y) / z.shape[1] * (p * (1 - p))

    verdict = judge("9.6", answer)
    assert verdict.right is False
    assert "It treats softmax as elementwise" in verdict.message


def test_every_grader_is_reached_by_its_number(monkeypatch):
    called = []
    monkeypatch.setattr(
        exercises, "GRADERS", {n: lambda answer, n=n: called.append(n) for n in GRADERS}
    )
    for name in GRADERS:
        judge(name, 1)
    assert called == list(GRADERS)
