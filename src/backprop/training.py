"""Training: mini-batches, epochs, and what keeps a network from learning its data by heart."""

import itertools
from typing import NamedTuple

import numpy as np
from tqdm.auto import tqdm

from . import checks
from .activations import Activation
from .backpropagation import backpropagate
from .costs import check_cost, l2, quadratic
from .network import Layer, Network, check, propagate
from .optimizers import gradient_descent, optimizer_of, schedule_of


class History(NamedTuple):
    """One entry an epoch: the cost on the training data and, where given, on the validation data."""

    cost: list[float]
    validation_cost: list[float]
    best_epoch: int


class Trained(NamedTuple):
    """The network with the lowest validation cost (without validation data: the last one)."""

    network: Network
    history: History


def minibatches(X, Y, batch, rng):
    """Yield the samples once, in random order, as columns: x (n, batch) and y (k, batch).

    X (m, n) and Y (m, k) hold a sample a row. The last batch is smaller where batch does not
    divide m.
    """
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch):
        chosen = order[start : start + batch]
        yield X.take(chosen, axis=0).T, Y.take(chosen, axis=0).T


def thinned(network, m, dropout, rng):
    """Return the network for m samples with hidden activations left out at random.

    Each is 0 with probability dropout, otherwise divided by 1 - dropout, which keeps its mean
    (eq:dropout). To the four equations that is a layer with another sigma, whose derivative is left
    out with it (eq:bp2-dropout).
    """
    keep = 1 - float(dropout)

    def layer(w, b, sigma):
        mask = ((rng.random((len(w), m)) < keep) / keep).astype(w.dtype)
        return Layer(w, b, Activation(
            f"{sigma} thinned", lambda z: sigma(z) * mask, lambda z: sigma.prime(z) * mask
        ))  # fmt: skip

    L = len(network)
    return {l: layer(*network[l]) if l < L else network[l] for l in network}


def step(network, gradient, states, rate, optimizer, shrink=0.0):
    """Return the network and the optimizer's states after one step against the gradient.

    states is {l: (state of w, state of b)}; shrink * w is added to each weight gradient
    (eq:bp4-l2): that is weight decay (eq:weight-decay).
    """
    moved, new_states = {}, {}
    for l, (w, b, sigma) in network.items():
        grad_w = gradient.w[l] + shrink * w if shrink else gradient.w[l]
        w, state_w = optimizer.step(w, grad_w, states[l][0], rate)
        b, state_b = optimizer.step(b, gradient.b[l], states[l][1], rate)
        moved[l], new_states[l] = Layer(w, b, sigma), (state_w, state_b)
    return moved, new_states


def start(network, optimizer):
    """Return the optimizer's first states for a network: {l: (state of w, state of b)}."""
    return {l: (optimizer.start(w), optimizer.start(b)) for l, (w, b, _) in network.items()}


def learning(
    network, X, Y, *, cost=quadratic, rate, batch, rng,
    optimizer=gradient_descent, weight_decay=0.0, dropout=0.0,
):  # fmt: skip
    """Yield the network after each epoch on rows X (m, n) with targets Y (m, k), without end.

    rate is a number or a schedule of the epoch; weight_decay is the lambda of eq:l2; dropout the
    probability that a hidden activation is left out. The network given stays as it is.
    """
    network, X, Y = check_data(network, X, Y, cost)
    optimizer, rate_at = optimizer_of(optimizer), schedule_of(rate)
    checks.count("batch", batch)
    shrink = float(checks.between("weight_decay", weight_decay, 0, np.inf)) / len(X)
    checks.between("dropout", dropout, 0, 1)
    states = start(network, optimizer)
    for epoch in itertools.count():
        now = float(checks.between(f"the rate of epoch {epoch}", rate_at(epoch), 0, np.inf))
        for x, y in minibatches(X, Y, batch, rng):
            thin = thinned(network, x.shape[1], dropout, rng) if dropout else network
            z, a = propagate(thin, x)
            gradient = backpropagate(thin, z, a, y, cost)
            network, states = step(network, gradient, states, now, optimizer, shrink)
        yield network


