/// An instruction of the virtual accelerator.
///
/// Two engines execute a program in order: the transfer engine (`layer`, `load`, `store`) and the computing engine (all others). Values are
/// those of executing everything in program order; an interlock on memory banks makes the overlapped execution equal to it. Compute
/// instructions see only on-chip memory. Weights, records and tables are at on-chip addresses too, loaded like everything else.
package enum Instruction: Equatable, Sendable {
    /// Launches a layer: the compute instructions that follow belong to it.
    case layer(LayerStart)
    case load(Transfer)
    case store(Transfer)
    case image(ImageConversion)
    case convolution(Convolution)
    /// One filter per channel; reads kernel row r from copy r mod copies of its input.
    case depthwise(Convolution)
    case maxPool(Pooling)
    case averagePool(Pooling)
    case add(Elementwise)
    case multiply(Elementwise)
    case move(Move)
    case rescale(Move)
    case lookup(Move)
    case fill(Move)
}

/// Which layer starts.
package struct LayerStart: InstructionBody {
    package var layer = 0
    package init() {}
    package static let fields: [Field<LayerStart>] = [Field("layer", \.layer, .count)]
}

/// Moves `blocks` blocks of `bytes` bytes between a DDR segment and on-chip memory.
package struct Transfer: InstructionBody {
    package var segment = 0
    package var offset = 0
    package var segmentStride = 0
    package var chip = 0
    package var chipStride = 0
    package var blocks = 1
    package var bytes = 0
    /// DDR descriptors used, each with its start-up time; 0 for constants, which are fetched with the layer's launch.
    package var descriptors = 1
    /// Start-ups that are not hidden behind the previous descriptor of a chain.
    package var starts = 1
    /// The layer this traffic is reported with.
    package var layer = 0

    package init() {}
    package var byteCount: Int { blocks * bytes }
    package static let fields: [Field<Transfer>] = [
        Field("segment", \.segment, .count), Field("offset", \.offset, .offset), Field("segmentStride", \.segmentStride, .address),
        Field("chip", \.chip, .address), Field("chipStride", \.chipStride, .address), Field("blocks", \.blocks, .count),
        Field("bytes", \.bytes, .address), Field("descriptors", \.descriptors, .count), Field("starts", \.starts, .count),
        Field("layer", \.layer, .count),
    ]
}

/// NV12 planes in on-chip memory to a centred YUV 4:4:4 map: chroma repeated over 2×2 pixels, 128 subtracted.
package struct ImageConversion: InstructionBody {
    package var frames = 1
    package var luma = 0
    package var lumaFrameStride = 0
    package var lumaRowStride = 0
    package var chroma = 0
    package var chromaFrameStride = 0
    package var chromaRowStride = 0
    package var output = MapView()

    package init() {}
    package static let fields: [Field<ImageConversion>] =
        [
            Field("frames", \.frames, .count), Field("luma", \.luma, .address), Field("lumaFrameStride", \.lumaFrameStride, .address),
            Field("lumaRowStride", \.lumaRowStride, .address), Field("chroma", \.chroma, .address),
            Field("chromaFrameStride", \.chromaFrameStride, .address), Field("chromaRowStride", \.chromaRowStride, .address),
        ] + MapView.fields(\.output, "output.")
}

/// `acc = Σ x·w + bias (+ aligned residual)`, saturated to int32, rescaled per channel where `rescales`, clamped to `low`…`high`.
///
/// Weights are `[out, kernelH, kernelW, in per group]` bytes, or `[out, tapStride]` with row-major taps for depthwise. A channel's record is 8
/// bytes little-endian: bias int32, multiplier int16, pre-shift, post-shift uint8; with a residual 4 more: multiplier int16, shift int8, 0.
package struct Convolution: InstructionBody {
    package var frames = 1
    package var input = MapView()
    package var residual = MapView()
    package var output = MapView()
    package var hasResidual = 0
    package var weights = 0
    package var records = 0
    package var kernelH = 1
    package var kernelW = 1
    package var strideH = 1
    package var strideW = 1
    package var padH = 0
    package var padW = 0
    package var dilationH = 1
    package var dilationW = 1
    /// Rows of the whole input map, of which `input` may hold a strip.
    package var inputHeight = 1
    package var groups = 1
    package var rescales = 1
    package var low = 0
    package var high = 0

    package init() {}
    package var recordBytes: Int { hasResidual == 1 ? 12 : 8 }
    package var depthwiseTapStride: Int { (kernelH * kernelW + 15) / 16 * 16 }
    package static let fields: [Field<Convolution>] =
        [
            Field("frames", \.frames, .count), Field("weights", \.weights, .address), Field("records", \.records, .address),
            Field("hasResidual", \.hasResidual, .flag), Field("kernelH", \.kernelH, 1...31), Field("kernelW", \.kernelW, 1...31),
            Field("strideH", \.strideH, 1...1024), Field("strideW", \.strideW, 1...1024), Field("padH", \.padH, 0...256),
            Field("padW", \.padW, 0...256), Field("dilationH", \.dilationH, 1...16), Field("dilationW", \.dilationW, 1...16),
            Field("inputHeight", \.inputHeight, .count), Field("groups", \.groups, 1...65536), Field("rescales", \.rescales, .flag),
            Field("low", \.low, .word), Field("high", \.high, .word),
        ] + MapView.fields(\.input, "input.") + MapView.fields(\.residual, "residual.") + MapView.fields(\.output, "output.")
}

