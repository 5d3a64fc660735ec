"""Furo's options: the book's colors and type, and the figures' palette."""

from bookkit.palette import DARK, LIGHT
from pygments.formatters import HtmlFormatter
from pygments.token import Name, Punctuation, Text
from sphinx.highlighting import PygmentsBridge

SANS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif'
MONO = 'ui-monospace, "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace'

LIGHT_PAGE = {
    "font-stack": SANS,
    "font-stack--headings": SANS,
    "font-stack--monospace": MONO,
    "admonition-font-size": "0.97rem",
    "admonition-title-font-size": "0.97rem",
    "color-foreground-primary": LIGHT["ink"],
    "color-foreground-secondary": "#49525b",
    "color-foreground-muted": "#5c6670",
    "color-background-primary": LIGHT["paper"],
    "color-background-secondary": "#f6f7f9",
    "color-brand-primary": "#1f4e79",
    "color-brand-content": "#1a5a96",
    "color-brand-visited": "#1a5a96",
    "color-checked": "#1b6b3a",
    "color-predict": "#6d3fb0",
    "color-predict-paper": "#f6f2fb",
}
DARK_PAGE = {
    "color-foreground-primary": DARK["ink"],
    "color-foreground-secondary": "#b0b9c2",
    "color-foreground-muted": "#98a2ac",
    "color-background-primary": DARK["paper"],
    "color-background-secondary": "#1b1f24",
    "color-brand-primary": "#8fc1f0",
    "color-brand-content": "#8fc1f0",
    "color-brand-visited": "#8fc1f0",
    "color-checked": "#7ecb96",
    "color-predict": "#c6a4ff",
    "color-predict-paper": "#201b2b",
}


PLAIN = {Name, Name.Namespace, Name.Other, Punctuation, Text.Whitespace}


class Colored(HtmlFormatter):
    """Code in which an element marks a color: what has that of the text has none.

    A chapter has 9,000 such parts, of which a phone would lay out each.
    """

    def format(self, tokensource, outfile):
        super().format(
            ((Text if kind in PLAIN else kind, text) for kind, text in tokensource), outfile
        )


def palette(colors):
    """Return bookkit's figure colors as the variables that its themed SVG asks for."""
    return {f"figure-{name}": color for name, color in colors.items()}


def set_options(app, config):
    # Jupyter Book fills these with options of its own theme, which Furo does not know.
    config.html_theme_options = {
        "light_css_variables": LIGHT_PAGE | palette(LIGHT),
        "dark_css_variables": DARK_PAGE | palette(DARK),
    }


def setup(app):
    app.setup_extension("furo")  # early, or its pygments_dark_style would not be known yet
    PygmentsBridge.html_formatter = Colored
    app.connect("config-inited", set_options)
    # Jupyter Book sets it for an extension that this book does not load.
    app.add_config_value("comments_config", {}, "")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
