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
    fileprivate var parameters: int8_epilogue

    package init(_ channels: [Channel], rounds: Bool, rectifies: Bool) {
        let padded = (channels.count + 15) / 16 * 16
        let memory = UnsafeMutablePointer<Int32>.allocate(capacity: max(padded * 10, 1))
        memory.initialize(repeating: 0, count: padded * 10)
        func half(_ shift: Int32) -> Int32 { rounds && shift > 0 ? 1 << (shift - 1) : 0 }
        for (i, c) in channels.enumerated() {
            let (right, left) = (max(c.alignShift, 0), max(-c.alignShift, 0))
            let values = [c.start, c.preShift, half(c.preShift), c.multiplier, c.postShift, half(c.postShift), c.alignMultiplier, half(right), right, left]
            for (field, value) in values.enumerated() { memory[field * padded + i] = value }
        }
        self.memory = memory
        func field(_ i: Int) -> UnsafePointer<Int32> { UnsafePointer(memory + i * padded) }
        parameters = int8_epilogue(
            start: field(0), pre: field(1), pre_add: field(2), multiplier: field(3), post: field(4), post_add: field(5), align_multiplier: field(6),
            align_add: field(7), align_right: field(8), align_left: field(9), low: rectifies ? 0 : -128)
    }

    deinit { memory.deallocate() }
}

/// Weights in the kernels' order, and the sum of each channel's weights.
package final class Int8Weights: @unchecked Sendable {
    fileprivate let packed: UnsafeMutablePointer<Int8>
    /// Depth of a row, a multiple of 4; taps rounded up for depthwise weights.
    package let depth: Int
    package let channels: Int

    /// `weight`: `channels` rows of `width` values each, as convolution rows or depthwise taps.
    package init(_ weight: [Int8], channels: Int, width: Int) {
        self.channels = channels
        depth = (width + 3) / 4 * 4
        let groups = (channels + 15) / 16
        packed = .allocate(capacity: max(groups * depth * 16, 1))
        packed.initialize(repeating: 0, count: groups * depth * 16)
        for c in 0..<channels {
            for k in 0..<width { packed[(c / 16) * depth * 16 + (k / 4) * 64 + (c % 16) * 4 + k % 4] = weight[c * width + k] }
        }
    }

    deinit { packed.deallocate() }
}

/// Work one thread takes at a time, in multiply-accumulates.
private let macsPerPiece = 3_000_000

/// `rows` of `stride` bytes times the weights, to bytes. All arrays hold value + 128.
package func int8Product(
    _ x: UnsafePointer<UInt8>, rows: Int, stride: Int, _ weights: Int8Weights, _ epilogue: Int8Epilogue, residual: UnsafePointer<UInt8>?, _ y: UnsafeMutablePointer<UInt8>
) {
    let n = weights.channels
    let grain = max(48, macsPerPiece / max(1, weights.depth * n) / 24 * 24)
    parallel(rows, grain: grain) { range in
        withUnsafePointer(to: epilogue.parameters) { parameters in
            int8_gemm(
                x + range.lowerBound * stride, range.count, stride, Int32(weights.depth), Int32(n), weights.packed, parameters,
                residual.map { $0 + range.lowerBound * n }, y + range.lowerBound * n)
        }
    }
}

/// The same to int32: `y = start + Σ`.
package func int8Product(
    _ x: UnsafePointer<UInt8>, rows: Int, stride: Int, _ weights: Int8Weights, start: UnsafePointer<Int32>, _ y: UnsafeMutablePointer<Int32>
) {
    let n = weights.channels
    parallel(rows, grain: max(16, macsPerPiece / max(1, weights.depth * n))) { range in
        int8_gemm_int32(x + range.lowerBound * stride, range.count, stride, Int32(weights.depth), Int32(n), weights.packed, start, y + range.lowerBound * n)
    }
}

/// Sizes of a convolution over channels-last images.
package struct Int8Geometry: Sendable {
    package var batch, height, width, channels: Int
    package var outHeight, outWidth: Int
    package var kernelH, kernelW, strideH, strideW, padH, padW, dilationH, dilationW: Int

    package init(
        batch: Int, height: Int, width: Int, channels: Int, outHeight: Int, outWidth: Int, kernel: [Int], stride: [Int], padding: [Int], dilation: [Int]
    ) {
        (self.batch, self.height, self.width, self.channels) = (batch, height, width, channels)
        (self.outHeight, self.outWidth) = (outHeight, outWidth)
        (kernelH, kernelW, strideH, strideW) = (kernel[0], kernel[1], stride[0], stride[1])
        (padH, padW, dilationH, dilationW) = (padding[0], padding[1], dilation[0], dilation[1])
    }
}

