"""One archive to run the course with: the notebooks, a wheel of the two packages, pinned versions.

The site carries it beside its pages.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from sphinx.errors import SphinxError

from execution import digest

NAME = "the-four-equations.zip"
KINDS = (".py", ".js", ".css")  # of the files in src/
BESIDE = ("pyproject.toml", "README.md", "LICENSE")  # of src/, in the wheel
NEEDED = ("numpy", "matplotlib", "scikit-learn", "sympy", "tqdm", "cloudpickle", "ipywidgets",
          "jupyterlab", "jupyterlab-myst")  # fmt: skip
EPOCH = (1980, 1, 1, 0, 0, 0)  # two builds give the same bytes
COMMANDS = """You need Python 3.11 or newer. In this folder, two commands:

    python -m pip install -r requirements.txt
    jupyter lab {first}

The first installs Jupyter and the two packages that the notebooks import, from the wheel beside
this file. An environment of its own keeps them apart from others: python -m venv .venv
"""
README = f"The Four Equations, to run on a machine of your own.\n\n{COMMANDS}"


def build_wheel(root, folder, edit=lambda source: None):
    """Build the wheel of src/ in folder, after an edit of the copy of it, and return its path."""
    shutil.rmtree(folder, ignore_errors=True)
    source = folder / "source"
    shutil.copytree(
        root / "src", source / "src", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__")
    )
    for name in BESIDE:
        shutil.copy(root / name, source / name)
    edit(source / "src")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    command += ["--disable-pip-version-check", "--no-index", "-w", folder, source]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "315532800"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise SphinxError(f"the wheel of src/ was not built:\n{done.stderr.strip()}")
    shutil.rmtree(source)
    return next(folder.glob("*.whl"))


def pinned(root, wheel):
    """Return the requirements of the archive: the versions of requirements.in, and the wheel."""
    stated = (root / "requirements.in").read_text("utf8")
    versions = dict(re.findall(r"^([\w.-]+)==(\S+)$", stated, re.M))
    return "".join(f"{name}=={versions[name]}\n" for name in NEEDED) + f"./{wheel.name}\n"


def members(root, notebooks, wheel, readme):
    """Return {name: bytes} of an archive of these notebooks, {name: bytes}, and of this wheel."""
    return notebooks | {
        wheel.name: wheel.read_bytes(),
        "requirements.txt": pinned(root, wheel).encode(),
        "README.txt": readme.format(first=min(notebooks)).encode(),
        "LICENSE": (root / "LICENSE").read_bytes(),
    }


def write(path, members):
    """Write a zip file of {name: bytes}, the same bytes for the same members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(members.items()):
            entry = zipfile.ZipInfo(f"the-four-equations/{name}", EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)


def add_archive(app, exception):
    """Put the archive beside the pages of a good build."""
    root = Path(app.srcdir)
    if exception is not None or app.builder.name != "html" or not has_archive(app):
        return
    notebooks = [root / f"{name}.ipynb" for name in sorted(app.env.found_docs)]
    notebooks = [path for path in notebooks if path.exists()]
    held = {path.name: path.read_bytes() for path in notebooks}
    wheel = kept_wheel(root, Path(app.outdir).parent / "archive")
    write(Path(app.outdir) / NAME, members(root, held, wheel, README))


def kept_wheel(root, folder):
    """Return the wheel of src/ in folder; it is built again when what it is made of has changed."""
    made_of = [root / name for name in (*BESIDE, "book/_ext/archive.py")]
    made_of += [path for path in root.glob("src/*/**/*.*") if path.suffix in KINDS]
    state, stamp = digest(root, made_of), folder / "state.json"
    if not stamp.exists() or json.loads(stamp.read_text("utf8")) != state:
        build_wheel(root, folder)
        stamp.write_text(json.dumps(state), "utf8")
    return next(folder.glob("*.whl"))


def lead_there(app, pagename, templatename, context, doctree):
    context["archive"] = NAME if has_archive(app) else ""


def has_archive(app):
    """Return whether this is the book, and not a small one that a test builds."""
    return (Path(app.srcdir) / "requirements.in").exists()


def setup(app):
    app.connect("html-page-context", lead_there)
    app.connect("build-finished", add_archive, priority=200)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
