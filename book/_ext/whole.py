"""A site is whole or is made anew: one set of sources, written by one build to its end.

The last act of a good build is to note what it read and what it made. Where the note is missing
or something made is not as noted, the next build trusts nothing but the executed notebooks.
Where only a source has changed, it writes all pages into an empty folder, from what it knows of
the pages read before: nothing of the old site is left over in the new one.
"""

import json
import shutil
from pathlib import Path

from execution import digest

NOTE = ".whole.json"


def made(build):
    """Return {file: [size, time of change]} of all that a build makes, its caches aside."""
    folders = ("html", ".doctrees", "jupyter_execute")
    return {
        path.relative_to(build).as_posix(): [path.stat().st_size, path.stat().st_mtime_ns]
        for folder in folders
        for path in sorted(build.glob(f"{folder}/**/*"))
        if path.is_file()
    }


def read(app):
    """Return a hash of all that the site is made from."""
    root = Path(app.srcdir)
    files = [*root.glob("_*.yml"), *root.glob("src/bookkit/scripts/*")]
    files += [p for p in root.glob("book/**/*") if p.is_file()]
    skipped = ("__pycache__", ".ipynb_checkpoints")
    files = [path for path in files if not set(path.parts) & set(skipped)]
    return digest(root, files, Path(app.config.nb_execution_cache_path).name)


def begin(app, config):
    build = Path(app.outdir).parent
    note = build / NOTE
    try:
        before = json.loads(note.read_text("utf8"))
    except (OSError, ValueError):
        before = {}
    note.unlink(missing_ok=True)
    # known from here on: what changes while it is built belongs to the next build
    config.site_sources = read(app)
    if before.get("made") != made(build):
        stale = [Path(app.outdir), Path(app.doctreedir), build / "jupyter_execute"]
    elif before["read"] != config.site_sources:
        stale = [Path(app.outdir)]
    else:
        stale = []
    for folder in stale:
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir()


def end(app, exception):
    # with warnings a build is not good: Sphinx would not repeat them for pages it knows
    if exception is None and app.builder.name == "html" and not app._warncount:
        build = Path(app.outdir).parent
        note = json.dumps({"read": app.config.site_sources, "made": made(build)}, indent=0)
        (build / NOTE).write_text(note, "utf8")


def setup(app):
    app.add_config_value("site_sources", "", "html")
    # after execution.py has chosen its cache, before the pages known are loaded
    app.connect("config-inited", begin, priority=850)
    app.connect("build-finished", end, priority=999)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
