"""The exercises of chapter 6, gradient descent."""

from functools import cache

import numpy as np

from backprop.optimizers import gradient_descent, minimize, momentum

from .derivations import Line
from .fresh import generator, nearby
from .kinds import assemble, compute, debug, derive, investigate, predict, spot, write
from .verdict import Verdict

# ---- experiments ----

REPORTED = [2, -1.8, 1.62, -1.458]


@cache
def _reporting():
    walks = {x: minimize(lambda w, x=x: x * w, 2.0, 1, 3) for x in (0.1, 0.9, 1.9, 2.1)}
    [found] = [x for x, walk in walks.items() if np.allclose(walk, REPORTED)]
    return f"ηλ = {found}"


@cache
def _level(rate):  # the mean excess cost late in descents by single samples, over 40 runs
    rng = np.random.default_rng(6)
    targets = rng.normal(size=(2000, 40))
    theta = np.zeros(40)
    late = []
    for k, y in enumerate(targets):
        theta = theta - rate * (theta - y)
        late += [0.5 * theta**2] if k >= 200 else []
    return np.mean(late)


@cache
def _at_half_the_rate():
    ratio = _level(0.04) / _level(0.08)
    levels = {"it stays": 1, "it falls to about a half": 0.5, "it falls to about a quarter": 0.25}
    return min(levels, key=lambda text: abs(np.log(ratio / levels[text])))


def _fewest(ratio, optimizer, factor):
    curvatures, shares = np.array([1.0, ratio]), np.linspace(0.01, 0.999, 200)[:, None]
    rates = shares * factor / ratio
    path = minimize(lambda t: curvatures * t, np.ones((200, 2)), lambda k: rates, 1000, optimizer)
    far = np.abs(path).max(axis=-1) > 0.01
    return (len(far) - far[::-1].argmax(axis=0)).min()


@cache
def _where_momentum_wins():
    wins = [
        str(ratio)
        for ratio in (4, 25, 100)
        if _fewest(ratio, momentum(0.8), 3.6) < _fewest(ratio, gradient_descent, 2)
    ]
    return f"at {' and '.join(wins)}" if len(wins) < 3 else "at all three"


@cache
def _left_after(rate, mu, steps):
    """Return what is left along (flat, steep) after so many steps: the largest of five starts."""
    starts = np.random.default_rng(62).normal(size=(5, 2))
    starts /= np.linalg.norm(starts, axis=1, keepdims=True)
    optimizer = momentum(mu) if mu else gradient_descent
    with np.errstate(over="ignore", invalid="ignore"):
        path = minimize(lambda t: t * [1.0, 100.0], starts, rate, steps, optimizer)
    return np.abs(path).max(axis=1)


def _largest_factor(rate, mu):
    """Return what the slower direction is multiplied by in a step, late in the descent."""
    steps = [[[1 - rate * c, mu], [-rate * c, mu]] for c in (1, 100)]
    return np.abs(np.linalg.eigvals(steps)).max()


def _what_helps(rate, mu):
    """Return the small changes that lower the largest factor, one at a time."""
    changes = {
        "smaller μ": (rate, mu * 0.999),
        "larger μ": (rate, mu + 0.001 * (1 - mu)),
        "smaller η": (rate * 0.999, mu),
        "larger η": (rate * 1.001, mu),
    }
    now = _largest_factor(rate, mu)
    return [said for said, to in changes.items() if _largest_factor(*to) < now - 1e-9]


def _motion(x, mu):
    """Return what a direction does whose rate times curvature is x."""
    if x <= (1 - mu**0.5) ** 2:
        return "creeps"
    return "swings" if x < (1 + mu**0.5) ** 2 else "jumps"


