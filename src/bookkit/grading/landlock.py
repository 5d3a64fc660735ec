"""Landlock: a Linux process gives up, for itself and all that it starts, files that it will not need.

It needs no rights and cannot be undone. The numbers are those of linux/landlock.h.
"""

import contextlib
import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

EXECUTE, WRITE, READ, READ_DIR = 1, 2, 4, 8
ALL = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}  # what each version knows
OF_A_FILE = EXECUTE | WRITE | READ | 1 << 14
CREATE, ADD, RESTRICT = 444, 445, 446  # the same on every architecture
NO_NEW_PRIVILEGES = 38


class _Path(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version():
    """Return the version of Landlock that the kernel has, 0 for none."""
    try:
        return max(ctypes.CDLL(None).syscall(CREATE, None, 0, 1), 0)
    except (OSError, AttributeError):
        return 0


def restrict(read: Iterable[Path], write: Iterable[Path], list_only: Iterable[Path] = ()):
    """From now on, read (and start) only what is below read, write only below write.

    Of list_only the names of files can be listed. Paths that are not there are passed over.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    handled = ALL[min(version(), 3)]
    rules = libc.syscall(CREATE, ctypes.byref(ctypes.c_uint64(handled)), 8, 0)
    _good(rules)
    for paths, allowed in (
        (read, EXECUTE | READ | READ_DIR), (write, handled), (list_only, READ_DIR),
    ):  # fmt: skip
        for path in paths:
            with contextlib.suppress(FileNotFoundError, PermissionError):
                _allow(libc, rules, path, allowed & handled)
    _good(libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _good(libc.syscall(RESTRICT, rules, 0))
    os.close(rules)


def _allow(libc, rules, path, allowed):
    at = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = _Path(allowed if os.path.isdir(path) else allowed & OF_A_FILE, at)
        _good(libc.syscall(ADD, rules, 1, ctypes.byref(rule), 0))
    finally:
        os.close(at)


def _good(result):
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def around(root: Path, hidden: Path):
    """Return (whole, listed): what to allow so that all below root can be read, but not hidden.

    Links are passed over: what is allowed is where they lead, and that may hold what is hidden.
    """
    if root == hidden:
        return [], []
    if root not in hidden.parents:
        return [root], []
    whole, listed = [], [root]
    for child in root.iterdir():
        if child.is_symlink():
            continue
        below = around(child, hidden)
        whole += below[0]
        listed += below[1]
    return whole, listed
