"""Tables for teachers, made from the notebooks: what a chapter needs and takes, and its exercises."""

import json
import re
from pathlib import Path
from typing import ClassVar, NamedTuple

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from chapters import chapter_number, is_chapter
from tables import head_row, row, table

HEAD = re.compile(r"\*\*Exercise (\d+\.\d+)\*\* \((\w+), level (\d), \*([a-z-]+)\*\)")
OBJECTIVE = re.compile(r"^- \*\*([a-z-]+)\*\*: (.+?)[;.]$", re.M)
KINDS = ("compute", "predict", "assemble", "write", "debug", "spot", "derive", "investigate")
LEVELS = (1, 2, 3)


class Exercise(NamedTuple):
    """An exercise, as its question says it: number "6.1", kind, level, objective."""

    number: str
    kind: str
    level: int
    objective: str


class Chapter(NamedTuple):
    """What a notebook holds: its page's name and title, the chapters that it needs, and counts."""

    name: str
    title: str
    needs: list[int]
    words: int
    explorers: int
    objectives: dict[str, str]
    exercises: list[Exercise]


def chapter(path):
    """Return the Chapter that a notebook is."""
    cells = json.loads(path.read_text("utf8"))["cells"]
    texts = ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"]
    code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    number = chapter_number(path.stem)
    needed = re.search(r"^(?:You|It) needs? .*$", texts[0], re.M)
    links = re.findall(r"\{doc\}`[^`]*?(\d\d)_\w+>?`", needed[0] if needed else "")
    found = [
        Exercise(number, kind, int(level), objective)
        for number, kind, level, objective in HEAD.findall("\n".join(texts))
    ]
    return Chapter(
        name=path.stem,
        title=re.match(r"# (.+)", texts[0])[1],
        needs=sorted({int(link) for link in links if int(link) < number}),
        words=words("\n".join(texts).partition("\n## Sources")[0]),
        explorers=sum(bool(re.search(r"^explore\(", source, re.M)) for source in code),
        objectives=dict(OBJECTIVE.findall(texts[0])),
        exercises=found,
    )


def words(markdown):
    """Return how many words a text has; a formula is one, and marks are none."""
    plain = re.sub(
        r"\$\$.+?\$\$(?: *\(eq:[\w-]+\))?|\$[^$]+\$|\{\w+\}`[^`]*`", "x", markdown, flags=re.S
    )
    return len(re.findall(r"[^\W_][\w’'.,-]*", plain))


class NotebookTable(SphinxDirective):
    """What the tables have in common: the chapters of the book, and rows of parsed text."""

    def chapters(self):
        book = Path(self.env.srcdir) / "book"
        names = sorted(Path(name).name for name in filter(is_chapter, self.env.found_docs))
        paths = [book / f"{name}.ipynb" for name in names]
        for path in paths:
            self.env.note_dependency(str(path))
        return [chapter(path) for path in paths if path.exists()]

    def table(self, widths, heads, rows):
        return [table(widths, self.inlines(heads), rows, ["for-teachers"])]

    def row(self, cells):
        return row(self.inlines(cells))

    def inlines(self, cells):
        return [c if isinstance(c, list) else self.parse_inline(str(c))[0] for c in cells]


class ChapterHours(NotebookTable):
    """What each chapter needs and takes. The options are minutes, but words: how many a minute."""

    option_spec: ClassVar = dict.fromkeys(
        ("words", "explorer", "level1", "level2", "level3"), float
    )

    def run(self):
        heads = ("Chapter", "Needs", "Words", "Explorers", "Exercises", "Reading", "Answering")
        rows, sums = [], [0, 0, 0, 0.0, 0.0]
        for one in self.chapters():
            reading = one.words / self.options["words"] + one.explorers * self.options["explorer"]
            answering = sum(self.options[f"level{e.level}"] for e in one.exercises)
            counts = [one.words, one.explorers, len(one.exercises), reading / 60, answering / 60]
            sums = [a + b for a, b in zip(sums, counts, strict=True)]
            needs = ", ".join(map(str, one.needs)) or "–"
            rows.append(self.row([numbered(one), needs, *told(counts)]))
        rows.append(self.row(["All", "", *told(sums)]))
        return self.table((30, 14, 10, 10, 10, 12, 14), heads, rows)


def numbered(one):
    """Return a chapter's number and title, which leads to it."""
    return f"{chapter_number(one.name)}. {{doc}}`{one.name}`"


def told(counts):
    """Return counts as text: whole numbers with a comma, hours with one decimal."""
    return [f"{n:.1f} h" if isinstance(n, float) else f"{n:,}" for n in counts]


class ExerciseCounts(NotebookTable):
    """How many exercises there are of each kind and level."""

    def run(self):
        exercises = [e for one in self.chapters() for e in one.exercises]
        rows = [
            self.row([kind, *counted(e for e in exercises if e.kind == kind)]) for kind in KINDS
        ]
        rows.append(self.row(["All", *counted(exercises)]))
        return self.table((40, 15, 15, 15, 15), ("Kind", *levels(), "All"), rows)


def levels():
    return [f"Level {level}" for level in LEVELS]


def counted(exercises):
    exercises = list(exercises)
    return [*(sum(e.level == level for e in exercises) for level in LEVELS), len(exercises)]


class ExerciseTable(NotebookTable):
    """All exercises, by chapter, objective and level, each with its kind and a link to it."""

    def run(self):
        rows = []
        for one in self.chapters():
            title = self.parse_inline(numbered(one))[0]
            rows.append(head_row(title, 1 + len(LEVELS), ["chapter"]))
            for slug, said in one.objectives.items():
                of = [e for e in one.exercises if e.objective == slug]
                cells = [links(one.name, [e for e in of if e.level == level]) for level in LEVELS]
                rows.append(self.row([f"**{slug}**: {said}", *cells]))
        return self.table((40, 20, 20, 20), ("Objective", *levels()), rows)


def links(page, exercises):
    """Return the exercises as links, each with its kind behind it."""
    found = []
    for one in exercises:
        place = f"{page}.html#exercise-{one.number.replace('.', '-')}-question"
        found += [nodes.Text(", ")] if found else []
        found += [nodes.reference("", one.number, refuri=place, internal=True)]
        found += [nodes.Text(f"\N{NO-BREAK SPACE}{one.kind}")]
    return found


def setup(app):
    app.add_directive("chapter-hours", ChapterHours)
    app.add_directive("exercise-counts", ExerciseCounts)
    app.add_directive("exercise-table", ExerciseTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
