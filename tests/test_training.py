"""Training: what a step, an epoch and a whole run do, and when they refuse."""

import inspect
import itertools

import numpy as np
import pytest

from backprop import datasets
from backprop.activations import identity, sigmoid, tanh
from backprop.backpropagation import backprop, backpropagate
from backprop.costs import COSTS, cross_entropy, quadratic
from backprop.costs import softmax_cross_entropy as softmax_cost
from backprop.gradient_check import central_difference, relative_error
from backprop.network import Layer, forward, initialize, predict
from backprop.optimizers import OPTIMIZERS, adam, momentum
from backprop.training import (
    accuracy,
    learning,
    mean_cost,
    minibatches,
    regularized_cost,
    start,
    step,
    thinned,
    train,
)


def rng(seed=0):
    return np.random.default_rng(seed)


def example(m=12, dtype=np.float64):
    """A small network with rows of inputs and targets for it."""
    network = initialize([3, 5, 2], "tanh", "sigmoid", rng=rng(), scheme="normal", dtype=dtype)
    return network, rng(1).normal(size=(m, 3)).astype(dtype), rng(2).random((m, 2)).astype(dtype)


def arrays(network):
    return [array for w, b, _ in network.values() for array in (w, b)]


def assert_same(one, other, **tolerance):
    for left, right in zip(arrays(one), arrays(other), strict=True):
        np.testing.assert_allclose(left, right, **tolerance)


RUN = dict(rate=0.5, epochs=3, batch=5)


def test_minibatches_hand_out_every_sample_once_as_a_column():
    X = np.arange(11.0)[:, None] * [1, 100]
    batches = list(minibatches(X, X[:, :1] + 0.5, 4, rng()))
    assert [x.shape for x, _ in batches] == [(2, 4), (2, 4), (2, 3)]
    assert [y.shape for _, y in batches] == [(1, 4), (1, 4), (1, 3)]
    seen = np.concatenate([x[0] for x, _ in batches])
    assert sorted(seen) == list(range(11))
    assert seen.tolist() != list(range(11))
    for x, y in batches:
        np.testing.assert_array_equal(x[1], 100 * x[0])
        np.testing.assert_array_equal(y[0], x[0] + 0.5)


def test_a_batch_larger_than_the_data_is_all_of_it():
    (x, y), *more = minibatches(np.ones((3, 2)), np.ones((3, 1)), 100, rng())
    assert (x.shape, y.shape, more) == ((2, 3), (1, 3), [])


def masks_of(network, thin, m):
    """What a thinned network multiplies the activations of its hidden layers by."""
    ones = {l: np.ones((len(w), m), w.dtype) for l, (w, _, _) in network.items()}
    return {l: thin[l].sigma(z) / network[l].sigma(z) for l, z in ones.items()}


def test_a_thinned_network_keeps_the_mean_and_spares_the_outputs():
    network = initialize([3, 400, 500, 2], rng=rng(), dtype=np.float32)
    thin = thinned(network, 100, np.float64(0.2), rng())
    assert thin[3] is network[3]
    masks = masks_of(network, thin, 100)
    assert {l: mask.shape for l, mask in masks.items()} == {
        1: (400, 100),
        2: (500, 100),
        3: (2, 100),
    }
    for l in (1, 2):
        assert thin[l].w is network[l].w
        assert thin[l].b is network[l].b
        assert masks[l].dtype == np.float32
        assert np.unique(masks[l]).tolist() == [0, 1.25]
        assert masks[l].mean() == pytest.approx(1, abs=0.01)  # 4 standard deviations
        np.testing.assert_array_equal(thin[l].sigma(masks[l]), thin[l].sigma(masks[l]))  # it stays


def test_dropout_keeps_the_expected_weighted_input_of_the_next_layer():
    network, X, _ = example(m=1)
    x = np.repeat(X.T, 40_000, axis=1)
    z, _ = forward(thinned(network, 40_000, 0.5, rng()), x)
    without, _ = forward(network, X.T)
    np.testing.assert_allclose(z[2].mean(axis=1, keepdims=True), without[2], atol=0.05)


