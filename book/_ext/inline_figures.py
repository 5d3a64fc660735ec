"""Put the notebooks' SVG figures into the page itself, so that they follow its theme.

myst-nb writes each as a file behind an <img>, where neither the page's colors nor fonts
reach.
"""

import re
from html import escape
from pathlib import Path

from bookkit.palette import boxed, themed
from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

DRAWN = re.compile(r"<(path|line|poly|circle|ellipse|rect|text|use|image)\b")
logger = logging.getLogger(__name__)


class InlineFigures(SphinxTransform):
    """Runs before Sphinx collects the images, or it would publish the files as well."""

    default_priority = 400

    def apply(self):
        svgs = [
            image
            for bundle in self.document.findall(nodes.container)
            if bundle.get("mime_type") == "image/svg+xml"
            for image in bundle.findall(nodes.image)
        ]
        for count, image in enumerate(svgs, 1):
            _, path = self.env.relfn2path(image["uri"], self.env.docname)
            svg = named(
                themed(Path(path).read_text("utf8"), f"figure-{count}"),
                image.get("alt"),
            )
            if "aria-label=" not in svg:
                logger.warning(
                    "a figure has no alt text: draw it with bookkit.figures.show, "
                    "or give its cell the metadata mystnb: {image: {alt: …}}",
                    location=image,
                )
            if not DRAWN.search(svg):
                logger.warning("a figure is empty: nothing is drawn in it", location=image)
            image.replace_self(nodes.raw("", boxed(svg), format="html"))


def named(svg, alt):
    """Give the figure the alt text of its cell, unless it carries its own."""
    if "aria-label=" in svg or not alt:
        return svg
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(alt, quote=True)}"', 1)


def setup(app):
    app.add_transform(InlineFigures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
