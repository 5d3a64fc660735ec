"""The exercises of chapter 4, notation and the forward pass."""
# ruff: noqa: E501 (a sentence of a table stays whole)

import itertools
from functools import cache

import numpy as np

from backprop.activations import identity, relu, sigmoid, tanh
from backprop.network import Layer, forward, initialize, propagate

from .fresh import generator
from .kinds import assemble, compute, debug, investigate, predict, spot, write
from .verdict import Verdict

# ---- experiments ----


@cache
def _column_of_zeros():
    rng = np.random.default_rng(41)
    net = initialize([3, 5, 5, 3], tanh, sigmoid, scheme="normal", rng=rng)
    w = net[2].w.copy()
    w[:, 3] = 0
    net[2] = Layer(w, net[2].b, net[2].sigma)
    _, a = forward(net, rng.normal(size=(3, 8)))
    if np.ptp(a[2][3]) < 1e-12:
        return "neuron 4 of layer 2 says the same for every input"
    hidden = a[1].copy()
    hidden[3] += 1  # what neuron 4 of layer 1 says is changed
    after = forward({1: net[2], 2: net[3]}, hidden)[1][2]
    if np.abs(after - a[3]).max() < 1e-12:
        return "the outputs no longer depend on what neuron 4 of layer 1 says"
    return "the outputs no longer depend on input 4"


SHAPES = {
    "w¹ (3, 4), a¹ (3, 5), b² (2, 1)": ((3, 4), (3, 5), (2, 1)),
    "w¹ (4, 3), a¹ (3, 5), b² (2, 1)": ((4, 3), (3, 5), (2, 1)),
    "w¹ (3, 4), a¹ (5, 3), b² (2, 1)": ((3, 4), (5, 3), (2, 1)),
    "w¹ (3, 4), a¹ (3, 5), b² (2, 5)": ((3, 4), (3, 5), (2, 5)),
}


@cache
def _shapes():
    rng = np.random.default_rng(42)
    net = initialize([4, 3, 2], tanh, sigmoid, rng=rng)
    _, a = forward(net, rng.normal(size=(4, 5)))
    found = net[1].w.shape, a[1].shape, net[2].b.shape
    return next(text for text, shapes in SHAPES.items() if shapes == found)


@cache
def _one_broken_sample():
    rng = np.random.default_rng(43)
    net = initialize([4, 5, 3], tanh, sigmoid, scheme="normal", rng=rng)
    x = rng.normal(size=(4, 64))
    x[1, 17] = np.nan
    _, a = propagate(net, x)
    return f"{int(np.isnan(a[2]).sum())}"


SIGNS = {
    "row j of w¹ and the bias b¹ⱼ": ("row", "bias"),
    "row j of w¹, the bias b¹ⱼ, and column j of w²": ("row", "bias", "column"),
    "row j of w¹ and column j of w²": ("row", "column"),
    "row j of w¹, the bias b¹ⱼ, and row j of w²": ("row", "bias", "next row"),
}


@cache
def _same_outputs(changed):
    """Return whether networks 3-5-5-3 keep their outputs when these numbers of one neuron change sign."""
    for seed in range(4000, 4020):
        rng = np.random.default_rng(seed)
        net = initialize([3, 5, 5, 3], tanh, identity, scheme="normal", rng=rng)
        x, j = rng.normal(size=(3, 6)), int(rng.integers(5))
        (w1, b1, sigma), w2 = net[1], net[2].w.copy()
        w1, b1 = w1.copy(), b1.copy()
        w1[j] *= -1 if "row" in changed else 1
        b1[j] *= -1 if "bias" in changed else 1
        w2[:, j] *= -1 if "column" in changed else 1
        w2[j] *= -1 if "next row" in changed else 1
        twin = {1: Layer(w1, b1, sigma), 2: Layer(w2, *net[2][1:]), 3: net[3]}
        if np.abs(forward(twin, x)[1][3] - forward(net, x)[1][3]).max() > 1e-9:
            return False
    return True


@cache
def _twins_of_a_layer():
    """Return how many orders and signs of five tanh neurons were tried, all with the same outputs."""
    rng = np.random.default_rng(44)
    net = initialize([3, 5, 3], tanh, identity, scheme="normal", rng=rng)
    x = rng.normal(size=(3, 4))
    (w1, b1, _), (w2, b2, _) = net.values()
    want, found = forward(net, x)[1][2], set()
    for order in map(list, itertools.permutations(range(5))):
        for signs in itertools.product((1, -1), repeat=5):
            s = np.array(signs)[:, None]
            v1, c1, v2 = s * w1[order], s * b1[order], w2[:, order] * s.T
            if np.abs(v2 @ np.tanh(v1 @ x + c1) + b2 - want).max() < 1e-9:
                found.add(np.concatenate([v1.ravel(), c1.ravel(), v2.ravel()]).tobytes())
    return len(found)