/// Windows of one channel: the maximum (padding never wins) or the sum (padding counts as 0), then rescaled where `rescales`.
package struct Pooling: InstructionBody {
    package var frames = 1
    package var input = MapView()
    package var output = MapView()
    package var kernelH = 1
    package var kernelW = 1
    package var strideH = 1
    package var strideW = 1
    package var padH = 0
    package var padW = 0
    package var dilationH = 1
    package var dilationW = 1
    package var inputHeight = 1
    package var rescales = 0
    package var multiplier = 0
    package var preShift = 0
    package var postShift = 0
    package var low = 0
    package var high = 0

    package init() {}
    package static let fields: [Field<Pooling>] =
        [
            Field("frames", \.frames, .count), Field("kernelH", \.kernelH, 1...8192), Field("kernelW", \.kernelW, 1...8192),
            Field("strideH", \.strideH, 1...8192), Field("strideW", \.strideW, 1...8192), Field("padH", \.padH, 0...8192),
            Field("padW", \.padW, 0...8192), Field("dilationH", \.dilationH, 1...8192), Field("dilationW", \.dilationW, 1...8192),
            Field("inputHeight", \.inputHeight, .count), Field("rescales", \.rescales, .flag), Field("multiplier", \.multiplier, .word),
            Field("preShift", \.preShift, .shift), Field("postShift", \.postShift, .shift), Field("low", \.low, .word), Field("high", \.high, .word),
        ] + MapView.fields(\.input, "input.") + MapView.fields(\.output, "output.")
}

/// Two maps element by element: `a·multiplierA + b·multiplierB`, or `a·b`; saturated to int32, rescaled, clamped.
package struct Elementwise: InstructionBody {
    package var frames = 1
    package var a = MapView()
    package var b = MapView()
    package var output = MapView()
    package var multiplierA = 1
    package var multiplierB = 1
    package var multiplier = 0
    package var preShift = 0
    package var postShift = 0
    package var low = 0
    package var high = 0

    package init() {}
    package static let fields: [Field<Elementwise>] =
        [
            Field("frames", \.frames, .count), Field("multiplierA", \.multiplierA, .word), Field("multiplierB", \.multiplierB, .word),
            Field("multiplier", \.multiplier, .word), Field("preShift", \.preShift, .shift), Field("postShift", \.postShift, .shift),
            Field("low", \.low, .word), Field("high", \.high, .word),
        ] + MapView.fields(\.a, "a.") + MapView.fields(\.b, "b.") + MapView.fields(\.output, "output.")
}

/// Elements from one strided box to another of the same extents: copied, rescaled, looked up, or (`fill`) a constant.
package struct Move: InstructionBody {
    package var frames = 1
    package var source = MapView()
    package var output = MapView()
    /// `lookup`: on-chip address of 256 int8 entries; `fill`: the constant.
    package var operand = 0
    package var multiplier = 0
    package var preShift = 0
    package var postShift = 0
    package var low = 0
    package var high = 0

    package init() {}
    package static let fields: [Field<Move>] =
        [
            Field("frames", \.frames, .count), Field("operand", \.operand, .word), Field("multiplier", \.multiplier, .word),
            Field("preShift", \.preShift, .shift), Field("postShift", \.postShift, .shift), Field("low", \.low, .word), Field("high", \.high, .word),
        ] + MapView.fields(\.source, "source.") + MapView.fields(\.output, "output.")
}
