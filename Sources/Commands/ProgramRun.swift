import ArgumentParser
import Bytecode
import Diagnostics
import Interpreter
import Library
import Notebooks
import Syntax

#if canImport(Glibc)
    import Glibc
#endif

/// One run of a program: its text, its arguments, how it ends.
struct ProgramRun {
    let source: SourceText
    let arguments: [String]
    /// Where the program's own imports are searched.
    let folder: String
    let file: String?
    private var mode = CompilationMode.module

    init(text: String, name: String, arguments: [String], folder: String) {
        source = SourceText(name: name, text: text)
        self.arguments = arguments
        self.folder = folder
        file = nil
    }

    /// A cell whose compilation is to be shown.
    init(cell: SourceText) {
        source = cell
        arguments = []
        folder = ""
        file = nil
        mode = .notebookCell
    }

    init(file: String, arguments: [String]) throws {
        guard let bytes = ModuleSearch.read(file) else {
            let reason = errno == 0 ? "it is a folder" : String(cString: strerror(errno))
            FileStream.standardError("qnb: cannot read \(file): \(reason)\n")
            throw ExitCode(2)
        }
        source = try ProgramRun.text(of: bytes, name: file)
        self.arguments = arguments
        folder = file.contains("/") ? String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)]) : ""
        self.file = file
    }

    private init(bytes: [UInt8], arguments: [String]) throws {
        source = try ProgramRun.text(of: bytes, name: "<stdin>")
        self.arguments = arguments
        folder = ""
        file = nil
    }

    /// Decodes a program; what is no text is reported and ends the command.
    private static func text(of bytes: [UInt8], name: String) throws -> SourceText {
        do throws(SyntaxProblem) {
            return try SourceText(name: name, fileContents: bytes)
        } catch {
            FileStream.standardError(error.rendered() + "\n")
            throw ExitCode(1)
        }
    }

    static func standardInput(arguments: [String]) throws -> ProgramRun {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(0, &buffer, buffer.count)
            if count <= 0 { break }
            bytes.append(contentsOf: buffer[..<count])
        }
        return try ProgramRun(bytes: bytes, arguments: arguments)
    }

    /// Runs to the end and leaves the process with the program's exit status.
    func execute() throws {
        let session = Session(arguments: arguments, folder: folder, file: file)
        Interrupts.watch(session.vm)
        var status: Int32 = 0
        do throws(PythonError) {
            try session.run(source)
        } catch {
            status = ProgramRun.report(error, session.vm)
        }
        session.finish()
        exit(status)
    }

    /// Shows an uncaught exception; returns the exit status.
    static func report(_ error: PythonError, _ vm: VM) -> Int32 {
        vm.output.flush()
        if vm.matches(error, "SystemExit") { return exitStatus(error, vm) }
        vm.report(vm.tracebackText(error.exception))
        return vm.matches(error, "KeyboardInterrupt") ? 130 : 1
    }

    private static func exitStatus(_ error: PythonError, _ vm: VM) -> Int32 {
        do throws(PythonError) {
            let code = try vm.getAttribute(error.exception, "code")
            if code.isNone { return 0 }
            if code.isInt || code.isBool { return Int32(truncatingIfNeeded: code.asInt) }
            vm.report(try vm.strText(code) + "\n")
        } catch {
            vm.discard(error)
        }
        return 1
    }

    /// Prints a stage of compilation.
    func emit(_ stage: RunCommand.Stage) throws {
        do throws(SyntaxProblem) {
            switch stage {
            case .tokens: print(Emission.tokens(source), terminator: "")
            case .ast: print(try Emission.tree(source), terminator: "")
            case .bytecode: print(try Emission.bytecode(source, mode: mode), terminator: "")
            }
        } catch {
            FileStream.standardError(error.rendered() + "\n")
            throw ExitCode(1)
        }
    }
}

/// Text for people, to the error output.
enum FileStream {
    static func standardError(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var offset = 0
            while offset < bytes.count {
                let count = write(2, bytes.baseAddress.unsafelyUnwrapped + offset, bytes.count - offset)
                if count <= 0 { return }
                offset += count
            }
        }
    }
}

/// Ctrl-C.
enum Interrupts {
    /// The flag of the session that Ctrl-C interrupts; written once before the handler is installed.
    nonisolated(unsafe) private static var flag: UnsafeMutablePointer<Int32>?

    /// The run of a notebook that Ctrl-C and a request to end stop.
    nonisolated(unsafe) private static var control: EvaluationControl?

    /// The first signal stops the run in good order, the second at once.
    static func watch(_ notebook: EvaluationControl) {
        control = notebook
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { _ in
                if let flag = Interrupts.flag { InterruptRequests.set(InterruptRequests.interrupt, in: flag) }
                if let control = Interrupts.control, control.interrupt() >= 2 { _exit(130) }
            }
        }
        signal(SIGPIPE, SIG_IGN)
    }

    /// Lets the same signals reach the machine that runs the notebook's cells.
    static func watch(_ vm: VM, _ notebook: EvaluationControl) { flag = vm.interruptFlag }

    static func watch(_ vm: VM) {
        flag = vm.interruptFlag
        signal(SIGINT) { _ in if let flag = Interrupts.flag { InterruptRequests.set(InterruptRequests.interrupt, in: flag) } }
        signal(SIGPIPE, SIG_IGN)
    }
}
