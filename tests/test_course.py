"""The edition for a course: what students get holds no solution, and nothing of level 3's answers."""

import ast
import builtins
import hashlib
import inspect
import json
import subprocess
import symtable
import sys
import textwrap
import zipfile
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT

from bookkit.exercises import EXERCISES
from bookkit.exercises.by_teacher import SAID

sys.path.insert(0, str(ROOT / "tools"))
import course

NOTEBOOKS = sorted((ROOT / "book").glob("[0-9]*.ipynb"))
HARD = [n for n, one in EXERCISES.items() if one.level == 3]
EASY = [n for n in EXERCISES if n not in HARD]


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    """The unpacked edition, and where its wheel is unpacked."""
    out = tmp_path_factory.mktemp("course") / "course"
    archive = course.make(ROOT, out)
    first = hashlib.sha256(archive.read_bytes()).digest()
    assert hashlib.sha256(course.make(ROOT, out).read_bytes()).digest() == first, (
        "it is not reproducible"
    )
    folder = out / course.FOLDER
    with zipfile.ZipFile(archive) as packed:
        assert sorted(packed.namelist()) == sorted(
            f"{course.FOLDER}/{p.name}" for p in folder.iterdir()
        )
        for path in folder.iterdir():
            assert packed.read(f"{course.FOLDER}/{path.name}") == path.read_bytes()
    assert [p.name for p in out.parent.iterdir()] == ["course"], "something is left from the making"
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(out / "wheel")
    return folder, out / "wheel"


def shipped(edition):
    """Return {name: text} of all that is shipped, Python as ast.unparse writes it."""
    folder, wheel = edition
    texts = {path.name: told(path) for path in folder.glob("*.ipynb")}
    for path in filter(Path.is_file, wheel.rglob("*")):
        text = path.read_text("utf8")
        texts[path.relative_to(wheel).as_posix()] = same(text) if path.suffix == ".py" else text
    return texts


def same(source):
    return ast.unparse(ast.parse(textwrap.dedent(source)))


def told(path):
    cells = nbformat.read(path, 4).cells
    return "\n".join(same(c.source) if c.cell_type == "code" else c.source for c in cells)


def test_no_right_answer_of_level_3_is_shipped(edition):
    texts = shipped(edition)
    for number in HARD:
        judge = EXERCISES[number].judge
        if hasattr(judge, "claim"):
            secrets = [same(inspect.getsource(judge.claim))]
        else:
            source = judge.source.strip()
            body = ast.parse(source).body[-1].body
            secrets = [
                same(source),
                source,
                repr(judge.source),
                "\n    ".join(map(ast.unparse, body)),
            ]
        for name, text in texts.items():
            assert not [s for s in secrets if s in text], f"{number} in {name}"


def test_no_mistake_of_level_3_is_shipped(edition):
    tables = [getattr(EXERCISES[n].judge, "edits", {}) for n in EASY]
    kept = {text for table in tables for edit, said in table.items() for text in (repr(edit), said)}
    texts = shipped(edition)
    for number in HARD:
        judge = EXERCISES[number].judge
        for edit, said in getattr(judge, "edits", {}).items():
            for name, text in texts.items():
                # a short edit may be a part of another exercise's, so it is looked for whole
                for secret in {said, repr(edit)} - kept:
                    assert secret not in text, f"{number}: {secret} in {name}"


def test_no_notebook_holds_a_solution_and_all_else_is_there(edition):
    folder, _ = edition
    assert [p.name for p in sorted(folder.glob("*.ipynb"))] == [p.name for p in NOTEBOOKS]
    for path in NOTEBOOKS:
        cells = nbformat.read(path, 4).cells
        cut = nbformat.read(folder / path.name, 4).cells
        hidden = [c for c in cells if "hide-cell" in c.metadata.get("tags", [])]
        solutions = [c for c in hidden if "grade(" in c.source]
        numbers = [n for n in EXERCISES if int(n.split(".")[0]) == int(path.name[:2])]
        assert len(solutions) == len(numbers)
        sources = [c.source for c in cut]
        assert not [c for c in solutions if c.source in sources]
        others = [c.source for c in cells if c not in hidden]
        assert [s for s in sources if s in others] == others
        assert sum(f'grade("{n}"' in s for n in numbers for s in sources) >= len(numbers)
        assert "✓ right" not in "".join(
            o.get("text", "") for c in cut for o in c.get("outputs", [])
        )


