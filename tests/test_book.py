"""The notebooks as text: what is stored, labelled, cited, asked, and never to be found in them."""

import ast
import copy
import html
import re
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from statistics import median, quantiles

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from docutils.nodes import make_id
from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin

from bookkit.checked import called, checked, forgery
from bookkit.notebooks import normalize

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "book").glob("*.ipynb"))
CHAPTERS = [path for path in NOTEBOOKS if re.match(r"\d\d_", path.name)]
PAGES = [*NOTEBOOKS, *sorted((ROOT / "book").glob("*.md"))]
LABEL = r"eq:[a-z0-9]+(?:-[a-z0-9]+)*"
BANNED = ("simply", "obviously", "trivially", "of course", "easy to see")
SHOWING = {"print", "verify", "grade", "explore", "show", "display"}

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
every_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
every_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)


# ---- reading ----


@cache
def read(path):
    return nbformat.read(path, as_version=4)


def code(path):
    """Return [(where, cell)] of a notebook's code cells."""
    return [
        (f"{path.name}, cell {i}", cell)
        for i, cell in enumerate(read(path).cells, 1)
        if cell.cell_type == "code"
    ]


def outputs(path):
    return [(where, output) for where, cell in code(path) for output in cell.outputs]


def texts(path):
    """Return [(where, text)] of what the outputs say in words: streams and plain text."""
    return [
        (where, output.get("text") or output.get("data", {}).get("text/plain", ""))
        for where, output in outputs(path)
    ]


def prose(path):
    """Return a page's Markdown."""
    if path.suffix == ".md":
        return path.read_text("utf8")
    return "\n\n".join(c.source for c in read(path).cells if c.cell_type == "markdown")


def everything(path):
    return (
        "\n\n".join(c.source for c in read(path).cells) if path.suffix == ".ipynb" else prose(path)
    )


def calls(source):
    """Return [(name of the function, call)] of the calls in a cell's code, dots left out."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [(getattr(n.func, "id", getattr(n.func, "attr", "")), n) for n in nodes]


def executed(tree):
    """Return the nodes of a cell that run when it runs: all but the bodies of its functions."""
    found, waiting = [], [tree]
    while waiting:
        node = waiting.pop()
        found.append(node)
        if not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(node))
    return found


def defined(path):
    """Return the labels that a page gives to its equations, in order."""
    text = prose(path)
    return re.findall(rf"\$\$\s*\(({LABEL})\)", text) + re.findall(
        rf"^:label:\s*({LABEL})", text, re.M
    )


def handed_over(path):
    """Return the labels that stand in a page's calls of verify."""
    return [
        call.args[0].value
        for _, cell in code(path)
        for name, call in calls(cell.source)
        if name == "verify" and call.args and isinstance(call.args[0], ast.Constant)
    ]


def printed(cell):
    return "".join(o.text for o in cell.outputs if o.get("name") == "stdout")


def verified(path):
    """Return the labels that a page's cells verify, and printed that they hold."""
    return [label for _, cell in code(path) for label in checked(cell.source, printed(cell))]


def anchors(path):
    """Return the ids that a page's headings and equations have on the site."""
    headings = re.findall(r"^#+ +(.+?) *$", re.sub(r"```.*?```", "", prose(path), flags=re.S), re.M)
    return [make_id(re.sub(r"[`*$]", "", h)) for h in headings] + [
        f"equation-{make_id(label)}" for label in defined(path)
    ]


@cache
def labels():
    """Return {label: the pages that define it} of the whole book."""
    found = {}
    for path in PAGES:
        for label in defined(path):
            found.setdefault(label, []).append(path.name)
    return found


def test_there_are_chapters():
    assert CHAPTERS


# ---- what is stored ----


@every_notebook
def test_a_notebook_is_committed_as_it_was_normalized(path):
    notebook = copy.deepcopy(read(path))
    assert normalize(notebook) == read(path)
    stored = path.read_text("utf8")
    assert stored == nbformat.writes(read(path)) + "\n"
    nbformat.validate(read(path))


@every_notebook
def test_cells_were_run_once_from_top_to_bottom(path):
    # nbval runs a cell without a count and compares nothing
    counts = [cell.execution_count for _, cell in code(path)]
    assert counts == list(range(1, len(counts) + 1))


