"""Run one program with limits: without network, with a folder of its own, and never for long.

Linux alone has what this needs. From outside: namespaces of its own for network, processes and mounts
(`unshare`), and the end of all its processes. From inside, before it runs what is not to be trusted:
the limits of setrlimit, and Landlock.
"""

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from . import landlock

NAMESPACES = ["unshare", "--user", "--map-root-user", "--net", "--pid", "--mount", "--ipc",
              "--fork", "--kill-child"]  # fmt: skip
# a file system in memory, as large as it may become, and gone with the last process; and /run is
# empty, where programs listen on sockets that are files, which no network namespace cuts off
OWN_FOLDER = (
    "{ [ ! -d /run ] || mount -t tmpfs none /run; } && "
    'mount -t tmpfs -o "size=$0,mode=700" none . && cd "$PWD" && exec "$@"'
)
NOBODY = 65534
# what a Python needs of the system
SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime",
          "/etc/fonts", "/dev/urandom", "/dev/zero", "/proc/cpuinfo", "/proc/meminfo",
          "/sys/devices/system/cpu")  # fmt: skip


class Limits(NamedTuple):
    """Seconds on the clock and of computing, and for one cell; bytes; how many processes."""

    seconds: float = 300
    cell: float = 100
    memory: int = 2 * 2**30  # of one process
    files: int = 200 * 2**20  # all of them together
    processes: int = 64  # threads too


class Protection(NamedTuple):
    """What of the system can be used here."""

    namespaces: bool  # of network, processes and mounts
    files: bool  # Landlock
    count: bool  # of processes: what root starts as root is not counted
    user: int | None = None  # what a submission runs as, where it is root who grades

    def missing(self):
        """Return what is not cut off or limited, in words."""
        said = {
            "the network and processes that leave their group": self.namespaces,
            "your files, the right answers among them": self.files,
            "starting any number of processes (grade as another user than root)": self.count,
        }
        return [what for what, there in said.items() if not there]

    def identity(self):
        """Return the arguments that make subprocess start a program as this user."""
        if self.user is None:
            return {}
        return {"user": self.user, "group": self.user, "extra_groups": []}


def protection():
    """Try out what can be used here. OSError where this is no Linux."""
    if sys.platform != "linux":
        raise OSError(
            "submissions are run with Linux's namespaces and limits; on Windows use WSL 2, on a Mac a "
            "virtual machine or a container with Linux"
        )
    root = os.geteuid() == 0
    dropped = Protection(True, True, True, NOBODY)
    as_nobody = root and _works([sys.executable, "-I", "-c", ""], dropped)
    user = NOBODY if as_nobody else None
    found = Protection(True, landlock.version() > 0, not root or as_nobody, user)
    trial = [*NAMESPACES, "sh", "-c", OWN_FOLDER, "1m", "true"]
    return found._replace(namespaces=bool(shutil.which("unshare")) and _works(trial, found))


def _works(command, protected):
    try:
        done = subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, cwd="/tmp", **protected.identity()
        )  # fmt: skip
    except OSError:
        return False
    return done.returncode == 0


def start(command: Sequence[str], folder: Path, limits: Limits, protected: Protection, end):
    """Start a program in folder, with one open file, end, and nothing of the environment."""
    inside = []
    if protected.namespaces:
        inside = [*NAMESPACES, "sh", "-c", OWN_FOLDER, str(limits.files)]
    if protected.user is not None:
        os.chown(folder, protected.user, protected.user)
    home = str(folder)
    return subprocess.Popen(
        [*inside, *command],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[end],
        start_new_session=True,
        env={
            "PATH": "/usr/bin:/bin", "HOME": home, "TMPDIR": home, "LANG": "C.UTF-8",
            "MPLBACKEND": "agg", "MPLCONFIGDIR": f"{home}/.matplotlib", "IPYTHONDIR": home,
            "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
        },
        **protected.identity(),
    )  # fmt: skip


def stop(process):
    """End a program and all that it has started; with namespaces none of that can hide."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def enter(limits: Limits, protected: Protection, readable: Sequence[Path], hidden: Path):
    """Give up what is not needed, for good: called inside, before anything that is not trusted."""
    there = 0 if protected.namespaces else _threads()
    for what, most in (
        (resource.RLIMIT_CPU, int(limits.seconds) + 1),
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, limits.files),
        (resource.RLIMIT_NPROC, there + limits.processes),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))
    if protected.files:
        roots = [*map(Path, SYSTEM), *map(Path, {sys.prefix, sys.base_prefix}), *readable]
        found = [landlock.around(root.resolve(), hidden) for root in roots if root.exists()]
        whole, listed = ([path for one in found for path in one[i]] for i in (0, 1))
        landlock.restrict(whole, [Path.cwd(), Path("/dev/null")], listed)


def _threads():
    """Return how many threads this user has: without a namespace they count too."""
    count, user = 0, os.getuid()
    for task in Path("/proc").glob("[0-9]*/task"):
        with contextlib.suppress(OSError):
            if task.stat().st_uid == user:
                count += len(list(task.iterdir()))
    return count