@pytest.mark.parametrize("cost", COSTS.values(), ids=repr)
def test_the_gradient_under_dropout_meets_central_differences_of_the_thinned_network(cost):
    network = initialize([3, 5, 4, 2], "tanh", cost.output or sigmoid, rng=rng(), scheme="normal")
    x, y = rng(1).normal(size=(3, 6)), rng(2).dirichlet(np.ones(2), 6).T
    thin = thinned(network, 6, 0.4, rng(3))
    gradient = backprop(thin, x, y, cost)
    for l in network:
        for name in ("w", "b"):

            def cost_of(theta, l=l, name=name):
                changed = thin | {l: thin[l]._replace(**{name: theta})}
                return cost(forward(changed, x)[1][3], y)

            numerical = central_difference(cost_of, getattr(network[l], name), h=1e-4)
            assert relative_error(getattr(gradient, name)[l], numerical) < 1e-7


def test_the_gradient_of_a_thinned_network_is_that_of_masks_carried_through_by_hand():
    network = initialize([3, 5, 4, 2], "tanh", "sigmoid", rng=rng(), scheme="normal")
    x, y = rng(1).normal(size=(3, 6)), rng(2).random((2, 6))
    thin = thinned(network, 6, 0.4, rng(3))
    masks, w = masks_of(network, thin, 6), {l: layer.w for l, layer in network.items()}
    z1 = w[1] @ x + network[1].b
    a1 = np.tanh(z1) * masks[1]
    z2 = w[2] @ a1 + network[2].b
    a2 = np.tanh(z2) * masks[2]
    z3 = w[3] @ a2 + network[3].b
    delta = {3: (sigmoid(z3) - y) / 6 * sigmoid.prime(z3)}
    delta[2] = (w[3].T @ delta[3]) * (tanh.prime(z2) * masks[2])
    delta[1] = (w[2].T @ delta[2]) * (tanh.prime(z1) * masks[1])
    found = backprop(thin, x, y, quadratic)
    for l, before in ((1, x), (2, a1), (3, a2)):
        np.testing.assert_allclose(found.delta[l], delta[l], rtol=1e-14)
        np.testing.assert_allclose(found.w[l], delta[l] @ before.T, rtol=1e-13)


def test_weight_decay_steps_against_the_gradient_of_the_regularized_cost():
    network, X, Y = example()
    decay, rate = 0.8, 0.5
    trained, _ = train(network, X, Y, rate=rate, epochs=1, batch=12, rng=rng(), weight_decay=decay)
    for l in network:
        for name in ("w", "b"):

            def cost_of(theta, l=l, name=name):
                changed = network | {l: network[l]._replace(**{name: theta})}
                return regularized_cost(changed, X, Y, quadratic, decay)

            before, after = getattr(network[l], name), getattr(trained[l], name)
            numerical = central_difference(cost_of, before, h=1e-4)
            assert relative_error((before - after) / rate, numerical) < 1e-7


def test_regularized_cost_adds_half_the_squared_weights_and_no_bias():
    network, X, Y = example()
    squares = sum(np.sum(w**2) for w, _, _ in network.values())
    added = regularized_cost(network, X, Y, quadratic, 0.3) - mean_cost(network, X, Y, quadratic)
    assert added == pytest.approx(0.3 / (2 * 12) * squares)


@pytest.mark.parametrize("decay", [0.0, 0.6])
@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=repr)
def test_a_run_is_one_optimizer_step_a_batch_with_each_layers_own_state(optimizer, decay):
    network, X, Y = example()
    trained, _ = train(
        network,
        X,
        Y,
        rng=rng(9),
        optimizer=optimizer,
        weight_decay=decay,
        cost=cross_entropy,
        **RUN,
    )

    own, state = {}, {}
    for l, (w, b, _) in network.items():
        own |= {("w", l): w, ("b", l): b}
        state |= {("w", l): optimizer.start(w), ("b", l): optimizer.start(b)}
    order = rng(9)
    for _ in range(RUN["epochs"]):
        for x, y in minibatches(X, Y, RUN["batch"], order):
            now = {l: Layer(own["w", l], own["b", l], network[l].sigma) for l in network}
            gradient = backprop(now, x, y, cross_entropy)
            for key in own:
                slope = getattr(gradient, key[0])[key[1]]
                if key[0] == "w":
                    slope = slope + decay / 12 * own[key]  # 12 samples in all, however many a batch
                own[key], state[key] = optimizer.step(own[key], slope, state[key], RUN["rate"])

    expected = {l: Layer(own["w", l], own["b", l], network[l].sigma) for l in network}
    assert_same(trained, expected, rtol=1e-12)


