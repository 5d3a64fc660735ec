"""The exercises of the chapters: every mistake is named, and no answer stands on the page."""

import ast
import itertools
import re
from functools import cache

import numpy as np
import pytest
from test_book import CHAPTERS, ROOT, read

from bookkit.exercises import EXERCISES, edits, faces, judge
from bookkit.exercises.choices import UNTRIED
from bookkit.exercises.functions import FunctionJudge
from bookkit.exercises.quantities import NumberJudge

TEMPLATE = ROOT / "book" / "_template" / "00_template.ipynb"
KINDS = {"predict", "compute", "assemble", "write", "debug", "spot", "derive", "investigate"}
FUNCTIONS = [n for n, e in EXERCISES.items() if isinstance(e.judge, FunctionJudge)]
NUMBERS = [n for n, e in EXERCISES.items() if isinstance(e.judge, NumberJudge)]
DERIVED = [n for n, e in EXERCISES.items() if e.kind == "derive"]
TABLES = [n for n, e in EXERCISES.items() if hasattr(e.judge, "edits")]

every_exercise = pytest.mark.parametrize("number", EXERCISES)
every_function = pytest.mark.parametrize("number", FUNCTIONS)
every_number = pytest.mark.parametrize("number", NUMBERS)


@cache
def face(number):
    return EXERCISES[number].face()


# ---- the tables ----


@every_exercise
def test_an_exercise_says_what_it_is(number):
    exercise = EXERCISES[number]
    assert exercise.kind in KINDS
    assert exercise.level in (1, 2, 3)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", exercise.objective)


@pytest.mark.parametrize("number", TABLES)
def test_a_sentence_is_short_and_about_the_answer(number):
    table = EXERCISES[number].judge
    for sentence in [*table.edits.values(), *getattr(table, "forms", {}).values()]:
        assert len(sentence.split()) <= 25, sentence
        assert re.search(r"[.?]$", sentence), sentence
        assert not re.search(r"\b(you|your|simply|obviously|well done|great)\b", sentence, re.I)


@every_function
def test_the_right_function_passes_and_every_mistake_is_named(number):
    table = EXERCISES[number].judge
    assert judge(number, table.made(table.source)).right
    for edit, sentence in table.edits.items():
        verdict = judge(number, table.made(edits.edited(table.source, edit)))
        assert (verdict.right, verdict.message) == (False, sentence), edit
    for edit, sentence in table.forms.items():
        verdict = judge(number, table.made(edits.edited(table.source, edit)))
        assert (verdict.form, verdict.message) == (True, sentence), edit


@every_function
def test_two_mistakes_are_no_right_answer_and_one_of_them_is_named(number):
    table = EXERCISES[number].judge
    known = {*table.edits.values(), *table.forms.values()}
    for pair in table.pairs():
        source = edits.edited(edits.edited(table.source, pair[0]), pair[1])
        verdict = judge(number, table.made(source))
        if not verdict.right:  # two that cancel are another way to the same numbers
            named = verdict.message.removesuffix(" Another mistake follows.")
            assert named in known, f"{pair}: {verdict.message}"


@every_function
def test_the_trials_are_unlike(number):
    trials = EXERCISES[number].judge.trials
    assert len(trials) >= 2
    shapes = {tuple(np.shape(v) for v in trial if isinstance(v, np.ndarray)) for trial in trials}
    scalars = {tuple(v for v in trial if isinstance(v, int | float)) for trial in trials}
    objects = {
        tuple(id(v) for v in trial if isinstance(v, dict) or callable(v)) for trial in trials
    }
    assert max(map(len, (shapes, scalars, objects))) >= 2


