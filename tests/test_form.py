"""The form of a chapter: what a reader meets from top to bottom, and how much of it."""

import re
from functools import cache

import pytest
from test_book import CHAPTERS, ROOT, calls, read

from bookkit.exercises import EXERCISES

TEMPLATE = ROOT / "book" / "_template" / "00_template.ipynb"
HEAD = re.compile(r"\*\*Exercise (\d+\.\d+)\*\* \((\w+), level (\d), \*([a-z-]+)\*\)\. ")
FORMED = [TEMPLATE, *(p for p in CHAPTERS if f"{int(p.name[:2])}.1" in EXERCISES)]
every_chapter = pytest.mark.parametrize("path", FORMED, ids=lambda path: path.stem)


def tags(cell):
    return set(cell.metadata.get("tags", ()))


@cache
def before_exercises(path):
    """Return the cells up to the section of exercises."""
    cells = read(path).cells
    return cells[
        : next(i for i, c in enumerate(cells) if re.search(r"^## Exercises$", c.source, re.M))
    ]


def text(cells):
    return "\n\n".join(c.source for c in cells if c.cell_type == "markdown")


def words(markdown):
    """Return how many words a reader reads: a formula is one, a dropdown's mark none."""
    plain = re.sub(r"\$\$.*?\$\$(?:\s*\(eq:[\w-]+\))?|\$[^$]+\$", "formula", markdown, flags=re.S)
    return len(re.findall(r"[\w’'-]+", re.sub(r"\{\w+\}|`eq:[\w-]+`|<[^>]+>", "", plain)))


def objectives(path):
    listed = read(path).cells[0].source.partition("**You will be able to**")[2]
    return re.findall(r"^- \*\*([a-z-]+)\*\*: ", listed, re.M)


def asked(path):
    """Return [(number, kind, level, objective)] of the exercises, in the order of the page."""
    return [
        (number, kind, int(level), slug)
        for number, kind, level, slug in HEAD.findall(text(read(path).cells))
    ]


@every_chapter
def test_objectives_and_exercises_name_one_another(path):
    slugs = objectives(path)
    assert len(slugs) == len(set(slugs))
    assert path == TEMPLATE or 4 <= len(slugs) <= 6
    assessed = {slug for *_, slug in asked(path)}
    assert assessed == set(slugs), "an objective without an exercise, or the other way round"


@every_chapter
def test_the_page_asks_what_the_tables_hold(path):
    chapter = str(int(path.name[:2]))
    table = {
        n: (e.kind, e.level, e.objective)
        for n, e in EXERCISES.items()
        if n.split(".")[0] == chapter
    }
    assert {number: tuple(rest) for number, *rest in asked(path)} == table
    numbers = [int(number.split(".")[1]) for number, *_ in asked(path)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(re.findall(r"\*\*Exercise", text(read(path).cells))) == len(numbers)


@every_chapter
def test_easy_exercises_stand_in_their_sections_and_the_others_at_the_end(path):
    early = {number for number, *_ in HEAD.findall(text(before_exercises(path)))}
    assert early == {number for number, _, level, _ in asked(path) if level == 1}


@every_chapter
def test_an_exercise_has_a_cell_to_answer_in_and_a_solution(path):
    cells = read(path).cells
    starts = [(i, m[1]) for i, c in enumerate(cells) for m in HEAD.finditer(c.source)]
    ends = [i for i, _ in starts[1:]] + [len(cells)]
    for (start, number), end in zip(starts, ends, strict=True):
        graded = [
            c for c in cells[start:end] if c.cell_type == "code" and graded_number(c) == number
        ]
        assert len(graded) == 2, f"exercise {number} needs a cell to answer in and a solution"
        question, solution = graded
        assert question.outputs[0].text.startswith(f"Exercise {number}: … not answered yet.")
        assert "..." in question.source
        assert not tags(question)
        planted = EXERCISES[number].planted
        assert not planted or planted.strip() in question.source, (
            f"{number} starts with its mistake"
        )
        assert solution.outputs[0].text.startswith(f"Exercise {number}: ✓ right")
        assert tags(solution) == {"hide-cell"}
        assert cells[cells.index(question) + 1] is solution, "the solution follows its question"


def graded_number(cell):
    found = [call for name, call in calls(cell.source) if name == "grade"]
    return found[0].args[0].value if found else None


@every_chapter
def test_open_code_is_short(path):
    cells = [c for c in before_exercises(path) if c.cell_type == "code"]
    exercises = {id(c) for c in cells if graded_number(c)}
    opened = [c for c in cells if not tags(c) and id(c) not in exercises]
    optional = optional_cells(before_exercises(path))
    lines = [
        sum(bool(line.strip()) for line in c.source.splitlines())
        for c in opened
        if id(c) not in optional
    ]
    assert sum(lines) <= 60
    assert max(lines) <= 12


def optional_cells(cells):
    """Return the ids of the cells in sections called Optional."""
    found, inside = set(), False
    for cell in cells:
        if cell.cell_type == "markdown":
            for title in re.findall(r"^#+ +(.+)$", cell.source, re.M):
                inside = title.startswith("Optional: ")
        if inside:
            found.add(id(cell))
    return found


@every_chapter
def test_a_chapter_can_be_read_in_one_sitting(path):
    cells = before_exercises(path)
    optional = optional_cells(cells)
    assert words(text(c for c in cells if id(c) not in optional)) <= 2500
    assert sum(len(re.findall(r"^explore\(", c.source, re.M)) for c in cells) <= 3


@every_chapter
def test_a_chapter_begins_with_its_setup_and_a_question(path):
    cells = read(path).cells
    code = [c for c in cells if c.cell_type == "code"]
    assert tags(code[0]) == {"setup"}
    assert sum("setup" in tags(c) for c in code) == 1
    explorers = [i for i, c in enumerate(cells) if re.search(r"^explore\(", c.source, re.M)]
    before = cells[: explorers[0]]
    assert "?" in text(before), "the explorer opens on a question"


@every_chapter
def test_a_prediction_has_choices_and_something_that_answers_it(path):
    cells = read(path).cells
    for i, cell in enumerate(cells):
        for found in re.finditer(
            r":::\{admonition\} Predict\n:class: predict\n(.*?)\n:::", cell.source, re.S
        ):
            choices = re.findall(r"^- (.*)", found[1], re.M)
            assert 2 <= len(choices) <= 4
            # a choice of mathematics alone has no name for who hears the page
            assert [c for c in choices if not re.sub(r"\$.*?\$", "", c).strip()] == []
            rest = cell.source[found.end() :].strip()
            assert rest or any(c.cell_type == "code" for c in cells[i + 1 : i + 3])


@every_chapter
def test_a_check_verifies_one_equation_and_every_equation_is_folded(path):
    for cell in read(path).cells:
        if cell.cell_type == "code":
            verified = [c for name, c in calls(cell.source) if name == "verify"]
            assert len(verified) <= 1
            assert ("check" in tags(cell)) or not verified


@every_chapter
def test_chapters_are_named_by_links(path):
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            plain = re.sub(r"\{doc\}`[^`]*`", "", cell.source)
            for number in re.findall(r"[Cc]hapter (\d+)", plain):
                there = any(p.name.startswith(f"{int(number):02d}_") for p in CHAPTERS)
                assert not there, f"chapter {number} is named without a link"


@every_chapter
def test_nothing_is_found_by_its_position(path):
    pointing = r"\b(the (next|previous|last) cell|the cell (above|below)|code (above|below))\b"
    assert re.findall(pointing, text(read(path).cells), re.I) == []
