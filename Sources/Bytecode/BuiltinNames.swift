/// The names every module sees without importing anything, in the order of the machine's table of built-ins.
package enum BuiltinNames {
    package static let all: [String] = functions + types + exceptions + constants

    package static let functions: [String] = [
        "abs", "all", "any", "ascii", "bin", "callable", "chr", "delattr", "dir", "divmod", "format", "getattr", "globals", "hasattr",
        "hash", "help", "hex", "id", "input", "isinstance", "issubclass", "iter", "len", "locals", "max", "min", "next", "oct", "open",
        "ord", "pow", "print", "repr", "round", "setattr", "sorted", "sum", "vars", "__import__", "__build_class__", "exit", "quit",
    ]

    package static let types: [String] = [
        "bool", "bytearray", "bytes", "classmethod", "dict", "enumerate", "filter", "float", "frozenset", "int", "list", "map", "object", "property",
        "range", "reversed", "set", "slice", "staticmethod", "str", "super", "tuple", "type", "zip", "memoryview",
    ]

    package static let exceptions: [String] = [
        "BaseException", "Exception", "ArithmeticError", "AssertionError", "AttributeError", "BaseExceptionGroup", "BlockingIOError",
        "BrokenPipeError",
        "BufferError", "BytesWarning", "ChildProcessError", "ConnectionAbortedError", "ConnectionError", "ConnectionRefusedError",
        "ConnectionResetError", "DeprecationWarning", "EOFError", "EncodingWarning", "EnvironmentError", "ExceptionGroup", "FileExistsError",
        "FileNotFoundError",
        "FloatingPointError", "FutureWarning", "GeneratorExit", "IOError", "ImportError", "ImportWarning", "IndentationError", "IndexError",
        "InterruptedError", "IsADirectoryError", "KeyError", "KeyboardInterrupt", "LookupError", "MemoryError", "ModuleNotFoundError",
        "NameError", "NotADirectoryError", "NotImplementedError", "OSError", "OverflowError", "PendingDeprecationWarning",
        "PermissionError", "ProcessLookupError", "RecursionError", "ReferenceError", "ResourceWarning", "RuntimeError", "RuntimeWarning",
        "StopAsyncIteration", "StopIteration", "SyntaxError", "SyntaxWarning", "SystemError", "SystemExit", "TabError", "TimeoutError", "TypeError",
        "UnboundLocalError", "UnicodeDecodeError", "UnicodeEncodeError", "UnicodeError", "UnicodeTranslateError", "UnicodeWarning", "UserWarning",
        "ValueError",
        "Warning", "ZeroDivisionError",
    ]

    package static let constants: [String] = ["Ellipsis", "NotImplemented", "__debug__"]

    /// Built-ins of CPython that run text as code; calling them is refused when compiling.
    package static let refused: Set<String> = ["exec", "eval", "compile", "complex"]

    private static let indices: [String: Int] = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, $0) })

    package static func index(of name: String) -> Int? { indices[name] }
}
