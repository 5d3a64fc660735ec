"""verify passes equal sides, refuses what proves nothing, and catches each deliberate fault."""

import linecache

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell

from backprop.activations import identity, sigmoid, softmax, tanh
from backprop.costs import quadratic, softmax_cross_entropy
from backprop.gradient_check import central_difference
from backprop.network import Layer, forward, initialize
from bookkit.verify import EquationError, verify

# ---- what agrees ----


@pytest.mark.parametrize(
    ("left", "right", "line"),
    [
        (2.0, float("2"), "✓ eq:a: 1 number agrees to 1e-09 of the largest\n"),
        (np.arange(3), [0, 1, 2.0], "✓ eq:a: 3 numbers agree to 1e-09 of the largest\n"),
        ((1, 2, 3), [1, 2, 3], "✓ eq:a: 3 numbers agree to 1e-09 of the largest\n"),
        (np.full((2, 3), 1e8), np.full((2, 3), 1e8 + 0.01), "✓ eq:a: 6 numbers agree to 1e-09 "),
        (1 + 2j, complex(1, 2), "✓ eq:a: 1 number agrees to 1e-09 of the largest\n"),
        (
            np.uint8([3, 200]),
            np.array([3, 200]),
            "✓ eq:a: 2 numbers agree to 1e-09 of the largest\n",
        ),
        ({1: np.ones(2), 2: 3.0}, {2: 3.0, 1: np.ones(2)}, "✓ eq:a: 3 numbers agree to 1e-09 "),
        ([np.ones(2), np.eye(2)], [np.ones(2), np.eye(2)], "✓ eq:a: 6 numbers agree to 1e-09 "),
        ([[1, 2], [3]], [[1, 2], [3]], "✓ eq:a: 3 numbers agree to 1e-09 of the largest\n"),
        (np.float32(0.1), np.float32(0.1) * 1, "✓ eq:a: 1 number agrees to 1e-09 of the largest\n"),
    ],
)
def test_equal_sides_print_one_line(capsys, left, right, line):
    verify("eq:a", left, right)
    printed = capsys.readouterr().out
    assert printed.startswith(line)
    assert printed.count("\n") == 1


def test_the_line_has_no_noisy_digits(capsys):
    for noise in (0, 1e-13, 3.7e-12):
        verify("eq:noise", np.array([1.0, 2.0]), np.array([1.0, 2.0 + noise]))
    assert len(set(capsys.readouterr().out.splitlines())) == 1


def test_the_tolerance_is_a_share_of_the_largest_number():
    verify("eq:a", [1e6, 1.0], [1e6, 1.0 + 0.9e-3])
    with pytest.raises(EquationError, match=r"largest difference 0\.0011 at \(1,\)"):
        verify("eq:a", [1e6, 1.0], [1e6, 1.0 + 1.1e-3])
    verify("eq:a", 2.0, 2.02, tolerance=0.02)
    with pytest.raises(EquationError, match="eq:a does not hold"):
        verify("eq:a", 1e-20, 1.1e-20)


def test_each_array_is_judged_by_its_own_largest_number():
    small, large = np.array([3e-10, 1e-10]), np.array([1.0, 2.0])
    for left, right in (
        ({1: 3e-10, 2: 1.0}, {1: -3e-10, 2: 1.0}),
        ({1: small, 2: large}, {1: -small, 2: large + 0}),
        ([small, large], [small * (1 + 1e-6), large + 0]),
        ((large, small), (large + 0, small * 1.001)),
    ):
        with pytest.raises(EquationError, match=r"does not hold: .*; the largest number in \["):
            verify("eq:a", left, right)
    verify("eq:a", [small, large], [small * (1 + 1e-10), large * (1 + 1e-10)])
    # the same numbers in one array are judged by the largest of them
    verify("eq:a", np.concatenate([small, large]), np.concatenate([-small, large]))


