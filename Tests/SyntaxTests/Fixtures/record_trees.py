#!/usr/bin/env python3
"""Asks CPython 3.11 for the trees of the texts in trees.txt and keeps them beside the texts, in the form of TreeDump.

    python3 record_trees.py           check; exits 1 when a tree differs from the file's
    python3 record_trees.py --write   rewrite the trees
    python3 record_trees.py FILE      print the tree of one source file

A case is `---`, the text, `#>`, and the tree.
"""
import ast
import pathlib
import sys

PATH = pathlib.Path(__file__).with_name("trees.txt")

OPERATORS = {
    "Add": "add", "Sub": "subtract", "Mult": "multiply", "MatMult": "matrixMultiply", "Div": "trueDivide",
    "FloorDiv": "floorDivide", "Mod": "modulo", "Pow": "power", "LShift": "leftShift", "RShift": "rightShift",
    "BitAnd": "and", "BitOr": "or", "BitXor": "xor", "USub": "negative", "UAdd": "positive", "Invert": "invert", "Not": "not",
    "And": "and", "Or": "or", "Lt": "less", "LtE": "lessEqual", "Eq": "equal", "NotEq": "notEqual", "Gt": "greater",
    "GtE": "greaterEqual", "In": "in", "NotIn": "notIn", "Is": "is", "IsNot": "isNot",
}
ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def operator(node):
    return OPERATORS[type(node).__name__]


def escape(character):
    if character in ESCAPES:
        return ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def constant(value):
    if value is ...:
        return "..."
    if isinstance(value, float):
        return "1e309" if value == float("inf") else repr(value)
    if isinstance(value, str):
        return '"' + "".join(map(escape, value)) + '"'
    if isinstance(value, bytes):
        return 'b"' + "".join(escape(chr(byte)) if byte < 0x80 else f"\\x{byte:02x}" for byte in value) + '"'
    return str(value)


def place(node):
    return f"@{node.lineno}:{node.col_offset}-{node.end_lineno}:{node.end_col_offset}"


def named(head, name):
    """A head that carries a name when there is one."""
    return f"{head} {name}" if name else head


def group(head, children):
    return [(head, children)] if children else []


def optional(head, node):
    return [(head, [tree(node)])] if node is not None else []


def trees(nodes):
    return [tree(node) for node in nodes]


def one(node):
    return [tree(node)] if node is not None else []


def tree(node):
    head, children = FORMS[type(node).__name__](node)
    return (f"{head} {place(node)}", children)


def string_part(node):
    if isinstance(node, ast.Constant):
        return ("literal " + constant(node.value), [])
    head = "replacement" + (f" !{chr(node.conversion)}" if node.conversion != -1 else "")
    spec = node.format_spec
    return (head, [tree(node.value)] + ([("format", list(map(string_part, spec.values)))] if spec is not None else []))


def dict_item(key, value):
    return ("unpack", [tree(value)]) if key is None else ("item", [tree(key), tree(value)])


def clauses(generators):
    return [("for", [tree(g.target), tree(g.iter)] + [("if", [tree(test)]) for test in g.ifs]) for g in generators]


def parameters(node):
    def one_of(head, argument, default=None):
        return (f"{head} {argument.arg} {place(argument)}", optional("annotation", argument.annotation) + optional("default", default))

    positional = node.posonlyargs + node.args
    defaults = [None] * (len(positional) - len(node.defaults)) + node.defaults
    heads = ["positional-only"] * len(node.posonlyargs) + ["positional"] * len(node.args)
    out = [one_of(*three) for three in zip(heads, positional, defaults)]
    out += [one_of("variadic", node.vararg)] if node.vararg else []
    out += [one_of("keyword-only", *pair) for pair in zip(node.kwonlyargs, node.kw_defaults)]
    out += [one_of("keyword-variadic", node.kwarg)] if node.kwarg else []
    return ("parameters", out)


def blocks(node):
    return group("body", trees(node.body)) + group("else", trees(node.orelse))


def with_item(item):
    return ("item", [tree(item.context_expr)] + optional("as", item.optional_vars))


def match_case(case):
    return ("case", [tree(case.pattern)] + optional("guard", case.guard) + group("body", trees(case.body)))


def class_keywords(node):
    return [(f"keyword {name}", [tree(pattern)]) for name, pattern in zip(node.kwd_attrs, node.kwd_patterns)]


