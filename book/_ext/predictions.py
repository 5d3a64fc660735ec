"""A prediction stands before what answers it; a script hides the answer until it is made.

An admonition of the class predict becomes a question with its list as choices, and what follows it
in its section becomes one box. Without a script everything is open.
"""

from docutils import nodes
from sphinx.transforms import SphinxTransform


class Predictions(SphinxTransform):
    default_priority = 450

    def apply(self):
        found = [n for n in self.document.findall(nodes.admonition) if "predict" in n["classes"]]
        for count, node in enumerate(reversed(found)):  # an inner box is made before an outer one
            name = f"prediction-{len(found) - count}"
            box = nodes.container("", *asked(node, name), classes=["prediction"], ids=[name])
            section = node.parent
            at = section.index(node)
            behind = [n for n in section.children[at + 1 :] if not isinstance(n, nodes.section)]
            inner = section.children[at + 1 + len(behind) :]
            section.children = section.children[:at]
            section.extend([box, nodes.container("", *behind, classes=["answer"]), *inner])


def asked(node, name):
    """Return the prediction's content: its title, the question, the choices as radio buttons."""
    _title, *content = node.children
    html = []
    for part in content:
        if isinstance(part, nodes.bullet_list):
            for i, item in enumerate(part.children):
                words = [child for paragraph in item.children for child in paragraph.children]
                html += [
                    raw(f'<label><input type="radio" name="{name}" value="{i}"> '),
                    *words,
                    raw("</label>"),
                ]
        else:
            html.append(part)
    at = next(i for i, part in enumerate(html) if isinstance(part, nodes.raw))
    choices = nodes.paragraph("", "", *html[at:])
    return [
        raw("<form><fieldset><legend>Predict first</legend>"),
        *html[:at],
        choices,
        raw('</fieldset><button type="button" class="skip">Skip</button></form>'),
    ]


def raw(text):
    return nodes.raw("", text, format="html")


def add_script(app, pagename, templatename, context, doctree):
    if doctree is not None and any(
        "prediction" in node["classes"] for node in doctree.findall(nodes.container)
    ):
        app.add_js_file("predict.js", loading_method="defer")


def setup(app):
    app.add_transform(Predictions)
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