def test_an_array_of_zeros_must_be_exactly_zero_on_both_sides():
    zero = np.zeros(2)
    verify("eq:a", {1: zero, 2: 1.0}, {1: 0 * np.ones(2), 2: 1.0})
    message = r"left 1e-17, right 0; the largest number in \[1\] is 1e-17$"
    with pytest.raises(EquationError, match=message):
        verify("eq:a", {1: zero + 1e-17, 2: 1.0}, {1: zero, 2: 1.0})


def test_the_smallest_whole_number_of_a_type_has_its_size():
    with pytest.raises(EquationError, match="largest difference 28"):
        verify("eq:a", np.int8([-128]), np.int8([-100]), tolerance=0.2)
    verify("eq:a", np.int8([-128]), np.int8([-100]), tolerance=0.3)


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20),
    st.integers(0, 19),
    st.sampled_from([-1, 1]),
)
def test_any_entry_that_is_off_is_found(numbers, at, sign):
    left = np.array([*numbers, 1.0])
    right, at = left.copy(), at % len(left)
    right[at] += sign * 1e-3 * np.abs(left).max()
    with pytest.raises(EquationError, match=rf"largest difference .* at \({at},\)"):
        verify("eq:a", left, right)


# ---- what differs ----


@pytest.mark.parametrize(
    ("left", "right", "message"),
    [
        (1.5, 1.0, r"^eq:a does not hold: largest difference 0\.5, left 1\.5, right 1$"),
        (np.eye(2), 1 - np.eye(2), r"largest difference 1 at \(0, 0\), left 1, right 0$"),
        (
            {1: [1.0], 2: [2, 3]},
            {1: [1.0], 2: [2, 5]},
            r"difference 2 in \[2\] at \(1,\), left 3, right 5",
        ),
        (
            [np.ones(2), 2.0],
            [np.ones(2), 2.5],
            r"largest difference 0\.5 in \[1\], left 2, right 2\.5",
        ),
        (np.uint8([1]), np.uint8([3]), r"largest difference 2 at \(0,\)"),
        (1e308, -1e308, "largest difference inf"),
        ({1: 1.0}, {2: 1.0}, r"the sides have the keys \[1\] and \[2\]"),
        ({1: 1.0}, 1.0, r"the sides have the keys \[1\] and None"),
        ([np.ones(2)], [np.ones(2), 1.0], "the sides have different lengths"),
        ([np.ones(2)], 1.0, "the sides have different lengths"),
    ],
)
def test_a_difference_is_named_with_its_place(capsys, left, right, message):
    with pytest.raises(EquationError, match=message):
        verify("eq:a", left, right)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (np.ones((3, 1)), np.ones(3)),
        (np.ones((3, 1)), np.ones((1, 3))),
        (np.ones((3, 2)), np.ones((3, 1))),
        (np.ones(1), 1.0),
        ([1, 1, 1], 1.0),
        ({1: np.ones((2, 1))}, {1: np.ones(2)}),
    ],
)
def test_nothing_is_broadcast(left, right):
    message = r"does not hold: the left side.* has shape \(.*\), the right side \("
    with pytest.raises(EquationError, match=message):
        verify("eq:a", left, right)


# ---- what proves nothing ----

W = np.ones((2, 2))


@pytest.mark.parametrize(
    ("left", "right", "message"),
    [
        (W, W, "both sides are the same object, which proves nothing"),
        ({1: W}, {1: W}, r"both sides in \[1\] are the same array, which proves nothing"),
        ([W + 1, W], [W + 1, W], r"both sides in \[1\] are the same array, which proves nothing"),
        ({1: [W, 2.0]}, {1: [W, 2.0]}, r"both sides in \[1\]\[0\] are the same array"),
        (W, W[:], "both sides share memory, which proves nothing"),
        (W, W.T, "both sides share memory"),
        (W[0], W.ravel()[1:3], "both sides share memory"),
        (W, memoryview(W), "the same object|share memory"),
        ({1: W, 2: W + 1}, {1: W.view(), 2: W + 1}, r"both sides in \[1\] share memory"),
        ([W + 1, W], (W + 1, W[:]), r"both sides in \[1\] share memory"),
        (np.zeros(3), [0, 0, 0.0], "both sides are zero, which proves nothing"),
        ({1: np.zeros(2), 2: 0}, {1: np.zeros(2), 2: 0}, "both sides are zero"),
        ([], (), "both sides are empty, which proves nothing"),
        ({}, dict(), "both sides are empty"),
        (np.ones((0, 3)), np.ones((0, 3)), "both sides are empty"),
        (np.array([1, np.nan]), np.array([1, np.nan]), r"the left side holds nan at \(1,\)"),
        ([[1, 2]], [[1, np.inf]], r"the right side holds inf in \[0\] at \(1,\)"),
        (np.nan, 1.0, "the left side holds nan$"),
        (1.0, -np.inf, "the right side holds -inf$"),
        ("1", 1.0, "the left side holds <U1 values, no numbers"),
        (None, 1.0, "the left side holds object values, no numbers"),
        (1.0, {1, 2}, "the right side holds object values, no numbers"),
    ],
)
def test_sides_that_prove_nothing_are_refused(left, right, message):
    with pytest.raises(EquationError, match=message):
        verify("eq:a", left, right)


