"""Appendix C: the mistakes of the sources; each leads to what is right, and is listed there.

A section called "E-000-05 · B · A tie fires" is an erratum, B its severity; the paragraph "Right in …"
of it names places of the chapters. From these the directive errata-list makes a table, and each
chapter gets a line in its section Sources, as its page is written: a build that finds a change writes
all pages (see whole.py). Choosing a severity needs no script: see book.css.
"""

import re
from typing import NamedTuple

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from page_finds import found_on, keep
from tables import head_row, row, table

logger = logging.getLogger(__name__)
TITLE = re.compile(r"(E-[\dX]+-\d\d) · ([ABC]) · (.+)")
HEADS = ("Entry", "Severity", "What")
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
            found_on(self.env, "errata")[self.env.docname] = found


def starts_right_in(paragraph):
    return isinstance(paragraph[0], nodes.emphasis) and paragraph[0].astext() == "Right in"


def errata_of(env):
    """Return [(page, its errata)], in order."""
    return sorted(found_on(env, "errata").items())


def chapters_of(env):
    """Return {chapter: [(page of the erratum, erratum)]}, in order."""
    equations = env.get_domain("math").equations
    lists = {}
    for page, found in errata_of(env):
        for one in found:
            for chapter in dict.fromkeys(place(*where, equations) for where in one.right_in):
                lists.setdefault(chapter, []).append((page, one))
    return lists


def place(role, target, equations):
    """Return the page that a role leads to."""
    if role == "eq":
        return equations[target][0] if target in equations else None
    return f"book/{target.split('#')[0].removeprefix('/book/')}"


def show(app, doctree, docname):
    """Fill the table, and end a chapter's section Sources with its errata."""
    for node in list(doctree.findall(ErrataList)):
        node.replace_self(listed(app, docname))
    found = chapters_of(app.env).get(docname)
    sources = [s for s in doctree.findall(nodes.section) if s[0].astext() == "Sources"]
    if found and sources:
        line = nodes.paragraph("", "In the errata: ", classes=["errata-line"])
        for i, (page, one) in enumerate(found):
            line += [nodes.Text(", " * bool(i)), to_erratum(app, docname, page, one)]
        line += nodes.Text(".")
        sources[0] += line


def listed(app, docname):
    """Return the table of all errata: number, severity, what it is about."""
    rows = []
    for page, found in errata_of(app.env):
        title = nodes.Text(app.env.titles[page].astext())
        source = make_refnode(app.builder, docname, page, "", title)
        rows.append(head_row([source], len(HEADS), ["source-section"]))
        for one in found:
            cells = (
                to_erratum(app, docname, page, one),
                nodes.Text(one.severity),
                nodes.Text(one.title),
            )
            classes = ["severity", f"severity-{one.severity.lower()}"]
            rows.append(row([[cell] for cell in cells], classes))
    heads = [[nodes.Text(head)] for head in HEADS]
    return table((18, 14, 68), heads, rows, ["source-places", "errata-list"])


def to_erratum(app, docname, page, one):
    return make_refnode(app.builder, docname, page, one.anchor, nodes.Text(one.number))


def setup(app):
    app.add_node(ErrataList)
    app.add_directive("errata-list", ErrataListDirective)
    app.add_transform(Errata)
    keep(app, "errata")
    app.connect("doctree-resolved", show)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