def _fast_enough(rate, mu):
    if not 0 <= mu < 1 or rate <= 0:
        return Verdict(False, "η must be above 0, and μ from 0 to below 1.")
    if abs(rate * 100 - 2 * (1 + mu)) < 1e-9:
        return Verdict(False, "It jumps from side to side forever: along the steep direction ηλ is "
                       "exactly 2(1 + μ).")  # fmt: skip
    if rate * 100 > 2 * (1 + mu):
        return Verdict(False, "It runs away: along the steep direction ηλ exceeds 2(1 + μ).")
    left = _left_after(rate, mu, 2000)
    far = np.flatnonzero(left.max(axis=1) > 1e-6)[-1] + 1
    if far < 90:
        return Verdict(True, f"The slowest of five starts needs {far} steps. "
                       "As μ falls from here, which direction stops swinging first?")  # fmt: skip
    count = f"{far} steps" if far < 2000 else "more than 2000 steps"
    flat, steep = _motion(rate, mu), _motion(rate * 100, mu)
    if flat == steep == "swings":
        seen = "Both directions swing, shrinking by √μ a step"
    elif flat == steep:
        seen = f"Both directions {flat[:-1]}"
    else:
        seen = f"The flat direction {flat}, the steep one {steep}"
    helps = _what_helps(rate, mu)
    wanted = f"a {' or '.join(helps)} helps" if helps else "η and μ must change together"
    return Verdict(
        False,
        f"It converges; the slowest start needs {count}. {seen}: "
        f"{'only ' if len(helps) == 1 else ''}{wanted}.",
    )


# ---- functions to try answers on ----


def _bowl(theta):
    return np.array([1.7, 0.4]) * theta


def _chain(theta):  # weights that interact
    return (theta[1] * theta[0] - 1.3) * np.array([theta[1], theta[0]])


def _line(w):
    return 3.1 * w - 2.2


def _triple(theta):
    a, b, c = theta
    return (a * b * c + 0.4) * np.array([b * c, a * c, a * b])


def _samples(seed, count, size):
    rng = np.random.default_rng(seed)
    X, Y = rng.normal(size=(count, size)), rng.normal(size=count)
    return [lambda theta, x=x, y=y: (theta @ x - y) * x for x, y in zip(X, Y, strict=True)]


_g = generator(63).normal(size=(4, 3))

# ---- answers that differ from the right one in several places ----


def _subtracted(place, added="gradient", step="rate * v"):
    """Return a step of momentum whose v points uphill; the gradient is measured at place."""
    return (
        "def nesterov_step(gradient, theta, v, rate, mu):\n"
        f"    v = mu * v + {added}({place})\n"
        f"    return theta - {step}, v\n"
    )


def _as_libraries(v, theta):
    """Return a step whose theta is the place ahead, so that the gradient is measured at it."""
    return (
        "def nesterov_step(gradient, theta, v, rate, mu):\n"
        "    g = gradient(theta)\n"
        f"    v = {v}\n"
        f"    return {theta}, v\n"
    )


NESTEROV = (
    "def nesterov_step(gradient, theta, v, rate, mu):\n"
    "    ahead = theta + mu * v\n"
    "    v = mu * v - rate * gradient(ahead)\n"
    "    return theta + v, v\n"
)


def _moved_first(share):
    return (
        "def nesterov_step(gradient, theta, v, rate, mu):\n"
        f"    theta = theta + {share}v\n"
        "    v = mu * v - rate * gradient(theta)\n"
        "    return theta, v\n"
    )


FORGETTING = (
    "def forgetting_step(theta, s, g, k, rate, beta):\n"
    "    s = beta * s + (1 - beta) * g**2\n"
    "    mean = s / (1 - beta**k)\n"
    "    return theta - rate * g / (np.sqrt(mean) + 1e-8), s\n"
)
CORRECTED = "(np.sqrt(mean) + 1e-8)"
SQUARED = FORGETTING.replace("= beta * s", "= beta**2 * s").replace(
    "(1 - beta) *", "(1 - beta**2) *"
)