@pytest.mark.parametrize(
    "label", ["bp1", "eq:", "eq:BP1", "eq:bp 1", "eq:bp1 ", "eq:bp1\n", "eq:-a", 1, None]
)
def test_bad_labels_are_refused(label):
    with pytest.raises(ValueError, match="is no equation label; needed is a name like 'eq:bp1'"):
        verify(label, 1.0, 2.0)


@pytest.mark.parametrize("tolerance", [np.nan, np.inf, 1.0, -1e-9])
def test_a_tolerance_that_lets_everything_pass_is_refused(tolerance):
    with pytest.raises(ValueError, match="a number from 0 to below 1 is needed"):
        verify("eq:a", 1.0, 2.0, tolerance=tolerance)


KEPT_ONCE = [  # by Python or by SymPy
    (len("abc"), 1 + len("ab")),
    (True, not False),
    (sympy.sin(sympy.Symbol("x")), sympy.sin(sympy.Symbol("x"))),
    (sympy.Integer(6) / 2, sympy.Integer(3)),
]


@pytest.mark.parametrize(("left", "right"), KEPT_ONCE)
def test_equal_numbers_that_are_one_object_pass(left, right):
    verify("eq:a", left, right)
    assert left is right


def test_equal_whole_numbers_in_a_container_pass():
    verify("eq:a", {1: 3, 2: [5, 6]}, {1: 1 + 2, 2: [5, 3 + 3]})


def test_columns_of_one_array_share_no_memory():
    both = np.array([[1.0, 1.0], [2.0, 2.0]])
    verify("eq:a", both[:, 0], both[:, 1])


# ---- what the source of the cell shows ----

PREPARED = """
import copy
import numpy as np
import sympy
from bookkit.verify import verify
x, w, n, s = np.array([1.5, 2, 3]), {1: np.ones(2), 2: np.eye(2)}, 2.5, sympy.Symbol("s")
f, g = (lambda t: 2 * t), (lambda t: t + t)
"""


def run(*cells):
    """Run cells as a notebook does: each is compiled from a source that can be read again."""
    namespace = {}
    for i, source in enumerate((PREPARED, *cells)):
        name = f"<cell {i}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        exec(compile(source, name, "exec"), namespace)


@pytest.mark.parametrize(
    "right",
    [
        "x.copy()", "+x", "-(-x)", "1 * x", "x * 1.0", "x / 1", "x**1", "x + 0", "0 + x", "x - 0.0",
        "np.array(x)", "np.array(x, dtype=float)", "np.copy(x)", "copy.copy(x)", "copy.deepcopy(x)",
        "list(x)", "tuple(x)", "[*x]", "[t for t in x]", "x.tolist()", "x.astype(float)",
        "x[:].copy()", "x.T.T + 0", "+x.reshape(3)", "1 * np.asarray(x).copy()", "np.positive(x)",
        "x.flatten()", "(y := x.copy())",
    ],
)  # fmt: skip
def test_an_expression_against_its_copy_is_refused(right):
    with pytest.raises(
        EquationError, match="both sides are x, written twice, which proves nothing"
    ):
        run(f"verify('eq:a', x, {right})")
    with pytest.raises(EquationError, match="both sides are x, written twice"):
        run(f"verify(\n    right=x,\n    left={right}, label='eq:a',\n    tolerance=1e-7)")


