"""Backprop against central differences, PyTorch and plain loops over the indices."""

import itertools

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop import costs
from backprop.activations import ACTIVATIONS
from backprop.backpropagation import (
    backprop,
    backpropagate,
    bias_gradient,
    hidden_error,
    output_error,
    weight_gradient,
)
from backprop.costs import COSTS, cross_entropy, quadratic
from backprop.gradient_check import central_difference, relative_error
from backprop.network import Layer, forward, initialize, propagate

LIMIT = 1e-7
DEPTHS, BATCHES = range(1, 6), range(1, 18)
# Every activation and cost; cross_entropy needs outputs between 0 and 1.
PAIRS = [
    (sigma, cost)
    for sigma, cost in itertools.product(ACTIVATIONS, COSTS)
    if cost != "cross_entropy" or sigma == "sigmoid"
]


def gradient_of(network, x, y, cost):
    """Return the gradient without backprop's checks: for outputs and targets a cost is not for."""
    return backpropagate(network, *propagate(network, x), y, cost)


# The witness: textbook formulas, not the package's, for arrays of floats and of mpmath's numbers.


def exp(z):
    return np.frompyfunc(mpmath.exp, 1, 1)(z) if z.dtype == object else np.exp(z)


def log(z):
    return np.frompyfunc(mpmath.log, 1, 1)(z) if z.dtype == object else np.log(z)


def softmax_cost(z, y):
    z = z - z.max(axis=0)
    return (y * (log(exp(z).sum(axis=0)) - z)).sum()


F = {
    "step": lambda z: np.where(z > 0, 1, 0),
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + exp(-z)),
    "tanh": lambda z: 1 - 2 / (1 + exp(2 * z)),
    "relu": lambda z: np.where(z > 0, z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, z / 100),
}
C = {
    "quadratic": lambda a, y: ((a - y) ** 2).sum() / 2,
    "cross_entropy": lambda a, y: -(y * log(a) + (1 - y) * log(1 - a)).sum(),
    "sigmoid_cross_entropy": lambda z, y: (log(1 + exp(z)) - y * z).sum(),
    "softmax_cross_entropy": softmax_cost,
}
KINKED = ("step", "relu", "leaky_relu")


class CrossedKink(Exception):
    """A step of the difference took a z to the other side of 0, where C has no derivative."""


def run(layers, a):
    """Return the output for the input a, and on which side of its kink each z is."""
    sides = [np.empty((0, a.shape[1]), bool)]
    for w, b, sigma in layers:
        z = w @ a + b
        a = F[sigma.name](z)
        if sigma.name in KINKED:
            sides.append((z > 0).astype(bool))
    return a, np.concatenate(sides)


def cost_of(network, x, y, cost, l, place, number):
    """Return C as a function of w[l] (place 0) or b[l] (place 1), computed with such numbers."""
    layers = [(number(w), number(b), sigma) for w, b, sigma in network.values()]
    a, _ = run(layers[: l - 1], number(x))
    _, sides = run(layers[l - 1 :], a)

    def f(theta):
        first = list(layers[l - 1])
        first[place] = number(theta)
        output, sides_now = run([first, *layers[l:]], a)
        if (sides_now != sides).any():
            raise CrossedKink
        return C[cost.name](output, y) / y.shape[1]

    return f


def gradient_error(network, x, y, cost):
    """Return the relative error of the worst single array among all dC/dw[l] and dC/db[l]."""
    gradient, worst = gradient_of(network, x, y, cost), 0.0
    for l, place in itertools.product(network, (0, 1)):
        found, theta = gradient[place][l], network[l][place]
        f = cost_of(network, x, y, cost, l, place, np.longdouble)
        coarse, fine = (central_difference(f, theta, h) for h in (1e-3, 5e-4))
        error = relative_error(found, (4 * fine - coarse) / 3)
        if LIMIT / 10 < error < 1e-3:
            # so small a gradient (five leaky ReLUs leave 1e-9) asks for more digits
            with mpmath.workdps(30):
                f = cost_of(network, x, y, cost, l, place, np.vectorize(mpmath.mpf, otypes="O"))
                error = relative_error(found, central_difference(f, theta, 1e-10))
        worst = max(worst, error)
    return worst