ANNEALED = (
    "def descend_each(gradient, w, rate, tau, steps):\n"
    "    for k in range(steps):\n"
    "        now, new = rate / (1 + k / tau), np.array(w, float)\n"
    "        for i in range(len(w)):\n"
    "            new[i] = w[i] - now * gradient(w)[i]\n"
    "        w = new\n"
    "    return w\n"
)
NEVER = ANNEALED.replace("rate / (1 + k / tau)", "rate")
COMPOUNDED = ANNEALED.replace("now, new = rate", "rate = now = rate").replace(
    ", np.array(w, float)\n", "\n        new = np.array(w, float)\n"
)


def _sample_after_sample(step):
    return (
        "def one_pass(sample_gradients, theta, rate, size):\n"
        "    for i in range(0, len(sample_gradients), size):\n"
        "        batch = sample_gradients[i : i + size]\n"
        "        for g in batch:\n"
        f"            theta = theta - {step}\n"
        "    return theta\n"
    )


_ALL_AT_THE_START = (
    "def one_pass(sample_gradients, theta, rate, size):\n"
    "    slopes = [g(theta) for g in sample_gradients]\n"
    "    for i in range(0, len(slopes), size):\n"
    "        batch = slopes[i : i + size]\n"
    "        theta = theta - rate * sum(batch) / len(batch)\n"
    "    return theta\n"
)

