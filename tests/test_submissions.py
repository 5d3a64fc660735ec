"""What teachers get: a row for each student and exercise, whatever a student hands in."""

import csv
import json
import os
import subprocess
import sys
import time

import numpy as np
import pytest
from conftest import ROOT

from bookkit import VARIANT, grade
from bookkit.exercises import EXERCISES, fresh
from bookkit.exercises.edits import edited
from bookkit.exercises.verdict import Verdict
from bookkit.grading import sandbox
from bookkit.grading.channel import Channel
from bookkit.grading.submissions import Graded, grade_file, students

BEGIN = "from bookkit.exercises import grade\nimport numpy as np\nimport math\n"
LIMITS = sandbox.Limits(seconds=10, cell=4, memory=2**30, files=2**24, processes=24)
FUNCTION, OTHER = EXERCISES["5.6"].judge, EXERCISES["5.9"].judge


@pytest.fixture
def graded(setting, tmp_path):
    def run(code, name="one.py", **limits):
        path = tmp_path / name
        path.write_bytes(code if isinstance(code, bytes) else (BEGIN + code).encode())
        own = setting._replace(limits=LIMITS._replace(**limits))
        return grade_file(path, "one", own)

    return run


def handed_in(numbers):
    """Return a Python file that answers these exercises with the right functions."""
    return "\n\n".join(
        f"{EXERCISES[n].judge.source.strip()}\n\n\ngrade({n!r}, {name_of(n)})" for n in numbers
    )


def name_of(number):
    return EXERCISES[number].judge.source.rpartition("def ")[2].partition("(")[0]


def notebook(*cells):
    """Return a notebook of (source, tags)."""
    made = [
        {"cell_type": "code", "metadata": {"tags": tags}, "source": source.splitlines(True),
         "outputs": [], "execution_count": None}
        for source, tags in cells
    ]  # fmt: skip
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


# ---- verdicts ----


def test_right_functions_are_right_whatever_they_are_given(graded):
    # functions, activations, networks and dicts among their arguments; names of the tables needed
    plain = [
        n for n in ("1.6", "4.5", "5.6", "5.9", "6.10", "9.7", "9.8", "9.9", "11.9", "13.9", "14.9")
        if not EXERCISES[n].judge.names
    ]  # fmt: skip
    found = graded(handed_in(plain), seconds=60)
    assert {n: v.right for n, v in found.verdicts.items()} == dict.fromkeys(plain, True), found


def test_a_mistake_is_named_as_it_is_in_the_notebook(graded):
    for edit, said in list(FUNCTION.edits.items())[:2]:
        code = f"{edited(FUNCTION.source, edit)}\ngrade('5.6', quartic)"
        assert graded(code).verdicts["5.6"] == Verdict(False, said)


def test_the_last_answer_counts_and_an_empty_one_takes_nothing_back(graded):
    found = graded("grade('5.3', 1)\ngrade('5.3', -np.log(0.1))\ngrade('5.3', ...)").verdicts
    assert found["5.3"].right


def test_a_notebook_runs_cell_by_cell_without_the_books_solutions(graded):
    found = graded(
        notebook(
            (BEGIN, []),
            ("%matplotlib inline\n!rm -rf /\n1 / 0", []),
            ("%%time\nanswer = -np.log(0.1)", []),
            ("grade('5.3', answer)", []),
            ("grade('5.1', 0.14)\ngrade('5.3', 7)", ["hide-cell"]),
        ),
        "one.ipynb",
    )
    assert found.verdicts.keys() == {"5.3"}
    assert found.verdicts["5.3"].right
    assert found.problem == "Cell 2 fails: ZeroDivisionError: division by zero"


def test_arguments_that_are_changed_are_told(graded):
    code = "def quartic(a, y):\n    a += 1\n    return a, y\n\n\ngrade('5.6', quartic)"
    assert "changes its arguments" in graded(code).verdicts["5.6"].message


def test_a_function_that_raises_or_does_not_end_has_its_line_told(graded):
    code = "def quartic(a, y):\n    b = a\n    return b @ y @ 'x'\n\n\ngrade('5.6', quartic)\n"
    code += "def huber(a, y, d):\n    while True:\n        pass\n\n\ngrade('5.9', huber)\n"
    code += "grade('5.3', -np.log(0.1))"
    found = graded(code).verdicts
    assert "it raises" in found["5.6"].message
    assert "line 3" in found["5.6"].message
    assert "Stopped after 2 seconds" in found["5.9"].message
    assert found["5.3"].right


