import Glibc
import Tensors

/// `torch.save` and `torch.load` in PyTorch's zip format.
package enum Checkpoint {
    package static func save(_ value: CheckpointValue, to path: String) throws(CheckpointError) {
        try Files.write(try encode(value, file: path), to: path)
    }

    package static func load(_ path: String) throws(CheckpointError) -> CheckpointValue { try decode(try Files.read(path), file: path) }

    package static func encode(_ value: CheckpointValue, file: String = "archive") throws(CheckpointError) -> [UInt8] {
        let last = file.split(separator: "/").last.map(String.init) ?? "archive"
        let stem = last.lastIndex(of: ".").map { String(last[..<$0]) } ?? last
        let name = stem.isEmpty ? "archive" : stem
        var pickler = Pickler(file: file)
        try pickler.dump(value)
        var files: [(name: String, content: [UInt8])] = [
            ("\(name)/data.pkl", pickler.bytes), ("\(name)/.format_version", Array("1".utf8)), ("\(name)/.storage_alignment", Array("64".utf8)),
            ("\(name)/byteorder", Array("little".utf8)),
        ]
        for (key, entry) in pickler.storages.enumerated() {
            files.append(("\(name)/data/\(key)", Array(UnsafeRawBufferPointer(start: entry.storage.pointer, count: entry.storage.byteCount))))
        }
        files.append(("\(name)/version", Array("3\n".utf8)))
        return try ZipArchive.write(files, file: file)
    }

    package static func decode(_ bytes: [UInt8], file: String = "archive") throws(CheckpointError) -> CheckpointValue {
        if bytes.isEmpty { throw CheckpointError(.endOfFile, file, "Ran out of input") }
        guard bytes.starts(with: Array("PK".utf8)) else {
            throw CheckpointError(
                .unpickling, file, "not a checkpoint in PyTorch's zip format (files saved before PyTorch 1.6 and plain pickles are not supported)")
        }
        let archive = try ZipArchive(bytes, file: file)
        guard let pickle = archive.entries.first(where: { $0.name.hasSuffix("/data.pkl") && $0.name.split(separator: "/").count == 2 }) else {
            throw CheckpointError(.runtime, file, "the archive has no data.pkl: it is not a PyTorch checkpoint")
        }
        let prefix = String(pickle.name.dropLast("data.pkl".count))
        if let order = archive.entry(named: prefix + "byteorder"), try archive.read(order) != Array("little".utf8) {
            throw CheckpointError(.runtime, file, "big-endian checkpoints are not supported")
        }
        var storages: [String: Storage] = [:]
        var unpickler = Unpickler(try archive.read(pickle), file: file) { (reference: Unpickler.StorageReference) throws(CheckpointError) in
            if let known = storages[reference.key] {
                guard known.byteCount >= reference.count * reference.dtype.size else {
                    throw CheckpointError(.runtime, file, "storage \(reference.key) is used with different sizes")
                }
                return known
            }
            guard let entry = archive.entry(named: "\(prefix)data/\(reference.key)") else {
                throw CheckpointError(.runtime, file, "the archive has no storage '\(reference.key)'")
            }
            let (wanted, overflow) = reference.count.multipliedReportingOverflow(by: reference.dtype.size)
            guard !overflow, wanted == entry.size else {
                throw CheckpointError(
                    .runtime, file,
                    "storage '\(reference.key)' has \(entry.size) bytes where \(reference.count) elements of \(reference.dtype.name) are expected")
            }
            let content = try archive.read(entry)
            do throws(TensorError) {
                let storage = try Storage(byteCount: content.count)
                content.withUnsafeBytes { if $0.count > 0 { memcpy(storage.pointer, $0.baseAddress!, $0.count) } }
                if reference.dtype == .bool {
                    for i in 0..<content.count where content[i] > 1 { storage.pointer.storeBytes(of: 1, toByteOffset: i, as: UInt8.self) }
                }
                storages[reference.key] = storage
                return storage
            } catch {
                throw CheckpointError(.runtime, file, error.message)
            }
        }
        return try unpickler.load()
    }
}
