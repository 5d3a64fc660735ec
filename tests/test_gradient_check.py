"""The witness for every gradient: exact where it must be, and not fooled by wrong backprops."""

import numpy as np
import pytest

from backprop.activations import softmax, softmax_jacobian
from backprop.costs import quadratic, softmax_cross_entropy
from backprop.gradient_check import central_difference, jacobian, relative_error
from backprop.network import forward, initialize


def test_central_differences_are_exact_for_a_parabola():
    A = np.random.default_rng(0).normal(size=(4, 4))
    theta = np.array([1.0, -2, 0.5, 3])
    found = central_difference(lambda t: t @ A @ t, theta, h=0.5)
    np.testing.assert_allclose(found, (A + A.T) @ theta, rtol=1e-13)


def test_the_error_falls_with_the_square_of_the_step():
    def error(h):
        return float(central_difference(np.exp, 0.0, h) - 1)

    for h in (0.1, 0.01):
        assert error(h) == pytest.approx(h**2 / 6, rel=0.01)


def test_every_entry_is_moved_alone_and_theta_comes_back_in_its_shape():
    theta = np.arange(1.0, 7).reshape(2, 3)
    np.testing.assert_allclose(central_difference(np.prod, theta), 720 / theta, rtol=1e-9)


def test_theta_is_left_as_it_is_and_f_is_evaluated_twice_an_entry():
    theta, calls = np.ones((2, 3), np.float32), []

    def f(t):
        calls.append(t)
        return t.sum()

    assert central_difference(f, theta).dtype == np.float64
    assert len(calls) == 2 * theta.size
    np.testing.assert_array_equal(theta, 1)


@pytest.mark.parametrize("theta", [1.0, np.array([0.3, -2, 1]), np.ones((2, 3), np.float32)])
def test_f_may_work_in_place(theta):
    def in_place(t):
        t -= 3
        t *= t
        return t.sum()

    expected = 2 * (np.asarray(theta, float) - 3)
    np.testing.assert_allclose(central_difference(in_place, theta), expected, rtol=1e-9)
    np.testing.assert_array_equal(
        central_difference(in_place, theta), central_difference(in_place, theta)
    )


def test_f_may_return_the_same_array_at_every_call():
    out, number = np.empty(2), np.empty(())

    def f(t):
        np.multiply(t, [2, 5], out=out)
        return out

    def g(t):
        number[()] = t @ [2, 5]
        return number

    np.testing.assert_allclose(jacobian(f, [1.0, 2.0]), [[2, 0], [0, 5]], rtol=1e-9)
    np.testing.assert_allclose(central_difference(g, [1.0, 2.0]), [2, 5], rtol=1e-9)


@pytest.mark.parametrize("theta", [1e9, 3e10, -123456.789])
def test_the_divisor_is_the_step_that_was_made(theta):
    assert central_difference(lambda t: 4 * t, theta) == 4
    assert jacobian(lambda t: 4 * t, [theta])[0, 0] == 4


@pytest.mark.parametrize(
    ("theta", "h"), [([2.0, 1e12], 1e-5), ([2.0, 1.0], 1e-16), ([2.0, -1e300], 1)]
)
def test_a_step_that_is_lost_in_rounding_is_refused(theta, h):
    with pytest.raises(ValueError, match=r"h = .* is lost beside the .* of theta.*a larger h"):
        central_difference(np.sum, theta, h)
    with pytest.raises(ValueError, match=r"h = .* is lost beside the .* of x.*a larger h"):
        jacobian(np.sin, theta, h)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (np.ones(2), r"an array of shape \(2,\)"),
        (np.ones((1, 1)), r"an array of shape \(1, 1\)"),
        ([1.0], r"an array of shape \(1,\)"),
        (np.nan, "nan"),
        (-np.inf, "-inf"),
        (1j, "1j"),
        (None, "None"),
        ("1", "'1'"),
    ],
)
def test_f_must_return_a_finite_number(value, shown):
    with pytest.raises(ValueError, match=rf"f returned .*{shown}.*; a finite number is needed"):
        central_difference(lambda t: value, [1.0, 2.0])


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (2.0, r"f returned shape \(\); needed is \(k,\)"),
        (np.ones((2, 1)), r"f returned shape \(2, 1\); needed is \(k,\)"),
        ([1, np.nan], r"f\(x\) holds nan at \(1,\)"),
        ([1j], r"f\(x\) holds complex128 values"),
    ],
)
def test_the_function_of_a_jacobian_must_return_finite_numbers(value, message):
    with pytest.raises(ValueError, match=message):
        jacobian(lambda t: value, [1.0, 2.0])


