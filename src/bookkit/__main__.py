"""The command bookkit: `bookkit grade submissions/` is `python -m bookkit.grade submissions/`."""

import sys

from . import grade

COMMANDS = {"grade": grade.main}


def main():
    """Run the command that is named first; return its exit status."""
    name, *arguments = sys.argv[1:] or [""]
    if name not in COMMANDS:
        print("usage: bookkit grade FOLDER [--out grades.csv] …", file=sys.stderr)
        return 0 if name in ("-h", "--help") else 2
    return COMMANDS[name](arguments)


if __name__ == "__main__":
    sys.exit(main())
