"""The check of an equation, folded under its badge.

Cells tagged check, up to the one that verifies eq:bp1, open in place below the equation eq:bp1.
"""

from bookkit.checked import called
from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from details import details, summary
from equations import cell_texts
from folding import runs

logger = logging.getLogger(__name__)
TICK = (
    '<svg aria-hidden="true" viewBox="0 0 16 16">'
    '<path d="M3 8.5l3.3 3.5L13 4.5" fill="none" '
    'stroke="currentColor" stroke-width="2.2" stroke-linecap="round"/></svg>'
)


class FoldChecks(SphinxTransform):
    """Runs after the equations were asked for their checks."""

    default_priority = 405

    def apply(self):
        equations = {
            n["label"]: n for n in self.document.findall(nodes.math_block) if n.get("label")
        }
        for run in list(runs(self.document, "check")):
            waiting = []
            for cell in run:
                waiting.append(cell)
                labels = called(cell_texts(cell)[0])
                if len(labels) > 1 or (labels and labels[0] not in equations):
                    logger.warning("a check verifies %s; one equation of its page is needed",
                                   ", ".join(labels), location=cell)  # fmt: skip
                elif labels:
                    fold(equations[labels[0]], waiting)
                    waiting = []
            if waiting:
                logger.warning("a check cell leads to no equation", location=waiting[0])


def fold(equation, cells):
    """Move the cells of a check into the disclosure below its equation."""
    for cell in cells:
        cell.parent.remove(cell)
    box = equation.parent
    if "checked-equation" not in box.get("classes", ()):
        name = summary("", "", raw(TICK), nodes.Text("checked"))
        name += raw('<span class="visually-hidden">: show the check of this equation</span>')
        box = nodes.container("", classes=["checked-equation"])
        place = equation.parent
        place.insert(place.index(equation), box)  # replace_self would copy the equation's id
        place.remove(equation)
        box += [equation, details("", name, classes=["check"])]
    box[1].extend(cells)


def raw(text):
    return nodes.raw("", text, format="html")


def setup(app):
    app.add_transform(FoldChecks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
