"""Run the notebooks again when the code that they import has changed.

jupyter-cache knows a notebook by its cells alone. The cache of one state of src/, the
pinned packages and of Python is therefore its own folder; those of other states go, and so
does what a killed run has left unfinished.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path


def digest(root, paths, *more):
    """Return a short hash of the files' places in root and of their contents."""
    state = hashlib.sha256(repr(more).encode())
    for path in sorted(paths):
        content = hashlib.sha256(path.read_bytes()).digest()
        state.update(path.relative_to(root).as_posix().encode() + b"\0" + content)
    return state.hexdigest()[:16]


def drop_damaged(cache):
    """Remove what was cut short: a notebook from the cache, or the cache."""
    if not cache.is_dir():
        return
    try:
        with closing(sqlite3.connect(cache / "global.db")) as database:
            sound = database.execute("pragma quick_check").fetchall() == [("ok",)]
            tables = database.execute("select name from sqlite_master").fetchall()
            keys = [key for [key] in database.execute("select hashkey from nbcache")]
            for key in keys:
                notebook = cache / "executed" / key / "base.ipynb"
                if not readable(notebook):
                    shutil.rmtree(notebook.parent, ignore_errors=True)
                    database.execute("delete from nbcache where hashkey = ?", [key])
            database.commit()
    except sqlite3.Error:
        sound, tables = False, []
    if not sound or not {("nbcache",), ("nbproject",), ("settings",)} <= set(tables):
        shutil.rmtree(cache)


def readable(notebook):
    try:
        json.loads(notebook.read_text("utf8"))
    except (OSError, ValueError):
        return False
    return True


def choose_cache(app, config):
    root = Path(app.srcdir)
    imported = [
        *root.glob("src/**/*.py"),
        *root.glob("src/bookkit/scripts/*.js"),  # they draw the explorers' first pictures
        *root.glob("requirements.txt"),
    ]
    # the playground is in no notebook
    imported = [path for path in imported if not path.stem.startswith("playground")]
    caches = Path(app.outdir).parent / ".jupyter_cache"
    current = caches / digest(root, imported, sys.version_info[:3])
    for stale in caches.iterdir() if caches.is_dir() else ():
        if stale != current:
            shutil.rmtree(stale)
    drop_damaged(current)
    # bookkit.explore then gives its static face, with `jupyter-book build .` too
    os.environ["BOOK_BUILD"] = str(current)
    # A new value of either makes Sphinx read all pages again.
    config.nb_execution_cache_path = str(current)
    glue = Path(__file__).parent
    config.site_digest = digest(glue, [*glue.glob("*.py"), *glue.glob("*.js")])


def setup(app):
    app.add_config_value("site_digest", "", "env")
    app.connect("config-inited", choose_cache)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
