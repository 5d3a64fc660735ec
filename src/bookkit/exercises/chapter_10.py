"""The exercises of chapter 10, a worked example, and the mistakes that their graders know."""

import numpy as np

from backprop.activations import sigmoid
from backprop.backpropagation import backprop, hidden_error, weight_gradient
from backprop.costs import quadratic
from backprop.network import Layer, forward

from .judge import Verdict, function, number

# The example of the chapter, with the names of its source.
X, Y = np.array([[0.05], [0.10]]), np.array([[0.01], [0.99]])
NETWORK = {
    1: Layer(np.array([[0.15, 0.20], [0.25, 0.30]]), np.full((2, 1), 0.35), sigmoid),
    2: Layer(np.array([[0.40, 0.45], [0.50, 0.55]]), np.full((2, 1), 0.60), sigmoid),
}
Z, A = forward(NETWORK, X)
GRADIENT = backprop(NETWORK, X, Y, quadratic)
(i1, i2), (t1, t2), b1, b2, eta = X[:, 0], Y[:, 0], 0.35, 0.60, 0.5
(w1, w2), (w3, w4) = NETWORK[1].w
(w5, w6), (w7, w8) = NETWORK[2].w
(net_h1, net_h2), (net_o1, net_o2) = Z[1][:, 0], Z[2][:, 0]
(h1, h2), (o1, o2) = A[1][:, 0], A[2][:, 0]
(d_h1, d_h2), (d_o1, d_o2) = (GRADIENT.delta[l][:, 0] for l in (1, 2))
slope_h1 = h1 * (1 - h1)

ROUNDED = "Close, but rounded too early: keep nine digits on the way."


def _value(right, faults, praise, tolerance=1e-6):
    """Return a judge of one number; faults are pairs of a message and the wrong number."""
    faults = {float(value): message for message, value in faults}

    def judge(answer):
        verdict = number(right, faults, praise, tolerance)(answer)
        if verdict.right or verdict.message in faults.values() or not isinstance(answer, float):
            return verdict
        if np.isclose(answer, right, rtol=5e-3, atol=0):
            return Verdict(False, ROUNDED)
        if np.isclose(answer, -right, rtol=5e-3, atol=0):
            return Verdict(False, "The size is right, the sign is not.")
        return verdict

    return judge


# 10.1 the weighted input of h2

_net = _value(
    net_h2,
    [
        ("That is the value printed in the source; its three terms add up to another. Add again.",
         0.3935),
        ("The bias is multiplied by 0.35, as in the source's line. It is 0.35, multiplied by 1.",
         w3 * i1 + w4 * i2 + b1 * 0.35),
        ("That is the weighted input of h1. The weights w3 and w4 lead into h2.", net_h1),
        ("That comes from w2 and w4, the weights that leave i2, and also from w3 and w4 exchanged. Into "
         "h2 lead w3, from i1, and w4, from i2.", w2 * i1 + w4 * i2 + b1),
        ("The bias is missing.", w3 * i1 + w4 * i2),
        ("It adds the bias of the output layer, 0.60.", w3 * i1 + w4 * i2 + b2),
        ("That is the activation already; the weighted input comes before the sigmoid.", h2),
    ],
    "The source prints 0.3935 for it.",
)  # fmt: skip

# 10.2 the activation of h2

_hidden = _value(
    h2,
    [
        ("It starts from 0.3935, the weighted input as the source prints it. That is 0.3925.",
         sigmoid(0.3935)),
        ("That is the activation of h1.", h1),
        ("That is the weighted input; put it through the sigmoid.", net_h2),
        ("The exponent has the wrong sign: 1 / (1 + exp(-z)).", 1 - h2),
        ("That is tanh; the neurons of this network have the sigmoid.", np.tanh(net_h2)),
        ("That is exp(-z) alone; the sigmoid is 1 / (1 + exp(-z)).", np.exp(-net_h2)),
    ],
    "The source has it right.",
)  # fmt: skip

# 10.3 the activation of o2

