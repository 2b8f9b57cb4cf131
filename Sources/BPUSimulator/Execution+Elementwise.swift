import BPU

extension Execution {
    func pool(_ body: Pooling, maximum: Bool) throws(ProgramError) {
        let (input, output) = (body.input, body.output)
        let first = max(0, output.firstRow * body.strideH - body.padH)
        let last = min(body.inputHeight - 1, (output.firstRow + output.rows - 1) * body.strideH - body.padH + (body.kernelH - 1) * body.dilationH)
        if first <= last { try requireDefined(input, frames: body.frames, rows: first - input.firstRow..<last + 1 - input.firstRow, "its input") }
        let lowest = Element(rawValue: input.element)?.minimum ?? Int.min
        var values = [Int](repeating: 0, count: output.channels)
        for frame in 0..<body.frames {
            for row in 0..<output.rows {
                let top = (output.firstRow + row) * body.strideH - body.padH
                for column in 0..<output.columns {
                    let left = column * body.strideW - body.padW
                    for channel in 0..<output.channels { values[channel] = maximum ? lowest : 0 }
                    for ky in 0..<body.kernelH {
                        let y = top + ky * body.dilationH
                        guard y >= 0, y < body.inputHeight else { continue }
                        let line = input.address + frame * input.frameStride + (y - input.firstRow) * input.rowStride
                        for kx in Execution.taps(left, body.dilationW, body.kernelW, input.columns) {
                            let pixel = line + (left + kx * body.dilationW) * input.columnStride
                            for channel in 0..<output.channels {
                                let value = chip.read(pixel + channel * input.element, input.element)
                                values[channel] = maximum ? max(values[channel], value) : values[channel] + value
                            }
                        }
                    }
                    for channel in 0..<output.channels {
                        var value = Arithmetic.saturate32(values[channel])
                        if body.rescales == 1 { value = Arithmetic.rescale(value, body.multiplier, body.preShift, body.postShift, rounds) }
                        write(Arithmetic.clamp(value, body.low, body.high), output, frame, row, column, channel)
                    }
                }
            }
        }
        define(output, frames: body.frames)
    }

    func elementwise(_ body: Elementwise, adds: Bool) throws(ProgramError) {
        try requireDefined(body.a, frames: body.frames, "its first operand")
        try requireDefined(body.b, frames: body.frames, "its second operand")
        for frame in 0..<body.frames {
            for row in 0..<body.output.rows {
                for column in 0..<body.output.columns {
                    let a = body.a.address + frame * body.a.frameStride + row * body.a.rowStride + column * body.a.columnStride
                    let b = body.b.address + frame * body.b.frameStride + row * body.b.rowStride + column * body.b.columnStride
                    for channel in 0..<body.output.channels {
                        let x = chip.read(a + channel * body.a.element, body.a.element)
                        let y = chip.read(b + channel * body.b.element, body.b.element)
                        let value = Arithmetic.saturate32(adds ? x * body.multiplierA + y * body.multiplierB : x * y)
                        let result = Arithmetic.rescale(value, body.multiplier, body.preShift, body.postShift, rounds)
                        write(Arithmetic.clamp(result, body.low, body.high), body.output, frame, row, column, channel)
                    }
                }
            }
        }
        define(body.output, frames: body.frames)
    }

    /// Into every copy of the output.
    @inline(__always)
    private func write(_ value: Int, _ output: MapView, _ frame: Int, _ row: Int, _ column: Int, _ channel: Int) {
        var at = output.address + frame * output.frameStride + row * output.rowStride + column * output.columnStride + channel * output.element
        for _ in 0..<output.copies {
            chip.write(value, at, output.element)
            at += output.copyStride
        }
    }
}
