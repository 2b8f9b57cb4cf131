// Exceptions: how Swift code makes them.

extension VM {
    /// An exception of a built-in class with a message.
    package func error(_ className: String, _ message: String) -> PythonError {
        error(className, arguments: [string(message)])
    }

    /// An exception of a built-in class with arguments (references taken over).
    package func error(_ className: String, arguments: [Value]) -> PythonError {
        guard let type = builtinClasses[className] else { preconditionFailure("no exception class \(className)") }
        return PythonError(makeException(type, tuple(arguments)))
    }

    package func typeError(_ message: String) -> PythonError { error("TypeError", message) }
    package func valueError(_ message: String) -> PythonError { error("ValueError", message) }
    package func indexError(_ message: String) -> PythonError { error("IndexError", message) }
    package func runtimeError(_ message: String) -> PythonError { error("RuntimeError", message) }
    package func overflowError(_ message: String) -> PythonError { error("OverflowError", message) }
    package func attributeError(_ message: String) -> PythonError { error("AttributeError", message) }
    package func zeroDivisionError(_ message: String) -> PythonError { error("ZeroDivisionError", message) }

    /// KeyError whose argument is the key itself.
    package func keyError(_ key: Value) -> PythonError { error("KeyError", arguments: [key.retained()]) }

    /// StopIteration carrying `value` (retained).
    package func stopIteration(_ value: Value = .none) -> PythonError {
        error("StopIteration", arguments: value.isNone ? [] : [value.retained()])
    }

    /// OSError (or its subclass for the code) as the operating system's `errno` asks for.
    package func osError(_ code: Int32, path: String? = nil, second: String? = nil) -> PythonError {
        var arguments: [Value] = [.int(Int(code)), string(VM.systemMessage(code))]
        if let path { arguments.append(string(path)) }
        if let second {
            arguments.append(.none)
            arguments.append(string(second))
        }
        return error(VM.osErrorClass(code), arguments: arguments)
    }

    /// An exception object of class `type`; takes over `arguments`, a tuple.
    package func makeException(_ type: ClassPointer, _ arguments: Value) -> Value {
        let value = allocateInstance(type, Tag.exception)
        let exception = value.object(as: ExceptionObject.self)
        exception.pointee.arguments = arguments
        exception.pointee.cause = .none
        exception.pointee.context = .none
        exception.pointee.traceback = Traceback()
        exception.pointee.suppressesContext = false
        return value
    }

    /// Replaces an exception's arguments; takes over the tuple.
    package func setArguments(_ exception: Value, _ arguments: Value) {
        let object = exception.object(as: ExceptionObject.self)
        heap.replace(&object.pointee.arguments, with: arguments)
    }

    /// Whether an exception is an instance of the named built-in class.
    package func matches(_ error: PythonError, _ className: String) -> Bool {
        guard let type = builtinClasses[className] else { return false }
        return isSubclass(typeOf(error.exception), type)
    }

    /// Drops an exception that was caught in Swift.
    package func discard(_ error: PythonError) { heap.release(error.exception) }
}
