"""The site as one archive, to be read without a network, with the licenses of all it carries.

The first page says how many pages it has and how large it is; that page is in the archive too, so
the size is told in whole megabytes, upward, and measured again until what it says is true.
"""

import math
import re
import zipfile
from importlib.metadata import distribution
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from archive import has_archive, write

NAME = "the-four-equations-site.zip"
LICENSES = "licenses.txt"
CARRIED = {  # what the pages are made of, beside the book's own files
    "furo": "the theme",
    "Sphinx": "the search",
    "sphinx-copybutton": "the button that copies code, with clipboard.js (MIT, Zeno Rocha)",
    "myst-nb": "a stylesheet",
    "Pygments": "the colors of code",
}
SAID = re.compile(r'(<span class="offline-size">).*?(</span>)')


class Offline(SphinxRole):
    """The link to the archive of the site, with the words given: offline `the whole site`."""

    def run(self):
        html = f'<a href="../{NAME}" download>{self.text}</a> (<span class="offline-size"></span>)'
        return [nodes.raw("", html, format="html")], []


def licenses(root):
    """Return the texts of the licenses of all that the site carries."""
    texts = [("The Four Equations", "this book and its code", (root / "LICENSE").read_text("utf8"))]
    katex = root / "book/_static/katex/LICENSE"
    texts.append(("KaTeX", "the formulas' style and fonts", katex.read_text("utf8")))
    for name, what in CARRIED.items():
        found = [f for f in distribution(name).files if re.match(r"(LICEN[CS]E|COPYING)", f.name)]
        if not found:
            raise FileNotFoundError(f"the package {name} has brought no file of its license")
        texts.append((name, what, found[0].locate().read_text("utf8")))
    rule = "=" * 78
    return "\n\n".join(f"{rule}\n{n}: {what}\n{rule}\n\n{t.strip()}" for n, what, t in texts) + "\n"


def add_site(app, exception):
    """Put the archive of the site beside its pages, and say on the first page what it is."""
    root, site = Path(app.srcdir), Path(app.outdir)
    if exception is not None or app.builder.name != "html" or not has_archive(app):
        return
    (site / LICENSES).write_text(licenses(root), "utf8")
    first = site / f"{app.config.root_doc}.html"
    pages = len(list(site.glob("book/*.html")))
    while True:
        said, text = size_said(site, pages), first.read_text("utf8")
        if (told := SAID.sub(rf"\g<1>{said}\g<2>", text)) == text:
            return
        first.write_text(told, "utf8")


def size_said(site, pages):
    """Write the archive as the site is now, unless it is there; return what is to be said of it."""
    path = site / NAME
    files = (p for p in site.rglob("*") if p.is_file() and p != path and p.name != ".buildinfo")
    members = {p.relative_to(site).as_posix(): p.read_bytes() for p in files}
    if not same(path, members):
        write(path, members)
    return f"{pages} pages, {math.ceil(path.stat().st_size / 1e6)} MB"


def same(path, members):
    """Tell whether an archive holds these files and no others."""
    if not path.exists():
        return False
    with zipfile.ZipFile(path) as archive:
        held = {i.filename.partition("/")[2]: (i.file_size, i.CRC) for i in archive.infolist()}
    return held == {name: (len(b), zipfile.crc32(b)) for name, b in members.items()}


def setup(app):
    app.add_role("offline", Offline())
    app.connect("build-finished", add_site, priority=900)  # when all else is there
    return {"parallel_read_safe": True, "parallel_write_safe": True}
