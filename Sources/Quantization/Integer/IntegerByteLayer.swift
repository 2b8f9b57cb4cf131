import Kernels
import Tensors

/// A layer without weights made ready for bytes (value + 128, channels last): a table, a pool, or copies.
///
/// Tables are filled by the reference, one entry for each operand, so they equal it by construction. Layers whose operands or result are
/// not int8, and what no case covers, stay with the reference.
struct IntegerByteLayer {
    /// A copy between strided views of one shape.
    struct Copy {
        var shape: [Int]
        var from = 0
        var fromStrides: [Int]
        var to = 0
        var toStrides: [Int]
        /// Which operand is copied.
        var operand = 0
        var table: [UInt8]?

        /// Dimensions in the order of the bytes, so that neighbours are copied together.
        var channelsLast: Copy {
            var result = self
            guard shape.count >= 3 else { return result }
            func moved(_ values: [Int]) -> [Int] { [values[0]] + values.dropFirst(2) + [values[1]] }
            (result.shape, result.fromStrides, result.toStrides) = (moved(shape), moved(fromStrides), moved(toStrides))
            return result
        }
    }

    private enum Form {
        case table([UInt8])
        /// Indexed by the first operand · 256 + the second.
        case pairs([UInt8])
        case maximum(Int8Geometry)
        case sum(Int8Geometry, Int8SumRescale)
        /// After filling the result with a byte, where one is given.
        case copies([Copy], fill: UInt8?)
        /// Through a row-major form of this many elements.
        case reordered(gather: Copy, scatter: Copy)
    }

    private let form: Form
    private let count: Int

    /// Nil where the reference must do it.
    init?(_ operation: IntegerOperation, inputs: [IntegerValue], output: IntegerValue, reference: IntegerReference) {
        guard output.type == .int8, inputs.allSatisfy({ $0.type == .int8 }), let made = IntegerByteLayer.form(operation, inputs, output, reference)
        else { return nil }
        form = made
        count = output.count
    }

    private static func form(_ operation: IntegerOperation, _ inputs: [IntegerValue], _ output: IntegerValue, _ reference: IntegerReference) -> Form?
    {
        let x = inputs[0]
        switch operation {
        case .rectify, .lookup, .requantize: return .table(table(operation, reference))
        case .add, .multiply: return output.count >= 4096 ? .pairs(pairs(operation, reference)) : nil
        case .maxPool(let pool): return .maximum(geometry(pool, x, output))
        case .averagePool(let pool, let rescale):
            guard let rescale, rescale.multiplier >= 0, pool.kernel[0] < 1 << 11, pool.kernel[1] < 1 << 11 else { return nil }
            let shifts = Int8SumRescale(
                multiplier: Int32(rescale.multiplier), preShift: Int32(rescale.preShift), postShift: Int32(rescale.postShift),
                rounds: reference.march.roundsShifts)
            return .sum(geometry(pool, x, output), shifts)
        case .concatenate(let axis, let rescales): return .copies(concatenation(axis, rescales, inputs, output, reference), fill: nil)
        case .slice(let axis, let start, let step):
            var strides = byteStrides(x.shape)
            let from = strides[axis] * start
            strides[axis] *= step
            return .copies(
                [Copy(shape: output.shape, from: from, fromStrides: strides, toStrides: byteStrides(output.shape)).channelsLast], fill: nil)
        case .permute(let order):
            let strides = byteStrides(x.shape)
            return .copies(
                [Copy(shape: output.shape, fromStrides: order.map { strides[$0] }, toStrides: byteStrides(output.shape)).channelsLast], fill: nil)
        case .pad(let before, _, let value):
            let strides = byteStrides(output.shape)
            let to = zip(before, strides).reduce(0) { $0 + $1.0 * $1.1 }
            return .copies(
                [Copy(shape: x.shape, fromStrides: byteStrides(x.shape), to: to, toStrides: strides).channelsLast],
                fill: UInt8(truncatingIfNeeded: value + 128))
        case .nearestUpsample(let h, let w): return .copies([upsampling(h, w, x, output)], fill: nil)
        case .reshape: return reordering(x, output)
        case .convolution, .linear: return nil
        }
    }

    // MARK: Making

    /// Steps between neighbours in the byte form, per dimension of a shape in PyTorch's order.
    static func byteStrides(_ shape: [Int]) -> [Int] {
        let rowMajor = IntegerArray(shape: shape, type: .int8, elements: []).strides
        guard shape.count >= 3 else { return rowMajor }
        return [rowMajor[0], 1] + rowMajor.dropFirst(2).map { $0 * shape[1] }
    }

