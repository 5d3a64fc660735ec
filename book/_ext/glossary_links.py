"""Lead from the first use of a term in a chapter to its entry in the glossary.

The glossary says what is linked: each term, and the forms that a comment in its entry lists
(% linked: sigmoids); the comment % not linked leaves the term to the glossary alone. A chapter that
introduces a term, or sets it in bold, has a definition of its own and gets no link.

Links are made as a page is written. A changed glossary reaches every chapter, since a build that
finds a change writes all pages: see whole.py.
"""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

from chapters import is_chapter
from details import details, figure_box
from page_finds import found_on, keep

# Nothing is linked in these: what leads elsewhere, what is quoted from code, what asks or repeats.
CLOSED = (nodes.title, nodes.reference, nodes.literal, nodes.math, nodes.strong, nodes.emphasis,
          nodes.raw, nodes.table, nodes.Admonition, details, figure_box)  # fmt: skip
SECTIONS = {"exercises", "sources"}
ASKED = re.compile(r"Exercise \d+\.\d+ ")


def collect(app, doctree):
    """Note the forms of each term of a glossary: {form: (id of the entry, chapter)}."""
    found = {}
    for entry in doctree.findall(nodes.definition_list_item):
        if isinstance(entry.parent.parent, addnodes.glossary):
            term = next(entry.findall(nodes.term))
            for form in forms(term, entry):
                found[form] = (term["ids"][0], introduced(entry))
    if found:
        known(app.env)[app.env.docname] = found


def forms(term, entry):
    """Return the words that lead to an entry: the term, and those that its comment lists."""
    said = " ".join(comment.astext() for comment in entry.findall(nodes.comment))
    if said.startswith("not linked"):
        return []
    listed = said.removeprefix("linked:").split(",") if said else []
    # the quotation marks of a page are those of a book, and a comment's are not
    return [
        form.strip().replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")
        for form in (term.astext(), *listed)
    ]


def introduced(entry):
    """Return the name of the page that an entry leads to first."""
    place = next(entry.findall(addnodes.pending_xref), {"reftarget": ""})
    return place["reftarget"].split("#")[0]


def known(env):
    """Return {page of a glossary: its forms}."""
    return found_on(env, "glossary_forms")


class LinkTerms(SphinxPostTransform):
    """Runs when all other links of the page are made."""

    default_priority = 200

    def run(self, **options):
        if is_chapter(self.env.docname):
            for page, found in known(self.env).items():
                self.link(page, found)

    def link(self, page, found):
        here = self.env.docname.rpartition("/")[2]
        bold = {strong.astext().lower() for strong in self.document.findall(nodes.strong)}
        done = {
            entry
            for form, (entry, chapter) in found.items()
            if chapter == here or form.lower() in bold
        }
        any_form = pattern(found)
        for text in [t for t in self.document.findall(nodes.Text) if is_open(t)]:
            parts, at = [], 0
            for use in any_form.finditer(text):
                entry = found[spelled(use[0], found)][0]
                if entry not in done:
                    done.add(entry)
                    word = nodes.Text(use[0])
                    link = make_refnode(self.app.builder, self.env.docname, page, entry, word)
                    link["classes"].append("term")
                    parts += [nodes.Text(text[at : use.start()]), link]
                    at = use.end()
            if parts:
                text.parent.replace(text, [*parts, nodes.Text(text[at:])])


def pattern(found):
    """Return the pattern of all forms as whole words, the longest first; a capital may begin one."""
    longest = sorted(found, key=len, reverse=True)
    words = "|".join(
        f"[{form[0].lower()}{form[0].upper()}]{re.escape(form[1:])}" for form in longest
    )
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])")


def spelled(use, found):
    """Return the form that was found, whose first letter may be a capital in the text."""
    return use if use in found else use[0].swapcase() + use[1:]


def is_open(text):
    """Return whether a text stands in a sentence or an item of a chapter's own prose."""
    above, node = [], text
    while node.parent is not None:
        node = node.parent
        above.append(node)
    if any(isinstance(node, CLOSED) for node in above):
        return False
    if any(SECTIONS & set(node["ids"]) for node in above if isinstance(node, nodes.section)):
        return False
    if any("prediction" in node["classes"] for node in above if isinstance(node, nodes.Element)):
        return False
    block = next((node for node in above if isinstance(node, nodes.paragraph)), None)
    return block is not None and not ASKED.match(block.astext()) and not is_objective(block)


def is_objective(paragraph):
    item = paragraph.parent
    return isinstance(item, nodes.list_item) and any(
        name.startswith("objective-") for name in item["ids"]
    )


def setup(app):
    app.connect("doctree-read", collect)
    keep(app, "glossary_forms")
    app.add_post_transform(LinkTerms)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
