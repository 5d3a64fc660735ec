"""The front page: its explorer, and a small picture beside the name of each finished chapter."""

from pathlib import Path

from bookkit import front, scripted
from docutils import nodes
from sphinx.util.docutils import SphinxDirective, SphinxRole


def drawn(env, html):
    """Return what the package has drawn; the page is made again when the code of it changes."""
    for path in (Path(front.__file__), *scripted.scripts_of("front")):
        env.note_dependency(str(path))
    return nodes.raw("", html, format="html")


class Explorer(SphinxDirective):
    """The explorer of the front page: explorer front."""

    required_arguments = 1

    def run(self):
        if self.arguments != ["front"]:
            raise self.error(f"there is no explorer {self.arguments[0]!r}, only front")
        return [drawn(self.env, front.explorer().html())]


class Picture(SphinxRole):
    """The small picture of a chapter: picture `9`."""

    def run(self):
        svg = front.picture(int(self.text))
        return [drawn(self.env, f'<span class="chapter-picture">{svg}</span>')], []


def setup(app):
    app.add_directive("explorer", Explorer)
    app.add_role("picture", Picture())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