def example(rng, sigmas, cost, m):
    """Return a network of random shape with these activations, inputs and fitting targets."""
    sizes = rng.integers(1, 6, len(sigmas) + 1)
    network = {}
    for l, sigma in enumerate(sigmas, start=1):
        layer = initialize(sizes[l - 1 : l + 1], output=sigma, rng=rng)[1]
        network[l] = layer._replace(b=rng.normal(0, 0.5, layer.b.shape))
    x, outputs = rng.normal(size=(sizes[0], m)), sizes[-1]
    if cost is quadratic:
        return network, x, rng.normal(size=(outputs, m))
    if cost is costs.softmax_cross_entropy:
        return network, x, rng.dirichlet(np.ones(outputs), m).T
    return network, x, rng.random((outputs, m))


def error_off_the_kinks(rng, sigmas, cost, m):
    while True:
        try:
            return gradient_error(*example(rng, sigmas, cost, m), cost)
        except CrossedKink:
            pass  # draw again


def worst_gradient_error(batches_each=17):
    """Return the worst relative error over activations x costs x depths, and the case it is from.

    Each combination is tried with so many of the batch sizes 1-17, all of them unless told.
    """
    rng, batches, worst = np.random.default_rng(0), itertools.cycle(BATCHES), (0.0,)
    for hidden, (output, cost), depth in itertools.product(ACTIVATIONS, PAIRS, DEPTHS):
        for m in itertools.islice(batches, batches_each):
            sigmas = [hidden] * (depth - 1) + [output]
            error = error_off_the_kinks(rng, sigmas, COSTS[cost], m)
            worst = max(worst, (error, hidden, output, cost, f"depth {depth}", f"batch {m}"))
    return worst


def test_backprop_meets_central_differences_on_the_whole_grid(record_property):
    worst = worst_gradient_error(batches_each=1)
    record_property("worst relative error", worst)
    assert worst[0] < LIMIT, worst


@settings(deadline=None, derandomize=True, max_examples=150)
@given(
    hidden=st.lists(st.sampled_from(list(ACTIVATIONS)), max_size=4),
    pair=st.sampled_from(PAIRS),
    m=st.sampled_from(BATCHES),
    seed=st.integers(0, 2**32 - 1),
)
def test_backprop_meets_central_differences_where_activations_are_mixed(hidden, pair, m, seed):
    output, cost = pair
    rng = np.random.default_rng(seed)
    assert error_off_the_kinks(rng, [*hidden, output], COSTS[cost], m) < LIMIT


def small_example(dtype=np.float64, m=5):
    rng = np.random.default_rng(3)
    network = initialize([4, 5, 6, 3], "tanh", "sigmoid", rng=rng, scheme="normal", dtype=dtype)
    return network, rng.normal(size=(4, m)).astype(dtype), rng.random((3, m)).astype(dtype)


every_cost = pytest.mark.parametrize("cost", COSTS.values(), ids=repr)


