"""Give the explorers' scripts and styles to the pages that hold one, and to no other."""

import re

from bookkit.scripted import scripts_of, styles_of
from docutils import nodes


def add_assets(app, pagename, templatename, context, doctree):
    if doctree is None:
        return
    views = re.findall(
        r'data-explorer="([\w-]+)"', "".join(node.astext() for node in doctree.findall(nodes.raw))
    )
    if not views:
        return
    # each once, what others lean on first
    for name in dict.fromkeys(path.name for view in views for path in styles_of(view)):
        app.add_css_file(name)
    for name in dict.fromkeys(path.name for view in views for path in scripts_of(view)):
        app.add_js_file(name, loading_method="defer")


def setup(app):
    app.connect("html-page-context", add_assets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