def test_a_run_under_dropout_takes_each_step_on_a_newly_thinned_network():
    network, X, Y = example()
    trained, _ = train(network, X, Y, rng=rng(4), dropout=0.5, **RUN)

    order, own = rng(4), network
    for _ in range(RUN["epochs"]):
        for x, y in minibatches(X, Y, RUN["batch"], order):
            thin = thinned(own, x.shape[1], 0.5, order)
            gradient = backpropagate(thin, *forward(thin, x), y, quadratic)
            own, _ = step(own, gradient, start(own, sgd), RUN["rate"], sgd)
    assert_same(trained, own, rtol=1e-12)


sgd = OPTIMIZERS["gradient descent"]


def test_train_keeps_the_best_of_what_learning_yields():
    (trained, history), validation = restless()
    network, X, Y = example()
    networks = learning(network, X, Y, rate=6.0, batch=4, rng=rng(3))
    yielded = list(itertools.islice(networks, 30))
    assert [mean_cost(n, X, Y, quadratic) for n in yielded] == history.cost
    assert [mean_cost(n, *validation, quadratic) for n in yielded] == history.validation_cost
    assert_same(trained, yielded[history.best_epoch], rtol=0)
    assert network is not yielded[0]
    assert next(networks) is not yielded[-1]  # it goes on


def test_what_learning_is_built_of_can_be_read_on_one_screen():
    code, _ = inspect.getsourcelines(learning)
    assert len(code) <= 30


def test_a_seed_gives_one_result():
    network, X, Y = example()
    first, same, other = (
        train(network, X, Y, rng=rng(seed), dropout=0.3, **RUN) for seed in (5, 5, 6)
    )
    assert_same(first.network, same.network, rtol=0)
    assert first.history == same.history
    assert first.history != other.history


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=repr)
def test_training_leaves_the_network_and_the_data_as_they_are(optimizer):
    network, X, Y = example()
    for array in (X, Y, *arrays(network)):
        array.flags.writeable = False
    before = dict(network)
    train(network, X, Y, rng=rng(), optimizer=optimizer, weight_decay=0.1, dropout=0.2, **RUN)
    assert all(network[l] is before[l] for l in before)


@pytest.mark.parametrize("rate", [0.1, np.float64(0.1), lambda epoch: np.float64(0.1)])
@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=repr)
def test_a_float32_network_stays_one(optimizer, rate):
    network, X, Y = example(dtype=np.float32)
    settings = dict(epochs=2, batch=5, optimizer=optimizer, rate=rate)
    trained, _ = train(
        network, X, Y, rng=rng(), weight_decay=np.float64(0.1), dropout=np.float64(0.2), **settings
    )
    assert {array.dtype for array in arrays(trained)} == {np.dtype(np.float32)}
    assert {array.dtype for array in arrays(network)} == {np.dtype(np.float32)}


def test_the_rate_is_asked_for_every_epoch():
    network, X, Y = example()
    asked = []
    train(network, X, Y, rate=lambda k: asked.append(k) or 0.1, epochs=4, batch=12, rng=rng())
    assert sorted(set(asked)) == [0, 1, 2, 3]

    # a rate that has fallen to nothing moves nothing
    fallen, _ = train(network, X, Y, rate=lambda k: 0.1 * (k < 1), epochs=3, batch=5, rng=rng())
    once, _ = train(network, X, Y, rate=0.1, epochs=1, batch=5, rng=rng())
    assert_same(fallen, once, rtol=0)


def test_without_validation_data_the_last_network_is_returned():
    network, X, Y = example()
    trained, history = train(network, X, Y, rate=40.0, epochs=15, batch=1, rng=rng())
    assert max(np.diff(history.cost)) > 0  # it goes up and down, and the last is not the best
    assert history.best_epoch == 14
    assert history.validation_cost == []
    assert len(history.cost) == 15
    assert history.cost[-1] == quadratic(predict(trained, X.T), Y.T)


def restless(**more):
    """A run whose validation cost falls, rises, and falls again."""
    network, X, Y = example()
    validation = datasets.Data(rng(7).normal(size=(8, 3)), rng(8).random((8, 2)))
    result = train(
        network, X, Y, rate=6.0, epochs=30, batch=4, rng=rng(3), validation=validation, **more
    )
    return result, validation


