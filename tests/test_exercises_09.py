"""The graders of chapter 9: right answers pass, every planted mistake is named, with its layer."""

import itertools

import numpy as np
import pytest

from backprop.activations import softmax
from bookkit.exercises import grade, judge
from bookkit.exercises.chapter_09 import FAULTS, FAULTS_OF, RESULT, RIGHT, faulty, trials

FOUR = [(number, message, fault) for number in FAULTS_OF for message, fault in FAULTS_OF[number]]


def output_error(grad_a, z, sigma):
    return np.diagflat(grad_a) @ sigma.prime(z) if z.shape[1] == 1 else grad_a * sigma.prime(z)


def hidden_error(w_next, delta_next, z, sigma):
    return np.einsum("kj,ki,ji->ji", w_next, delta_next, sigma.prime(z))


def bias_gradient(delta):
    return delta @ np.ones((delta.shape[1], 1))


def weight_gradient(delta, a_prev):
    return sum(np.outer(d, a) for d, a in zip(delta.T, a_prev.T, strict=True))


def softmax_error(z, y):
    m, columns = z.shape[1], []
    for p, target in zip(softmax(z).T, y.T, strict=True):
        columns.append((np.diag(p) - np.outer(p, p)) @ (p - target) / m)
    return np.stack(columns, axis=1)


def backprop(network, x, y):
    return faulty(network, x, y, None)


ANSWERS = {
    "9.1": output_error,
    "9.2": hidden_error,
    "9.3": bias_gradient,
    "9.4": weight_gradient,
    "9.5": (2 * 0.4 - 1 * 0.1) / 4,
    "9.6": softmax_error,
    "9.7": backprop,
}


@pytest.mark.parametrize("number", ANSWERS)
def test_a_right_answer_passes(number):
    verdict = judge(number, ANSWERS[number])
    assert verdict.right, verdict.message
    if number not in ("9.5", "9.6"):
        assert verdict.message == "The gradient check agrees on networks of four shapes."


@pytest.mark.parametrize("number", ANSWERS)
def test_an_empty_answer_is_not_answered_yet(number, capsys):
    def blank(*arguments): ...

    for empty in (..., blank):
        grade(number, empty)
        assert capsys.readouterr().out == f"Exercise {number}: … not answered yet.\n"


@pytest.mark.parametrize(("number", "message", "fault"), FOUR)
def test_each_fault_of_an_equation_is_named_with_its_layer(number, message, fault):
    verdict = judge(number, fault)
    assert verdict.right is False
    assert verdict.message.endswith(message)
    layer = {"9.1": "the output layer", "9.2": "layer 2"}.get(number, "the output layer")
    start = f"On a network 3-3-3-3 with 3 samples, {RESULT[number]} of {layer} is wrong. "
    assert verdict.message == start + message


def test_the_faults_of_an_equation_differ_from_it_and_from_each_other():
    for number, faults in FAULTS_OF.items():
        for (message, _), (other, fault) in itertools.permutations(faults, 2):
            if message != other:
                assert not judge(number, fault).message.endswith(message)
        assert judge(number, RIGHT[number]).right


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_of_a_whole_backprop_is_named(fault):
    def answer(network, x, y):
        result = faulty(network, x, y, fault)
        if result is None:
            raise ValueError("shapes do not fit")
        return result

    verdict = judge("9.7", answer)
    assert verdict.right is False
    assert verdict.message.endswith(FAULTS[fault])
    assert verdict.message.startswith("On a network 3-3-3-3 with 3 samples, going backward, ∂C/∂")


@pytest.mark.parametrize(
    ("fault", "place"),
    [
        ("σ′ missing, output layer", "∂C/∂w and ∂C/∂b of the output layer are wrong first"),
        ("σ′ missing, hidden layers", "∂C/∂w and ∂C/∂b of layer 2 are wrong first"),
        ("w of the wrong layer", "∂C/∂w and ∂C/∂b of layer 2 are wrong first"),
        ("w not transposed", "∂C/∂w and ∂C/∂b of layer 2 are wrong first"),
        ("z of the next layer", "∂C/∂w and ∂C/∂b of layer 2 are wrong first"),
        ("bias summed over the wrong axis", "∂C/∂b of the output layer is wrong first"),
        ("z for a", "∂C/∂w of the output layer is wrong first"),
    ],
)
def test_the_layer_that_is_wrong_is_named(fault, place):
    verdict = judge("9.7", lambda network, x, y: faulty(network, x, y, fault) or 1 / 0)
    assert place in verdict.message


