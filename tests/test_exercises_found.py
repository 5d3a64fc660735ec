"""Answers that an adversary gave, written as a reader writes them, and what they are to hear."""

import itertools
import random

import numpy as np
import pytest

from backprop.network import initialize
from backprop.optimizers import adam
from backprop.training import learning
from bookkit.exercises import EXERCISES, chapter_01, judge


def nesterov(place, twice=False):
    def answer(gradient, theta, v, rate, mu):
        slope = gradient(theta + place(mu) * v)
        slope = (slope + gradient(theta)) / 2 if twice else slope
        v = mu * v - rate * slope
        return theta + v, v

    return answer


def moved_then_measured(gradient, theta, v, rate, mu):
    new = theta + v
    return new, mu * v - rate * gradient(new)


def forgetting(power=1, late=0, weight=None, old=False, root=False, shown=False, short=False):
    def answer(theta, s, g, k, rate, beta):
        b = weight(beta) if weight else beta
        before, s = s, b * s + (1 - b) * np.square(g)
        by = 1 - beta ** (power * k + late)
        mean = (before if old else s) / by
        if short:
            return theta - rate * by**0.5 * g / (s**0.5 + 1e-8), s
        size = np.sqrt(s) / by if root else np.sqrt(mean)
        return theta - rate * g / (size + 1e-8), mean if shown else s

    return answer


def annealed(rule, ahead=False):
    def answer(gradient, w, rate, tau, steps):
        w = np.array(w, float)
        now = rate
        for k in range(steps):
            now, new = rule(rate, now, k, tau), w.copy()
            for i in range(w.size):
                new[i] = w[i] - now * gradient(new if ahead else w)[i]
            w = new
        return w

    return answer


def one_pass(order):
    def answer(sample_gradients, theta, rate, size):
        of = order(list(sample_gradients))
        for i in range(0, len(of), size):
            theta = theta - rate * np.mean([g(theta) for g in of[i : i + size]], axis=0)
        return theta

    return answer


def in_place(change):
    def answer(sample_gradients, theta, rate, size):
        change(sample_gradients)
        return one_pass(list)(sample_gradients, theta, rate, size)

    return answer


def fourth_powers(bias):
    def answer(x, y, w1, b1, w2, b2, sigma):
        z = w1 @ x + b1
        a = sigma(z)
        d2 = 4 * (w2 @ a + b2 - y) ** 3 / x.shape[1]
        d1 = w2.T @ d2 * sigma.prime(z)
        return d1 @ x.T, bias(d1, x), d2 @ a.T, bias(d2, a)

    return answer


def in_rows(bias, slope=lambda a: 1 - a**2):
    def answer(X, Y, w1, b1, w2, b2):
        A = np.tanh(X @ w1.T + b1)
        D2 = (A @ w2.T + b2 - Y) / len(X)
        D1 = D2 @ w2 * slope(A)
        return D1.T @ X, bias(D1, X), D2.T @ A, bias(D2, A), D2

    return answer


def hidden(slope=lambda h: 1 - h**2, product=lambda d, a: d @ a.T, moved=False):
    def answer(w1, b1, w2, b2, x, y):
        h = np.tanh(w1 @ x + b1)
        d2 = (w2 @ h + b2 - y) / x.shape[1]
        by = w2 - d2 @ h.T if moved else w2
        d1 = by.T @ d2 * slope(h)
        return product(d1, x), d1.sum(axis=1, keepdims=True), product(d2, h)

    return answer


def skipping(slope):
    def answer(a, y, w2, w3, v):
        d3 = (a[3] - y) / y.shape[1]
        d2 = w3.T @ d3 * slope(a[2])
        d1 = (w2.T @ d2 + v.T @ d3) * slope(a[1])
        return d1 @ a[0].T, d2 @ a[1].T, d3 @ a[2].T, d3 @ a[1].T

    return answer


def softmax(axis, inner):
    def answer(grad_a, z):
        a = np.exp(z) / np.exp(z).sum(axis=axis)
        return a * grad_a - a * (a * grad_a).sum(axis=inner)

    return answer


def as_sigmoids(grad_a, z):
    s = 1 / (1 + np.exp(-z))
    a = s / s.sum(axis=0)
    return grad_a * a * (1 - a)


def dropped(w, b, x, y, kept, q):
    x = x * kept / q
    delta = (1 / (1 + np.exp(-(w @ x + b))) - y) / x.shape[1]
    dw = delta @ x.T
    return dw, dw.sum(axis=1, keepdims=True)


