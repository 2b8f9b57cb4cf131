import Notebooks
import Synchronization

/// Files in memory with faults on demand, so that thousands of runs and every point of failure take seconds.
///
/// Each state-changing operation counts. At a chosen count it fails with an error, or the process "dies": a write is cut in half, and that and
/// every later operation fails, as if no instruction ran after a SIGKILL.
final class MemoryFileSystem: FileSystem, Sendable {
    enum Fault: Sendable {
        case none
        case fail(at: Int, code: Int32)
        /// From that operation on, all writes fail: a full disk.
        case failFrom(Int, code: Int32)
        case kill(at: Int)
    }

    private struct File {
        var bytes: [UInt8]
        var inode: UInt64
        var mode: UInt32
        var modified: Int
    }

    private struct State {
        var files: [String: File] = [:]
        /// What a loss of power leaves: contents by inode as last synced, and names as of the last sync of the folder.
        var syncedContents: [UInt64: [UInt8]] = [:]
        var syncedNames: [String: File] = [:]
        var folders: Set<String> = []
        var open: [Int32: String] = [:]
        var locked: Set<String> = []
        var nextDescriptor: Int32 = 3
        var clock = 1
        var operations = 0
        var fault = Fault.none
        var isDead = false
        var log: [String] = []
    }

    private let state = Mutex(State())

    private static let dead: Int32 = -9

    // MARK: What tests do from outside

    subscript(path: String) -> String? {
        get { state.withLock { $0.files[path].map { String(decoding: $0.bytes, as: UTF8.self) } } }
        set { setBytes(newValue.map { Array($0.utf8) }, path) }
    }

    func bytes(_ path: String) -> [UInt8]? { state.withLock { $0.files[path]?.bytes } }

    func setBytes(_ bytes: [UInt8]?, _ path: String) {
        state.withLock { state in
            state.clock += 1
            state.files[path] = bytes.map {
                File(bytes: $0, inode: UInt64(state.clock), mode: state.files[path]?.mode ?? 0o644, modified: state.clock)
            }
            state.syncedNames[path] = state.files[path]
            state.syncedContents[UInt64(state.clock)] = bytes
        }
    }

    func setMode(_ mode: UInt32, _ path: String) { state.withLock { $0.files[path]?.mode = mode } }
    var names: [String] { state.withLock { $0.files.keys.sorted() } }
    var operations: Int { state.withLock { $0.operations } }
    var isDead: Bool { state.withLock { $0.isDead } }
    var log: [String] { state.withLock { $0.log } }

    func arm(_ fault: Fault) {
        state.withLock {
            $0.fault = fault
            $0.operations = 0
            $0.log = []
        }
    }

    /// A new process: locks and open files of the dead one are gone, its files stay.
    func reboot() {
        state.withLock {
            $0.isDead = false
            $0.fault = .none
            $0.open = [:]
            $0.locked = []
        }
    }

    /// A reboot after which every file holds what was last synced, none of it being no bytes, and bears its newest name or, with `oldNames`, the
    /// one it had when the folder was synced: all that POSIX promises.
    func losePower(oldNames: Bool) {
        reboot()
        state.withLock { state in
            if oldNames { state.files = state.syncedNames }
            for (path, file) in state.files { state.files[path]?.bytes = state.syncedContents[file.inode] ?? [] }
        }
    }

    // MARK: FileSystem

    private func read<Value>(_ body: (inout State) throws(FileFailure) -> Value) throws(FileFailure) -> Value {
        try state.withLock { state throws(FileFailure) in
            if state.isDead { throw FileFailure("reach it", "", code: Self.dead) }
            return try body(&state)
        }
    }

    private func change<Value>(_ operation: String, _ path: String, _ body: (inout State, _ isCut: Bool) throws(FileFailure) -> Value)
        throws(FileFailure) -> Value
    {
        try state.withLock { state throws(FileFailure) in
            if state.isDead { throw FileFailure(operation, path, code: Self.dead) }
            state.operations += 1
            state.log.append("\(operation) \(path)")
            switch state.fault {
            case .fail(let count, let code) where state.operations == count: throw FileFailure(operation, path, code: code)
            case .failFrom(let count, let code) where state.operations >= count && !operation.hasPrefix("remove"):
                throw FileFailure(operation, path, code: code)
            case .kill(let count) where state.operations == count:
                state.isDead = true
                if operation == "write" { _ = try body(&state, true) }
                throw FileFailure(operation, path, code: Self.dead)
            default: return try body(&state, false)
            }
        }
    }

