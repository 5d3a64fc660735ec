"""Files that are whole or not there."""

import os
import shutil
from pathlib import Path


def write_whole(path, content):
    """Write content, text or bytes, to path, or raise OSError and leave the file there as it was."""
    content = content.encode("utf8") if isinstance(content, str) else content
    path = Path(path).resolve()  # a link stays a link
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
