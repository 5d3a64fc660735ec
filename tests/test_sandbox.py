"""What a submission can do: say its answers. What it tries besides, it is told that it cannot."""

import os
import socket
import tempfile
import threading
import time
from pathlib import Path

import pytest
from conftest import ROOT

from bookkit.grading import landlock, sandbox
from bookkit.grading.channel import Lost
from bookkit.grading.submissions import Session

BEGIN = "from bookkit.exercises import grade\n"
LIMITS = sandbox.Limits(seconds=8, cell=4, memory=2**30, files=2**24, processes=24)


@pytest.fixture
def says(setting):
    """says(code): what the code gives as its answer to 0.1."""

    def run(code, **less):
        own = setting._replace(protected=setting.protected._replace(**less))
        deadline = time.monotonic() + own.limits.seconds
        with Session("one.py", (BEGIN + code).encode(), own, deadline) as session:
            session.hear()
            assert not session.problem
            return session.answers["0.1"]

    return run


def needs(setting, what):
    if not getattr(setting.protected, what):
        pytest.skip(f"this machine or user has no protection of {what}")


TRY = """
def tried(do):
    try:
        do()
    except BaseException as error:
        return type(error).__name__
    return "done"
"""


def test_an_answer_comes_out(says):
    assert says('grade("0.1", (1.5, [True, "a"]))') == (1.5, [True, "a"])


def test_the_network_is_cut(says, setting):
    needs(setting, "namespaces")
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = f"""
import socket
grade("0.1", tried(lambda: socket.create_connection(("127.0.0.1", {server.getsockname()[1]}), 2)))
"""
        assert says(TRY + code) == "OSError"
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):
            server.accept()


def test_sockets_that_are_files_are_not_there(says, setting):
    needs(setting, "namespaces")
    there = sorted(str(path) for path in Path("/run").iterdir())
    code = f"import os\ngrade('0.1', [p for p in {there} if os.path.exists(p)])"
    assert set(says(code)) <= {"/run/mount"}  # mount itself notes there what it has done


@pytest.mark.parametrize(
    "path",
    [
        ROOT / "src/bookkit/exercises/chapter_05.py",
        ROOT / "src/bookkit/exercises/__init__.py",
        ROOT / "README.md",
        Path("/etc/passwd"),
        Path("/proc/1/environ"),
    ],
)
def test_files_cannot_be_read(says, setting, path):
    needs(setting, "files")
    assert (
        says(f'{TRY}\ngrade("0.1", tried(lambda: open({str(path)!r}).read()))') == "PermissionError"
    )


def test_the_tables_of_exercises_are_not_there(says):
    code = "import importlib\ngrade('0.1', tried(lambda: importlib.import_module(NAME)))"
    assert says(TRY + code.replace("NAME", "'bookkit.exercises.kinds'")) == "done"
    assert (
        says(TRY + code.replace("NAME", "'bookkit.exercises.chapter_05'")) == "ModuleNotFoundError"
    )


def test_files_elsewhere_cannot_be_written_or_removed(says, setting):
    needs(setting, "files")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "grades.csv"
        path.write_text("as it was")
        os.chmod(folder, 0o777)
        path.chmod(0o666)
        for do in ("open(PATH, 'w')", "os.remove(PATH)", "os.rename(PATH, PATH + 'x')"):
            code = f"import os\nPATH = {str(path)!r}\ngrade('0.1', tried(lambda: {do}))"
            assert says(TRY + code) == "PermissionError"
        assert path.read_text() == "as it was"


def test_its_own_folder_is_gone_afterward(says):
    code = "import os\nopen('mine', 'w').write('x')\ngrade('0.1', [os.getcwd(), *os.listdir()])"
    folder, *names = says(code)
    assert {"mine", "submission.py"} <= set(names)
    assert not Path(folder).exists()


WRITE = """
def write(count, size):
    for i in range(count):
        with open(str(i), "wb") as file:
            for _ in range(size):
                file.write(bytes(2**20))
"""


def test_a_file_has_a_limit(says):
    code = f"{TRY}{WRITE}\ngrade('0.1', tried(lambda: write(1, 10**4)))"
    assert says(code, namespaces=False) == "OSError"


def test_all_files_together_have_a_limit(says, setting):
    needs(setting, "namespaces")
    assert says(f"{TRY}{WRITE}\ngrade('0.1', tried(lambda: write(40, 2)))") == "OSError"


def test_memory_has_a_limit(says):
    assert says(f"{TRY}\ngrade('0.1', tried(lambda: bytearray(2**31)))") == "MemoryError"