/// Depthwise convolution; channels a multiple of 16.
package func int8Depthwise(
    _ g: Int8Geometry, _ x: UnsafePointer<UInt8>, _ weights: Int8Weights, _ epilogue: Int8Epilogue, residual: UnsafePointer<UInt8>?, _ y: UnsafeMutablePointer<UInt8>
) {
    let c = g.channels
    let border = UnsafeMutablePointer<UInt8>.allocate(capacity: c)
    border.initialize(repeating: 128, count: c)
    defer { border.deallocate() }
    let taps = weights.depth
    let rows = g.batch * g.outHeight
    parallel(rows, grain: max(1, macsPerPiece / 8 / max(1, g.outWidth * c * g.kernelH * g.kernelW))) { range in
        withUnsafeTemporaryAllocation(of: UnsafePointer<UInt8>?.self, capacity: taps) { pointers in
            for i in 0..<taps { pointers[i] = UnsafePointer(border) }
            withUnsafePointer(to: epilogue.parameters) { parameters in
                for row in range {
                    let (n, oy) = (row / g.outHeight, row % g.outHeight)
                    for ox in 0..<g.outWidth {
                        var tap = 0
                        for ky in 0..<g.kernelH {
                            let iy = oy * g.strideH - g.padH + ky * g.dilationH
                            let line = x + (n * g.height + iy) * g.width * c
                            for kx in 0..<g.kernelW {
                                let ix = ox * g.strideW - g.padW + kx * g.dilationW
                                pointers[tap] = iy >= 0 && iy < g.height && ix >= 0 && ix < g.width ? line + ix * c : UnsafePointer(border)
                                tap += 1
                            }
                        }
                        let at = (row * g.outWidth + ox) * c
                        int8_depthwise(pointers.baseAddress!, Int32(taps / 4), Int32(c), weights.packed, parameters, residual.map { $0 + at }, y + at)
                    }
                }
            }
        }
    }
}

/// Rows of patches `[kernelH, kernelW, group's channels]`, `depth` bytes each (the rest 128), for a product with the weights in that order.
package func int8Patches(_ g: Int8Geometry, _ x: UnsafePointer<UInt8>, channels group: Range<Int>, depth: Int, _ patches: UnsafeMutablePointer<UInt8>) {
    let (c, count) = (g.channels, group.count)
    let x = x + group.lowerBound
    parallel(g.batch * g.outHeight, grain: max(1, 65_536 / max(1, g.outWidth * depth))) { range in
        for row in range {
            let (n, oy) = (row / g.outHeight, row % g.outHeight)
            for ox in 0..<g.outWidth {
                var target = patches + (row * g.outWidth + ox) * depth
                let end = target + depth
                for ky in 0..<g.kernelH {
                    let iy = oy * g.strideH - g.padH + ky * g.dilationH
                    for kx in 0..<g.kernelW {
                        let ix = ox * g.strideW - g.padW + kx * g.dilationW
                        if iy >= 0 && iy < g.height && ix >= 0 && ix < g.width {
                            target.update(from: x + ((n * g.height + iy) * g.width + ix) * c, count: count)
                        } else {
                            target.update(repeating: 128, count: count)
                        }
                        target += count
                    }
                }
                if target < end { target.update(repeating: 128, count: end - target) }
            }
        }
    }
}

/// Channels-last bytes (value + 128) of channels-first int8 values, and back.
package func int8Interleave(_ x: UnsafePointer<Int8>, _ y: UnsafeMutablePointer<UInt8>, batch: Int, channels: Int, volume: Int) {
    parallel(batch, grain: max(1, 65_536 / max(1, channels * volume))) { range in
        for n in range {
            let (source, target) = (x + n * channels * volume, y + n * channels * volume)
            for c in 0..<channels {
                for v in 0..<volume { target[v * channels + c] = UInt8(bitPattern: source[c * volume + v]) ^ 0x80 }
            }
        }
    }
}

/// Allows the portable kernels (0), AVX2 (1) or AVX-512 VNNI (2), as far as the machine has them: for tests.
package func setInt8KernelLevel(_ level: Int) { int8_set_kernel_level(Int32(level)) }
package var int8KernelLevel: Int { Int(int8_kernel_level()) }