@np.errstate(over="ignore", invalid="ignore")  # _cost_now says what overflowed, once an epoch
def train(
    network, X, Y, *, cost=quadratic, rate, epochs, batch, rng,
    optimizer=gradient_descent, weight_decay=0.0, dropout=0.0,
    validation=None, patience=None, progress=False,
) -> Trained:  # fmt: skip
    """Train a network on rows X (m, n) with targets Y (m, k), as learning does, and keep the best.

    validation is a pair (X, Y). With patience, training stops after so many epochs without a lower
    validation cost.
    """
    network, X, Y = check_data(network, X, Y, cost)
    checks.count("epochs", epochs)
    if validation is not None:
        validation = check_data(network, *validation, cost, "validation ")[1:]
    if patience is not None:
        checks.count("patience", patience)
        if validation is None:
            raise ValueError("patience needs validation data, and validation is None")

    networks = learning(
        network, X, Y, cost=cost, rate=rate, batch=batch, rng=rng,
        optimizer=optimizer, weight_decay=weight_decay, dropout=dropout,
    )  # fmt: skip
    history, best, lowest = History([], [], 0), network, np.inf
    for epoch in tqdm(range(epochs), desc="epochs", disable=not progress):
        network = next(networks)
        history.cost.append(_cost_now(network, X, Y, cost, epoch))
        watched = -epoch  # without validation data every epoch counts as better than the last
        if validation is not None:
            watched = _cost_now(network, *validation, cost, epoch)
            history.validation_cost.append(watched)
        if watched < lowest or epoch == 0:
            best, lowest = network, watched
            history = history._replace(best_epoch=epoch)
        elif patience is not None and epoch - history.best_epoch >= patience:
            break
    return Trained(best, history)


def mean_cost(network, X, Y, cost):
    """Return the cost of a network on rows X (m, n) with targets Y (m, k), weight decay left out."""
    return _mean_cost(*check_data(network, X, Y, cost), cost)


def regularized_cost(network, X, Y, cost, weight_decay):
    """Return the cost on rows X, Y plus the L2 term weight_decay/(2m) sum w^2 (eq:l2)."""
    network, X, Y = check_data(network, X, Y, cost)
    weights = [w for w, _, _ in network.values()]
    return _mean_cost(network, X, Y, cost) + l2(weights, weight_decay, len(X))


def accuracy(network, X, Y):
    """Return the share of the rows X (m, n) whose largest output is where Y (m, k) is largest."""
    network, X, Y = check_data(network, X, Y)
    outputs = propagate(network, X.T)[1][len(network)]
    if len(outputs) == 1:
        raise ValueError("accuracy compares classes, and the network has a single output")
    return float(np.mean(outputs.argmax(axis=0) == Y.argmax(axis=1)))


def check_data(network, X, Y, cost=None, prefix=""):
    """Return the network and the rows X (m, n) and Y (m, k) in its float type.

    Raise ValueError where they do not fit together, or the cost is not for such outputs or targets.
    prefix stands before the names X and Y in the message.
    """
    network, _, _ = check(network)
    dtype = network[1].w.dtype  # the network's float type decides, or float32 would not stay
    x_name, y_name = f"{prefix}X", f"{prefix}Y"
    X, Y = checks.floats(x_name, X, dtype), checks.floats(y_name, Y, dtype)
    n, k = network[1].w.shape[1], len(network[len(network)].w)
    if (X.shape[1:], Y.shape[1:]) != ((n,), (k,)):
        hint = "backprop.datasets.one_hot makes rows of labels"
        if X.ndim == Y.ndim == 2 and (len(X), len(Y)) == (n, k):
            hint = f"{x_name}.T and {y_name}.T would fit"
        raise ValueError(
            f"{x_name} has shape {X.shape} and {y_name} {Y.shape}; needed are (m, {n}) and (m, {k}), "
            f"one row a sample ({hint})"
        )
    checks.same_length(x_name, X, y_name, Y)
    if cost is not None:
        check_cost(cost, network[len(network)].sigma, y_name, Y.T)
    return network, X, Y


def _mean_cost(network, X, Y, cost):
    return cost.f(propagate(network, X.T)[1][len(network)], Y.T)


def _cost_now(network, X, Y, cost, epoch):
    now = _mean_cost(network, X, Y, cost)
    if not np.isfinite(now):
        raise FloatingPointError(
            f"the cost is {now} after epoch {epoch + 1}: the weights have grown beyond what a float "
            f"holds; a smaller rate is needed"
        )
    return now
