"""Citations: {ref}`Huber (1964) <huber1964>` leads to that entry of the bibliography.

The words stand in the chapter, as they are to be read there and in JupyterLab, which knows no
bibliography. sphinxcontrib-bibtex reads references.bib and lists it.
"""

from pathlib import Path

from sphinx.util.nodes import make_refnode

ENTRIES = "book/references.bib"


def find_entries(app, config):
    """Name the file of entries, where there is one: a small book that a test builds has none."""
    path = Path(app.srcdir) / ENTRIES
    config.bibtex_bibfiles = [str(path)] if path.exists() else []


def to_entry(app, env, node, contnode):
    """Lead to the entry with the key that a {ref} names."""
    if node.get("refdomain") == "std" and node["reftype"] == "ref":
        for entry in env.get_domain("cite").citations:
            if entry.key == node["reftarget"]:
                page = entry.bibliography_key.docname
                return make_refnode(app.builder, node["refdoc"], page, entry.citation_id, contnode)
    return None


def setup(app):
    app.setup_extension("sphinxcontrib.bibtex")
    app.connect("config-inited", find_entries)
    app.connect("missing-reference", to_entry)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
