import Foundation
import Testing

/// The layers of `Sources/`: what each module may import of the package. SwiftPM does not reject undeclared imports
/// between modules of one package, so this table is enforced here.
private let table: [String: Set<String>] = [
    "Diagnostics": [],
    "Kernels": ["CInt8Kernels"],
    "Syntax": ["Diagnostics"],
    "Markdown": ["CCmark", "Diagnostics"],
    "Tensors": ["Kernels"],
    "Bytecode": ["Syntax", "Diagnostics"],
    "NN": ["Tensors", "Kernels"],
    "Checkpoints": ["Tensors", "CZlib"],
    "Graphs": ["NN", "Tensors"],
    "Quantization": ["Graphs", "NN", "Tensors", "Kernels", "Checkpoints"],
    "BPU": ["CZlib"],
    "BPUSimulator": ["BPU"],
    "BPUCompiler": ["BPU", "Quantization"],
    "Interpreter": ["Bytecode", "Syntax", "Diagnostics"],
    "Notebooks": ["Markdown", "Diagnostics", "CNettle"],
    "Library": [
        "Interpreter", "Bytecode", "Syntax", "Diagnostics", "Kernels", "Tensors", "NN", "Checkpoints", "Graphs", "Quantization", "BPU", "BPUCompiler",
        "BPUSimulator", "Reports", "Vision", "Notebooks", "Markdown", "CZlib", "CNettle",
    ],
    // A saved session is a notebook, and cells are evaluated as a notebook's are.
    "REPL": ["Library", "Interpreter", "Syntax", "Diagnostics", "Notebooks", "CReadline"],
    "Commands": [
        "REPL", "Reports", "BPU", "BPUSimulator", "Quantization", "Library", "Interpreter", "Bytecode", "Syntax", "Diagnostics", "Notebooks",
        "Markdown", "Checkpoints", "Tensors", "NN",
    ],
    "Vision": ["Tensors", "NN", "Kernels", "Checkpoints", "CZlib", "CPNG", "CJPEG", "CNettle"],
    // Code is coloured by the language's own lexer.
    "Reports": ["Notebooks", "Markdown", "Syntax", "Diagnostics", "BPU", "BPUSimulator", "Quantization", "CZlib"],
    "qnb": ["Commands"],
]

/// Libraries from outside, each with the only modules that may use it.
private let outside: [String: Set<String>] = [
    "BigInt": ["Interpreter", "Library"],
    "Yams": ["Notebooks"],
    "ArgumentParser": ["Commands"],
    "Foundation": [
        "Reports", "BPU", "BPUSimulator", "BPUCompiler", "Quantization", "Interpreter", "Library", "Notebooks", "Markdown", "Syntax", "Diagnostics",
        "Commands", "Checkpoints", "Tensors", "Kernels",
    ],
    "Glibc": Set(table.keys),
    "Dispatch": ["Kernels"],
    "Synchronization": ["Interpreter", "Kernels", "Tensors", "NN", "Vision", "Markdown", "Notebooks", "Library", "Commands"],
]

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

private func imports(of file: URL) throws -> [String] {
    let text = try String(contentsOf: file, encoding: .utf8)
    return text.split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ").filter {
            !["package", "private", "internal", "public", "@preconcurrency", "@testable"].contains(String($0))
        }
        guard words.first == "import", words.count >= 2 else { return nil }
        let name = ["struct", "class", "enum", "func", "protocol"].contains(String(words[1])) && words.count > 2 ? words[2] : words[1]
        return String(name.split(separator: ".")[0])
    }
}

@Test func everyModuleImportsOnlyWhatItsLayerAllows() throws {
    let sources = root.appendingPathComponent("Sources")
    var violations: [String] = []
    for folder in try FileManager.default.contentsOfDirectory(at: sources, includingPropertiesForKeys: nil) {
        let module = folder.lastPathComponent
        if module.hasPrefix("C"), module != "Checkpoints", module != "Commands" { continue }
        guard let allowed = table[module] else {
            violations.append("\(module) has no row in the import table")
            continue
        }
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            for name in try imports(of: file) {
                if let users = outside[name] {
                    if !users.contains(module) { violations.append("\(file.path): \(module) may not import \(name)") }
                } else if !allowed.contains(name) {
                    violations.append("\(file.path): \(module) may not import \(name)")
                }
            }
        }
    }
    #expect(violations.isEmpty, "\(violations.joined(separator: "\n"))")
}

@Test func theImportTableHasNoCycles() {
    var done: Set<String> = []
    var remaining = table
    while !remaining.isEmpty {
        let ready = remaining.filter { $0.value.allSatisfy { done.contains($0) || table[$0] == nil } }.keys
        if ready.isEmpty { break }
        for module in ready {
            done.insert(module)
            remaining[module] = nil
        }
    }
    #expect(remaining.isEmpty, "modules in a cycle: \(remaining.keys.sorted())")
}
