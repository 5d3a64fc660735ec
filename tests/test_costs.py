"""Costs against scikit-learn, SciPy and central differences, near saturation and far beyond it."""

import mpmath
import numpy as np
import pytest
from scipy import special
from sklearn.metrics import log_loss

from backprop.activations import identity, sigmoid
from backprop.costs import (
    COSTS,
    Cost,
    cross_entropy,
    l2,
    quadratic,
    sigmoid_cross_entropy,
    softmax_cross_entropy,
)
from backprop.gradient_check import central_difference, relative_error

every_cost = pytest.mark.parametrize("cost", COSTS.values(), ids=repr)
both_floats = pytest.mark.parametrize("dtype", [np.float32, np.float64])


class Kind(np.ndarray):
    """A subclass of the array, as np.matrix is one."""


def outputs_and_targets(k=3, m=5, seed=0):
    """Outputs and targets that every cost accepts: shares that sum to 1, neither 0 nor 1."""
    rng = np.random.default_rng(seed)
    return rng.uniform(0.05, 0.95, (k, m)), rng.dirichlet(np.ones(k), m).T


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


def exact_costs(z, y):
    """Return the costs of one sample, and their gradients in z, by mpmath's numbers."""
    exp, log = mpmath.exp, mpmath.log
    z, y = [mpmath.mpf(float(t)) for t in z], [mpmath.mpf(float(t)) for t in y]
    a = [1 / (1 + exp(-t)) for t in z]
    p = [exp(t) / sum(exp(u) for u in z) for t in z]
    pairs = list(zip(a, y, strict=True))
    return {
        "sigmoid_cross_entropy": (
            -sum(t * log(s) + (1 - t) * log(1 - s) for s, t in pairs),
            [s - t for s, t in pairs],
        ),
        "softmax_cross_entropy": (
            -sum(t * log(s) for s, t in zip(p, y, strict=True)),
            [s - t for s, t in zip(p, y, strict=True)],
        ),
    }


@both_floats
@pytest.mark.parametrize("cost", [sigmoid_cross_entropy, softmax_cross_entropy], ids=repr)
@pytest.mark.parametrize("y", [[0, 1, 0], [0.25, 0.75, 0]])
def test_the_costs_of_z_keep_all_digits_near_the_target_and_far_from_it(cost, y, dtype):
    for z in ([-40, 40, -37], [40, -40, 3], [-30, 0.5, -31], [2, 2, 2], [-40, 30, -37]):
        with mpmath.workdps(120):
            value, slopes = exact_costs(z, y)[cost.name]
        column, target = np.array([z], dtype).T, np.array([y], dtype).T
        allowed = 4 * float(np.finfo(dtype).eps)
        assert cost(column, target) == pytest.approx(float(value), rel=allowed, abs=0)
        expected = [[float(slope)] for slope in slopes]
        np.testing.assert_allclose(cost.grad(column, target), expected, rtol=2 * allowed)


@both_floats
@pytest.mark.parametrize("z", [-80.0, -40, -17, -3, 0.5])
def test_cross_entropy_keeps_the_small_outputs(z, dtype):
    z, y = np.array([[z]], dtype), np.array([[1.0]], dtype)
    allowed = 8 * float(np.finfo(dtype).eps)
    expected = -special.log_expit(np.float64(z[0, 0]))
    assert cross_entropy(sigmoid(z), y) == pytest.approx(expected, rel=allowed, abs=0)
    delta = cross_entropy.grad(sigmoid(z), y) * sigmoid.prime(z)  # BP1
    np.testing.assert_allclose(delta, -special.expit(-np.float64(z)), rtol=allowed)


@both_floats
def test_cross_entropy_is_finite_where_rounding_has_put_outputs_on_0_or_1(dtype):
    a, y = np.array([[0, 1, 0, 1]], dtype), np.array([[0, 1, 1, 0]], dtype)
    info = np.finfo(dtype)
    assert cross_entropy(a[:, :2], y[:, :2]) == pytest.approx(0, abs=float(info.eps))
    least, most = -np.log(float(info.tiny)), -np.log(float(info.epsneg))
    assert cross_entropy(a[:, 2:], y[:, 2:]) == pytest.approx((least + most) / 2, rel=1e-6)
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
    assert l2([[[100, 0]], np.int8([[100]])], decay=2, m=5) == 0.2 * 20_000


