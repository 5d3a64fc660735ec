"""Appendix A: the places of each source, and where this course has what is there."""

import re
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.roles import XRefRole
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from chapters import chapter_number
from tables import head_row, row, table

HEADS = ("There", "What", "Here")
EQUATION = "equation-eq-"


class SourcePlaces(SphinxDirective):
    """The table of one source: source-places Rohan and Lenny."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self):
        taught = self.data("sources.yml")
        rows = []
        for section, places in self.data("source_places.yml")[self.arguments[0]].items():
            rows.append(head_row([nodes.Text(section)], len(HEADS), ["source-section"]))
            for place in places:
                at = re.sub(r" (?=\(?\d)", "\N{NO-BREAK SPACE}", place["at"])
                what = place["what"] + " (*mention*)" * place.get("mention", False)
                rows.append(row(self.inlines(at, what, here(place["items"], taught))))
        return [table((24, 40, 36), self.inlines(*HEADS), rows, ["source-places"])]

    def data(self, name):
        path = Path(self.env.srcdir) / "book" / name
        self.env.note_dependency(str(path))
        return yaml.safe_load(path.read_text("utf8"))

    def inlines(self, *cells):
        return [self.parse_inline(cell)[0] for cell in cells]


def here(items, taught):
    """Return links to where the items are taught, each once, chapter after chapter."""
    targets = {}
    for item in items:
        places = taught[item]
        targets |= dict.fromkeys([places] if isinstance(places, str) else places)
    chapters = sorted(targets, key=lambda target: target.split("#")[0])
    return "; ".join(link(*target.split("#")) for target in chapters)


def link(page, anchor):
    if anchor.startswith(EQUATION):
        return f"{{eq}}`eq:{anchor.removeprefix(EQUATION)}`"
    return f"{chapter_number(page)}.\N{NO-BREAK SPACE}{{section}}`{page}#{anchor}`"


def to_section(app, env, node, contnode):
    """Lead to a section of another page, by its title."""
    if node["reftype"] == "section":
        page, anchor = node["reftarget"].split("#")
        for entry in env.tocs[f"book/{page}"].findall(nodes.reference):
            if entry["anchorname"] == f"#{anchor}":
                title = nodes.inline("", "", *entry.deepcopy().children)
                return make_refnode(app.builder, node["refdoc"], f"book/{page}", anchor, title)
    return None


def setup(app):
    app.add_directive("source-places", SourcePlaces)
    app.add_role("section", XRefRole(warn_dangling=True))
    app.connect("missing-reference", to_section)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
