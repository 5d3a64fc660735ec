"""Give the explorers' script and style to the pages that hold one, and to no other."""

from docutils import nodes


def add_assets(app, pagename, templatename, context, doctree):
    if doctree is None:
        return
    if any("data-explorer" in node.astext() for node in doctree.findall(nodes.raw)):
        app.add_css_file("explore.css")
        app.add_js_file("explore.js", loading_method="defer")


def setup(app):
    app.connect("html-page-context", add_assets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
