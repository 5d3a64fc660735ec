"""The exercises of chapter 9, the four equations, and the mistakes that their graders know.

Every answer is tried on networks drawn here; "right" is said after a gradient check alone.
"""

from typing import NamedTuple

import numpy as np

from backprop import backpropagation as package
from backprop.activations import identity, sigmoid, softmax, softmax_jacobian, tanh
from backprop.costs import quadratic
from backprop.gradient_check import central_difference, relative_error
from backprop.network import Layer, forward, initialize

from .judge import Verdict, agrees, function, number

# First one where all is square: there a missing transpose or a wrong layer's w runs without an error.
SHAPES = [
    ([3, 3, 3, 3], 3, tanh, tanh),
    ([2, 4, 3], 1, tanh, sigmoid),
    ([4, 4], 7, tanh, sigmoid),
    ([3, 5, 4, 2], 6, sigmoid, identity),
]


class Trial(NamedTuple):
    """A network and data to try an answer on."""

    network: dict
    x: np.ndarray
    y: np.ndarray

    def __str__(self):
        sizes = [len(self.x), *(len(layer.w) for layer in self.network.values())]
        m = self.x.shape[1]
        return f"a network {'-'.join(map(str, sizes))} with {m} sample{'s' if m > 1 else ''}"

    def layer(self, l):
        return "the output layer" if l == len(self.network) else f"layer {l}"


def trials(seed=9):
    """Return networks of several shapes with data; the activations are mixed on purpose."""
    rng = np.random.default_rng(seed)
    found = []
    for sizes, m, hidden, output in SHAPES:
        network = initialize(sizes, hidden, output, scheme="normal", rng=rng)
        found.append(Trial(network, rng.normal(size=(sizes[0], m)), rng.random((sizes[-1], m))))
    return found


def _gradient_check(gradients) -> Verdict:
    """Compare the (grad_w, grad_b) of every trial with central differences."""
    worst = 0.0
    for (network, x, y), of_trial in zip(trials(), gradients, strict=True):
        for name, gradient in zip(("w", "b"), of_trial, strict=True):
            for l in network:

                def cost_of(theta, network=network, x=x, y=y, l=l, name=name):
                    changed = {**network, l: network[l]._replace(**{name: theta})}
                    return quadratic(forward(changed, x)[1][len(network)], y)

                numerical = central_difference(cost_of, getattr(network[l], name))
                worst = max(worst, relative_error(gradient[l], numerical))
    if worst > 1e-6:
        return Verdict(False, f"A gradient check finds a relative error of {worst:.1g}.")
    return Verdict(True, "The gradient check agrees on networks of four shapes.")


# 9.1–9.4 the four equations: output_error(grad_a, z, sigma), hidden_error(w_next, delta_next, z, sigma),
# bias_gradient(delta), weight_gradient(delta, a_prev)

RIGHT = {
    "9.1": lambda grad_a, z, sigma: package.output_error(grad_a, sigma.prime(z)),
    "9.2": lambda w, delta, z, sigma: package.hidden_error(w, delta, sigma.prime(z)),
    "9.3": package.bias_gradient,
    "9.4": package.weight_gradient,
}
RESULT = {"9.1": "δ", "9.2": "δ", "9.3": "∂C/∂b", "9.4": "∂C/∂w"}


def backward(trial, equations, called=lambda *call: None):
    """Return (grad_w, grad_b) by the four functions; called(number, l, arguments) sees every call."""
    network, x, y = trial
    (z, a), L = forward(network, x), len(network)

    def use(number, l, *arguments):
        called(number, l, arguments)
        return equations[number](*arguments)

    delta = {L: use("9.1", L, quadratic.grad(a[L], y), z[L], network[L].sigma)}
    for l in range(L - 1, 0, -1):
        delta[l] = use("9.2", l, network[l + 1].w, delta[l + 1], z[l], network[l].sigma)
    grad_b = {l: use("9.3", l, delta[l]) for l in range(L, 0, -1)}
    return {l: use("9.4", l, delta[l], a[l - 1]) for l in range(L, 0, -1)}, grad_b


def _calls(number):
    """Return (trial, l, arguments) for each call of one equation in the right backward passes."""
    found = []
    for trial in trials():
        backward(
            trial, RIGHT, lambda n, l, args, t=trial: n == number and found.append((t, l, args))
        )
    return found


