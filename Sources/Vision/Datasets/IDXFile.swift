import Tensors

/// MNIST's file format: a big-endian header with the element type and the sizes, then the elements. Plain or gzipped.
package enum IDXFile {
    /// The array in the file. Throws naming the file when the header or the length is wrong.
    package static func read(_ path: String) throws(VisionError) -> Tensor {
        let content = try FileContent.unpacked(path)
        defer { withExtendedLifetime(content) {} }
        let bytes = content.bytes
        guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0 else { throw .value("\(path) is no idx file: wrong magic number") }
        let dtype: DType
        switch bytes[2] {
        case 8: dtype = .uint8
        case 9: dtype = .int8
        case 11: dtype = .int16
        case 12: dtype = .int32
        case 13: dtype = .float32
        case 14: dtype = .float64
        default: throw .value("\(path) is no idx file: unknown element type \(bytes[2])")
        }
        let rank = Int(bytes[3])
        guard rank >= 1, rank <= 8, bytes.count >= 4 + 4 * rank else { throw .value("\(path) has a corrupt idx header") }
        var sizes: [Int] = []
        var total = dtype.size
        for i in 0..<rank {
            let size = (0..<4).reduce(0) { $0 << 8 | Int(bytes[4 + 4 * i + $1]) }
            sizes.append(size)
            let (product, overflow) = total.multipliedReportingOverflow(by: size)
            guard !overflow else { throw .value("\(path) has a corrupt idx header: its sizes are \(sizes)") }
            total = product
        }
        guard bytes.count - 4 - 4 * rank == total else {
            throw .value("\(path) has a corrupt idx header: sizes \(sizes) need \(total) bytes of data, the file holds \(bytes.count - 4 - 4 * rank)")
        }
        let tensor: Tensor
        do throws(TensorError) { tensor = try Tensor.empty(sizes, dtype: dtype) } catch { throw VisionError(.memory, error.message) }
        let (width, start) = (dtype.size, 4 + 4 * rank)
        let output = tensor.pointer
        if width == 1 {
            output.copyMemory(from: bytes.baseAddress! + start, byteCount: total)
        } else {
            for i in 0..<total / width {
                for b in 0..<width { output.storeBytes(of: bytes[start + i * width + b], toByteOffset: i * width + width - 1 - b, as: UInt8.self) }
            }
        }
        return tensor
    }
}
