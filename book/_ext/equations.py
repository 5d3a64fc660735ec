"""Display equations: rendered at build, numbered, each with a cell that checks it.

A cell tagged check that calls verify("eq:bp1", …), and printed that it holds, checks the equation
labelled eq:bp1.
"""

import re

from bookkit.checked import called, checked, forgery
from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

import katex_html

logger = logging.getLogger(__name__)


class AskForChecks(SphinxTransform):
    """Warn of each labelled equation that no cell of its page checks."""

    default_priority = 400

    def apply(self):
        proven, silent, untagged = set(), set(), set()
        for node in self.document.findall(nodes.container):
            if node.get("nb_element") != "cell_code":
                continue
            source, printed = cell_texts(node)
            if reason := forgery(source):
                logger.warning("a cell's checks count for nothing: %s", reason, location=node)
                printed = ""
            asked, held = set(called(source)), set(checked(source, printed))
            proven |= held
            silent |= asked - held
            if "tag_check" not in node["classes"]:
                untagged |= asked
        for equation in self.document.findall(nodes.math_block):
            label = equation.get("label")
            if label in silent:
                why = "a cell calls verify(…) for it and printed no line ✓ for it"
            elif label in untagged:
                why = f'the cell that calls verify("{label}", …) needs the tag check'
            elif label and label not in proven:
                why = f'no cell calls verify("{label}", …)'
            else:
                continue
            logger.warning("the equation %s has no check: %s", label, why, location=equation)


def cell_texts(cell):
    """Return a cell's code, and what it printed."""
    parts = {part.get("nb_element"): part for part in cell.children}
    source, output = (parts.get(f"cell_code_{name}") for name in ("source", "output"))
    printed = output.findall(nodes.literal_block) if output else ()
    return source.astext() if source else "", "\n".join(
        block.astext() for block in printed if "stream" in block["classes"]
    )


def is_display(node):
    return isinstance(node, nodes.math_block)


def render_all(app, doctree, docname):
    """Render the formulas of a page that is about to be written, all at once."""
    formulas = doctree.findall(lambda node: isinstance(node, nodes.math | nodes.math_block))
    katex_html.prepare([(node.astext(), is_display(node)) for node in formulas])


def render(node):
    """Return an equation's HTML; one that KaTeX cannot read is a warning."""
    try:
        return katex_html.render(node.astext(), is_display(node))
    except katex_html.FormulaError as error:
        logger.warning("KaTeX: %s", error, location=node)
        return ""


PART = '<span class="base">'  # of a formula; between parts a line may break


def visit_math(self, node):
    formula = render(node)
    if "held" in node.parent.get("classes", ()):  # where it may break is said: see KeepPunctuation
        formula = formula.replace(PART, f"<wbr>{PART}").replace("<wbr>", "", 1)
    self.body.append(f'<span class="math">{formula}</span>')
    raise nodes.SkipNode


def visit_display(self, node):
    """The formula scrolls within itself; its number stays in sight."""
    self.body.append(self.starttag(node, "div", CLASS="equation"))
    self.body.append(f'<div class="formula" tabindex="0">{render(node)}</div>')
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(f'<div class="equation-side"><span class="eqno">({number})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
        self.body.append("</div>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


class OneIdEach(SphinxPostTransform):
    """Furo gives the wrapper of an equation or table its id as well; take it back."""

    default_priority = 501

    def run(self, **options):
        for wrapper in self.document.findall(nodes.container):
            if {"math-wrapper", "table-wrapper"} & set(wrapper["classes"]):
                wrapper["ids"] = []


class KeepPunctuation(SphinxPostTransform):
    """Keep a formula in a sentence on one line with the comma or bracket that stands at it.

    A browser breaks a line before and after whatever is a box, as the parts of a formula are. Here
    it breaks between the parts alone.
    """

    default_priority = 502

    def run(self, **options):
        for math in list(self.document.findall(nodes.math)):
            parent, at = math.parent, math.parent.index(math)
            opening = taken(parent[max(at - 1, 0) : at], r"[(“‘]+$")
            closing = taken(parent[at + 1 : at + 2], r"^[,.;:?!)”’…]+")
            if opening or closing:
                held = [*opening, math, *closing]
                parent.replace(math, nodes.inline("", "", *held, classes=["held"]))


def taken(side, pattern):
    """Take what matches out of the text that stands at one side of a formula; return it, if any."""
    text = side[0] if side else None
    found = isinstance(text, nodes.Text) and re.search(pattern, text)
    if not found:
        return []
    text.parent.replace(text, nodes.Text(text[: found.start()] + text[found.end() :]))
    return [nodes.Text(found[0])]


def setup(app):
    app.add_html_math_renderer("checked_katex", (visit_math, None), (visit_display, None))
    app.add_css_file("katex/katex.min.css")
    app.add_transform(AskForChecks)
    app.add_post_transform(OneIdEach)
    app.add_post_transform(KeepPunctuation)
    app.connect("doctree-resolved", render_all)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