@every_cost
@pytest.mark.parametrize(
    ("a", "y"),
    [
        (np.ones((4, 1)) / 4, np.ones((1, 4)) / 4),
        (np.ones((4, 2)) / 4, np.ones((4, 1)) / 4),
        (np.ones((4, 1)) / 4, np.ones(4) / 4),
        (np.ones(4) / 4, np.ones(4) / 4),
        (0.25, 0.25),
    ],
)
def test_nothing_is_broadcast(cost, a, y):
    for call in (cost, cost.grad):
        with pytest.raises(ValueError, match=r"\(k, m\) for both") as refused:
            call(a, y)
        assert f"a has shape {np.shape(a)} and y has shape {np.shape(y)}" in str(refused.value)


@every_cost
def test_whole_numbers_lists_and_other_containers_are_taken_for_the_floats_they_equal(cost):
    a, y = np.array([[0.0, 1, 1], [1, 0, 0]]), np.array([[1.0, 0, 1], [0, 1, 0]])
    kinds = [np.ndarray.tolist, lambda v: v.view(Kind), memoryview, *(
        lambda v, kind=kind: v.astype(kind) for kind in (int, bool, np.uint8)
    )]  # fmt: skip
    for kind in kinds:
        assert cost(kind(a), kind(y)) == cost(a, y)
        grad = cost.grad(kind(a), kind(y))
        assert (type(grad), grad.dtype) == (np.ndarray, np.float64)
        np.testing.assert_array_equal(grad, cost.grad(a, y))


@every_cost
@pytest.mark.parametrize(
    ("a", "y", "message"),
    [
        ([[0.5], [np.nan]], [[0], [1]], r"a holds nan at \(1, 0\)"),
        ([[0.5], [0.5]], [[0], [np.inf]], r"y holds inf at \(1, 0\)"),
        ([[0.5], ["x"]], [[0], [1]], r"a holds <U"),
        ([[0.5], [0.5, 1]], [[0], [1]], r"a has rows of different lengths"),
        (np.ma.masked_less([[0.5], [0.1]], 0.2), [[0], [1]], r"a is a masked array"),
    ],
)
def test_what_is_no_array_of_finite_numbers_is_named(cost, a, y, message):
    for call in (cost, cost.grad):
        with pytest.raises(ValueError, match=message):
            call(a, y)


CLASSIFIERS = [cross_entropy, sigmoid_cross_entropy, softmax_cross_entropy]


@pytest.mark.parametrize("cost", CLASSIFIERS, ids=repr)
@pytest.mark.parametrize("wrong", [-1, 1.5, 255])
def test_targets_outside_0_to_1_are_refused(cost, wrong):
    a, y = np.full((3, 2), 0.5), np.array([[1, 0], [0, wrong], [0, 1 - wrong]])
    for call in (cost, cost.grad):
        with pytest.raises(
            ValueError, match=r"y holds (-1|1\.5|255)\.?\d* for output 1 of sample 1"
        ):
            call(a, y)
    assert quadratic(a, y) > 0


def test_outputs_outside_0_to_1_are_refused_by_cross_entropy():
    with pytest.raises(ValueError, match=r"a holds 1\.2 for output 0 of sample 1; cross_entropy"):
        cross_entropy([[0.5, 1.2]], [[0, 1]])


def test_softmax_cross_entropy_is_for_shares_of_two_classes_or_more():
    with pytest.raises(
        ValueError, match=r"needs two outputs or more, and y has one.*sigmoid_cross"
    ):
        softmax_cross_entropy([[0.3, 2]], [[1, 0]])
    for y, total in (([[0, 1], [0, 0]], "0"), ([[1, 1], [0.1, 0]], r"1\.1")):
        with pytest.raises(ValueError, match=rf"y sums to {total} over the outputs of sample 0"):
            softmax_cross_entropy([[0.3, 2], [1, 1]], y)
    tenths = np.full((10, 1), 0.1, np.float16)
    assert softmax_cross_entropy(tenths, tenths) == pytest.approx(np.log(10), rel=1e-2)


def test_each_cost_knows_its_output_layer_and_its_squash():
    z = np.array([[0.5, -1], [2, 3]])
    expected = {
        "quadratic": (None, z),
        "cross_entropy": (sigmoid, z),
        "sigmoid_cross_entropy": (identity, special.expit(z)),
        "softmax_cross_entropy": (identity, special.softmax(z, axis=0)),
    }
    for name, cost in COSTS.items():
        assert cost.output is expected[name][0]
        np.testing.assert_allclose(cost.squash(z), expected[name][1])


def test_a_cost_of_ones_own_needs_three_things():
    own = Cost("half", lambda a, y: np.sum(a - y) / 2, lambda a, y: np.full_like(a, 0.5))
    assert own([[3.0]], [[-1.0]]) == 2
    assert own.grad([[3]], [[-1]]).tolist() == [[0.5]]