def test_with_validation_data_the_best_network_is_returned():
    (trained, history), (X, Y) = restless()
    assert len(history.cost) == len(history.validation_cost) == 30
    assert history.best_epoch == np.argmin(history.validation_cost)
    assert 0 < history.best_epoch < 29
    assert quadratic(predict(trained, X.T), Y.T) == min(history.validation_cost)


@pytest.mark.parametrize("patience", [1, 2, 5])
def test_early_stopping_waits_as_long_as_it_was_told_and_keeps_the_best(patience):
    (_, whole), _ = restless()
    (trained, history), (X, Y) = restless(patience=patience)

    best = stop = 0  # what the rule does to the costs of the run that was not stopped
    for epoch, cost in enumerate(whole.validation_cost):
        if cost < whole.validation_cost[best]:
            best = epoch
        stop = epoch
        if epoch - best == patience:
            break
    assert history.best_epoch == best
    assert history.validation_cost == whole.validation_cost[: stop + 1]
    assert stop < 29
    assert quadratic(predict(trained, X.T), Y.T) == history.validation_cost[best]


def test_a_validation_cost_that_only_equals_the_best_is_no_progress():
    network, X, Y = example()
    still = dict(rate=1e-300, epochs=9, batch=12, rng=rng())  # too small to change any weight
    _, history = train(network, X, Y, validation=(X, Y), patience=3, **still)
    assert (history.best_epoch, len(history.cost)) == (0, 4)


@pytest.mark.parametrize("cost", [quadratic, cross_entropy], ids=repr)
def test_a_network_with_a_hidden_layer_solves_xor(cost):
    X, Y = datasets.gate("xor")
    network = initialize([2, 4, 1], "tanh", "sigmoid", rng=rng())
    trained, history = train(
        network, X, Y, cost=cost, rate=0.1, epochs=400, batch=4, rng=rng(), optimizer=adam()
    )
    assert (predict(trained, X.T).T > 0.5).tolist() == (Y > 0.5).tolist()
    assert history.cost[-1] < 0.02 < history.cost[0]


def test_no_network_without_a_hidden_layer_solves_xor():
    X, Y = datasets.gate("xor")
    network = initialize([2, 1], rng=rng())
    trained, _ = train(network, X, Y, cost=cross_entropy, rate=1, epochs=500, batch=4, rng=rng())
    np.testing.assert_allclose(predict(trained, X.T), 0.5, atol=0.01)


def test_a_network_reads_digits():
    digits = datasets.digits(rng())
    network = initialize([64, 40, 10], "relu", "identity", scheme="he", rng=rng())
    settings = dict(cost=softmax_cost, rate=0.1, epochs=15, batch=20, rng=rng())
    trained, _ = train(network, *digits.train, optimizer=momentum(0.5), **settings)
    assert accuracy(network, *digits.test) < 0.3
    assert accuracy(trained, *digits.test) > 0.95


def test_weight_decay_makes_smaller_weights():
    network, X, Y = example()
    free, bound = (
        train(network, X, Y, rng=rng(), weight_decay=decay, rate=0.5, epochs=200, batch=12).network
        for decay in (0, 0.5)
    )
    for l in network:
        assert np.linalg.norm(bound[l].w) < 0.8 * np.linalg.norm(free[l].w)


def test_accuracy_is_the_share_of_rows_whose_largest_output_is_right():
    network = {1: Layer(np.eye(3), np.zeros((3, 1)), identity)}
    X = np.array([[5.0, 1, 0], [0, 5, 1], [0, 1, 5], [5, 1, 0]])
    assert accuracy(network, X, np.eye(3)[[0, 1, 2, 2]]) == 0.75


def test_accuracy_of_a_single_output_is_refused():
    network = initialize([2, 1], rng=rng())
    with pytest.raises(ValueError, match=r"compares classes, and the network has a single output"):
        accuracy(network, *datasets.gate("or"))


@pytest.mark.parametrize("batch", [1, 12])
def test_a_run_that_diverges_says_so_and_warns_of_nothing(batch):
    _, X, Y = example()
    network = initialize([3, 4, 2], "identity", "identity", rng=rng())
    message = r"the cost is (inf|nan) after epoch \d+.*a smaller rate is needed"
    with pytest.raises(FloatingPointError, match=message):
        train(network, X, Y, rate=1e3, epochs=200, batch=batch, rng=rng())