def in_the_edition(edition, code):
    begin = f"import sys; sys.path.insert(0, {str(edition[1])!r})\n"
    done = subprocess.run(
        [sys.executable, "-I", "-c", begin + code], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_level_3_is_graded_by_the_teacher_and_lists_what_it_asks(edition):
    code = f"from bookkit.exercises import grade\nfor n in {HARD}: grade(n, 1); grade(n, ...)"
    out = in_the_edition(edition, code)
    for number in HARD:
        assert f"Exercise {number}: {SAID}\n" in out
        assert f"Exercise {number}: … not answered yet.\n" in out
        judge = EXERCISES[number].judge
        for line in judge.listed() if hasattr(judge, "listed") else []:
            assert line in out.splitlines()


def test_the_graders_of_levels_1_and_2_are_those_of_the_book(edition):
    code = (
        "import json\nfrom bookkit.exercises import EXERCISES\n"
        "print(json.dumps({n: [e.kind, e.objective, e.level, getattr(e.judge, 'source', ''),\n"
        "  list(getattr(e.judge, 'edits', {}).items()), getattr(e.judge, 'why', '')]\n"
        "  for n, e in EXERCISES.items()}))"
    )
    found = json.loads(in_the_edition(edition, code))
    assert list(found) == list(EXERCISES)
    for number, (kind, objective, level, source, edits, why) in found.items():
        book = EXERCISES[number]
        assert (kind, objective, level) == (book.kind, book.objective, book.level)
        if number in EASY:
            assert source == getattr(book.judge, "source", "")
            assert [tuple(edit) for edit in edits] == list(getattr(book.judge, "edits", {}).items())
            assert why == getattr(book.judge, "why", "")


def test_right_answers_of_levels_1_and_2_are_right_there(edition):
    code = (
        "from bookkit.exercises import EXERCISES, judge\n"
        "for n, e in EXERCISES.items():\n"
        "    if hasattr(e.judge, 'made'):\n"
        "        assert judge(n, e.judge.made(e.judge.source)).right, n\n"
        "    elif hasattr(e.judge, 'value'):\n"
        "        assert judge(n, e.judge.value).right, n\n"
        "    elif hasattr(e.judge, 'experiment'):\n"
        "        reason = next(r for r, said in e.judge.reasons.items() if not said)\n"
        "        assert e.judge.of(e.judge.experiment(), reason).right, n\n"
    )
    in_the_edition(edition, code)


def test_its_readme_names_what_is_there(edition):
    folder, _ = edition
    told = (folder / "README.txt").read_text("utf8")
    assert "pip install -r requirements.txt" in told
    assert (folder / told.partition("jupyter lab ")[2].split()[0]).is_file()
    *_, wheel = (folder / "requirements.txt").read_text("utf8").splitlines()
    assert (folder / wheel).is_file()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_no_cell_needs_a_solution(path):
    kept = course.without_solutions(nbformat.read(path, 4)).cells
    top = symtable.symtable(
        "\n".join(c.source for c in kept if c.cell_type == "code"), path.name, "exec"
    )
    made = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    assert asked(top) - made - set(dir(builtins)) == set()


def asked(table):
    """Return the names that a page's code looks up outside of its functions."""
    of_page = table.get_type() == "module"
    own = {s.get_name() for s in table.get_symbols()
           if s.is_referenced() and (of_page or s.is_global())}  # fmt: skip
    return own.union(*map(asked, table.get_children()))


def test_what_only_a_cut_exercise_needs_goes_with_it():
    source = (
        '"""Two exercises."""\nfrom .kinds import write\n\nEASY = "easy"\nHARD = "hard"\n\n\n'
        "def _of(x):\n    return HARD\n\n\nLAST = write('b', 3, _of(1), {}, [])\n"
        "EXERCISES = {'9.7': write('a', 2, EASY, {}, []), '9.11': LAST}\n"
    )
    cut = course.without_answers(source)
    assert "easy" in cut
    assert "hard" not in cut
    assert "_of" not in cut
    assert "'9.11': by_teacher('b', 3, 'write', [])" in cut


def test_the_makefile_makes_it():
    assert "tools/course.py _build/course" in (ROOT / "Makefile").read_text("utf8")
    assert Path(course.__file__).parent == ROOT / "tools"