@pytest.mark.parametrize(
    ("left", "right", "shown"),
    [
        ("f(x)", "f(x)", "f(x)"),
        ("f(n)", "float(f(n))", "f(n)"),
        ("f(x)", "f(x.copy())", "f(x)"),
        ("w", "{l: +w[l] for l in w}", "w"),
        ("{l: 2 * w[l] for l in w}", "{l: 2 * w[l].copy() for l in w}", "{l: 2 * w[l] for l in w}"),
        ("np.eye(2)", "np.eye(2)", "np.eye(2)"),
        ("s + 1", "s + 1", "s + 1"),
    ],
)
def test_one_expression_written_twice_is_refused(left, right, shown):
    with pytest.raises(EquationError) as refused:
        run(f"verify('eq:a', {left}, {right})")
    assert (
        str(refused.value) == f"eq:a: both sides are {shown}, written twice, which proves nothing"
    )


@pytest.mark.parametrize(
    "cell",
    [
        "y = x.copy()\nverify('eq:a', x, y)",
        "y = +x\nprint(y)\nz = f(x)\nverify('eq:a', y, x)",
        "y, z = x + 0, 1 * x\nverify('eq:a', y, z)",
        "y = f(x)\nverify('eq:a', f(x), y)",
        "y = f(x)\nz = y.copy()\nverify('eq:a', z, f(x))",
        "for i in range(2):\n    y = x[i] * 1\n    verify('eq:a', x[i], y)",
        "def check(t):\n    y = t.copy()\n    verify('eq:a', t, y)\ncheck(x)",
        "if True:\n    y = x + 0\n    if True:\n        verify('eq:a', x, y)",
        "y = x.copy()\nwith np.errstate():\n    verify('eq:a', x, y)",
    ],
)
def test_a_name_bound_to_the_other_side_is_refused(cell):
    with pytest.raises(EquationError, match="written twice, which proves nothing"):
        run(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "verify('eq:a', f(n), g(n))",
        "verify('eq:a', f(x), g(x))",
        "verify('eq:a', x, np.array([1.5, 2, 3]))",
        "verify('eq:a', 3, 3)",
        "y = f(x)\nverify('eq:a', y, g(x))",
        "y = x.copy()\nx = g(x) / 2\nverify('eq:a', x, y)",
        "y = x.copy()\nx *= 3\nx /= 3\nverify('eq:a', x, y)",
        "y = x.copy()\nx[0] += 1\nx[0] -= 1\nverify('eq:a', x, y)",
        "y = x.copy()\nx.sort()\nverify('eq:a', x, y)",
        "y = x.copy()\nfor i in range(2):\n    verify('eq:a', x, y)\n    x = g(x) / 2",
        "y = x.copy()\ndef check():\n    verify('eq:a', x, y)\nx = g(x) / 2\ncheck()",
        "y = x.copy()\n[verify('eq:a', f(x), y) for x, y in [(n, 5.0)]]",
        "verify('eq:a', *(x, x.copy()))",
        "verify('eq:a', **dict(left=x, right=x.copy()))",
        "verify('eq:a', x[0] + x[1], x[1] + x[0])",
        "verify('eq:a', x + 1, np.array([2.5, 3, 4]))",
    ],
)
def test_two_expressions_that_agree_pass(cell, capsys):
    run(cell)
    assert capsys.readouterr().out.startswith("✓ eq:a: ")


def test_a_difference_is_reported_before_a_name_is_followed():
    with pytest.raises(EquationError, match="does not hold: largest difference"):
        run("y = iter([1.0, 2.0])\nverify('eq:a', next(y), next(y))")


def test_without_source_only_this_rule_is_skipped(capsys):
    exec(PREPARED + "verify('eq:a', x, x.copy())", {})
    assert capsys.readouterr().out == "✓ eq:a: 3 numbers agree to 1e-09 of the largest\n"
    with pytest.raises(EquationError, match="both sides share memory"):
        exec(PREPARED + "verify('eq:a', x, x[:])", {})


