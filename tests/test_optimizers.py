"""Optimizers against closed forms and the formulas of their papers."""

import numpy as np
import pytest

from backprop.optimizers import (
    OPTIMIZERS,
    adagrad,
    adam,
    exponential,
    inverse_time,
    minimize,
    momentum,
    optimizer_of,
    schedule_of,
    staircase,
)

every_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=repr)
CURVATURES = np.array([0.5, 1.0, 3.0])
START = np.array([1.0, -2.0, 0.25])


def bowl(w):
    """The gradient of the quadratic 1/2 sum lambda w^2."""
    return CURVATURES * w


def walk(optimizer, gradients, rate=0.1, theta=0.0):
    """Return theta after each of the gradients, which do not depend on it."""
    state, path = optimizer.start(theta), []
    for gradient in gradients:
        theta, state = optimizer.step(theta, gradient, state, rate)
        path.append(theta)
    return np.array(path)


def test_gradient_descent_on_a_quadratic_shrinks_every_direction_by_its_own_factor():
    path = minimize(bowl, START, rate=0.3, steps=20)
    k = np.arange(21)[:, None]
    np.testing.assert_allclose(path, (1 - 0.3 * CURVATURES) ** k * START, rtol=1e-12)


def test_gradient_descent_diverges_beyond_two_over_the_curvature():
    assert abs(minimize(bowl, START, rate=1.99 / 3, steps=200)[-1]).max() < 0.3
    assert abs(minimize(bowl, START, rate=2.01 / 3, steps=200)[-1]).max() > 1


def test_momentum_under_a_constant_force_approaches_its_terminal_velocity():
    path = walk(momentum(0.9), [2.0] * 200, rate=0.1)
    velocity = np.diff(path, prepend=0)
    k = np.arange(1, 201)
    np.testing.assert_allclose(velocity, -0.2 * (1 - 0.9**k) / (1 - 0.9), rtol=1e-9)
    assert velocity[-1] == pytest.approx(-0.1 * 2 / (1 - 0.9))


def test_momentum_of_0_is_gradient_descent():
    np.testing.assert_array_equal(
        minimize(bowl, START, 0.3, 20, momentum(0)), minimize(bowl, START, 0.3, 20)
    )


@pytest.mark.parametrize("gradient", [1e-4, 1.0, -1.0, -1e6])
@pytest.mark.parametrize("optimizer", [adagrad(), adam()], ids=repr)
def test_the_first_step_is_the_rate_whatever_the_gradients_size(optimizer, gradient):
    first = walk(optimizer, [gradient], rate=0.1)[0]
    assert first == pytest.approx(-0.1 * np.sign(gradient), rel=2e-4)


def test_adagrad_under_a_constant_gradient_slows_down_with_the_root_of_the_steps():
    steps = -np.diff(walk(adagrad(), [3.0] * 50, rate=0.1), prepend=0)
    np.testing.assert_allclose(steps, 0.1 / np.sqrt(np.arange(1, 51)), rtol=1e-7)


def test_adam_under_a_constant_gradient_keeps_its_step():
    steps = -np.diff(walk(adam(), [-3.0] * 50, rate=0.1), prepend=0)
    np.testing.assert_allclose(steps, np.full(50, -0.1), rtol=1e-7)


def test_adam_is_algorithm_1_of_its_paper():
    gradients = np.random.default_rng(0).normal(size=(30, 4))
    beta1, beta2, eps, alpha = 0.8, 0.95, 1e-3, 0.05
    theta, m, v, expected = np.ones(4), 0.0, 0.0, []
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        theta = theta - alpha * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        expected.append(theta)
    path = walk(adam(beta1, beta2, eps), gradients, rate=alpha, theta=np.ones(4))
    np.testing.assert_allclose(path, expected, rtol=1e-12)


def test_momentum_remembers_every_gradient_and_forgets_by_powers_of_mu():
    gradients = np.random.default_rng(1).normal(size=20)
    velocity = np.diff(walk(momentum(0.7), gradients, rate=0.1), prepend=0)
    expected = [-0.1 * sum(0.7 ** (k - j) * gradients[j] for j in range(k + 1)) for k in range(20)]
    np.testing.assert_allclose(velocity, expected, rtol=1e-9)


def test_adagrad_divides_by_the_root_of_all_squares_so_far():
    gradients = np.random.default_rng(2).normal(size=(20, 3))
    steps = np.diff(walk(adagrad(1e-3), gradients, 0.1, np.zeros(3)), axis=0, prepend=0)
    squares = np.cumsum(gradients**2, axis=0)
    np.testing.assert_allclose(steps, -0.1 * gradients / (np.sqrt(squares) + 1e-3), rtol=1e-9)


@every_optimizer
def test_every_optimizer_finds_the_bottom_of_a_bowl(optimizer):
    # Adagrad's rate decays, so that it gets a large one
    rate = 1.0 if optimizer.name == "Adagrad" else 0.1
    assert abs(minimize(bowl, START, rate, 500, optimizer)[-1]).max() < 1e-3


@every_optimizer
def test_a_step_changes_nothing_in_place(optimizer):
    theta, gradient = np.ones((2, 3)), np.full((2, 3), 0.5)
    theta.flags.writeable = gradient.flags.writeable = False
    state = optimizer.start(theta)
    once, next_state = optimizer.step(theta, gradient, state, 0.1)
    again, _ = optimizer.step(theta, gradient, state, 0.1)
    np.testing.assert_array_equal(once, again)
    further, _ = optimizer.step(once, gradient, next_state, 0.1)
    assert (further < once).all()
    assert (once < theta).all()


