/// A compiled model: instructions for the virtual accelerator, the constants they load, and what its inputs and outputs mean.
///
/// Segment 0 holds the constants; every other segment is DDR memory that belongs to an input, an output, or the program itself. A program says
/// nothing about the graph it came from beyond layer names and operation counts.
package struct Program: Equatable, Sendable {
    package var header: ProgramHeader
    package var constants: [UInt8]
    package var instructions: [Instruction]

    package init(header: ProgramHeader, constants: [UInt8], instructions: [Instruction]) {
        self.header = header
        self.constants = constants
        self.instructions = instructions
    }
}

/// Everything of a program but constants and instructions; stored as JSON.
package struct ProgramHeader: Equatable, Sendable, Codable {
    package var name: String
    package var march: String
    /// Frames of one run: the batch of the first input.
    package var frames: Int
    /// The command line equivalent to the compilation.
    package var options: String
    /// CRC-32 of the traced model, eight hexadecimal digits.
    package var modelChecksum: String
    package var segments: [Segment]
    package var inputs: [ProgramInput]
    package var outputs: [ProgramOutput]
    package var layers: [ProgramLayer]

    package init(
        name: String, march: String, frames: Int, options: String, modelChecksum: String, segments: [Segment], inputs: [ProgramInput],
        outputs: [ProgramOutput], layers: [ProgramLayer]
    ) {
        self.name = name
        self.march = march
        self.frames = frames
        self.options = options
        self.modelChecksum = modelChecksum
        self.segments = segments
        self.inputs = inputs
        self.outputs = outputs
        self.layers = layers
    }

    /// A region of DDR.
    package struct Segment: Equatable, Sendable, Codable {
        package enum Kind: String, Sendable, Codable { case constants, input, output, workspace }
        package var kind: Kind
        package var bytes: Int

        package init(kind: Kind, bytes: Int) {
            self.kind = kind
            self.bytes = bytes
        }
    }
}

/// Where a model input comes from on the device.
package enum InputSource: String, CaseIterable, Sendable, Codable { case ddr, pyramid, resizer }

/// How a tensor of rank 4 lies in DDR. `native` is PyTorch's order, `raw` the padded order of feature maps.
package enum MapLayout: String, CaseIterable, Sendable, Codable {
    case native = "NCHW"
    case packed = "NHWC"
    case raw = "BPU_RAW"
}

/// An input of a program: an integer tensor, or NV12 images.
package struct ProgramInput: Equatable, Sendable, Codable {
    package var name: String
    package var source: InputSource
    package var layout: MapLayout
    /// In PyTorch's order.
    package var shape: [Int]
    package var element: Element
    package var scale: Float
    /// Whether callers give floats.
    package var quantizes: Bool
    package var segment: Int
    /// For images: luma rows of `lumaStride` bytes, then half as many rows of interleaved chroma, for each frame.
    package var lumaStride: Int

    package init(
        name: String, source: InputSource, layout: MapLayout, shape: [Int], element: Element, scale: Float, quantizes: Bool, segment: Int,
        lumaStride: Int
    ) {
        self.name = name
        self.source = source
        self.layout = layout
        self.shape = shape
        self.element = element
        self.scale = scale
        self.quantizes = quantizes
        self.segment = segment
        self.lumaStride = lumaStride
    }
}

/// An output of a program.
package struct ProgramOutput: Equatable, Sendable, Codable {
    package var layout: MapLayout
    /// In PyTorch's order.
    package var shape: [Int]
    package var element: Element
    /// One, or one per index of dimension 1.
    package var scales: [Float]
    package var dequantizes: Bool
    package var segment: Int

    package init(layout: MapLayout, shape: [Int], element: Element, scales: [Float], dequantizes: Bool, segment: Int) {
        self.layout = layout
        self.shape = shape
        self.element = element
        self.scales = scales
        self.dequantizes = dequantizes
        self.segment = segment
    }
}

/// A row of the performance report.
package struct ProgramLayer: Equatable, Sendable, Codable {
    package var name: String
    /// Operations of one run: two for each multiply-accumulate.
    package var operations: Int

    package init(name: String, operations: Int) {
        self.name = name
        self.operations = operations
    }
}
