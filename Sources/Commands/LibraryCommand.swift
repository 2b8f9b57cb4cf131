import ArgumentParser
import Diagnostics
import Library
import Notebooks

/// `qnb compile-library`: part of the build. Writes the compiled library beside the executable.
struct LibraryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compile-library", abstract: "Compile the shipped library, so that imports are fast.", shouldDisplay: false)

    func run() throws {
        guard let folder = ModuleSearch.standardLibrary(), let executable = ModuleSearch.executable() else { throw mistake("there is no library") }
        var modules: [(path: String, contents: [UInt8])] = []
        for path in try Self.sources(in: folder) {
            guard let contents = ModuleSearch.read(folder + "/" + path) else { throw mistake("\(folder)/\(path): cannot be read") }
            modules.append((path, contents))
        }
        do {
            guard let bytes = try CompiledLibrary.compile(modules) else { throw mistake("this executable has no build identity") }
            try PosixFileSystem().replace(executable + ".library", with: bytes, mode: 0o644, .ordered)
        } catch let problem as SyntaxProblem {
            throw mistake(problem.rendered())
        } catch let failure as FileFailure {
            throw mistake(failure.description)
        }
    }

    /// Paths of the modules below a folder, sorted.
    private static func sources(in folder: String) throws -> [String] {
        let files = PosixFileSystem()
        var found: [String] = []
        var pending = [""]
        while let place = pending.popLast() {
            for name in try files.list(folder + "/" + place) {
                let path = place + name
                if try files.status(folder + "/" + path)?.isFolder == true {
                    pending.append(path + "/")
                } else if name.hasSuffix(".py") {
                    found.append(path)
                }
            }
        }
        return found.sorted()
    }
}