@pytest.mark.parametrize("number", ["9.1", "9.2", "9.3", "9.4"])
def test_what_is_in_no_list_is_described_by_its_size(number):
    verdict = judge(number, lambda *arguments: 3 * RIGHT[number](*arguments))
    assert verdict.message.endswith("is wrong. Every entry is 3 times the right one.")
    verdict = judge(number, lambda *arguments: RIGHT[number](*arguments)[:2])
    assert "Its shape is (2, " in verdict.message
    verdict = judge(number, lambda *arguments: RIGHT[number](*arguments) ** 3)
    assert "Its first entry is " in verdict.message
    assert "A function is needed; found 3." in judge(number, 3).message


@pytest.mark.parametrize("number", ["9.1", "9.2", "9.3", "9.4", "9.7"])
def test_an_answer_that_raises_is_told_where(number):
    verdict = judge(number, lambda *arguments: 1 / 0)
    assert verdict.right is False
    assert (
        "network 3-3-3-3 with 3 samples it raises ZeroDivisionError: division by zero"
        in verdict.message
    )


def test_an_answer_that_raises_on_one_shape_alone_is_told_so():
    def only_square(w, delta, z, sigma):
        return (np.linalg.inv(np.linalg.inv(w)).T @ delta) * sigma.prime(z)

    verdict = judge("9.2", only_square)
    assert verdict.right is False
    assert "layer 1 of a network 2-4-3 with 1 sample it raises LinAlgError" in verdict.message


@pytest.mark.parametrize("number", ["9.1", "9.2", "9.3", "9.4"])
def test_changing_the_arguments_is_refused(number):
    def answer(first, *rest):
        result = RIGHT[number](first, *rest)
        first *= 2
        return result

    assert "in place" in judge(number, answer).message


def test_a_backprop_that_changes_the_network_is_refused():
    def answer(network, x, y):
        result = faulty(network, x, y, None)
        network[1].w[:] = 0
        return result

    assert "It changes its arguments" in judge("9.7", answer).message


def test_a_backprop_that_forgets_a_layer_or_returns_another_form_is_told_so():
    def without_the_last(network, x, y):
        grad_w, grad_b = faulty(network, x, y, None)
        return {l: grad_w[l] for l in list(network)[:-1]}, grad_b

    assert judge("9.7", without_the_last).message == (
        "grad_w has the keys [1, 2]; needed are the layers [1, 2, 3]."
    )
    assert "two dicts" in judge("9.7", lambda *t: faulty(*t, None)[0]).message
    assert "A function is needed" in judge("9.7", 3).message


def test_a_backprop_that_is_wrong_in_a_way_of_its_own_is_told_the_layer():
    def answer(network, x, y):
        grad_w, grad_b = faulty(network, x, y, None)
        return grad_w, {**grad_b, 1: grad_b[1] + 1}

    assert judge("9.7", answer).message.endswith("∂C/∂b of layer 1 is wrong first.")


@pytest.mark.parametrize(
    ("number", "fault", "named"),
    [
        ("9.5", 0.7, "σ′(z) is missing"),
        ("9.5", 0.35, "σ(0) = ½ stands"),
        ("9.5", 0.2, "Only the first neuron"),
        ("9.5", -0.025, "Only the second neuron"),
        ("9.5", 0.125, "The weights are missing"),
        ("9.5", 0.225, "The sign of the weight −1 is lost"),
        ("9.5", -0.05, "The weights are exchanged"),
        ("9.5", -0.175, "The sign is reversed"),
        ("9.5", 0, "σ′ is not 0"),
        ("9.5", 5, "5 is not it"),
        (
            "9.6",
            lambda z, y: (softmax(z) - y) / z.shape[1] * softmax(z) * (1 - softmax(z)),
            "as elementwise",
        ),
        ("9.6", lambda z, y: (softmax(z) - y) / z.shape[1], "softmax_cross_entropy"),
        ("9.6", lambda z, y: softmax(z) - y, "a sum of cross-entropies"),
        ("9.6", lambda z, y: softmax_error(z, y) * z.shape[1], "m times too large"),
        ("9.6", lambda z, y: -softmax_error(z, y), "sign is reversed"),
    ],
)
def test_each_fault_of_the_other_exercises_is_named(number, fault, named):
    verdict = judge(number, fault)
    assert verdict.right is False
    assert named in verdict.message


def test_the_trials_hold_square_networks_and_others():
    sizes = [{layer.w.shape for layer in trial.network.values()} for trial in trials()]
    assert any(all(n == k for n, k in shapes) for shapes in sizes)
    assert any(all(n != k for n, k in shapes) for shapes in sizes)