def test_progress_is_shown_only_where_asked_for(capsys):
    network, X, Y = example()
    train(network, X, Y, rng=rng(), **RUN)
    assert capsys.readouterr() == ("", "")
    train(network, X, Y, rng=rng(), progress=True, **RUN)
    assert "epochs" in capsys.readouterr().err


def test_whole_numbers_and_lists_are_taken_for_the_floats_they_equal():
    X, Y = [[0.5, 0.25], [1, 2], [3, -1.5]], [[0], [1], [1]]
    whole = {
        1: Layer(np.array([[1, -1], [2, 1]]), [[0], [1]], sigmoid),
        2: Layer(np.array([[1, -2]], np.int8), np.array([[True]]), sigmoid),
    }
    floats = {l: Layer(np.array(w, float), np.array(b, float), s) for l, (w, b, s) in whole.items()}
    runs = [
        train(
            network, data, targets, rng=rng(), cost=cross_entropy, validation=(data, targets), **RUN
        )
        for network, data, targets in ((whole, X, Y), (floats, np.array(X), np.array(Y, float)))
    ]
    assert runs[0].history == runs[1].history
    assert_same(runs[0].network, runs[1].network, rtol=0)
    assert {array.dtype for array in arrays(runs[0].network)} == {np.dtype(np.float64)}
    assert regularized_cost(whole, X, Y, quadratic, 0.1) == regularized_cost(
        floats, np.array(X), np.array(Y, float), quadratic, 0.1
    )
    assert mean_cost(whole, X, Y, quadratic) == mean_cost(floats, X, Y, quadratic)
    two = {1: Layer(np.array([[1, -1], [-1, 1]]), np.zeros((2, 1), int), identity)}
    assert accuracy(two, [[0.5, 0.2], [0.3, 0.8]], np.eye(2, dtype=int)) == 1


@pytest.mark.parametrize("where", ["X", "Y", "validation X", "validation Y"])
def test_data_that_the_networks_float_type_cannot_hold_is_named(where):
    network = initialize([1, 1], "identity", "identity", rng=rng(), dtype=np.float16)
    data = {name: np.array([[0.5], [1.0]]) for name in ("X", "Y", "validation X", "validation Y")}
    data[where] = np.array([[0.5], [1e5]])
    message = rf"^{where} holds 100000\.0 at \(1, 0\), and float16 ends at 65504"
    settings = dict(rate=1e-12, epochs=1, batch=2, rng=rng())
    with pytest.raises(ValueError, match=message):
        train(
            network, data["X"], data["Y"],
            validation=(data["validation X"], data["validation Y"]), **settings,
        )  # fmt: skip


@pytest.mark.parametrize("call", [train, mean_cost])
@pytest.mark.parametrize(
    ("cost", "output", "targets", "message"),
    [
        ("cross_entropy", "sigmoid", -1, r"Y holds -1\.0 for output 0 of sample 2; cross_entropy"),
        (
            "sigmoid_cross_entropy",
            "identity",
            255,
            r"Y holds 255\.0 for output 0 of sample 2; sigm",
        ),
        (
            "softmax_cross_entropy",
            "identity",
            1,
            r"softmax_cross_entropy needs two outputs or more",
        ),
        ("sigmoid_cross_entropy", "sigmoid", 1, r"outputs that it squashes itself.*is sigmoid"),
        ("cross_entropy", "tanh", 1, r"outputs between 0 and 1.*is tanh"),
    ],
)
def test_a_cost_that_is_not_for_the_outputs_or_targets_is_refused(
    call, cost, output, targets, message
):
    network = initialize([2, 3, 1], "tanh", output, rng=rng())
    X, Y = np.ones((4, 2)), np.array([[0.0], [1], [targets], [0]])
    settings = RUN | dict(rng=rng()) if call is train else {}
    with pytest.raises(ValueError, match=message):
        call(network, X, Y, cost=COSTS[cost], **settings)


def test_rows_and_columns_exchanged_are_told():
    network, X, Y = example()
    with pytest.raises(ValueError, match=r"one row a sample \(X\.T and Y\.T would fit\)"):
        train(network, X.T, Y.T, rng=rng(), **RUN)