# ---- hostile submissions ----


FORGED = [
    # every comparison in the process says yes
    "np.allclose = np.isclose = lambda *a, **k: True\nclass Yes:\n"
    "    def __eq__(self, other): return True\n    def __array__(self, *a, **k): return np.ones(3)\n"
    "    __hash__ = None\ngrade('5.6', lambda a, y: Yes())",
    # grade and the judges are replaced
    "import bookkit.exercises, bookkit.exercises.verdict as v\n"
    "bookkit.exercises.judge = bookkit.exercises.grade = lambda *a: v.Verdict(True, '')\n"
    "v.unanswered = lambda a: False\ngrade('5.6', lambda a, y: 0)",
    # the right answer is looked for
    "try:\n    from bookkit.exercises.chapter_05 import EXERCISES\nexcept ImportError:\n"
    "    EXERCISES = None\ngrade('5.6', EXERCISES and EXERCISES['5.6'].judge.made("
    "EXERCISES['5.6'].judge.source) or (lambda a, y: 0))",
    # the socket is written to
    "import os\nfor fd in range(3, 30):\n    for line in (\n"
    '        b\'{"answer":"5.6","value":true,"right":true}\\n{"done":true}\\n\',\n'
    '        b\'{"value":{"Verdict":[true,""]}}\\n\' * 9):\n'
    "        try: os.write(fd, line)\n        except OSError: pass",
    "import os\nfor fd in range(3, 30):\n    try: os.write(fd, b'[' * 10**5 + b'\\n' + b'[]\\n{}\\n')\n"
    "    except OSError: pass\ngrade('5.6', 1)",
    # a result that is no value
    "def quartic(a, y):\n    x = []\n    x.append(x)\n    return x\n\n\ngrade('5.6', quartic)",
    "grade('5.6', lambda a, y: (x for x in a))",
    "class Odd(Exception):\n    def __str__(self): raise Odd\n"
    "def f(a, y): raise Odd\ngrade('5.6', f)",
    "print('Exercise 5.6: ✓ right. Agrees on 2 trials.')",
    'import json\njson.dumps = lambda *a, **k: \'{"value": {"pickle": "gASV"}}\'\n'
    "grade('5.6', lambda a, y: 0)",
]


@pytest.mark.parametrize("code", FORGED)
def test_a_verdict_is_not_forged(graded, code):
    verdict = graded(code, seconds=4).verdicts.get("5.6")
    assert verdict is None or not verdict.right


def test_a_function_that_ends_the_process_costs_only_its_own_exercise(graded):
    code = "import os\ngrade('5.9', lambda a, y, d: os._exit(0))\n" + handed_in(["5.6", "9.7"])
    found = graded(code, seconds=30).verdicts
    assert "its process was lost" in found["5.9"].message
    assert found["5.6"].right
    assert found["9.7"].right


def test_a_program_that_ends_early_keeps_the_numbers_that_it_answered(graded):
    code = "import os\ngrade('5.3', -np.log(0.1))\n" + handed_in(["5.6"]) + "\nos._exit(0)"
    found = graded(code)
    assert found.verdicts["5.3"].right
    assert "ended before its last line" in found.verdicts["5.6"].message
    assert "ended before its last line" in found.problem


def test_a_submission_has_so_many_seconds_and_no_more(graded):
    begin = time.monotonic()
    code = "grade('5.3', -np.log(0.1))\nimport time\nwhile True:\n    try: time.sleep(9)\n"
    found = graded(code + "    except BaseException: pass", seconds=3, cell=1)
    assert time.monotonic() - begin < 6
    assert found.verdicts["5.3"].right
    assert "time is over" in found.problem


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("one.ipynb", bytes(range(256)) * 9, "no text"),
        ("one.ipynb", b"{}", "no notebook"),
        ("one.ipynb", b"[" * 10**6, "no notebook"),
        (
            "one.ipynb",
            b'{"cells": [{"cell_type": "code", "metadata": [], "source": 3}]}',
            "no notebook",
        ),
        ("one.ipynb", b"", "no notebook"),
        ("one.py", b"\x00\xff\xfe", "no text"),
        ("one.py", b"def f(:", "SyntaxError"),
        ("one.py", b"x = '\x00'", "fails"),
        ("one.pdf", b"%PDF", "must end with"),
        ("one.py", b"#" * (21 * 2**20), "larger than"),
    ],
)
def test_a_file_that_is_no_submission_is_told(graded, name, content, said):
    found = graded(content, name)
    assert not found.verdicts
    assert said in found.problem


