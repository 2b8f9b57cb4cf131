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
    private(set) var pending: (any PendingElements)?
    private var sums: NormalizationSums?
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

    /// Elements to be formed from those of a storage of the same size and order.
    init(_ pending: any PendingElements) {
        memory = pending.source.pointer
        byteCount = pending.source.byteCount
        channelsLast = pending.source.channelsLast
        self.pending = pending
        owner = nil
    }

    /// Memory that `owner` keeps alive: arrays of other libraries, mapped files.
    package init(borrowing pointer: UnsafeMutableRawPointer, byteCount: Int, owner: AnyObject) {
        memory = pointer
        self.byteCount = byteCount
        self.owner = owner
    }

    deinit { if owner == nil && pending == nil { Allocator.shared.release(memory, byteCount) } }

    package func bumpVersion() { version += 1 }

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

    /// Keeps the smallest and largest of all elements, float32, until they are modified.
    func attachRange(_ low: Float, _ high: Float) { range = (low, high, version) }

    var knownRange: (low: Float, high: Float)? {
        guard let range, range.version == version else { return nil }
        return (range.low, range.high)
    }

    /// Brings the elements into logical order.
    package func linearize() {
        guard let order = channelsLast else { return }
        let memory = pointer
        channelsLast = nil
        guard let fresh = Allocator.shared.allocate(byteCount) else { preconditionFailure("no memory to reorder \(byteCount) bytes") }
        transposeInner(order.elementSize, memory, fresh, outer: order.batch, rows: order.volume, columns: order.channels)
        Allocator.shared.release(memory, byteCount)
        self.memory = fresh
    }
}