@every_notebook
def test_a_cell_that_shows_something_has_it_stored(path):
    empty = []
    for where, cell in code(path):
        tree = ast.parse(cell.source)
        called = {
            getattr(n.func, "id", getattr(n.func, "attr", ""))
            for n in executed(tree)
            if isinstance(n, ast.Call)
        }
        last = tree.body[-1] if tree.body else None
        value = isinstance(last, ast.Expr) and not isinstance(last.value, ast.Call | ast.Constant)
        if (called & SHOWING or value) and not cell.outputs:
            empty.append(where)
    assert empty == []


@every_notebook
def test_no_cell_is_empty_or_escapes_the_comparison(path):
    for where, cell in code(path):
        assert cell.source.strip(), where
        tags = cell.metadata.get("tags", [])
        assert not re.search(r"NBVAL_|VALIDATE_IGNORE", cell.source), where
        assert not [
            t for t in tags if t.startswith("nbval") or t in ("raises-exception", "skip")
        ], where
        known = {
            "check",
            "hide-input",
            "hide-cell",
            "hide-output",
            "remove-input",
            "remove-cell",
            "remove-output",
            "setup",
        }
        assert set(tags) <= known, where


@every_notebook
def test_no_output_is_an_error_or_a_warning(path):
    wrong = [
        where
        for where, output in outputs(path)
        if output.output_type == "error" or output.get("name") == "stderr"
    ]
    assert wrong == []
    assert not [w for w, text in texts(path) if re.search(r"\w+Warning\b|Traceback|\x1b\[", text)]


@every_notebook
@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a memory address", r"\b0x[0-9a-f]{4,}|<\S.* at 0x"),
        ("a path of one machine", r"(?<![\w.])/(home|root|usr|tmp|work|Users|opt|var)/|[A-Z]:\\"),
        ("a time", r"\b\d[\d.,]* ?(ns|µs|μs|us|ms|s|sec|secs|seconds?|minutes?|it/s)\b"),
        ("a number with all its digits", r"\d\.\d{14,}"),
        ("not a number", r"\bnan\b|\bNaN\b"),
    ],
)
def test_no_output_holds_what_differs_elsewhere(path, what, pattern):
    assert [(w, t) for w, t in texts(path) if re.search(pattern, t)] == [], what


@every_notebook
def test_every_figure_is_drawn_as_svg_and_described(path):
    for where, output in outputs(path):
        data = output.get("data", {})
        raw = set(data) - {"text/plain", "text/html", "text/latex", "image/svg+xml"}
        assert not raw, f"{where} stores {raw}"
        if "text/html" in data:
            assert "<svg" not in data["text/html"], where
            assert "<img" not in data["text/html"], where
        if "image/svg+xml" in data:
            head = data["image/svg+xml"].split(">", 1)[0]
            [alt] = re.findall(r'aria-label="([^"]*)"', head)
            alt = html.unescape(alt)
            assert len(alt) >= 20, where
            assert 'role="img"' in head, where
            assert data["text/plain"] == f"Figure: {alt}", where
            assert drawn(data["image/svg+xml"]), f"{where}: nothing is drawn"


DRAWS = {"path", "line", "polyline", "polygon", "circle", "ellipse", "rect", "text", "use", "image"}


def drawn(svg):
    """Return how many elements of an SVG draw something, wherever they stand but in <defs>."""
    return sum(
        (element.tag.rpartition("}")[2] in DRAWS) + drawn(element)
        for element in (ET.fromstring(svg) if isinstance(svg, str) else svg)
        if not element.tag.endswith("defs")
    )


def test_an_emptied_figure_is_seen():
    mark = '<path d="M 0 0 L 1 1"/>'
    assert drawn(f'<svg xmlns="http://www.w3.org/2000/svg"><g>{mark}</g></svg>') == 1
    assert drawn(f"<svg><defs>{mark}</defs><g><style>*{{}}</style></g></svg>") == 0


MARKDOWN = MarkdownIt("commonmark").use(colon_fence_plugin)


def images(text):
    """Return [(image, its description)] of Markdown: its own, HTML's, and those of directives."""
    found = []
    for token in MARKDOWN.parse(text):
        directive = re.match(r"\{([\w-]+)\}\s*(.*)", token.info)
        if directive and directive[1] in ("figure", "image"):
            alt = re.search(r"^:?alt: *(.*)$", token.content, re.M)
            found.append((directive[2], alt[1] if alt else ""))
        elif directive and not directive[1].startswith("code"):
            found += images(token.content)
        for part in (token, *(token.children or ())):
            if part.type == "image":
                found.append((part.attrs["src"], part.content))
            elif part.type in ("html_block", "html_inline"):
                tags = BeautifulSoup(part.content, "html.parser").select("img")
                found += [(tag.get("src"), tag.get("alt", "")) for tag in tags]
    return found


