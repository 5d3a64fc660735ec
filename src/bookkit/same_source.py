"""Whether a call got one expression twice: x and x.copy(), +x, 1 * x, or a name bound to x.

Values cannot tell a copy from an independent result, so the source of the calling cell is read.
Where there is none to read, nothing is said.
"""

import ast
import inspect
import linecache
from types import ModuleType

# functions of one argument, and methods, that give the same numbers back
FUNCTIONS = {
    "array", "asarray", "ascontiguousarray", "copy", "deepcopy", "positive", "ravel", "reshape",
    "squeeze", "float", "complex", "float32", "float64", "longdouble", "list", "tuple", "dict",
    "Matrix", "ImmutableMatrix", "sympify",
}  # fmt: skip
METHODS = {"astype", "copy", "flatten", "ravel", "reshape", "squeeze", "tolist", "view"}
LOOKS = {"print", "display", "verify"}  # called as statements, they leave what they are given
LONGEST = 10_000  # characters of an expression with all its names put in: then the search ends


def same_expression(frame):
    """Return the expression that the call f(label, left, right) made by frame got twice, or None.

    A name stands for what the cell has assigned to it, as long as no statement in between stores
    into a name that the two sides depend on, or is a call made for its effect on one.
    """
    tree, call = _call(frame)
    sides = call and _sides(call)
    if not sides:
        return None
    known = {**frame.f_globals, **frame.f_locals}
    bare = _Bare({name for name, value in known.items() if isinstance(value, ModuleType)})
    before = _before(tree.body, call)
    while max(map(len, sides)) < LONGEST:
        left, right = sides = [_edited(bare, side) for side in sides]
        names = _names(ast.parse(f"{left}, {right}"))
        if left == right and names:  # two equal literals are there for all to see
            return left
        if not before:
            return None
        statement = before.pop()
        assigned = _assigned(statement)
        if names & set(assigned):
            sides = [_edited(_PutIn(assigned), side) for side in sides]
        elif names - bare.modules & _changed(statement):
            return None
    return None


def _call(frame):
    """Return the syntax tree of what frame runs and the call in it, or (None, None)."""
    place = inspect.getframeinfo(frame, context=0).positions
    lines = linecache.getlines(frame.f_code.co_filename, frame.f_globals)
    try:
        tree = ast.parse("".join(lines))
    except SyntaxError:
        return None, None
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and place == (
            node.lineno, node.end_lineno, node.col_offset, node.end_col_offset
        ):  # fmt: skip
            return tree, node
    return None, None


def _sides(call):
    """Return the sources of left and right, or None where a * or ** hides them."""
    given = dict(zip(("label", "left", "right"), call.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in call.keywords}
    if any(isinstance(value, ast.Starred) for value in call.args) or None in given:
        return None
    return [ast.unparse(given[side]) for side in ("left", "right")]


def _edited(editor, source):
    return ast.unparse(editor.visit(ast.parse(source, mode="eval")))


class _Bare(ast.NodeTransformer):
    """Takes off what changes no number; modules are the names that are no objects with methods."""

    def __init__(self, modules):
        self.modules = modules

    def generic_visit(self, node):
        node = super().generic_visit(node)
        match node:
            case (
                ast.UnaryOp(ast.UAdd(), inner)
                | ast.UnaryOp(ast.USub(), ast.UnaryOp(ast.USub(), inner))
                | ast.BinOp(ast.Constant(1), ast.Mult(), inner)
                | ast.BinOp(inner, ast.Mult() | ast.Div() | ast.Pow(), ast.Constant(1))
                | ast.BinOp(ast.Constant(0), ast.Add(), inner)
                | ast.BinOp(inner, ast.Add() | ast.Sub(), ast.Constant(0))
                | ast.Attribute(ast.Attribute(inner, "T"), "T")
                | ast.Subscript(inner, ast.Slice(None, None, None))
                | ast.NamedExpr(_, inner)
                | ast.List([ast.Starred(inner)])
                | ast.Dict([None], [inner])
            ):
                return inner
            case ast.ListComp(ast.Name(one), [ast.comprehension(ast.Name(each), inner, [])]):
                return inner if one == each else node
            case ast.DictComp(key, value, [ast.comprehension(ast.Name(each), inner, [])]):
                entry = f"{ast.unparse(inner)}[{each}]"
                whole = (ast.unparse(key), ast.unparse(value)) == (each, entry)
                return inner if whole else node
            case ast.Call(ast.Attribute(ast.Name(id), name), [inner, *_]) if id in self.modules:
                return inner if name in FUNCTIONS else node
            case ast.Call(ast.Attribute(inner, name)):
                return inner if name in METHODS else node
            case ast.Call(ast.Name(name), [inner]):
                return inner if name in FUNCTIONS else node
        return node


class _PutIn(ast.NodeTransformer):
    """Puts what was assigned to a name in its place."""

    def __init__(self, assigned):
        self.assigned = assigned

    def visit_Name(self, node):
        return self.assigned.get(node.id, node)


def _before(body, call):
    """Return the statements that ran before the call, in its own block and in those around it."""
    for i, statement in enumerate(body):
        if not _holds(statement, call):
            continue
        blocks = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
        blocks += [handler.body for handler in getattr(statement, "handlers", [])]
        inner = [_before(block, call) for block in blocks if any(_holds(s, call) for s in block)]
        if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            return inner[0] if inner else []  # it may run long after what stands above it
        if inner:
            return [*body[:i], statement, *inner[0]]  # the head, and a loop's earlier rounds
        scopes = ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp
        own = any(isinstance(node, scopes) and _holds(node, call) for node in ast.walk(statement))
        return [] if own else body[:i]
    return []


def _holds(node, wanted):
    return any(found is wanted for found in ast.walk(node))


def _assigned(statement):
    """Return {name: expression} for a statement that does nothing but assign to names."""
    match statement:
        case ast.Assign([ast.Tuple(targets)], ast.Tuple(values)) if len(targets) == len(values):
            pairs = list(zip(targets, values, strict=True))
        case ast.Assign(targets, value):
            pairs = [(target, value) for target in targets]
        case _:
            return {}
    plain = all(isinstance(target, ast.Name) for target, _ in pairs)
    return {target.id: value for target, value in pairs} if plain else {}


def _changed(statement):
    """Return the names that a statement stores into, or that a call made for its effect is given."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}  # its body does not run here
    names = set()
    for node in ast.walk(statement):
        match node:
            case ast.Name(id, ast.Store() | ast.Del()):
                names.add(id)
            case ast.Attribute(ctx=ast.Store()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
                names |= _names(node.value)
            case ast.alias(name, other):
                names.add(other or name)
            case ast.Expr(ast.Call(func)) if getattr(func, "id", "") not in LOOKS:
                names |= _names(node)
    return names


def _names(node):
    return {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}
