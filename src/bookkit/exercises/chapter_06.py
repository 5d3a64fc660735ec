"""The exercises of chapter 6, gradient descent, and the mistakes that their graders know."""

import numpy as np

from .judge import function, number


def _cases(*shapes, seed=6):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) if shape else float(rng.normal()) for shape in shapes]


# 6.1 one step of gradient descent: step(gradient, w, rate)


def _parabola(w):
    return 2.0 * w + 1


def _bowl(w):
    return np.array([1.0, 10.0]) * w


_step_cases = [(_parabola, 3.0, 0.1), (_parabola, -2.0, 0.6), (_bowl, np.array([2.0, -1.0]), 0.05)]
_step = function(
    lambda gradient, w, rate: w - rate * gradient(w),
    _step_cases,
    [
        ("It walks uphill: the gradient points to where the cost rises, so it is subtracted.",
         lambda gradient, w, rate: w + rate * gradient(w)),
        ("The learning rate is missing: the step is rate times the gradient.",
         lambda gradient, w, rate: w - gradient(w)),
        ("It returns the step alone; the new weight is the old one minus it.",
         lambda gradient, w, rate: rate * gradient(w)),
        ("It returns the step alone, with its sign; the new weight is the old one plus it.",
         lambda gradient, w, rate: -rate * gradient(w)),
        ("It divides by the rate; the step is rate times the gradient.",
         lambda gradient, w, rate: w - gradient(w) / rate),
    ],
    "It works for one weight and for a vector of them.",
)  # fmt: skip

# 6.2 the stability limit of a quadratic cost: largest_rate(H)

_hessians = [
    (np.array([[4.0]]),),
    (np.diag([1.0, 100.0]),),
    (np.array([[3.0, 1.0], [1.0, 3.0]]),),
    (np.array([[5.0, 2.0, 0.0], [2.0, 6.0, 1.0], [0.0, 1.0, 2.0]]),),
]


def _eigenvalues(H):
    return np.linalg.eigvalsh(H)


_limit = function(
    lambda H: 2 / _eigenvalues(H)[-1],
    _hessians,
    [
        ("That is the rate that goes to the bottom of the steepest direction in one step, "
         "1/λmax. The path stays bounded up to twice that.",
         lambda H: 1 / _eigenvalues(H)[-1]),
        ("It uses the smallest eigenvalue. The steepest direction diverges first: take the largest.",
         lambda H: 2 / _eigenvalues(H)[0]),
        ("It uses the largest entry of H, which is one on the diagonal. Those beside it make a "
         "direction steeper still: the largest eigenvalue is needed.",
         lambda H: 2 / H.max()),
        ("It uses the trace, the sum of all eigenvalues; the largest alone sets the limit.",
         lambda H: 2 / np.trace(H)),
        ("It returns the eigenvalue itself; the limit is 2 divided by it.",
         lambda H: _eigenvalues(H)[-1]),
    ],
    "Diagonal or not, the steepest direction decides.",
)  # fmt: skip

# 6.3 one step with momentum: momentum_step(w, v, g, mu, rate) -> (w, v)

_w, _v, _g = _cases((3,), (3,), (3,))
_momentum_cases = [(_w, _v, _g, 0.9, 0.1), (1.0, 0.5, -2.0, 0.5, 0.2), (_g, 0 * _v, _w, 0.8, 0.01)]


def _momentum_right(w, v, g, mu, rate):
    v = mu * v - rate * g
    return w + v, v


_momentum = function(
    _momentum_right,
    _momentum_cases,
    [
        ("The weight moves by the old velocity. Update v first, then move by the new one.",
         lambda w, v, g, mu, rate: (w + v, mu * v - rate * g)),
        ("The velocity builds up against the gradient's sign: it is mu v minus rate times g.",
         lambda w, v, g, mu, rate: (w + mu * v + rate * g, mu * v + rate * g)),
        ("mu is applied to the gradient as well; it only shrinks the old velocity.",
         lambda w, v, g, mu, rate: (w + mu * (v - rate * g), mu * (v - rate * g))),
        ("The old velocity is not shrunk: mu is missing, and the path would never come to rest.",
         lambda w, v, g, mu, rate: (w + v - rate * g, v - rate * g)),
        ("The rate is missing in front of the gradient.",
         lambda w, v, g, mu, rate: (w + mu * v - g, mu * v - g)),
        ("The velocity is right, and the weight is moved against it: add v.",
         lambda w, v, g, mu, rate: (w - (mu * v - rate * g), mu * v - rate * g)),
        ("This is the other common form, with v of the size of a gradient. Its path is the same; the "
         "exercise asks for the v of the text, which holds the rate already.",
         lambda w, v, g, mu, rate: (w - rate * (mu * v + g), mu * v + g)),
        ("The order is (w, v), first the weight.",
         lambda w, v, g, mu, rate: _momentum_right(w, v, g, mu, rate)[::-1]),
        ("The old velocity is weighted with mu and the gradient with 1 - mu; the text adds the "
         "gradient unweighted.",
         lambda w, v, g, mu, rate: (w + mu * v - (1 - mu) * rate * g, mu * v - (1 - mu) * rate * g)),
    ],
    "The weight moves by the velocity that this gradient has just changed.",
)  # fmt: skip