def decayed(v_of, w_of):
    def answer(w, v, slope, rate, mu, decay, m):
        new = v_of(v, slope, w, rate, mu, decay / m, m)
        return w_of(w, new, v, slope, rate, mu, decay / m), new

    return answer


def usual(v, g, w, rate, mu, d, m):
    return mu * v - rate * (g + d * w)


def standardized(mean, sd):
    def answer(x, rows):
        learned, held = x[:rows], x[rows:]
        return (learned - learned.mean(0)) / learned.std(0), (held - mean(learned, held)) / sd(
            learned, held
        )

    return answer


def neuron_pass(returned):
    def answer(w, b, X, Y, order, rate):
        for i in order:
            delta = 1 / (1 + np.exp(-(w @ X[:, i] + b))) - Y[i]
            w, b = w - rate * delta * X[:, i], b - rate * delta
        return returned(w, b)

    return answer


def bowl(a, y):
    return -0.5 * ((1 + y) * np.log(1 + a) + (1 - y) * np.log(1 - a))


def every_layer_on_the_inputs(X, layers):
    for w, b, sigma in layers:
        A = sigma(X @ w.T + b[:, 0])
    return A


def standardized_by_fewer(x, w1, b1, w2, b2):
    x = (x - x.mean(1)[:, None]) / x.std(1, ddof=1)[:, None]
    return w2 @ np.tanh(w1 @ x + b1[:, None]) + b2[:, None]


ROW_SUMS, ONE_NUMBER = "rows of ∂C/∂w", "one number is left"


def trained(by=lambda mu: 1, old_targets=False):
    """Return an answer to 11.4 whose step is weighed, or whose targets keep their old order."""

    def learned(w, X, Y, slope, rate, mu, batch, orders):
        velocity = 0 * w
        for order in orders:
            for first in range(0, len(X), batch):
                rows = order[first : first + batch]
                y = (Y if old_targets else Y[order])[first : first + batch]
                velocity = mu * velocity - by(mu) * rate * slope(w, X[rows], y)
                w = w + velocity
        return w

    return learned


def clipped_at_one(W, x, g, top):
    a = np.clip(x @ W, 0, top)
    delta = g * ((a > 0) & (a < 1))
    return np.outer(x, delta), W @ delta


def through_the_new(W, x, g, rate):
    a = np.maximum(x @ W, 0)
    delta = np.where(a > 0, g, 0)
    new = W - rate * np.outer(x, delta)
    return a, new, new @ delta


def worst_by(size, of=None, over=max):
    """Return an answer to 11.7 that measures by another length, or not the worst of all arrays."""

    def worst(found, expected):
        return over([
            np.linalg.norm(found[k] - expected[k])
            / size(np.linalg.norm(found[k]), np.linalg.norm(expected[k]))
            for k in list(expected)[:of]
        ])  # fmt: skip

    return worst


def guarded(bad=lambda *f: not np.isfinite(f).all(), part=1, limit=None, kink="kink", late=False):
    """Return an answer to 11.9 with another guard, another difference or another limit.

    late: what is not finite is looked for after the kink.
    """

    def slope(f, t, h, most):
        low, middle, high = f(t - h), f(t), f(t + h)
        if not late and bad(low, middle, high):
            return "not finite"
        with np.errstate(invalid="ignore"):
            jump = abs(high - 2 * middle + low) / h
        if part * jump > (limit or most):
            return kink
        return "not finite" if late and bad(low, middle, high) else (high - low) / (2 * h)

    return slope


