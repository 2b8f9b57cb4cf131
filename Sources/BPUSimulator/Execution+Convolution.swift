import BPU

extension Execution {
    func convolution(_ body: Convolution, depthwise: Bool) throws(ProgramError) {
        try requireConstants(body, depthwise: depthwise)
        try requireDefined(body.input, frames: body.frames, rows: windowRows(body), "its input")
        if body.hasResidual == 1 { try requireDefined(body.residual, frames: body.frames, "its residual") }
        let records = (0..<body.output.channels).map { ChannelRecord(chip, body.records + $0 * body.recordBytes, hasResidual: body.hasResidual == 1) }
        if depthwise {
            filterEachChannel(body, records)
        } else if body.input.element == 1 {
            filter(body, records, Int8.self)
        } else {
            filter(body, records, Int16.self)
        }
        define(body.output, frames: body.frames)
    }

    private func requireConstants(_ body: Convolution, depthwise: Bool) throws(ProgramError) {
        let filter = depthwise ? body.depthwiseTapStride : body.kernelH * body.kernelW * (body.input.channels / body.groups)
        try requireDefined(body.weights, body.output.channels * filter, "weights")
        try requireDefined(body.records, body.output.channels * body.recordBytes, "channel records")
    }

    /// The rows of the input strip that windows cover, counted from the strip's first.
    private func windowRows(_ body: Convolution) -> Range<Int> {
        let first = max(0, body.output.firstRow * body.strideH - body.padH)
        let last = min(
            body.inputHeight - 1, (body.output.firstRow + body.output.rows - 1) * body.strideH - body.padH + (body.kernelH - 1) * body.dilationH)
        return first <= last ? first - body.input.firstRow..<last + 1 - body.input.firstRow : 0..<0
    }

    private func filter<T: ConvolutionOperand>(_ body: Convolution, _ records: [ChannelRecord], _ type: T.Type) {
        let (input, output) = (body.input, body.output)
        let (inPerGroup, outPerGroup) = (input.channels / body.groups, output.channels / body.groups)
        let taps = body.kernelH * body.kernelW * inPerGroup
        let weights = UnsafeRawPointer(chip.bytes + body.weights).assumingMemoryBound(to: Int8.self)
        // Neighbouring columns are one run of memory: a kernel row is a single dot product.
        let joined = body.groups == 1 && body.dilationW == 1 && input.columnStride == input.channels * input.element
        for frame in 0..<body.frames {
            for row in 0..<output.rows {
                let top = (output.firstRow + row) * body.strideH - body.padH
                for column in 0..<output.columns {
                    let left = column * body.strideW - body.padW
                    let kernelColumns = Execution.taps(left, body.dilationW, body.kernelW, input.columns)
                    for channel in 0..<output.channels {
                        let filter = weights + channel * taps
                        let group = channel / outPerGroup * inPerGroup * input.element
                        var sum = 0
                        for ky in 0..<body.kernelH {
                            let y = top + ky * body.dilationH
                            guard y >= 0, y < body.inputHeight, !kernelColumns.isEmpty else { continue }
                            let line = input.address + frame * input.frameStride + (y - input.firstRow) * input.rowStride + group
                            if joined {
                                let start = line + (left + kernelColumns.lowerBound) * input.columnStride
                                sum += T.dot(
                                    pointer(start, type), filter + (ky * body.kernelW + kernelColumns.lowerBound) * inPerGroup,
                                    kernelColumns.count * inPerGroup)
                            } else {
                                for kx in kernelColumns {
                                    let start = line + (left + kx * body.dilationW) * input.columnStride
                                    sum += T.dot(pointer(start, type), filter + (ky * body.kernelW + kx) * inPerGroup, inPerGroup)
                                }
                            }
                        }
                        finish(body, records[channel], sum, frame, row, column, channel)
                    }
                }
            }
        }
    }

    private func filterEachChannel(_ body: Convolution, _ records: [ChannelRecord]) {
        let (input, output) = (body.input, body.output)
        var sums = [Int](repeating: 0, count: output.channels)
        for frame in 0..<body.frames {
            for row in 0..<output.rows {
                let top = (output.firstRow + row) * body.strideH - body.padH
                for column in 0..<output.columns {
                    let left = column * body.strideW - body.padW
                    for channel in 0..<output.channels { sums[channel] = 0 }
                    for ky in 0..<body.kernelH {
                        let y = top + ky * body.dilationH
                        guard y >= 0, y < body.inputHeight else { continue }
                        let line =
                            input.address + frame * input.frameStride + ky % input.copies * input.copyStride + (y - input.firstRow) * input.rowStride
                        for kx in Execution.taps(left, body.dilationW, body.kernelW, input.columns) {
                            let pixel = line + (left + kx * body.dilationW) * input.columnStride
                            let tap = body.weights + ky * body.kernelW + kx
                            for channel in 0..<output.channels {
                                sums[channel] +=
                                    chip.read(pixel + channel * input.element, input.element) * chip.read(tap + channel * body.depthwiseTapStride, 1)
                            }
                        }
                    }
                    for channel in 0..<output.channels { finish(body, records[channel], sums[channel], frame, row, column, channel) }
                }
            }
        }
    }

    /// The kernel columns whose pixel lies inside the map.
    @inline(__always)
    static func taps(_ left: Int, _ dilation: Int, _ kernel: Int, _ columns: Int) -> Range<Int> {
        let first = left < 0 ? (-left + dilation - 1) / dilation : 0
        let end = left < columns ? min(kernel, (columns - 1 - left) / dilation + 1) : 0
        return first < end ? first..<end : 0..<0
    }

    @inline(__always)
    private func pointer<T>(_ address: Int, _ type: T.Type) -> UnsafePointer<T> {
        UnsafeRawPointer(chip.bytes + address).assumingMemoryBound(to: type)
    }

    /// Bias, residual, saturation, rescaling and clamping of one accumulator, into every copy of the output.
    @inline(__always)
    private func finish(_ body: Convolution, _ record: ChannelRecord, _ sum: Int, _ frame: Int, _ row: Int, _ column: Int, _ channel: Int) {
        var value = sum + record.bias
        if body.hasResidual == 1 {
            let residual = body.residual
            let at =
                residual.address + frame * residual.frameStride + row * residual.rowStride + column * residual.columnStride + channel
                * residual.element
            value += record.align(chip.read(at, residual.element), rounds)
        }
        value = Arithmetic.saturate32(value)
        if body.rescales == 1 { value = Arithmetic.rescale(value, record.multiplier, record.preShift, record.postShift, rounds) }
        value = Arithmetic.clamp(value, body.low, body.high)
        let output = body.output
        var at = output.address + frame * output.frameStride + row * output.rowStride + column * output.columnStride + channel * output.element
        for _ in 0..<output.copies {
            chip.write(value, at, output.element)
            at += output.copyStride
        }
    }
}