@every_number
def test_windows_do_not_overlap(number):
    table = EXERCISES[number].judge
    assert judge(number, table.value).right
    right, *others = table.windows()
    known = [w for w in others if w.verdict.message in table.edits.values()]
    assert len(known) == len(table.edits), "two mistakes lead to one number"
    for a, b in itertools.combinations([right, *known], 2):
        apart = a.high < b.low or b.high < a.low
        assert apart or a.verdict == b.verdict, f"{a.verdict.message} / {b.verdict.message}"
    for window in known:
        middle = (window.low + window.high) / 2
        assert judge(number, middle) == window.verdict
        # or a right answer that was rounded too early would hear of a mistake
        assert abs(middle - table.value) > 0.01 * abs(table.value), window.verdict.message


DIGITS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


@pytest.mark.parametrize("number", [*NUMBERS, *DERIVED])
def test_the_right_value_passes_rounded_to_the_digits_that_the_text_asks_for(number):
    asked = re.search(r"(\w+) (?:significant )?digits", question(number))
    digits = DIGITS[asked[1].lower()] if asked else 3
    for _, windows, _ in face(number).numbers:
        right = windows[0]
        middle = (right.low + right.high) / 2
        rounded = float(f"{middle:.{digits - 1}e}")
        first = next(w for w in windows if w.low <= rounded <= w.high)
        assert first.verdict.right, f"{rounded} for {middle}: {first.verdict}"


@every_exercise
def test_the_page_has_a_verdict_on_every_answer(number):
    found = face(number)
    count = np.prod([len(slot.options) for slot in found.slots])
    if found.slots:
        assert len(found.verdicts) == count >= 2
        assert any(v.right for v in found.verdicts)
        assert not all(v.right for v in found.verdicts)
    else:
        assert found.numbers
    assert all(v.message or v.right for v in found.verdicts)
    assert not any(v.message.startswith(UNTRIED) for v in found.verdicts)
    page = faces.page(number, found)
    assert len(page) < 60_000
    assert not re.search(r"\\u(?!003c)", page)  # letters stand as they are


# ---- no answer stands above its question ----


def normal(node):
    """Return code as text with its names made a, b, c in order of appearance."""
    names = {}
    tree = ast.parse(ast.unparse(node))
    for found in ast.walk(tree):
        if isinstance(found, ast.Name):
            found.id = names.setdefault(found.id, f"n{len(names)}")
    return ast.unparse(tree)


def statements(source):
    """Return the normal forms of the expressions that a source assigns or returns."""
    return [
        normal(node.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign | ast.Return | ast.AugAssign) and node.value
    ]


def page_of(number):
    [path] = [p for p in [TEMPLATE, *CHAPTERS] if int(p.name[:2]) == int(number.split(".")[0])]
    return read(path).cells


def question(number):
    """Return the text of an exercise's question."""
    [found] = [
        cell.source.partition(f"**Exercise {number}**")[2].partition("**Exercise ")[0]
        for cell in page_of(number)
        if cell.cell_type == "markdown" and f"**Exercise {number}**" in cell.source
    ]
    return found


def above(number):
    """Return (code, text and outputs) of the page before an exercise's question."""
    code, texts = [], []
    for cell in page_of(number):
        if cell.cell_type == "markdown" and f"**Exercise {number}**" in cell.source:
            return code, "\n".join(texts)
        texts.append(cell.source)
        if cell.cell_type == "code":
            code.append(cell.source)
            for output in cell.outputs:
                texts.append(output.get("text") or output.get("data", {}).get("text/plain", ""))
    raise AssertionError(f"exercise {number} stands on no page")


@every_function
def test_no_function_to_write_stands_above_its_question(number):
    code, _ = above(number)
    shown = {s for cell in code for s in statements(cell)}
    answer = statements(EXERCISES[number].judge.source)
    new = [s for s in answer if s not in shown and len(s) > 12]
    assert new, f"every line of the answer stands above exercise {number}"


@every_number
def test_no_number_to_compute_stands_above_its_question(number):
    _, text = above(number)
    right = EXERCISES[number].judge.windows()[0]
    plain = text.replace("−", "-").replace("{,}", "")
    stated = [float(t) for t in re.findall(r"(?<![\w.])-?\d+\.\d{2,}(?![\w.])", plain)]
    assert [v for v in stated if right.low <= v <= right.high] == []
