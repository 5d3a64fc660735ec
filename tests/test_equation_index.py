"""Appendix D: every numbered equation, what its check rejects, and what implements it."""

import ast
import importlib
import re
import shutil
import sys

import pytest
from conftest import ROOT, parsed
from test_book import CHAPTERS, defined, handed_over
from test_build import SOUND, build, write

sys.path.append(str(ROOT / "book/_ext"))
import equation_index

PAGE = "book/d_equations.html"
LABELS = [label for path in CHAPTERS for label in defined(path)]
PLANTED = {}
for path in CHAPTERS:
    for label, *version in importlib.import_module(f"planted_{path.name[:2]}").PLANTED:
        PLANTED.setdefault(label, []).append(tuple(version))


def entries(site):
    return parsed(site / PAGE).select(".indexed-equation")


def latex(formula):
    return formula.select_one("annotation").get_text().strip()


# ---- the page ----


def test_every_equation_of_the_chapters_is_there_once_with_its_number_and_formula(site):
    expected = []
    for path in CHAPTERS:
        equations = parsed(site / f"book/{path.stem}.html").select(".equation:has(.eqno)")
        assert len(equations) == len(defined(path))
        for equation in equations:
            number = re.match(r"\(\d+\.\d+\)", equation.select_one(".eqno").get_text())[0]
            target = f"{path.stem}.html{equation.select_one('.headerlink')['href']}"
            expected.append((number, target, latex(equation)))
    found = [(e.a.get_text(), e.a["href"], latex(e.select_one(".formula"))) for e in entries(site)]
    assert found == expected


def test_an_entry_is_found_by_its_label(site):
    wanted = [f"index-{label.replace(':', '-')}" for label in LABELS]
    assert [entry["id"] for entry in entries(site)] == wanted


def test_an_entry_names_the_section_that_its_equation_stands_in(site):
    for entry in entries(site):
        equation, section = (link["href"].partition("#") for link in entry.p.select("a"))
        target = parsed(site / "book" / equation[0]).find(id=equation[2])
        assert target.find_parent("section")["id"] == section[2]
        assert equation[0] == section[0]


def test_no_formula_of_the_index_has_a_number_of_its_own(site):
    assert parsed(site / PAGE).select(".indexed-equation .eqno") == []


def test_what_a_check_printed_is_what_its_chapter_shows(site):
    shown = {}
    for path in CHAPTERS:
        page = parsed(site / f"book/{path.stem}.html")
        for block in page.select(".checked-equation .cell_output pre"):
            for label, said in re.findall(r"^✓ (eq:[\w-]+): (.*)", block.get_text(), re.M):
                shown.setdefault(label, []).append(said)
    for label, entry in zip(LABELS, entries(site), strict=True):
        said = entry.select("p")[1].get_text()
        assert said.startswith("✓ " + "; ".join(shown[label])), label


def test_an_entry_shows_the_wrong_versions_that_the_tests_plant(site):
    for label, entry in zip(LABELS, entries(site), strict=True):
        rows = [[code.get_text() for code in li.select("code")] for li in entry.select("li")]
        assert [(right, wrong) for wrong, right in rows] == PLANTED[label], label
        assert entry.summary.get_text() == f"Rejects {len(rows)} wrong versions"


def test_what_is_bold_is_all_that_differs(site):
    for item in parsed(site / PAGE).select(".indexed-equation li"):
        for code in item.select("code"):
            assert len(code.select("strong")) <= 1
        rests = [
            re.sub("<strong>.*?</strong>", "|", str(c), flags=re.S) for c in item.select("code")
        ]
        wrong, right = (rest.replace("|", "") for rest in rests)
        assert wrong == right


def test_the_two_sides_are_those_that_the_check_gets(site):
    assert sorted(LABELS) == sorted({label for path in CHAPTERS for label in handed_over(path)})
    for entry in entries(site):
        for code in entry.select("details > p code"):
            ast.parse(code.get_text(), mode="eval")


# ---- what implements an equation ----


def named(site):
    for label, entry in zip(LABELS, entries(site), strict=True):
        for code in entry.select("p")[1].select("code"):
            yield label, code.get_text()


def test_every_function_named_exists_and_names_the_equation(site):
    assert len(list(named(site))) > 40
    for label, name in named(site):
        _, module, *path = name.split(".")
        found = importlib.import_module(f"backprop.{module}")
        for part in path:
            found = getattr(found, part)
        assert label in (ROOT / f"src/backprop/{module}.py").read_text("utf8")


def test_the_functions_are_those_whose_texts_name_an_equation(site):
    said = set()
    for path in (ROOT / "src/backprop").glob("*.py"):
        for labels in re.findall(r"\(((?:eq:[\w-]+(?:, )?)+)\)", path.read_text("utf8")):
            said |= {(label, f"backprop.{path.stem}") for label in labels.split(", ")}
    assert {
        (label, name.rsplit(".", name.count(".") - 1)[0]) for label, name in named(site)
    } == said
    for label in ("eq:bp1", "eq:bp2", "eq:bp3", "eq:bp4", "eq:forward", "eq:gradient-descent"):
        assert label in {label for label, _ in named(site)}


# ---- a book of one chapter ----

PLANTED_03 = '"""Wrong versions."""\n\nPLANTED = [("eq:small", "1 + 1.0", "1 < 1.0")]\n'
TWICE = '"""The equation: (eq:small)."""\n'


