import BPU
import Quantization

/// The compiler's representation: a model as steps over storages, in execution order.
///
/// A storage is memory for one feature map of every frame; an operand is a storage seen with a geometry. Reshapes are operands of the same
/// storage, not steps. Invariants: a storage is written by one step or is a model input; steps read what earlier steps wrote; frames of all
/// operands are the same.
struct StepList {
    var frames: Int
    var steps: [Step] = []
    var storages: [Storage] = []
    /// Rows of the performance report.
    var rows: [ProgramLayer] = []
}

/// Memory for one map.
struct Storage {
    enum Home: Equatable {
        case workspace
        case input(Int)
        case output(Int)
    }
    /// Of one copy.
    var frameBytes: Int
    var copies = 1
    var home: Home = .workspace

    var storedFrameBytes: Int { frameBytes * copies }
}

struct Operand {
    var storage: Int
    var geometry: MapGeometry
}

/// One piece of work on whole frames.
struct Step {
    /// Index into `rows`.
    var row: Int
    var name: String
    var operation: StepOperation
    var inputs: [Operand]
    var output: Operand
    /// Bounds of the results, within the output element's.
    var low: Int
    var high: Int
    /// Whether loads are reported with the row that produced the data: a change of layout belongs to its producer.
    var chargesLoadsToProducer = false
    /// Whether stores are reported with the row that reads them: the documented report shows only the image with the first layer.
    var chargesStoresToConsumer = false
    /// A storage of two copies through which a depthwise step's input passes once more when it comes from DDR.
    var stage: Int?
}

enum StepOperation {
    /// NV12 planes with lines of so many bytes to a map.
    case image(lumaStride: Int)
    /// Also linear layers, whose geometry has one row.
    case convolution(IntegerConvolution)
    case add(IntegerAddition)
    case multiply(Rescale)
    case maxPool(IntegerPooling)
    case averagePool(IntegerPooling, Rescale?)
    case rescale(Rescale)
    case lookup([Int8])
    /// Element by element, also to another layout of the same shape.
    case copy
    /// Boxes of the inputs to boxes of the output. `rowRepeat` n: n output rows come from one row of every input, in order; nil: any from any.
    case boxes([BoxMove], rowRepeat: Int?)

    /// Whether a strip of output rows needs only a strip of input rows.
    var worksOnStrips: Bool {
        switch self {
        case .image, .convolution, .add, .multiply, .maxPool, .averagePool, .rescale, .lookup, .copy: true
        case .boxes(_, let rowRepeat): rowRepeat != nil
        }
    }

    /// Strips have a multiple of so many rows: images have chroma for pairs of them.
    var stripUnit: Int {
        switch self {
        case .image: 2
        case .boxes(_, let rowRepeat): rowRepeat ?? 1
        case .convolution, .add, .multiply, .maxPool, .averagePool, .rescale, .lookup, .copy: 1
        }
    }
}

/// A three-dimensional box of elements; offsets and strides in bytes within a frame.
struct BoxMove {
    /// nil: fill with `value`.
    var input: Int?
    var value = 0
    var rescale: Rescale?
    var extents: [Int]
    var sourceOffset = 0
    var sourceStrides = [0, 0, 0]
    var targetOffset: Int
    var targetStrides: [Int]
}

extension StepList {
    /// Steps that read each storage, and the step that writes it.
    var uses: [[Int]] {
        var uses = [[Int]](repeating: [], count: storages.count)
        for (k, step) in steps.enumerated() { for input in step.inputs where uses[input.storage].last != k { uses[input.storage].append(k) } }
        return uses
    }

    var producers: [Int?] {
        var producers = [Int?](repeating: nil, count: storages.count)
        for (k, step) in steps.enumerated() { producers[step.output.storage] = k }
        return producers
    }

    /// The invariants above.
    func verify(after pass: String) throws(CompilerError) {
        var written = Set(storages.indices.filter { if case .input = storages[$0].home { true } else { false } })
        for step in steps {
            for input in step.inputs {
                guard storages.indices.contains(input.storage), written.contains(input.storage) else {
                    throw .malformed(pass: pass, "\(step.name) reads a map that is not yet written")
                }
                if case .image = step.operation { continue }
                guard input.geometry.frameBytes == storages[input.storage].frameBytes else {
                    throw .malformed(pass: pass, "\(step.name) sees a map of another size")
                }
            }
            guard step.output.geometry.frameBytes == storages[step.output.storage].frameBytes else {
                throw .malformed(pass: pass, "\(step.name) writes a map of another size")
            }
            guard written.insert(step.output.storage).inserted else { throw .malformed(pass: pass, "\(step.name) writes a map twice") }
            guard rows.indices.contains(step.row), step.low <= step.high else {
                throw .malformed(pass: pass, "\(step.name) has no row or no results")
            }
        }
    }
}
