"""Give the explorers' scripts, styles and large data to the pages that hold one, and to no other."""

import json
import re
from pathlib import Path

from bookkit.scripted import scripts_of, styles_of
from docutils import nodes

DATA = re.compile(
    r'(<div class="explorer" id="([\w-]+)"(?:(?!<div class="explorer").)*?'
    r'<script type="application/json">)([^<]{20000,})(</script>)',
    re.S,
)


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


def set_data_apart(app, pagename, templatename, context, doctree):
    """Move large data into a script of its own: the page is drawn before it has come.

    The script puts it back where it was, before the explorers begin.
    """
    if doctree is None:
        return

    def moved(found):
        before, uid, data, after = found.groups()
        name = f"explorers/{Path(pagename).name}-{uid}.js"
        text = json.dumps(data, ensure_ascii=False)
        path = Path(app.outdir, "_static", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"document.querySelector('#{uid} > script').textContent = {text};\n", "utf8"
        )
        address = context["pathto"](f"_static/{name}", resource=True)
        return f'{before}{after}<script defer src="{address}"></script>'

    context["body"] = DATA.sub(moved, context["body"])


def setup(app):
    app.connect("html-page-context", add_assets)
    app.connect("html-page-context", set_data_apart, priority=900)  # the page as it will be written
    return {"parallel_read_safe": True, "parallel_write_safe": True}
