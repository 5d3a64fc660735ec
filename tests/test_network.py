"""Networks as data: how they start, what they answer, and which ones are refused."""

import numpy as np
import pytest
from scipy import special

from backprop.activations import identity, leaky_relu_of, relu, sigmoid, softmax, tanh
from backprop.costs import quadratic, sigmoid_cross_entropy, softmax_cross_entropy
from backprop.network import (
    Layer,
    check,
    classify,
    forward,
    initialize,
    parameter_count,
    predict,
    propagate,
)


def rng(seed=0):
    return np.random.default_rng(seed)


def test_sizes_give_layers_1_to_L_with_weights_out_by_in():
    network = initialize([5, 4, 3, 2], tanh, identity, rng=rng())
    assert list(network) == [1, 2, 3]
    assert [layer.w.shape for layer in network.values()] == [(4, 5), (3, 4), (2, 3)]
    assert [layer.b.shape for layer in network.values()] == [(4, 1), (3, 1), (2, 1)]
    assert [layer.sigma for layer in network.values()] == [tanh, tanh, identity]
    assert parameter_count(network) == 4 * 5 + 4 + 3 * 4 + 3 + 2 * 3 + 2
    assert parameter_count({1: Layer([[1, 2]], [[3]], tanh)}) == 3


def test_activations_are_given_by_name_or_as_they_are():
    own = leaky_relu_of(0.3)
    network = initialize([2, 2, 2, 1], "relu", own, rng=rng())
    assert [layer.sigma for layer in network.values()] == [relu, relu, own]


@pytest.mark.parametrize(
    ("scheme", "deviation"),
    [("xavier", np.sqrt(2 / (300 + 500))), ("he", np.sqrt(2 / 300)), ("normal", 1.0)],
)
def test_schemes_spread_the_weights_as_their_formulas_say(scheme, deviation):
    w, b, _ = initialize([300, 500], scheme=scheme, rng=rng())[1]
    assert w.std() == pytest.approx(deviation, rel=0.01)
    assert w.mean() == pytest.approx(0, abs=0.02 * deviation)
    assert b.std() == pytest.approx(1 if scheme == "normal" else 0, rel=0.1)
    assert b.mean() == pytest.approx(0, abs=0.2)


@pytest.mark.parametrize("hidden", ["sigmoid", "tanh", "relu"])
def test_the_matching_scheme_keeps_the_signal_alive_through_ten_layers(hidden):
    scheme = "he" if hidden == "relu" else "xavier"
    network = initialize([200] * 11, hidden, hidden, scheme=scheme, rng=rng())
    _, a = forward(network, rng(1).normal(size=(200, 50)))
    assert 0.05 < np.sqrt(np.mean(a[10] ** 2)) < 5


def test_a_seed_gives_one_network():
    first, same, other = (initialize([3, 4, 2], rng=rng(seed)) for seed in (7, 7, 8))
    for l in first:
        np.testing.assert_array_equal(first[l].w, same[l].w)
        assert (first[l].w != other[l].w).all()


def test_forward_is_what_loops_over_the_neurons_compute():
    network = initialize([3, 4, 2], tanh, sigmoid, scheme="normal", rng=rng())
    x = rng(1).normal(size=(3, 5))
    z, a = forward(network, x)

    for sample in range(5):
        values = list(x[:, sample])
        for l, f in [(1, np.tanh), (2, special.expit)]:
            w, b, _ = network[l]
            sums = [
                sum(w[j, k] * values[k] for k in range(len(values))) + b[j, 0]
                for j in range(len(w))
            ]
            values = [f(s) for s in sums]
            np.testing.assert_allclose(z[l][:, sample], sums, rtol=1e-12)
            np.testing.assert_allclose(a[l][:, sample], values, rtol=1e-12)
    assert (list(z), list(a)) == ([1, 2], [0, 1, 2])
    np.testing.assert_array_equal(a[0], x)


def test_propagate_is_forward_without_the_checks():
    network = initialize([3, 4, 2], rng=rng())
    x = rng(1).normal(size=(3, 5))
    for one, other in zip(forward(network, x), propagate(network, x), strict=True):
        for l in one:
            np.testing.assert_array_equal(one[l], other[l])


def test_predict_gives_probabilities_where_the_cost_squashes():
    network = initialize([3, 4], output=identity, scheme="normal", rng=rng())
    x = rng(1).normal(size=(3, 5))
    z = network[1].w @ x + network[1].b
    np.testing.assert_allclose(predict(network, x), z)
    np.testing.assert_allclose(predict(network, x, quadratic), z)
    np.testing.assert_allclose(predict(network, x, sigmoid_cross_entropy), special.expit(z))
    np.testing.assert_allclose(predict(network, x, softmax_cross_entropy), special.softmax(z, 0))