FOUND = [
    ("4.2", 1.5 * np.tanh(1) - 0.7 * np.tanh(0.07) + 0.2, "A minus is lost in the last product"),
    ("4.5", every_layer_on_the_inputs, "Every layer is given X"),
    ("4.6", standardized_by_fewer, "one less than the number of samples"),
    ("4.7", lambda W, y: W @ y, "adds along a row"),
    ("6.10", moved_then_measured, "moves by the old v"),
    ("6.10", nesterov(lambda mu: mu**2), "twice"),
    ("6.10", nesterov(lambda mu: mu, twice=True), "mean of two slopes"),
    ("6.11", forgetting(power=2), "correction has β²"),
    ("6.11", forgetting(weight=lambda b: b * b), "s has the weight β²"),
    ("6.11", forgetting(power=2, weight=lambda b: b * b), "weight β is squared"),
    ("6.11", forgetting(late=-1), "one step behind"),
    ("6.11", forgetting(late=1), "one step ahead"),
    ("6.11", forgetting(root=True), "after the root"),
    ("6.11", forgetting(weight=lambda b: 1 - b), "swapped"),
    ("6.11", forgetting(old=True), "the s from before"),
    ("6.11", forgetting(shown=True), "returned as s"),
    ("6.12", annealed(lambda rate, now, k, tau: rate), "never falls"),
    ("6.12", annealed(lambda rate, now, k, tau: rate, ahead=True), "never falls. And"),
    ("6.12", annealed(lambda rate, now, k, tau: now / (1 + k / tau)), "compounded"),
    ("6.12", annealed(lambda rate, now, k, tau: now / (1 + k / tau), ahead=True), "compounded"),
    ("6.12", annealed(lambda rate, now, k, tau: rate * 0.5 ** (k / tau)), "every τ steps"),
    ("6.13", in_place(list.reverse), "changes its arguments"),
    ("6.13", in_place(random.Random(3).shuffle), "changes its arguments"),
    ("6.13", one_pass(lambda of: random.sample(of, len(of))), "The samples are shuffled"),
    ("6.13", one_pass(lambda of: of[::-1]), "from the last to the first"),
    ("6.14", lambda a, b: (1 / a + 1 / b,), "a tuple of one; a number is needed"),
    ("7.5", neuron_pass(lambda w, b: w), "an array of shape (3,); (w, b) is needed"),
    ("7.5", neuron_pass(np.append), "an array of shape (4,); (w, b) is needed"),
    ("7.9", lambda a, y: bowl(a, y) + 0.7, "off by the same number"),
    ("7.10", (0.125, 0.125), "A larger rate"),
    ("9.7", skipping(lambda a: 1 - np.tanh(a) ** 2), "tanh is taken twice"),
    ("9.7", skipping(lambda a: 1 - a), "square is missing"),
    ("9.9", fourth_powers(lambda d, a: (d @ a.T).sum(axis=1, keepdims=True)), ROW_SUMS),
    ("9.9", fourth_powers(lambda d, a: d.sum()), ONE_NUMBER),
    ("9.11", softmax(0, 0), "softmax"),
    ("9.11", softmax(None, 0), "share one total"),
    ("9.11", softmax(None, None), "both sums run over all samples"),
    ("9.11", as_sigmoids, "treated as a sigmoid"),
    ("9.12", in_rows(lambda D, A: (D.T @ A).sum(axis=1)), ROW_SUMS),
    ("9.12", in_rows(lambda D, A: D.sum()), ONE_NUMBER),
    ("9.12", in_rows(lambda D, A: D.sum(axis=0), lambda a: 1 - a), "square is missing"),
    ("9.12", in_rows(lambda D, A: D.sum(axis=0), lambda a: 1 - np.tanh(a) ** 2), "taken twice"),
    ("10.10", hidden(slope=lambda h: 1 - h), "square is missing"),
    ("10.10", hidden(slope=lambda h: 1 - np.tanh(h) ** 2), "tanh is taken twice"),
    ("10.10", hidden(moved=True), "weights that have moved"),
    ("10.10", hidden(product=lambda d, a: np.outer(d.sum(1), a.sum(1))), "BP4: sums over"),
    ("10.13", lambda delta: (sum(d.sum() for d in delta.values()),), "a tuple of one"),
    ("11.1", 169, "rounds up by itself"),
    ("11.1", 168, "round up"),
    ("11.1", 5, "one epoch"),
    ("11.2", 0.65, "computed forward"),
    ("11.4", trained(by=lambda mu: 1 - mu), "damped mean"),
    ("11.4", trained(old_targets=True), "Y in the old one"),
    ("11.5", clipped_at_one, "top, not 1"),
    ("11.6", through_the_new, "through the new W"),
    ("11.7", worst_by(lambda found, expected: found), "found length alone"),
    ("11.7", worst_by(min), "shorter length"),
    ("11.7", worst_by(max, of=1), "first array"),
    ("11.7", worst_by(max, of=2), "The number is not right"),
    ("11.7", worst_by(max, of=-1), "The number is not right"),
    ("11.7", worst_by(max, over=sum), "errors are added"),
    ("11.7", worst_by(max, over=np.linalg.norm), "The number is not right"),
    ("11.9", guarded(kink="Kink"), "the text 'Kink'; the text 'kink' is needed"),
    ("11.9", guarded(bad=lambda *f: False), "not refused"),
    ("11.9", guarded(bad=lambda low, mid, high: not np.isfinite(low)), "t − h is looked at"),
    ("11.9", guarded(bad=lambda low, mid, high: not np.isfinite(low + high)), "t itself is not"),
    ("11.9", guarded(bad=lambda *f: np.isnan(f).any()), "no nan"),
    ("11.9", guarded(late=True), "looked for first"),
    ("11.9", guarded(part=0.5), "half of how"),
    ("11.9", guarded(limit=0.3), "limit of its own"),
    ("12.8", decayed(usual, lambda w, new, v, g, rate, mu, d: w + v), "moves by the old v"),
    ("12.8", decayed(usual, lambda w, new, v, g, rate, mu, d: w + mu * new - rate * (g + d * w)),
     "Nesterov"),
    ("12.8", decayed(lambda v, g, w, rate, mu, d, m: mu * v + g,
                     lambda w, new, v, g, rate, mu, d: w - rate * new - rate * d * w), "Decoupled"),
    ("12.8", decayed(lambda v, g, w, rate, mu, d, m: mu * v - rate * (g + d / 2 * w),
                     lambda w, new, *_: w + new), "decay is halved"),
    ("12.8", decayed(lambda v, g, w, rate, mu, d, m: mu * v - rate * (g + 2 * d * w),
                     lambda w, new, *_: w + new), "decay is doubled"),
    ("12.8", decayed(lambda v, g, w, rate, mu, d, m: mu * v - rate * (1 - mu) * (g + m * d * w),
                     lambda w, new, *_: w + new), "1/m. And 1 − μ"),
    ("12.10", standardized(lambda a, b: b.mean(0), lambda a, b: b.std(0)), "numbers of its own"),
    ("12.10", standardized(lambda a, b: a.mean(0), lambda a, b: b.std(0)), "their own deviation"),
    ("12.12", dropped, "its rows are added"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "answer", "said"), FOUND)
