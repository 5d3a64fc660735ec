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
    [("9.1", 0.849), ("9.1", "0,849"), ("9.2", 0.0559), ("9.3", "−0.6406"), ("9.3", [-0.6406]),
     ("9.5", 260), ("9.6", 0.112), ("9.6", np.float32(0.112))],
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


def test_a_raw_error_sent_back_is_told_by_what_agrees():
    raw = made("9.7", ("w2.T @ d2 +", "w2.T @ (w3.T @ d3) +"))
    verdict = judge("9.7", raw)
    assert verdict.right is False
    assert "∂C/∂w2 and ∂C/∂w3 and ∂C/∂v agree. ∂C/∂w1 is wrong." in verdict.message


def test_the_planted_means_cancel_in_the_biases_alone():
    faulty = EXERCISES["9.12"].judge.made(EXERCISES["9.12"].planted)
    trial = EXERCISES["9.12"].judge.trials[0]
    agree = [np.allclose(f, r) for f, r in zip(faulty(*trial), made("9.12")(*trial), strict=True)]
    assert agree == [False, True, False, True]
    ratios = faulty(*trial)[0] / made("9.12")(*trial)[0]
    assert np.allclose(ratios, 5)


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