COUNTS = {
    240: "That exchanges neurons in one layer or in the other; both at once are possible too.",
    1024: "These are the signs alone; the neurons of a layer can also change places.",
    3840: "That is one hidden layer; each twin of it goes with each of the other's.",
    7680: "The counts of the two layers are added; each twin of one goes with each of the other.",
    14400: "These are the orders alone; each neuron can also change its sign.",
    3715891200: "A neuron cannot change places with one of another layer.",
}


def _twins(signs, count):
    if signs not in SIGNS:
        return Verdict(False, f"signs must be one of: {'; '.join(SIGNS)}.")
    if not _same_outputs(SIGNS[signs]):
        return Verdict(False, "In 20 random networks these signs change the outputs.")
    if count != _twins_of_a_layer() ** 2:
        said = COUNTS.get(
            count, "Count the orders and the signs of one layer; then combine the two."
        )
        return Verdict(False, f"These signs leave the outputs as they are. {said}")
    return Verdict(True, f"All {_twins_of_a_layer()} of a layer of five were tried, and squared. "
                   "What does that say about finding the one right set of weights?")  # fmt: skip


# ---- numbers to try answers on ----

RNG = generator(45)


def drawn(*shapes):
    """Return random arrays of these shapes, one tuple of arguments."""
    return tuple(RNG.normal(size=shape) for shape in shapes)


def layers(sizes, sigmas):
    """Return a list of layers (w, b, sigma) as this book stores them."""
    return [
        (*drawn((n, before), (n, 1)), sigma)
        for before, n, sigma in zip(sizes, sizes[1:], sigmas, strict=False)
    ]


ROWS = (
    "def forward_rows(X, layers):\n"
    "    A = X\n"
    "    for w, b, sigma in layers:\n"
    "        Z = A @ w.T + b[:, 0]\n"
    "        A = sigma(Z)\n"
    "    return A\n"
)

STANDARD = (
    "def standardized_pass(x, w1, b1, w2, b2):\n"
    "    middle = x.mean(axis=1, keepdims=True)\n"
    "    spread = x.std(axis=1, keepdims=True)\n"
    "    a1 = np.tanh(w1 @ ((x - middle) / spread) + b1[:, None])\n"
    "    return w2 @ a1 + b2[:, None]\n"
)

PRINTED = (
    "def weighted_inputs(W, y):\n"
    "    sources, neurons = range(len(y)), range(W.shape[1])\n"
    "    return [sum(W[j, i] * y[j] for j in sources) for i in neurons]\n"
)

CONVERTED = (
    "def converted(W1, W2):\n"
    "    matrices = {1: W1, 2: W2}\n"
    "    w = {l: W[1:].T for l, W in matrices.items()}\n"
    "    b = {l: W[:1].T for l, W in matrices.items()}\n"
    "    return w, b\n"
)