NETWORK, X, Y = example()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (dict(rate=0), r"rate is 0; a finite number greater than 0"),
        (dict(rate=-0.1), r"rate is -0\.1"),
        (dict(rate=np.inf), r"rate is inf"),
        (dict(epochs=0), r"epochs is 0; a whole number of at least 1"),
        (dict(epochs=1.5), r"epochs is 1\.5"),
        (dict(batch=0), r"batch is 0; a whole number of at least 1"),
        (dict(batch="all"), r"batch is 'all'"),
        (dict(dropout=1), r"dropout is 1; a number from 0 to below 1"),
        (dict(dropout=-0.5), r"dropout is -0\.5"),
        (dict(weight_decay=-1), r"weight_decay is -1; a number from 0"),
        (dict(weight_decay=np.nan), r"weight_decay is nan"),
        (dict(patience=0, validation=(X, Y)), r"patience is 0; a whole number of at least 1"),
        (dict(patience=3), r"patience needs validation data, and validation is None"),
        (dict(optimizer="sgd"), r"unknown optimizer 'sgd'; known are gradient descent, momentum"),
        (dict(cost="quadratic"), r"cost is 'quadratic'; a Cost is needed"),
        (dict(X=X[:, 0]), r"X has shape \(12,\) and Y \(12, 2\); needed are \(m, 3\) and \(m, 2\)"),
        (dict(Y=Y.argmax(axis=1)), r"Y \(12,\).*backprop\.datasets\.one_hot makes rows of labels"),
        (dict(Y=Y[:7]), r"X has 12 samples and Y has 7; one Y row is needed for each X row"),
        (
            dict(X=X[:, :2]),
            r"X has shape \(12, 2\) and .*; needed are \(m, 3\) .* one row a sample",
        ),
        (dict(Y=Y[:, :1]), r"Y \(12, 1\); needed are \(m, 3\) and \(m, 2\), one row a sample"),
        (
            dict(validation=(X[:, :2], Y)),
            r"validation X has shape \(12, 2\) and validation Y \(12, 2\); needed are \(m, 3\)",
        ),
        (dict(X=X[:0], Y=Y[:0]), r"X is empty \(shape \(0, 3\)\)"),
        (dict(X=np.where(X[2, 1] == X, np.nan, X)), r"X holds nan at \(2, 1\)"),
        (dict(Y=np.where(Y[3, 0] == Y, np.inf, Y)), r"Y holds inf at \(3, 0\)"),
        (dict(validation=(X, Y[:5])), r"validation X has 12 samples and validation Y has 5"),
        (dict(validation=(X * np.inf, Y)), r"validation X holds -?inf at \(0, 0\)"),
        (
            dict(network=NETWORK | {2: Layer(np.ones((2, 6)), np.ones((2, 1)), identity)}),
            r"layer 2: w\[2\] has shape \(2, 6\); needed is \(n_2, 5\), because layer 1 has 5",
        ),
        (
            dict(network=NETWORK | {1: Layer(NETWORK[1].w * np.nan, *NETWORK[1][1:])}),
            r"w\[1\] holds nan at \(0, 0\)",
        ),
        (
            dict(network=NETWORK | {2: NETWORK[2]._replace(sigma=identity)}, cost=cross_entropy),
            r"cross_entropy needs outputs between 0 and 1, and the output layer is identity",
        ),
    ],
)
def test_train_names_what_is_wrong_with_its_input(arguments, message):
    good = dict(network=NETWORK, X=X, Y=Y, rng=rng(), **RUN)
    with pytest.raises(ValueError, match=message):
        train(**good | arguments)


def test_float64_targets_leave_a_float32_network_float32():
    rng = np.random.default_rng(0)
    network = initialize([2, 3, 2], rng=rng, dtype=np.float32)
    data = datasets.moons(20, 0.1, rng)
    trained = train(network, data.X, data.Y, rate=0.1, epochs=2, batch=5, rng=rng).network
    assert {a.dtype for w, b, _ in trained.values() for a in (w, b)} == {np.dtype(np.float32)}


def test_a_schedule_that_leaves_the_positive_numbers_is_refused():
    rng = np.random.default_rng(0)
    data = datasets.moons(20, 0.1, rng)
    with pytest.raises(ValueError, match=r"the rate of epoch 1 is -0\.1"):
        train(
            initialize([2, 3, 2], rng=rng), data.X, data.Y,
            rate=lambda epoch: 0.1 - 0.2 * epoch, epochs=3, batch=5, rng=rng,
        )  # fmt: skip