_output = _value(
    o2,
    [
        ("That is the value in the text of the source; a digit is lost in it. Its equation (8) has "
         "it right.", 0.77298465),
        ("It starts from 1.2248, the weighted input as the source prints it. That is 1.224921404.",
         sigmoid(1.2248)),
        ("It multiplies by the bias, as in the source's line. The bias is added.",
         sigmoid(w7 * h1 + w8 * h2 * b2)),
        ("That is the activation of o1. Into o2 lead w7 and w8.", o1),
        ("It takes w6 and w8, the weights that leave h2. Into o2 lead w7 and w8.",
         sigmoid(w6 * h1 + w8 * h2 + b2)),
        ("The bias b2 is missing.", sigmoid(w7 * h1 + w8 * h2)),
        ("It adds the bias of the hidden layer, 0.35.", sigmoid(w7 * h1 + w8 * h2 + b1)),
        ("It feeds the weighted inputs of h1 and h2 forward; o2 receives their activations.",
         sigmoid(w7 * net_h1 + w8 * net_h2 + b2)),
        ("That is the weighted input of o2; put it through the sigmoid.", net_o2),
    ],
    "The source has it in equation (8), and loses a digit of it in the text.",
)  # fmt: skip

# 10.4 what o2 adds to the cost

_part = _value(
    (o2 - t2) ** 2 / 2,
    [
        ("The factor one half is missing.", (o2 - t2) ** 2),
        ("That is the part of o1.", (o1 - t1) ** 2 / 2),
        ("It compares o2 with the target of o1.", (o2 - t1) ** 2 / 2),
        ("The difference is not squared.", abs(o2 - t2) / 2),
        ("That is the whole cost; the part of o2 is asked for.", quadratic(A[2], Y)),
        ("It averages over the two outputs; the cost adds them.", (o2 - t2) ** 2 / 4),
        ("It starts from 0.77298465, a number of the source that has lost a digit.",
         (0.77298465 - t2) ** 2 / 2),
    ],
    "The source has it right.",
)  # fmt: skip

# 10.5 and 10.6 the gradients of w7 and w8

_same = [  # messages that serve both, with what stands for the right activation
    ("It starts from -0.03898231, the error of o2 as the source prints it; a 0 is lost in it.",
     lambda a, net, w: -0.03898231 * a),
    ("The sign is reversed: o2 is too low, so the cost falls as this weight grows. The error starts "
     "with a - y.", lambda a, net, w: -d_o2 * a),
    ("It takes the error of o1. This weight ends at o2.", lambda a, net, w: d_o1 * a),
    ("That is the error of o2; multiply it by what comes in through the weight.",
     lambda a, net, w: d_o2),
    ("The slope of the sigmoid, a (1 - a), is missing in the error.",
     lambda a, net, w: (o2 - t2) * a),
    ("It multiplies the error by a weighted input; an activation comes in through the weight.",
     lambda a, net, w: d_o2 * net),
    ("That is the new weight; the gradient is asked for.", lambda a, net, w: w - eta * d_o2 * a),
]  # fmt: skip
_w7 = _value(
    d_o2 * h1,
    [
        ("That is the gradient of w8. w7 begins at h1.", d_o2 * h2),
        *((message, wrong(h1, net_h1, w7)) for message, wrong in _same),
    ],
    "The source has it to seven decimals.",
)
_w8 = _value(
    d_o2 * h2,
    [
        (
            "That is the gradient of w7, as in the source's equation (22). w8 begins at h2.",
            d_o2 * h1,
        ),
        *((message, wrong(h2, net_h2, w8)) for message, wrong in _same),
    ],
    "The source has it to seven decimals, and then updates w8 with the gradient of w7.",
)

# 10.7 the gradient of w2

_slope = _value(
    d_h1 * i2,
    [
        ("That is what the source puts into the update of w2. It is the gradient of w1.", 0.000438),
        ("That is the gradient of w1, or the step with its learning rate of 0.5: here the two are "
         "equal. w2 begins at i2, which is 0.10, and the gradient is asked for.", d_h1 * i1),
        ("That is the gradient of w3. w2 leads from i2 into h1.", d_h2 * i1),
        ("That is the gradient of w4. w2 ends at h1, so the error of h1 is needed.", d_h2 * i2),
        ("That is the error of h1; multiply it by what comes in through w2.", d_h1),
        ("It has the path through o1 alone; h1 feeds o2 as well.", d_o1 * w5 * slope_h1 * i2),
        ("It has the path through o2 alone; h1 feeds o1 as well.", d_o2 * w7 * slope_h1 * i2),
        ("The slope of h1, a (1 - a), is missing.", (d_o1 * w5 + d_o2 * w7) * i2),
        ("It takes w5 and w6, which end at o1. From h1 lead w5 and w7: BP2's transpose.",
         (d_o1 * w5 + d_o2 * w6) * slope_h1 * i2),
        ("The paths lack their weights, w5 and w7.", (d_o1 + d_o2) * slope_h1 * i2),
        ("That is the new weight; the gradient is asked for.", w2 - eta * d_h1 * i2),
    ],
    "Twice the gradient of w1, because i2 is twice i1.",
)  # fmt: skip

