import Bytecode
import Diagnostics
import Foundation
import Syntax
import Testing

/// A program compiled from text, with what the tests ask of it.
struct Program {
    let code: Code
    let globals: GlobalNames

    init(_ text: String, name: String = "test.py", mode: CompilationMode = .module) throws {
        globals = GlobalNames()
        let module = try parse(module: SourceText(name: name, text: text))
        code = try compile(module, globals: globals, mode: mode)
    }

    var disassembly: String { Disassembler.text(code, globals: globals) }

    /// The code of the first function or class called `name`, at any depth.
    func function(_ name: String) throws -> Code { try #require(Program.find(name, in: code), "no function \(name)") }

    private static func find(_ name: String, in code: Code) -> Code? {
        for case .code(let inner) in code.constants {
            if inner.name == name { return inner }
            if let found = find(name, in: inner) { return found }
        }
        return nil
    }
}

extension Code {
    func count(_ op: Opcode) -> Int { instructions.count { $0.op == op } }
}

/// Where the repository's own files are.
enum Repository {
    static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    static let root = tests.deletingLastPathComponent().deletingLastPathComponent()

    /// Every `.py` file below `folder`, in a fixed order.
    static func programs(below folder: String) -> [URL] {
        let files = FileManager.default.enumerator(at: root.appending(path: folder), includingPropertiesForKeys: nil)
        let urls = (files?.allObjects ?? []).compactMap { $0 as? URL }
        return urls.filter { $0.pathExtension == "py" }.sorted { $0.path < $1.path }
    }
}
