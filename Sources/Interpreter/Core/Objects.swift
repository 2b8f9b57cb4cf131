import Bytecode

/// Every heap object begins with this: 16 bytes.
package struct Header {
    package var references: UInt32
    /// The object's tag; 0 marks a free cell.
    package var kind: UInt8
    package var flags: UInt8
    /// Size class of the cell, 0xFFFF for objects with memory of their own.
    package var sizeClass: UInt16
    /// Scratch of the cycle collector.
    package var cycleReferences: UInt32
    /// Meaning depends on the kind.
    package var extra: UInt32
}

package enum HeaderFlag {
    /// The string lives in the table of interned strings.
    package static let interned: UInt8 = 1
    /// `__del__` has run.
    package static let finalized: UInt8 = 2
    /// All bytes of the string are below 0x80.
    package static let ascii: UInt8 = 4
    /// The string's hash is known.
    package static let hashed: UInt8 = 8
    /// Reached during this collection.
    package static let reachable: UInt8 = 16
}

/// str: UTF-8 bytes directly after this header. Immutable once shared; a sole owner may append in place.
package struct StringObject {
    package var header: Header
    package var hash: Int
    package var byteCount: Int
    /// Number of Unicode scalars.
    package var length: Int
    /// Bytes the memory can hold.
    package var capacity: Int
    /// For long non-ASCII strings: byte offset of every 64th scalar; made on first indexing.
    package var index: UnsafeMutablePointer<Int>?
}

package struct ListObject {
    package var header: Header
    package var count: Int
    package var capacity: Int
    package var items: UnsafeMutablePointer<Value>
}

/// tuple: items directly after this header.
package struct TupleObject {
    package var header: Header
    package var count: Int
}

/// dict: insertion-ordered entries plus an open-addressed table of entry indices.
package struct DictObject {
    package struct Entry {
        package var hash: Int
        /// undefined: a deleted entry.
        package var key: Value
        package var value: Value
    }
    package var header: Header
    /// Live entries.
    package var count: Int
    /// Entries in use, deleted ones included.
    package var used: Int
    package var entryCapacity: Int
    /// Table size − 1 (a power of two), −1 for no table yet.
    package var mask: Int
    /// Entry index, −1 empty, −2 deleted.
    package var table: UnsafeMutablePointer<Int32>?
    package var entries: UnsafeMutablePointer<Entry>?
    /// Bumped by every change of the set of keys: iterators notice.
    package var version: UInt64
}

/// set and frozenset: CPython's probing, so that sets of numbers iterate in its order.
package struct SetObject {
    package struct Entry {
        package var hash: Int
        /// undefined: empty; tag `rangeState`: a deleted entry.
        package var key: Value
    }
    package var header: Header
    package var count: Int
    /// Entries in use, dummies included.
    package var fill: Int
    package var mask: Int
    package var entries: UnsafeMutablePointer<Entry>?
    package var version: UInt64
    /// Cached hash of a frozenset, 0 when not yet known.
    package var hash: Int
}

/// bytes and bytearray; the bytes lie in memory of their own.
package struct BytesObject {
    package var header: Header
    package var count: Int
    package var capacity: Int
    package var bytes: UnsafeMutablePointer<UInt8>
    package var hash: Int
}

/// An int beyond 64 bits, or any object whose state is a Swift object.
package struct NativeObject {
    package var header: Header
    package var object: Unmanaged<AnyObject>
    /// The object's class (unused for big ints).
    package var type: UnsafeMutablePointer<ClassObject>?
}

/// range: 64-bit bounds; ranges beyond are refused with OverflowError.
package struct RangeObject {
    package var header: Header
    package var start: Int
    package var stop: Int
    package var step: Int
}

package struct SliceObject {
    package var header: Header
    package var start: Value
    package var stop: Value
    package var step: Value
}

package struct CellObject {
    package var header: Header
    package var content: Value
}

package struct FunctionObject {
    package var header: Header
    package var code: UnsafeMutablePointer<CodeRecord>
    /// The module whose globals the function sees.
    package var module: UnsafeMutablePointer<ModuleObject>
    /// undefined or tuple
    package var defaults: Value
    /// undefined or dict
    package var keywordDefaults: Value
    /// undefined or tuple of cells
    package var closure: Value
    /// undefined or the function that computes `__annotations__`, or the dict itself once computed
    package var annotations: Value
    /// undefined or dict: attributes set by programs (`__name__`, `__doc__`, `__wrapped__`, …)
    package var attributes: Value
}

package struct BoundMethodObject {
    package var header: Header
    package var function: Value
    package var receiver: Value
}

package struct BuiltinObject {
    package var header: Header
    package var function: Unmanaged<NativeFunction>
}

package struct ClassObject {
    package var header: Header
    package var info: Unmanaged<ClassInfo>
    /// Shape of an instance without attributes.
    package var rootShape: UnsafeMutablePointer<Shape>?
}

/// An instance; `slots` points behind the header (inline) or, once outgrown, to memory of its own.
package struct InstanceObject {
    package var header: Header
    package var shape: UnsafeMutablePointer<Shape>
    package var slots: UnsafeMutablePointer<Value>
    package var slotCapacity: Int
    /// The built-in value when the class derives from a built-in type; undefined otherwise.
    package var payload: Value
}

/// BaseException and all that derive from it. Begins as `InstanceObject` does.
package struct ExceptionObject {
    package var instance: InstanceObject
    /// tuple
    package var arguments: Value
    package var cause: Value
    package var context: Value
    package var traceback: Unmanaged<Traceback>?
    package var suppressesContext: Bool
}

package struct ModuleObject {
    package var header: Header
    package var info: Unmanaged<ModuleInfo>
    /// Address space for the slots, reserved once: slots never move.
    package var globals: UnsafeMutablePointer<Value>
}

package struct GeneratorObject {
    package enum State: UInt8 { case created, suspended, running, finished }
    package var header: Header
    package var code: UnsafeMutablePointer<CodeRecord>
    package var function: Value
    package var registers: UnsafeMutablePointer<Value>?
    package var pc: UnsafePointer<Instruction>
    /// The exception being handled inside the generator while it is suspended.
    package var handled: Value
    package var state: State
}

/// Built-in iterators. `header.extra` is the `IteratorKind`.
package struct IteratorObject {
    package var header: Header
    package var source: Value
    package var second: Value
    package var index: Int
    package var limit: Int
    package var version: UInt64
}

package enum IteratorKind: UInt32 {
    case list, tuple, string, bytes, byteArray, range
    case dictKeys, dictValues, dictItems, dictKeysReversed, dictValuesReversed, dictItemsReversed
    case set
    /// Objects with only `__getitem__`.
    case sequence
    /// iter(callable, sentinel)
    case sentinel
    case reversedList, reversedTuple, reversedString, reversedRange, reversedSequence
    case enumerate, zip, map, filter
}

/// dict.keys() and its siblings; `header.extra`: 0 keys, 1 values, 2 items.
package struct DictViewObject {
    package var header: Header
    package var dict: Value
}

/// classmethod, staticmethod, property; `header.extra` is the `DescriptorKind`.
package struct DescriptorObject {
    package var header: Header
    /// The wrapped function, or a property's getter.
    package var getter: Value
    package var setter: Value
    package var deleter: Value
    package var documentation: Value
}

package enum DescriptorKind: UInt32 { case classMethod, staticMethod, property }

package struct SuperObject {
    package var header: Header
    package var owner: UnsafeMutablePointer<ClassObject>
    package var receiver: Value
    /// Where the search starts after `owner`.
    package var receiverType: UnsafeMutablePointer<ClassObject>
}