# 10.8 the gradient of a bias that a layer shares: shared_bias_gradient(delta)

_batch = np.random.default_rng(10).normal(size=(3, 4))
_shared = function(
    np.sum,
    [(GRADIENT.delta[2],), (GRADIENT.delta[1],), (_batch,)],
    [
        ("It returns one number for each neuron. They share one bias, so add these too.",
         lambda delta: delta.sum(axis=1)),
        ("It returns one number for each neuron, as BP3 does. They share one bias, so add these.",
         lambda delta: delta.sum(axis=1, keepdims=True)),
        ("It adds over the neurons and not over the samples: a number for each sample is left.",
         lambda delta: delta.sum(axis=0)),
        ("It takes the mean. The paths add up, and the samples' 1/m stands in delta already.",
         lambda delta: delta.mean()),
        ("It divides by the number of samples, and their 1/m stands in delta already.",
         lambda delta: delta.sum() / delta.shape[1]),
        ("It divides by the number of neurons. The bias moves them all, so their errors add up.",
         lambda delta: delta.sum() / len(delta)),
        ("It drops the signs. Paths can cancel.", lambda delta: np.abs(delta).sum()),
        ("The sign is reversed; the step against the gradient comes later.",
         lambda delta: -delta.sum()),
        ("It returns the errors as they are; add them.", lambda delta: delta),
        ("It takes the first neuron alone.", lambda delta: delta[0].sum()),
    ],
    "It is BP3, added over the neurons that share the bias.",
)  # fmt: skip

# 10.9 the cost after two steps, weights alone: two_steps(rate)

_BIASES = {"fixed": lambda b: 0 * b, "shared": np.sum, "own": np.positive}


def _cost_after(rate, steps=2, *, late=False, stale=False, biases="fixed"):
    """Return the cost after the steps; the switches put a known mistake in."""
    network = NETWORK
    for _ in range(steps):
        z, a = forward(network, X)
        g = GRADIENT if stale else backprop(network, X, Y, quadratic)
        w = {l: layer.w - rate * g.w[l] for l, layer in network.items()}
        if late:
            delta = hidden_error(w[2], g.delta[2], sigmoid.prime(z[1]))
            w[1] = network[1].w - rate * weight_gradient(delta, a[0])
        b = {l: layer.b - rate * _BIASES[biases](g.b[l]) for l, layer in network.items()}
        network = {l: Layer(w[l], b[l], sigmoid) for l in network}
    return quadratic(forward(network, X)[1][2], Y)


_two_steps = function(
    _cost_after,
    [(0.5,), (1.0,), (0.1,)],
    [
        ("That is the cost after one step.", lambda rate: _cost_after(rate, 1)),
        ("That is the cost after three steps.", lambda rate: _cost_after(rate, 3)),
        ("That is the cost before any step.", lambda rate: _cost_after(rate, 0)),
        ("The second step uses the first one's gradient. The weights have moved: compute it anew.",
         lambda rate: _cost_after(rate, stale=True)),
        ("The hidden errors use the new weights of the output layer. First the whole gradient, "
         "then the update.", lambda rate: _cost_after(rate, late=True)),
        ("The biases have moved too, shared by their layers; here they stay fixed.",
         lambda rate: _cost_after(rate, biases="shared")),
        ("The biases have moved too, each neuron's own; here they stay fixed.",
         lambda rate: _cost_after(rate, biases="own")),
        ("It walks uphill: the gradient is subtracted.", lambda rate: _cost_after(-rate)),
        ("The learning rate is always 0.5; it is the argument.", lambda rate: _cost_after(0.5)),
        ("The learning rate is missing: the step is rate times the gradient.",
         lambda rate: _cost_after(1.0)),
    ],
    "Each step has a gradient of its own.",
)  # fmt: skip

GRADERS = {
    "10.1": _net,
    "10.2": _hidden,
    "10.3": _output,
    "10.4": _part,
    "10.5": _w7,
    "10.6": _w8,
    "10.7": _slope,
    "10.8": _shared,
    "10.9": _two_steps,
}
