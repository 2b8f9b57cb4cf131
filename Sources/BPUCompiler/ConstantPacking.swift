import BPU
import Quantization

/// Constants of one step that fit a weight slot together: filters and records of some output channels, or a table.
struct ConstantTile {
    /// Output channels covered, and how the piece is convolved.
    var channels: Range<Int>
    var inputChannels: Range<Int>
    var groups: Int
    /// Offset in the constants segment, and bytes up to the records and in all.
    var offset: Int
    var recordOffset: Int
    var byteCount: Int
}

/// Pass 6, constants: filters in the order the convolution unit reads, records beside them, cut to fit a weight slot. The same for every plan.
struct ConstantPacking {
    private(set) var bytes: [UInt8] = []
    /// By step; none where it has no constants.
    private(set) var tiles: [[ConstantTile]] = []
    private let march: MarchDescription
    private let slotBytes: Int

    init(_ list: StepList, march: MarchDescription) {
        self.march = march
        slotBytes = march.weightMemory / 2
        for step in list.steps {
            switch step.operation {
            case .convolution(let body): tiles.append(pieces(body).map { pack(body, $0) })
            case .lookup(let table):
                tiles.append([ConstantTile(channels: 0..<0, inputChannels: 0..<0, groups: 1, offset: bytes.count, recordOffset: aligned(256), byteCount: aligned(256))])
                bytes += table.map { UInt8(bitPattern: $0) }
                align()
            case .image, .add, .multiply, .maxPool, .averagePool, .rescale, .copy, .boxes: tiles.append([])
            }
        }
    }

    private func aligned(_ count: Int) -> Int { (count + march.constantAlignment - 1) / march.constantAlignment * march.constantAlignment }

    private mutating func align() { bytes += [UInt8](repeating: 0, count: aligned(bytes.count) - bytes.count) }

    private func filterBytes(_ body: IntegerConvolution) -> Int {
        let taps = body.weightShape[2] * body.weightShape[3]
        return body.isDepthwise ? (taps + 15) / 16 * 16 : taps * body.weightShape[1]
    }

    /// Ranges of output channels whose constants fit a slot: whole groups where several fit, else parts of one group.
    private func pieces(_ body: IntegerConvolution) -> [(channels: Range<Int>, groups: Int)] {
        let perChannel = filterBytes(body) + (body.alignment.isEmpty ? 8 : 12)
        let most = max(1, (slotBytes - 2 * march.constantAlignment) / perChannel)
        let perGroup = body.outChannels / body.groups
        var pieces: [(Range<Int>, Int)] = []
        if perGroup <= most {
            let groups = most / perGroup
            for first in stride(from: 0, to: body.groups, by: groups) {
                let end = min(first + groups, body.groups)
                pieces.append((first * perGroup..<end * perGroup, end - first))
            }
        } else {
            for group in 0..<body.groups {
                for first in stride(from: 0, to: perGroup, by: most) { pieces.append((group * perGroup + first..<group * perGroup + min(first + most, perGroup), 1)) }
            }
        }
        return pieces
    }

    private mutating func pack(_ body: IntegerConvolution, _ piece: (channels: Range<Int>, groups: Int)) -> ConstantTile {
        let start = bytes.count
        let perGroup = body.weightShape[1]
        let group = piece.channels.lowerBound / (body.outChannels / body.groups)
        bytes += filters(body, piece.channels)
        align()
        let recordOffset = bytes.count - start
        for channel in piece.channels { appendRecord(body, channel) }
        align()
        let inputs = group * perGroup..<(group + piece.groups) * perGroup
        return ConstantTile(
            channels: piece.channels, inputChannels: inputs, groups: piece.groups, offset: start, recordOffset: recordOffset, byteCount: bytes.count - start)
    }

    private func filters(_ body: IntegerConvolution, _ channels: Range<Int>) -> [UInt8] {
        let (perGroup, kernel, stride) = (body.weightShape[1], body.weightShape[2] * body.weightShape[3], filterBytes(body))
        return [UInt8](unsafeUninitializedCapacity: channels.count * stride) { target, count in
            target.initialize(repeating: 0)
            count = channels.count * stride
            body.weight.withUnsafeBufferPointer { source in
                for (row, channel) in channels.enumerated() {
                    for input in 0..<perGroup {
                        let from = (channel * perGroup + input) * kernel
                        for tap in 0..<kernel { target[row * stride + tap * perGroup + input] = UInt8(bitPattern: source[from + tap]) }
                    }
                }
            }
        }
    }

    private mutating func appendRecord(_ body: IntegerConvolution, _ channel: Int) {
        let bias = UInt32(bitPattern: body.bias[channel])
        for shift in stride(from: UInt32(0), to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: bias >> shift)) }
        let rescale = body.rescale.isEmpty ? Rescale(multiplier: 0, preShift: 0, postShift: 0) : body.rescale[channel]
        append16(rescale.multiplier)
        bytes.append(UInt8(truncatingIfNeeded: rescale.preShift))
        bytes.append(UInt8(truncatingIfNeeded: rescale.postShift))
        guard !body.alignment.isEmpty else { return }
        append16(body.alignment[channel].multiplier)
        bytes.append(UInt8(truncatingIfNeeded: body.alignment[channel].shift))
        bytes.append(0)
    }

    private mutating func append16(_ value: Int) {
        let bits = UInt16(truncatingIfNeeded: value)
        bytes.append(UInt8(truncatingIfNeeded: bits))
        bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
    }
}