@pytest.mark.parametrize("kind", [int, bool, np.uint8, np.float32, np.longdouble])
def test_f_may_return_any_real_number(kind):
    found = central_difference(lambda t: kind(t > 1), 1.0, h=0.5)
    assert found == 1
    falling = central_difference(lambda t: kind(t < 1), 1.0, h=0.5)
    assert falling == -1


def test_jacobian_has_a_row_for_every_output_and_a_column_for_every_input():
    A = np.random.default_rng(1).normal(size=(2, 5))
    found = jacobian(lambda x: A @ x + 1, np.arange(5))
    np.testing.assert_allclose(found, A, rtol=1e-8)


def test_relative_error_is_0_for_equals_and_2_for_opposites():
    v = np.array([[3.0, 4], [0, 0]])
    assert relative_error(v, v) == 0
    assert relative_error(v, -v) == 2
    assert relative_error(np.zeros(3), np.zeros(3)) == 0
    assert relative_error(v, 0 * v) == relative_error(0 * v, v) == 1


def test_relative_error_depends_on_no_scale():
    v, w = np.array([3.0, 4]), np.array([3.0, 4.5])
    expected = 0.5 / np.hypot(3, 4.5)
    for scale in (1e-300, 1e-200, 1, 1e200, 1e300):
        assert relative_error(scale * v, scale * w) == pytest.approx(expected)
        assert relative_error(scale * w, scale * v) == pytest.approx(expected)


