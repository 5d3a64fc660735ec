"""What an epoch costs: this package beside others, and beside its bare matrix products.

    make bench, or: python benchmarks/speed.py [threads]

Everyone learns the same network from the same random float32 data: sigmoid in the hidden layers,
softmax and cross-entropy at the output (the one cost that scikit-learn's classifier has for
classes), plain gradient descent, the samples in a new random order. Before the clock starts each
makes one step, and the steps are compared: whoever computes something else does not compete.

All compute on one thread, and the seconds are the processor's: the table compares code, not pools
of threads, and says much the same on a busy machine. With more threads they are the clock's.
"""

import itertools
import sys
import time

import numpy as np
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from backprop.backpropagation import backpropagate
from backprop.costs import softmax_cross_entropy
from backprop.datasets import Data, one_hot
from backprop.gradient_check import relative_error
from backprop.network import initialize, propagate
from backprop.optimizers import gradient_descent
from backprop.training import minibatches, start, step

try:
    import torch
except ImportError:
    torch = None

SHAPES = [(784, 30, 10), (784, 256, 128, 10)]
BATCHES = [10, 32, 128, 1000]
SAMPLES, RATE = 50_000, 0.1
STEPS, LOOP_SAMPLES = 1000, 1000  # what is timed at a time: steps, and samples of the slow loop
SECONDS, ROUNDS = 20, 3  # a line of the table takes so long, and at least so many rounds


# A contestant is made of a network, data and a batch size. Called with a slice of the rows it
# learns from them once, and it returns its weights, as w (out, in) and b (out,).


def this_package(network, data, batch):
    states, rng = start(network, gradient_descent), np.random.default_rng(0)

    def learn(rows):
        nonlocal network, states
        for x, y in minibatches(data.X[rows], data.Y[rows], batch, rng):
            z, a = propagate(network, x)
            gradient = backpropagate(network, z, a, y, softmax_cross_entropy)
            network, states = step(network, gradient, states, RATE, gradient_descent)
        return [(w, b[:, 0]) for w, b, _ in network.values()]

    return learn


def bare_products(network, data, batch):
    """Nothing but the matrix products of both passes, on random operands made beforehand."""
    rng, w = np.random.default_rng(0), {l: layer.w for l, layer in network.items()}
    a = {l: rng.random((len(w[l]), batch), np.float32) for l in w}
    a[0] = rng.random((batch, data.X.shape[1]), np.float32).T  # rows turned, as minibatches does
    delta = {l: rng.random((len(w[l]), batch), np.float32) for l in w}
    products = [(w[l], a[l - 1]) for l in w]
    products += [(w[l].T, delta[l]) for l in w if l > 1]
    products += [(delta[l], a[l - 1].T) for l in w]
    products = [(left, right, left @ right) for left, right in products]

    def learn(rows):
        for _ in range(rows.start, rows.stop, batch):
            for left, right, out in products:
                np.matmul(left, right, out=out)

    return learn


def scikit_learn(network, data, batch):
    labels = data.Y.argmax(axis=1)
    model = MLPClassifier(
        [len(w) for w, _, _ in network.values()][:-1], activation="logistic", solver="sgd",
        alpha=0, batch_size=batch, learning_rate_init=RATE, momentum=0, nesterovs_momentum=False,
        random_state=np.random.RandomState(0),
    )  # fmt: skip
    model.partial_fit(data.X[:batch], labels[:batch], classes=range(data.Y.shape[1]))  # sets up
    for l, (w, b, _) in network.items():
        model.coefs_[l - 1][:], model.intercepts_[l - 1][:] = w.T, b[:, 0]

    def learn(rows):
        model.partial_fit(data.X[rows], labels[rows])  # one epoch
        return [(w.T, b) for w, b in zip(model.coefs_, model.intercepts_, strict=True)]

    return learn


