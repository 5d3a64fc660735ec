"""Appendix D: every numbered equation of the chapters, how it is checked, and what implements it.

Nothing is written down twice. The formula, its check and what the check printed are the chapter's;
the wrong versions are those that the tests plant, read from tests/planted_NN.py; a function of
src/backprop implements the equations that its docstring names in brackets: (eq:he, eq:xavier).
"""

import ast
import json
import re
from html import escape
from pathlib import Path

from bookkit.checked import LINE, called
from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from chapters import chapter_number, is_chapter
from details import closed
from equations import cell_texts
from folding import is_cell
from page_finds import found_on, keep

logger = logging.getLogger(__name__)
NAMED = re.compile(r"\((eq:[\w-]+(?:, eq:[\w-]+)*)\)")
STEPS = {"central_difference", "jacobian"}  # of backprop.gradient_check
LONGEST = 120  # characters of a side of a check that is shown with its names put in


class entries(nodes.Element):
    """Stands for the equations of a chapter until all chapters have been read."""


class EquationIndex(SphinxDirective):
    """A section for each chapter: equation-index."""

    def run(self):
        self.env.metadata[self.env.docname]["equation_index"] = True
        sections = []
        for chapter in sorted(filter(is_chapter, self.env.found_docs)):
            number = chapter_number(chapter)
            title = f"{number}. {title_of(Path(self.env.doc2path(chapter)))}"
            section = nodes.section("", nodes.title("", title), ids=[f"equations-of-{number}"])
            section += entries(chapter=chapter, planted=self.planted(number))
            sections.append(section)
        return sections

    def planted(self, number):
        """Return [(label, the page's code, the same made wrong)] of a chapter."""
        path = Path(self.env.srcdir) / f"tests/planted_{number:02}.py"
        self.env.note_dependency(str(path))
        try:
            return wrong_versions(path.read_text("utf8"))
        except (OSError, ValueError, SyntaxError) as error:
            logger.warning("no wrong versions of the equations of chapter %s: %s: %s",
                           number, path, error, location=self.get_location())  # fmt: skip
            return []


def title_of(path):
    """Return the title of a page, from its source: the page itself may be read later."""
    text = path.read_text("utf8")
    if path.suffix == ".ipynb":
        text = "".join(json.loads(text)["cells"][0]["source"])
    return re.search(r"^# (.+)", text, re.M)[1]