def test_cells_of_ipython_are_read():
    shell = InteractiveShell()
    assert shell.run_cell(PREPARED, silent=True).success
    assert shell.run_cell("%time\nverify('eq:a', f(x), g(x))").success
    refused = shell.run_cell("y = x.copy()\nverify('eq:a', y, x)").error_in_exec
    assert "both sides are x, written twice" in str(refused)


# ---- SymPy ----

x, y = sympy.symbols("x y")
M = sympy.Matrix([[x, 1], [0, y]])


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (sympy.sin(x) ** 2 + sympy.cos(x) ** 2, 1),
        (1.0, sympy.Integer(2) / 2),
        ((x + 1) ** 2, x**2 + 2 * x + 1),
        (M * M, sympy.Matrix([[x**2, x + y], [0, y**2]])),
        (M, sympy.ImmutableMatrix(M)),
        (sympy.Matrix([1, 2]), np.array([[1], [2]])),
    ],
)
def test_sympy_decides_symbolic_equations(capsys, left, right):
    verify("eq:a", left, right)
    assert capsys.readouterr().out == "✓ eq:a: SymPy finds both sides equal\n"


@pytest.mark.parametrize(
    ("left", "right", "message"),
    [
        ((x + 1) ** 2, x**2 + 1, r"does not hold: left minus right is 2\*x$"),
        (M, M.T, r"does not hold: left minus right is 1 at \(0, 1\)"),
        (M, M[:, :1], r"the left side has shape \(2, 2\), the right side \(2, 1\)"),
        (x, np.array([1, 2]), r"the left side has shape \(1, 1\), the right side \(2, 1\)"),
        (x - x, 0, "both sides are zero, which proves nothing"),
        (sympy.zeros(2), sympy.zeros(2), "both sides are zero, which proves nothing"),
        (M, M, "the same object"),
    ],
)
def test_symbolic_sides_that_differ_or_prove_nothing(left, right, message):
    with pytest.raises(EquationError, match=message):
        verify("eq:a", left, right)


# ---- the deliberate faults, on a real network against central differences ----


def gradient(network, inputs, targets, fault=None):
    """Return dC/dw and dC/db of the quadratic cost by loops over the samples, with one fault."""
    L, m = len(network), inputs.shape[1]
    w = {l: layer.w for l, layer in network.items()}
    grad_w = {l: np.zeros_like(layer.w) for l, layer in network.items()}
    errors = {l: np.zeros((len(layer.w), m)) for l, layer in network.items()}
    for i in range(m):
        z, a = forward(network, inputs[:, i : i + 1])
        sigma_prime = {l: network[l].sigma.prime(z[l]) for l in network}
        if fault == "σ′ dropped in the output layer":
            sigma_prime[L] = np.ones_like(z[L])
        if fault == "σ′ dropped in a hidden layer":
            sigma_prime[1] = np.ones_like(z[1])
        delta = (a[L] - targets[:, i : i + 1]) * sigma_prime[L]
        for l in range(L, 0, -1):
            errors[l][:, i : i + 1] = delta
            grad_w[l] += delta @ a[l if fault == "layer off by one in BP4" else l - 1].T
            back = w[l - 1 if fault == "layer off by one in BP2" and l > 1 else l]
            back = back if fault == "transpose missing" else back.T
            if l > 1:
                delta = (back @ delta) * sigma_prime[l - 1]
    share = 1 if fault == "1/m lost" else m
    axis = 0 if fault == "bias summed over the wrong axis" else 1
    grad_b = {l: errors[l].sum(axis=axis, keepdims=True) / share for l in network}
    return {l: g / share for l, g in grad_w.items()}, grad_b


def differences(network, cost, field):
    """Return the central differences of cost(network) for every w or every b."""

    def at(l):
        return lambda values: cost({**network, l: network[l]._replace(**{field: values})})

    return {l: central_difference(at(l), getattr(layer, field)) for l, layer in network.items()}


