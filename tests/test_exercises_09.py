"""The exercises of chapter 9 as readers answer them: other styles, other mistakes."""

import numpy as np
import pytest

from bookkit.exercises import EXERCISES, judge

FUNCTIONS = "9.7", "9.8", "9.9", "9.11", "9.12"
SOURCE = {n: EXERCISES[n].judge.source for n in FUNCTIONS}


def made(number, *replacements):
    source = SOURCE[number]
    for old, new in replacements:
        assert old in source
        source = source.replace(old, new)
    return EXERCISES[number].judge.made(source)


@pytest.mark.parametrize(
    ("number", "answer"),
    [("9.1", 0.125), ("9.1", "0,125"), ("9.2", 0.0559), ("9.3", "−0.3913"), ("9.3", [-0.3913]),
     ("9.5", 260), ("9.6", 0.111), ("9.6", np.float32(0.111))],
)  # fmt: skip
def test_a_number_rounded_as_the_text_asks_is_right(number, answer):
    assert judge(number, answer).right


@pytest.mark.parametrize("number", ["9.7", "9.9", "9.11", "9.12"])
@pytest.mark.parametrize("style", [np.float32, np.ndarray.tolist], ids=["float32", "lists"])
def test_float32_and_lists_are_right_answers(number, style):
    right = made(number)

    def answer(*arguments):
        found = right(*arguments)
        if isinstance(found, tuple):
            return [style(part) for part in found]
        return style(found)

    assert judge(number, answer).right


def test_a_path_with_the_wrong_sign_is_told_by_what_agrees():
    verdict = judge("9.7", made("9.7", ("w2.T @ d2 +", "w2.T @ d2 -")))
    assert verdict.right is False
    assert "∂C/∂w2 and ∂C/∂w3 and ∂C/∂v agree. ∂C/∂w1 is wrong." in verdict.message


def test_the_planted_means_cancel_in_the_biases_alone():
    faulty = EXERCISES["9.12"].judge.made(EXERCISES["9.12"].planted)
    trial = EXERCISES["9.12"].judge.trials[0]
    agree = [np.allclose(f, r) for f, r in zip(faulty(*trial), made("9.12")(*trial), strict=True)]
    assert agree == [False, True, False, True, False]
    for part in (0, 2, 4):
        assert np.allclose(faulty(*trial)[part] / made("9.12")(*trial)[part], 5)


def test_a_mean_in_each_slope_is_another_form():
    verdict = judge(
        "9.12",
        EXERCISES["9.12"].judge.made("""
def gradients(X, Y, w1, b1, w2, b2):
    A1 = np.tanh(X @ w1.T + b1)
    D2 = A1 @ w2.T + b2 - Y
    D1 = D2 @ w2 * (1 - A1**2)
    return D1.T @ X / len(X), D1.mean(axis=0), D2.T @ A1 / len(X), D2.mean(axis=0), D2
"""),
    )
    assert (verdict.right, verdict.form) == (False, True)


def test_the_slope_of_tanh_may_be_taken_at_z():
    def backward(a, y, w2, w3, v):
        slope = {l: 1 / np.cosh(np.arctanh(a[l])) ** 2 for l in (1, 2)}
        d3 = (a[3] - y) / y.shape[1]
        d2 = (w3.T @ d3) * slope[2]
        d1 = (w2.T @ d2 + v.T @ d3) * slope[1]
        return d1 @ a[0].T, d2 @ a[1].T, d3 @ a[2].T, d3 @ a[1].T

    assert judge("9.7", backward).right


@pytest.mark.parametrize(
    ("number", "answer", "said"),
    [("9.1", 0.23, "before"), ("9.1", 0.335, "negative"), ("9.1", 0.105, "falls"),
     ("9.1", "−0.105", "change of the cost"), ("9.6", 0.037, "mean")],
)  # fmt: skip
def test_a_slip_is_named(number, answer, said):
    verdict = judge(number, answer)
    assert verdict.right is False
    assert said in verdict.message


def test_the_planted_slope_spoils_the_first_layer_by_no_common_factor():
    faulty = EXERCISES["9.9"].judge.made(EXERCISES["9.9"].planted)
    trial = EXERCISES["9.9"].judge.trials[0]
    found, right = faulty(*trial), made("9.9")(*trial)
    agree = [np.allclose(f, r) for f, r in zip(found, right, strict=True)]
    assert agree == [False, False, True, True]
    assert np.ptp(found[0] / right[0]) > 0.01


def test_only_one_of_the_offered_pushes_is_as_far_as_one_may_go():
    offered = EXERCISES["9.13"].judge.fields["s"]
    assert [s for s in offered if judge("9.13", s).right] == [4]
    assert judge("9.13", 0).right is False
    assert judge("9.13", float("nan")).right is False
