import BigInt
import Bytecode
import Diagnostics
import Syntax

// From compiled code to code that runs.

extension VM {
    /// Makes a `Code` ready to run.
    package func load(_ code: Code) -> UnsafeMutablePointer<CodeRecord> {
        func copy<T>(_ items: [T]) -> UnsafeMutablePointer<T> {
            let memory = UnsafeMutablePointer<T>.allocate(capacity: max(1, items.count))
            memory.initialize(from: items, count: items.count)
            return memory
        }
        var nested: [UnsafeMutablePointer<CodeRecord>?] = []
        var constants: [Value] = []
        for constant in code.constants {
            if case .code(let inner) = constant { nested.append(load(inner)) } else { nested.append(nil) }
            constants.append(value(of: constant))
        }
        let names = code.names.map { intern($0) }
        let caches = code.cacheNames.map { name in
            InlineCache(key: 0, kind: .empty, offset: 0, value: .undefined, next: nil, name: names[Int(name)], epoch: 0, padding: 0)
        }
        let isGenerator = code.flags.contains(.generator)
        let isSimple =
            !isGenerator && code.keywordOnlyCount == 0 && code.flags.isDisjoint(with: [.variadic, .keywordVariadic])
        let record = UnsafeMutablePointer<CodeRecord>.allocate(capacity: 1)
        record.initialize(
            to: CodeRecord(
                instructions: copy(code.instructions), constants: copy(constants), caches: copy(caches), localCount: code.localNames.count,
                // Two more than the compiler counted: a bound method inserts its receiver into a full window.
                registerCount: code.registerCount + 2, parameterCount: code.parameterCount, positionalCount: code.positionalCount,
                isSimple: isSimple, exactCount: isSimple ? code.parameterCount : -1, isGenerator: isGenerator,
                handlesExceptions: code.flags.contains(.handlesExceptions) || !code.handlers.isEmpty,
                instructionCount: code.instructions.count, names: copy(names), localNames: copy(code.localNames.map { intern($0) }),
                code: Unmanaged.passRetained(code), handlers: copy(code.handlers), handlerCount: code.handlers.count, cacheCount: caches.count,
                nested: copy(nested)))
        records.append(record)
        return record
    }

    /// Code lives for good: what loading the same text again would make again is kept and shared.
    private func value(of constant: CodeConstant) -> Value {
        switch constant {
        // Short strings are shared by being interned.
        case .string(let text) where text.utf8.count <= 64: return makeConstant(constant)
        case .bigInt, .string, .surrogateString, .bytes, .tuple, .frozenSet:
            let key = ConstantKey(constant)
            if let shared = sharedConstants[key] { return shared.retained() }
            let made = makeConstant(constant)
            if made.isHeap { sharedConstants[key] = made.retained() }
            return made
        default: return makeConstant(constant)
        }
    }

    private func makeConstant(_ constant: CodeConstant) -> Value {
        switch constant {
        case .none, .code: return .none
        case .ellipsis: return .ellipsis
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .bigInt(let digits, let radix): return int(BigInt(digits, radix: radix) ?? 0)
        case .float(let value): return .float(value)
        case .string(let text):
            // Short strings are shared: dict lookups then compare addresses.
            return text.utf8.count <= 64 ? internedValue(text) : string(text)
        case .surrogateString(let content): return content.withUnsafeBufferPointer { string($0) }
        case .bytes(let content): return bytes(content)
        case .tuple(let items): return tuple(items.map { value(of: $0) })
        case .frozenSet(let items): return makeFrozenSet(of: items.map { value(of: $0) })
        }
    }

    // MARK: running

    /// A new module object, entered nowhere.
    package func makeModule(_ name: String, file: String? = nil) -> Value {
        let info = ModuleInfo(name: name)
        info.file = file
        let memory = heap.allocate(MemoryLayout<ModuleObject>.stride, Tag.module)
        heap.containerGrowth &+= 1
        let module = memory.assumingMemoryBound(to: ModuleObject.self)
        module.pointee.info = Unmanaged.passRetained(info)
        module.pointee.globals = info.globals
        let text = internedValue(name)
        setGlobal(module, "__name__", text)
        heap.release(text)
        setGlobal(module, "__doc__", .none)
        if let file {
            let path = string(file)
            setGlobal(module, "__file__", path)
            heap.release(path)
        }
        return Value(tag: Tag.module, pointer: memory)
    }