def pytorch(network, data, batch):
    linear = []
    for w, b, _ in network.values():
        linear.append(torch.nn.Linear(w.shape[1], w.shape[0]))
        linear[-1].weight.data = torch.from_numpy(w.copy())
        linear[-1].bias.data = torch.from_numpy(b[:, 0].copy())
    layers = [layer for one in linear for layer in (one, torch.nn.Sigmoid())]
    model, cost = torch.nn.Sequential(*layers[:-1]), torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    X, labels = torch.from_numpy(data.X), torch.from_numpy(data.Y.argmax(axis=1))

    def learn(rows):
        x, y = X[rows], labels[rows]
        for chosen in torch.randperm(len(x)).split(batch):
            optimizer.zero_grad()
            cost(model(x[chosen]), y[chosen]).backward()
            optimizer.step()
        return [(one.weight.detach().numpy(), one.bias.detach().numpy()) for one in linear]

    return learn


def per_sample(network, data, batch):
    """The loop of the classic teaching code: one column at a time, the gradients added up."""
    weights = [w for w, _, _ in network.values()]
    biases = [b for _, b, _ in network.values()]
    samples = [(x[:, None], y[:, None]) for x, y in zip(*data, strict=True)]
    rng = np.random.default_rng(0)

    def sigmoid(z):
        return 1.0 / (1.0 + np.exp(-z))

    def sigmoid_prime(z):
        return sigmoid(z) * (1 - sigmoid(z))

    def gradient(x, y):
        nabla_b, nabla_w = [None] * len(biases), [None] * len(weights)
        activations, zs = [x], []
        for b, w in zip(biases, weights, strict=True):
            zs.append(np.dot(w, activations[-1]) + b)
            activations.append(sigmoid(zs[-1]))
        p = np.exp(zs[-1] - zs[-1].max())
        delta = p / p.sum() - y
        nabla_b[-1], nabla_w[-1] = delta, np.dot(delta, activations[-2].T)
        for l in range(2, len(weights) + 1):
            delta = np.dot(weights[-l + 1].T, delta) * sigmoid_prime(zs[-l])
            nabla_b[-l], nabla_w[-l] = delta, np.dot(delta, activations[-l - 1].T)
        return nabla_b, nabla_w

    def learn(rows):
        nonlocal weights, biases
        shuffled = [samples[i] for i in rng.permutation(np.arange(rows.start, rows.stop))]
        for first in range(0, len(shuffled), batch):
            mini_batch = shuffled[first : first + batch]
            nabla_b = [np.zeros_like(b) for b in biases]
            nabla_w = [np.zeros_like(w) for w in weights]
            for x, y in mini_batch:
                delta_b, delta_w = gradient(x, y)
                nabla_b = [nb + db for nb, db in zip(nabla_b, delta_b, strict=True)]
                nabla_w = [nw + dw for nw, dw in zip(nabla_w, delta_w, strict=True)]
            eta = RATE / len(mini_batch)
            weights = [w - eta * nw for w, nw in zip(weights, nabla_w, strict=True)]
            biases = [b - eta * nb for b, nb in zip(biases, nabla_b, strict=True)]
        return [(w, b[:, 0]) for w, b in zip(weights, biases, strict=True)]

    return learn


CONTESTANTS = {
    "this package": this_package,
    "bare products": bare_products,
    "scikit-learn": scikit_learn,
    "PyTorch": pytorch,
    "per sample": per_sample,
}
COLUMNS = list(CONTESTANTS)
if torch is None:
    del CONTESTANTS["PyTorch"]  # its column stays, with dashes

# shape (None: both), batch, contestant, and how many times our seconds its own should at least be
TARGETS = [
    (None, 10, "per sample", 10),
    (None, 128, "per sample", 50),
    (None, 10, "PyTorch", 2.5),
    (None, 10, "scikit-learn", 2),
    (None, 1000, "PyTorch", 1),
    (None, 1000, "scikit-learn", 1),
    (SHAPES[1], 128, "bare products", 1 / 1.5),
]


