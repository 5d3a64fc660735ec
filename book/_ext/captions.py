"""Number the figures of a chapter and give them the captions that stand below them.

A paragraph that begins **Figure.**, directly after a cell with a picture, is its caption.
"""

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from chapters import chapter_number
from details import figure_box, figure_caption
from folding import is_cell

BOX = '<div class="figure-svg"'
logger = logging.getLogger(__name__)


class Captions(SphinxTransform):
    """Runs after the pictures were put into the page and the drawing code below them."""

    default_priority = 440

    def apply(self):
        chapter = chapter_number(self.env.docname)
        captions = [p for p in self.document.findall(nodes.paragraph) if is_caption(p)]
        for count, caption in enumerate(captions, 1):
            siblings = caption.parent.children
            at = siblings.index(caption)
            pictures = at and is_cell(siblings[at - 1]) and list(figures_of(siblings[at - 1]))
            if not pictures:
                logger.warning("the caption does not follow a picture", location=caption)
                continue
            picture = pictures[-1]
            caption.parent.remove(caption)
            words = caption.children[caption.index(lead(caption)) + 1 :]
            numbered = nodes.strong("", f"Figure {chapter}.{count}.")
            box = figure_box(
                "", picture.deepcopy(), figure_caption("", "", numbered, *words),
                ids=[f"figure-{chapter}-{count}"],
            )  # fmt: skip
            picture.replace_self(box)


def lead(paragraph):
    """Return the first part of a paragraph that is not empty."""
    return next((part for part in paragraph if part.astext()), None)


def is_caption(paragraph):
    return isinstance(lead(paragraph), nodes.strong) and lead(paragraph).astext() == "Figure."


def figures_of(cell):
    return cell.findall(lambda n: isinstance(n, nodes.raw) and n.astext().startswith(BOX))


def setup(app):
    app.add_transform(Captions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
