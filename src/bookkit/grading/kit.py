"""What a submission may import: the two packages, without the tables of the exercises."""

import shutil
from pathlib import Path

import matplotlib
import matplotlib.font_manager

import backprop
import bookkit

HIDDEN = Path(bookkit.__file__).resolve().parent / "exercises"
# pictures are not looked at, and take longer than all the rest
QUIET = {"explore.py": "explore", "figures.py": "show"}
STAND_IN = '"""grade, as a submission calls it: answering.py puts it here."""\n'


def laid_out(folder: Path):
    """Copy to folder what is needed inside a sandbox, for all to read."""
    for package in (backprop, bookkit):
        source = Path(package.__file__).resolve().parent
        unneeded = shutil.ignore_patterns("chapter_*.py", "__pycache__", "*.pyc", "scripts")
        shutil.copytree(source, folder / package.__name__, ignore=unneeded)
    (folder / "bookkit" / "exercises" / "__init__.py").write_text(STAND_IN, "utf8")
    for name, function in QUIET.items():
        with (folder / "bookkit" / name).open("a", encoding="utf8") as file:
            file.write(f"\n\ndef {function}(*_, **__):\n    return None\n")
    # or every submission would look at all fonts of the machine
    cache = folder / "matplotlib"
    cache.mkdir()
    for path in Path(matplotlib.get_cachedir()).glob("fontlist*.json"):
        shutil.copy(path, cache)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder
