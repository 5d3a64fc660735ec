"""Run the notebooks again when the code that they import has changed.

jupyter-cache knows a notebook by its cells alone. The cache of one state of src/, the
pinned packages and of Python is therefore its own folder; those of other states go.
"""

import hashlib
import os
import shutil
import sys
from pathlib import Path


def digest(paths, *more):
    """Return a short hash of the files' contents."""
    state = hashlib.sha256(repr(more).encode())
    for path in sorted(paths):
        state.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return state.hexdigest()[:16]


def choose_cache(app, config):
    root = Path(app.srcdir)
    imported = [
        *root.glob("src/**/*.py"),
        *root.glob("requirements.txt"),
        *root.glob("constraints.txt"),
    ]
    caches = Path(app.outdir).parent / ".jupyter_cache"
    current = caches / digest(imported, sys.version_info[:3])
    for stale in caches.iterdir() if caches.is_dir() else ():
        if stale != current:
            shutil.rmtree(stale)
    # A new value of either makes Sphinx read all pages again.
    config.nb_execution_cache_path = str(current)
    config.site_digest = digest(Path(__file__).parent.glob("*.py"))


def setup(app):
    # bookkit.explore then gives its static face, with `jupyter-book build .` too
    os.environ["BOOK_BUILD"] = "1"
    app.add_config_value("site_digest", "", "env")
    app.connect("config-inited", choose_cache)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