def test_backprop_is_what_loops_over_the_indices_compute():
    network, x, y = small_example()
    (w1, b1, _), (w2, b2, _), (w3, b3, _) = network.values()
    gradient = backprop(network, x, y, quadratic)

    def neurons(w, b, a, f):
        return [f(sum(w[j, k] * a[k] for k in range(len(a))) + b[j, 0]) for j in range(w.shape[0])]

    mean_w = [np.zeros_like(w) for w in (w1, w2, w3)]
    mean_b = [np.zeros_like(b) for b in (b1, b2, b3)]
    for i in range(5):
        a0 = list(x[:, i])
        a1 = neurons(w1, b1, a0, np.tanh)
        a2 = neurons(w2, b2, a1, np.tanh)
        a3 = neurons(w3, b3, a2, lambda z: 1 / (1 + np.exp(-z)))
        d3 = [(a3[j] - y[j, i]) * a3[j] * (1 - a3[j]) for j in range(3)]
        d2 = [sum(w3[k, j] * d3[k] for k in range(3)) * (1 - a2[j] ** 2) for j in range(6)]
        d1 = [sum(w2[k, j] * d2[k] for k in range(6)) * (1 - a1[j] ** 2) for j in range(5)]
        for l, (d, a) in enumerate([(d1, a0), (d2, a1), (d3, a2)]):
            for j in range(len(d)):
                mean_b[l][j, 0] += d[j] / 5
                for k in range(len(a)):
                    mean_w[l][j, k] += d[j] * a[k] / 5
            np.testing.assert_allclose(gradient.delta[l + 1][:, i], np.array(d) / 5, rtol=1e-10)

    for l in network:
        np.testing.assert_allclose(gradient.w[l], mean_w[l - 1], rtol=1e-10)
        np.testing.assert_allclose(gradient.b[l], mean_b[l - 1], rtol=1e-10)


@pytest.mark.parametrize("hidden", ["identity", "sigmoid", "tanh", "relu", "leaky_relu"])
@pytest.mark.parametrize("cost", COSTS)
def test_backprop_is_what_pytorch_computes(hidden, cost):
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    rng = np.random.default_rng(4)
    output = "sigmoid" if cost == "cross_entropy" else "identity"
    network, x, y = example(rng, [hidden, hidden, output], COSTS[cost], m=6)
    gradient = backprop(network, x, y, COSTS[cost])

    sigma = {"identity": lambda z: z} | {
        name: getattr(functional, name) for name in ("sigmoid", "tanh", "relu", "leaky_relu")
    }
    tensors = {l: [torch.tensor(v, requires_grad=True) for v in network[l][:2]] for l in network}
    a, t = torch.tensor(x), torch.tensor(y)
    for l, (w, b) in tensors.items():
        a = sigma[network[l].sigma.name](w @ a + b)
    total = {
        "quadratic": lambda: functional.mse_loss(a, t, reduction="sum") / 2,
        "cross_entropy": lambda: functional.binary_cross_entropy(a, t, reduction="sum"),
        "sigmoid_cross_entropy": lambda: functional.binary_cross_entropy_with_logits(
            a, t, reduction="sum"
        ),
        "softmax_cross_entropy": lambda: functional.cross_entropy(a.T, t.T, reduction="sum"),
    }[cost]()
    (total / 6).backward()

    for l, (w, b) in tensors.items():
        np.testing.assert_allclose(gradient.w[l], w.grad.numpy(), rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(gradient.b[l], b.grad.numpy(), rtol=1e-9, atol=1e-15)


def test_the_four_equations_take_and_give_the_shapes_of_the_text():
    # n_l = 2, n_{l+1} = 3, n_{l-1} = 4, and a batch of 5; the numbers are easy to add up
    assert output_error(np.full((3, 5), 2.0), np.full((3, 5), 0.25)).tolist() == [[0.5] * 5] * 3
    w_next = np.array([[1.0, 10], [2, 20], [3, 30]])
    assert hidden_error(w_next, np.ones((3, 5)), np.full((2, 5), 0.5)).tolist() == [
        [3.0] * 5,
        [30.0] * 5,
    ]
    delta = np.array([[1.0, 2, 3, 4, 5], [0, 0, 0, 0, 1]])
    assert bias_gradient(delta).tolist() == [[15], [1]]
    assert weight_gradient(delta, np.tile([[1.0], [2], [3], [4]], 5)).tolist() == [
        [15, 30, 45, 60],
        [1, 2, 3, 4],
    ]


@every_cost
def test_the_gradient_of_a_batch_is_the_mean_over_its_samples(cost):
    network, x, y = small_example(m=7)
    whole = gradient_of(network, x, y, cost)
    singles = [gradient_of(network, x[:, [i]], y[:, [i]], cost) for i in range(7)]
    for l in network:
        np.testing.assert_allclose(
            whole.w[l], np.mean([single.w[l] for single in singles], axis=0), rtol=1e-11, atol=1e-15
        )
        np.testing.assert_allclose(
            whole.b[l], np.mean([single.b[l] for single in singles], axis=0), rtol=1e-11, atol=1e-15
        )
        columns = np.hstack([single.delta[l] for single in singles])
        np.testing.assert_allclose(whole.delta[l], columns / 7, rtol=1e-11, atol=1e-15)


@every_cost
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_float32_goes_in_and_float32_comes_out(hidden, cost):
    rng = np.random.default_rng(5)
    network = initialize([4, 5, 3], hidden, "sigmoid", rng=rng, dtype=np.float32)
    x, y = rng.random((4, 6), np.float32), rng.random((3, 6), np.float32)
    for part in gradient_of(network, x, y, cost):
        assert [part[l].dtype for l in network] == [np.float32] * 2


@every_cost
def test_float32_and_float64_agree_to_the_digits_of_the_smaller(cost):
    single = gradient_of(*small_example(np.float32), cost)
    double = gradient_of(*small_example(np.float64), cost)
    for l in double.w:
        assert relative_error(single.w[l], double.w[l]) < 1e-5


def test_backprop_leaves_the_network_and_the_data_as_they_are():
    network, x, y = small_example()
    for array in (x, y, *(v for w, b, _ in network.values() for v in (w, b))):
        array.flags.writeable = False
    for cost in COSTS.values():
        gradient_of(network, x, y, cost)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("output", "cost"), PAIRS)
