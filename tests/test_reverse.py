"""Reverse mode against the four equations, central differences, and PyTorch."""

import itertools
import json
import sys

import nbformat
import numpy as np
import pytest
from conftest import ROOT

from backprop.activations import ACTIVATIONS, softmax, tanh
from backprop.backpropagation import backprop
from backprop.costs import COSTS, quadratic
from backprop.gradient_check import central_difference, relative_error
from backprop.network import initialize
from backprop.reverse import Variable, activate, measure

sys.path.insert(0, str(ROOT / "tools"))
import library_gradients

TRIPLES = [
    (hidden, output, cost)
    for hidden, output, cost in itertools.product(ACTIVATIONS, ACTIVATIONS, COSTS)
    if COSTS[cost].output is None or COSTS[cost].output.name == output
]


@pytest.mark.parametrize(("hidden", "output", "cost"), TRIPLES)
def test_reverse_mode_finds_what_the_four_equations_give(hidden, output, cost):
    rng = np.random.default_rng(15)
    for sizes, m in (([3, 5, 4, 2], 6), ([2, 4, 3], 1), ([4, 3], 5)):
        net = initialize(sizes, hidden, output, scheme="normal", rng=rng)
        x = rng.normal(size=(sizes[0], m))
        y = softmax(rng.normal(size=(sizes[-1], m)))
        gradient = backprop(net, x, y, COSTS[cost])
        w = {l: Variable(layer.w) for l, layer in net.items()}
        b = {l: Variable(layer.b) for l, layer in net.items()}
        a = Variable(x)
        z = {}
        for l, layer in net.items():
            z[l] = w[l] @ a + b[l]
            a = activate(layer.sigma, z[l])
        measure(COSTS[cost], a, y).backward()
        for l in net:
            for found, expected in (
                (w[l], gradient.w[l]), (b[l], gradient.b[l]), (z[l], gradient.delta[l]),
            ):  # fmt: skip
                np.testing.assert_allclose(found.adjoint, expected, rtol=1e-11, atol=1e-16)


def slopes(f, *values):
    """Return the adjoints of the arguments of f, and their slopes by central differences."""
    given = [Variable(v) for v in values]
    f(*given).backward()
    by_steps = []
    for i, value in enumerate(values):

        def moved(t, i=i):
            return f(*(Variable(t if k == i else v) for k, v in enumerate(values))).value

        by_steps.append(central_difference(moved, np.asarray(value, float)))
    return [v.adjoint for v in given], by_steps


RNG = np.random.default_rng(3)
SHAPES = [((3, 4), (3, 1)), ((3, 4), (1, 4)), ((3, 4), (4,)), ((3, 4), ()), ((3, 1), (1, 4)),
          ((2, 3, 4), (3, 1)), ((1, 1), (3, 4)), ((1,), (5,))]  # fmt: skip


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
@pytest.mark.parametrize("turned", [False, True])
def test_what_broadcasting_copies_gets_the_sum_of_its_copies(shapes, turned):
    a, b = (RNG.normal(size=shape) for shape in (shapes[::-1] if turned else shapes))
    found, expected = slopes(lambda a, b: ((a + b * 0.7) * (a * b) + a).sum(), a, b)
    for one, other, value in zip(found, expected, (a, b), strict=True):
        assert one.shape == value.shape
        assert relative_error(one, other) < 1e-8


def test_every_reuse_adds_its_part():
    w = RNG.normal(size=(3, 3))

    def chain(w, h):
        for _ in range(4):
            h = activate(tanh, w @ h) + h * h
        return (h * h * 2.0).sum()

    found, expected = slopes(chain, w, RNG.normal(size=(3, 2)))
    for one, other in zip(found, expected, strict=True):
        assert relative_error(one, other) < 1e-8


def test_arrays_and_numbers_stand_on_either_side():
    v = Variable([1.5, -0.4])
    (np.array([2.0, 3.0]) * v + 1 + np.ones(2) + 2 * v).sum().backward()
    np.testing.assert_allclose(v.adjoint, [4, 5])
    a, x = RNG.normal(size=(3, 2)), RNG.normal(size=(2, 4))
    found, expected = slopes(lambda x: activate(tanh, a @ x).sum(), x)
    assert relative_error(found[0], expected[0]) < 1e-8
    with pytest.raises(ValueError, match="needed are two matrices"):
        np.ones(2) @ Variable(x)


def test_what_the_caller_does_to_its_arrays_afterward_changes_no_slope():
    x, y = np.array([[0.5], [-1.5]]), np.array([[0.2], [0.3]])
    v, w = Variable(x), Variable([[2.0, 3.0]])
    r = (w @ v).sum() + measure(quadratic, v, y)
    expected = w.value.T + v.value - y
    x *= 10
    y *= 10
    r.backward()
    np.testing.assert_allclose(v.adjoint, expected, rtol=1e-14)


def test_a_second_call_starts_anew_and_others_stay_untouched():
    v, other = Variable(3.0), Variable(2.0)
    r = v * v
    r.backward()
    r.backward()
    assert (v.adjoint, other.adjoint) == (6, 0)
    (v * other).backward()
    (v * 5).backward()
    assert (v.adjoint, other.adjoint) == (5, 3)  # what the last result does not use keeps its own


def test_a_graph_may_be_deeper_than_the_stack_of_calls():
    v = h = Variable(0.5)
    for _ in range(5000):
        h = h * 0.999 + v * 0.001
    h.backward()
    assert v.adjoint == pytest.approx(1, rel=1e-12)


def test_backward_starts_from_a_number_and_matrices_are_needed():
    with pytest.raises(ValueError, match=r"this has shape \(2,\)"):
        Variable([1.0, 2.0]).backward()
    with pytest.raises(ValueError, match="needed are two matrices"):
        Variable([1.0, 2.0]) @ Variable([1.0, 2.0])


# ---- PyTorch: what chapter 15 shows of it is stored, not run while the book is built ----

STORED = json.loads(library_gradients.STORED.read_text("utf8"))
CELLS = nbformat.read(library_gradients.CHAPTER, as_version=4).cells
TEXT = "\n".join(cell.source for cell in CELLS if cell.cell_type == "markdown")


def test_the_page_shows_the_code_that_was_run_and_the_output_that_is_stored():
    assert library_gradients.blocks() == STORED["code"]
    for output in STORED["output"]:
        assert f"```text\n{output}```" in TEXT
    assert f"PyTorch {STORED['version']}" in TEXT


def test_the_stored_gradients_of_the_library_are_the_package_s_own():
    for name, found in library_gradients.own().items():
        expected = np.array(STORED["gradients"][name])
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * np.abs(expected).max())


def test_pytorch_computes_what_is_stored():
    pytest.importorskip("torch")
    again = library_gradients.run()
    assert again["output"] == STORED["output"]
    for name, found in again["gradients"].items():
        np.testing.assert_allclose(found, STORED["gradients"][name], rtol=1e-12, atol=1e-15)


def test_quadratic_is_measured_as_it_is_summed():
    y = np.array([[0.3, -1.0], [0.2, 0.9]])
    a = RNG.normal(size=(2, 2))
    found, _ = slopes(lambda a: ((a + -1 * y) * (a + -1 * y)).sum() * (1 / 4), a)
    np.testing.assert_allclose(found[0], quadratic.grad(a, y), rtol=1e-12)
