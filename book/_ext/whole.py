"""A site is whole or is made anew: one set of sources, written by one build to its end.

The last act of a good build is to note what it read and what it made. Where the note is missing
or something made is not as noted, the next build trusts nothing but the executed notebooks.
Where another source than a chapter has changed, it writes all pages into an empty folder, from what
it knows of the pages read before: nothing of the old site is left over in the new one. Where chapters
alone have changed, and nothing that other pages show of them, their pages alone are written.
"""

import hashlib
import json
import re
import shutil
from pathlib import Path

from docutils import nodes

from execution import digest
from page_finds import found_on

NOTE = ".whole.json"
CHAPTER = re.compile(r"\d\d_\w+\.(ipynb|md)")


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
    """Return a hash of all that the site is made from but the chapters, whose changes Sphinx sees."""
    root = Path(app.srcdir)
    files = [*root.glob("_*.yml"), *root.glob("src/bookkit/scripts/*")]
    files += [p for p in root.glob("book/**/*") if p.is_file()]
    skipped = ("__pycache__", ".ipynb_checkpoints")
    files = [path for path in files if not set(path.parts) & set(skipped)]
    files = [p for p in files if p.parent.name != "book" or not CHAPTER.fullmatch(p.name)]
    return digest(root, files, Path(app.config.nb_execution_cache_path).name)


def shown(env):
    """Return a hash of what pages show of each other: titles, sections, numbers, labels, errata."""
    labels, equations = env.get_domain("std").data, env.get_domain("math").equations
    tocs = [
        (
            name,
            [(section["anchorname"], section.astext()) for section in toc.findall(nodes.reference)],
        )
        for name, toc in sorted(env.tocs.items())
    ]
    found = (found_on(env, name) for name in ("errata", "glossary_forms"))
    tables = (labels["labels"], labels["anonlabels"], equations, *found)
    state = repr((tocs, [sorted(table.items()) for table in tables]))
    return hashlib.sha256(state.encode()).hexdigest()


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
    config.site_shown = before.get("shown", "")
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


def renew(app, env):
    """Return all pages where a chapter has changed in what other pages show of it.

    Otherwise those with entries of an index: Sphinx's search index forgets them of a page not written.
    """
    if shown(env) != app.config.site_shown:
        return sorted(env.found_docs)
    return sorted(page for page, entries in env.get_domain("index").entries.items() if entries)


def sweep(app, exception):
    """Remove the data of explorers that no page has any more."""
    site = Path(app.outdir)
    data = list(site.glob("_static/explorers/*.js"))
    if exception is None and data:
        pages = "".join(path.read_text("utf8") for path in site.glob("book/*.html"))
        for path in data:
            if f"explorers/{path.name}" not in pages:
                path.unlink()


def end(app, exception):
    # with warnings a build is not good: Sphinx would not repeat them for pages it knows
    if exception is None and app.builder.name == "html" and not app._warncount:
        build, config = Path(app.outdir).parent, app.config
        note = {"read": config.site_sources, "shown": shown(app.env), "made": made(build)}
        (build / NOTE).write_text(json.dumps(note, indent=0), "utf8")


def setup(app):
    app.add_config_value("site_sources", "", "html")
    app.add_config_value("site_shown", "", "")
    # after execution.py has chosen its cache, before the pages known are loaded
    app.connect("config-inited", begin, priority=850)
    app.connect("env-updated", renew)
    app.connect("build-finished", sweep, priority=850)
    app.connect("build-finished", end, priority=999)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
