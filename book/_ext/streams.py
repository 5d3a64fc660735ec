"""Show what a cell printed as it was printed, in however many pieces the kernel sent it.

myst-nb ends each piece with a line break, and where the kernel cuts is chance.
"""

from bookkit.notebooks import merged
from myst_nb.core import render


def setup(app):
    render.coalesce_streams = merged
    return {"parallel_read_safe": True, "parallel_write_safe": True}