def wrong_versions(source):
    """Return the table PLANTED of a module's text; ValueError where it holds anything else."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "PLANTED":
            table = ast.literal_eval(statement.value)
            for row in table:
                if [type(part) for part in row] != [str, str, str]:
                    raise ValueError(f"{row} is no label, code of the page and wrong code")
            return table
    raise ValueError("it has no table PLANTED")


def implementations(root):
    """Return {label: the names of what implements it} of the modules in src/backprop."""
    found = {}
    for path in sorted(root.glob("src/backprop/*.py")):
        for name, text in docstrings(ast.parse(path.read_text("utf8"))):
            for labels in NAMED.findall(text):
                for label in labels.split(", "):
                    found.setdefault(label, []).append(f"backprop.{path.stem}.{name}")
    return found


def docstrings(tree, prefix=""):
    """Yield (name, docstring) of functions, classes, methods, and names with a text below them."""
    for statement, following in zip(tree.body, [*tree.body[1:], None], strict=True):
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            name = prefix + statement.name
            yield name, ast.get_docstring(statement) or ""
            if isinstance(statement, ast.ClassDef):
                yield from docstrings(statement, f"{name}.")
        elif isinstance(statement, ast.Assign):
            match following:
                case ast.Expr(ast.Constant(str(text))):
                    yield prefix + ast.unparse(statement.targets[0]), text


# ---- what a chapter says of its equations ----


class Collect(SphinxTransform):
    """Note the equations of a chapter, while its cells still stand in the order they run in."""

    default_priority = 402

    def apply(self):
        if not is_chapter(self.env.docname):
            return
        cells = [cell_texts(cell) for cell in self.document.findall(is_cell)]
        lines = re.findall(LINE.pattern + "(.*)", "\n".join(p for _, p in cells), re.M)
        sources = [source for source, _ in cells]
        found = noted(self.env)[self.env.docname] = {}
        for equation in self.document.findall(nodes.math_block):
            if label := equation.get("label"):
                section = equation
                while not isinstance(section, nodes.section):
                    section = section.parent
                found[label] = {
                    "formula": equation.astext(),
                    "section": section["ids"][0] if section.parent.parent else None,
                    "printed": "; ".join(said for of, said in lines if of == label),
                    "sides": sides(label, sources),
                }


def noted(env):
    """Return {page: {label: what was found}} of the pages read."""
    return found_on(env, "equation_index")


def renew(app, env, added, changed, removed):
    """Read the index again with every change of another page."""
    if added | changed | removed:
        metadata = env.metadata
        return [page for page in env.found_docs if metadata.get(page, {}).get("equation_index")]
    return []


def sides(label, sources):
    """Return [(code, whether central differences take part)] of both sides of a label's check.

    A pair that is handed over as one, verify(label, *pair), is a single side.
    """
    at = next((i for i, source in enumerate(sources) if label in called(source)), None)
    if at is None:
        return []
    before = [s for source in sources[:at] for s in statements(source)]
    body = statements(sources[at])
    for i, statement in enumerate(body):
        for call in ast.walk(statement):
            match call:
                case ast.Call(ast.Name("verify"), [ast.Constant(str(of)), *given]) if of == label:
                    near, far = body[:i], [*before, *body[:i]]
                    pair = [side.value if isinstance(side, ast.Starred) else side for side in given]
                    return [
                        (shown(side, near, sources[at]), stepped(side, far)) for side in pair[:2]
                    ]
    return []


def statements(source):
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []


def shown(side, body, source):
    """Return the code of a side, with what its cell assigned to its names where that is short."""
    plain = full = text_of(side, source)
    for name in free(side):
        match [s for s in body if name in touched(s)]:
            case [ast.Assign([ast.Name()], value)]:
                given = text_of(value, source)
                places = [*re.finditer(rf"(?<![\w.]){name}\b(?!=)", full)]
                if len(places) == 1:
                    head, tail = full[: places[0].start()], full[places[0].end() :]
                    alone = re.search(r"(^|[(\[,] ?)$", head) and re.match(r"$|[)\],]", tail)
                    if isinstance(value, ast.BinOp | ast.Compare) and not alone:
                        given = f"({given})"
                    full = head + given + tail
    return full if len(full) <= LONGEST else plain


def text_of(node, source):
    """Return a piece of code in one line."""
    text = re.sub(r" *#.*", "", ast.get_source_segment(source, node))
    text = re.sub(r"(?<=[\[({]) | (?=[\])}])", "", re.sub(r"\s+", " ", text))
    return f"({text})" if isinstance(node, ast.Tuple) and text[0] != "(" else text


def stepped(side, body):
    """Return whether central differences take part in a side, by itself or by what it names."""
    waiting, seen = [(side, len(body))], set()
    while waiting:
        node, end = waiting.pop()
        names = free(node)
        if names & STEPS:
            return True
        for name in names - seen:
            seen.add(name)
            for i in range(end - 1, -1, -1):
                if name in touched(body[i]):
                    waiting.append((body[i], i))
                    if isinstance(body[i], ast.FunctionDef | ast.Assign):
                        break  # what was before is forgotten
    return False


def free(node):
    """Return the names that a piece of code reads from outside itself."""
    names = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
    bound = {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}
    inner = ast.FunctionDef | ast.comprehension
    for scope in (n for n in ast.walk(node) if isinstance(n, inner)):
        within = scope.target if isinstance(scope, ast.comprehension) else scope
        bound |= {n.id for n in ast.walk(within)
                  if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}  # fmt: skip
    return {n.id for n in names if isinstance(n.ctx, ast.Load)} - bound


def touched(statement):
    """Return the names that a statement stores into, or that a method it calls may change."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    found = set()
    for node in ast.walk(statement):
        match node:
            case ast.Name(name, ast.Store()) | ast.Subscript(ast.Name(name), _, ast.Store()):
                found.add(name)
            case ast.Expr(ast.Call(ast.Attribute(ast.Name(name)))):
                found.add(name)
    return found