FORMS = {
    # Expressions
    "Constant": lambda n: ("constant " + constant(n.value), []),
    "JoinedStr": lambda n: ("f-string", list(map(string_part, n.values))),
    "Name": lambda n: (f"name {n.id}", []),
    "Tuple": lambda n: ("tuple", trees(n.elts)),
    "List": lambda n: ("list", trees(n.elts)),
    "Set": lambda n: ("set", trees(n.elts)),
    "Dict": lambda n: ("dict", list(map(dict_item, n.keys, n.values))),
    "Starred": lambda n: ("starred", [tree(n.value)]),
    "UnaryOp": lambda n: (f"unary {operator(n.op)}", [tree(n.operand)]),
    "BinOp": lambda n: (f"binary {operator(n.op)}", [tree(n.left), tree(n.right)]),
    "BoolOp": lambda n: (f"boolean {operator(n.op)}", trees(n.values)),
    "Compare": lambda n: ("compare " + " ".join(map(operator, n.ops)), trees([n.left] + n.comparators)),
    "Call": lambda n: ("call", trees([n.func] + n.args + n.keywords)),
    "keyword": lambda n: (f"keyword {n.arg}" if n.arg else "unpack", [tree(n.value)]),
    "Attribute": lambda n: (f"attribute {n.attr}", [tree(n.value)]),
    "Subscript": lambda n: ("subscript", [tree(n.value), tree(n.slice)]),
    "Slice": lambda n: ("slice", optional("lower", n.lower) + optional("upper", n.upper) + optional("step", n.step)),
    "Lambda": lambda n: ("lambda", [parameters(n.args), tree(n.body)]),
    "IfExp": lambda n: ("conditional", trees([n.test, n.body, n.orelse])),
    "ListComp": lambda n: ("comprehension list", [tree(n.elt)] + clauses(n.generators)),
    "SetComp": lambda n: ("comprehension set", [tree(n.elt)] + clauses(n.generators)),
    "GeneratorExp": lambda n: ("comprehension generator", [tree(n.elt)] + clauses(n.generators)),
    "DictComp": lambda n: ("comprehension dict", trees([n.key, n.value]) + clauses(n.generators)),
    "Yield": lambda n: ("yield", one(n.value)),
    "YieldFrom": lambda n: ("yield-from", [tree(n.value)]),
    "NamedExpr": lambda n: (f"named {n.target.id}", [tree(n.value)]),
    # Statements
    "Expr": lambda n: ("expression", [tree(n.value)]),
    "Assign": lambda n: ("assign", group("targets", trees(n.targets)) + [tree(n.value)]),
    "AugAssign": lambda n: (f"augmented-assign {operator(n.op)}", trees([n.target, n.value])),
    "AnnAssign": lambda n: (
        "annotated-assign simple" if n.simple else "annotated-assign",
        trees([n.target, n.annotation]) + optional("value", n.value),
    ),
    "Delete": lambda n: ("delete", trees(n.targets)),
    "Pass": lambda n: ("pass", []),
    "Break": lambda n: ("break", []),
    "Continue": lambda n: ("continue", []),
    "Return": lambda n: ("return", one(n.value)),
    "Raise": lambda n: ("raise", one(n.exc) + optional("cause", n.cause)),
    "Assert": lambda n: ("assert", [tree(n.test)] + optional("message", n.msg)),
    "Global": lambda n: ("global " + " ".join(n.names), []),
    "Nonlocal": lambda n: ("nonlocal " + " ".join(n.names), []),
    "Import": lambda n: ("import", trees(n.names)),
    "ImportFrom": lambda n: ("import-from " + "." * n.level + (n.module or ""), trees(n.names)),
    "alias": lambda n: (f"alias {n.name}" + (f" as {n.asname}" if n.asname else ""), []),
    "If": lambda n: ("if", [tree(n.test)] + blocks(n)),
    "While": lambda n: ("while", [tree(n.test)] + blocks(n)),
    "For": lambda n: ("for", trees([n.target, n.iter]) + blocks(n)),
    "Try": lambda n: (
        "try",
        group("body", trees(n.body)) + trees(n.handlers) + group("else", trees(n.orelse)) + group("finally", trees(n.finalbody)),
    ),
    "ExceptHandler": lambda n: ("except" + (f" as {n.name}" if n.name else ""), one(n.type) + group("body", trees(n.body))),
    "With": lambda n: ("with", list(map(with_item, n.items)) + group("body", trees(n.body))),
    "FunctionDef": lambda n: (
        f"def {n.name}",
        group("decorators", trees(n.decorator_list)) + [parameters(n.args)] + optional("returns", n.returns)
        + group("body", trees(n.body)),
    ),
    "ClassDef": lambda n: (
        f"class {n.name}",
        group("decorators", trees(n.decorator_list)) + trees(n.bases + n.keywords) + group("body", trees(n.body)),
    ),
    "Match": lambda n: ("match", [tree(n.subject)] + list(map(match_case, n.cases))),
    # Patterns
    "MatchValue": lambda n: ("value", [tree(n.value)]),
    "MatchSingleton": lambda n: (f"singleton {n.value}", []),
    "MatchSequence": lambda n: ("sequence", trees(n.patterns)),
    "MatchStar": lambda n: (f"star {n.name or '_'}", []),
    "MatchMapping": lambda n: (
        named("mapping", n.rest), [("item", [tree(key), tree(pattern)]) for key, pattern in zip(n.keys, n.patterns)]
    ),
    "MatchClass": lambda n: ("class", trees([n.cls] + n.patterns) + class_keywords(n)),
    "MatchAs": lambda n: (f"capture {n.name or '_'}", one(n.pattern)),
    "MatchOr": lambda n: ("or", trees(n.patterns)),
}


def write(node, indent=0):
    head, children = node
    return "(" + head + "".join("\n" + " " * (indent + 2) + write(child, indent + 2) for child in children) + ")"


def dump(text):
    return write(("module", trees(ast.parse(text).body)))


def main():
    assert sys.version_info[:2] == (3, 11), "the trees are those of CPython 3.11"
    sys.setrecursionlimit(10_000)
    arguments = sys.argv[1:]
    if arguments and arguments[0] != "--write":
        print(dump(pathlib.Path(arguments[0]).read_text(encoding="utf-8")))
        return
    head, *cases = PATH.read_text(encoding="utf-8").split("\n---\n")
    out, differing = [head], 0
    for case in cases:
        text, _, known = case.partition("#>")
        found = dump(text)
        if found != known.strip("\n"):
            differing += 1
            print(f"{text}  CPython:\n{found}")
        out.append(f"---\n{text}#>\n{found}")
    if arguments:
        PATH.write_text("\n".join(out) + "\n", encoding="utf-8")
    elif differing:
        sys.exit(f"{differing} trees differ; run with --write to take CPython's")


if __name__ == "__main__":
    main()
