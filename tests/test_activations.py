"""Activations against SciPy, central differences, and what no z may do to them."""

import copy
import pickle

import mpmath
import numpy as np
import pytest
from scipy import special

from backprop.activations import (
    ACTIVATIONS,
    Activation,
    identity,
    leaky_relu,
    leaky_relu_of,
    relu,
    sigmoid,
    softmax,
    softmax_jacobian,
    step,
    tanh,
)
from backprop.gradient_check import jacobian, relative_error

every_activation = pytest.mark.parametrize("sigma", ACTIVATIONS.values(), ids=repr)
both_floats = pytest.mark.parametrize("dtype", [np.float32, np.float64])
OFF_THE_KINK = np.concatenate([np.linspace(-6, -0.1, 40), np.linspace(0.1, 6, 40)])
FAR_OUT = [-1e4, -1e3, -100, -1, 0, 1, 100, 1e3, 1e4]


def test_sigmoid_is_scipys_expit():
    z = np.linspace(-800, 800, 4001)
    np.testing.assert_allclose(sigmoid(z), special.expit(z), rtol=1e-14, atol=1e-307)


EXACT = {
    "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
    "sigmoid′": lambda z: mpmath.exp(-abs(z)) / (1 + mpmath.exp(-abs(z))) ** 2,
    "tanh": mpmath.tanh,
    "tanh′": mpmath.sech,  # squared below
}


def largest_error(found, exact, dtype):
    """The largest relative error, in units of the last place, where the type has all its digits."""
    normal = [abs(e) > np.finfo(dtype).tiny for e in exact]
    errors = [
        abs((mpmath.mpf(float(f)) - e) / e) / float(np.finfo(dtype).eps)
        for f, e, n in zip(np.ravel(found), exact, normal, strict=True)
        if n and e
    ]
    assert len(errors) > len(exact) / 2
    return float(max(errors))


@both_floats
@pytest.mark.parametrize("name", EXACT)
def test_both_tails_keep_all_digits(name, dtype):
    end = 86 if dtype == np.float32 else 700
    z = np.concatenate([np.linspace(-end, end, 301), np.linspace(-20, 20, 101)]).astype(dtype)
    sigma = {"s": sigmoid, "t": tanh}[name[0]]
    with mpmath.workdps(700):
        exact = [EXACT[name](mpmath.mpf(float(t))) ** (2 if name == "tanh′" else 1) for t in z]
        found = sigma.prime(z) if name.endswith("′") else sigma(z)
        assert largest_error(found, exact, dtype) < 8


@both_floats
def test_softmax_and_its_jacobian_keep_all_digits_where_one_class_is_nearly_certain(dtype):
    z = np.array([30.0, 0, -20, 1], dtype)
    with mpmath.workdps(60):
        e = [mpmath.exp(mpmath.mpf(float(t))) for t in z]
        p = [t / sum(e) for t in e]
        rows = [
            [(p[i] * (sum(p) - p[i]) if i == j else -p[i] * p[j]) for j in range(4)]
            for i in range(4)
        ]
        assert largest_error(softmax(z), p, dtype) < 8
        assert (
            largest_error(softmax_jacobian(z), [entry for row in rows for entry in row], dtype) < 16
        )


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, bool])
@every_activation
def test_every_type_of_whole_numbers_gives_float64(sigma, dtype):
    z = np.array([0, 1, np.iinfo(dtype).min if dtype is not bool else 0, 1], dtype)
    np.testing.assert_array_equal(sigma(z), sigma(z.astype(float)))
    np.testing.assert_array_equal(sigma.prime(z), sigma.prime(z.astype(float)))
    assert sigma.prime(z).dtype == np.float64
    assert softmax(z).dtype == np.float64
    np.testing.assert_array_equal(softmax(z), softmax(z.astype(float)))


@pytest.mark.parametrize("dtype", [np.float16, np.longdouble])
@every_activation
def test_every_float_type_stays(sigma, dtype):
    z = np.array([-2, 0.5, 3], dtype)
    assert sigma(z).dtype == sigma.prime(z).dtype == softmax(z).dtype == dtype
    own = leaky_relu_of(np.float64(0.3))
    assert own(z).dtype == own.prime(z).dtype == dtype


@pytest.mark.parametrize(
    ("sigma", "values"),
    [
        (step, [0, 0, 1]),
        (identity, [-2, 0, 3]),
        (sigmoid, [1 / (1 + np.e**2), 0.5, 1 / (1 + np.e**-3)]),
        (tanh, [np.tanh(-2), 0, np.tanh(3)]),
        (relu, [0, 0, 3]),
        (leaky_relu, [-0.02, 0, 3]),
        (leaky_relu_of(0.5), [-1, 0, 3]),
    ],
    ids=repr,
)
def test_activations_take_their_textbook_values(sigma, values):
    np.testing.assert_allclose(sigma(np.array([-2.0, 0, 3])), values, rtol=1e-14)