def test_classify_names_the_largest_output_of_each_column():
    network = {1: Layer(np.eye(3), np.zeros((3, 1)), identity)}
    assert classify(network, np.array([[1.0, 0, 2], [0, 0, 3], [0, 5, 1]])).tolist() == [0, 2, 1]


def test_classify_of_a_single_output_is_refused():
    with pytest.raises(ValueError, match=r"a single one; compare predict with a threshold"):
        classify(initialize([2, 1], rng=rng()), np.ones((2, 3)))


def test_predict_takes_a_cost_and_nothing_else():
    with pytest.raises(
        ValueError, match=r"cost is 'quadratic'; a Cost of backprop\.costs is needed"
    ):
        predict(GOOD, np.ones((3, 1)), "quadratic")


def test_check_returns_arrays_of_floats_and_leaves_those_that_are():
    w, b = np.ones((2, 3), np.float32), np.zeros((2, 1), np.float32)
    network, x, y = check({1: Layer(w, b, tanh)}, [[1], [2], [3]], [[True], [False]])
    assert network[1].w is w
    assert network[1].b is b
    assert (x.dtype, y.dtype) == (np.float64, np.float64)
    network, x, y = check({1: (w.astype(int), b.tolist(), tanh)})
    assert (network[1].w.dtype, network[1].b.shape, x, y) == (np.float64, (2, 1), None, None)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("hidden", ["step", "identity", "sigmoid", "tanh", "relu", "leaky_relu"])
def test_a_network_computes_in_its_own_float_type(hidden, dtype):
    network = initialize([3, 4, 2], hidden, hidden, scheme="normal", rng=rng(), dtype=dtype)
    z, a = forward(network, np.ones((3, 5), dtype))
    assert {v.dtype for l in network for v in (network[l].w, network[l].b, z[l], a[l])} == {
        np.dtype(dtype)
    }
    for cost in (sigmoid_cross_entropy, softmax_cross_entropy):
        assert predict(network, np.ones((3, 5), dtype), cost).dtype == dtype


def test_forward_leaves_the_network_and_the_input_as_they_are():
    network = initialize([3, 4, 2], rng=rng())
    x = np.ones((3, 5))
    for array in (x, *(v for w, b, _ in network.values() for v in (w, b))):
        array.flags.writeable = False
    forward(network, x)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (dict(sizes=[3]), r"sizes is \[3\]; an input and at least one layer"),
        (dict(sizes=[3, 0, 2]), r"sizes\[1\] is 0; a whole number of at least 1"),
        (dict(sizes=[3, 2.5]), r"sizes\[1\] is 2\.5"),
        (
            dict(hidden="sigmiod"),
            r"unknown activation 'sigmiod'; known are step, identity, sigmoid",
        ),
        (dict(output=np.tanh), r"unknown activation"),
        (dict(scheme="glorot"), r"unknown scheme 'glorot'; known are xavier, he, normal"),
        (dict(output=softmax), r"softmax is not elementwise.*identity.*softmax_cross_entropy"),
        (dict(hidden="softmax"), r"unknown activation 'softmax'"),
        (dict(dtype=int), r"dtype is int64; a floating-point type is needed"),
        (dict(dtype=complex), r"dtype is complex128"),
    ],
)
def test_initialize_names_what_is_wrong_with_its_input(arguments, message):
    with pytest.raises(ValueError, match=message):
        initialize(**dict(sizes=[3, 4, 2], rng=rng()) | arguments)


def layers(*shapes, sigma=tanh):
    """Layers 1..L of ones, each given as (shape of w, shape of b)."""
    return {l: Layer(np.ones(w), np.ones(b), sigma) for l, (w, b) in enumerate(shapes, start=1)}


GOOD = layers(((4, 3), (4, 1)), ((2, 4), (2, 1)))
NAN = np.array([[1.0], [np.nan]])


