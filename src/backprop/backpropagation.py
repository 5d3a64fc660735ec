"""The four equations, and backprop, which is their composition."""

from typing import NamedTuple

import numpy as np

from .costs import check_cost
from .network import check, propagate


class Gradient(NamedTuple):
    """dC/dw, dC/db and the errors delta = dC/dz, each a dict with the layers 1..L as keys."""

    w: dict[int, np.ndarray]
    b: dict[int, np.ndarray]
    delta: dict[int, np.ndarray]


def output_error(grad_a, sigma_prime_z):
    """BP1 (eq:bp1): the output error, (n_L, m), from dC/da[L] and sigma'(z[L])."""
    return grad_a * sigma_prime_z


def hidden_error(w_next, delta_next, sigma_prime_z):
    """BP2 (eq:bp2): delta[l], (n_l, m), from w[l+1], delta[l+1], sigma'(z[l])."""
    return (w_next.T @ delta_next) * sigma_prime_z


def bias_gradient(delta):
    """BP3 (eq:bp3, eq:bp3-batch): dC/db[l], (n_l, 1), the errors added over the samples."""
    return delta.sum(axis=1, keepdims=True)


def weight_gradient(delta, a_prev):
    """BP4 (eq:bp4, eq:bp4-batch): dC/dw[l], (n_l, n_{l-1}), from delta[l] and a[l-1]."""
    return delta @ a_prev.T


def backprop(network, x, y, cost) -> Gradient:
    """Return the gradient of the mean cost for the columns x (n_0, m) and targets y (n_L, m)."""
    network, x, y = check(network, x, y)
    check_cost(cost, network[len(network)].sigma, "y", y)
    z, a = propagate(network, x)
    return backpropagate(network, z, a, y, cost)


def backpropagate(network, z, a, y, cost) -> Gradient:
    """What backprop does after its forward pass, for loops that made theirs; no checks."""
    L = len(network)
    sigma_prime = {l: layer.sigma.prime(z[l]) for l, layer in network.items()}
    delta = {L: output_error(cost.df(a[L], y), sigma_prime[L])}
    for l in range(L - 1, 0, -1):
        delta[l] = hidden_error(network[l + 1].w, delta[l + 1], sigma_prime[l])
    return Gradient(
        w={l: weight_gradient(delta[l], a[l - 1]) for l in network},
        b={l: bias_gradient(delta[l]) for l in network},
        delta=delta,
    )
