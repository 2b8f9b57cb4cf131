import BPU
import Quantization

/// The staging areas that a step's streamed maps need.
struct TileShape {
    static let outputKey = -1
    static let stageKey = -2

    struct Area {
        var key: Int
        var geometry: MapGeometry
        var copies: Int
    }

    private let step: Step
    let areas: [Area]

    init(_ list: StepList, _ k: Int, _ plan: SegmentPlan) {
        step = list.steps[k]
        var areas: [Area] = []
        for (index, input) in step.inputs.enumerated() where plan.addresses[input.storage] == nil {
            areas.append(Area(key: index, geometry: input.geometry, copies: list.storages[input.storage].copies))
            if index == 0, let stage = step.stage {
                areas.append(Area(key: TileShape.stageKey, geometry: input.geometry, copies: list.storages[stage].copies))
            }
        }
        if plan.addresses[step.output.storage] == nil {
            areas.append(Area(key: TileShape.outputKey, geometry: step.output.geometry, copies: list.storages[step.output.storage].copies))
        }
        self.areas = areas
    }

    /// Areas start at multiples of the interlock's banks, so that engines do not wait for neighbours.
    private func aligned(_ count: Int) -> Int { (count + 4095) / 4096 * 4096 }

    func bytes(frames: Int) -> Int { areas.reduce(0) { $0 + aligned($1.geometry.frameBytes * $1.copies * frames) } }

    func addresses(_ base: Int, frames: Int) -> [Int: Int] {
        var at = base
        var addresses: [Int: Int] = [:]
        for area in areas {
            addresses[area.key] = at
            at += aligned(area.geometry.frameBytes * area.copies * frames)
        }
        return addresses
    }

    // MARK: strips

    /// Bytes of the largest strip of `rows` output rows.
    func bytes(largestStripOf rows: Int) -> Int {
        areas.reduce(0) { total, area in
            if area.key == TileShape.stageKey { return total }
            return total + aligned(stripBytes(area, area.key == TileShape.outputKey ? rows : windowRows(step, area.key, outputRows: rows)))
        }
    }

    func addresses(_ base: Int, strip: Range<Int>) -> [Int: Int] {
        var at = base
        var addresses: [Int: Int] = [:]
        for area in areas where area.key != TileShape.stageKey {
            addresses[area.key] = at
            at += aligned(stripBytes(area, area.key == TileShape.outputKey ? strip.count : TileShape.inputRows(step, area.key, strip).count))
        }
        return addresses
    }

    private func stripBytes(_ area: Area, _ rows: Int) -> Int {
        if case .image = step.operation, area.key == 0 { return rows * area.geometry.rowStride * 3 / 2 }
        if area.geometry.layout == .native { return area.geometry.channels * rows * area.geometry.rowStride }
        return area.copies * rows * area.geometry.rowStride
    }

    private func windowRows(_ step: Step, _ input: Int, outputRows: Int) -> Int {
        if case .boxes(_, let rowRepeat?) = step.operation { return (outputRows + rowRepeat - 1) / rowRepeat }
        guard let window = TileShape.window(step, input) else { return outputRows }
        return min(step.inputs[input].geometry.height, (outputRows - 1) * window.stride + (window.kernel - 1) * window.dilation + 1)
    }

    private static func window(_ step: Step, _ input: Int) -> (kernel: Int, stride: Int, pad: Int, dilation: Int)? {
        guard input == 0 else { return nil }
        switch step.operation {
        case .convolution(let body): return (body.weightShape[2], body.stride[0], body.padding[0], body.dilation[0])
        case .maxPool(let body), .averagePool(let body, _): return (body.kernel[0], body.stride[0], body.padding[0], body.dilation[0])
        case .image, .add, .multiply, .rescale, .lookup, .copy, .boxes: return nil
        }
    }

    /// The rows of an input that output rows are computed from; never empty.
    static func inputRows(_ step: Step, _ input: Int, _ output: Range<Int>) -> Range<Int> {
        if case .boxes(_, let rowRepeat?) = step.operation { return output.lowerBound / rowRepeat..<(output.upperBound + rowRepeat - 1) / rowRepeat }
        guard let window = window(step, input) else { return output }
        let height = step.inputs[input].geometry.height
        let first = min(max(output.lowerBound * window.stride - window.pad, 0), height - 1)
        let last = min(max((output.upperBound - 1) * window.stride - window.pad + (window.kernel - 1) * window.dilation, first), height - 1)
        return first..<last + 1
    }
}
