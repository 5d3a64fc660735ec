"""Hidden cells as plain <details>, which open by keyboard and need no script.

myst-nb writes the same element, with a label for screen readers that contradicts the
visible one.
"""

from html import escape

from myst_nb.sphinx_ import HideCodeCellNode


def visit(self, node):
    self.body.append('<details class="hidden-cell">\n<summary>')
    self.body.append(escape(node["prompt_show"]))
    self.body.append('</summary>\n<div class="hidden-cell-body">')


def depart(self, node):
    self.body.append("</div></details>\n")


def setup(app):
    app.setup_extension("myst_nb")
    app.add_node(HideCodeCellNode, override=True, html=(visit, depart))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