    private static func byte(_ value: Int32) -> UInt8 { UInt8(truncatingIfNeeded: value + 128) }

    private static func table(_ operation: IntegerOperation, _ reference: IntegerReference) -> [UInt8] {
        let all = IntegerArray(shape: [256], type: .int8, elements: (-128...127).map { Int32($0) })
        return reference.run(operation, [all], IntegerValue(shape: [256], type: .int8, scales: [1])).elements.map(byte)
    }

    private static func pairs(_ operation: IntegerOperation, _ reference: IntegerReference) -> [UInt8] {
        let value = IntegerValue(shape: [65_536], type: .int8, scales: [1])
        let first = IntegerArray(shape: value.shape, type: .int8, elements: (0..<65_536).map { Int32($0 >> 8) - 128 })
        let second = IntegerArray(shape: value.shape, type: .int8, elements: (0..<65_536).map { Int32($0 & 255) - 128 })
        return reference.run(operation, [first, second], value).elements.map(byte)
    }

    private static func geometry(_ p: IntegerPooling, _ x: IntegerValue, _ y: IntegerValue) -> Int8Geometry {
        Int8Geometry(
            batch: x.shape[0], height: x.shape[2], width: x.shape[3], channels: x.shape[1], outHeight: y.shape[2], outWidth: y.shape[3],
            kernel: p.kernel,
            stride: p.stride, padding: p.padding, dilation: p.dilation)
    }

    private static func concatenation(
        _ axis: Int, _ rescales: [Rescale?], _ inputs: [IntegerValue], _ output: IntegerValue, _ reference: IntegerReference
    ) -> [Copy] {
        let strides = byteStrides(output.shape)
        var at = 0
        return inputs.indices.map { i in
            let shape = inputs[i].shape
            let copy = Copy(
                shape: shape, fromStrides: byteStrides(shape), to: at * strides[axis], toStrides: strides, operand: i,
                table: rescales[i].map { table(.requantize($0), reference) })
            at += shape[axis]
            return copy.channelsLast
        }
    }

    private static func upsampling(_ h: Int, _ w: Int, _ x: IntegerValue, _ output: IntegerValue) -> Copy {
        let (from, to) = (byteStrides(x.shape), byteStrides(output.shape))
        return Copy(
            shape: [x.shape[0], x.shape[2], h, x.shape[3], w, x.shape[1]], fromStrides: [from[0], from[2], 0, from[3], 0, 1],
            toStrides: [to[0], to[2] * h, to[2], to[3] * w, to[3], 1])
    }

    private static func reordering(_ x: IntegerValue, _ output: IntegerValue) -> Form {
        func rowMajor(_ shape: [Int]) -> [Int] { IntegerArray(shape: shape, type: .int8, elements: []).strides }
        let gather = Copy(shape: x.shape, fromStrides: byteStrides(x.shape), toStrides: rowMajor(x.shape))
        let scatter = Copy(shape: output.shape, fromStrides: rowMajor(output.shape), toStrides: byteStrides(output.shape))
        if scatter.fromStrides == scatter.toStrides { return .copies([gather], fill: nil) }
        if gather.fromStrides == gather.toStrides { return .copies([scatter], fill: nil) }
        return .reordered(gather: gather, scatter: scatter)
    }

    // MARK: Running

    /// Bytes to bytes: arrays without gaps.
    func run(_ operands: [UnsafePointer<UInt8>], _ y: UnsafeMutablePointer<UInt8>) throws(TensorError) {
        switch form {
        case .table(let table): int8Lookup(count, operands[0], table, y)
        case .pairs(let table): int8Lookup(count, operands[0], operands[1], table, y)
        case .maximum(let geometry): int8MaxPool(geometry, operands[0], y)
        case .sum(let geometry, let rescale): int8SumPool(geometry, operands[0], rescale, y)
        case .copies(let copies, let fill):
            if let fill { y.update(repeating: fill, count: count) }
            for copy in copies { int8Copy(copy, operands[copy.operand], y) }
        case .reordered(let gather, let scatter):
            let rows = try Tensor.empty([count], dtype: .uint8)
            withExtendedLifetime(rows) {
                int8Copy(gather, operands[0], rows.bytes)
                int8Copy(scatter, rows.bytes, y)
            }
        }
    }

    private func int8Copy(_ copy: Copy, _ x: UnsafePointer<UInt8>, _ y: UnsafeMutablePointer<UInt8>) {
        Kernels.int8Copy(copy.shape, x + copy.from, copy.fromStrides, y + copy.to, copy.toStrides, table: copy.table)
    }
}
