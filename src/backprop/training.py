"""Training: mini-batches, epochs, and what keeps a network from learning its data by heart."""

from typing import NamedTuple

import numpy as np
from tqdm.auto import tqdm

from . import checks
from .backpropagation import backpropagate, check_cost
from .costs import l2, quadratic
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


def dropout_masks(network, m, dropout, rng):
    """Return a mask (n_l, m) for each hidden layer: 0 with probability dropout, else 1/(1 - dropout).

    The division keeps the expected activation (eq:dropout).
    """
    keep = 1 - dropout
    return {
        l: ((rng.random((w.shape[0], m)) < keep) / keep).astype(w.dtype)
        for l, (w, _, _) in network.items()
        if l < len(network)
    }


def step(network, gradient, states, rate, optimizer, shrink=0.0):
    """Return the network and the optimizer's states after one step against the gradient.

    states is {l: (state of w, state of b)}; shrink * w is added to each weight gradient: that is
    weight decay (eq:weight-decay).
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


def mean_cost(network, X, Y, cost):
    """Return the cost of a network on rows X (m, n) with targets Y (m, k), weight decay left out."""
    return cost(propagate(network, X.T)[1][len(network)], Y.T)


@np.errstate(over="ignore", invalid="ignore")  # _cost_now says what overflowed, once an epoch
def train(
    network,
    X,
    Y,
    *,
    cost=quadratic,
    rate,
    epochs,
    batch,
    rng,
    optimizer=gradient_descent,
    weight_decay=0.0,
    dropout=0.0,
    validation=None,
    patience=None,
    progress=False,
) -> Trained:
    """Train a network on rows X (m, n) with targets Y (m, k); the network given stays as it is.

    rate is a number or a schedule of the epoch; weight_decay is the lambda of eq:l2; dropout the
    probability that a hidden activation is left out; validation a pair (X, Y). With patience,
    training stops after so many epochs without a lower validation cost.
    """
    X, Y = _data(network, X, Y, "X", "Y")
    check_cost(network, cost)
    checks.count("epochs", epochs)
    checks.count("batch", batch)
    checks.between("dropout", dropout, 0, 1)
    checks.between("weight_decay", weight_decay, 0, np.inf)
    optimizer, rate_at = optimizer_of(optimizer), schedule_of(rate)
    if validation is not None:
        validation = _data(network, *validation, "validation X", "validation Y")
    if patience is not None:
        checks.count("patience", patience)
        if validation is None:
            raise ValueError("patience needs validation data, and validation is None")

    states, shrink = start(network, optimizer), float(weight_decay) / len(X)
    history, best, lowest = History([], [], 0), network, np.inf
    for epoch in tqdm(range(epochs), desc="epochs", disable=not progress):
        now = checks.between(f"the rate of epoch {epoch}", rate_at(epoch), 0, np.inf)
        step_size = float(now)  # a NumPy float64 would turn float32 weights into float64
        for x, y in minibatches(X, Y, batch, rng):
            masks = dropout_masks(network, x.shape[1], dropout, rng) if dropout else None
            z, a = propagate(network, x, masks)
            gradient = backpropagate(network, z, a, y, cost, masks)
            network, states = step(network, gradient, states, step_size, optimizer, shrink)
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


def accuracy(network, X, Y):
    """Return the share of the rows X (m, n) whose largest output is where Y (m, k) is largest."""
    X, Y = _data(network, X, Y, "X", "Y")
    outputs = propagate(network, X.T)[1][len(network)]
    if len(outputs) == 1:
        raise ValueError("accuracy compares classes, and the network has a single output")
    return float(np.mean(outputs.argmax(axis=0) == Y.argmax(axis=1)))


def regularized_cost(network, X, Y, cost, weight_decay):
    """Return the cost on rows X, Y plus the L2 term weight_decay/(2m) sum w^2 (eq:l2)."""
    weights = [w for w, _, _ in network.values()]
    return mean_cost(network, X, Y, cost) + l2(weights, weight_decay, len(X))


def _cost_now(network, X, Y, cost, epoch):
    now = mean_cost(network, X, Y, cost)
    if not np.isfinite(now):
        raise FloatingPointError(
            f"the cost is {now} after epoch {epoch + 1}: the weights have grown beyond what a float "
            f"holds; a smaller rate is needed"
        )
    return now


def _data(network, X, Y, x_name, y_name):
    X, Y = checks.finite(x_name, X), checks.finite(y_name, Y)
    check(network)
    n, k = network[1].w.shape[1], network[len(network)].w.shape[0]
    if (X.shape[1:], Y.shape[1:]) != ((n,), (k,)):
        raise ValueError(
            f"{x_name} has shape {X.shape} and {y_name} {Y.shape}; needed are (m, {n}) and (m, {k}), "
            f"one row a sample (backprop.datasets.one_hot makes rows of labels)"
        )
    checks.same_length(x_name, X, y_name, Y)
    dtype = network[1].w.dtype  # the network's float type decides, or float32 would not stay
    return X.astype(dtype, copy=False), Y.astype(dtype, copy=False)
