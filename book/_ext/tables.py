"""Tables that extensions make, of cells with inline content."""

from docutils import nodes


def row(cells, classes=()):
    """Return a row; a cell is a list of inline nodes."""
    entries = (nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells)
    return nodes.row("", *entries, classes=[*classes])


def head_row(content, columns, classes):
    """Return a row of one cell, over all columns: a head among the rows."""
    return nodes.row(
        "",
        nodes.entry("", nodes.paragraph("", "", *content), morecols=columns - 1),
        classes=classes,
    )


def table(widths, heads, rows, classes):
    """Return a table: the widths of its columns, the cells of its head, its rows."""
    group = nodes.tgroup("", cols=len(widths))
    group += [nodes.colspec(colwidth=width) for width in widths]
    group += [nodes.thead("", row(heads)), nodes.tbody("", *rows)]
    return nodes.table("", group, classes=classes)