def test_relative_error_of_whole_numbers_does_not_wrap():
    assert relative_error(np.uint8([1]), np.uint8([2])) == 0.5
    assert relative_error(np.int8([-128]), np.int8([127])) == pytest.approx(255 / 128)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: central_difference(np.sum, [1, np.nan]), r"theta holds nan at \(1,\)"),
        (lambda: central_difference(np.sum, [1.0], h=0), r"h is 0; a finite number greater than 0"),
        (lambda: jacobian(np.sin, [np.inf]), r"x holds inf at \(0,\)"),
        (lambda: jacobian(np.sin, [1.0], h=-1), r"h is -1"),
        (lambda: jacobian(np.sin, [[1.0], [2.0]]), r"x has shape \(2, 1\); needed is \(n,\)"),
        (
            lambda: relative_error(np.ones((2, 1)), np.ones(2)),
            r"found has shape \(2, 1\), expected has shape \(2,\)",
        ),
        (lambda: relative_error([np.nan], [1.0]), r"found holds nan"),
        (lambda: relative_error([1.0], [np.inf]), r"expected holds inf"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# Wrong backprops, each with one fault of those that people make. Layers and batch have the same
# size, so that a missing transpose or a wrong axis runs without a word.
SIZE = 4


def faulty_gradient(network, x, y, fault):
    """The gradient of the quadratic cost as a flat array, all w and then all b; "" is right."""
    z, a = forward(network, x)
    L, m = len(network), x.shape[1]
    w = {l: layer.w for l, layer in network.items()}
    prime = {l: layer.sigma.prime(z[l]) for l, layer in network.items()}

    delta = {L: (a[L] - y) * prime[L] / m}
    if fault == "sign turned":
        delta = {L: (y - a[L]) * prime[L] / m}
    if fault == "σ′ dropped in BP1":
        delta = {L: (a[L] - y) / m}
    if fault == "1/m lost":
        delta = {L: (a[L] - y) * prime[L]}
    for l in range(L - 1, 0, -1):
        delta[l] = (w[l + 1].T @ delta[l + 1]) * prime[l]
        if fault == "σ′ dropped in BP2":
            delta[l] = w[l + 1].T @ delta[l + 1]
        if fault == "transpose missing in BP2":
            delta[l] = (w[l + 1] @ delta[l + 1]) * prime[l]
        if fault == "w off by one layer":
            delta[l] = (w[l].T @ delta[l + 1]) * prime[l]
        if fault == "σ′ off by one layer":
            delta[l] = (w[l + 1].T @ delta[l + 1]) * prime[l + 1]

    grad_b = {l: delta[l].sum(axis=1) for l in network}
    if fault == "bias over the wrong axis":
        grad_b = {l: delta[l].sum(axis=0) for l in network}
    if fault == "bias averaged twice":
        grad_b = {l: delta[l].mean(axis=1) for l in network}
    grad_w = {l: delta[l] @ a[l - 1].T for l in network}
    if fault == "a off by one layer":
        grad_w = {l: delta[l] @ a[l].T for l in network}
    if fault == "transpose missing in BP4":
        grad_w = {l: delta[l] @ a[l - 1] for l in network}
    if fault == "BP4 turned round":
        grad_w = {l: a[l - 1] @ delta[l].T for l in network}
    return flat(grad_w, grad_b)


FAULTS = [
    "sign turned",
    "σ′ dropped in BP1",
    "σ′ dropped in BP2",
    "1/m lost",
    "transpose missing in BP2",
    "transpose missing in BP4",
    "BP4 turned round",
    "w off by one layer",
    "σ′ off by one layer",
    "a off by one layer",
    "bias over the wrong axis",
    "bias averaged twice",
]


def flat(*grads):
    return np.concatenate([grad[l].ravel() for grad in grads for l in grad])


def square_network(output="sigmoid", seed=0):
    rng = np.random.default_rng(seed)
    network = initialize([SIZE] * 4, "tanh", output, rng=rng)
    x = rng.normal(size=(SIZE, SIZE))
    return network, x, np.eye(SIZE)[:, rng.permutation(SIZE)]


def numerical_gradient(network, x, y, cost):
    def part(l, name):
        def cost_of(theta):
            changed = network | {l: network[l]._replace(**{name: theta})}
            return cost(forward(changed, x)[1][len(network)], y)

        return central_difference(cost_of, getattr(network[l], name))

    return flat({l: part(l, "w") for l in network}, {l: part(l, "b") for l in network})


def test_the_check_passes_the_right_gradient():
    network, x, y = square_network()
    numerical = numerical_gradient(network, x, y, quadratic)
    assert relative_error(faulty_gradient(network, x, y, ""), numerical) < 1e-7


@pytest.mark.parametrize("fault", FAULTS)
def test_the_check_catches(fault):
    network, x, y = square_network()
    numerical = numerical_gradient(network, x, y, quadratic)
    assert relative_error(faulty_gradient(network, x, y, fault), numerical) > 1e-3


def test_the_check_catches_softmax_taken_for_elementwise():
    network, x, y = square_network(output="identity")
    z, a = forward(network, x)
    p, L = softmax(a[3]), 3
    dC_dp = -y / p / SIZE
    numerical = numerical_gradient(network, x, y, softmax_cross_entropy)

    def gradient_of_output_layer(delta):
        grads = flat({L: delta @ a[L - 1].T}, {L: delta.sum(axis=1)})
        return relative_error(grads, numerical[in_output_layer])

    # in the flat array: w1 w2 w3, 16 numbers each, then b1 b2 b3, 4 each
    in_output_layer = np.r_[
        2 * SIZE**2 : 3 * SIZE**2, 3 * SIZE**2 + 2 * SIZE : 3 * SIZE**2 + 3 * SIZE
    ]
    right = np.einsum("ijs,is->js", softmax_jacobian(z[L]), dC_dp)
    assert gradient_of_output_layer(right) < 1e-7
    assert gradient_of_output_layer(dC_dp * p * (1 - p)) > 1e-3
