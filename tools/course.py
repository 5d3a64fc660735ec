"""Make the edition for a course: notebooks without solutions, and no right answer of level 3.

    python tools/course.py _build/course

The folder gets the-four-equations/ and a zip of it, the same bytes each time. Graders of levels 1 and 2
stay, so that students see what is wrong; their right answers are in the wheel, as a grader needs them.
"""

import ast
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "book" / "_ext"))

import archive  # noqa: E402

from bookkit.exercises import EXERCISES  # noqa: E402
from bookkit.notebooks import normalize  # noqa: E402

FOLDER = "the-four-equations"
LEVEL = 3  # from this one on the teacher grades
README = f"""The Four Equations, as it is used in a course: the notebooks without their solutions.

{archive.COMMANDS}
Exercises of levels 1 and 2 tell you whether an answer is right, and what is wrong with it. Those of
level 3 are graded by your teacher: hand in the notebook.
"""


# ---- notebooks ----


def without_solutions(notebook):
    """Return a notebook without the cells that answer an exercise, or go on to explain the answer."""
    kept, answered = [], False
    for cell in notebook.cells:
        hidden = "hide-cell" in cell.metadata.get("tags", [])
        answered = hidden and (answered or "grade(" in cell.source)
        if not answered:
            kept.append(cell)
    notebook.cells = kept
    return normalize(notebook)


# ---- tables ----


def without_answers(source, level=LEVEL):
    """Return the source of a chapter's table without what only exercises of this level need."""
    tree = ast.parse(source)
    made = {s.targets[0].id: s.value for s in tree.body if is_named(s)}
    table = made["EXERCISES"]
    for at, (number, entry) in enumerate(zip(table.keys, table.values, strict=True)):
        call = made[entry.id] if isinstance(entry, ast.Name) else entry
        if call.args[1].value >= level:
            table.values[at] = handed(number.value, call)
    tree.body = [s for s in tree.body if s in needed(tree.body)]
    imports = ast.parse("from .kinds import by_teacher").body
    first = next(i for i, s in enumerate(tree.body) if isinstance(s, ast.Import | ast.ImportFrom))
    tree.body[first:first] = imports
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def is_named(statement):
    return isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)


def handed(number, call):
    """Return the entry of an exercise that the teacher grades: what is asked, not what is right."""
    judge = EXERCISES[number].judge
    lines = judge.listed() if hasattr(judge, "listed") else []
    objective, level = (argument.value for argument in call.args[:2])
    text = f"by_teacher({objective!r}, {level}, {call.func.id!r}, {lines!r})"
    return ast.parse(text, mode="eval").body


def needed(body):
    """Return the statements of a module that its table needs, the table itself among them."""
    defines = {}
    for statement in body:
        for name in names_of(statement):
            defines.setdefault(name, []).append(statement)
    found, wanted = [], [s for s in body if not names_of(s)]  # imports, docstring
    wanted += defines["EXERCISES"]
    while wanted:
        statement = wanted.pop()
        if statement in found:
            continue
        found.append(statement)
        used = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}
        wanted += [other for name in used for other in defines.get(name, [])]
    return found


def names_of(statement):
    """Return the names that a function or an assignment makes."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        return [n.id for t in statement.targets for n in ast.walk(t) if isinstance(n, ast.Name)]
    return []


# ---- the edition ----


def members(root, folder):
    """Return {name: bytes} of the edition; folder is for what is built on the way."""

    def cut(source):
        for path in sorted(source.glob("bookkit/exercises/chapter_*.py")):
            path.write_text(without_answers(path.read_text("utf8")), "utf8")

    wheel = archive.build_wheel(root, folder / "wheel", cut)
    notebooks = {
        path.name: (nbformat.writes(without_solutions(nbformat.read(path, 4))) + "\n").encode()
        for path in (root / "book").glob("[0-9]*.ipynb")
    }
    return archive.members(root, notebooks, wheel, README)


def make(root, out):
    """Write the edition to out: a folder and a zip. What stood there is replaced when all is made."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".course-") as building:
        building = Path(building)
        found = members(root, building)
        made = building / "made"
        (made / FOLDER).mkdir(parents=True)
        for name, content in found.items():
            (made / FOLDER / name).write_bytes(content)
        archive.write(made / f"{FOLDER}-course.zip", found)
        shutil.rmtree(out, ignore_errors=True)
        made.rename(out)
    return out / f"{FOLDER}-course.zip"


if __name__ == "__main__":
    print(make(ROOT, Path(sys.argv[1])))
