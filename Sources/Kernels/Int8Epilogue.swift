import CInt8Kernels

/// Per-channel parameters of an int8 result, laid out for the kernels; owns their memory.
///
/// y = sat8(rsh(sat16(rsh(acc, pre)) · multiplier, post)), at least 0 where `rectifies`. Shifts round half up where `rounds`.
package final class Int8Epilogue: @unchecked Sendable {
    package struct Channel {
        package var start: Int32
        package var multiplier, preShift, postShift: Int32
        /// The residual's factor: `e · alignMultiplier · 2^-alignShift`.
        package var alignMultiplier: Int32 = 0
        package var alignShift: Int32 = 0

        package init(start: Int32, multiplier: Int32, preShift: Int32, postShift: Int32) {
            (self.start, self.multiplier, self.preShift, self.postShift) = (start, multiplier, preShift, postShift)
        }
    }

    private let memory: UnsafeMutablePointer<Int32>
    private let arranged: UnsafeMutableRawPointer?
    /// At a place of its own, to which `arranged` refers.
    let parameters: UnsafeMutablePointer<int8_epilogue>

    /// `use` as of the weights whose sums these channels are.
    package init(_ channels: [Channel], rounds: Bool, rectifies: Bool, for use: Int8Weights.Use) {
        let padded = (channels.count + 15) / 16 * 16
        let memory = UnsafeMutablePointer<Int32>.allocate(capacity: max(padded * 10, 1))
        memory.initialize(repeating: 0, count: padded * 10)
        func half(_ shift: Int32) -> Int32 { rounds && shift > 0 ? 1 << (shift - 1) : 0 }
        for (i, c) in channels.enumerated() {
            let (right, left) = (max(c.alignShift, 0), max(-c.alignShift, 0))
            let values = [
                c.start, c.preShift, half(c.preShift), c.multiplier, c.postShift, half(c.postShift), c.alignMultiplier, half(right), right, left,
            ]
            for (field, value) in values.enumerated() { memory[field * padded + i] = value }
        }
        self.memory = memory
        func field(_ i: Int) -> UnsafePointer<Int32> { UnsafePointer(memory + i * padded) }
        parameters = .allocate(capacity: 1)
        parameters.initialize(
            to: int8_epilogue(
                start: field(0), pre: field(1), pre_add: field(2), multiplier: field(3), post: field(4), post_add: field(5),
                align_multiplier: field(6),
                align_add: field(7), align_right: field(8), align_left: field(9), low: rectifies ? 0 : -128, arranged: nil,
                arranged_for: INT8_PORTABLE))
        if let windows = Int8Epilogue.arrangesWindows(use, channels: padded) {
            let count = Int32(windows ? padded : channels.count)
            let memory = UnsafeMutableRawPointer.allocate(byteCount: int8_arranged_size(count), alignment: 64)
            int8_arrange_epilogue(parameters, count, windows ? 1 : 0, memory)
            arranged = memory
        } else {
            arranged = nil
        }
    }

    /// Whether constants are arranged for windows, or for rows; nil where they are not.
    private static func arrangesWindows(_ use: Int8Weights.Use, channels: Int) -> Bool? {
        switch use {
        case _ where int8KernelLevel == .portable: nil
        case .signedRows, .unsignedRows: false
        case .narrowWindows(let stride, _) where stride > 2: nil
        case .narrowWindows(_, let unsigned): int8KernelLevel == .avx512VNNI || unsigned && channels >= 32 ? true : nil
        case .windows: nil
        }
    }

    deinit {
        memory.deallocate()
        parameters.deallocate()
        arranged?.deallocate()
    }
}