EXERCISES = {
    "4.1": predict(
        "indices", 1,
        {
            "the outputs no longer depend on what neuron 4 of layer 1 says":
                "Its four other ways on would be open: is column 4 what leaves it, or what enters it?",
            "neuron 4 of layer 2 says the same for every input":
                "What enters that neuron stands in row 4.",
            "the outputs no longer depend on input 4": "There are three inputs, and they meet w¹.",
        },
        _column_of_zeros,
        {
            "column 4 holds all weights that lead from neuron 4 of layer 1": "",
            "column 4 holds all weights that lead to neuron 4 of layer 2": "those stand in row 4.",
            "the superscript 2 names the layer that the weights leave":
                "it names the layer that they lead into.",
        },
        why="What would row 4 of zeros do?",
    ),
    "4.2": compute(
        "pass", 1,
        "w1, b1 = np.array([[0.5, -1.2], [0.8, 0.3]]), np.array([0.1, -0.4])\n"
        "w2, b2, x = np.array([1.5, -0.7]), 0.2, np.array([0.6, -0.5])\n"
        "w2 @ np.tanh(w1 @ x + b1) + b2",
        {
            "np.tanh(w1 @ x + b1) → np.tanh(w1.T @ x + b1)":
                "w¹ is used by columns; row j holds what enters neuron j.",
            "np.tanh(w1 @ x + b1) → np.tanh(w1 @ x)": "The biases of layer 1 are missing.",
            " + b2 → ": "The bias of the output is missing.",
            "np.tanh(w1 @ x + b1) → (w1 @ x + b1)": "tanh is missing in the hidden layer.",
            "w2 @ np.tanh(w1 @ x + b1) + b2 → np.tanh(w2 @ np.tanh(w1 @ x + b1) + b2)":
                "The output neuron has the identity, no tanh.",
            "np.tanh(w1 @ x + b1) → (np.tanh(w1 @ x) + b1)":
                "The biases are added after tanh; they belong to the weighted input.",
            "np.tanh(w1 @ x + b1) → (1 / (1 + np.exp(-w1 @ x - b1)))":
                "That is the sigmoid; the hidden layer has tanh.",
            "np.array([1.5, -0.7]) → np.array([-0.7, 1.5])": "The two weights of layer 2 are exchanged.",
            "np.array([0.1, -0.4]) → np.array([0.1, 0.4])": "The minus of the bias −0.4 is lost.",
            "np.array([0.6, -0.5]) → np.array([0.6, 0.5])": "The minus of the input −0.5 is lost.",
            "[[0.5, -1.2] → [[0.5, 1.2]": "The minus of the weight −1.2 is lost.",
            "np.array([1.5, -0.7]) → np.array([1.5, 0.7])":
                "A minus is lost in the last product: that of the weight −0.7, or that of what it multiplies.",
        },
        why="Which of the two hidden neurons moves the output more?",
    ),
    "4.3": compute(
        "shapes", 1,
        "sizes = [5, 4, 4, 3]\n"
        "sum(n_out * (n_in + 1) for n_in, n_out in zip(sizes, sizes[1:]))",
        {
            "n_out * (n_in + 1) → n_out * n_in": "These are the weights; every neuron has a bias too.",
            "n_out * (n_in + 1) → (n_out + 1) * n_in":
                "A bias is counted for each source; the neurons that are led to have them.",
            "n_out * (n_in + 1) → n_out * n_in + 1": "One bias is counted a layer; each neuron has its own.",
            "sizes = [5, 4, 4, 3] → sizes = [5, 4, 3]": "One hidden layer is missing.",
            "for n_in, n_out in zip(sizes, sizes[1:])) → for n_in, n_out in zip(sizes, sizes[1:])) + 5":
                "The inputs are counted as neurons with a bias; they compute nothing.",
            "n_out * (n_in + 1) → n_out": "These are the neurons, or their biases; the weights are missing.",
        },
        whole=True,
        why="Which of the three layers has the most?",
    ),
    "4.4": predict(
        "shapes", 1,
        {
            text: said
            for text, said in zip(
                SHAPES,
                ("That fits layer by layer.", "With w¹ (4, 3) the product w¹a⁰ does not exist.",
                 "The samples are columns: a¹ has as many as x.",
                 "The biases are parameters; samples do not add any."),
                strict=True,
            )
        },
        _shapes,
        {
            "a row for each neuron, a column for each sample; parameters know nothing of samples": "",
            "a row for each input, a column for each neuron, as in x":
                "x has a column for each sample, and w a row for each neuron.",
            "every array gets a column for each sample":
                "w and b do not: one set of parameters serves all samples.",
        },
        why="Which of the three shapes change when two samples are left out?",
    ),
    "4.5": assemble(
        "translate", 2, ROWS,
        {
            "A @ w.T → X @ w.T": "Every layer is given X; each takes what the layer before it passes on.",
            "A @ w.T + b[:, 0] → w @ A + b": "That is the line for samples in columns; here they are rows.",
            "A @ w.T → A @ w": "w is out × in; behind rows it has to be transposed.",
            "b[:, 0] → b": "b is a column; added to rows of neurons it has to lie flat.",
            " + b[:, 0] → ": "The biases are missing.",
            "A = sigma(Z) → A = Z": "The activation function is missing.",
            "A = X → A = X.T": "X holds its samples as rows already; it must not be transposed.",
            "return A → return A.T": "The outputs are transposed: a sample has to stay a row.",
            "A @ w.T + b[:, 0] → A @ (w.T + b[:, 0])": "The biases are added to the weights; they belong to the sum.",
        },
        [(*drawn((5, 3)), layers((3, 4, 2), (tanh, sigmoid))),
         (*drawn((7, 2)), layers((2, 5, 3, 4), (relu, tanh, identity))),
         # equal widths, where other layers and other inputs fit too
         (*drawn((4, 3)), layers((3, 3, 3, 3), (tanh, sigmoid, tanh)))],
        why="Of which matrix product is X wᵀ the transpose?",
    ),
    "4.6": debug(
        "batches", 2, STANDARD,
        {
            "+ b1[:, None] → + b1": "b1 is flat: NumPy lays it along the samples, unnoticed where they are as many as the neurons, or one.",
            "+ b2[:, None] → + b2": "b2 is flat: NumPy lays it along the samples, unnoticed where they are as many as the neurons, or one.",
            "x.mean(axis=1, keepdims=True) → x.mean(axis=0, keepdims=True)":
                "The middle is taken of each sample's inputs; it has to be that of one input over all samples.",
            "x.std(axis=1, keepdims=True) → x.std(axis=0, keepdims=True)":
                "The spread is taken of each sample's inputs; it has to be that of one input over all samples.",
            "x.mean(axis=1, keepdims=True) → x.mean()": "One middle is taken for all inputs; each has its own.",
            "x.std(axis=1, keepdims=True) → x.std(axis=1, keepdims=True, ddof=1)":
                "ddof=1 divides by one less than the number of samples; std as it stands divides by their number.",
            "x.std(axis=1, keepdims=True) → x.std()": "One spread is taken for all inputs; each has its own.",
        },
        [drawn((3, 4), (4, 3), (4,), (2, 4), (2,)), drawn((3, 7), (5, 3), (5,), (2, 5), (2,)),
         drawn((4, 2), (3, 4), (3,), (2, 3), (2,))],
        planted=("+ b1[:, None] → + b1",
                 "x.mean(axis=1, keepdims=True) → x.mean(axis=0, keepdims=True)"),
        why="Would a batch of one sample pass through this function?",
    ),
    "4.7": spot(
        "indices", 2, PRINTED,
        {
            "W[j, i] → W[i, j]": "Wᵢⱼ leads from i to j; here j is the source, and the weight is Wⱼᵢ.",
            "range(W.shape[1]) → range(W.shape[0])": "One sum is made for each source; one for each neuron led to is needed.",
            "* y[j] → * y[i]": "The weight is multiplied by what its target says, not by its source.",
            "def weighted_inputs(W, y):\n    return W @ y\n":
                "W @ y adds along a row: over the targets of one source. The sources of one neuron stand in a column.",
            "* y[j] → + y[j]": "The weight is added to the activation; it multiplies it.",
        },
        [drawn((3, 3), (3,)), drawn((2, 4), (2,)), drawn((5, 3), (5,))],
        planted=("W[j, i] → W[i, j]", "range(W.shape[1]) → range(W.shape[0])"),
        why="For which matrices would the printed indices make no difference?",
    ),
    "4.8": write(
        "translate", 2, CONVERTED,
        {
            "W[1:].T → W[1:]": "The weights are still in × out; they have to be transposed.",
            "W[:1].T → W[0]": "The biases are flat; a column is needed.",
            "W[:1].T → W[:1]": "The biases are a row; a column is needed.",
            "W[1:].T → W.T": "The row of biases is still among the weights.",
            "W[1:].T → W[:-1].T\nW[:1].T → W[-1:].T": "The last row is taken as the biases; the 1 was put first.",
            "{1: W1, 2: W2} → {0: W1, 1: W2}": "The layers are counted from 0; w and b begin with layer 1.",
            "{1: W1, 2: W2} → {1: W2, 2: W1}": "The layers are exchanged.",
        },
        [drawn((4, 5), (6, 2)), drawn((3, 2), (3, 4))],
        results=("w", "b"),
        why="Which line would change if the 1 stood last?",
    ),
    "4.9": predict(
        "batches", 2,
        {
            "1": "Its sample has three outputs, and the broken input reaches each of them.",
            "3": "These are the outputs of one sample.",
            "64": "No output of another sample depends on the broken one.",
            "192": "For that the samples would have to meet, and nowhere do columns meet.",
        },
        _one_broken_sample,
        {
            "a column of w a depends on that column of a alone, and every row uses all of it": "",
            "a row of w multiplies all samples, and so carries the broken number to all of them":
                "it meets each column by itself.",
            "only the row of the broken input is spoiled, one number in each sample":
                "that input's row is in x; a row of w sums over all inputs.",
        },
        why="What would be the answer if the inputs were standardized over the batch first?",
    ),
    "4.10": investigate(
        "twins", 3,
        {"signs": list(SIGNS), "count": [240, 1024, 3840, 7680, 14400, 14745600, 3715891200]},
        _twins,
    ),
}  # fmt: skip