@every_page
def test_every_image_in_the_text_is_described(path):
    assert [image for image, alt in images(prose(path)) if len(alt.strip()) < 20] == []


@pytest.mark.parametrize(
    "text",
    [
        "![{alt}](a.png)",
        "A line with ![{alt}][a].\n\n[a]: a.png",
        '<img src="a.png" alt="{alt}">',
        'A line with <img alt="{alt}" src="a.png"/>.',
        "```{{figure}} a.png\n:alt: {alt}\n\nA caption.\n```",
        ":::{{image}} a.png\n---\nalt: {alt}\n---\n:::",
        "::::{{admonition}} A box\n:::{{figure}} a.png\n:alt: {alt}\n:::\n::::",
    ],
)
def test_an_image_is_found_however_it_is_written(text):
    assert images(text.format(alt="What is to be seen")) == [("a.png", "What is to be seen")]
    assert images(text.format(alt="")) == [("a.png", "")]
    assert images("`![](a.png)`\n\n```\n<img>\n```") == []


# ---- code ----


def lengths(path):
    """Return {where: lines of code}, without the setup: imports, and what to do without them."""
    return {
        where: sum(bool(line.strip()) for line in cell.source.splitlines())
        for where, cell in code(path)
        if "setup" not in cell.metadata.get("tags", [])
    }


@every_notebook
def test_a_cell_is_seen_in_one_glance(path):
    assert {w: n for w, n in lengths(path).items() if n > 20} == {}


@every_chapter
def test_cells_hold_one_idea(path):
    found = lengths(path).values()
    assert median(found) <= 4
    assert quantiles(found, n=10, method="inclusive")[-1] <= 12


@every_notebook
def test_lines_fit_the_page(path):
    wide = [
        (where, line)
        for where, cell in code(path)
        for line in cell.source.splitlines()
        if len(line) > 88
    ]
    assert wide == []


@every_notebook
def test_cells_are_plain_python(path):
    for where, cell in code(path):
        for line in cell.source.splitlines():
            assert not re.match(r"\s*[%!]|.*\bget_ipython\b", line), where  # no %run, no !pip
        ast.parse(cell.source, where)


@every_notebook
def test_cells_import_the_installed_packages_and_use_no_hidden_chance(path):
    for where, cell in code(path):
        for node in ast.walk(ast.parse(cell.source)):
            text = ast.unparse(node) if isinstance(node, ast.expr) else ""
            assert not text.startswith(("sys.path", "os.chdir", "time.")), where
            if isinstance(node, ast.Import | ast.ImportFrom):
                modules = [getattr(node, "module", None) or "", *(a.name for a in node.names)]
                forbidden = {"random", "time", "timeit", "warnings", "subprocess", "sys", "pip"}
                assert not forbidden & {m.split(".")[0] for m in modules}, where
                assert not [m for m in modules if m.startswith("numpy.random")], where
            if isinstance(node, ast.Attribute) and re.fullmatch(r"(np|numpy)\.random\.\w+", text):
                assert node.attr in ("default_rng", "Generator"), f"{where}: {text} is global"
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("default_rng"):
                seeds = [ast.unparse(a) for a in [*node.args, *(k.value for k in node.keywords)]]
                assert seeds, f"{where}: default_rng() has no seed"
                assert seeds[0] != "None", f"{where}: default_rng() has no seed"


@every_notebook
def test_no_error_is_swallowed(path):
    for where, cell in code(path):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.ExceptHandler):
                assert node.type, f"{where}: except catches everything"
                bare = [isinstance(n, ast.Pass) or ast.unparse(n) == "..." for n in node.body]
                assert not all(bare), f"{where}: except does nothing"
        assert not {"simplefilter", "filterwarnings", "suppress"} & {
            n for n, _ in calls(cell.source)
        }


# ---- equations ----


def test_an_equation_is_defined_once_in_the_book():
    assert {label: pages for label, pages in labels().items() if len(pages) > 1} == {}
    assert labels()


@every_page
def test_every_equation_with_a_label_is_verified_on_its_page(path):
    checked = verified(path) if path.suffix == ".ipynb" else []
    assert [label for label in defined(path) if label not in checked] == []


@every_notebook
def test_every_cell_that_calls_verify_printed_that_the_equation_holds(path):
    silent = [
        f"{where}: {label}"
        for where, cell in code(path)
        for label in called(cell.source)
        if label not in checked(cell.source, printed(cell))
    ]
    assert silent == []


