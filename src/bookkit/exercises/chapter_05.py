"""The exercises of chapter 5, costs."""

from functools import cache

import numpy as np

from backprop import costs

from .derivations import Line
from .fresh import generator, nearby
from .kinds import assemble, compute, debug, derive, investigate, predict, spot, write
from .verdict import Verdict

# ---- experiments ----


COSTS = {  # the narrower the targets, the earlier
    "softmax": costs.softmax_cross_entropy,
    "sigmoid": costs.sigmoid_cross_entropy,
    "identity": costs.quadratic,
}


@cache
def _what_each_needs():
    one, some = np.eye(5)[:, [3, 0, 4]], np.array([[1, 0], [1, 0], [0, 0], [1, 0], [0, 1.0]])
    targets = {"A": np.array([[21.5, 18.0]]), "B": one, "C": some, "D": np.array([[1.0, 0.0]])}
    needed = {
        task: next(name for name, cost in COSTS.items() if _takes(cost, y))
        for task, y in targets.items()
    }
    return ", ".join(f"{task} {name}" for task, name in needed.items())


def _takes(cost, y):
    try:
        cost(np.zeros(y.shape), y)
    except ValueError:
        return False
    return True


INPUTS = np.random.default_rng(510).uniform(-2, 2, 40)
MADE = -1.5 * np.tanh(0.8 * INPUTS)


def _cost_of(u, v):
    return float(np.mean((v * np.tanh(u * INPUTS) - MADE) ** 2) / 2)


def _not_convex(u1, v1, u2, v2):
    for which, (u, v) in {"first": (u1, v1), "second": (u2, v2)}.items():
        if not _cost_of(u, v) < 1e-12:
            return Verdict(False, f"The {which} setting costs {_cost_of(u, v):.3g}, not 0.")
    middle = _cost_of((u1 + u2) / 2, (v1 + v2) / 2)
    if middle > 0.01:
        return Verdict(True, f"The midpoint costs {middle:.2f}. With ten hidden neurons, how many "
                       "settings does this give?")  # fmt: skip
    return Verdict(
        False, "Both cost 0, but they are one and the same setting, and so is the midpoint."
    )


# ---- functions to try answers on ----

_r = generator(55)
_a, _b = _r.uniform(0.1, 0.9, (3, 5)), _r.uniform(0.1, 0.9, (3, 5))
_c, _d = _r.normal(size=(2, 3)), _r.normal(size=(2, 3))

FROM_A = (
    "def cost_of_z(z, y):\n"
    "    a = 1 / (1 + np.exp(-z))\n"
    "    return -np.mean(y * np.log(a) + (1 - y) * np.log(1 - a))\n"
)

HUBER = (
    "def huber(a, y, d):\n"
    "    e, m = a - y, a.shape[1]\n"
    "    far = np.abs(e) > d\n"
    "    each = np.where(far, d * (np.abs(e) - d / 2), e**2 / 2)\n"
    "    return np.sum(each) / m, np.where(far, d * np.sign(e), e) / m\n"
)

POISSON = {
    "a": np.array([0.7, 2.3, 4.1]), "y": np.array([2.0, 3.0, 1.0]), "fact": np.array([2.0, 6.0, 1.0]),
}  # fmt: skip

EXERCISES = {
    "5.1": compute(
        "costs", 1,
        "a, y = np.array([[0.3, 0.6], [0.9, 0.2]]), np.array([[0.5, 0.3], [0.4, 0.6]])\n"
        "np.sum((a - y) ** 2) / (2 * 2)",
        {
            "/ (2 * 2) → / 2": "A factor ½ is missing: the half and the mean over two samples.",
            "/ (2 * 2) → ": "That is the sum of the squares; the half and the mean are missing.",
            "/ (2 * 2) → / (2 * 4)": "The mean is over two samples, not over four numbers.",
            "(a - y) ** 2 → abs(a - y)": "The misses are added; their squares are wanted.",
            "np.sum((a - y) ** 2) → np.sum(a - y) ** 2": "Each miss is squared by itself, then added.",
        },
        why="Which of the four misses contributes most?",
    ),
    "5.2": compute(
        "costs", 1, "a, y = 0.6, -0.5\n(a - y) * (1 - a**2)",
        {
            " * (1 - a**2) → ": "That is the slope in a; the slope of tanh is missing.",
            "(1 - a**2) → a * (1 - a)": "That is the sigmoid's slope; this output is a tanh.",
            "a - y → a + y": "The target is subtracted, and it is negative.",
            "(a - y) * (1 - a**2) → 1 - a**2": "The slope of the cost in a is missing.",
            "(1 - a**2) → (1 - np.tanh(a)**2)": "a is the output already: tanh was taken twice.",
            "(a - y) → 2 * (a - y)": "The half of the cost is forgotten: it leaves no 2 in the slope.",
            "(a - y) → 0.5 * (a - y) ** 2": "That multiplies the cost itself; its slope is a − y.",
        },
        why="At which output would the slope be largest for this target?",
    ),
    "5.3": compute(
        "costs", 1, "a = np.array([0.2, 0.7, 0.1])\n-np.log(a[2])",
        {
            "-np.log(a[2]) → -np.log(a[1])": "That is for the second class; the third is right.",
            "-np.log(a[2]) → -np.log(a[0])": "That is for the first class; the third is right.",
            "np.log(a[2]) → np.log10(a[2])": "The natural logarithm is meant.",
            "-np.log(a[2]) → -np.log(1 - a[2])": "That is the cost of a “no”; this class is right.",
            "-np.log(a[2]) → -np.log(0.8 * 0.3 * 0.1)":
                "The noes of the others are added; with softmax only the right share counts.",
            "-np.log(a[2]) → 1 - a[2]": "That is the miss of the right class; its −ln is asked for.",
            "-np.log(a[2]) → np.sum((a - [0, 0, 1]) ** 2) / 2": "That is the quadratic cost.",
        },
        why="Along which z is the slope negative?",
    ),
    "5.4": predict(
        "choose", 1,
        {
            "A identity, B softmax, C softmax, D sigmoid":
                "In C several findings may be present: shares of one whole cannot say so.",
            "A identity, B softmax, C sigmoid, D sigmoid":
                "B has one right species, C any number of findings, D a yes or no, A any number.",
            "A identity, B softmax, C sigmoid, D softmax":
                "D has one output; the softmax of one number is always 1.",
            "A sigmoid, B softmax, C sigmoid, D sigmoid":
                "A sigmoid stays between 0 and 1; a temperature does not.",
        },
        _what_each_needs,
        {
            "softmax where targets add up to 1 over several outputs": "",
            "softmax where there are several outputs":
                "C has five as well; there they do not exclude one another.",
            "softmax where outputs lie between 0 and 1": "so do those of sigmoids.",
        },
        by="The targets show",
        why="And a task E: which share of a bag's seeds will sprout?",
    ),
    "5.5": assemble(
        "costs", 2,
        "def cost_of_z(z, y):\n"
        "    small = np.exp(-np.abs(z))\n"
        "    return np.mean(np.maximum(z, 0) - y * z + np.log1p(small))\n",
        {
            "np.maximum(z, 0) → z": "Negative z: there ln(1 + eᶻ) goes to 0, not to z.",
            "np.maximum(z, 0) → np.abs(z)": "Negative z: |z| is too much; ln(1 + eᶻ) goes to 0 there.",
            "np.maximum(z, 0) - → ": "The part that grows is missing: max(z, 0).",
            "- y * z → + y * z": "The sign of yz: the cost falls as z grows toward a yes.",
            "- y * z → - y": "The target multiplies z.",
            "np.log1p(small) → np.log(small)": "The 1 is missing in the logarithm.",
            "np.log1p(small) → small": "The logarithm is missing: ln(1 + e^−|z|).",
            "-np.abs(z) → np.abs(z)": "This exponential grows; e^−|z| does not.",
            "-np.abs(z) → -z": "e^−z grows where z is negative; e^−|z| does not.",
            "np.mean → np.sum": "The sum is taken; the mean over the samples is wanted.",
            FROM_A: "Right for moderate z. At z = −800 or 750 an exponential or a logarithm is infinite: "
                    "let only e^−|z| occur.",
        },
        [(np.array([[0.7, -1.3, 2.2]]), np.array([[0.2, 0.9, 0.6]])),
         (np.array([[-3.1, 0.4]]), np.array([[1.0, 0.0]])),
         (np.array([[-800.0, 750.0, 1.2, -0.3]]), np.array([[1.0, 0.3, 0.0, 0.8]]))],
        why="What is it for z = 800 and the target 1?",
    ),
    "5.6": debug(
        "faults", 2,
        "def quartic(a, y):\n"
        "    miss, m = a - y, a.shape[1]\n"
        "    return np.sum(miss**4) / (4 * m), miss**3 / m\n",
        {
            "miss**3 / m → miss**3 / miss.size":
                "The slopes are divided by all entries; the mean is over the samples alone.",
            "miss**3 / m → miss**3": "The slopes are those of a sum; the cost is a mean.",
            "miss**3 / m → 3 * miss**3 / miss.size":
                "A factor 3 fits three outputs only; divide by the number of samples.",
            "miss**3 / m → miss**3 / len(miss)":
                "The slopes are divided by the outputs; the mean is over the samples.",
            "miss**3 → miss**2": "The slope of a fourth power is a third power.",
            "miss**3 / m → 4 * miss**3 / m": "The 4 of the power is gone: the cost has a ¼.",
            "(4 * m) → (4 * miss.size)":
                "The cost is divided by all entries; its mean is over the samples.",
            "(4 * m) → m": "The ¼ in the cost is missing.",
            "a - y → y - a": "The sign: along a the miss is a − y.",
            "a.shape[1] → len(a)": "m counts the columns; these are the rows.",
            "(4 * m) → (4 * miss.size)\nmiss**3 / m → miss**3 / miss.size":
                "Now both are means over all entries; the cost was right, its mean is over the samples.",
        },
        [(_a, _b), (_c, _d)],
        results=("the cost", "the slopes"),
        planted=("miss**3 / m → miss**3 / miss.size",),
        why="With how many outputs would the mistake not be seen?",
    ),
    "5.7": spot(
        "faults", 2,
        "def cost(a, y):\n"
        "    yes = y * np.log(y / a)\n"
        "    no = (1 - y) * np.log((1 - y) / (1 - a))\n"
        "    return np.mean(yes + no)\n",
        {
            "np.log(y / a) → np.log(1 / a)":
                "At a = y the first term is not yet 0: the logarithm needs y in it.",
            "np.log((1 - y) / (1 - a)) → np.log(1 / (1 - a))":
                "At a = y the second term is not yet 0: the logarithm needs 1 − y in it.",
        },
        nearby([(np.array([0.3, 0.8, 0.55]), np.array([0.6, 0.7, 0.1])),
         (np.array([0.42, 0.9]), np.array([0.42, 0.35]))]),
        planted=("np.log(y / a) → np.log(1 / a)",
                 "np.log((1 - y) / (1 - a)) → np.log(1 / (1 - a))"),
        why="What has been subtracted depends on y alone. What is it called?",
    ),
    "5.8": derive(
        "likelihood", 2,
        ("−ln(e⁻ᵃ aʸ / y!)", "-np.log(np.exp(-a) * a**y / fact)"),
        [
            Line("the logarithm of a product is a sum",
                 ("−ln e⁻ᵃ − ln aʸ + ln y!", "-np.log(np.exp(-a)) - np.log(a**y) + np.log(fact)"), {
                ("−ln e⁻ᵃ − ln aʸ − ln y!", "-np.log(np.exp(-a)) - np.log(a**y) - np.log(fact)"):
                    "y! divides: minus the logarithm of 1/y! is plus ln y!.",
                ("ln e⁻ᵃ + ln aʸ − ln y!", "np.log(np.exp(-a)) + np.log(a**y) - np.log(fact)"):
                    "the minus in front is lost.",
                ("−ln e⁻ᵃ · ln aʸ + ln y!", "-np.log(np.exp(-a)) * np.log(a**y) + np.log(fact)"):
                    "a product turns into a sum.",
            }),
            Line("ln eˣ = x and ln aʸ = y ln a",
                 ("a − y ln a + ln y!", "a - y * np.log(a) + np.log(fact)"), {
                ("−a − y ln a + ln y!", "-a - y * np.log(a) + np.log(fact)"):
                    "minus the logarithm of e⁻ᵃ is plus a.",
                ("a − a ln y + ln y!", "a - a * np.log(y) + np.log(fact)"):
                    "the exponent y comes to the front, not the base.",
            }),
        ],
        POISSON,
        "def slope(a, y):\n    return (a - y) / a\n",
        {
            "(a - y) / a → (y - a) / a": "The sign: this climbs; the cost is minus the logarithm.",
            "(a - y) / a → a - y": "That is the slope in z when a is eᶻ; along a it is asked for.",
            "(a - y) / a → -y / a": "The slope of the summand a is missing.",
            "(a - y) / a → 1 - a / y": "ln a has the slope 1/a: y stands above.",
            "(a - y) / a → 1 - y * np.log(a)": "ln a itself is not its slope 1/a.",
            "(a - y) / a → (a - y) / (a * (1 - a))": "That is the slope for yes or no, not for counts.",
        },
        nearby([(2.5, 4.0), (1.7, 3.0), (3.2, 2.0), (0.6, 0.0)]),
        points=("slope(2.5, 4)", "slope(3.2, 2)"),
        why="And along z, if the output is a = eᶻ?",
    ),
    "5.9": write(
        "costs", 2, HUBER,
        {
            "d * (np.abs(e) - d / 2) → d * np.abs(e)": "The straight part is too high by d²/2.",
            "d * (np.abs(e) - d / 2) → np.abs(e) - d / 2": "The straight part lacks its slope d.",
            HUBER.replace("(np.abs(e) - d", "(e - d"): "The straight part needs |e|.",
            "e**2 / 2 → e**2": "The half before the square is missing.",
            "np.abs(e) > d → e > d": "Misses below −d are large as well: compare |e| with d.",
            HUBER.replace("> d", "<= d"): "The two parts are swapped: the square is for small misses.",
            HUBER.replace("a - y,", "y - a,"): "The sign of the slopes: along a, e is a − y.",
            "a.shape[1] → a.size": "The mean is over the samples; the entries of one add up.",
            HUBER.replace("a.shape[1]", "len(a)"): "m counts the columns, one a sample.",
            "np.sum(each) / m → np.sum(each)": "The cost lacks the mean over the samples.",
            "e) / m → e)": "The slopes lack the 1/m of the cost's mean.",
            "d * np.sign(e) → np.sign(e)": "The straight part's slope is d, with the sign of e.",
            "d * np.sign(e) → d": "The slope is −d where e is negative.",
            "np.where(far, d * np.sign(e), e) → e":
                "That is the quadratic cost's slope; a large miss has ±d.",
        },
        [(_a, _b, 0.25), (_c, _d, 0.7), (np.array([[1.5], [-2.0], [0.1]]), np.zeros((3, 1)), 1.2)],
        results=("the cost", "the slopes"),
        why="What does it become for a very large d?",
    ),
    "5.10": investigate(
        "convexity", 3,
        {"u₁": [-1.6, -0.8, 0.8, 1.6], "v₁": [-1.5, -0.75, 0.75, 1.5],
         "u₂": [-1.6, -0.8, 0.8, 1.6], "v₂": [-1.5, -0.75, 0.75, 1.5]},
        _not_convex,
    ),
}  # fmt: skip
