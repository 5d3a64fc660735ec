"""Make .venv unless it is proven complete; the Python that runs this is the one that was asked for.

.venv/ready is written last and says what .venv was made from. Where it is missing, or says
anything else than what is wanted now, .venv is removed whole and made anew.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INPUTS = ("requirements.txt", "pyproject.toml", "tools/environment.py")


def wanted(root):
    """Return what .venv in root is to be made from, by content: times say nothing."""
    state = {
        "the folder": str(root),
        "Python": f"{sys.version} in {os.path.realpath(sys.base_prefix)}",
    }
    for name in INPUTS:
        state[name] = hashlib.sha256((root / name).read_bytes()).hexdigest()
    return state


def recorded(venv):
    """Return what venv was made from, or nothing where it is not proven complete."""
    try:
        state = json.loads((venv / "ready").read_text("utf8"))
    except (OSError, ValueError):
        return {}
    usable = isinstance(state, dict) and os.access(venv / "bin/python", os.X_OK)
    return state if usable else {}


def install(root, venv, keep):
    """Install the locked packages and this one; each file must have the hash of the lock."""

    def run(*command):
        subprocess.run(command, cwd=root, check=True, pass_fds=[keep])

    run(sys.executable, "-I", "-m", "venv", venv)
    python, uv = venv / "bin/python", venv / "bin/uv"
    lock = (root / "requirements.txt").read_text("utf8")
    first = venv / "uv.txt"
    first.write_text(re.search(r"^uv==(.*\\\n)*.*\n", lock, re.MULTILINE)[0], "utf8")
    locked = ["--require-hashes", "-r"]
    run(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *locked, first)
    packages = [uv, "pip", "install", "-q", "--python", python]
    run(*packages, *locked, "requirements.txt")
    run(*packages, "--no-deps", "--no-build-isolation", "-e", ".")


def remove(venv):
    """Remove venv; first what says that it is complete, for the case that this is stopped."""
    (venv / "ready").unlink(missing_ok=True)
    if venv.is_symlink():
        venv.unlink()
    elif venv.exists():
        shutil.rmtree(venv)


def make(root, install=install):
    """Make root's .venv where the one that stands is not what is wanted; return whether."""
    venv = root / ".venv"
    want = wanted(root)
    if recorded(venv) == want:
        return False
    # Held by what is started from here too: an installer that outlives this is waited for.
    with (root / "tools/environment.py").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        have = recorded(venv)
        if have == want:
            return False
        if not (find_spec("venv") and find_spec("ensurepip")):
            sys.exit(
                f"error: {sys.executable} comes without venv or ensurepip;"
                " Debian and Ubuntu have them in a package: apt-get install python3-venv"
            )
        if venv.exists():
            differs = ", ".join(part for part in want if have.get(part) != want[part])
            why = f"changed: {differs}" if have else "it is not complete"
            print(f".venv is made anew; {why}", flush=True)
        try:
            remove(venv)
            install(root, venv, lock.fileno())
            (venv / "ready").write_text(json.dumps(want, indent=1) + "\n", "utf8")
        except BaseException:
            remove(venv)
            raise
    return True


def main():
    if sys.version_info < (3, 11):  # noqa: UP036 (asked for may be any)
        found = ".".join(map(str, sys.version_info[:3]))
        sys.exit(
            f"error: Python 3.11 or newer is needed, this is {found}; try: make PYTHON=python3.12"
        )
    try:
        make(ROOT)
    except subprocess.CalledProcessError as error:
        program = Path(error.cmd[0]).name
        sys.exit(
            f"error: {program} failed, see above; .venv is removed, nothing half-made stays."
            " README.md says what a proxy needs"
        )
    except KeyboardInterrupt:
        sys.exit("stopped; .venv is removed")


if __name__ == "__main__":
    main()
