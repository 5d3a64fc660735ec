"""What no page's source says: entry page, notebook to download, what to load."""

import re
from html import escape
from pathlib import Path
from textwrap import shorten

from bookkit.files import write_whole
from docutils import nodes

CODE = re.compile(r'<div class="highlight"><pre>(.*?)</pre>', re.S)
ENTRY = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="refresh" content="0; url={page}">
<title>{title}</title>
</head>
<body><main><h1>{title}</h1><p><a href="{page}">Open the book</a></p></main></body>
</html>
"""


def write_entry(app, exception):
    """Lead from the site's root to the book's first page."""
    if exception is None and app.builder.name == "html":
        page = f"{app.config.root_doc}.html"
        entry = ENTRY.format(page=page, title=app.config.html_title)
        write_whole(Path(app.outdir) / "index.html", entry)


def add_download(app, pagename, templatename, context, doctree):
    """Offer a chapter's notebook, which Sphinx has copied beside the pages."""
    source = context.get("sourcename", "")
    context["notebook"] = f"_sources/{source}" if source.endswith(".ipynb") else ""


def describe(app, pagename, templatename, context, doctree):
    """Give search engines the page's first paragraph that is words alone."""
    paragraphs = doctree.findall(nodes.paragraph) if doctree else ()
    words = next((p.astext() for p in paragraphs if not p.next_node(nodes.math)), "")
    if words:
        text = escape(shorten(words, 160, placeholder="…"), quote=True)
        context["metatags"] += f'<meta name="description" content="{text}">'


def drop_styles(app, pagename, templatename, context, doctree):
    """Go without myst-nb's looks for cells: see book.css."""
    context["css_files"][:] = [
        css for css in context["css_files"] if not Path(css.filename).name.startswith("mystnb.")
    ]


def drop_scripts(app, pagename, templatename, context, doctree):
    """Leave the search page's scripts to the search page."""
    if pagename != "search":
        searching = ("doctools.js", "sphinx_highlight.js")
        context["script_files"][:] = [
            script
            for script in context["script_files"]
            if Path(script.filename or "").name not in searching
        ]


def prepare_boxes(app, pagename, templatename, context, doctree):
    """Let code and tables take the focus, for overflow.js; count lines, for book.css."""
    body = context.get("body", "")
    body = body.replace('<div class="table-wrapper', '<div tabindex="0" class="table-wrapper')
    context["body"] = CODE.sub(
        lambda code: (
            f'<div class="highlight" style="--lines: {code[1].count(chr(10))}">'
            f'<pre tabindex="0">{code[1]}</pre>'
        ),
        body,
    )


def setup(app):
    app.connect("html-page-context", drop_styles)
    app.connect("html-page-context", drop_scripts)
    app.connect("html-page-context", describe)
    app.connect("html-page-context", prepare_boxes)
    app.connect("html-page-context", add_download)
    # before sphinx_external_toc, which writes a bare redirect if there is none
    app.connect("build-finished", write_entry, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