def _with_slope(pull):
    """Return the faults that BP1 and BP2 share; pull(*arguments) is what is multiplied by σ′."""
    return [
        ("σ′(z) is missing: the slope at a reaches z through the activation.",
         lambda *c: pull(*c)),
        ("σ′ is taken at a = σ(z); it belongs at z, before the activation.",
         lambda *c: pull(*c) * c[-1].prime(c[-1](c[-2]))),
        ("σ stands where its derivative belongs: multiply by sigma.prime(z).",
         lambda *c: pull(*c) * c[-1](c[-2])),
        ("a (1 − a) is the derivative of the sigmoid alone. Each layer brings its own: sigma.prime(z).",
         lambda *c: pull(*c) * c[-1](c[-2]) * (1 - c[-1](c[-2]))),
        ("It divides by σ′(z); the chain rule multiplies.",
         lambda *c: pull(*c) / c[-1].prime(c[-2])),
        ("The sign is reversed.",
         lambda *c: -pull(*c) * c[-1].prime(c[-2])),
        ("It is m times too large: 1/m stands in ∇_a C already, and stays there.",
         lambda *c: pull(*c) * c[-1].prime(c[-2]) * c[-2].shape[1]),
        ("It is m times too small: 1/m stands in ∇_a C already.",
         lambda *c: pull(*c) * c[-1].prime(c[-2]) / c[-2].shape[1]),
    ]  # fmt: skip


FAULTS_OF = {
    "9.1": [
        *_with_slope(lambda grad_a, z, sigma: grad_a),
        ("The products are added; ⊙ keeps one product for each neuron.",
         lambda grad_a, z, sigma: (grad_a * sigma.prime(z)).sum(axis=0, keepdims=True)),
        ("It is a matrix product; ⊙ multiplies entry by entry, * in NumPy.",
         lambda grad_a, z, sigma: grad_a @ sigma.prime(z).T),
    ],
    "9.2": [
        *_with_slope(lambda w, delta, z, sigma: w.T @ delta),
        ("w^(l+1) is not transposed: neuron j of layer l collects column j of w^(l+1).",
         lambda w, delta, z, sigma: (w @ delta) * sigma.prime(z)),
        ("w^(l+1) is not transposed, and σ′(z) is missing.",
         lambda w, delta, z, sigma: w @ delta),
        ("σ′(z^l) multiplies the errors of layer l+1; it belongs outside, after (w^(l+1))ᵀ δ^(l+1).",
         lambda w, delta, z, sigma: w.T @ (delta * sigma.prime(z))),
        ("The weights are missing: each error of layer l+1 comes back through its own weight.",
         lambda w, delta, z, sigma: delta.sum(axis=0, keepdims=True) * sigma.prime(z)),
        ("Only one neuron of layer l+1 is counted; all of them are pushed, so the products are added.",
         lambda w, delta, z, sigma: w[:1].T * delta[:1] * sigma.prime(z)),
    ],
    "9.3": [
        ("The sum runs over the neurons; it runs over the samples, axis 1.",
         lambda delta: delta.sum(axis=0, keepdims=True)),
        ("The sum runs over the neurons; it runs over the samples, axis 1.",
         lambda delta: delta.sum(axis=0)),
        ("Neurons and samples are all added up; each neuron has a bias of its own.",
         lambda delta: delta.sum()),
        ("The numbers are right, their shape is not: a bias is a column, (n_l, 1). "
         "Sum with keepdims=True.",
         lambda delta: delta.sum(axis=1)),
        ("The sum is missing: with a batch, the errors of all samples are added, shape (n_l, 1).",
         lambda delta: delta),
        ("It is a mean over the samples; 1/m stands in δ already, so they are added.",
         lambda delta: delta.mean(axis=1, keepdims=True)),
        ("It is m times too large: the errors hold 1/m, and it stays there.",
         lambda delta: delta.sum(axis=1, keepdims=True) * delta.shape[1]),
        ("The sign is reversed.", lambda delta: -delta.sum(axis=1, keepdims=True)),
    ],
    "9.4": [
        ("It is transposed: ∂C/∂w^l has the shape of w^l, (n_l, n_(l−1)), so δ stands first.",
         lambda delta, a: a @ delta.T),
        ("The matrix product adds over the neurons; it must add over the samples: δ aᵀ.",
         lambda delta, a: delta.T @ a),
        ("aᵀ is needed: every neuron of the layer meets every activation that enters it.",
         lambda delta, a: delta @ a),
        ("It multiplies entry by entry; every neuron of the layer meets every activation that "
         "enters it: δ aᵀ.",
         lambda delta, a: delta * a),
        ("It is m times too small: 1/m stands in δ already.",
         lambda delta, a: delta @ a.T / delta.shape[1]),
        ("It is m times too large: the errors hold 1/m, and it stays there.",
         lambda delta, a: delta @ a.T * delta.shape[1]),
        ("The sign is reversed.", lambda delta, a: -delta @ a.T),
        ("Errors and activations are added up before they are multiplied; multiply sample by "
         "sample, then add.",
         lambda delta, a: delta.sum(axis=1, keepdims=True) @ a.sum(axis=1, keepdims=True).T),
    ],
}  # fmt: skip


