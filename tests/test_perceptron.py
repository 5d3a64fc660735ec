"""Rosenblatt's perceptron: what it answers, what it learns, and the bound on its mistakes."""

import numpy as np
import pytest

from backprop import datasets
from backprop.perceptron import fit, output


def gate(name):
    X, Y = datasets.gate(name)
    return X, Y[:, 0]


def test_the_neuron_fires_above_the_threshold_and_not_on_it():
    w, b = np.array([2.0, -1.0]), -1.0
    assert output(w, b, np.array([[1.0, 0], [1, 1], [0.5, 0], [0, 0]])).tolist() == [1, 0, 0, 0]
    assert output(w, b, np.array([1.0, 0])) == 1


def test_one_mistake_moves_the_weights_by_the_sample():
    w, b, mistakes = fit(*gate("and"), epochs=1)  # only (1, 1) is answered wrongly: with 0
    assert (w.tolist(), b, mistakes) == ([1, 1], 1, [1])
    w, b, mistakes = fit(*gate("nand"), epochs=1, rate=0.5)  # (0, 0) pulls up, (1, 1) down
    assert (w.tolist(), b, mistakes) == ([-0.5, -0.5], 0, [2])


@pytest.mark.parametrize("name", ["and", "or", "nand"])
def test_fit_learns_the_gates_that_a_line_separates(name):
    X, y = gate(name)
    w, b, mistakes = fit(X, y)
    assert output(w, b, X).tolist() == y.tolist()
    assert mistakes[-1] == 0
    assert 0 not in mistakes[:-1]


def test_fit_never_learns_xor():
    X, y = gate("xor")
    w, b, mistakes = fit(X, y, epochs=500)
    assert len(mistakes) == 500
    assert min(mistakes) > 0
    assert output(w, b, X).tolist() != y.tolist()


@pytest.mark.parametrize("seed", range(10))
def test_mistakes_obey_novikoffs_bound_on_separable_data(seed):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(60, 3))
    with_one = np.column_stack([X, np.ones(60)])  # the bias is the weight of a constant input
    separator = rng.normal(size=4)
    separator /= np.linalg.norm(separator)
    margin = with_one @ separator
    X, with_one, margin = (v[abs(margin) > 0.1] for v in (X, with_one, margin))
    bound = (np.linalg.norm(with_one, axis=1).max() / abs(margin).min()) ** 2

    w, b, mistakes = fit(X, (margin > 0).astype(int), epochs=int(bound) + 1)

    assert sum(mistakes) <= bound
    assert output(w, b, X).tolist() == (margin > 0).tolist()


def test_the_rate_scales_the_weights_and_changes_no_answer():
    X, y = gate("nand")
    slow, fast = fit(X, y, rate=0.25), fit(X, y, rate=4.0)
    np.testing.assert_allclose(fast.w, 16 * slow.w)
    assert fast.b == 16 * slow.b
    assert fast.mistakes == slow.mistakes


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float32])
def test_labels_of_any_type_teach_the_same(dtype):
    X, y = gate("nand")
    assert fit(X, y.astype(dtype)).mistakes == fit(X, y).mistakes


def test_fit_leaves_the_data_as_they_are():
    X, y = gate("or")
    X.flags.writeable = y.flags.writeable = False
    fit(X, y)


X, Y = gate("and")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (dict(rate=0), r"rate is 0; a finite number greater than 0"),
        (dict(rate=-1.0), r"rate is -1\.0"),
        (dict(rate=np.nan), r"rate is nan"),
        (dict(epochs=0), r"epochs is 0; a whole number of at least 1"),
        (dict(y=Y[:3]), r"X has 4 samples and y has 3"),
        (dict(y=Y + 1), r"y holds the label 2.*are 0 and 1"),
        (
            dict(y=Y[:, None]),
            r"X has shape \(4, 2\) and y \(4, 1\); needed are \(m, n\) and \(m,\)",
        ),
        (dict(X=X[0]), r"X has shape \(2,\)"),
        (dict(X=X + np.nan), r"X holds nan at \(0, 0\)"),
        (dict(y=np.where(Y == 1, np.inf, 0)), r"y holds inf at \(3,\)"),
        (dict(X=np.empty((0, 2)), y=np.empty(0)), r"X is empty \(shape \(0, 2\)\)"),
    ],
)
def test_fit_names_what_is_wrong_with_its_input(arguments, message):
    with pytest.raises(ValueError, match=message):
        fit(**dict(X=X, y=Y) | arguments)


@pytest.mark.parametrize(
    ("w", "b", "x", "message"),
    [
        (np.ones(3), 0, X, r"w has shape \(3,\) and X has shape \(4, 2\)"),
        (np.ones((1, 2)), 0, X, r"w has shape \(1, 2\)"),
        (np.ones(2), 0, np.ones((1, 1, 2)), r"X has shape \(1, 1, 2\)"),
        (np.array([1, np.nan]), 0, X, r"w holds nan at \(1,\)"),
        (np.ones(2), np.inf, X, r"b holds inf"),
    ],
)
def test_output_names_what_is_wrong_with_its_input(w, b, x, message):
    with pytest.raises(ValueError, match=message):
        output(w, b, x)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, bool])
def test_whole_numbers_do_not_wrap(dtype):
    w = np.ones(300, dtype)
    assert output(w, -299, np.ones(300, dtype)) == 1
    assert output(w, -300, np.ones((2, 300), dtype)).tolist() == [0, 0]


def test_the_bias_is_one_number():
    with pytest.raises(ValueError, match=r"b has shape \(2,\); needed is one number"):
        output(np.ones(3), np.ones(2), np.ones((2, 3)))