def test_links_folders_and_pipes_are_told(setting, tmp_path):
    (tmp_path / "real.py").write_text(BEGIN)
    (tmp_path / "link.py").symlink_to(tmp_path / "real.py")
    (tmp_path / "folder.py").mkdir()
    os.mkfifo(tmp_path / "pipe.py")
    for name, said in (
        ("link", "a link"),
        ("folder", "a folder"),
        ("pipe", "no file"),
        ("none", "read"),
    ):
        assert said in grade_file(tmp_path / f"{name}.py", name, setting).problem


# ---- what goes between the processes ----


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, -(2**70), 2.5, float("inf"), "δ", 1 + 2j, [1, [2.0]], (1, (2,)),
        {1: "a", "b": (3,)},
        np.float32(1.5), np.int64(3), np.bool_(True), np.arange(6.0).reshape(2, 3), np.zeros((0, 4)),
        np.array(["a", "bc"]), np.array([1, None, "x"], dtype=object), np.ones(3, np.float16),
    ],
)  # fmt: skip
def test_a_value_arrives_as_it_was(value):
    there, here = Channel(None), Channel(None)
    found = here.unpacked(json.loads(json.dumps(there.packed(value))))
    assert type(found) is type(value)
    if isinstance(value, np.ndarray):
        assert found.dtype == value.dtype
        assert np.array_equal(found, value)
    else:
        assert found == value


def test_what_has_no_value_arrives_as_its_kind():
    there, here = Channel(None), Channel(None)
    for value in (object(), {1, 2}, np.array(["2020-01-01"], dtype="M8[D]"), iter([])):
        found = here.unpacked(json.loads(json.dumps(there.packed(value))))
        assert type(found).__name__ == type(value).__name__


# ---- the table ----


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", " =1", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text):
    assert grade.plain(text)[0] == "'"
    assert grade.plain("a=1") == "a=1"


def test_a_cell_is_printable_and_short():
    assert grade.plain("a\x1b[2Jb\nc") == "a [2Jb c"
    assert len(grade.plain("x" * 10**6)) == 400


def test_every_student_has_a_row_for_every_exercise():
    some = [Graded("a", {"5.6": Verdict(True, "Agrees.")}, ""), Graded("b", {}, "It is a link.")]
    numbers = grade.touched(some, EXERCISES)
    assert numbers == [n for n in EXERCISES if n.startswith("5.")]
    rows = [row for one in some for row in grade.rows_of(one, numbers, EXERCISES)]
    assert len(rows) == 2 * len(numbers)
    by = {row[:2]: row[2:] for row in rows}
    assert by["a", "5.6"] == (EXERCISES["5.6"].objective, 1, "Right. Agrees.")
    assert by["b", "5.6"][1:] == (0, "Not answered. It is a link.")
    assert grade.rows_of(some[1], [], EXERCISES) == [
        ("b", "", "", 0, "Not answered. It is a link.")
    ]


def test_exercises_are_asked_for_by_number_and_chapter():
    assert grade.chosen(["5.6", "5.6", "9.7"], EXERCISES) == ["5.6", "9.7"]
    assert len(grade.chosen(["5"], EXERCISES)) == 10
    with pytest.raises(ValueError, match=r"5\.99"):
        grade.chosen(["5.99"], EXERCISES)


def test_two_files_of_one_name_are_two_students(tmp_path):
    for name in ("a.py", "a.ipynb", "b.py", ".hidden", "grades.csv"):
        (tmp_path / name).touch()
    found = students(tmp_path, [tmp_path / "grades.csv"])
    assert list(found) == ["a.ipynb", "a.py", "b"]