@pytest.fixture
def book(tmp_path):
    for part in ("_ext", "_static", "_assets", "_templates"):
        shutil.copytree(ROOT / "book" / part, tmp_path / "book" / part)
    shutil.copytree(ROOT / "src/bookkit/scripts", tmp_path / "src/bookkit/scripts")
    shutil.copy(ROOT / "_config.yml", tmp_path)
    pages = "  - file: book/03_small\n  - file: book/d_index\n"
    toc = f"format: jb-book\nroot: book/index\nchapters:\n{pages}"
    (tmp_path / "_toc.yml").write_text(toc, "utf8")
    (tmp_path / "book/index.md").write_text("# Index\n", "utf8")
    (tmp_path / "book/d_index.md").write_text("# Equations\n\n```{equation-index}\n```\n", "utf8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/planted_03.py").write_text(PLANTED_03, "utf8")
    module = tmp_path / "src/backprop/small.py"
    module.parent.mkdir()
    module.write_text("def twice():\n    " + TWICE, "utf8")
    write(tmp_path, SOUND)
    return tmp_path


def shown(book):
    return parsed.__wrapped__(book / "_build/html/book/d_index.html")


def test_the_index_follows_what_it_is_made_from(book):
    code, log = build(book)
    assert code == 0, log
    [entry] = shown(book).select(".indexed-equation")
    assert entry.a.get_text() == "(3.1)"
    assert latex(entry) == "a = b"
    assert entry.li.get_text() == "1 < 1.0 in place of 1 + 1.0"
    assert "backprop.small.twice" in entry.get_text()
    assert shown(book).select_one("section section h2").get_text().startswith("3. Small")

    changed = [SOUND[0].copy(), *SOUND[1:]]
    text = changed[0]["source"].replace("# Small", "# Changed").replace("a = b", "a = c")
    changed[0]["source"] = text.replace("$$\na", "## Here\n\n$$\na")
    write(book, changed)
    code, log = build(book)
    assert code == 0, log
    [entry] = shown(book).select(".indexed-equation")
    assert latex(entry) == "a = c"
    assert entry.select("p")[0].get_text() == "(3.1) in Here"
    assert shown(book).select_one("section section h2").get_text().startswith("3. Changed")

    planted = book / "tests/planted_03.py"
    planted.write_text(PLANTED_03.replace("<", ">"), "utf8")
    code, log = build(book)
    assert code == 0, log
    assert shown(book).select_one(".indexed-equation li").get_text().startswith("1 > 1.0")

    code, log = build(book)
    assert code == 0, log
    assert "0 added, 0 changed, 0 removed" in log


def test_the_build_tells_what_is_missing_or_unknown(book):
    planted, module = book / "tests/planted_03.py", book / "src/backprop/small.py"
    module.write_text(module.read_text("utf8").replace("small", "huge"), "utf8")
    planted.write_text(PLANTED_03.replace("eq:small", "eq:other"), "utf8")
    code, log = build(book)
    log = re.sub(r"\s+", " ", log)
    assert code != 0
    assert "backprop.small.twice says that it implements eq:huge, and no chapter has" in log
    assert "a wrong version is planted of eq:other, which book/03_small does not have" in log
    assert "no wrong version is planted of eq:small" in log
    planted.unlink()
    code, log = build(book)
    assert code != 0
    assert re.search(
        r"no wrong versions of the equations of chapter 3: .*planted_03.py.*No such", log
    )


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ('PLANTED = [("eq:small", "a")]', "is no label, code of the page and wrong code"),
        ("PLANTED = [open('x')]", "malformed node"),
        ("PLANTED = [", "was never closed"),
        ("", "it has no table PLANTED"),
    ],
)
def test_a_table_that_is_none_is_refused(source, told):
    with pytest.raises((ValueError, SyntaxError), match=told):
        equation_index.wrong_versions(source)


def test_a_table_is_read_and_not_run():
    source = 'open("nowhere")\nPLANTED = [("eq:small", "a" "b", "c")]'
    assert equation_index.wrong_versions(source) == [("eq:small", "ab", "c")]


# ---- how a check is described ----

CELLS = [
    "from backprop.gradient_check import central_difference\n"
    "def slope(x):\n    return central_difference(np.sin, x)\n"
    "steps = slope(at)\nother = np.cos(at)",
    "mine = np.cos(at)  # by hand\nends = []\nends.append(1)\nx = 2 * at",
]


@pytest.mark.parametrize(
    ("sides", "expected"),
    [
        ("mine, steps", [("np.cos(at)", False), ("steps", True)]),
        ("other, [slope(x) for x in at]", [("other", False), ("[slope(x) for x in at]", True)]),
        ("x ** 2, ends", [("(2 * at) ** 2", False), ("ends", False)]),
        ("x + x, f(x)", [("x + x", False), ("f(2 * at)", False)]),
        ("[x for x in at], {\n 1: 2, # two\n}", [("[x for x in at]", False), ("{1: 2,}", False)]),
        ("*pair.T", [("pair.T", False)]),
    ],
)
def test_the_sides_of_a_check_are_shown_as_code(sides, expected):
    last = f'{CELLS[1]}\nverify("eq:small", {sides})'
    assert equation_index.sides("eq:small", [CELLS[0], last]) == expected


def test_an_equation_without_a_check_has_no_sides():
    assert equation_index.sides("eq:other", CELLS) == []
