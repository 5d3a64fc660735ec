"""Link each objective of a chapter with the exercises that assess it, both ways."""

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

HEAD = re.compile(r"Exercise (\d+\.\d+) \((\w+), level (\d), ([a-z-]+)\)\.")


class LinkObjectives(SphinxTransform):
    default_priority = 410

    def apply(self):
        exercises = {}  # slug → [(number, anchor)]
        for paragraph in self.document.findall(nodes.paragraph):
            if found := HEAD.match(paragraph.astext()):
                number, _kind, _level, slug = found.groups()
                anchor = f"exercise-{number.replace('.', '-')}-question"
                paragraph["ids"].append(anchor)
                exercises.setdefault(slug, []).append((number, anchor))
                for name in paragraph.findall(nodes.emphasis):
                    name.replace_self(link(slug, f"objective-{slug}"))
                    break
        for item in self.document.findall(nodes.list_item):
            strong = next(iter(item.findall(nodes.strong)), None)
            slug = strong.astext() if strong is not None else ""
            if slug in exercises and f"objective-{slug}" not in self.document.ids:
                item["ids"].append(f"objective-{slug}")
                paragraph = item.children[0]
                paragraph += nodes.inline("", "", *links(exercises[slug]), classes=["assessed"])


def links(exercises):
    found = [nodes.Text(" ")]
    for number, anchor in exercises:
        found += [link(number, anchor), nodes.Text(" ")]
    return found


def link(text, anchor):
    return nodes.reference("", text, refid=anchor, internal=True)


def setup(app):
    app.add_transform(LinkObjectives)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
