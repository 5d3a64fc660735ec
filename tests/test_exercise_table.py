"""The page for teachers: its tables hold every exercise, its numbers are those that it states."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter

import pytest
import yaml
from conftest import ROOT, parsed

from bookkit import VARIANT
from bookkit.exercises import EXERCISES

sys.path.insert(0, str(ROOT / "book" / "_ext"))
import exercise_table

PAGE = "book/g_teachers.html"
TEXT = (ROOT / "book" / "g_teachers.md").read_text("utf8")
BOOK = {n: one for n, one in EXERCISES.items() if not n.startswith("0.")}
NOTEBOOKS = sorted((ROOT / "book").glob("[0-9]*.ipynb"))
MINUTES = {1: 5, 2: 15, 3: 30}


@pytest.fixture
def tables(site):
    """The generated tables, each a list of rows of cells."""
    found = parsed(site / PAGE).select("table.for-teachers")
    return [[row.find_all(["td", "th"]) for row in table.select("tbody tr")] for table in found]


def test_every_exercise_stands_in_its_objective_and_level_with_its_kind(tables):
    *_, table = tables
    found, chapter = {}, 0
    for cells in table:
        if len(cells) == 1:
            chapter += 1
            assert cells[0].get_text().startswith(f"{chapter}. ")
            continue
        slug = cells[0].strong.get_text()
        for level, cell in enumerate(cells[1:], 1):
            told = re.findall(r"(\d+\.\d+)\xa0(\w+)", cell.get_text())
            assert [number for number, _ in told] == [a.get_text() for a in cell.select("a")]
            for number, kind in told:
                assert number not in found
                assert number.split(".")[0] == str(chapter)
                found[number] = (kind, level, slug)
    assert found == {n: (one.kind, one.level, one.objective) for n, one in BOOK.items()}


def test_every_exercise_leads_to_its_question(tables, site):
    *_, table = tables
    links = [a for cells in table if len(cells) > 1 for cell in cells[1:] for a in cell.select("a")]
    assert len(links) == len(BOOK)
    for link in links:
        page, _, anchor = link["href"].partition("#")
        [question] = parsed(site / "book" / page).select(f"[id='{anchor}']") or [None]
        question = question if question.name == "p" else question.find_parent("p")
        assert question.get_text().startswith(f"Exercise {link.get_text()} (")


def test_the_counts_are_those_of_the_exercises(tables):
    _, counts, _ = tables
    expected = Counter((one.kind, one.level) for one in BOOK.values())
    for cells in counts:
        kind, *numbers = [cell.get_text() for cell in cells]
        of = [sum(n for (k, at), n in expected.items() if at == level and kind in (k, "All"))
              for level in (1, 2, 3)]  # fmt: skip
        assert [int(n) for n in numbers] == [*of, sum(of)]
    assert len(counts) == 1 + len({one.kind for one in BOOK.values()})


def test_the_hours_follow_from_the_rule_that_the_page_states(tables):
    hours, *_ = tables
    options = dict(re.findall(r"^:(\w+): (\d+)$", TEXT, re.M))
    assert options == {
        "words": "80",
        "explorer": "10",
        "level1": "5",
        "level2": "15",
        "level3": "30",
    }
    assert "80 words a minute, and 10 minutes for each explorer" in TEXT
    assert (
        "5 minutes for an exercise of level 1, 15 for one of level 2, 30 for one of level 3" in TEXT
    )
    *chapters, total = hours
    sums = [0.0, 0.0]
    for number, cells in enumerate(chapters, 1):
        _, _, words, explorers, exercises, reading, answering = (cell.get_text() for cell in cells)
        minutes = [MINUTES[one.level] for n, one in BOOK.items() if n.split(".")[0] == str(number)]
        assert int(exercises) == len(minutes)
        read = (int(words.replace(",", "")) / 80 + 10 * int(explorers)) / 60
        assert [reading, answering] == [f"{read:.1f} h", f"{sum(minutes) / 60:.1f} h"]
        sums = [sums[0] + read, sums[1] + sum(minutes) / 60]
    assert [cell.get_text() for cell in total[-2:]] == [f"{s:.1f} h" for s in sums]


def test_words_are_words():
    assert (
        exercise_table.words("**One** two-three $x + y$, *four*.\n\n$$ a \\\\ b $$ (eq:x)\n") == 5
    )
    assert exercise_table.words("{doc}`chapter 4 <04_forward_pass>` and `code_here()`") == 3


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_chapter_is_read_as_it_is(path):
    found = exercise_table.chapter(path)
    assert all(0 < need < int(path.name[:2]) for need in found.needs)
    assert {e.objective for e in found.exercises} == found.objectives.keys()
    cells = json.loads(path.read_text("utf8"))["cells"]
    said = [
        "".join(o.get("data", {}).get("text/plain", ""))
        for c in cells
        for o in c.get("outputs", [])
    ]
    assert found.explorers == sum(text.startswith("Explorer: ") for text in said)


def test_the_four_equations_need_what_they_say():
    [path] = [p for p in NOTEBOOKS if p.name.startswith("09")]
    assert exercise_table.chapter(path).needs == [4, 5, 6, 7, 8]


def test_homework_is_of_the_chapter_and_of_level_2_or_3():
    rows = re.findall(r"^\| (\d+)\. \{doc\}`(\d\d)_\w+` \| .* \| ([\d., ]+) \|$", TEXT, re.M)
    assert [int(session) for session, _, _ in rows] == list(range(1, 16))
    for session, chapter, homework in rows:
        assert int(session) == int(chapter)
        for number in homework.split(", "):
            assert number.split(".")[0] == session
            assert BOOK[number].level >= 2
        assert BOOK[number].level == 3


def test_no_chapter_of_a_syllabus_comes_before_what_it_needs():
    # in five sessions chapters 1 to 3 are reading
    needs = {int(p.name[:2]): exercise_table.chapter(p).needs for p in NOTEBOOKS}
    for name, known in (("Ten", set()), ("Five", {1, 2, 3})):
        section = TEXT.partition(f"### {name} sessions")[2].partition("\n#")[0]
        for row in re.findall(r"^\| \d+ \| (.*) \|$", section, re.M):
            chapters = [int(number) for number in re.findall(r"\{doc\}`(\d\d)_", row)]
            for chapter in sorted(chapters):
                assert set(needs[chapter]) <= known | set(chapters), (name, chapter)
            known |= set(chapters)


def test_the_page_names_the_exercises_whose_inputs_never_vary():
    code = (
        "import numpy as np\nfrom bookkit.exercises import EXERCISES\n"
        "def flat(v):\n"
        "    if isinstance(v, dict): return [flat(x) for x in v.values()]\n"
        "    if isinstance(v, (list, tuple)): return [flat(x) for x in v]\n"
        "    return 'f' if callable(v) else np.asarray(v).tolist()\n"
        "print({n: repr(flat(e.judge.trials)) for n, e in EXERCISES.items() \n"
        "       if hasattr(e.judge, 'trials')})"
    )
    here, other = (
        yaml.safe_load(subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, VARIANT: number}, capture_output=True,
            text=True, check=True).stdout)
        for number in "03"
    )  # fmt: skip
    same = [n for n in here if here[n] == other[n]]
    told = re.search(r"tried on the same ones always: ([\d., and]+)\.", TEXT)[1]
    assert re.findall(r"\d+\.\d+", told) == same
    assert "Twelve exercises" in TEXT
    assert len(same) == 12


def test_what_binder_installs_is_what_the_book_was_made_with():
    pinned = (ROOT / "requirements.in").read_text("utf8").splitlines()
    lines = (ROOT / ".binder/requirements.txt").read_text("utf8").splitlines()
    wanted = [line for line in lines if not line.startswith("#")]
    assert set(wanted) <= set(pinned)
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]["dependencies"]
    assert set(needed) <= {line.partition("==")[0] for line in wanted}
    assert os.access(ROOT / ".binder/postBuild", os.X_OK)
    assert re.fullmatch(r"python-3\.\d+\n", (ROOT / ".binder/runtime.txt").read_text("utf8"))
