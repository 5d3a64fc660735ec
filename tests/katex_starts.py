"""Start the renderer of formulas many times on a busy machine, and count what went wrong.

python tests/katex_starts.py 300
"""

import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "book/_ext"))
import katex_html

BUSY = 4


def spin(parent):
    while os.getppid() == parent:
        pass


def left_over():
    """Return the command lines of the processes that still run the renderer's script."""
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in running.stdout.splitlines() if str(katex_html.SCRIPT) in line]


def start(times):
    """Render a formula in a start of its own, so many times; return the failures."""
    failures = []
    for count in range(times):
        try:
            [result] = katex_html.run([(f"x_{{{count}}}", False)])
            if "html" not in result:
                failures.append(str(result))
        except katex_html.RendererError as error:
            failures.append(str(error))
    return failures


def main(times):
    busy = [multiprocessing.Process(target=spin, args=[os.getpid()]) for _ in range(BUSY)]
    for process in busy:
        process.start()
    began = time.monotonic()
    failures = start(times)
    took = time.monotonic() - began
    for process in busy:
        process.terminate()
    print(f"{times} starts beside {BUSY} busy processes, {took:.0f} s")
    print(f"{len(failures)} failed, {len(left_over())} processes left over")
    print(*failures[:5], sep="\n")
    return 1 if failures or left_over() else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