@pytest.fixture
def square():
    # square layers: nothing but the numbers can tell a transposed or a wrong matrix
    rng = np.random.default_rng(1)
    network = initialize([3, 3, 3, 3], tanh, sigmoid, scheme="normal", rng=rng)
    inputs, targets = rng.normal(size=(3, 4)), rng.random((3, 4))

    def cost(changed):
        return quadratic(forward(changed, inputs)[1][3], targets)

    return network, inputs, targets, cost


def test_the_right_gradient_passes(square):
    network, inputs, targets, cost = square
    grad_w, grad_b = gradient(network, inputs, targets)
    verify("eq:bp4", grad_w, differences(network, cost, "w"), tolerance=1e-8)
    verify("eq:bp3", grad_b, differences(network, cost, "b"), tolerance=1e-8)


@pytest.mark.parametrize(
    ("fault", "first_wrong"),
    [
        ("σ′ dropped in the output layer", 3),
        ("σ′ dropped in a hidden layer", 1),
        ("transpose missing", 2),
        ("1/m lost", 3),
        ("layer off by one in BP2", 2),
        ("layer off by one in BP4", 3),
    ],
)
def test_a_faulty_gradient_is_caught(square, fault, first_wrong):
    network, inputs, targets, cost = square
    wrong, right = gradient(network, inputs, targets, fault)[0], differences(network, cost, "w")
    with pytest.raises(EquationError, match=r"eq:bp4 does not hold: largest difference .* in \["):
        verify("eq:bp4", wrong, right, tolerance=1e-8)
    with pytest.raises(EquationError, match=r"largest difference [\d.e-]+ at \(\d, \d\), left"):
        verify("eq:bp4", wrong[first_wrong], right[first_wrong], tolerance=1e-8)
    for l in range(first_wrong + 1, 4):
        verify("eq:bp4", wrong[l], right[l], tolerance=1e-8)


def test_a_bias_summed_over_the_wrong_axis_is_caught(square):
    network, inputs, targets, cost = square
    wrong = gradient(network, inputs, targets, "bias summed over the wrong axis")[1]
    message = r"left side in \[1\] has shape \(1, 4\), the right side \(3, 1\)"
    with pytest.raises(EquationError, match=message):
        verify("eq:bp3", wrong, differences(network, cost, "b"))
    # with as many samples as neurons the shapes agree when transposed, and the numbers do not
    three = gradient(network, inputs[:, :3], targets[:, :3], "bias summed over the wrong axis")[1]
    right = gradient(network, inputs[:, :3], targets[:, :3])[1]
    with pytest.raises(EquationError, match="eq:bp3 does not hold: largest difference"):
        verify("eq:bp3", {l: b.T for l, b in three.items()}, right)


def test_softmax_treated_as_elementwise_is_caught():
    rng = np.random.default_rng(2)
    logits, targets = rng.normal(size=(3, 4)), np.eye(3)[[0, 2, 1, 1]].T
    network = {1: Layer(rng.normal(size=(3, 2)), rng.normal(size=(3, 1)), identity)}
    inputs = rng.normal(size=(2, 4))
    p = softmax(forward(network, inputs)[1][1])
    elementwise = (-targets / p / 4) * (p * (1 - p))  # "softmax.prime", which does not exist
    by_differences = differences(
        network, lambda n: softmax_cross_entropy(forward(n, inputs)[1][1], targets), "w"
    )
    verify("eq:bp4", {1: ((p - targets) / 4) @ inputs.T}, by_differences, tolerance=1e-8)
    with pytest.raises(
        EquationError, match=r"eq:bp4 does not hold: largest difference .* in \[1\]"
    ):
        verify("eq:bp4", {1: elementwise @ inputs.T}, by_differences, tolerance=1e-8)
    by_differences = central_difference(lambda z: quadratic(softmax(z), targets), logits)
    p = softmax(logits)
    with pytest.raises(EquationError, match="eq:softmax does not hold"):
        verify("eq:softmax", (p - targets) / 4 * p * (1 - p), by_differences, tolerance=1e-8)