# 6.4 the terminal velocity for g = 1, rate = 0.01, mu = 0.9

_terminal = number(
    -0.1,
    {
        0.1: "The size is right. The gradient is positive, so the weight moves down: mind the sign.",
        -0.01: "That is the first velocity. Later ones add to it: solve v = mu v - rate g for v.",
        -1 / 90: "It divides by mu. Solve v = mu v - rate g: v (1 - mu) = -rate g.",
        1 / 90: "It divides by mu and lost the sign. Solve v = mu v - rate g for v.",
        -10.0: "The rate is missing: v (1 - mu) = -rate g.",
        -0.001: "It multiplies by 1 - mu. Solve v (1 - mu) = -rate g for v.",
        -0.01 / 1.9: "It divides by 1 + mu. Move mu v to the other side: v - mu v = -rate g.",
    },
    "A constant gradient is amplified by 1/(1 - mu), here ten times.",
)

# 6.5 one step of Adam: adam_step(w, m, v, g, k, rate) -> (w, m, v), k = 1 for the first step

_B1, _B2, _EPS = 0.9, 0.999, 1e-8


def _adam_right(w, m, v, g, k, rate, *, b1=_B1, b2=_B2, correct_m=True, correct_v=True,
                root=True, square=True, shift=0, sign=-1):  # fmt: skip
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * (g**2 if square else g)
    m_hat = m / (1 - b1 ** (k + shift)) if correct_m else m
    v_hat = v / (1 - b2 ** (k + shift)) if correct_v else v
    below = (np.sqrt(np.abs(v_hat)) if root else v_hat) + _EPS
    return w + sign * rate * m_hat / below, m, v


_adam_cases = [
    (_w, 0 * _w, 0 * _w, _g, 1, 0.1),
    (_w, 0.3 * _g, 0.2 * _g**2, _v, 4, 0.01),
    (2.0, 0.1, 0.5, -3.0, 2, 0.5),
]


def _adam_fault(**changes):
    return lambda *case: _adam_right(*case, **changes)


_adam = function(
    _adam_right,
    _adam_cases,
    [
        ("Neither mean is corrected for having started at 0: divide by 1 - beta1^k and 1 - beta2^k.",
         _adam_fault(correct_m=False, correct_v=False)),
        ("The mean of the gradients, m, is not corrected: divide it by 1 - beta1^k.",
         _adam_fault(correct_m=False)),
        ("The mean of the squares, v, is not corrected: divide it by 1 - beta2^k.",
         _adam_fault(correct_v=False)),
        ("The square root of v_hat is missing.", _adam_fault(root=False)),
        ("v is to hold the mean of the squared gradients, not of the gradients.",
         _adam_fault(square=False)),
        ("k is counted as if the first step were 0; the correction needs k = 1 there, as given.",
         _adam_fault(shift=1)),
        ("It walks uphill: the step is subtracted.", _adam_fault(sign=1)),
        ("The two betas are exchanged: 0.9 belongs to m, 0.999 to v.",
         _adam_fault(b1=_B2, b2=_B1)),
        ("It returns the corrected means. The correction is for this step's use alone; keep m and v "
         "as they are.",
         lambda w, m, v, g, k, rate: (
             _adam_right(w, m, v, g, k, rate)[0],
             _adam_right(w, m, v, g, k, rate)[1] / (1 - _B1**k),
             _adam_right(w, m, v, g, k, rate)[2] / (1 - _B2**k))),
    ],
    "Bias correction and all.",
)  # fmt: skip

# 6.6 how many steps until (1 - rate * curvature)^k falls below a bound: steps_needed(...)


def _steps(rate, curvature, bound):
    return int(np.ceil(np.log(bound) / np.log(abs(1 - rate * curvature))))


_steps_needed = function(
    _steps,
    [(0.01, 1.0, 1e-6), (0.1, 3.0, 1e-3), (0.45, 4.0, 0.05), (0.019, 1.0, 1e-6)],
    [
        ("It counts one step too few: after k steps the factor is to be below the bound; round up.",
         lambda *c: _steps(*c) - 1),
        ("It counts one step too many: the start is k = 0.", lambda *c: _steps(*c) + 1),
        ("It forgets that the factor can be negative; its size |1 - rate * curvature| counts.",
         lambda rate, curvature, bound: (
             _steps(rate, curvature, bound) if rate * curvature < 1 else np.nan)),
        ("It gives the number before rounding; a step is taken whole, so round up.",
         lambda rate, curvature, bound: np.log(bound) / np.log(abs(1 - rate * curvature))),
        ("It takes exp(-rate * curvature) for the factor; that is close for small rates alone.",
         lambda rate, curvature, bound: int(np.ceil(-np.log(bound) / (rate * curvature)))),
    ],
    "The factor of one step says how long all of them take.",
)  # fmt: skip

GRADERS = {
    "6.1": _step,
    "6.2": _limit,
    "6.3": _momentum,
    "6.4": _terminal,
    "6.5": _steps_needed,
    "6.6": _adam,
}
