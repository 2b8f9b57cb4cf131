public typealias ClassPointer = UnsafeMutablePointer<ClassObject>
public typealias StringPointer = UnsafeMutablePointer<StringObject>

/// The layout of instances that got the same attributes in the same order. Shapes form a tree from their class's root
/// and live as long as the class. A *dictionary* shape is for instances whose `__dict__` was taken: slot 0 is the dict.
package struct Shape {
    package let type: ClassPointer
    package let count: Int32
    package let isDictionary: Bool
    /// The class has `__del__`.
    package var hasFinalizer: Bool
    /// Interned names of the slots.
    package let names: UnsafeMutablePointer<StringPointer>
    let links: Unmanaged<Links>

    /// What only slow paths need.
    final class Links {
        var next: [StringPointer: UnsafeMutablePointer<Shape>] = [:]
        /// Slot of each name, for shapes with many names.
        var slots: [StringPointer: Int32] = [:]
    }

    static func make(type: ClassPointer, names: [StringPointer], hasFinalizer: Bool, isDictionary: Bool = false) -> UnsafeMutablePointer<Shape> {
        let links = Links()
        if names.count > 8 {
            for (slot, name) in names.enumerated() { links.slots[name] = Int32(slot) }
        }
        let storage = UnsafeMutablePointer<StringPointer>.allocate(capacity: max(1, names.count))
        storage.initialize(from: names, count: names.count)
        let shape = UnsafeMutablePointer<Shape>.allocate(capacity: 1)
        shape.initialize(
            to: Shape(
                type: type, count: Int32(names.count), isDictionary: isDictionary, hasFinalizer: hasFinalizer,
                names: storage, links: Unmanaged.passRetained(links)))
        return shape
    }

    /// Frees this shape and all that grew from it.
    static func destroyTree(_ root: UnsafeMutablePointer<Shape>) {
        var work = [root]
        while let shape = work.popLast() {
            let links = shape.pointee.links.takeRetainedValue()
            work.append(contentsOf: links.next.values)
            shape.pointee.names.deallocate()
            shape.deallocate()
        }
    }
}

extension UnsafeMutablePointer where Pointee == Shape {
    /// Slot of an interned name, −1 when instances of this shape lack it.
    @inline(__always)
    func slot(of name: StringPointer) -> Int {
        let count = Int(pointee.count)
        if pointee.isDictionary { return -1 }
        if count <= 8 {
            for index in 0..<count where pointee.names[index] == name { return index }
            return -1
        }
        return pointee.links._withUnsafeGuaranteedRef { Int($0.slots[name] ?? -1) }
    }

    /// The shape after adding an attribute.
    func adding(_ name: StringPointer) -> UnsafeMutablePointer<Shape> {
        let links = pointee.links.takeUnretainedValue()
        if let next = links.next[name] { return next }
        var names = (0..<Int(pointee.count)).map { pointee.names[$0] }
        names.append(name)
        let next = Shape.make(type: pointee.type, names: names, hasFinalizer: pointee.hasFinalizer)
        links.next[name] = next
        return next
    }
}
