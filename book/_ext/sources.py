"""Look at the sources before anything reads them: a fault is told with its file and cure."""

import json
import re
from pathlib import Path

from sphinx.errors import SphinxError
from sphinx_external_toc.parsing import parse_toc_yaml

CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.M)
BACK = "bring back the last good version, with git checkout or from a backup"


class SourceError(SphinxError):
    """A source cannot be built; the message names it and says what to do."""

    category = "The book was not built"


def check(root):
    """Raise SourceError if the book in this folder is not one that can be built."""
    listed = set(parse_toc_yaml(root / "_toc.yml"))
    found = {}
    for path in sorted([*root.glob("book/*.ipynb"), *root.glob("book/*.md")]):
        found.setdefault(path.relative_to(root).with_suffix("").as_posix(), []).append(path)
    faults = [
        f"{name} is listed in _toc.yml, and there is neither {name}.ipynb nor {name}.md"
        for name in sorted(listed - set(found))
    ]
    for name, paths in found.items():
        names = [path.relative_to(root).as_posix() for path in paths]
        if name not in listed:
            faults.append(f"{names[0]} is not listed in _toc.yml: list it, or move it elsewhere")
        if len(paths) > 1:
            faults.append(f"{' and '.join(names)} would be one page: keep one")
        faults += [
            f"{named} {what}"
            for named, path in zip(names, paths, strict=True)
            if (what := fault(path))
        ]
    if faults:
        raise SourceError("\n".join(faults))


def fault(path):
    """Return what makes a source unreadable, and the cure; None for a sound one."""
    data = path.read_bytes()
    try:
        text = data.decode("utf8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return f"is not UTF-8: byte 0x{data[error.start]:02x} in line {line}; save it as UTF-8"
    if marker := CONFLICT.search(text):
        line = text.count("\n", 0, marker.start()) + 1
        return f"has a merge conflict: line {line} is a marker; settle it, or {BACK}"
    if path.suffix != ".ipynb":
        return None
    try:
        notebook = json.loads(text)
    except json.JSONDecodeError as error:
        return f"is no notebook: {error.msg} in line {error.lineno}, of JSON; {BACK}"
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or notebook.get("nbformat") != 4:
        return f"is no notebook of format 4 with a list of cells; {BACK}"
    return None


def setup(app):
    # before all that reads a source
    app.connect("config-inited", lambda app, config: check(Path(app.srcdir)), priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