def judge_equation(number):
    """Return the judge of one of the four equations."""

    def judge(answer):
        if not callable(answer):
            return Verdict(False, f"A function is needed; found {answer!r}.")
        calls, found, raised = _calls(number), [], ""
        for trial, l, arguments in calls:
            given = _copies(arguments)
            try:
                found.append(answer(*given))
            except Exception as error:
                raised = f"For {trial.layer(l)} of {trial} it raises {_named(error)}"
                break
            if not all(agrees(g, a) for g, a in zip(given, arguments, strict=True)):
                return Verdict(
                    False, "It changes its arguments in place; return new values instead."
                )
        calls = calls[: len(found)]
        expected = [RIGHT[number](*_copies(c[2])) for c in calls]
        wrong = [
            i for i, (f, e) in enumerate(zip(found, expected, strict=True)) if not agrees(f, e)
        ]
        if wrong:
            trial, l, _ = calls[wrong[0]]
            # what the square networks let run says more than the error that another shape raises
            why = next(
                (m for m, fault in FAULTS_OF[number] if _is_fault(fault, calls, found)),
                _unlike(found[wrong[0]], expected[wrong[0]]),
            )
            return Verdict(
                False, f"On {trial}, {RESULT[number]} of {trial.layer(l)} is wrong. {why}"
            )
        if raised:
            return Verdict(False, raised)
        return _gradient_check([backward(t, {**RIGHT, number: answer}) for t in trials()])

    return judge


def _copies(arguments):
    return [g.copy() if isinstance(g, np.ndarray) else g for g in arguments]


def _named(error):
    return f"{type(error).__name__}: {error}"


def _is_fault(fault, calls, found):
    for (_, _, arguments), f in zip(calls, found, strict=True):
        try:
            expected = fault(*_copies(arguments))
        except ValueError:  # it does not run on these shapes, and the answer did
            return False
        if not agrees(f, expected):
            return False
    return True


def _unlike(found, expected):
    if found is None:
        return "It returns nothing; a return is missing."
    try:
        found = np.asarray(found, dtype=float)
    except (TypeError, ValueError):
        return "It is not an array of numbers."
    if found.shape != expected.shape:
        return f"Its shape is {found.shape}; needed is {expected.shape}."
    ratio = found.flat[0] / expected.flat[0]
    if agrees(found, ratio * expected):
        return f"Every entry is {ratio:.4g} times the right one."
    return f"Its first entry is {found.flat[0]:.4g}; right is {expected.flat[0]:.4g}."


# 9.5 the error of a hidden neuron by hand: sigmoid, z = 0, weights 2 and −1 to errors 0.4 and 0.1

_by_hand = number(
    0.175,
    {
        0.7: "σ′(z) is missing: at z = 0 the sigmoid's slope is ¼.",
        0.35: "σ(0) = ½ stands where σ′(0) = ¼ belongs.",
        0.2: "Only the first neuron of the next layer is counted; the second is pushed too.",
        -0.025: "Only the second neuron of the next layer is counted; the first is pushed too.",
        0.125: "The weights are missing: each error comes back through its own weight.",
        0.225: "The sign of the weight −1 is lost.",
        -0.05: "The weights are exchanged: 2 leads to the error 0.4.",
        -0.175: "The sign is reversed.",
        0.0: "σ′ is not 0 at z = 0: for the sigmoid it is a (1 − a) with a = ½.",
    },
    "Both paths were added, and the activation's slope taken once.",
)

# 9.6 the error of a softmax layer: softmax_error(z, y) for the quadratic cost, columns z and y (k, m)


def _softmax_delta(z, y):
    grad_a = (softmax(z) - y) / z.shape[1]
    return np.einsum("ijs,is->js", softmax_jacobian(z), grad_a)


def _softmax_cases():
    rng = np.random.default_rng(96)
    return [(rng.normal(size=(3, m)), np.eye(3)[rng.integers(0, 3, m)].T) for m in (1, 4)]