# ---- the command ----


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """What the command makes of a class, with one seed and again with it."""
    folder = tmp_path_factory.mktemp("class")
    remembered = [
        (np.asarray(trial[0]).tolist(), [np.asarray(part).tolist() for part in right])
        for trial, right in zip(FUNCTION.trials, FUNCTION.right, strict=True)
    ]
    (folder / "right.py").write_text(BEGIN + handed_in(["5.6", "5.9"]))
    (folder / "by heart.py").write_text(
        f"{BEGIN}KNOWN = {remembered!r}\ndef quartic(a, y):\n    for first, result in KNOWN:\n"
        "        if np.shape(first) == a.shape: return tuple(map(np.array, result))\n"
        "grade('5.6', quartic)"
    )
    (folder / "=cmd.ipynb").write_bytes(os.urandom(2000))
    (folder / "stuck.py").write_text("import time\ntime.sleep(60)")
    (folder / "lost.py").symlink_to("/etc/passwd")
    command = [sys.executable, "-m", "bookkit", "grade", folder, "--exercises", "5.6", "5.9"]
    command += ["--seconds", "9", "--unprotected", "--out"]
    out = [folder.parent / name for name in ("one.csv", "two.csv")]
    first = subprocess.run([*command, out[0]], capture_output=True, text=True, cwd=folder.parent)
    assert first.returncode == 0, first.stderr
    seed = first.stdout.partition("--seed ")[2].partition(";")[0]
    subprocess.run([*command, out[1], "--seed", seed], check=True, capture_output=True)
    assert out[0].read_bytes() == out[1].read_bytes()
    with out[0].open(newline="", encoding="utf8") as file:
        return list(csv.DictReader(file)), first


def test_the_command_writes_a_table_and_tells_what_was_said(table):
    rows, done = table
    assert list(rows[0]) == ["student", "exercise", "objective", "score", "sentence"]
    assert len(rows) == 5 * 2
    scores = {(row["student"], row["exercise"]): row["score"] for row in rows}
    assert [k for k, score in scores.items() if score == "1"] == [
        ("right", "5.6"),
        ("right", "5.9"),
    ]
    assert "'=cmd" in {row["student"] for row in rows}
    assert "5.6: 1 of 5 right" in done.stdout
    assert "  1 × Not answered. It is a link; the file itself is needed." in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert "cut off" in done.stdout


def test_what_the_page_tries_does_not_pass_when_learned_by_heart(table):
    rows, _ = table
    [row] = [r for r in rows if (r["student"], r["exercise"]) == ("by heart", "5.6")]
    assert row["score"] == "0"


def test_the_command_refuses_where_nothing_protects(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sandbox, "protection", lambda: sandbox.Protection(False, True, True))
    monkeypatch.setenv(VARIANT, "0")
    assert grade.main([str(tmp_path), "--seed", "0", "--out", str(tmp_path / "g.csv")]) == 2
    assert "the network" in capsys.readouterr().err
    assert not (tmp_path / "g.csv").exists()


# ---- fresh inputs ----


def test_a_variant_moves_fractions_and_nothing_else(monkeypatch):
    trials = [(0.7, 3.0, 2, -0.25, np.array([0.7, 1.0, 0.0]), [0.7, "a"], max)]
    monkeypatch.setattr(fresh, "NUMBER", 0)
    assert fresh.nearby(trials) is trials
    monkeypatch.setattr(fresh, "NUMBER", 4)
    [moved] = fresh.nearby(trials)
    assert moved[1:3] == (3.0, 2)
    assert moved[6] is max
    assert 0 < moved[0] < 0.7
    assert -0.25 < moved[3] < 0
    assert moved[4].tolist() == [moved[0], 1, 0]  # what is equal stays equal
    assert moved[5] == [moved[0], "a"]
    assert fresh.generator(1).normal() != np.random.default_rng(1).normal()


@pytest.mark.parametrize("seed", [2])
def test_with_other_inputs_the_right_answers_are_right_and_mistakes_are_named(seed):
    code = (
        "from bookkit.exercises import EXERCISES, edits, judge\n"
        "for n, one in EXERCISES.items():\n"
        "    if hasattr(one.judge, 'trials'):\n"
        "        made = one.judge.made\n"
        "        assert judge(n, made(one.judge.source)).right, n\n"
        "        for edit, said in one.judge.edits.items():\n"
        "            found = judge(n, made(edits.edited(one.judge.source, edit)))\n"
        "            assert found == (False, said, False), (n, edit, found)\n"
    )
    environment = {**os.environ, VARIANT: str(seed)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
