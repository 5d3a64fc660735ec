"""The rule of .venv: proven complete, from these versions, here, by the Python asked for, or anew.

A stand-in installs nothing but a program; the Makefile is called with stand-ins for Python.
"""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT

SCRIPT = ROOT / "tools/environment.py"
spec = importlib.util.spec_from_file_location("environment", SCRIPT)
environment = importlib.util.module_from_spec(spec)
spec.loader.exec_module(environment)

FOREIGN = {
    "PYTHONPATH": "/foreign",
    "PYTHONHOME": "/foreign",
    "PYTHONSTARTUP": "/foreign/startup.py",
    "PYTHONOPTIMIZE": "1",
    "JUPYTER_PATH": "/foreign",
    "JUPYTER_CONFIG_PATH": "/foreign",
    "IPYTHONDIR": "/foreign",
    "MATPLOTLIBRC": "/foreign",
}


def program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", "utf8")
    path.chmod(0o755)
    return path


def install(root, venv, keep):
    program(venv / "bin/python", "")


def refuse(root, venv, keep):
    pytest.fail("made again for no reason")


def stop(error):
    def install(root, venv, keep):
        program(venv / "bin/python", "")
        raise error

    return install


@pytest.fixture
def root(tmp_path):
    """Return a clone, in a folder with a space, whose .venv is complete."""
    root = tmp_path / "a clone"
    for name in ("Makefile", *environment.INPUTS):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    assert environment.make(root, install)
    (root / ".venv/old").touch()
    return root


def anew(root):
    return environment.make(root, install) and not (root / ".venv/old").exists()


def test_a_complete_environment_stays(root):
    assert not environment.make(root, refuse)


def test_times_are_no_reason(root):
    for name in environment.INPUTS:
        os.utime(root / name, (2**31, 2**31))
    assert not environment.make(root, refuse)


@pytest.mark.parametrize("name", environment.INPUTS)
def test_changed_content_is_a_reason_and_named(root, name, capfd):
    with (root / name).open("a") as file:
        file.write("# changed\n")
    os.utime(root / name, (0, 0))
    assert anew(root)
    assert capfd.readouterr().out == f".venv is made anew; changed: {name}\n"


@pytest.mark.parametrize("record", [None, "", "{", "[]", "{}"])
def test_an_environment_without_its_record_is_made_anew(root, record, capfd):
    (root / ".venv/ready").unlink()
    if record is not None:
        (root / ".venv/ready").write_text(record, "utf8")
    assert anew(root)
    assert capfd.readouterr().out == ".venv is made anew; it is not complete\n"


def test_an_environment_whose_python_is_gone_is_made_anew(root):
    (root / ".venv/bin/python").unlink()
    (root / ".venv/bin/python").symlink_to("/nowhere/python3")
    assert anew(root)


def test_a_copied_clone_does_not_use_the_environment_of_the_original(root, capfd):
    copy = root.with_name("copy")
    shutil.copytree(root, copy, symlinks=True)
    assert anew(copy)
    assert capfd.readouterr().out == ".venv is made anew; changed: the folder\n"
    assert (root / ".venv/old").exists()


def test_another_python_is_a_reason(root, monkeypatch, capfd):
    monkeypatch.setattr(sys, "version", "3.99.0")
    assert anew(root)
    assert capfd.readouterr().out == ".venv is made anew; changed: Python\n"


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), subprocess.CalledProcessError(1, ["uv"]), OSError("disk full")]
)
def test_a_stopped_installation_leaves_nothing(root, error):
    (root / ".venv/ready").unlink()
    with pytest.raises(type(error)):
        environment.make(root, stop(error))
    assert not (root / ".venv").exists()


def test_what_says_complete_is_removed_first(root, monkeypatch):
    monkeypatch.setattr(shutil, "rmtree", lambda path: None)  # as if killed there
    environment.remove(root / ".venv")
    assert environment.recorded(root / ".venv") == {}


def test_of_two_calls_at_once_one_installs(root, monkeypatch):
    (root / ".venv/ready").unlink()

    def wait(file, operation):  # as long as the other call takes
        (root / ".venv/ready").write_text(json.dumps(environment.wanted(root)), "utf8")

    monkeypatch.setattr(environment.fcntl, "flock", wait)
    assert not environment.make(root, refuse)