@pytest.mark.parametrize("sigma", [*ACTIVATIONS.values(), leaky_relu_of(0.3)], ids=repr)
def test_the_jacobian_is_diagonal_and_holds_prime(sigma):
    numerical = jacobian(sigma, OFF_THE_KINK)
    assert relative_error(np.diag(sigma.prime(OFF_THE_KINK)), numerical) < 1e-9


@pytest.mark.parametrize(("sigma", "slope"), [(step, 0), (relu, 0), (leaky_relu, 0.01)], ids=repr)
def test_at_the_kink_the_slope_is_the_one_from_the_left(sigma, slope):
    assert sigma.prime(np.zeros(1)) == slope


@both_floats
@every_activation
def test_activations_keep_the_shape_and_the_float_type(sigma, dtype):
    for shape in [(), (3,), (3, 4), (2, 3, 4)]:
        z = np.full(shape, -0.5, dtype)
        for value in (sigma(z), sigma.prime(z)):
            assert np.shape(value) == shape
            assert value.dtype == dtype


@every_activation
def test_whole_numbers_are_taken_for_the_floats_they_equal(sigma):
    z = np.array([-3, 0, 2])
    np.testing.assert_array_equal(sigma(z), sigma(z.astype(float)))
    np.testing.assert_array_equal(sigma.prime(z), sigma.prime(z.astype(float)))
    assert sigma.prime(z).dtype == np.float64


@both_floats
@every_activation
def test_no_z_overflows_an_activation_or_its_derivative(sigma, dtype):
    z = np.array(FAR_OUT, dtype)
    assert np.isfinite(sigma(z)).all()
    assert np.isfinite(sigma.prime(z)).all()


@both_floats
def test_saturated_activations_reach_their_limits(dtype):
    ends = np.array([-1e4, 1e4], dtype)
    np.testing.assert_array_equal(sigmoid(ends), [0, 1])
    np.testing.assert_array_equal(tanh(ends), [-1, 1])
    np.testing.assert_array_equal([sigmoid.prime(ends), tanh.prime(ends)], np.zeros((2, 2)))


@every_activation
def test_activations_leave_z_as_it_is(sigma):
    z = np.array([-1.0, 0, 2])
    z.flags.writeable = False
    assert not np.shares_memory(sigma(z), z)
    assert not np.shares_memory(sigma.prime(z), z)


@pytest.mark.parametrize("shape", [(5,), (5, 7), (1, 4), (3, 1)])
def test_softmax_is_scipys_over_the_first_axis(shape):
    z = np.random.default_rng(0).normal(0, 20, shape)
    np.testing.assert_allclose(softmax(z), special.softmax(z, axis=0), rtol=1e-13)
    np.testing.assert_allclose(softmax(z), np.exp(special.log_softmax(z, axis=0)), rtol=1e-12)


def test_softmax_makes_every_column_a_distribution():
    p = softmax(np.random.default_rng(1).normal(0, 5, (4, 6)))
    assert (p > 0).all()
    np.testing.assert_allclose(p.sum(axis=0), np.ones(6), rtol=1e-15)


@both_floats
def test_softmax_stands_any_z_and_keeps_the_float_type(dtype):
    p = softmax(np.array([[1e4, -1e4, 0], [-1e4, -1e4, 0]], dtype))
    np.testing.assert_array_equal(p, [[1, 0.5, 0.5], [0, 0.5, 0.5]])
    assert p.dtype == dtype
    assert softmax_jacobian(p).dtype == dtype


def test_softmax_jacobian_is_what_central_differences_find():
    z = np.random.default_rng(2).normal(size=(4, 3))
    for sample in range(3):
        numerical = jacobian(softmax, z[:, sample])
        assert relative_error(softmax_jacobian(z)[:, :, sample], numerical) < 1e-9
        assert relative_error(softmax_jacobian(z[:, sample]), numerical) < 1e-9


def test_softmax_is_not_elementwise_and_offers_no_prime():
    assert not isinstance(softmax, Activation)
    assert not hasattr(softmax, "prime")
    off_diagonal = softmax_jacobian(np.zeros(3))[~np.eye(3, dtype=bool)]
    np.testing.assert_allclose(off_diagonal, -1 / 9, rtol=1e-14)


def test_every_activation_is_listed_by_its_name():
    assert {name: repr(sigma) for name, sigma in ACTIVATIONS.items()} == {
        name: name for name in ("step", "identity", "sigmoid", "tanh", "relu", "leaky_relu")
    }


@every_activation
def test_a_copied_or_pickled_activation_is_the_very_same(sigma):
    assert copy.deepcopy(sigma) is sigma
    assert pickle.loads(pickle.dumps(sigma)) is sigma


def test_a_copy_of_another_leaky_relu_keeps_its_slope():
    assert copy.deepcopy(leaky_relu_of(0.3))(np.array([-2.0])) == -0.6
