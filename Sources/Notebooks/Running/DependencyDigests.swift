/// Digests of the files and folders that `deps` names, each read once.
package final class DependencyDigests {
    private let files: any FileSystem
    private let paths: NotebookPaths
    private var known: [String: String] = [:]
    package private(set) var missing: Set<String> = []
    private static let maximumDepth = 32

    package init(files: any FileSystem, paths: NotebookPaths) {
        self.files = files
        self.paths = paths
    }

    /// 64 hex digits; `missing` when nothing can be read there.
    package func digest(_ path: String) -> String {
        if let digest = known[path] { return digest }
        var hasher = TextHasher()
        let digest: String
        do throws(FileFailure) {
            try add(paths.resolve(path), depth: 0, to: &hasher)
            digest = hasher.hex(digits: 64)
        } catch {
            missing.insert(path)
            digest = "missing"
        }
        known[path] = digest
        return digest
    }

    /// A folder counts with the names and contents of all it holds.
    private func add(_ path: String, depth: Int, to hasher: inout TextHasher) throws(FileFailure) {
        guard let status = try files.status(path) else { throw FileFailure("read it", path, code: SystemError.missing) }
        guard status.isFolder else { return hasher.add(try files.read(path)) }
        guard depth < Self.maximumDepth else { throw FileFailure("read it", path, code: SystemError.inputOutput) }
        for name in try files.list(path) {
            hasher.add("\0\(name)\0")
            try add(path + "/" + name, depth: depth + 1, to: &hasher)
        }
    }
}
