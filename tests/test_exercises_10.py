"""The graders of chapter 10: right answers pass, and every known mistake is called by its name."""

from math import exp, tanh

import pytest

from bookkit.exercises import GRADERS, judge
from bookkit.exercises.chapter_10 import _cost_after


def s(net):
    return 1 / (1 + exp(-net))


# The example once more, by hand.
net_h1, net_h2 = 0.3775, 0.3925
h1, h2 = s(net_h1), s(net_h2)
net_o2 = 0.50 * h1 + 0.55 * h2 + 0.60
o1, o2 = s(0.40 * h1 + 0.45 * h2 + 0.60), s(net_o2)
d_o1, d_o2 = (o1 - 0.01) * o1 * (1 - o1), (o2 - 0.99) * o2 * (1 - o2)
slope = h1 * (1 - h1)
d_h1 = (0.40 * d_o1 + 0.50 * d_o2) * slope
d_h2 = (0.45 * d_o1 + 0.55 * d_o2) * h2 * (1 - h2)


def cost_after(rate, steps=2, *, biases=0.0, sign=-1.0, stale=False, late=False):
    """The cost after steps with shared biases; biases is the share of their step that is taken."""
    w, b = [0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55], [0.35, 0.35, 0.60, 0.60]
    first = None
    for k in range(steps + 1):
        a1, a2 = s(w[0] * 0.05 + w[1] * 0.1 + b[0]), s(w[2] * 0.05 + w[3] * 0.1 + b[1])
        p1, p2 = s(w[4] * a1 + w[5] * a2 + b[2]), s(w[6] * a1 + w[7] * a2 + b[3])
        if k == steps:
            return ((p1 - 0.01) ** 2 + (p2 - 0.99) ** 2) / 2
        e1, e2 = (p1 - 0.01) * p1 * (1 - p1), (p2 - 0.99) * p2 * (1 - p2)
        outer = [e1 * a1, e1 * a2, e2 * a1, e2 * a2]
        v = [w[4 + i] + sign * rate * outer[i] for i in range(4)] if late else w[4:]
        f1, f2 = (e1 * v[0] + e2 * v[2]) * a1 * (1 - a1), (e1 * v[1] + e2 * v[3]) * a2 * (1 - a2)
        g = [f1 * 0.05, f1 * 0.1, f2 * 0.05, f2 * 0.1, *outer]
        first = first or g
        w = [old + sign * rate * d for old, d in zip(w, first if stale else g, strict=True)]
        moves = (
            [f1, f2, e1, e2]
            if biases == "own"
            else 2 * [biases * (f1 + f2)] + 2 * [biases * (e1 + e2)]
        )
        b = [old + sign * rate * d for old, d in zip(b, moves, strict=True)]
    return None


RIGHT = [
    ("10.1", 0.3925),
    ("10.2", h2),
    ("10.2", 0.596884378),
    ("10.3", o2),
    ("10.3", 0.772928465),
    ("10.4", (o2 - 0.99) ** 2 / 2),
    ("10.4", 0.023560026),
    ("10.5", d_o2 * h1),
    ("10.5", -0.022602537),
    ("10.6", d_o2 * h2),
    ("10.6", -0.022740239),
    ("10.7", d_h1 * 0.1),
    ("10.7", 0.000877135),
    ("10.8", lambda delta: delta.sum()),
    ("10.8", lambda delta: sum(float(entry) for row in delta for entry in row)),
    ("10.9", cost_after),
]

