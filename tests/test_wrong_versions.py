"""A wrong version of an equation must make its check fail: every check can.

tests/planted_NN.py holds (label, the code of the page, the same made wrong), at least two for every
equation of chapter NN.
"""

import importlib
import re
from functools import cache

import pytest
from test_book import CHAPTERS, ROOT, defined, read

from bookkit.checked import called

TABLES = {
    path: importlib.import_module(f"planted_{path.name[:2]}").PLANTED
    for path in CHAPTERS
    if (ROOT / "tests" / f"planted_{path.name[:2]}.py").exists()
}
PLANTED = [(path, i) for path, table in TABLES.items() for i in range(len(table))]


def runs_nothing_else_needs(source):
    return re.search(r"^(explore|figures\.show|grade)\(", source, re.M)


@cache
def failures(path):
    """Return, for each planted version, what its equation's check says of it, or None.

    The chapter runs once; where a version changes a cell, a branch goes on from there with a copy
    of the names, up to the last cell that checks the equation.
    """
    sources = [cell.source for cell in read(path).cells if cell.cell_type == "code"]
    sources = ["" if runs_nothing_else_needs(source) else source for source in sources]
    waiting = {}
    for i, (_label, right, _wrong) in enumerate(TABLES[path]):
        [at] = [k for k, source in enumerate(sources) if right in source]
        waiting.setdefault(at, []).append(i)
    names, said = {"__name__": "__main__"}, {}
    for at, source in enumerate(sources):
        for i in waiting.get(at, ()):
            label, right, wrong = TABLES[path][i]
            last = max(k for k, s in enumerate(sources) if label in called(s))
            changed = [source.replace(right, wrong), *sources[at + 1 : last + 1]]
            said[i] = failure(changed, dict(names))
        exec(source, names)
    return said


def failure(sources, names):
    for source in sources:
        try:
            exec(source, names)
        except AssertionError as error:  # another than the equation's is no rejection
            return str(error)
    return None


@pytest.mark.parametrize(
    ("path", "i"), PLANTED, ids=[f"{TABLES[path][i][0]}-{i}" for path, i in PLANTED]
)
def test_a_wrong_version_is_rejected(path, i, monkeypatch):
    monkeypatch.chdir(ROOT / "book")
    label, right, wrong = TABLES[path][i]
    assert right != wrong
    said = failures(path)[i]
    assert said is not None, f"{wrong!r} passes"
    assert said.startswith(f"{label} does not hold")


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_equation_has_two_wrong_versions(path):
    counts = {label: sum(of == label for of, *_ in TABLES[path]) for label in defined(path)}
    assert {label: count for label, count in counts.items() if count < 2} == {}