    func status(_ path: String) throws(FileFailure) -> FileStatus? {
        try read { state throws(FileFailure) in
            if state.folders.contains(path) {
                return FileStatus(device: 1, inode: 0, size: 0, modified: 0, modifiedNanoseconds: 0, mode: 0o755, isFolder: true)
            }
            return state.files[path].map {
                FileStatus(
                    device: 1, inode: $0.inode, size: $0.bytes.count, modified: $0.modified, modifiedNanoseconds: 0, mode: $0.mode, isFolder: false)
            }
        }
    }

    func resolve(_ path: String) throws(FileFailure) -> String {
        try read { state throws(FileFailure) in
            guard state.files[path] != nil else { throw FileFailure("find it", path, code: SystemError.missing) }
            return path
        }
    }

    func read(_ path: String) throws(FileFailure) -> [UInt8] {
        try read { state throws(FileFailure) in
            guard let file = state.files[path] else { throw FileFailure("read it", path, code: SystemError.missing) }
            return file.bytes
        }
    }

    func list(_ folder: String) throws(FileFailure) -> [String] {
        try read { state throws(FileFailure) in
            guard state.folders.contains(folder) else { throw FileFailure("list it", folder, code: SystemError.missing) }
            return state.files.keys.filter { $0.hasPrefix(folder + "/") }.map { String($0.dropFirst(folder.count + 1)) }.sorted()
        }
    }

    func create(_ path: String, mode: UInt32) throws(FileFailure) -> OpenFile {
        try change("create", path) { state, _ throws(FileFailure) in
            state.clock += 1
            state.files[path] = File(bytes: [], inode: UInt64(state.clock), mode: mode, modified: state.clock)
            state.nextDescriptor += 1
            state.open[state.nextDescriptor] = path
            return OpenFile(descriptor: state.nextDescriptor, path: path)
        }
    }

    func write(_ bytes: [UInt8], to file: OpenFile) throws(FileFailure) {
        try change("write", file.path) { state, isCut throws(FileFailure) in
            state.clock += 1
            state.files[file.path]?.bytes += isCut ? bytes.prefix(bytes.count / 2) : bytes[...]
            state.files[file.path]?.modified = state.clock
        }
    }

    func truncate(_ file: OpenFile) throws(FileFailure) {
        try change("truncate", file.path) { state, _ throws(FileFailure) in state.files[file.path]?.bytes = [] }
    }

    func synchronize(_ file: OpenFile) throws(FileFailure) {
        try change("sync", file.path) { state, _ throws(FileFailure) in
            if let file = state.files[file.path] { state.syncedContents[file.inode] = file.bytes }
        }
    }

    func synchronizeFolder(_ path: String) throws(FileFailure) {
        try change("sync folder", path) { state, _ throws(FileFailure) in state.syncedNames = state.files }
    }

    func close(_ file: OpenFile) { state.withLock { if !$0.isDead { $0.open[file.descriptor] = nil; $0.locked.remove(file.path) } } }

    func rename(_ path: String, to target: String) throws(FileFailure) {
        try change("rename", target) { state, _ throws(FileFailure) in
            guard let file = state.files.removeValue(forKey: path) else { throw FileFailure("rename", path, code: SystemError.missing) }
            state.files[target] = file
        }
    }

    func exchange(_ path: String, with other: String) throws(FileFailure) -> Bool {
        try change("exchange", other) { state, _ throws(FileFailure) in
            guard let file = state.files[path], let second = state.files[other] else { return false }
            state.files[other] = file
            state.files[path] = second
            return true
        }
    }

    func remove(_ path: String) throws(FileFailure) {
        try change("remove", path) { state, _ throws(FileFailure) in
            guard state.files.removeValue(forKey: path) != nil else { throw FileFailure("remove", path, code: SystemError.missing) }
        }
    }

    func removeFolder(_ path: String) throws(FileFailure) {
        try change("remove folder", path) { state, _ throws(FileFailure) in _ = state.folders.remove(path) }
    }

    func makeFolder(_ path: String) throws(FileFailure) {
        try change("make folder", path) { state, _ throws(FileFailure) in _ = state.folders.insert(path) }
    }

    func lock(_ path: String) throws(FileFailure) -> OpenFile? {
        try change("lock", path) { state, _ throws(FileFailure) in
            guard state.locked.insert(path).inserted else { return nil }
            if state.files[path] == nil { state.files[path] = File(bytes: [], inode: 1, mode: 0o666, modified: 0) }
            state.nextDescriptor += 1
            state.open[state.nextDescriptor] = path
            return OpenFile(descriptor: state.nextDescriptor, path: path)
        }
    }
}
