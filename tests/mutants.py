"""Change src in one place at a time and see whether a test fails: mutants.py COUNT [SEED].

Constants, operators, comparisons, signs and dropped raises. A mutant runs the tests of its module in
a copy of src. What survives is printed; some of it is no fault, such as a wider tolerance.
"""

import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SWAPS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.MatMult: ast.Mult,
    ast.Pow: ast.Mult, ast.Mod: ast.FloorDiv, ast.FloorDiv: ast.Mod, ast.Lt: ast.LtE,
    ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or,
    ast.Or: ast.And,
}  # fmt: skip
TESTS = {
    "backprop/checks": ["test_checks", "test_perceptron", "test_optimizers", "test_network"],
    "backprop/costs": ["test_costs", "test_training"],
    "bookkit/exercises/fresh": ["test_fresh"],
    "bookkit/exercises": ["test_grading", "test_tables"],
    "bookkit/files": ["test_notebooks"],
    "bookkit/front": ["test_front", "test_small_pictures"],
    "bookkit/one_pass": ["test_worked_example", "test_pass"],
    "bookkit/notation": ["test_worked_example"],
    "bookkit/controls": ["test_controls", "test_explore"],
    "bookkit/explore": ["test_explore"],
    "bookkit/palette": ["test_figures", "test_explore"],
    "bookkit/same_source": ["test_verify"],
    "bookkit/scripted": ["test_scripted"],
    "bookkit/strokes": ["test_digits", "test_strokes"],
}


def mutated(node):
    """Return the changed copies of one node, or nothing where it has no such part."""
    changed = copy.deepcopy(node)
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign) and type(node.op) in SWAPS:
        changed.op = SWAPS[type(node.op)]()
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        changed.ops[0] = SWAPS[type(node.ops[0])]()
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        changed = changed.operand
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        changed.value = not node.value
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        changed.value = node.value + 1
    elif isinstance(node, ast.Raise):
        changed = ast.Pass()
    else:
        return None
    return ast.copy_location(changed, node)


class Replace(ast.NodeTransformer):
    def __init__(self, wanted, new):
        self.wanted, self.new = wanted, new

    def visit(self, node):
        return self.new if node is self.wanted else self.generic_visit(node)


def places():
    """Return [(path, count of the node)] of all that can be changed, the chapters' tables aside."""
    return [
        (path, at)
        for path in sorted((ROOT / "src").rglob("*.py"))
        if not path.name.startswith("chapter_") and "egg-info" not in str(path) and tests_of(path)
        for at, node in enumerate(ast.walk(ast.parse(path.read_text("utf8"))))
        if mutated(node) is not None
    ]


def mutant(path, at):
    """Return (line, what, source) of one mutant."""
    tree = ast.parse(path.read_text("utf8"))
    node = list(ast.walk(tree))[at]
    new = mutated(node)
    what = f"{ast.unparse(node)} → {ast.unparse(new)}"
    return node.lineno, what, ast.unparse(ast.fix_missing_locations(Replace(node, new).visit(tree)))


def tests_of(path):
    name = path.relative_to(ROOT / "src").with_suffix("").as_posix()
    known = next((t for part, t in TESTS.items() if name.startswith(part)), [f"test_{path.stem}"])
    return [f"tests/{test}.py" for test in known if (ROOT / "tests" / f"{test}.py").exists()]


def survives(place):
    path, at = place
    return passes(path, mutant(path, at)[2])


def passes(path, source):
    """Tell whether the tests of a module pass with another source in its place."""
    with tempfile.TemporaryDirectory() as folder:
        src = shutil.copytree(ROOT / "src", Path(folder) / "src")
        (src / path.relative_to(ROOT / "src")).write_text(source, "utf8")
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
        environment = {**os.environ, "PYTHONPATH": str(src), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(
                [*command, *tests_of(path)],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                timeout=600,
            )
        except subprocess.TimeoutExpired:
            return False  # it never ends: noticed
        return done.returncode == 0


def main(count, seed="0"):
    everything = places()
    # without a change: once for each list of tests, which several modules may share
    for path in {tuple(tests_of(path)): path for path, _ in everything}.values():
        if not passes(path, path.read_text("utf8")):
            raise SystemExit(f"the tests of {path.relative_to(ROOT)} fail without any change")
    sample = random.Random(int(seed)).sample(everything, min(int(count), len(everything)))
    with ThreadPoolExecutor(2) as pool:
        alive = [m for m, lives in zip(sample, pool.map(survives, sample), strict=True) if lives]
    for path, at in alive:
        line, what, _ = mutant(path, at)
        print(f"{path.relative_to(ROOT)}:{line}: {what}")
    print(f"{len(alive)} of {len(sample)} alive, of {len(everything)} in all")


if __name__ == "__main__":
    main(*sys.argv[1:])