def test_a_z_of_ten_thousand_anywhere_gives_a_finite_gradient(output, cost, dtype):
    rng = np.random.default_rng(6)
    x, y = rng.normal(size=(3, 4)).astype(dtype), np.array([[0, 1, 0, 1], [1, 0, 0, 1]], dtype)
    for hidden, place in itertools.product(ACTIVATIONS, (1, 2, 3)):
        network = initialize([3, 4, 4, 2], hidden, output, rng=rng, dtype=dtype)
        far = np.resize(np.array([1e4, -1e4], dtype), network[place].b.shape)
        network[place] = network[place]._replace(b=far)

        z, a = forward(network, x)
        assert abs(z[place]).max() > 9e3
        assert np.isfinite(COSTS[cost].f(a[3], y))
        for part in gradient_of(network, x, y, COSTS[cost]):
            assert all(np.isfinite(part[l]).all() for l in network), (hidden, place)


def test_saturated_sigmoids_still_learn_through_the_cost_of_z():
    network = {1: Layer(np.array([[1.0]]), np.array([[1e4]]), ACTIVATIONS["identity"])}
    gradient = backprop(network, np.ones((1, 1)), np.zeros((1, 1)), costs.sigmoid_cross_entropy)
    assert gradient.delta[1] == 1


@pytest.mark.parametrize(
    ("output", "cost"),
    [("sigmoid", c) for c in ("quadratic", "cross_entropy")]
    + [("identity", c) for c in ("quadratic", "sigmoid_cross_entropy", "softmax_cross_entropy")],
)
def test_backprop_is_its_parts_on_checked_input(output, cost):
    rng = np.random.default_rng(8)
    network = initialize([4, 5, 3], "tanh", output, rng=rng)
    x, y = rng.normal(size=(4, 6)), rng.dirichlet(np.ones(3), 6).T
    whole, parts = backprop(network, x, y, COSTS[cost]), gradient_of(network, x, y, COSTS[cost])
    for one, other in zip(whole, parts, strict=True):
        for l in network:
            np.testing.assert_array_equal(one[l], other[l])