def test_what_was_found_is_named(number, answer, said):
    verdict = judge(number, answer)
    assert (verdict.right, verdict.form) == (False, False)
    assert said in verdict.message


def test_the_shortened_form_is_another_form():
    assert judge("6.11", forgetting()).right
    assert judge("6.11", forgetting(short=True)).form


@pytest.mark.parametrize("part", [0.9, 0.5, 0.0])
def test_a_large_part_of_a_step_is_no_small_part(part):
    right = forgetting()

    def answer(theta, *rest):
        new, s = right(theta, *rest)
        return theta + part * (new - theta), s

    assert "percent" not in judge("6.11", answer).message
    assert "close" not in judge("6.11", answer).message
    assert "percent" not in judge("6.12", annealed(lambda r, now, k, tau: part * r)).message


def test_costs_that_are_changed_to_arrays_are_seen():
    def answer(weights, costs, patience):
        costs[0] = np.array([0.9, 0.9])
        return weights[0]

    assert "changes its arguments" in judge("12.9", answer).message
    assert judge("6.15", (10**400, 0.5)).right is False


def test_no_array_of_dropout_is_square():
    arrays = [a for trial in EXERCISES["12.12"].judge.trials for a in trial if np.ndim(a) == 2]
    assert all(rows != columns for rows, columns in map(np.shape, arrays))


def test_a_maximum_that_is_not_divided_by_the_temperature_is_named():
    def answer(z, T):
        e = np.exp(z / T - z.max(axis=0))
        return e / e.sum(axis=0)

    assert "The maximum has to be divided by T too" in judge("3.5", answer).message


def test_the_layers_of_a_list_are_a_list():
    def answer(X, layers):
        rest = layers.copy()
        while rest != []:
            w, b, sigma = rest.pop(0)
            X = sigma(X @ w.T + b[:, 0])
        return X

    assert judge("4.5", answer).right
    assert "changes its arguments" in judge("4.5", lambda X, layers: layers.pop()).message


def test_a_network_of_single_neurons_has_its_corners():
    assert "the mean is 0.5: too few" in judge("3.11", 1).message


def test_chapter_1_judges_with_networks_trained_as_in_its_text():
    x, rng = np.linspace(-3, 3, 15), np.random.default_rng(5)
    net = initialize([1, 4, 1], "tanh", "identity", scheme="normal", rng=rng)
    rates = {"rate": lambda k: 0.05 * 0.5 ** (k / 600), "optimizer": adam()}
    path = learning(net, x[:, None], np.sin(x)[:, None], batch=15, rng=rng, **rates)
    trained = next(itertools.islice(path, 39, None))
    w, b, v, c = chapter_01._trained(4, x, np.sin(x), [5], steps=40)
    found = [trained[1].w.T, trained[1].b.T, trained[2].w, trained[2].b]
    for mine, package in zip((w, b, v, c), found, strict=True):
        assert mine == pytest.approx(package, rel=1e-9)
