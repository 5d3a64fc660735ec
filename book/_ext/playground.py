"""The playground, its recipes, links to them, and the scripts and the style of their page."""

import html
from pathlib import Path

from bookkit import playground, scripted
from docutils import nodes
from sphinx.util.docutils import ReferenceRole, SphinxDirective

PAGE = "book/playground"
SOURCE = "playground/source.js"


def noted(env):
    """Have the page made again when the code behind it changes."""
    for path in (Path(playground.__file__), *scripted.SCRIPTS.glob("playground*")):
        env.note_dependency(str(path))


def linked(state, words):
    """Return the link that sets the playground to a state."""
    link = html.escape(f"#playground:{state['address']}")
    return nodes.raw("", f'<a href="{link}">{words}</a>', format="html")


class Playground(SphinxDirective):
    """The playground, with the first picture."""

    def run(self):
        noted(self.env)
        return [nodes.raw("", playground.page(), format="html")]


class Recipes(SphinxDirective):
    """Each recipe with a link that holds its settings, what is to be seen, why, and the chapter."""

    def run(self):
        noted(self.env)
        listed = nodes.bullet_list(classes=["pg-recipes"])
        for recipe in playground.recipes():
            item, words = nodes.list_item(), nodes.paragraph()
            words += linked(recipe, f"<b>{html.escape(recipe['name'])}</b>")
            told, messages = self.state.inline_text(
                f". Train {recipe['train']}. {recipe['see']} {recipe['why']} "
                f"{{doc}}`{recipe['chapter']}`.",
                self.lineno,
            )
            words += told
            if beside := recipe.get("beside"):
                words += nodes.Text(" Keep the curve, and see beside it: ")
                words += [linked(beside, html.escape(beside["name"])), nodes.Text(".")]
            item += [words, *messages]
            listed += item
        return [listed]


class Try(ReferenceRole):
    """A link from another page: playground `words`, or `words <name of a recipe>` for its settings."""

    def run(self):
        noted(self.env)
        state = ""
        if self.has_explicit_title:
            found = [r["address"] for r in playground.recipes() if r["name"] == self.target]
            if not found:
                message = self.inliner.reporter.error(
                    f"The playground has no recipe {self.target!r}."
                )
                return [], [message]
            state = f":{found[0]}"
        page = self.env.app.builder.get_relative_uri(self.env.docname, PAGE)
        link = f'<a class="reference internal" href="{html.escape(f"{page}#playground{state}")}">'
        return [nodes.raw("", f"{link}{html.escape(self.title)}</a>", format="html")], []


def add_assets(app, pagename, templatename, context, doctree):
    if doctree is None or 'id="playground"' not in "".join(
        node.astext() for node in doctree.findall(nodes.raw)
    ):
        return
    path = Path(app.outdir, "_static", SOURCE)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(playground.script(), "utf8")
    app.add_css_file("playground.css")
    for name in (SOURCE, *(f"{stem}.js" for stem in playground.VIEW)):
        app.add_js_file(name, loading_method="defer")


def setup(app):
    app.add_directive("playground", Playground)
    app.add_directive("playground-recipes", Recipes)
    app.add_role("playground", Try())
    app.connect("html-page-context", add_assets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
