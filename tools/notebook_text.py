"""Print a notebook as text, for `git diff`: its cells with their tags and what they printed."""

import json
import sys


def told(cell):
    """Return the lines of a cell: a head with its kind and tags, its source, its printed output."""
    tags = " ".join(cell["metadata"].get("tags", []))
    yield f"---- {cell['cell_type']} {tags}".rstrip()
    yield "".join(cell["source"])
    for output in cell.get("outputs", []):
        text = output.get("text") or output.get("data", {}).get("text/plain", "")
        yield "".join(f"    > {line}\n" for line in "".join(text).splitlines()).rstrip("\n")


with open(sys.argv[1], encoding="utf8") as file:
    for cell in json.load(file)["cells"]:
        print(*told(cell), sep="\n")
