import Bytecode

#if canImport(Glibc)
    import Glibc
#endif

/// Memory of the language's objects: cells of 16-byte size classes in pages, larger objects on their own; every object
/// can be enumerated. Reference counts free at once; `collectCycles` frees what only holds itself.
///
/// Invariant: a cell whose `kind` is 0 is free. Not thread-safe: one heap belongs to one machine.
public final class Heap {
    static let largestCell = 512
    static let pageSize = 256 * 1024
    static let ownMemory: UInt16 = 0xFFFF

    struct Page {
        let base: UnsafeMutableRawPointer
        let cellSize: Int
    }

    /// Precedes an object with memory of its own.
    struct LargePrefix {
        var previous: UnsafeMutablePointer<LargePrefix>?
        var next: UnsafeMutablePointer<LargePrefix>?
        var size: Int
        var padding: Int
    }

    struct SizeClass {
        var free: UnsafeMutableRawPointer?
        var bump: UnsafeMutableRawPointer?
        var bumpEnd: UnsafeMutableRawPointer?
    }

    private(set) var pages: [Page] = []
    private let classes: UnsafeMutablePointer<SizeClass>
    private var large: UnsafeMutablePointer<LargePrefix>?
    /// Objects alive now.
    package private(set) var liveCount = 0
    /// Containers made minus containers freed since the last collection.
    var containerGrowth = 0
    /// Containers made and not freed since the last collection.
    package var newContainers: Int { max(0, containerGrowth) }
    var containersAfterCollection = 0
    var isCollecting = false
    package var isAutomatic = true
    /// Objects whose memory waits to be returned: keeps freeing a long chain from recursing.
    private var pending: [Value] = []
    private var freeDepth = 0
    /// Calls `__del__`; set by the machine.
    var finalizer: ((Value) -> Void)?
    /// Runs when a class or a module has gone: its address, and those of a class's shapes, may be used again.
    var cacheKeyFreed: (() -> Void)?
    /// Set (value 2) when a collection is worth while: the machine's safe points look there.
    let requestFlag: UnsafeMutablePointer<Int32>

    /// Given up when memory runs out (see Heap+Memory).
    var reserve: UnsafeMutableRawPointer?

    /// Native values whose `header.extra` is at least this are reported to `nativeFreed`: their Swift object remembers them.
    package static let firstTrackedMark: UInt32 = 16
    /// Called with the mark and the Swift object of a tracked native value that is being freed.
    package var nativeFreed: ((UInt32, AnyObject) -> Void)?

    package init() {
        let count = Heap.largestCell / 16 + 1
        classes = .allocate(capacity: count)
        classes.initialize(repeating: SizeClass(free: nil, bump: nil, bumpEnd: nil), count: count)
        requestFlag = .allocate(capacity: 1)
        requestFlag.initialize(to: 0)
        keepReserve()
    }

    deinit {
        classes.deallocate()
        requestFlag.deallocate()
        if let reserve { munmap(reserve, Heap.reserveSize) }
        for page in pages { munmap(page.base, Heap.pageSize) }
        while let prefix = large {
            large = prefix.pointee.next
            free(prefix)
        }
    }

    // MARK: allocation

    /// Memory for an object of `size` bytes with one reference. The bytes after the header are not initialised.
    @inline(__always)
    func allocate(_ size: Int, _ tag: UInt64, extra: UInt32 = 0) -> UnsafeMutableRawPointer {
        let memory: UnsafeMutableRawPointer
        var sizeClass = (size + 15) >> 4
        if sizeClass < 2 { sizeClass = 2 }
        if sizeClass <= Heap.largestCell / 16 {
            if let cell = classes[sizeClass].free {
                classes[sizeClass].free = cell.load(fromByteOffset: 16, as: UnsafeMutableRawPointer?.self)
                memory = cell
            } else {
                memory = carve(sizeClass)
            }
        } else {
            memory = allocateLarge(size)
            sizeClass = Int(Heap.ownMemory)
        }
        liveCount &+= 1
        memory.assumingMemoryBound(to: Header.self).initialize(
            to: Header(
                references: 1, kind: UInt8(truncatingIfNeeded: tag), flags: 0, sizeClass: UInt16(truncatingIfNeeded: sizeClass),
                cycleReferences: 0, extra: extra))
        return memory
    }

    @inline(never)
    private func carve(_ sizeClass: Int) -> UnsafeMutableRawPointer {
        let size = sizeClass * 16
        if wantsCollection { requestFlag.pointee |= 2 }
        if classes[sizeClass].bump == nil || classes[sizeClass].bump.unsafelyUnwrapped + size > classes[sizeClass].bumpEnd.unsafelyUnwrapped {
            if reserve == nil { keepReserve() }
            let page = mapPage()
            pages.append(Page(base: page, cellSize: size))
            classes[sizeClass].bump = page
            classes[sizeClass].bumpEnd = page + Heap.pageSize
        }
        let cell = classes[sizeClass].bump.unsafelyUnwrapped
        classes[sizeClass].bump = cell + size
        return cell
    }

