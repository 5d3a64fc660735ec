"""Which equations a cell has checked: those it calls verify for, and that verify then printed.

Neither is enough alone. A call may stand in a function that nobody calls; a line may come from
another hand than verify's.
"""

import ast
import re

CALL = re.compile(r"""\bverify\(\s*["'](eq:[\w.-]+)""")
LINE = re.compile(r"^✓ (eq:[\w.-]+): ", re.M)


def called(source):
    """Return the labels that a cell's code hands to verify, in order, each once."""
    return list(dict.fromkeys(CALL.findall(source)))


def checked(source, printed):
    """Return the labels that a cell's code hands to verify and that it printed as checked."""
    return [label for label in called(source) if label in LINE.findall(printed)]


def forgery(source):
    """Return why a cell's printed checks cannot be trusted, or None.

    The name verify is bookkit's and no other, and the sign of a check comes from it alone.
    """
    if "✓" in source:
        return "it writes the sign ✓ itself"
    if "verify" not in source:
        return None
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return "it is no plain Python"
    if any(_binds_verify(node) for node in ast.walk(tree)):
        return "it gives the name verify to something else"
    return None


def _binds_verify(node):
    if isinstance(node, ast.ImportFrom):
        own = node.module == "bookkit.verify"
        return any(
            (alias.asname or alias.name) == "verify" and not (own and alias.name == "verify")
            for alias in node.names
        )
    if isinstance(node, ast.Import):
        return any((alias.asname or alias.name) == "verify" for alias in node.names)
    if isinstance(node, ast.Name | ast.Attribute):
        name = node.id if isinstance(node, ast.Name) else node.attr
        return name == "verify" and not isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name == "verify"
    return isinstance(node, ast.arg) and node.arg == "verify"