def test_lists_and_whole_numbers_are_taken_for_the_floats_they_equal():
    whole = {
        1: Layer([[1, -1], [2, 1]], [[0], [1]], ACTIVATIONS["sigmoid"]),
        2: Layer(memoryview(np.array([[1, -2]])), np.array([[True]]), ACTIVATIONS["sigmoid"]),
    }
    floats = {l: Layer(np.array(w, float), np.array(b, float), s) for l, (w, b, s) in whole.items()}
    x, y = [[1, 0, 2], [0, 3, 1]], [[0, 1, 1]]
    found = backprop(whole, x, y, quadratic)
    right = backprop(floats, np.array(x, float), np.array(y, float), quadratic)
    for part, expected in zip(found, right, strict=True):
        for l in whole:
            assert (type(part[l]), part[l].dtype) == (np.ndarray, np.float64)
            np.testing.assert_array_equal(part[l], expected[l])


@pytest.mark.parametrize("cost", ["sigmoid_cross_entropy", "softmax_cross_entropy"])
@pytest.mark.parametrize("output", [name for name in ACTIVATIONS if name != "identity"])
def test_a_cost_that_squashes_is_refused_unless_the_outputs_are_z(output, cost):
    network = initialize([2, 3, 2], "sigmoid", output, rng=np.random.default_rng(0))
    message = rf"{cost} needs outputs that it squashes itself.* is {output}; give it identity"
    with pytest.raises(ValueError, match=message):
        backprop(network, np.ones((2, 1)), np.array([[1.0], [0]]), COSTS[cost])


@pytest.mark.parametrize("cost", [cross_entropy, costs.sigmoid_cross_entropy], ids=repr)
def test_backprop_refuses_targets_that_its_cost_is_not_for(cost):
    network = initialize([2, 3, 1], output=cost.output, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"y holds -1.* for output 0 of sample 1; .* from 0 to 1"):
        backprop(network, np.ones((2, 2)), np.array([[1.0, -1]]), cost)
    one = network | {2: network[2]._replace(sigma=ACTIVATIONS["identity"])}
    with pytest.raises(ValueError, match=r"softmax_cross_entropy needs two outputs or more"):
        backprop(one, np.ones((2, 2)), np.ones((1, 2)), costs.softmax_cross_entropy)


@pytest.mark.parametrize("output", [name for name in ACTIVATIONS if name != "sigmoid"])
def test_cross_entropy_is_refused_unless_the_outputs_are_sigmoids(output):
    network = initialize([2, 3, 1], "sigmoid", output, rng=np.random.default_rng(0))
    message = rf"cross_entropy needs outputs between 0 and 1.*{output}.*sigmoid_cross_entropy"
    with pytest.raises(ValueError, match=message):
        backprop(network, np.ones((2, 1)), np.ones((1, 1)), cross_entropy)


NETWORK, X, Y = small_example()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (dict(x=X[:3]), r"x has shape \(3, 5\); needed is \(4, m\): 4 inputs"),
        (dict(x=X[:, 0]), r"x has shape \(4,\); needed is \(4, m\).*x\[:, None\]"),
        (dict(x=X[:, :0], y=Y[:, :0]), r"x is empty \(shape \(4, 0\)\)"),
        (dict(x=X * np.nan), r"x holds nan at \(0, 0\)"),
        (dict(y=Y[:2]), r"y has shape \(2, 5\); needed is \(3, m\): 3 outputs of layer 3"),
        (dict(y=Y[:, :4]), r"x has 5 columns and y has 4"),
        (dict(y=Y + np.inf), r"y holds inf at \(0, 0\)"),
        (
            dict(network=NETWORK | {2: NETWORK[3]}),
            r"layer 2: w\[2\] has shape \(3, 6\); needed is \(n_2, 5\), because layer 1 has 5",
        ),
        (
            dict(network=NETWORK | {3: NETWORK[3]._replace(b=np.full((3, 1), -np.inf))}),
            r"b\[3\] holds -inf at \(0, 0\)",
        ),
        (dict(cost="quadratic"), r"cost is 'quadratic'; a Cost is needed, one of quadratic, "),
    ],
)
def test_backprop_names_what_is_wrong_with_its_input(arguments, message):
    good = dict(network=NETWORK, x=X, y=Y, cost=quadratic)
    with pytest.raises(ValueError, match=message):
        backprop(**good | arguments)
