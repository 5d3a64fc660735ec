"""Number each page by its file's name: 06_… is chapter 6, a_… is appendix A, c1_… is C1.

Sphinx numbers the pages of a toctree 1, 2, 3 in order; with only some chapters listed,
chapter 6 would become chapter 1 and its equations (1.1), (1.2).
"""

import re

from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx_external_toc.collectors import disable_builtin_toctree_collector


def chapter_number(docname):
    """Return 6 for book/06_descent, "A" for book/a_notation, "C1" for book/c1_x, None for book/index."""
    found = re.match(r"(\d+|[a-z]\d?)_", docname.rpartition("/")[2])
    if not found:
        return None
    return int(found[1]) if found[1].isdigit() else found[1].upper()


def is_chapter(docname):
    """Return whether a page is a chapter, and no appendix."""
    return isinstance(chapter_number(docname), int)


class ChapterNumbers(TocTreeCollector):
    """Sphinx's collector, which makes the equations' numbers from these."""

    def assign_section_numbers(self, env):
        before = env.toc_secnumbers
        env.toc_secnumbers = {}
        for docname, toc in env.tocs.items():
            number = chapter_number(docname)
            if number is None:
                continue
            # Only the title carries a number; () says so for each section below it.
            title, *sections = toc.findall(
                lambda node: "anchorname" in getattr(node, "attributes", ())
            )
            title["secnumber"] = env.titles[docname]["secnumber"] = [number]
            env.toc_secnumbers[docname] = {section["anchorname"]: () for section in sections}
            env.toc_secnumbers[docname][""] = (number,)
        return [name for name, numbers in env.toc_secnumbers.items() if numbers != before.get(name)]


def setup(app):
    # in the place of the two collectors that Sphinx and this extension bring
    app.setup_extension("sphinx_external_toc")
    disable_builtin_toctree_collector(app)
    app.add_env_collector(ChapterNumbers)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