def test_without_ensurepip_it_says_what_to_install(root, monkeypatch):
    (root / ".venv/ready").unlink()
    monkeypatch.setattr(environment, "find_spec", lambda name: None if name == "ensurepip" else 1)
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        environment.make(root, refuse)


def test_an_old_python_is_refused(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 1))
    with pytest.raises(SystemExit, match=r"3\.11 or newer is needed, this is 3\.10\.1"):
        environment.main()


def test_whatever_is_fetched_has_a_hash(root, monkeypatch):
    called = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: called.append(command))
    environment.install(root, root / ".venv", 0)
    fetching = [command for command in called if "install" in command and "." not in command]
    assert len(fetching) == 2
    assert all("--require-hashes" in command for command in fetching)
    assert "--no-deps" in called[-1]
    assert "--no-build-isolation" in called[-1]
    first = (root / ".venv/uv.txt").read_text("utf8").splitlines()
    assert first[0].startswith("uv==")
    assert len(first) > 1
    assert all(line.startswith("    --hash=sha256:") for line in first[1:])


def test_the_lock_has_every_package_and_hashes_alone():
    lock = (ROOT / "requirements.txt").read_text("utf8")
    locked = re.findall(r"^(\S+==\S+)", lock, re.MULTILINE)
    assert len(re.findall(r"^\S+==[^\n]*\\\n    --hash=", lock, re.MULTILINE)) == len(locked)
    assert "://" not in lock
    pins = re.findall(r"^\w\S+", (ROOT / "requirements.in").read_text("utf8"), re.MULTILINE)
    assert pins
    assert set(pins) <= set(locked), "run make lock"


def test_lighthouse_is_locked_by_hashes_alone():
    folder = ROOT / "tests/lighthouse"
    packages = json.loads((folder / "package-lock.json").read_text("utf8"))["packages"]
    wanted = json.loads((folder / "package.json").read_text("utf8"))["dependencies"]
    assert packages.pop("")["dependencies"] == wanted
    assert packages
    assert all(package["integrity"] for package in packages.values())
    assert not any("resolved" in package for package in packages.values())


def make(root, *arguments, **variables):
    """Call make as from a shell of its own, whatever called the tests."""
    outer = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "PYTHON"}
    inherited = {name: value for name, value in os.environ.items() if name not in outer}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(
        command, cwd=root, env=inherited | variables, check=True, capture_output=True, text=True
    ).stdout


def test_make_asks_the_python_given_or_that_of_the_environment_or_the_systems(root):
    names = {}
    for name in ("given", "standing", "python3"):
        names[name] = program(root.parent / name, f'echo {name} "$@"')
    (root / ".venv/bin/python").unlink()
    (root / ".venv/bin/python").symlink_to(names["standing"])
    program(root / ".venv/bin/python3", "echo wrong")
    path = {"PATH": f"{root.parent}:{os.environ['PATH']}"}
    called = "-I tools/environment.py\n"
    assert make(root, ".venv/ready", f"PYTHON={names['given']}", **path) == f"given {called}"
    assert make(root, ".venv/ready", "PYTHON=python3", **path) == f"python3 {called}"
    assert make(root, ".venv/ready", **path) == f"standing {called}"
    shutil.rmtree(root / ".venv")
    assert make(root, ".venv/ready", **path) == f"python3 {called}"


def test_make_finds_a_complete_environment_complete(root):
    (root / ".venv/bin/python").unlink()
    (root / ".venv/bin/python").symlink_to(os.path.realpath(sys.executable))
    for _ in range(2):
        assert make(root, ".venv/ready", **FOREIGN) == ""


def test_make_passes_nothing_foreign_on(root):
    (root / "probe.mk").write_text("include Makefile\nprobe:\n\t@env\n", "utf8")
    passed = dict(
        line.split("=", 1)
        for line in make(root, "-f", "probe.mk", "probe", **FOREIGN).splitlines()
        if "=" in line
    )
    assert not {name: passed[name] for name in FOREIGN if "foreign" in passed.get(name, "")}
    assert "PYTHONOPTIMIZE" not in passed
    assert passed["PATH"].startswith(f"{root}/.venv/bin:")
    assert passed["IPYTHONDIR"] == f"{root}/_build/ipython"
