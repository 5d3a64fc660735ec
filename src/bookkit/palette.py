"""The colors of the figures: one for each quantity, in a light and a dark version.

Apart from figures, so that the build of the site can use them without Matplotlib.
"""

import re

# ink, muted, grid and paper are for what carries no quantity. Contrast with paper is at least 4.5.
LIGHT = {
    "ink": "#1f2329", "muted": "#5b6470", "grid": "#d6dae0", "paper": "#ffffff",
    "forward": "#0b5fae", "error": "#b4232a", "weight": "#10703f", "data": "#8a5300",
    "truth": "#6d3fb0",
}  # fmt: skip
DARK = {
    "ink": "#e6e9ee", "muted": "#a3adb8", "grid": "#3b434e", "paper": "#14181e",
    "forward": "#70b5ff", "error": "#ff8f87", "weight": "#5fd59a", "data": "#e9b04d",
    "truth": "#c6a4ff",
}  # fmt: skip


def themed(svg, prefix):
    """Return an <svg> whose colors follow the page's theme and whose ids are its own.

    Each color of the palette becomes var(--figure-NAME, #hex); ids get the prefix; the fixed size
    goes, so that the figure scales with the page.
    """
    svg = svg[svg.index("<svg") :]
    for name, color in LIGHT.items():
        svg = re.sub(color, f"var(--figure-{name}, {color})", svg, flags=re.I)
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{prefix}-", svg)
    return re.sub(r' width="[\d.]+" height="[\d.]+"', "", svg, count=1)


def boxed(svg, *others):
    """Return the themed <svg> in the box that book.css lays out.

    The box says how large the figure and its smallest text are drawn, so that the text stays
    readable on a phone and the room is kept while the figure waits. others are further frames of
    the same figure. An index or exponent is as small as its letter makes it, and does not count.
    """
    size = re.search(r'viewBox="0 0 (\S+) (\S+)"', svg)
    width, height = size.groups() if size else (403.2, 216)
    texts = re.findall(r"<text.*?</text>", svg + "".join(others), flags=re.S)
    sizes = [list(map(float, re.findall(r"font(?:-size)?: ([\d.]+)px", text))) for text in texts]
    smallest = min((max(found) for found in sizes if found), default=12)
    style = f"--width: {width}; --height: {height}; --text: {smallest:g}"
    return f'<div class="figure-svg" style="{style}">{svg}</div>'
