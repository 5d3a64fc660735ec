"""What a notebook shows in a row and a page folds: set-up, drawing code, optional sections."""

from docutils import nodes
from sphinx.transforms import SphinxTransform

from details import closed

OPTIONAL = "Optional: "


def is_cell(node, tag=None):
    """Return whether a node is a code cell, and has the tag."""
    return (
        isinstance(node, nodes.container)
        and node.get("nb_element") == "cell_code"
        and (tag is None or f"tag_{tag}" in node["classes"])
    )


def parts(cell, element):
    """Return the parts of a cell: its cell_code_source or its cell_code_output."""
    return [part for part in cell if part.get("nb_element") == element]


def runs(document, tag):
    """Yield the lists of cells with a tag that stand directly behind one another."""
    run = []
    for cell in list(document.findall(lambda node: is_cell(node, tag))):
        if run and not follows(cell, run[-1]):
            yield run
            run = []
        run.append(cell)
    if run:
        yield run


def follows(cell, before):
    """Return whether a cell is the next node after another."""
    siblings = before.parent.children
    return cell.parent is before.parent and siblings.index(cell) == siblings.index(before) + 1


class FoldCells(SphinxTransform):
    """Close the set-up cell; put the code of a picture, in one piece, below the picture."""

    default_priority = 420

    def apply(self):
        for cell in self.document.findall(lambda node: is_cell(node, "setup")):
            cell["hide_mode"] = "all"
            cell["prompt_show"] = cell["prompt_hide"] = "Set-up of the notebook"
        for run in runs(self.document, "hide-input"):
            waiting = []
            for cell in run:
                waiting += parts(cell, "cell_code_source")
                if parts(cell, "cell_code_output"):
                    self.put_below(cell, waiting)
                    waiting = []

    def put_below(self, cell, sources):
        for source in sources:
            owner = source.parent
            owner.remove(source)
            if not owner.children:
                owner.parent.remove(owner)
        prompt = cell.get("prompt_show") or "Show the code of the picture"
        cell.append(closed(prompt, *sources, kind="drawing"))
        cell.attributes.pop("hide_mode", None)


class FoldOptional(SphinxTransform):
    """Close what follows the first paragraph of a section called Optional: …."""

    default_priority = 430

    def apply(self):
        for section in list(self.document.findall(nodes.section)):
            if section[0].astext().startswith(OPTIONAL):
                _title, _summed_up, *rest = section.children
                section.children = section.children[:2]
                section.append(closed("Show this section", *rest, kind="optional"))


def setup(app):
    app.add_transform(FoldCells)
    app.add_transform(FoldOptional)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
