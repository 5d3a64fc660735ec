"""HTML elements that docutils has no node for: <details> with its <summary>, <figure>, <figcaption>.

A native disclosure opens by keyboard, from a folder, and without a script. The directive dropdown
makes one, as it does in JupyterLab.
"""

from docutils import nodes
from sphinx.util.docutils import SphinxDirective


class details(nodes.General, nodes.Element):
    """Closed content; its first child is the summary."""


class summary(nodes.General, nodes.TextElement):
    """What is seen of closed content."""


class figure_box(nodes.General, nodes.Element):
    """A picture and its caption."""


class figure_caption(nodes.General, nodes.TextElement):
    """The caption of a picture."""


class Dropdown(SphinxDirective):
    """A question, or any line, whose answer is closed."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self):
        node = details(classes=["question"])
        asked, messages = self.state.inline_text(self.arguments[0], self.lineno)
        node += summary("", "", *asked)
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node, *messages]


def closed(text, *content, kind):
    """Return a details node of a kind, which book.css knows, with a summary of plain text."""
    return details("", summary(text, text), *content, classes=[kind])


def element(tag):
    """Return visit and depart functions that write a node as the HTML element."""

    def visit(self, node):
        self.body.append(self.starttag(node, tag, "" if tag in ("summary", "figcaption") else "\n"))

    def depart(self, node):
        self.body.append(f"</{tag}>\n")

    return visit, depart


def setup(app):
    for node, tag in (
        (details, "details"),
        (summary, "summary"),
        (figure_box, "figure"),
        (figure_caption, "figcaption"),
    ):
        app.add_node(node, html=element(tag))
    app.add_directive("dropdown", Dropdown)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