    /// A page of free cells. Pages are walked up to their end, and what the system maps reads as zero: as free. Cells that are
    /// never used cost no memory.
    private func mapPage() -> UnsafeMutableRawPointer {
        func map() -> UnsafeMutableRawPointer? {
            let page = mmap(nil, Heap.pageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            return page == MAP_FAILED ? nil : page
        }
        return map() ?? insist(Heap.pageSize, map)
    }

    @inline(never)
    private func allocateLarge(_ size: Int) -> UnsafeMutableRawPointer {
        let prefixSize = MemoryLayout<LargePrefix>.size
        let raw = memory(size + prefixSize)
        let prefix = raw.assumingMemoryBound(to: LargePrefix.self)
        prefix.initialize(to: LargePrefix(previous: nil, next: large, size: size, padding: 0))
        large?.pointee.previous = prefix
        large = prefix
        return raw + prefixSize
    }

    /// Grows or shrinks an object that has memory of its own. The object may move.
    func reallocateLarge(_ object: UnsafeMutableRawPointer, _ size: Int) -> UnsafeMutableRawPointer {
        let prefixSize = MemoryLayout<LargePrefix>.size
        let raw = resized(object - prefixSize, size + prefixSize)
        let prefix = raw.assumingMemoryBound(to: LargePrefix.self)
        prefix.pointee.size = size
        if let previous = prefix.pointee.previous { previous.pointee.next = prefix } else { large = prefix }
        prefix.pointee.next?.pointee.previous = prefix
        return raw + prefixSize
    }

    @inline(__always)
    func returnCell(_ object: UnsafeMutableRawPointer) {
        let header = object.assumingMemoryBound(to: Header.self)
        liveCount &-= 1
        let sizeClass = Int(header.pointee.sizeClass)
        if sizeClass != Int(Heap.ownMemory) {
            header.pointee.kind = 0
            object.storeBytes(of: classes[sizeClass].free, toByteOffset: 16, as: UnsafeMutableRawPointer?.self)
            classes[sizeClass].free = object
        } else {
            returnLarge(object)
        }
    }

    @inline(never)
    private func returnLarge(_ object: UnsafeMutableRawPointer) {
        let prefix = (object - MemoryLayout<LargePrefix>.size).assumingMemoryBound(to: LargePrefix.self)
        if let previous = prefix.pointee.previous { previous.pointee.next = prefix.pointee.next } else { large = prefix.pointee.next }
        prefix.pointee.next?.pointee.previous = prefix.pointee.previous
        free(prefix)
    }

    /// Interned strings live for good and are not counted as live objects.
    func leaveOutOfCount() { liveCount &-= 1 }

    // MARK: reference counts

    /// Gives one reference back; frees the object with the last.
    @inlinable @inline(__always)
    public func release(_ value: Value) {
        if value.isHeap {
            let header = value.header
            header.pointee.references &-= 1
            if _slowPath(header.pointee.references == 0) { destroy(value) }
        }
    }

    /// Stores `new` (a reference the caller gives up) and releases what was there.
    @inlinable @inline(__always)
    public func replace(_ place: UnsafeMutablePointer<Value>, with new: Value) {
        let old = place.pointee
        place.pointee = new
        release(old)
    }

    @usableFromInline @inline(never)
    func destroy(_ value: Value) {
        if value.tag == Tag.string {
            // Holds nothing, and goes most often.
            destroyNow(value)
            return
        }
        if freeDepth > 100 {
            pending.append(value)
            return
        }
        freeDepth += 1
        destroyNow(value)
        freeDepth -= 1
        if freeDepth == 0 {
            while let next = pending.popLast() {
                freeDepth = 1
                destroyNow(next)
                freeDepth = 0
            }
        }
    }

    // MARK: enumeration

    /// Bytes of a page that were ever handed out: what lies behind was never touched, and stays so.
    private func carvedBytes(of page: Page) -> Int {
        let sizeClass = classes[page.cellSize / 16]
        guard let bump = sizeClass.bump, sizeClass.bumpEnd == page.base + Heap.pageSize else { return Heap.pageSize }
        return bump - page.base
    }

    /// Visits every object alive, in no particular order. New objects that `body` makes may be left out.
    package func forEachObject(_ body: (Value) -> Void) {
        for page in pages {
            let end = carvedBytes(of: page)
            var offset = 0
            while offset + page.cellSize <= end {
                let cell = page.base + offset
                let kind = cell.assumingMemoryBound(to: Header.self).pointee.kind
                if kind != 0 { body(Value(tag: UInt64(kind), pointer: cell)) }
                offset += page.cellSize
            }
        }
        var prefix = large
        while let current = prefix {
            prefix = current.pointee.next
            let object = UnsafeMutableRawPointer(current) + MemoryLayout<LargePrefix>.size
            body(Value(tag: UInt64(object.assumingMemoryBound(to: Header.self).pointee.kind), pointer: object))
        }
    }
}
