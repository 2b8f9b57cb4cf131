import Kernels

/// A multi-dimensional array with identity: a layout over a shared storage, and its place in the gradient graph.
///
/// Values, dtypes, aliasing and errors are PyTorch's. Views share storage; in-place operations count versions on it.
/// A tensor is used by one thread at a time. The type is public only so that `Module` can be subclassed in other modules.
public final class Tensor {
    package internal(set) var storage: Storage
    package internal(set) var layout: Layout
    package internal(set) var dtype: DType
    /// A number of the user's language, which does not widen the dtype of the tensors it meets.
    package internal(set) var isWrappedNumber = false

    /// Accumulated gradient of a leaf, or of a tensor that retains it. Same sizes as the tensor.
    package var grad: Tensor?
    var leafRequiresGrad = false
    var ownNode: Node?
    weak var accumulator: Node?
    var hooks: [TensorHook] = []
    var accumulationHooks: [TensorHook] = []
    package internal(set) var retainsGrad = false

    /// The tensor this is a view of, and the base's history when this view's own node was recorded.
    package internal(set) var base: Tensor?
    var historyEpoch = 0
    var seenEpoch = 0

    /// Of a convolution's weight: its last result was normalised by its own statistics, so the next convolution gathers them on the way.
    var gathersMoments = false

    /// Set for `nn.Parameter`: how it prints, and that modules register it.
    package var isParameter = false
    /// Address of the language's object for this tensor while it lives, 0 otherwise: one tensor is one object there.
    package var languageCell: UInt = 0
    /// A name or object the language attaches (`tensor.name`, user attributes).
    package var userAttributes: AnyObject?
    /// What a higher module knows about the values, such as the scale of a quantised tensor; results of operations do not inherit it.
    package var annotation: AnyObject?

    package init(storage: Storage, layout: Layout, dtype: DType) {
        self.storage = storage
        self.layout = layout
        self.dtype = dtype
    }

    package var shape: [Int] { layout.sizes }
    package var strides: [Int] { layout.strides }
    package var rank: Int { layout.sizes.count }
    package var count: Int { layout.count }
    package var isContiguous: Bool { layout.isContiguous }
    package var version: Int { storage.version }

    /// The elements in memory, in the order `strides` tells.
    package var pointer: UnsafeMutableRawPointer {
        storage.linearize()
        return storage.pointer + layout.offset * dtype.size
    }

    /// Whether the storage is physically channels-last and this tensor reads all of it in canonical order.
    var isChannelsLastInside: Bool {
        guard let order = storage.channelsLast else { return false }
        return rank >= 3 && shape[0] == order.batch && shape[1] == order.channels && layout.offset == 0 && layout.isContiguous
            && count == order.batch * order.channels * order.volume && order.elementSize == dtype.size
    }

    /// Strides as the memory really lies; call `Tensor.settle` on all operands of an operation first.
    var physicalStrides: [Int] { isChannelsLastInside ? Layout.channelsLastStrides(shape) : strides }

    /// Brings operands that need logical order into it, before pointers are taken to any of them.
    static func settle(_ tensors: [Tensor]) {
        for tensor in tensors where tensor.storage.channelsLast != nil && !tensor.isChannelsLastInside { tensor.storage.linearize() }
    }

    var physicalPointer: UnsafeMutableRawPointer { storage.pointer + layout.offset * dtype.size }

    /// The position `dim` counts, with negatives from the end.
    package func normalized(_ dim: Int) throws(TensorError) -> Int {
        let bound = Swift.max(rank, 1)
        guard dim >= -bound && dim < bound else { throw .dimensionOutOfRange(dim, rank: rank) }
        return dim < 0 ? dim + bound : dim
    }

    package func size(_ dim: Int) throws(TensorError) -> Int {
        if rank == 0 { throw .index("Dimension specified as \(dim) but tensor has no dimensions") }
        return shape[try normalized(dim)]
    }

    // MARK: Elements

    /// The only element as a number.
    package func item() throws(TensorError) -> Scalar {
        guard count == 1 else { throw .runtime("a Tensor with \(count) elements cannot be converted to Scalar") }
        return element(pointer, 0)
    }

    func element(_ p: UnsafeRawPointer, _ i: Int) -> Scalar {
        switch dtype {
        case .bool: .bool(p.load(fromByteOffset: i, as: UInt8.self) != 0)
        case .uint8: .int(Int64(p.load(fromByteOffset: i, as: UInt8.self)))
        case .int8: .int(Int64(p.load(fromByteOffset: i, as: Int8.self)))
        case .int16: .int(Int64(p.load(fromByteOffset: i * 2, as: Int16.self)))
        case .int32: .int(Int64(p.load(fromByteOffset: i * 4, as: Int32.self)))
        case .int64: .int(p.load(fromByteOffset: i * 8, as: Int64.self))
        case .float32: .double(Double(p.load(fromByteOffset: i * 4, as: Float.self)))
        case .float64: .double(p.load(fromByteOffset: i * 8, as: Double.self))
        }
    }

    /// All elements in logical order.
    package func scalars() throws(TensorError) -> [Scalar] {
        let flat = try detach().contiguous()
        let p = flat.pointer
        return (0..<count).map { flat.element(p, $0) }
    }

    package func doubles() throws(TensorError) -> [Double] { try scalars().map(\.asDouble) }
    package func integers() throws(TensorError) -> [Int] { try scalars().map { Int($0.asInt) } }

    /// `tensor.data = other`: takes over memory, sizes and dtype; identity and graph stay.
    package func setData(_ other: Tensor) {
        storage = other.storage
        layout = other.layout
        dtype = other.dtype
        accumulator = nil
    }

    /// A leaf to be trained: `nn.Parameter(data, requires_grad)`.
    package static func parameter(_ data: Tensor, requiresGrad: Bool = true) throws(TensorError) -> Tensor {
        let result = data.detach()
        result.isParameter = true
        try result.setRequiresGrad(requiresGrad)
        return result
    }

    /// Gives an optimizer the memory of a parameter, contiguous, and of its gradient; counts the modification.
    package func updateInPlace(with gradient: Tensor, _ body: (UnsafeMutableRawPointer, UnsafeRawPointer) -> Void) throws(TensorError) {
        guard gradient.shape == shape, gradient.dtype == dtype else {
            throw .runtime("assigned grad has data of a different size or type")
        }
        let values = try packed()
        let slopes = try gradient.detach().packed()
        storage.willChange()
        body(values.pointer, slopes.pointer)
        if values !== self { try assignElements(from: values) }
        storage.bumpVersion()
    }
}
