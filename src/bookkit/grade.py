"""Grade what students hand in:

    bookkit grade submissions/ --out grades.csv

Each file of the folder is a student's: a notebook, or a Python file, that calls grade("6.1", …) as the
chapters do. It runs in a sandbox of its own, and its answers are judged outside of that, on inputs
drawn anew. What comes out is a table with one row for each student and exercise, and for each
exercise the sentences that were said most often.
"""

import argparse
import csv
import io
import os
import secrets
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import VARIANT
from .files import write_whole

HEADS = ("student", "exercise", "objective", "score", "sentence")
OFTEN = 3  # sentences an exercise, in the summary


def parser():
    """Return the parser of the command's arguments."""
    made = argparse.ArgumentParser(
        prog="bookkit grade", description=__doc__.partition("\n\n")[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    made.add_argument("folder", type=Path, help="the folder with one file a student")
    made.add_argument("--out", type=Path, default=Path("grades.csv"), help="the table (grades.csv)")
    made.add_argument(
        "--exercises", nargs="+", default=[], metavar="N",
        help="what was asked for: 6.1 6.2, or 6 for the whole chapter; else every exercise of the "
        "chapters that any submission has an answer of",
    )  # fmt: skip
    made.add_argument("--seed", type=_seed, help="of the inputs, to repeat a run; else a new one")
    made.add_argument("--seconds", type=float, default=300, help="for one submission (300)")
    made.add_argument("--jobs", type=int, default=1, help="how many submissions run at a time (1)")
    made.add_argument(
        "--unprotected", action="store_true",
        help="run submissions even where this machine cannot cut them off; says from what",
    )  # fmt: skip
    return made


def _seed(text):
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("a whole number, 0 or more, is needed")
    return int(text)


def main(arguments):
    """Grade a folder; return the exit status: 2 where nothing was graded."""
    asked = parser().parse_args(arguments)
    seed = secrets.randbelow(2**31 - 1) + 1 if asked.seed is None else asked.seed
    os.environ[VARIANT] = str(seed)  # read when the exercises are imported, next
    from .exercises import EXERCISES, fresh
    from .grading import kit, sandbox, submissions

    try:
        if seed != fresh.NUMBER:
            raise ValueError("the exercises were imported before their inputs were chosen")
        numbers = chosen(asked.exercises, EXERCISES)
        if not asked.folder.is_dir():
            raise ValueError(f"{asked.folder} is no folder")
        protected = sandbox.protection()
        if protected.missing() and not asked.unprotected:
            raise ValueError(f"submissions cannot be cut off here from {_all(protected.missing())}; "
                             "the page For teachers says what is needed. --unprotected runs them all "
                             "the same")  # fmt: skip
        with tempfile.TemporaryDirectory(prefix="bookkit-") as folder:
            limits = sandbox.Limits(seconds=asked.seconds, cell=asked.seconds / 3)
            setting = submissions.Setting(kit.laid_out(Path(folder)), limits, protected)
            submissions.rehearse(setting)
            found = submissions.students(asked.folder, besides=[asked.folder / asked.out.name])
            with ThreadPoolExecutor(max(asked.jobs, 1)) as pool:
                graded = list(pool.map(
                    lambda one: submissions.grade_file(one[1], one[0], setting), found.items()
                ))  # fmt: skip
        numbers = numbers or touched(graded, EXERCISES)
        rows = [row for one in graded for row in rows_of(one, numbers, EXERCISES)]
        write(asked.out, rows)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(summary(rows))
    print(f"\n{len(graded)} submissions, {len(numbers)} exercises: {asked.out}")
    cut = "network, files and processes were cut off"
    if protected.missing():
        cut = f"NOT cut off: {_all(protected.missing())}"
    print(f"The inputs are those of --seed {seed}; {cut}.")
    return 0


def chosen(names, exercises):
    """Return the numbers of exercises that names ask for: "6.1", or "6" for all of chapter 6."""
    found = []
    for name in names:
        some = [n for n in exercises if n == name or n.partition(".")[0] == name]
        if not some:
            raise ValueError(f"there is no exercise {name!r}; a number such as 6.1 or 6 is needed")
        found += some
    return list(dict.fromkeys(found))


def touched(graded, exercises):
    """Return all exercises of the chapters that any submission has an answer of."""
    chapters = {number.partition(".")[0] for one in graded for number in one.verdicts}
    return [n for n in exercises if n.partition(".")[0] in chapters]


def rows_of(graded, numbers, exercises):
    """Return the rows of one student, one for each number; one alone where none is known."""
    missing = f"Not answered. {graded.problem}".rstrip()
    if not numbers:
        return [(plain(graded.student), "", "", 0, plain(missing))]
    return [
        (plain(graded.student), number, exercises[number].objective, *scored(verdict, missing))
        for number in numbers
        for verdict in [graded.verdicts.get(number)]
    ]


def scored(verdict, missing):
    """Return the score, 1 or 0, and the sentence of a verdict or of none."""
    if verdict is None or verdict.right is None:
        return 0, plain(verdict.message if verdict else missing)
    begin = "Right. " if verdict.right else "Another form. " if verdict.form else ""
    return int(verdict.right), plain(f"{begin}{verdict.message}".rstrip())


def plain(text):
    """Return text for a cell: printable, not endless, and no formula to a spreadsheet."""
    kept = "".join(c if c.isprintable() else " " for c in str(text))[:400]
    return f"'{kept}" if kept.lstrip().startswith(("=", "+", "-", "@")) else kept


def write(path, rows):
    """Write the table; a file that stood there stays whole until the new one is."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([HEADS, *rows])
    write_whole(path, text.getvalue())


def summary(rows):
    """Return, for each exercise, how many are right and what was said most often of the others."""
    lines = []
    for number in dict.fromkeys(row[1] for row in rows):
        of = [row for row in rows if row[1] == number]
        name = number or "no exercise"
        lines.append(f"{name}: {sum(row[3] for row in of)} of {len(of)} right")
        said = Counter(row[4] for row in of if not row[3])
        lines += [f"  {count:3d} × {sentence}" for sentence, count in said.most_common(OFTEN)]
    return "\n".join(lines)


def _all(things):
    return " and ".join(things)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
