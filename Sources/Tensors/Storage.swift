import Glibc
import Kernels

/// Memory shared by a tensor and its views.
///
/// Activations of convolutions are kept channels-last while every tensor over them speaks of channels-first strides:
/// `channelsLast` records that physical order. Readers that know it use it; `linearize` restores the logical order in place for the others.
package final class Storage {
    /// The physical order `[batch, volume, channels]` of elements that are logically `[batch, channels, volume]`.
    package struct ChannelsLast: Equatable, Sendable {
        package var batch, channels, volume, elementSize: Int
    }

    package private(set) var pointer: UnsafeMutableRawPointer
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
        self.pointer = pointer
        self.byteCount = byteCount
        owner = nil
    }

    /// Memory that `owner` keeps alive: arrays of other libraries, mapped files.
    package init(borrowing pointer: UnsafeMutableRawPointer, byteCount: Int, owner: AnyObject) {
        self.pointer = pointer
        self.byteCount = byteCount
        self.owner = owner
    }

    deinit { if owner == nil { Allocator.shared.release(pointer, byteCount) } }

    package func bumpVersion() { version += 1 }

    /// Brings the elements into logical order.
    package func linearize() {
        guard let order = channelsLast else { return }
        channelsLast = nil
        guard let fresh = Allocator.shared.allocate(byteCount) else { preconditionFailure("no memory to reorder \(byteCount) bytes") }
        transposeInner(order.elementSize, pointer, fresh, outer: order.batch, rows: order.volume, columns: order.channels)
        Allocator.shared.release(pointer, byteCount)
        pointer = fresh
    }
}
