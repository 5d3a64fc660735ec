"""Ways to use a gradient: gradient descent, momentum, Adagrad, Adam, and learning-rate schedules.

Every optimizer is a pair of pure functions for an array theta of any shape:
state = start(theta), then theta, state = step(theta, gradient, state, rate). Nothing is changed
in place.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from . import checks


class Optimizer(NamedTuple):
    """A rule for descending: start(theta) -> state, step(theta, gradient, state, rate)."""

    name: str
    start: Callable
    step: Callable

    def __repr__(self):
        return self.name


gradient_descent = Optimizer(
    "gradient descent",
    lambda theta: None,
    lambda theta, gradient, state, rate: (theta - rate * gradient, state),
)
"""theta <- theta - rate * gradient (eq:gradient-descent)."""


def momentum(mu=0.9):
    """v <- mu v - rate * gradient, theta <- theta + v (eq:momentum)."""
    mu = float(checks.between("mu", mu, 0, 1))

    def step(theta, gradient, v, rate):
        v = mu * v - rate * gradient
        return theta + v, v

    return Optimizer("momentum", np.zeros_like, step)


def adagrad(eps=1e-8):
    """s <- s + gradient^2, theta <- theta - rate * gradient / (sqrt(s) + eps) (eq:adagrad)."""
    eps = float(checks.positive("eps", eps))

    def step(theta, gradient, s, rate):
        s = s + gradient**2
        return theta - rate * gradient / (np.sqrt(s) + eps), s

    return Optimizer("Adagrad", np.zeros_like, step)


class AdamState(NamedTuple):
    """The running means of the gradient (m) and of its square (v), and the steps taken (k)."""

    m: np.ndarray
    v: np.ndarray
    k: int


def adam(beta1=0.9, beta2=0.999, eps=1e-8):
    """theta <- theta - rate * m_hat / (sqrt(v_hat) + eps), from running means (eq:adam)."""
    beta1 = float(checks.between("beta1", beta1, 0, 1))
    beta2 = float(checks.between("beta2", beta2, 0, 1))
    eps = float(checks.positive("eps", eps))

    def start(theta):
        return AdamState(np.zeros_like(theta), np.zeros_like(theta), 0)

    def step(theta, gradient, state, rate):
        k = state.k + 1
        m = beta1 * state.m + (1 - beta1) * gradient
        v = beta2 * state.v + (1 - beta2) * gradient**2
        m_hat, v_hat = m / (1 - beta1**k), v / (1 - beta2**k)
        return theta - rate * m_hat / (np.sqrt(v_hat) + eps), AdamState(m, v, k)

    return Optimizer("Adam", start, step)


OPTIMIZERS = {o.name: o for o in (gradient_descent, momentum(), adagrad(), adam())}


def inverse_time(rate, tau):
    """Return the schedule rate / (1 + k/tau) of the step k = 0, 1, ... (eq:inverse-time)."""
    checks.positive("rate", rate)
    checks.positive("tau", tau)
    return lambda k: rate / (1 + k / tau)


def exponential(rate, factor):
    """Return the schedule rate * factor^k of the step k = 0, 1, ..., with 0 < factor <= 1."""
    checks.positive("rate", rate)
    if checks.positive("factor", factor) > 1:
        raise ValueError(f"factor is {factor!r}; a rate that falls needs one of at most 1")
    return lambda k: rate * factor**k


def staircase(rate, factor, every):
    """Return the schedule that multiplies rate by factor after every so many steps."""
    decayed = exponential(rate, factor)
    checks.count("every", every)
    return lambda k: decayed(k // every)


def schedule_of(rate):
    """Return rate itself where it is a schedule, the constant schedule where it is a number."""
    if callable(rate):
        return rate
    checks.positive("rate", rate)
    return lambda k: rate


def minimize(gradient, theta, rate, steps, optimizer=gradient_descent):
    """Return the path theta_0, theta_1, ..., theta_steps, shape (steps + 1, *theta.shape).

    gradient is a function of theta; rate a number or a schedule; optimizer an Optimizer or its name.
    """
    theta = checks.floats("theta", theta, np.float64)
    checks.count("steps", steps)
    optimizer = optimizer_of(optimizer)
    rate_at = schedule_of(rate)
    path, state = [theta], optimizer.start(theta)
    for k in range(steps):
        slope = np.asarray(gradient(theta))
        if slope.shape != theta.shape:
            raise ValueError(
                f"gradient returned shape {slope.shape} for theta of shape {theta.shape}"
            )
        theta, state = optimizer.step(theta, slope, state, rate_at(k))
        path.append(theta)
    return np.stack(path)


def optimizer_of(optimizer):
    """Return an Optimizer, given itself or its name."""
    if isinstance(optimizer, Optimizer):
        return optimizer
    return checks.named("optimizer", optimizer, OPTIMIZERS)
