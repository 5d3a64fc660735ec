"""Display equations: rendered at build, numbered, linked to the cell that checks them.

A cell that calls verify("eq:bp1", …), and printed that it holds, checks the equation
labelled eq:bp1. It becomes the anchor check-eq-bp1, and the equation gets a link to it
beside its number.
"""

from bookkit.checked import called, checked, forgery
from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

import katex_html

logger = logging.getLogger(__name__)
TICK = (
    '<svg aria-hidden="true" viewBox="0 0 16 16">'
    '<path d="M3 8.5l3.3 3.5L13 4.5" fill="none" '
    'stroke="currentColor" stroke-width="2.2" stroke-linecap="round"/></svg>'
)


class MarkChecks(SphinxTransform):
    """Find each label's first checking cell and tell the equation where it is."""

    default_priority = 400

    def apply(self):
        checks = {}  # label → the anchor of the cell, and where the cell is
        equations = {}
        silent = set()
        for node in self.document.findall():
            if isinstance(node, nodes.math_block) and node.get("label"):
                equations[node["label"]] = node
            elif isinstance(node, nodes.container) and node.get("nb_element") == "cell_code":
                source, printed = cell_texts(node)
                if reason := forgery(source):
                    logger.warning("a cell's checks count for nothing: %s", reason, location=node)
                    printed = ""
                silent |= set(called(source)) - set(checked(source, printed))
                for label in checked(source, printed):
                    if label not in checks:
                        # one anchor a cell, of the first equation that it checks
                        node["ids"] = node["ids"] or [nodes.make_id(f"check-{label}")]
                        place = "below" if label in equations else "above"
                        checks[label] = node["ids"][0], place
        for label, equation in equations.items():
            if label in checks:
                equation["check"], equation["check_place"] = checks[label]
            if label in silent:
                why = "a cell calls verify(…) for it and printed no line ✓ for it"
            elif label not in checks:
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


def visit_math(self, node):
    self.body.append(f'<span class="math">{render(node)}</span>')
    raise nodes.SkipNode


def visit_display(self, node):
    """The formula scrolls within itself; its number and mark stay in sight."""
    self.body.append(self.starttag(node, "div", CLASS="equation"))
    self.body.append(f'<div class="formula" tabindex="0">{render(node)}</div>')
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(f'<div class="equation-side"><span class="eqno">({number})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
        if node.get("check") and not node.get("folded"):
            name = f"Equation ({number}) is checked in the cell {node['check_place']}"
            link = f'<a class="check-mark" href="#{node["check"]}" aria-label="{name}">'
            self.body.append(f"{link}{TICK}checked</a>")
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


def setup(app):
    app.add_html_math_renderer("checked_katex", (visit_math, None), (visit_display, None))
    app.add_css_file("katex/katex.min.css")
    app.add_transform(MarkChecks)
    app.add_post_transform(OneIdEach)
    app.connect("doctree-resolved", render_all)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
