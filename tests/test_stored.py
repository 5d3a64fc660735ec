"""What the build stores: found again after edits elsewhere, computed anew after every other one."""

import builtins
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from backprop.activations import leaky_relu, relu
from bookkit.stored import state, stored

NOTEBOOK = """
import numpy as np
from functools import cache
from backprop.datasets import digits
from backprop.optimizers import exponential, momentum
from bookkit.stored import stored

SIZES = np.array([2, 4])
RULES = {"optimizer": momentum(0.9)}

@cache
def drawn(seed):
    return digits(np.random.default_rng(seed)).train.X[0, :3] + 1

def scaled(x, by=(1, 2)):
    return [drawn(0) * v for v in by if v in {1, 2}]

class Scale:
    by = 2

    def of(self, x):
        return x * self.by + isinstance(x, Scale)

def closed(depth):
    def inner(x):
        return x * depth
    return inner

through = closed(3)

@stored
def trained(seed, rate=None):
    runs()
    return scaled(through(seed)), Scale().of(1), SIZES.sum(), type(RULES["optimizer"]), rate is None
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a notebook's code and call; return (what it gave, whether it was computed)."""
    monkeypatch.setenv("BOOK_BUILD", str(tmp_path))

    def of(code, call="trained(1)"):
        count = []
        cells = {"__name__": "__main__", "__builtins__": builtins, "runs": lambda: count.append(1)}
        code = code.replace("    runs()\n", "    __import__('builtins').noted.append(1)\n")
        monkeypatch.setattr(builtins, "noted", count, raising=False)
        exec(compile(code, f"<cell of {len(code)} characters>", "exec"), cells)
        return eval(call, cells), bool(count)

    return of


def test_what_was_computed_is_found_again(run):
    first, computed = run(NOTEBOOK)
    again, recomputed = run(NOTEBOOK)
    assert computed
    assert not recomputed
    assert str(first) == str(again)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("import numpy", "\n# a comment, and lines moved\n\nimport numpy"),
        ("RULES =", "UNUSED = 8\nRULES ="),
        ("return x * depth", "return x * depth  # told"),
    ],
)
def test_an_edit_elsewhere_computes_nothing(run, old, new):
    before, _ = run(NOTEBOOK)
    assert NOTEBOOK.count(old) == 1
    after, computed = run(NOTEBOOK.replace(old, new))
    assert not computed
    assert str(before) == str(after)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SIZES.sum()", "SIZES.max()"),  # its own code
        ("SIZES.sum(), ", "SIZES.sum() + 1, "),  # a number in it
        ("rate is None", "rate is not None"),
        ("seed, rate=None", "seed, rate=2"),  # a default
        ("[2, 4]", "[2, 5]"),  # a value that it uses
        ("momentum(0.9)", "momentum(0.8)"),  # what a value has closed over
        ("by=(1, 2)", "by=(1, 3)"),  # a default of a function that it calls
        (".X[0, :3] + 1", ".X[0, :3] + 2"),  # of a cached one that this one calls
        ("closed(3)", "closed(4)"),
        ("return x * depth", "return x + depth"),
        ("by = 2", "by = 3"),  # of a class
        ("x * self.by", "x + self.by"),
    ],
)
def test_what_depends_on_an_edit_is_computed_anew(run, old, new):
    run(NOTEBOOK)
    assert NOTEBOOK.count(old) == 1
    assert run(NOTEBOOK.replace(old, new))[1]


@pytest.mark.parametrize(
    "call",
    ["trained(2)", "trained(1.0)", "trained(1, 0.3)", "trained(1, rate=exponential(1, 0.5))"],
)
def test_other_arguments_are_other_results(run, call):
    run(NOTEBOOK)
    assert run(NOTEBOOK, call)[1]
    assert not run(NOTEBOOK, call)[1]


def test_where_no_site_is_built_nothing_is_stored(run, monkeypatch, tmp_path):
    monkeypatch.delenv("BOOK_BUILD")
    assert run(NOTEBOOK)[1]
    assert run(NOTEBOOK)[1]
    assert not list(tmp_path.iterdir())


def test_a_failure_is_not_stored(run):
    with pytest.raises(ZeroDivisionError):
        run(NOTEBOOK.replace("SIZES.sum()", "1 // (seed - 1)"))
    assert run(NOTEBOOK.replace("SIZES.sum()", "1 // (seed - 1)"), "trained(3)")[1]


@pytest.mark.parametrize("call", ["trained(generator)", "trained(1, rate=[generator])"])
def test_a_generator_from_outside_is_refused(run, call):
    code = NOTEBOOK + "\ngenerator = np.random.default_rng(0)\n"
    with pytest.raises(TypeError, match="makes itself"):
        run(code, call)
    used = code.replace("SIZES.sum()", "generator.normal()")
    with pytest.raises(TypeError, match="makes itself"):
        run(used)


def test_what_comes_first_is_what_is_found_later(run):
    code = NOTEBOOK.replace("return scaled", "held = np.ones(3)\n    return held, held, scaled")
    for _ in range(2):
        (one, other, *_), _ = run(code)
        one[0] = 5
        assert other[0] == 5  # one array under two names, both times
        assert run(code)[0][0][0] == 1


def test_stored_networks_have_the_very_activations_of_the_package(tmp_path, monkeypatch):
    monkeypatch.setenv("BOOK_BUILD", str(tmp_path))
    for _ in range(2):
        assert stored(pair)(3)[0] is relu
        assert stored(pair)(3)[1] is leaky_relu


def pair(n):
    return relu, leaky_relu, n


def test_two_kernels_agree_on_the_state(tmp_path):
    """Hashes of words differ from kernel to kernel, and so do the files that cells lie in."""
    code = """
        import numpy as np
        from bookkit.stored import state
        NAMES = {"first": 1, "second": [2, None]}
        def used(word, more=("third", 0.5)):
            return NAMES[word], more, np.arange(3)
        print(state((used, [used, 4], {"rate": 0.1})))
    """
    run = [sys.executable, "-c", textwrap.dedent(code)]
    found = {subprocess.run(run, capture_output=True, text=True, check=True).stdout for _ in "abc"}
    assert len(found) == 1


def test_an_array_s_numbers_shape_and_type_count():
    arrays = [np.arange(6.0), np.arange(6), np.arange(6.0).reshape(2, 3), np.arange(6.0) + 1e-16]
    arrays += [np.nextafter(np.arange(6.0), 9)]
    assert [state(a) == state(arrays[0]) for a in arrays] == [True, False, False, False, False]