def new_network(sizes):
    rng = np.random.default_rng(1)
    return initialize(sizes, output="identity", rng=rng, dtype=np.float32)


def check_first_step(sizes, data):
    """Raise unless all contestants make the same first step, in float32, over 1000 samples."""
    before = [(w, b[:, 0]) for w, b, _ in new_network(sizes).values()]
    ours = None
    for name, make in CONTESTANTS.items():
        if name == "bare products":
            continue
        after = make(new_network(sizes), data, 1000)(slice(0, 1000))
        moves = [new[i] - old[i] for new, old in zip(after, before, strict=True) for i in (0, 1)]
        ours = ours or moves
        errors = [relative_error(theirs, our) for theirs, our in zip(moves, ours, strict=True)]
        if max(errors) > 1e-3 or any(move.dtype != np.float32 for move in moves):
            raise AssertionError(f"{name} makes another step; relative errors {errors}")


def seconds_per_epoch(sizes, batch, data, clock=time.process_time):
    """Return {contestant: seconds}, for each the least over rounds in which all take turns.

    A round times STEPS steps (at most an epoch), of the slow loop LOOP_SAMPLES samples, and counts
    them as their share of an epoch.
    """
    learners = {name: make(new_network(sizes), data, batch) for name, make in CONTESTANTS.items()}
    best, stop = dict.fromkeys(learners, np.inf), time.perf_counter() + SECONDS
    for done in itertools.count():
        if done >= ROUNDS and time.perf_counter() > stop:
            return best
        for name, learn in learners.items():
            m = LOOP_SAMPLES if name == "per sample" else min(STEPS * batch, SAMPLES)
            first = done * m % (SAMPLES - m + 1)  # other rows in each round: none are in the cache
            began = clock()
            learn(slice(first, first + m))
            best[name] = min(best[name], (clock() - began) * SAMPLES / m)


def verdicts(sizes, batch, seconds):
    """Say of each target of this line whether it is reached, and what the bare products allow."""
    for shape, at, name, least in TARGETS:
        if at != batch or shape not in (None, sizes) or name not in seconds:
            continue
        ratio, limit = (seconds[name] / seconds[k] for k in ("this package", "bare products"))
        word = "reached" if ratio >= least else "not reached"
        if name == "bare products":
            yield f"at most {1 / least:.2f}× {name}: {word} ({1 / ratio:.2f}×)"
        elif ratio >= least:
            yield f"{name} ≥ {least}×: {word} ({ratio:.2f}×)"
        else:
            yield f"{name} ≥ {least}×: {word} ({ratio:.2f}×; bare products {limit:.2f}×)"


def line(sizes, batch, seconds):
    """Return one line of the table."""
    cells = ["-".join(map(str, sizes)), str(batch)]
    for name in COLUMNS:
        s = seconds.get(name)
        cells.append("–" if s is None else f"{s:.3f} ({s / seconds['this package']:.2f}×)")
    return "| " + " | ".join([*cells, "; ".join(verdicts(sizes, batch, seconds))]) + " |"


def main(threads=1):
    threadpool_limits(threads)
    if torch:
        torch.set_num_threads(threads)
    clock = time.process_time if threads == 1 else time.perf_counter
    rng = np.random.default_rng(0)
    X, labels = rng.random((SAMPLES, 784), np.float32), rng.integers(10, size=SAMPLES)
    data = Data(X, one_hot(labels, 10).astype(np.float32))
    print(
        f"Seconds for an epoch of {SAMPLES} samples (and how many times this package's), threads: "
        f"{threads}{'' if torch else '; PyTorch is not installed'}\n"
    )
    print("| network | batch | " + " | ".join(COLUMNS) + " | targets |")
    print("|" + " --- |" * (len(COLUMNS) + 3))
    for sizes in SHAPES:
        check_first_step(sizes, data)
        for batch in BATCHES:
            print(line(sizes, batch, seconds_per_epoch(sizes, batch, data, clock)), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