def test_the_limits_cannot_be_raised(says):
    code = """
import resource
def raised():
    for what in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU):
        resource.setrlimit(what, (2**40, 2**40))
grade("0.1", tried(raised))
"""
    # root without a namespace of users may raise them: that is told as missing
    assert says(TRY + code) == "ValueError"


def test_nothing_of_the_environment_comes_in(says, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "of the teacher")
    assert "SECRET_TOKEN" not in says("import os\ngrade('0.1', list(os.environ))")


def test_input_is_at_its_end_and_output_goes_nowhere(says, capfd):
    code = "import sys\nprint('x' * 10**7)\nsys.stderr.write('y' * 10**7)\n"
    assert says(f"{code}grade('0.1', sys.stdin.read())") == ""
    assert capfd.readouterr() == ("", "")


def test_the_threads_of_this_user_are_counted():
    done = threading.Event()
    waiting = [threading.Thread(target=done.wait) for _ in range(5)]
    for thread in waiting:
        thread.start()
    found = sandbox._threads()
    done.set()
    assert found >= 6


def test_the_number_of_processes_has_a_limit(says, setting):
    needs(setting, "count")
    code = """
import os, time
def fork():
    for _ in range(500):
        if os.fork() == 0:
            time.sleep(60)
grade("0.1", tried(fork))
"""
    assert says(TRY + code) == "BlockingIOError"


@pytest.mark.parametrize("hide", ["", "os.setsid()\n        "])
def test_what_it_started_ends_with_it(setting, says, hide):
    if hide:
        needs(setting, "namespaces")
    code = f"""
import os, time
for _ in range(5):
    if os.fork() == 0:
        {hide}time.sleep(60)
grade("0.1", "begun")
"""
    assert says(code) == "begun"
    kept = str(setting.kit).encode()
    for _ in range(20):
        found = [p for p in Path("/proc").glob("[0-9]*/cmdline") if kept in _read(p)]
        if not found:
            return
        time.sleep(0.1)
    pytest.fail(f"{len(found)} processes live on")


def _read(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "import time, signal\nsignal.setitimer(signal.ITIMER_REAL, 0)\ntime.sleep(60)",
        "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nwhile True: pass",
    ],
)
def test_what_does_not_end_is_ended(setting, body):
    short = setting._replace(limits=LIMITS._replace(seconds=3, cell=60))
    begin = time.monotonic()
    with (
        Session("one.py", body.encode(), short, begin + 3) as session,
        pytest.raises(Lost, match="time is over"),
    ):
        session.hear()
    assert time.monotonic() - begin < 5
    assert session.process.poll() is not None


def test_a_cell_that_does_not_end_is_left_and_the_next_one_runs(setting):
    code = f"{BEGIN}while True: pass\n# %%\n{BEGIN}grade('0.1', 7)"
    own = setting._replace(limits=LIMITS._replace(cell=0.5))
    with Session("one.py", code.encode(), own, time.monotonic() + 8) as session:
        session.hear()
        assert session.answers == {"0.1": 7}
        assert session.problem == "The part at line 1 had not ended after 0.5 seconds."


@pytest.mark.parametrize(
    "code", ["os._exit(0)", "os.closerange(0, 99)", "import ctypes; ctypes.string_at(0)"]
)
def test_what_ends_early_is_lost_without_a_traceback(setting, code):
    with (
        Session("one.py", f"import os\n{code}".encode(), setting, time.monotonic() + 8) as session,
        pytest.raises(Lost),
    ):
        session.hear()


def test_a_copy_of_the_process_says_nothing(says):
    code = "import os\npid = os.fork()\nif pid: os.waitpid(pid, 0)\ngrade('0.1', 1 if pid else 2)"
    assert says(code) == 1


def test_a_path_is_hidden_and_all_around_it_allowed(tmp_path):
    for name in ("a/x", "a/hidden/y", "b/z"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "also a").symlink_to(tmp_path / "a")  # as lib64 is lib in a virtual environment
    whole, listed = landlock.around(tmp_path, tmp_path / "a" / "hidden")
    assert set(whole) == {tmp_path / "a" / "x", tmp_path / "b"}
    assert set(listed) == {tmp_path, tmp_path / "a"}
    assert landlock.around(tmp_path / "b", tmp_path / "a") == ([tmp_path / "b"], [])


def test_another_system_is_told_what_it_needs(monkeypatch):
    monkeypatch.setattr(sandbox.sys, "platform", "win32")
    with pytest.raises(OSError, match="Linux"):
        sandbox.protection()


def test_what_is_not_cut_off_is_named():
    assert sandbox.Protection(True, True, True).missing() == []
    missing = sandbox.Protection(False, False, True).missing()
    assert "network" in missing[0]
    assert "files" in missing[1]