_softmax = function(
    _softmax_delta,
    _softmax_cases(),
    [
        ("It treats softmax as elementwise, with p (1 − p) for its derivative. Every z_j moves every "
         "p_k: the Jacobian diag(p) − p pᵀ is needed.",
         lambda z, y: (softmax(z) - y) / z.shape[1] * softmax(z) * (1 - softmax(z))),
        ("p − y is the error for the cost softmax_cross_entropy; here the cost is quadratic.",
         lambda z, y: (softmax(z) - y) / z.shape[1]),
        ("That is p − y times m, the error for a sum of cross-entropies; here the cost is the mean "
         "of quadratic ones.",
         lambda z, y: softmax(z) - y),
        ("The error is m times too large: C is a mean over the samples.",
         lambda z, y: _softmax_delta(z, y) * z.shape[1]),
        ("Every sign is reversed: the cost's gradient is p − y.",
         lambda z, y: -_softmax_delta(z, y)),
    ],
    "Each column went through its own Jacobian.",
)  # fmt: skip

# 9.7 a whole backprop(network, x, y) -> (grad_w, grad_b) for the quadratic cost


def faulty(network, x, y, fault):
    """Return (grad_w, grad_b) of the quadratic cost with one named fault, or None where it cannot run.

    With fault None it is plain backpropagation, written out apart from the package's.
    """
    z, a = forward(network, x)
    L, m = len(network), x.shape[1]
    scale = {"1/m lost": 1.0, "1/m doubled": 1 / m**2}.get(fault, 1 / m)
    if fault == "sign":
        scale = -scale

    def slope(l):
        sigma, at = network[l].sigma, z[l]
        if (l == L and fault == "a for z, output layer") or (
            l < L and fault == "a for z, hidden layers"
        ):
            at = a[l]
        if fault == "a for z":
            at = a[l]
        if fault == "z of the next layer":
            at = z.get(l + 1, z[l])
        if fault == "z of the layer before":
            at = z.get(l - 1, z[l])
        if fault == "sigmoid's slope everywhere":
            return a[l] * (1 - a[l])
        if fault == "σ for σ′":
            return a[l]
        if fault in ("σ′ missing", f"σ′ missing, {'output layer' if l == L else 'hidden layers'}"):
            return np.ones_like(z[l])
        return sigma.prime(at) if at.shape == z[l].shape else None

    delta = {}
    for l in range(L, 0, -1):
        if l == L:
            pulled = scale * (a[L] - y)
        else:
            w = network[l if fault == "w of the wrong layer" else l + 1].w
            w = w if fault == "w not transposed" else w.T
            if w.shape != (len(z[l]), len(delta[l + 1])):
                return None
            pulled = w @ delta[l + 1]
        if slope(l) is None:
            return None
        delta[l] = pulled * slope(l)
    grad_w, grad_b = {}, {}
    for l in range(1, L + 1):
        source = {"a of the wrong layer": a[l], "z for a": z.get(l - 1, x)}.get(fault, a[l - 1])
        if len(source) != network[l].w.shape[1]:
            return None
        if fault == "a not transposed":
            if source.shape[0] != source.shape[1]:
                return None
            source = source.T
        grad_w[l] = delta[l] @ source.T
        if fault == "grad_w transposed":
            grad_w[l] = grad_w[l].T
        axis = 0 if fault == "bias summed over the wrong axis" else 1
        grad_b[l] = delta[l].sum(axis=axis, keepdims=fault != "bias no column")
        if fault == "bias not summed":
            grad_b[l] = delta[l]
        if fault == "bias averaged once more":
            grad_b[l] = grad_b[l] / m
    return grad_w, grad_b


