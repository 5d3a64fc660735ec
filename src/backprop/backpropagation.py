"""The four equations, and backprop, which is their composition."""

from typing import NamedTuple

import numpy as np

from .activations import sigmoid
from .costs import COSTS, Cost, cross_entropy
from .network import check, propagate


class Gradient(NamedTuple):
    """dC/dw, dC/db and the errors delta = dC/dz, each a dict with the layers 1..L as keys."""

    w: dict[int, np.ndarray]
    b: dict[int, np.ndarray]
    delta: dict[int, np.ndarray]


def output_error(grad_a, sigma_prime_z):
    """BP1: the error of the output layer, (n_L, m), from dC/da[L] and sigma'(z[L]) (eq:bp1)."""
    return grad_a * sigma_prime_z


def hidden_error(w_next, delta_next, sigma_prime_z):
    """BP2: the error of layer l, (n_l, m), from w[l+1], delta[l+1] and sigma'(z[l]) (eq:bp2)."""
    return (w_next.T @ delta_next) * sigma_prime_z


def bias_gradient(delta):
    """BP3: dC/db[l], (n_l, 1), the errors of layer l added over the samples (eq:bp3)."""
    return delta.sum(axis=1, keepdims=True)


def weight_gradient(delta, a_prev):
    """BP4: dC/dw[l], (n_l, n_{l-1}), from delta[l] and a[l-1] (eq:bp4)."""
    return delta @ a_prev.T


def backprop(network, x, y, cost) -> Gradient:
    """Return the gradient of the mean cost for the columns x (n_0, m) and targets y (n_L, m)."""
    check(network, x, y)
    check_cost(network, cost)
    z, a = propagate(network, x)
    return backpropagate(network, z, a, y, cost)


def backpropagate(network, z, a, y, cost, masks=None) -> Gradient:
    """Do what backprop does after its forward pass, without checks: for loops that checked theirs.

    masks are those of the forward pass: a[l] = sigma(z[l]) * masks[l] has them in its derivative.
    """
    L = len(network)

    def sigma_prime(l):
        prime = network[l].sigma.prime(z[l])
        return prime * masks[l] if masks and l in masks else prime

    delta = {L: output_error(cost.grad(a[L], y), sigma_prime(L))}
    for l in range(L - 1, 0, -1):
        delta[l] = hidden_error(network[l + 1].w, delta[l + 1], sigma_prime(l))
    return Gradient(
        w={l: weight_gradient(delta[l], a[l - 1]) for l in network},
        b={l: bias_gradient(delta[l]) for l in network},
        delta=delta,
    )


def check_cost(network, cost):
    """Raise ValueError where the cost needs other outputs than the network's last layer gives."""
    if not isinstance(cost, Cost):
        raise ValueError(f"cost is {cost!r}; a Cost is needed, one of {', '.join(COSTS)}")
    last = network[len(network)].sigma
    if cost is cross_entropy and last is not sigmoid:
        raise ValueError(
            f"cross_entropy needs outputs between 0 and 1, and the output layer is {last}; give it "
            f"sigmoid, or identity with sigmoid_cross_entropy"
        )
