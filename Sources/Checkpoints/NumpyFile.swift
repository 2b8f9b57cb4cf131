import Glibc
import Tensors

/// `.npy` and `.npz` files of numeric arrays.
package enum NumpyFile {
    package static func load(_ path: String) throws(CheckpointError) -> Tensor { try decode(try Files.read(path), file: path) }
    package static func save(_ tensor: Tensor, to path: String) throws(CheckpointError) { try Files.write(try encode(tensor, file: path), to: path) }

    package static func loadArchive(_ path: String) throws(CheckpointError) -> [(name: String, tensor: Tensor)] {
        let archive = try ZipArchive(try Files.read(path), file: path)
        var result: [(name: String, tensor: Tensor)] = []
        for entry in archive.entries {
            let name = entry.name.hasSuffix(".npy") ? String(entry.name.dropLast(4)) : entry.name
            result.append((name, try decode(try archive.read(entry), file: "\(path) (\(entry.name))")))
        }
        return result
    }

    package static func saveArchive(_ arrays: [(name: String, tensor: Tensor)], to path: String) throws(CheckpointError) {
        var files: [(name: String, content: [UInt8])] = []
        for (name, tensor) in arrays { files.append((name + ".npy", try encode(tensor, file: path))) }
        try Files.write(try ZipArchive.write(files, file: path, aligned: false), to: path)
    }

    private static func descriptor(_ dtype: DType) -> String {
        switch dtype {
        case .bool: "|b1"
        case .uint8: "|u1"
        case .int8: "|i1"
        case .int16: "<i2"
        case .int32: "<i4"
        case .int64: "<i8"
        case .float32: "<f4"
        case .float64: "<f8"
        }
    }

    package static func encode(_ tensor: Tensor, file: String = "") throws(CheckpointError) -> [UInt8] {
        let packed: Tensor
        do { packed = try tensor.detach().contiguous() } catch { throw CheckpointError(.runtime, file, error.message) }
        var header = "{'descr': '\(descriptor(tensor.dtype))', 'fortran_order': False, 'shape': \(TensorPrinter.tuple(tensor.shape)), }"
        let length = 10 + header.utf8.count + 1
        header += String(repeating: " ", count: (64 - length % 64) % 64) + "\n"
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
        bytes.appendLittle(UInt64(header.utf8.count), 2)
        bytes += Array(header.utf8)
        bytes += UnsafeRawBufferPointer(start: packed.pointer, count: packed.count * packed.dtype.size)
        return bytes
    }

    package static func decode(_ bytes: [UInt8], file: String = "") throws(CheckpointError) -> Tensor {
        func failed(_ reason: String) -> CheckpointError { CheckpointError(.value, file, reason) }
        guard bytes.count >= 10, bytes[0] == 0x93, Array(bytes[1..<6]) == Array("NUMPY".utf8) else {
            throw failed("not a .npy file: the magic string is not correct")
        }
        let wide = bytes[6] >= 2
        guard bytes[6] >= 1 && bytes[6] <= 3, !wide || bytes.count >= 12 else { throw failed("unsupported .npy version \(bytes[6])") }
        let start = wide ? 12 : 10
        let length = Int(bytes.little(8, wide ? 4 : 2))
        guard start + length <= bytes.count, length < 65_536 else { throw failed("the .npy header is truncated") }
        let header = String(decoding: bytes[start..<(start + length)], as: UTF8.self)
        guard let kind = field("descr", header), let order = field("fortran_order", header), let shapeText = field("shape", header) else {
            throw failed("the .npy header lacks descr, fortran_order or shape")
        }
        guard let dtype = DType.allCases.first(where: { "'" + descriptor($0) + "'" == kind || "'<" + descriptor($0).dropFirst() + "'" == kind })
        else {
            throw failed("arrays of dtype \(kind) cannot be loaded")
        }
        var shape: [Int] = []
        for part in shapeText.split(whereSeparator: { "(), ".contains($0) }) {
            guard let size = Int(part), size >= 0 else { throw failed("invalid shape \(shapeText)") }
            shape.append(size)
        }
        var count = dtype.size
        for size in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow else { throw failed("invalid shape \(shapeText)") }
            count = product
        }
        guard bytes.count - start - length >= count else {
            throw failed("the file holds \(bytes.count - start - length) bytes of data where \(count) are expected: it is truncated")
        }
        do {
            let fortran = order == "True"
            let result = try Tensor.empty(fortran ? shape.reversed() : shape, dtype: dtype)
            bytes.withUnsafeBytes { if count > 0 { memcpy(result.pointer, $0.baseAddress! + start + length, count) } }
            if dtype == .bool { return try result.ne(try .wrapped(false)) }
            return fortran ? try result.permute((0..<shape.count).reversed()) : result
        } catch {
            throw failed(error.message)
        }
    }

    /// The text after `'name':` up to the end of its value.
    private static func field(_ name: String, _ header: String) -> String? {
        guard let key = header.range(of: "'\(name)':") else { return nil }
        let rest = header[key.upperBound...].drop { $0 == " " }
        if rest.first == "(" { return rest.firstIndex(of: ")").map { String(rest[...$0]) } }
        return String(rest.prefix { $0 != "," && $0 != "}" }).split(separator: " ").first.map(String.init)
    }
}

extension String {
    /// The first occurrence of `other`.
    fileprivate func range(of other: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(other) { return start..<index(start, offsetBy: other.count) }
            start = index(after: start)
        }
        return nil
    }
}