@every_notebook
def test_no_cell_forges_a_check(path):
    assert [(where, why) for where, cell in code(path) if (why := forgery(cell.source))] == []


@every_notebook
def test_every_verified_label_is_an_equation_of_its_page(path):
    assert [label for label in handed_over(path) if label not in defined(path)] == []
    # a computed label could be found neither by a reader nor by this test
    count = sum(name == "verify" for _, cell in code(path) for name, _ in calls(cell.source))
    assert len(handed_over(path)) == count


@every_page
def test_every_citation_in_the_book_arrives(path):
    cited = re.findall(r"\{eq\}`([^`]*)`", prose(path)) + re.findall(
        rf"\b{LABEL}", everything(path)
    )
    assert [label for label in cited if label not in labels()] == []


@every_page
def test_no_label_is_malformed(path):
    near = re.findall(r"\(\s*(eq:[^)]*)\)", prose(path)) + re.findall(
        r"\$\$\s*\(([^)]*:[^)]*)\)", prose(path)
    )
    assert [label for label in near if not re.fullmatch(LABEL, label)] == []


def test_every_citation_in_the_packages_arrives():
    lost = [
        f"{path.relative_to(ROOT)} cites {label}"
        for path in sorted((ROOT / "src").rglob("*.py"))
        for label in re.findall(rf"\b{LABEL}", path.read_text("utf8"))
        if label not in labels()
    ]
    assert lost == []


# ---- prose ----


@every_page
def test_nothing_is_left_to_do(path):
    assert re.findall(r"\b(?:TODO|FIXME|TBD|XXX|lorem ipsum)\b", everything(path), re.I) == []


@every_page
def test_no_word_tells_the_reader_what_is_easy(path):
    own = re.sub(r'"[^"\n]*"|“[^”]*”', "", prose(path))  # what a source says is quoted
    assert re.findall(rf"\b(?:{'|'.join(BANNED)})\b", own, re.I) == []


@every_page
def test_no_page_names_the_machine_that_it_was_written_on(path):
    assert (
        re.findall(r"(?<![\w.])/(?:home|root|tmp|work|Users)/\S*|\bfile://\S+", everything(path))
        == []
    )


# ---- the parts of a chapter ----


@every_chapter
def test_a_chapter_has_its_parts(path):
    cells = read(path).cells
    headings = re.findall(r"^(#+) +(.+?) *$", prose(path), re.M)
    assert [title for depth, title in headings if depth == "#"] == [
        cells[0].source.split("\n")[0][2:]
    ]
    sections = [title for depth, title in headings if depth == "##"]
    assert sections[-3:] == ["What to remember", "Exercises", "Sources"]
    assert "**You will be able to**" in cells[0].source
    promised = cells[0].source.split("**You will be able to**")[1]
    assert len(re.findall(r"^- ", promised, re.M)) >= 3
    kept = prose(path).split("## What to remember")[1].split("## Exercises")[0]
    assert 4 <= len(re.findall(r"^:::\{dropdown\} .+\?$", kept, re.M)) <= 8
    ids = anchors(path)
    assert len(ids) == len(set(ids))


@every_notebook
def test_hidden_code_says_what_it_hides(path):
    for where, cell in code(path):
        if set(cell.metadata.get("tags", [])) & {"hide-input", "hide-cell"}:
            assert cell.metadata.get("mystnb", {}).get("code_prompt_show"), where


# ---- where the sources' items are taught ----


def taught():
    """Return [(item, page, anchor)] of book/sources.yml."""
    listed = yaml.safe_load((ROOT / "book" / "sources.yml").read_text("utf8"))
    return [
        (item, *place.partition("#")[::2])
        for item, places in listed.items()
        for place in ([places] if isinstance(places, str) else places)
    ]


def test_every_item_is_taught_where_the_list_says():
    pages = {path.stem: anchors(path) for path in PAGES}
    lost = [f"{i}: {page}#{a}" for i, page, a in taught() if a not in pages.get(page, ())]
    assert taught()
    assert lost == []


def test_the_list_of_items_names_none_twice():
    text = (ROOT / "book" / "sources.yml").read_text("utf8")
    items = re.findall(r"^([^\s#][^:]*):", text, re.M)
    # YAML keeps the last of two equal keys, without a word
    assert sorted(items) == sorted(set(items))
    assert all(re.fullmatch(r"[A-EX]\d\d", item) for item in items)
    places = taught()
    assert len(places) == len(set(places))


@every_chapter
def test_every_chapter_teaches_an_item(path):
    assert path.stem in {page for _, page, _ in taught()}