    package func moduleInfo(_ module: Value) -> ModuleInfo { module.object(as: ModuleObject.self).pointee.info.takeUnretainedValue() }

    /// The text of a file's bytes; what is no text becomes SyntaxError.
    package func sourceText(name: String, _ contents: [UInt8]) throws(PythonError) -> SourceText {
        do throws(SyntaxProblem) {
            return try SourceText(name: name, fileContents: contents)
        } catch {
            throw syntaxError(error)
        }
    }

    /// Parses and compiles text for a module; problems become SyntaxError.
    package func compile(_ source: SourceText, for module: Value, mode: CompilationMode) throws(PythonError) -> UnsafeMutablePointer<CodeRecord> {
        let code: Code
        var warnings: [CompileWarning] = []
        do throws(SyntaxProblem) {
            let tree = try parse(module: source)
            code = try Bytecode.compile(tree, globals: moduleInfo(module).names, mode: mode) { warnings.append($0) }
        } catch {
            throw syntaxError(error)
        }
        for warning in warnings { try show(warning, in: source) }
        moduleInfo(module).prepareSlots()
        return load(code)
    }

    /// Makes code that was compiled for a module of these names ready to run in it.
    package func load(_ code: Code, for module: Value) -> UnsafeMutablePointer<CodeRecord> {
        moduleInfo(module).prepareSlots()
        return load(code)
    }

    /// A SyntaxWarning: through the `warnings` module, whose filters then count, once a program has loaded it.
    private func show(_ warning: CompileWarning, in source: SourceText) throws(PythonError) {
        let line = source.line(of: warning.range.start)
        if let module = modules["warnings"], let category = builtinClasses["SyntaxWarning"] {
            let message = string(warning.message)
            let file = string(source.name)
            defer {
                heap.release(message)
                heap.release(file)
            }
            heap.release(try callMethod(module, "warn_explicit", message, category.value, file, .int(line)))
            return
        }
        var text = "\(source.name):\(line): SyntaxWarning: \(warning.message)\n"
        let shown = source.lineText(at: source.lineIndex(of: warning.range.start)).drop { $0 == " " || $0 == "\t" }
        if !source.name.hasPrefix("<") { text += "  \(shown)\n" }
        report(text)
    }

    /// Runs module code to its end.
    package func execute(_ record: UnsafeMutablePointer<CodeRecord>, in module: Value) throws(PythonError) {
        let function = function(record, module.object(as: ModuleObject.self))
        defer { heap.release(function) }
        defer { if frame == frames { releaseRetired() } }
        heap.release(try call(function))
    }

    private func releaseRetired() {
        let functions = retiredFunctions
        retiredFunctions = []
        for function in functions { heap.release(function) }
    }

    /// The exception for a text that is not a program. Its problem stays attached for display.
    package func syntaxError(_ problem: SyntaxProblem) -> PythonError {
        let name = problem.kind == .unsupported ? "SyntaxError" : problem.kind.rawValue
        let line = problem.source.line(of: problem.range.start)
        let column = problem.source.byteColumn(of: problem.range.start)
        let message = problem.sentence
        let text = problem.source.lineText(at: problem.source.lineIndex(of: problem.range.start))
        let error = error(name, arguments: [string(message)])
        func attach(_ name: String, _ value: Value) {
            setOwnAttribute(error.exception, intern(name), value)
            heap.release(value)
        }
        attach("msg", string(message))
        attach("filename", string(problem.source.name))
        attach("lineno", .int(line))
        attach("offset", .int(column + 1))
        attach("text", string(text))
        problems.append((Reference(error.exception, heap), problem))
        if problems.count > 8 { problems.removeFirst() }
        return error
    }

    /// The problem behind a SyntaxError made by `syntaxError`, while it is among the last few.
    package func problem(of exception: Value) -> SyntaxProblem? {
        problems.last { $0.0.value.isIdentical(to: exception) }?.1
    }
}