FAULTS = {
    "σ′ missing": (
        "σ′(z^l) is missing, in BP1 and in BP2: every error reaches z^l through the "
        "activation of its layer."
    ),
    "σ′ missing, output layer": (
        "BP1 lacks σ′(z^L): the cost's gradient reaches z^L through the activation."
    ),
    "σ′ missing, hidden layers": (
        "BP2 lacks σ′(z^l): what comes back from layer l+1 passes the activation of layer l."
    ),
    "a for z": "σ′ is taken at a^l; it belongs at z^l, before the activation.",
    "a for z, output layer": "BP1 takes σ′ at a^L; it belongs at z^L, before the activation.",
    "a for z, hidden layers": "BP2 takes σ′ at a^l; it belongs at z^l, before the activation.",
    "z of the next layer": (
        "BP2 takes σ′ at z^(l+1); it belongs at z^l, the layer whose error is computed."
    ),
    "z of the layer before": (
        "σ′ is taken at z^(l−1); it belongs at z^l, the layer whose error is computed."
    ),
    "sigmoid's slope everywhere": (
        "a (1 − a) is the derivative of the sigmoid alone; each layer brings its own, "
        "network[l].sigma.prime."
    ),
    "σ for σ′": "σ(z) stands where its derivative σ′(z) belongs.",
    "w not transposed": (
        "BP2 uses w^(l+1) without its transpose: neuron j of layer l collects column j of w^(l+1)."
    ),
    "w of the wrong layer": (
        "BP2 uses w^l; the error comes back through the weights that lead out of layer l, w^(l+1)."
    ),
    "1/m lost": (
        "The gradients are m times too large: C is a mean over the samples, so ∇_a C holds 1/m."
    ),
    "1/m doubled": "The gradients are m times too small: 1/m stands in ∇_a C already.",
    "bias summed over the wrong axis": (
        "BP3 adds over the neurons; it adds over the samples, the columns of δ^l."
    ),
    "bias not summed": (
        "BP3 lacks its sum: with a batch, ∂C/∂b^l is δ^l added over the columns, shape (n_l, 1)."
    ),
    "bias averaged once more": (
        "BP3 takes a mean over the samples; 1/m stands in δ^l already, so they are added."
    ),
    "bias no column": (
        "BP3 gives the right numbers in a flat array; a bias is a column, (n_l, 1): keepdims=True."
    ),
    "a of the wrong layer": (
        "BP4 uses a^l; the weight w^l multiplies a^(l−1), the activation that enters the layer."
    ),
    "z for a": (
        "BP4 uses z^(l−1) where a^(l−1) belongs: the next layer receives what the "
        "activation made of z."
    ),
    "a not transposed": "BP4 lacks a transpose: ∂C/∂w^l is δ^l times the transposed a^(l−1).",
    "grad_w transposed": "BP4 is transposed: ∂C/∂w^l has the shape of w^l, (n_l, n_(l−1)).",
    "sign": "Every sign is reversed: ∂C/∂a^L of the quadratic cost is a − y, not y − a.",
}


def judge_backprop(answer):
    """Judge backprop(network, x, y) -> (grad_w, grad_b), two dicts with the layers as keys."""
    if not callable(answer):
        return Verdict(False, f"A function is needed; found {answer!r}.")
    found, raised = [], ""
    for trial in trials():
        network, x, y = trial
        given = (
            {l: Layer(w.copy(), b.copy(), s) for l, (w, b, s) in network.items()},
            x.copy(),
            y.copy(),
        )
        try:
            result = answer(*given)
        except Exception as error:
            raised = f"On {trial} it raises {_named(error)}"
            break
        if not agrees(given, tuple(trial)):
            return Verdict(
                False, "It changes its arguments; return the gradients and leave them as they are."
            )
        if wrong_form := _wrong_form(result, network):
            return Verdict(False, wrong_form)
        found.append(result)
    tried = trials()[: len(found)]
    right = [package.backprop(*t, quadratic) for t in tried]
    where = next(filter(None, map(_first_wrong, tried, found, right)), None)
    if where is None:
        return Verdict(False, raised) if raised else _gradient_check(found)
    # what the square networks let run says more than the error that another shape raises
    for fault, message in FAULTS.items():
        expected = [faulty(*t, fault) for t in tried]
        # where the fault cannot run, an answer may: its product then has another shape
        if all(e is None or agrees(f, e) for f, e in zip(found, expected, strict=True)):
            return Verdict(False, f"{where} {message}")
    return Verdict(False, where)


def _first_wrong(trial, found, right):
    """Say where the first difference is met when going backward, as the computation does."""
    for l in sorted(trial.network, reverse=True):
        pairs = zip(("∂C/∂w", "∂C/∂b"), found, right[:2], strict=True)
        names = [name for name, f, r in pairs if not agrees(f[l], r[l])]
        if names:
            what = (
                " and ".join(names) + f" of {trial.layer(l)} {'is' if len(names) == 1 else 'are'}"
            )
            return f"On {trial}, going backward, {what} wrong first."
    return None


def _wrong_form(result, network):
    if (
        not isinstance(result, tuple | list)
        or len(result) != 2
        or not all(isinstance(r, dict) for r in result)
    ):
        return "Return (grad_w, grad_b), two dicts with the layers 1, 2, …, L as keys."
    for name, grad in zip(("grad_w", "grad_b"), result, strict=True):
        if set(grad) != set(network):
            return f"{name} has the keys {list(grad)}; needed are the layers {list(network)}."
    return None


GRADERS = {number: judge_equation(number) for number in RIGHT} | {
    "9.5": _by_hand,
    "9.6": _softmax,
    "9.7": judge_backprop,
}