@pytest.mark.parametrize(
    "optimizer",
    [
        *OPTIMIZERS.values(),
        momentum(np.float64(0.5)),
        adagrad(np.float64(1e-8)),
        adam(*np.array([0.9, 0.99, 1e-8])),
    ],
)
def test_parameters_and_states_stay_float32(optimizer):
    theta, gradient = np.ones((2, 3), np.float32), np.ones((2, 3), np.float32)
    state = optimizer.start(theta)
    for _ in range(2):
        theta, state = optimizer.step(theta, gradient, state, 0.1)
        parts = state if isinstance(state, tuple) else [state]
        arrays = [theta, *(part for part in parts if isinstance(part, np.ndarray))]
        assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
        assert {array.shape for array in arrays} == {(2, 3)}


@every_optimizer
def test_a_zero_gradient_moves_nothing(optimizer):
    assert walk(optimizer, [0.0, 0.0]).tolist() == [0, 0]


def test_schedules_follow_their_formulas():
    k = np.arange(7)
    rates = {
        "inverse": [inverse_time(0.5, tau=2)(i) for i in k],
        "exponential": [exponential(0.5, factor=0.8)(i) for i in k],
        "staircase": [staircase(0.5, factor=0.1, every=3)(i) for i in k],
        "constant": [schedule_of(0.5)(i) for i in k],
    }
    np.testing.assert_allclose(rates["inverse"], 0.5 / (1 + k / 2))
    np.testing.assert_allclose(rates["exponential"], 0.5 * 0.8**k)
    np.testing.assert_allclose(rates["staircase"], [0.5] * 3 + [0.05] * 3 + [0.005])
    np.testing.assert_allclose(rates["constant"], 0.5)


def test_a_factor_of_1_keeps_the_rate():
    assert [exponential(0.5, 1)(k) for k in (0, 1, 9)] == [0.5] * 3
    assert [staircase(0.5, 0.25, 1)(k) for k in (0, 1, 2)] == [0.5, 0.125, 0.03125]


def test_what_is_not_given_is_as_in_the_papers():
    gradients = np.random.default_rng(3).normal(size=(5, 2)) * 1e-7  # so small that eps counts
    for default, given in (
        (momentum(), momentum(0.9)),
        (adagrad(), adagrad(1e-8)),
        (adam(), adam(0.9, 0.999, 1e-8)),
    ):
        np.testing.assert_array_equal(
            walk(default, gradients, theta=np.ones(2)), walk(given, gradients, theta=np.ones(2))
        )
    assert adam(0, 0, 1e-8).start(np.ones((2, 1)))[2] == 0


def test_minimize_asks_the_schedule_for_every_step():
    path = minimize(lambda w: np.ones(1), np.zeros(1), lambda k: 10.0**-k, steps=3)
    np.testing.assert_allclose(path[:, 0], [0, -1, -1.1, -1.11])


def test_minimize_returns_the_whole_path_and_keeps_its_start():
    theta = np.ones((2, 2), int)
    path = minimize(lambda w: w, theta, rate=0.5, steps=3, optimizer="gradient descent")
    np.testing.assert_array_equal(path, [np.full((2, 2), 0.5**k) for k in range(4)])
    assert (theta == 1).all()


def test_optimizers_are_given_by_name_or_as_they_are():
    own = momentum(0.3)
    assert optimizer_of(own) is own
    assert optimizer_of("Adam").name == "Adam"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: minimize(bowl, START, 0, 5), r"rate is 0; a finite number greater than 0"),
        (lambda: minimize(bowl, START, -0.1, 5), r"rate is -0\.1"),
        (lambda: minimize(bowl, START, np.nan, 5), r"rate is nan"),
        (lambda: minimize(bowl, START, 0.1, 0), r"steps is 0; a whole number of at least 1"),
        (lambda: minimize(bowl, [1, np.inf], 0.1, 5), r"theta holds inf at \(1,\)"),
        (
            lambda: minimize(bowl, START, 0.1, 5, "adam"),
            r"unknown optimizer 'adam'; known are gradient descent, momentum, Adagrad, Adam",
        ),
        (lambda: momentum(1), r"mu is 1; a number from 0 to below 1"),
        (lambda: momentum(-0.1), r"mu is -0\.1"),
        (lambda: adagrad(eps=0), r"eps is 0"),
        (lambda: adam(beta1=1.0), r"beta1 is 1\.0; a number from 0 to below 1"),
        (lambda: adam(beta2=1.5), r"beta2 is 1\.5"),
        (lambda: adam(eps=-1), r"eps is -1"),
        (lambda: inverse_time(0, 2), r"rate is 0"),
        (lambda: inverse_time(1, 0), r"tau is 0"),
        (lambda: exponential(-1, 0.5), r"rate is -1"),
        (lambda: exponential(1, 0), r"factor is 0"),
        (lambda: exponential(1, 1.1), r"factor is 1\.1; a rate that falls needs one of at most 1"),
        (lambda: staircase(1, 0.5, 0), r"every is 0; a whole number of at least 1"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("slope", [np.ones((2, 1)), np.ones(1), 1.0, np.ones((2, 2))])
def test_a_gradient_of_another_shape_is_refused(slope):
    with pytest.raises(ValueError, match=r"gradient returned shape .* for theta of shape \(2,\)"):
        minimize(lambda theta: slope, [1.0, 2.0], 0.1, 3)
