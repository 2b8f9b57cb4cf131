import Glibc
import Kernels

/// Memory shared by a tensor and its views.
///
/// Activations of convolutions are kept channels-last while every tensor over them speaks of channels-first strides:
/// `channelsLast` records that physical order. Readers that know it use it; `linearize` restores the logical order in place for the others.
/// Elements may also be pending: they are written when `pointer` is first asked for.
package final class Storage {
    /// The physical order `[batch, volume, channels]` of elements that are logically `[batch, channels, volume]`.
    package struct ChannelsLast: Equatable, Sendable {
        package var batch, channels, volume, elementSize: Int
    }

    /// While elements are pending this is not ours.
    private var memory: UnsafeMutableRawPointer
    private(set) var pending: PendingElements?
    /// Storages whose pending elements would be formed from the ones here.
    private var dependents: [Dependent] = []
    private var sums: NormalizationSums?
    private var moments: GatheredMoments?
    private var range: (low: Float, high: Float, version: Int)?
    package let byteCount: Int
    package internal(set) var channelsLast: ChannelsLast?
    /// Counts in-place modifications, through any view.
    package private(set) var version = 0
    /// Keeps foreign memory alive; nil when the memory is the allocator's.
    private let owner: AnyObject?

    /// Uninitialised memory.
    package init(byteCount: Int) throws(TensorError) {
        guard byteCount >= 0, byteCount < 1 << 46, let pointer = Allocator.shared.allocate(byteCount) else {
            throw .runtime("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried to allocate \(byteCount) bytes.")
        }
        memory = pointer
        self.byteCount = byteCount
        owner = nil
    }

    /// Elements to be formed from those of storages of the same size and order.
    init(_ pending: PendingElements) {
        let source = pending.sources[0]
        memory = source.pointer
        byteCount = source.byteCount
        channelsLast = source.channelsLast
        self.pending = pending
        owner = nil
        for source in pending.sources { source.addDependent(self) }
    }

    /// Memory that `owner` keeps alive: arrays of other libraries, mapped files.
    package init(borrowing pointer: UnsafeMutableRawPointer, byteCount: Int, owner: AnyObject) {
        memory = pointer
        self.byteCount = byteCount
        self.owner = owner
    }

    deinit { if owner == nil && pending == nil { Allocator.shared.release(memory, byteCount) } }

    package func bumpVersion() { version += 1 }

    private struct Dependent { weak var storage: Storage? }

    private func addDependent(_ storage: Storage) {
        if dependents.count > 3 { dependents.removeAll { $0.storage?.pending == nil } }
        dependents.append(Dependent(storage: storage))
    }

    /// Must be called before elements change their values or order: whoever would still form theirs from these does it now.
    package func willChange() {
        if dependents.isEmpty { return }
        let present = dependents
        dependents = []
        for dependent in present { dependent.storage?.writePending() }
    }

    /// A clamp in place of elements that an unclamped normalisation would form: joins it. False where there is no such.
    func clampPending(to range: ActivationRange) -> Bool {
        guard let form = pendingNormalization, form.range == .none else { return false }
        pending = .normalized(form.clamped(to: range))
        return true
    }

    /// The elements in physical order.
    package var pointer: UnsafeMutableRawPointer {
        if pending != nil { writePending() }
        return memory
    }

    private func writePending() {
        guard let values = pending else { return }
        guard let fresh = Allocator.shared.allocate(byteCount) else { preconditionFailure("no memory for \(byteCount) bytes of activations") }
        values.write(to: fresh)
        memory = fresh
        pending = nil
    }

    /// Keeps what is known about the gradient stored here, until it is modified.
    func attach(_ state: NormalizationState, _ range: ActivationRange, _ values: [Double]) {
        sums = NormalizationSums(state: state, range: range, version: version, values: values)
    }

    func normalizationSums(_ state: NormalizationState, _ range: ActivationRange) -> [Double]? {
        guard let sums, sums.state === state, sums.range == range, sums.version == version else { return nil }
        return sums.values
    }

    /// Keeps the statistics of the channels, until elements change.
    func attach(_ mean: [Double], _ variance: [Double]) { moments = GatheredMoments(version: version, mean: mean, variance: variance) }

    var channelMoments: (mean: [Double], variance: [Double])? {
        guard let moments, moments.version == version else { return nil }
        return (moments.mean, moments.variance)
    }

    /// Keeps the smallest and largest of all elements, float32, until they are modified.
    func attachRange(_ low: Float, _ high: Float) { range = (low, high, version) }

    var knownRange: (low: Float, high: Float)? {
        guard let range, range.version == version else { return nil }
        return (range.low, range.high)
    }

    /// Brings the elements into logical order.
    package func linearize() {
        guard let order = channelsLast else { return }
        willChange()
        let memory = pointer
        channelsLast = nil
        guard let fresh = Allocator.shared.allocate(byteCount) else { preconditionFailure("no memory to reorder \(byteCount) bytes") }
        transposeInner(order.elementSize, memory, fresh, outer: order.batch, rows: order.volume, columns: order.channels)
        Allocator.shared.release(memory, byteCount)
        self.memory = fresh
    }
}

/// Statistics of the channels that a convolution gathered while it wrote them.
private struct GatheredMoments {
    /// The version of the storage they hold for.
    let version: Int
    let mean, variance: [Double]
}
