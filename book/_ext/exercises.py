"""An exercise answered on the page: its form in the place of the notebook's cell."""

from docutils import nodes
from sphinx.transforms import SphinxTransform


class FormAlone(SphinxTransform):
    """The cell that asks is for the notebook; the page shows the form that it made."""

    default_priority = 400

    def apply(self):
        for cell in self.document.findall(nodes.container):
            if cell.get("nb_element") == "cell_code" and holds_form(cell):
                for source in [p for p in cell if p.get("nb_element") == "cell_code_source"]:
                    cell.remove(source)


def holds_form(node):
    return any("data-exercise=" in raw.astext() for raw in node.findall(nodes.raw))


def add_assets(app, pagename, templatename, context, doctree):
    if doctree is not None and holds_form(doctree):
        app.add_css_file("exercise.css")
        app.add_js_file("exercise.js", loading_method="defer")


def setup(app):
    app.add_transform(FormAlone)
    app.connect("html-page-context", add_assets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