FAULTS = [
    ("10.1", 0.3935, "value printed in the source"),
    ("10.1", 0.25 * 0.05 + 0.30 * 0.10 + 0.35 * 0.35, "multiplied by 0.35"),
    ("10.1", 0.3775, "weighted input of h1"),
    ("10.1", 0.20 * 0.05 + 0.30 * 0.10 + 0.35, "w2 and w4"),
    ("10.1", 0.30 * 0.05 + 0.25 * 0.10 + 0.35, "w3 and w4 exchanged"),
    ("10.1", 0.0425, "bias is missing"),
    ("10.1", 0.6425, "output layer, 0.60"),
    ("10.1", h2, "activation already"),
    ("10.1", 0.393, "rounded too early"),
    ("10.1", 7.0, "7 is not it"),
    ("10.1", "many", "A number is needed"),
    ("10.2", s(0.3935), "starts from 0.3935"),
    ("10.2", h1, "activation of h1"),
    ("10.2", 0.3925, "put it through the sigmoid"),
    ("10.2", 1 - h2, "exponent has the wrong sign"),
    ("10.2", tanh(0.3925), "tanh"),
    ("10.2", exp(-0.3925), "exp(-z) alone"),
    ("10.2", 0.5969, "rounded too early"),
    ("10.2", -h2, "the sign is not"),
    ("10.3", 0.77298465, "a digit is lost"),
    ("10.3", s(1.2248), "starts from 1.2248"),
    ("10.3", s(0.50 * h1 + 0.55 * h2 * 0.60), "multiplies by the bias"),
    ("10.3", o1, "activation of o1"),
    ("10.3", s(0.45 * h1 + 0.55 * h2 + 0.60), "w6 and w8"),
    ("10.3", s(0.50 * h1 + 0.55 * h2), "b2 is missing"),
    ("10.3", s(0.50 * h1 + 0.55 * h2 + 0.35), "hidden layer, 0.35"),
    ("10.3", s(0.50 * net_h1 + 0.55 * net_h2 + 0.60), "weighted inputs of h1 and h2"),
    ("10.3", net_o2, "put it through the sigmoid"),
    ("10.3", 0.773, "rounded too early"),
    ("10.4", (o2 - 0.99) ** 2, "one half is missing"),
    ("10.4", (o1 - 0.01) ** 2 / 2, "part of o1"),
    ("10.4", (o2 - 0.01) ** 2 / 2, "target of o1"),
    ("10.4", (0.99 - o2) / 2, "not squared"),
    ("10.4", 0.29837110876, "whole cost"),
    ("10.4", (o2 - 0.99) ** 2 / 4, "averages over the two outputs"),
    ("10.4", (0.77298465 - 0.99) ** 2 / 2, "starts from 0.77298465"),
    ("10.4", 0.0236, "rounded too early"),
    ("10.5", d_o2 * h2, "gradient of w8"),
    ("10.6", d_o2 * h1, "gradient of w7, as in the source"),
    ("10.7", 0.000438, "what the source puts into the update"),
    ("10.7", d_h1 * 0.05, "gradient of w1"),
    ("10.7", d_h2 * 0.05, "gradient of w3"),
    ("10.7", d_h2 * 0.1, "gradient of w4"),
    ("10.7", d_h1, "error of h1"),
    ("10.7", d_o1 * 0.40 * slope * 0.1, "through o1 alone"),
    ("10.7", d_o2 * 0.50 * slope * 0.1, "through o2 alone"),
    ("10.7", (d_o1 * 0.40 + d_o2 * 0.50) * 0.1, "slope of h1"),
    ("10.7", (d_o1 * 0.40 + d_o2 * 0.45) * slope * 0.1, "transpose"),
    ("10.7", (d_o1 + d_o2) * slope * 0.1, "lack their weights"),
    ("10.7", 0.20 - 0.5 * d_h1 * 0.1, "new weight"),
    ("10.7", 0.5 * d_h1 * 0.1, "learning rate of 0.5"),
    ("10.7", 0.00088, "rounded too early"),
    ("10.8", lambda delta: delta.sum(axis=1), "for each neuron. They share"),
    ("10.8", lambda delta: delta.sum(axis=1, keepdims=True), "as BP3 does"),
    ("10.8", lambda delta: delta.sum(axis=0), "not over the samples"),
    ("10.8", lambda delta: delta.mean(), "takes the mean"),
    ("10.8", lambda delta: delta.mean(axis=1).sum(), "divides by the number of samples"),
    ("10.8", lambda delta: delta.mean(axis=0).sum(), "divides by the number of neurons"),
    ("10.8", lambda delta: abs(delta).sum(), "drops the signs"),
    ("10.8", lambda delta: -delta.sum(), "sign is reversed"),
    ("10.8", lambda delta: delta, "as they are"),
    ("10.8", lambda delta: delta[0].sum(), "first neuron alone"),
    ("10.8", 3.0, "A function is needed"),
    ("10.9", lambda rate: cost_after(rate, 1), "after one step"),
    ("10.9", lambda rate: cost_after(rate, 3), "after three steps"),
    ("10.9", lambda rate: cost_after(rate, 0), "before any step"),
    ("10.9", lambda rate: cost_after(rate, stale=True), "first one's gradient"),
    ("10.9", lambda rate: cost_after(rate, late=True), "new weights of the output layer"),
    ("10.9", lambda rate: cost_after(rate, biases=1.0), "shared by their layers"),
    ("10.9", lambda rate: cost_after(rate, biases="own"), "each neuron's own"),
    ("10.9", lambda rate: cost_after(rate, sign=1.0), "uphill"),
    ("10.9", lambda rate: cost_after(0.5), "always 0.5"),
    ("10.9", lambda rate: cost_after(1.0), "rate is missing"),
]  # fmt: skip

for number, a, net, w in (("10.5", h1, net_h1, 0.50), ("10.6", h2, net_h2, 0.55)):
    FAULTS += [
        (number, -0.03898231 * a, "a 0 is lost"),
        (number, -d_o2 * a, "sign is reversed"),
        (number, d_o1 * a, "error of o1"),
        (number, d_o2, "error of o2; multiply"),
        (number, (o2 - 0.99) * a, "slope of the sigmoid"),
        (number, d_o2 * net, "weighted input"),
        (number, w - 0.5 * d_o2 * a, "new weight"),
        (number, 1.001 * d_o2 * a, "rounded too early"),
        (number, -1.001 * d_o2 * a, "the sign is not"),
    ]


@pytest.mark.parametrize(("number", "answer"), RIGHT)
def test_right_answers_pass(number, answer):
    verdict = judge(number, answer)
    assert verdict.right is True, verdict
    assert verdict.message


@pytest.mark.parametrize(("number", "answer", "named"), FAULTS)
def test_every_planted_fault_is_called_by_its_name(number, answer, named):
    verdict = judge(number, answer)
    assert verdict.right is False
    assert named in verdict.message


def test_faults_share_a_verdict_only_where_their_numbers_are_equal():
    # 0.20 i1 + 0.30 i2 is 0.30 i1 + 0.25 i2, and i1 is i2 times the learning rate
    verdicts = [(number, judge(number, answer).message) for number, answer, _ in FAULTS]
    twice = {
        (number, message) for number, message in verdicts if verdicts.count((number, message)) > 1
    }
    assert {number for number, _ in twice} == {"10.1", "10.7"}
    assert len(twice) == 2


@pytest.mark.parametrize("number", [n for n in GRADERS if n.startswith("10.")])
def test_unanswered_is_said_so(number):
    def blank(argument): ...

    answers = {"10.8": blank, "10.9": blank}
    assert judge(number, answers.get(number, ...)).right is None


def test_the_solution_by_matrices_is_the_one_by_scalars():
    for rate in (0.1, 0.5, 2.0):
        assert _cost_after(rate) == pytest.approx(cost_after(rate), rel=1e-13)
