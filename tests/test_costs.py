"""Costs against scikit-learn, SciPy and central differences, near saturation and far beyond it."""

import numpy as np
import pytest
from scipy import special
from sklearn.metrics import log_loss

from backprop.costs import (
    COSTS,
    cross_entropy,
    l2,
    l2_grad,
    quadratic,
    sigmoid_cross_entropy,
    softmax_cross_entropy,
)
from backprop.gradient_check import central_difference, relative_error

every_cost = pytest.mark.parametrize("cost", COSTS.values(), ids=repr)
both_floats = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def outputs_and_targets(k=3, m=5, seed=0):
    """Outputs that every cost accepts, and targets that are neither 0, 1 nor one-hot."""
    rng = np.random.default_rng(seed)
    return rng.uniform(0.05, 0.95, (k, m)), rng.random((k, m))


def test_quadratic_is_half_the_mean_squared_distance():
    a, y = np.array([[1.0, 2], [3, 4]]), np.array([[0.0, 2], [1, 1]])
    assert quadratic(a, y) == ((1 + 4) / 2 + 9 / 2) / 2


def test_cross_entropy_is_sklearns_log_loss_summed_over_the_outputs():
    rng = np.random.default_rng(0)
    a, y = rng.uniform(0.01, 0.99, (3, 20)), rng.integers(0, 2, (3, 20))
    expected = sum(log_loss(y[j], a[j]) for j in range(3))
    assert cross_entropy(a, y) == pytest.approx(expected, rel=1e-12)


def test_softmax_cross_entropy_is_sklearns_log_loss_of_the_probabilities():
    rng = np.random.default_rng(1)
    z, labels = rng.normal(0, 3, (4, 20)), np.arange(20) % 4
    y = (labels == np.arange(4)[:, None]).astype(float)
    expected = log_loss(labels, special.softmax(z, axis=0).T)
    assert softmax_cross_entropy(z, y) == pytest.approx(expected, rel=1e-12)


def test_sigmoid_cross_entropy_is_the_cross_entropy_of_the_sigmoid():
    rng = np.random.default_rng(2)
    z, y = rng.normal(0, 3, (3, 20)), rng.random((3, 20))
    expected = -np.mean(np.sum(y * special.log_expit(z) + (1 - y) * special.log_expit(-z), axis=0))
    assert sigmoid_cross_entropy(z, y) == pytest.approx(expected, rel=1e-12)
    assert cross_entropy(special.expit(z), y) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("m", [1, 2, 7])
@every_cost
def test_grad_is_what_central_differences_find(cost, m):
    a, y = outputs_and_targets(m=m)
    numerical = central_difference(lambda a: cost(a, y), a)
    assert relative_error(cost.grad(a, y), numerical) < 1e-8


@every_cost
def test_cost_is_the_mean_over_the_samples(cost):
    a, y = outputs_and_targets()
    one_by_one = [cost(a[:, [i]], y[:, [i]]) for i in range(5)]
    assert cost(a, y) == pytest.approx(np.mean(one_by_one), rel=1e-13)


@every_cost
def test_costs_are_numbers_and_gradients_keep_the_float_type(cost):
    a, y = (array.astype(np.float32) for array in outputs_and_targets())
    assert isinstance(cost(a, y), float)
    assert cost.grad(a, y).dtype == np.float32
    assert cost.grad(a, y).shape == a.shape


@every_cost
def test_costs_leave_their_arguments_as_they_are(cost):
    a, y = outputs_and_targets()
    a.flags.writeable = y.flags.writeable = False
    cost(a, y), cost.grad(a, y)


@both_floats
@pytest.mark.parametrize("cost", [sigmoid_cross_entropy, softmax_cross_entropy, quadratic])
def test_no_z_overflows_a_cost(cost, dtype):
    z = np.array([[1e4, -1e4, 1e4, -1e4], [-1e4, 1e4, 1e4, -1e4]], dtype)
    y = np.array([[0, 0, 0, 0], [1, 1, 1, 1]], dtype)
    assert np.isfinite(cost(z, y))
    assert np.isfinite(cost.grad(z, y)).all()


@both_floats
def test_far_from_the_target_the_costs_of_z_grow_linearly(dtype):
    z, y = np.array([[1e4], [-1e4]], dtype), np.array([[0], [1]], dtype)
    assert sigmoid_cross_entropy(z, y) == 2e4
    assert softmax_cross_entropy(z, y) == 2e4
    np.testing.assert_array_equal(sigmoid_cross_entropy.grad(z, y), [[1], [-1]])
    np.testing.assert_array_equal(softmax_cross_entropy.grad(z, y), [[1], [-1]])


@both_floats
def test_cross_entropy_is_finite_where_rounding_has_put_outputs_on_0_or_1(dtype):
    a, y = np.array([[0, 1, 0, 1]], dtype), np.array([[0, 1, 1, 0]], dtype)
    eps = float(np.finfo(dtype).eps)
    assert cross_entropy(a[:, :2], y[:, :2]) == pytest.approx(0, abs=2 * eps)
    assert cross_entropy(a[:, 2:], y[:, 2:]) == pytest.approx(-np.log(eps), rel=1e-6)
    assert np.isfinite(cross_entropy.grad(a, y)).all()
    assert np.sign(cross_entropy.grad(a, y)[0, 2:]).tolist() == [-1, 1]


def test_the_cost_of_z_keeps_the_error_that_the_cost_of_a_has_lost():
    z, y = np.array([[40.0]]), np.array([[0.0]])
    assert sigmoid_cross_entropy(z, y) == pytest.approx(40, rel=1e-15)
    assert cross_entropy(special.expit(z), y) < 37


def test_l2_is_half_the_decay_per_sample_times_the_squares():
    weights = [np.array([[1.0, 2], [3, 0]]), np.array([[-4.0]])]
    assert l2(weights, decay=0.5, m=10) == pytest.approx(0.5 / 20 * (1 + 4 + 9 + 16))
    assert l2(weights, decay=0, m=10) == 0


def test_l2_grad_is_what_central_differences_find():
    w = np.random.default_rng(3).normal(size=(3, 2))
    numerical = central_difference(lambda w: l2([w], 0.7, 9), w)
    assert relative_error(l2_grad(w, 0.7, 9), numerical) < 1e-9