@pytest.mark.parametrize(
    ("network", "message"),
    [
        (
            layers(((4, 3), (4, 1)), ((2, 5), (2, 1))),
            r"layer 2: w\[2\] has shape \(2, 5\); needed is \(n_2, 4\), because layer 1 has 4",
        ),
        (
            layers(((4, 3), (4, 1)), ((2, 4), (3, 1))),
            r"layer 2: b\[2\] has shape \(3, 1\); needed is \(2, 1\)",
        ),
        (layers(((4, 3), (4,))), r"layer 1: b\[1\] has shape \(4,\); needed is \(4, 1\)"),
        (layers(((4,), (4, 1))), r"layer 1: w\[1\] has shape \(4,\); needed is \(n_1, n_0\)"),
        (GOOD | {2: Layer(GOOD[2].w * np.inf, GOOD[2].b, tanh)}, r"w\[2\] holds inf at \(0, 0\)"),
        (GOOD | {2: Layer(GOOD[2].w, NAN, tanh)}, r"b\[2\] holds nan at \(1, 0\)"),
        (GOOD | {1: Layer(*GOOD[1][:2], softmax)}, r"softmax is not elementwise.*identity"),
        (GOOD | {1: Layer(*GOOD[1][:2], np.tanh)}, r"unknown activation"),
        (GOOD | {1: Layer(*GOOD[1][:2], "tanh")}, r"layer 1: sigma is the name 'tanh'"),
        (
            layers(((2, 4), (4, 1))),
            r"layer 1: w\[1\] has shape \(2, 4\) and b\[1\] has \(4, 1\).*so w\[1\]\.T would fit",
        ),
        (
            layers(((4, 3), (4, 1)), ((4, 2), (2, 1))),
            r"layer 2: w\[2\] has shape \(4, 2\) and b\[2\] has \(2, 1\).*so w\[2\]\.T would fit",
        ),
        (
            layers(((4, 3), (4, 1)), ((4, 2), (4, 1))),
            r"layer 2: w\[2\] has shape \(4, 2\); needed is \(n_2, 4\).*w\[2\]\.T would fit",
        ),
        (
            layers(((4, 3), (4,))),
            r"needed is \(4, 1\), one bias a neuron; b\[1\]\[:, None\] would fit",
        ),
        (
            GOOD | {1: Layer([[1, 2], [3]], GOOD[1].b, tanh)},
            r"w\[1\] has rows of different lengths",
        ),
        (GOOD | {1: Layer(np.ma.ones((4, 3)), GOOD[1].b, tanh)}, r"w\[1\] is a masked array"),
        (
            GOOD | {1: Layer(GOOD[1].w.astype(object), GOOD[1].b, tanh)},
            r"w\[1\] holds object values",
        ),
        ([*GOOD.values()], r"the network is a list; a dict of layers is needed"),
        ({}, r"the network has layers \[\]; 1, 2, \.\.\., L are needed"),
        ({0: GOOD[1], 1: GOOD[2]}, r"the network has layers \[0, 1\]"),
        ({2: GOOD[2], 1: GOOD[1]}, r"the network has layers \[2, 1\]"),
    ],
)
def test_layers_that_do_not_fit_are_named(network, message):
    with pytest.raises(ValueError, match=message):
        check(network)
    with pytest.raises(ValueError, match=message):
        forward(network, np.ones((3, 5)))


@pytest.mark.parametrize("function", [forward, predict, classify])
@pytest.mark.parametrize(
    ("x", "message"),
    [
        (
            np.ones((4, 5)),
            r"x has shape \(4, 5\); needed is \(3, m\): 3 inputs, one column a sample",
        ),
        (
            np.ones(3),
            r"x has shape \(3,\); needed is \(3, m\).*x\[:, None\] makes one column of it",
        ),
        (np.ones((5, 3)), r"x has shape \(5, 3\); needed is \(3, m\).*x\.T would fit"),
        (np.ones((3, 0)), r"x is empty \(shape \(3, 0\)\)"),
        (np.array([[1], [np.nan], [1]]), r"x holds nan at \(1, 0\)"),
        (np.array([["a"], ["b"], ["c"]]), r"x holds <U1 values"),
    ],
)
def test_input_that_does_not_fit_is_named(function, x, message):
    with pytest.raises(ValueError, match=message):
        function(GOOD, x)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (np.ones((3, 5)), r"y has shape \(3, 5\); needed is \(2, m\): 2 outputs of layer 2"),
        (np.ones(2), r"y has shape \(2,\).*y\[:, None\]"),
        (np.ones((2, 4)), r"x has 5 columns and y has 4; one column of y is needed"),
        (np.full((2, 5), np.inf), r"y holds inf at \(0, 0\)"),
    ],
)
def test_targets_that_do_not_fit_are_named(y, message):
    with pytest.raises(ValueError, match=message):
        check(GOOD, np.ones((3, 5)), y)