EXERCISES = {
    "6.1": compute(
        "slopes", 1,
        "w1, w2, w3 = 0.5, -2.0, 1.5\n(w3 * w2 * w1 - 1) * w3 * w1",
        {
            "w1 - 1) → w1)": "The target 1 is missing in the difference of output and target.",
            "w1 - 1) → w1 + 1)": "The target is subtracted from the output, not added.",
            "(w3 * w2 * w1 - 1) → 1": "The factor w₃w₂w₁ − 1 is missing: this is the output's slope.",
            " * w3 * w1 → ": "The chain rule: the output's own slope along w₂ is missing.",
            " * w3 * w1 → * w2": "The output's slope along w₂ is what multiplies w₂, not w₂.",
            " * w3 * w1 → * w3": "w₁ multiplies w₂ too.",
            " * w3 * w1 → * w1": "w₃ multiplies w₂ too.",
        },
        why="The two other slopes have the opposite sign. Which factor gives it to them?",
    ),
    "6.2": compute(
        "falls", 1,
        "g = np.array([0.6, -1.1, 0.8])\n-0.03 * np.sum(g**2)",
        {
            "g**2 → g": "The slopes are added; slope times step is −η times their squares.",
            "g**2 → abs(g)": "The sizes are added; each slope counts twice, once for its step.",
            "np.sum(g**2) → np.sqrt(np.sum(g**2))": "The length is taken, not its square.",
            "-0.03 → -1": "The learning rate is missing.",
            "-0.03 → -0.03**2": "The rate counts once: it is in the step, not in the slope.",
        },
        why="Would ten such steps promise ten times as much?",
    ),
    "6.3": compute(
        "falls", 1,
        "(1 - 0.6 * 3) ** 3 * 8",
        {
            "** 3 → ** 2": "That is after two steps; three are asked for.",
            "(1 - 0.6 * 3) ** 3 → -((1 - 0.6 * 3) ** 2)":
                "That size is reached after two steps; three are asked for.",
            "** 3 → ** 1": "That is after one step; three are asked for.",
            "** 3 → ** 4": "That is after four steps; three are asked for.",
            "** 3 → * 3": "Three steps multiply the factor three times; they do not add.",
            "0.6 * 3 → 0.6": "The curvature is missing in the factor 1 − ηλ.",
            "1 - 0.6 * 3 → 0.6 * 3": "ηλ is what a step takes away; 1 − ηλ is what remains.",
            "1 - 0.6 * 3 → 1 + 0.6 * 3": "The step is subtracted: the factor is 1 − ηλ.",
        },
        within=2e-4,
        why="At which rate would the first step have been enough?",
    ),
    "6.4": predict(
        "curves", 1,
        {
            "ηλ = 0.1": "At 0.1 the distance keeps its sign.",
            "ηλ = 0.9": "At 0.9 nine tenths of the distance go in one step, and the sign stays.",
            "ηλ = 1.9": "The signs change and the sizes shrink: between 1 and 2.",
            "ηλ = 2.1": "At 2.1 the sizes would grow.",
        },
        _reporting,
        {
            "each step multiplies by −0.9, and that is 1 − ηλ": "",
            "a tenth is lost in each step, so ηλ is a tenth":
                "the sizes lose a tenth, but the sign changes as well.",
            "it jumps from side to side, so ηλ is above 2":
                "jumping begins at 1; above 2 the jumps grow.",
        },
        why="Which ηλ has the same sizes and no jumps?",
    ),
    "6.5": compute(
        "rate-limit", 1,
        "2 / 7",
        {
            "2 / 7 → 1 / 7": "1/λ goes to the bottom of the steepest direction in one step; "
                             "the limit is twice that.",
            "2 / 7 → 2 / 2": "The smaller curvature is used; the steepest direction diverges first.",
            "2 / 7 → 2 / 9": "The sum of both curvatures is used; the largest alone decides.",
            "2 / 7 → 7": "That is the curvature; the rate is 2 divided by it.",
            "2 / 7 → 2 / 6": "An entry of H is used; the curvature along (2, 1) is larger.",
        },
        within=2e-3,
        why="Does the limit change when the valley is turned?",
    ),
    "6.6": predict(
        "curves", 1,
        {
            "it stays": "Shorter steps jitter less.",
            "it falls to about a half": "The level follows the rate, in proportion.",
            "it falls to about a quarter":
                "One step adds a quarter as much; but the way back takes twice as many.",
        },
        _at_half_the_rate,
        {
            "a step's noise adds a quarter as much, the pull back is half as strong": "",
            "the single gradients become less noisy":
                "their noise comes from the samples, not from the rate.",
            "the data set the level": "the data set the lowest cost; the level above it follows η.",
        },
        why="And in shuffled passes, would the level fall by less or by more?",
    ),
    "6.7": predict(
        "momentum", 1,
        {
            "at all three": "At 4 gradient descent needs few steps, and momentum swings.",
            "at 25 and 100": "Its swings shrink by √0.8 = 0.89 a step, faster than descent's 0.92.",
            "at 100": "At 25 the swings, √0.8 = 0.89 a step, already shrink faster than descent.",
            "at 4": "Long valleys are where momentum helps.",
        },
        _where_momentum_wins,
        {
            "as long as both directions swing, they shrink by √μ a step; gradient descent's distance "
            "shrinks less, the longer the valley": "",
            "momentum is 1/(1 − μ) = 5 times as fast":
                "that holds on an even slope; at the bottom the ball rolls on.",
            "momentum allows larger rates": "it does, up to 2(1 + μ)/λ, but that is less than twice.",
        },
        why="Between which ratios would μ = 0.5 begin to win?",
    ),
    "6.8": compute(
        "momentum", 1,
        "2 * (1 + 0.8) / 5",
        {
            "2 * (1 + 0.8) → 2": "That is the limit without momentum.",
            "1 + 0.8 → 1 - 0.8": "1 − μ belongs to the terminal velocity; the limit grows with μ.",
            "2 * (1 + 0.8) → (1 + 0.8)": "The factor 2 is missing: from d to −d is a way of 2d.",
            " / 5 → ": "That is ηλ; the rate is asked for.",
            "2 * (1 + 0.8) → 2 / (1 - 0.8)": "1/(1 − μ) is the gain on an even slope, no limit.",
        },
        why="Where does the weight go at exactly this rate?",
    ),
    "6.9": compute(
        "optimizers", 1,
        "-0.5 * 4 / np.sqrt(3**2 + 4**2)",
        {
            "np.sqrt(3**2 + 4**2) → (3**2 + 4**2)": "The root of s is missing.",
            " / np.sqrt(3**2 + 4**2) → ": "The division by √s is missing.",
            "3**2 + 4**2 → 4**2": "The first gradient is forgotten; s adds all squares.",
            "3**2 + 4**2 → (3**2 + 4**2) / 2": "The mean is taken; in Adagrad s is a sum.",
            "3**2 + 4**2 → 3**2": "s takes in the new gradient before it is used.",
            "np.sqrt(3**2 + 4**2) → (3 + 4)": "The gradients are added, not their squares.",
            "-0.5 * 4 → -0.5 - 0.5 * 4": "That is both steps together; the second alone is asked for.",
            "4 / np → 3 / np": "The step follows the gradient of now, which is 4.",
        },
        why="How long is the third step if the gradient stays 4?",
    ),
    "6.10": assemble(
        "optimizers", 2, NESTEROV,
        {
            "theta + mu * v → theta + v": "The look-ahead lacks μ: that share of v survives.",
            "theta + mu * v → theta - mu * v": "It looks back, to where the ball came from.",
            "= mu * v - → = mu * v + ": "The velocity builds up along the gradient: uphill.",
            "= mu * v - → = v - ": "The old velocity is not shrunk: μ is missing in v.",
            "rate * gradient(ahead) → gradient(ahead)": "The rate before the gradient is missing.",
            "rate * gradient(ahead) → (1 - mu) * rate * gradient(ahead)":
                "The gradient is weighted with 1 − μ; here it is added in full.",
            "gradient(ahead) → gradient(theta)":
                "The gradient is measured at θ: that is momentum without the look-ahead.",
            "return theta + v → return ahead + v": "From ahead, μv is counted twice.",
            _subtracted("theta + mu * v"):
                "Look-ahead: this v points uphill and has a gradient's size, so θ + μv looks back, "
                "and lacks the rate.",
            _subtracted("theta - mu * v"):
                "Look-ahead: this v has a gradient's size, and μv is taken without the rate.",
            _subtracted("theta + mu * v", "rate * gradient", "v"):
                "Look-ahead: this v points uphill and is subtracted, so θ + μv looks back.",
            _subtracted("theta - rate * mu * v", "(1 - mu) * gradient"):
                "v becomes a mean, the gradient weighted with 1 − μ; momentum adds it in full.",
            _subtracted("theta + mu * v", "(1 - mu) * gradient"):
                "Look-ahead: this v points uphill and lacks the rate, so θ + μv looks back. "
                "v itself is a mean, no sum.",
            _subtracted("theta - mu * v", "(1 - mu) * gradient"):
                "Look-ahead: this v has a gradient's size, and the rate is missing. "
                "v itself is a mean, no sum.",
            _subtracted("theta", "(1 - mu) * gradient"):
                "The gradient is measured at θ, without the look-ahead; then v makes a mean of it, "
                "no sum.",
            _moved_first(""):
                "It moves by the old v, and measures the gradient there; it moves by the new v.",
            _moved_first("mu * "):
                "It stays ahead, at θ + μv: the step from θ is the whole new v.",
            NESTEROV.replace("theta + mu * v", "theta + mu**2 * v"):
                "μ is in the look-ahead twice: θ + μv is the place, with the v from before.",
            NESTEROV.replace("gradient(ahead)", "(gradient(theta) + gradient(ahead)) / 2"):
                "The mean of two slopes is taken; the one ahead replaces the one at θ.",
            "rate * gradient( → (1 - mu) * rate * gradient(\n(ahead) → (theta)":
                "The gradient is measured at θ, without the look-ahead; then 1 − μ takes a part of it.",
        },
        nearby([(_line, np.array([0.7]), np.array([-0.4]), 0.06, 0.85),
         (_chain, np.array([1.6, -0.5]), np.array([0.3, 0.8]), 0.1, 0.7),
         (_bowl, np.array([0.4, -1.2]), np.array([-0.9, 0.5]), 0.3, 0.6)]),
        results=("theta", "v"),
        forms={
            "= mu * v - rate → = mu * v + rate\ntheta + mu * v → theta - mu * v\n"
            "return theta + v → return theta - v":
                "This v points uphill and is subtracted: the same path. The question's v is added.",
            "= mu * v - rate * gradient → = mu * v + gradient\n"
            "theta + mu * v → theta - rate * mu * v\nreturn theta + v → return theta - rate * v":
                "This v has the size of a gradient: the same path. The question's v holds the rate.",
            _as_libraries("mu * v - rate * g", "theta + mu * v - rate * g"):
                "The libraries' form: its θ is the place ahead, on the same path. "
                "The question's θ is where the ball is.",
            _as_libraries("mu * v + g", "theta - rate * (g + mu * v)"):
                "The libraries' form: its θ is the place ahead, its v has a gradient's size. "
                "The question's θ is where the ball is.",
        },
        why="With μ = 0, which method is left?",
    ),
    "6.11": write(
        "optimizers", 2, FORGETTING,
        {
            "beta * s + → s + ": "The old mean is not shrunk: β is missing before s.",
            "(1 - beta) * g**2 → g**2": "The new square lacks its weight 1 − β.",
            "(1 - beta) * g**2 → (1 - beta) * g": "s is to hold the mean of the squares.",
            "s / (1 - beta**k) → s": "The mean is not corrected for having started at 0.",
            "s / (1 - beta**k) → s * (1 - beta**k)": "The correction multiplies; it divides.",
            "s / (1 - beta**k) → s / (1 - beta)": "The correction forgets the steps: 1 − βᵏ.",
            "s / (1 - beta**k) → s / (1 - beta**2)": "The correction has a fixed power; it is k.",
            "theta - → theta + ": "It walks uphill: the step is subtracted.",
            "np.sqrt(mean) → mean": "The root of the mean is missing.",
            "(np.sqrt(mean) + 1e-8) → np.sqrt(mean)": "ε is missing: at slope 0 it divides 0 by 0.",
            "(np.sqrt(mean) + 1e-8) → np.sqrt(mean + 1e-8)": "ε stands in the root; it is added to it.",
            "beta * s + → s + \n(1 - beta) * g**2 → g**2\ns / (1 - beta**k) → s":
                "This is Adagrad unchanged: s adds up all squares and forgets none of them.",
            FORGETTING.replace("1 - beta**k", "1 - (beta**2) ** k"):
                "The correction has β²: the old mean is shrunk by β itself, and so is its error.",
            SQUARED: "s has the weight β², the correction β: the weight of the question is β.",
            SQUARED.replace("1 - beta**k", "1 - (beta**2) ** k"):
                "The weight β is squared, in s and in its correction; the gradient alone is to be.",
            FORGETTING.replace("beta**k", "beta ** (k - 1)"):
                "The correction is one step behind: k is 1 in the first step already.",
            FORGETTING.replace("beta**k", "beta ** (k + 1)"):
                "The correction is one step ahead: k is 1 in the first step, as the power is.",
            FORGETTING.replace("s / (1 - beta**k)", "s").replace(
                CORRECTED, "(np.sqrt(mean) / (1 - beta**k) + 1e-8)"
            ): "The correction comes after the root; the mean is corrected, and then the root taken.",
            FORGETTING.replace("= beta * s + (1 - beta)", "= (1 - beta) * s + beta"):
                "The weights are swapped: β keeps the old mean, 1 − β lets the new square in.",
            FORGETTING.replace("    s = beta", "    old = s\n    s = beta").replace(
                "mean = s", "mean = old"
            ): "The step divides by the s from before; the new square belongs in it first.",
            FORGETTING.replace("1e-8), s\n", "1e-8), mean\n"):
                "The corrected mean is returned as s; the next step would correct it again.",
        },
        [(np.array([0.5, -0.3]), np.zeros(2), np.array([0.0, 2e-8]), 1, 0.1, 0.9),
         (_g[0], abs(_g[1]), _g[2], 3, 0.05, 0.9),
         (np.array([0.8]), np.array([0.3]), np.array([-1.7]), 1, 0.2, 0.99),
         (_g[3], np.zeros(3), _g[1], 1, 0.1, 0.7)],
        forms={
            FORGETTING.replace("s / (1 - beta**k)", "s").replace(
                "rate * g", "rate * np.sqrt(1 - beta**k) * g"
            ): "The shortened form, with the correction in the rate: ε meets the uncorrected root. "
               "The question's ε is added to the corrected one.",
        },
        results=("theta", "s"),
        why="Which part of Adam is still missing?",
    ),
    "6.12": debug(
        "curves", 2, ANNEALED,
        {
            "gradient(w)[i] → gradient(new)[i]":
                "Each slope is measured after the weights before it have moved, not at one place.",
            "w[i] - → w[i] + ": "It walks uphill: the step is subtracted.",
            "(1 + k / tau) → (1 + k * tau)": "The rate is to be half after τ steps: k/τ.",
            "(1 + k / tau) → (k / tau)": "At k = 0 the rate divides by 0; 1 + k/τ is meant.",
            "range(len(w)) → range(len(w) - 1)": "The last weight never moves.",
            "range(len(w)) → reversed(range(len(w)))\ngradient(w)[i] → gradient(new)[i]":
                "The loop is reversed; each slope is still measured after other weights have moved.",
            "range(steps) → range(1, steps + 1)":
                "k counts from 1: even the first step has less than the full rate.",
            "range(steps) → range(1, steps)":
                "k counts from 1 and ends before steps: a step is missing, and the rates are too small.",
            NEVER: "The rate never falls; 1 + k/τ is to divide it.",
            NEVER.replace("gradient(w)[i]", "gradient(new)[i]"):
                "The rate never falls. And each slope is measured after other weights have moved.",
            COMPOUNDED: "The rate is compounded: 1 + k/τ divides the first rate, not the last one.",
            COMPOUNDED.replace("gradient(w)[i]", "gradient(new)[i]"):
                "The rate is compounded. And each slope is measured after other weights have moved.",
            ANNEALED.replace("/ (1 + k / tau)", "* 0.5 ** (k / tau)"):
                "The rate halves every τ steps; divided by 1 + k/τ it falls ever more slowly.",
        },
        nearby([(_chain, np.array([2.0, 0.2]), 0.1, 5.0, 4),
                (_triple, np.array([0.7, -0.6, 1.1]), 0.2, 3.0, 7)]),
        planted=("gradient(w)[i] → gradient(new)[i]",),
        why="In which step does the first weight go wrong as well?",
    ),
    "6.13": spot(
        "curves", 2,
        "def one_pass(sample_gradients, theta, rate, size):\n"
        "    starts = range(0, len(sample_gradients), size)\n"
        "    for batch in [sample_gradients[i : i + size] for i in starts]:\n"
        "        step = sum(g(theta) for g in batch) / len(batch)\n"
        "        theta = theta - rate * step\n"
        "    return theta\n",
        {
            "[i : i + size] → [:]":
                "Each step takes the gradient of the whole cost: nothing is stochastic.",
            "in batch) / len(batch) → in batch) / size":
                "The last batch may be smaller: divide by what it holds.",
            "in batch) / len(batch) → in batch)": "The sum is taken; the batch's mean is needed.",
            "- rate * step → + rate * step": "It walks uphill: the step is subtracted.",
            "), size) → ))":
                "It makes a step for every sample; the batches begin size samples apart.",
            "), size) → ) - size + 1, size)":
                "A last batch that is smaller is dropped: its samples belong to the pass.",
            "), size) → ) - size, size)":
                "The starts end too early: the last batch is dropped, full or not.",
            _sample_after_sample("rate * g(theta)"):
                "The weights move after each sample, by a full step; one step a batch is needed.",
            _sample_after_sample("rate * g(theta) / len(batch)"):
                "The weights move inside a batch: all its slopes are to be measured at one place.",
            _sample_after_sample("rate * g(theta) / size"):
                "The weights move inside a batch: its slopes are measured at several places. "
                "A smaller last batch is divided by too much.",
            _ALL_AT_THE_START.replace("g(theta) for g in", "g for g in reversed(").replace(
                "sample_gradients]", "sample_gradients)]"
            ).replace("sum(batch)", "sum(g(theta) for g in batch)"):
                "The samples come from the last to the first; this pass takes the list as it stands.",
            _ALL_AT_THE_START:
                "All slopes are taken at the start; a batch needs them where the last step has led.",
        },
        [(_samples(1, 7, 2), np.array([0.4, -1.1]), 0.5, 3),
         (_samples(2, 5, 3), np.array([0.2, 0.9, -0.6]), 0.2, 1),
         (_samples(3, 6, 2), np.array([1.4, 0.3]), 0.3, 2)],
        planted=("[i : i + size] → [:]",),
        differing="The samples are shuffled; this pass takes the list as it stands.",
        why="With which size is this gradient descent?",
    ),
    "6.14": derive(
        "rate-limit", 3,
        ("(1 − aλ)(1 − bλ)", "(1 - a * lam) * (1 - b * lam)"),
        [
            Line("multiply out", ("1 − (a + b)λ + abλ²", "1 - (a + b) * lam + a * b * lam**2"), {
                ("1 − (a + b)λ − abλ²", "1 - (a + b) * lam - a * b * lam**2"):
                    "minus times minus is plus.",
                ("1 − abλ²", "1 - a * b * lam**2"): "the two mixed terms are missing.",
                ("1 − (a + b)λ", "1 - (a + b) * lam"): "the product of the two last terms is missing.",
            }),
            Line("take λ out of the last two terms",
                 ("1 − λ(a + b − abλ)", "1 - lam * (a + b - a * b * lam)"), {
                ("1 − λ(a + b + abλ)", "1 - lam * (a + b + a * b * lam)"):
                    "the minus stands before the bracket, so the sign inside turns.",
                ("1 − λ(a + b − ab)", "1 - lam * (a + b - a * b)"): "of λ² one λ stays inside.",
            }),
        ],
        {"a": np.array([0.2, 0.7, 1.3]), "b": np.array([0.9, 0.4, 0.6]),
         "lam": np.array([1.7, 2.3, 0.8])},
        "def largest_curvature(a, b):\n    return 1 / a + 1 / b\n",
        {
            "1 / a + 1 / b → 2 / b": "That is the limit of the rate b alone; every other step is at a.",
            "1 / a + 1 / b → 2 / a": "That is the limit of the rate a alone; every other step is at b.",
            "1 / a + 1 / b → 4 / (a + b)": "That is the limit of the mean rate at every step.",
            "1 / a + 1 / b → a + b": "The bracket a + b − abλ is zero where abλ = a + b.",
            "1 / a + 1 / b → 1 / (a * b)": "Solve abλ = a + b for λ: the sum belongs on top.",
        },
        nearby([(0.2, 0.9), (0.3, 0.8), (1.1, 0.5)]),
        points=("largest_curvature(0.2, 0.6)", "largest_curvature(0.3, 1.3)"),
        why="When b is ten times a, the bound −1 is met first. From which λ on?",
    ),
    "6.15": investigate(
        "momentum", 3,
        {"η": [0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.033, 0.036, 0.04],
         "μ": [0.0, 0.3, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9, 0.95]},
        _fast_enough,
    ),
}  # fmt: skip