# ---- the page ----


class FillIn(SphinxPostTransform):
    """Put the equations in their places; what resolves references runs after this."""

    default_priority = 5

    def run(self, **options):
        places = list(self.document.findall(entries))
        if not places:
            return
        known = {label for found in noted(self.env).values() for label in found}
        named = implementations(Path(self.env.srcdir))
        for label in sorted(named.keys() - known):
            logger.warning("%s says that it implements %s, and no chapter has an equation of "
                           "that label", ", ".join(named[label]), label)  # fmt: skip
        for place in places:
            found = noted(self.env).get(place["chapter"], {})
            for label in sorted({label for label, *_ in place["planted"]} - found.keys()):
                logger.warning("a wrong version is planted of %s, which %s does not have",
                               label, place["chapter"])  # fmt: skip
            wrong = {label: [] for label in found}
            for label, *version in place["planted"]:
                wrong.setdefault(label, []).append(version)
            for label in place["planted"] and [label for label in found if not wrong[label]]:
                logger.warning("no wrong version is planted of %s", label)
            place.replace_self([
                self.entry(place["chapter"], label, facts, wrong[label], named.get(label, []))
                for label, facts in found.items()
            ] or [nodes.paragraph("", "This chapter numbers no equation.")])  # fmt: skip

    def entry(self, chapter, label, facts, wrong, named):
        page = chapter.rpartition("/")[2]
        number = self.link("eq", label, "math")
        head = nodes.paragraph("", "", number)
        if facts["section"]:  # None under the title itself
            head += nodes.Text(" in ")
            head += self.link("section", f"{page}#{facts['section']}")
        formula = nodes.math_block(facts["formula"], facts["formula"], number=None, nowrap=True)
        said = nodes.paragraph("", f"✓ {facts['printed']}.")
        if any(by_steps for _, by_steps in facts["sides"]):
            said += nodes.Text(" Against central differences.")
        if named:
            said += nodes.Text(" In code: ")
            for i, name in enumerate(named):
                said += [nodes.Text(", ")] * bool(i) + [nodes.literal("", name)]
            said += nodes.Text(".")
        ids = [f"index-{nodes.make_id(label)}"]
        box = nodes.container("", head, formula, said, ids=ids, classes=["indexed-equation"])
        if facts["sides"] and wrong:
            box += rejected(facts["sides"], wrong)
        return box

    def link(self, role, target, domain=""):
        return pending_xref(
            "", nodes.inline("", target), refdoc=self.env.docname, refdomain=domain,
            reftype=role, reftarget=target, refexplicit=False, refwarn=True,
        )  # fmt: skip


def rejected(both, wrong):
    """Return the closed list of what a check compares, and of the wrong versions that it rejects."""
    compared = " with ".join(code(side) for side, _ in both)
    if len(both) == 1:
        compared = f"the two parts of {compared}"
    versions = "".join(
        f"<li>{code(made, of_page)} in place of {code(of_page, made)}</li>"
        for of_page, made in wrong
    )
    text = f"<p>The check compares {compared}, and fails with</p><ul>{versions}</ul>"
    count = f"{len(wrong)} wrong version" + "s" * (len(wrong) > 1)
    return closed(f"Rejects {count}", nodes.raw("", text, format="html"), kind="rejected")


def code(text, other=None):
    """Return code as HTML, with what differs from another in bold."""
    start = end = len(text)
    if other is not None:
        start = common(text, other)
        end -= common(text[start:][::-1], other[start:][::-1])
    parts = escape(text[:start]), escape(text[start:end]), escape(text[end:])
    return '<code class="literal">{}<strong>{}</strong>{}</code>'.format(*parts).replace(
        "<strong></strong>", ""
    )


def common(one, other):
    """Return how many characters two texts have in common at their beginning."""
    pairs = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def setup(app):
    app.add_node(entries)
    app.add_directive("equation-index", EquationIndex)
    app.add_transform(Collect)
    app.add_post_transform(FillIn)
    keep(app, "equation_index")
    app.connect("env-get-outdated", renew)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
