"""Appendix C: the mistakes of the sources; each leads to what is right, and is listed there.

A section called "E-000-05 · B · A tie fires" is an erratum, B its severity; the paragraph "Right in …"
of it names places of the chapters. From these the directive errata-list makes a table, and each
chapter gets a line in its section Sources. Choosing a severity needs no script: see book.css.
"""

import re
from typing import NamedTuple

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

logger = logging.getLogger(__name__)
TITLE = re.compile(r"(E-[\dX]+-\d\d) · ([ABC]) · (.+)")
SEVERITIES = {"A": "wrong results", "B": "misleading", "C": "wording"}
CHOICE = '<label><input type="radio" name="severity" id="severity-{0}"{1}> {2}</label>'
FILTER = (
    '<fieldset class="severities"><legend>Show</legend>'
    + CHOICE.format("all", " checked", "all")
    + "".join(CHOICE.format(s.lower(), "", f"{s}: {what}") for s, what in SEVERITIES.items())
    + "</fieldset>"
)


class Erratum(NamedTuple):
    """One mistake: its number, severity and title, the id of its section, its (role, target)s."""

    number: str
    severity: str
    title: str
    anchor: str
    right_in: list


class ErrataList(nodes.General, nodes.Element):
    """Where the table of all errata will stand."""


class ErrataListDirective(SphinxDirective):
    """The table of all errata, page after page."""

    def run(self):
        return [nodes.raw("", FILTER, format="html"), ErrataList()]


class Errata(SphinxTransform):
    """Mark the errata of a page by their severity, keep them, and offer the choice."""

    default_priority = 460

    def apply(self):
        found = []
        for section in list(self.document.findall(nodes.section)):
            titled = TITLE.fullmatch(section.next_node(nodes.title).astext())
            if not titled:
                continue
            number, severity, title = titled.groups()
            section["classes"] += ["erratum", "severity", f"severity-{severity.lower()}"]
            right_in = [p for p in section.findall(nodes.paragraph) if starts_right_in(p)]
            if len(right_in) != 1 or number.lower() not in section["ids"]:
                logger.warning("%s needs the label (%s)= and one paragraph that begins *Right in*",
                               number, number.lower(), location=section)  # fmt: skip
            places = [
                (ref["reftype"], ref["reftarget"])
                for paragraph in right_in
                for ref in paragraph.findall(lambda node: node.tagname == "pending_xref")
            ]
            found.append(Erratum(number, severity, title, number.lower(), places))
            if len(found) == 1 and not list(self.document.findall(ErrataList)):
                choice = nodes.raw("", FILTER, format="html")
                section.parent.insert(section.parent.index(section), choice)
        if found:
            kept(self.env)[self.env.docname] = found


def starts_right_in(paragraph):
    return isinstance(paragraph[0], nodes.emphasis) and paragraph[0].astext() == "Right in"


def kept(env):
    """Return {page: its errata}, which the environment keeps between builds."""
    if not hasattr(env, "errata"):
        env.errata = {}
    return env.errata


def forget(app, env, docname):
    kept(env).pop(docname, None)


def merge(app, env, docnames, other):
    kept(env).update({name: found for name, found in kept(other).items() if name in docnames})


def chapters_of(env):
    """Return {chapter: [(page of the erratum, erratum)]}, in order."""
    equations = env.get_domain("math").equations
    lists = {}
    for page, found in sorted(kept(env).items()):
        for one in found:
            for chapter in dict.fromkeys(place(*where, equations) for where in one.right_in):
                lists.setdefault(chapter, []).append((page, one))
    return lists


def place(role, target, equations):
    """Return the page that a role leads to."""
    if role == "eq":
        return equations[target][0] if target in equations else None
    return f"book/{target.split('#')[0].removeprefix('/book/')}"


def renew(app, env):
    """Return the pages that show other errata than they did when they were written."""
    now = {chapter: [e.number for _, e in found] for chapter, found in chapters_of(env).items()}
    titles = [(page, *e[:3]) for page, found in sorted(kept(env).items()) for e in found]
    before, env.errata_shown = getattr(env, "errata_shown", ({}, [])), (now, titles)
    pages = [page for page in {*now, *before[0]} if now.get(page) != before[0].get(page)]
    if titles != before[1]:
        pages += [page for page in env.found_docs if page.endswith("/c_errata")]
    return [page for page in pages if page in env.found_docs]


def show(app, doctree, docname):
    """Fill the table, and end a chapter's section Sources with its errata."""
    for node in list(doctree.findall(ErrataList)):
        node.replace_self(table(app, docname))
    found = chapters_of(app.env).get(docname)
    sources = [s for s in doctree.findall(nodes.section) if s[0].astext() == "Sources"]
    if found and sources:
        line = nodes.paragraph("", "Each with its proof, in the errata: ", classes=["errata-line"])
        for i, (page, one) in enumerate(found):
            line += [nodes.Text(", " * bool(i)), to_erratum(app, docname, page, one, one.number)]
        line += nodes.Text(".")
        sources[0] += line


def table(app, docname):
    """Return the table of all errata: number, severity, what it is about."""
    body = nodes.tbody()
    for page, found in sorted(kept(app.env).items()):
        title = nodes.Text(app.env.titles[page].astext())
        name = make_refnode(app.builder, docname, page, "", title)
        head = nodes.entry("", nodes.paragraph("", "", name), morecols=2)
        body += nodes.row("", head, classes=["source-section"])
        for one in found:
            link = to_erratum(app, docname, page, one, one.number)
            cells = (link, nodes.Text(one.severity), nodes.Text(one.title))
            entries = [nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells]
            body += nodes.row(
                "", *entries, classes=["severity", f"severity-{one.severity.lower()}"]
            )
    names = ("Entry", "Severity", "What")
    head = nodes.thead("", nodes.row("", *(nodes.entry("", nodes.paragraph("", n)) for n in names)))
    columns = [nodes.colspec(colwidth=width) for width in (18, 14, 68)]
    return nodes.table(
        "", nodes.tgroup("", *columns, head, body, cols=3), classes=["source-places", "errata-list"]
    )


def to_erratum(app, docname, page, one, text):
    return make_refnode(app.builder, docname, page, one.anchor, nodes.Text(text))


def setup(app):
    app.add_node(ErrataList)
    app.add_directive("errata-list", ErrataListDirective)
    app.add_transform(Errata)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", renew)
    app.connect("doctree-resolved", show)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
