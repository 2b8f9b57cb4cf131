import Bytecode

/// Every heap object begins with this: 16 bytes.
public struct Header {
    public var references: UInt32
    /// The object's tag; 0 marks a free cell.
    public var kind: UInt8
    public var flags: UInt8
    /// Size class of the cell, 0xFFFF for objects with memory of their own.
    public var sizeClass: UInt16
    /// Scratch of the cycle collector.
    public var cycleReferences: UInt32
    /// Meaning depends on the kind.
    public var extra: UInt32
}

public enum HeaderFlag {
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
public struct StringObject {
    public var header: Header
    public var hash: Int
    public var byteCount: Int
    /// Number of Unicode scalars.
    public var length: Int
    /// Bytes the memory can hold.
    public var capacity: Int
    /// For long non-ASCII strings: byte offset of every 64th scalar; made on first indexing.
    public var index: UnsafeMutablePointer<Int>?
}

public struct ListObject {
    public var header: Header
    public var count: Int
    public var capacity: Int
    public var items: UnsafeMutablePointer<Value>
}

/// tuple: items directly after this header.
public struct TupleObject {
    public var header: Header
    public var count: Int
}

/// dict: insertion-ordered entries plus an open-addressed table of entry indices.
public struct DictObject {
    public struct Entry {
        public var hash: Int
        /// undefined: a deleted entry.
        public var key: Value
        public var value: Value
    }
    public var header: Header
    /// Live entries.
    public var count: Int
    /// Entries in use, deleted ones included.
    public var used: Int
    public var entryCapacity: Int
    /// Table size − 1 (a power of two), −1 for no table yet.
    public var mask: Int
    /// Entry index, −1 empty, −2 deleted.
    public var table: UnsafeMutablePointer<Int32>?
    public var entries: UnsafeMutablePointer<Entry>?
    /// Bumped by every change of the set of keys: iterators notice.
    public var version: UInt64
}

/// set and frozenset: CPython's probing, so that sets of numbers iterate in its order.
public struct SetObject {
    /// See SetEntry.swift.
    public struct Entry {
        package var mark: UInt64
        package var bits: UInt64
    }
    public var header: Header
    public var count: Int
    /// Entries in use, dummies included.
    public var fill: Int
    public var mask: Int
    public var entries: UnsafeMutablePointer<Entry>?
    public var version: UInt64
    /// Cached hash of a frozenset, 0 when not yet known.
    public var hash: Int
}

/// bytes and bytearray; the bytes lie in memory of their own.
public struct BytesObject {
    public var header: Header
    public var count: Int
    public var capacity: Int
    public var bytes: UnsafeMutablePointer<UInt8>
    public var hash: Int
}

/// An int beyond 64 bits, or any object whose state is a Swift object.
public struct NativeObject {
    public var header: Header
    public var object: Unmanaged<AnyObject>
    /// The object's class (unused for big ints).
    public var type: UnsafeMutablePointer<ClassObject>?
}

/// range: 64-bit bounds; ranges beyond are refused with OverflowError.
public struct RangeObject {
    public var header: Header
    public var start: Int
    public var stop: Int
    public var step: Int
}

public struct SliceObject {
    public var header: Header
    public var start: Value
    public var stop: Value
    public var step: Value
}

public struct CellObject {
    public var header: Header
    public var content: Value
}

public struct FunctionObject {
    public var header: Header
    package var code: UnsafeMutablePointer<CodeRecord>
    /// The module whose globals the function sees.
    public var module: UnsafeMutablePointer<ModuleObject>
    /// undefined or tuple
    public var defaults: Value
    /// undefined or dict
    public var keywordDefaults: Value
    /// undefined or tuple of cells
    public var closure: Value
    /// undefined or the function that computes `__annotations__`, or the dict itself once computed
    public var annotations: Value
    /// undefined or dict: attributes set by programs (`__name__`, `__doc__`, `__wrapped__`, …)
    public var attributes: Value
}

public struct BoundMethodObject {
    public var header: Header
    public var function: Value
    public var receiver: Value
}

public struct BuiltinObject {
    public var header: Header
    package var function: Unmanaged<NativeFunction>
    /// The function's own, here for calls: reading them from the Swift object would count references.
    package var exactCount: Int
    package var least: Int
    package var most: Int
    package var parameterCount: Int
    package var defaults: UnsafeMutablePointer<Value>?
}

public struct ClassObject {
    public var header: Header
    package var info: Unmanaged<ClassInfo>
    /// Shape of an instance without attributes.
    package var rootShape: UnsafeMutablePointer<Shape>?
    /// How instances are made, as found when `constructionEpoch` was the epoch of the classes.
    package var construction: Construction
    public var constructionEpoch: UInt64
    /// For `Construction.initializer`: the class's `__init__`, borrowed.
    package var initializer: UnsafeMutablePointer<FunctionObject>?
    /// For built-in classes once called: what makes instances. Kept for good.
    package var constructor: UnsafeMutablePointer<BuiltinObject>?

    package enum Construction: UInt8 {
        /// By all the rules.
        case general
        /// By Swift code.
        case builtin
        /// `object.__new__`, then an `__init__` written in the language.
        case initializer
        /// An exception that only keeps its arguments.
        case exception
    }
}

/// An instance; `slots` points behind the header (inline) or, once outgrown, to memory of its own.
public struct InstanceObject {
    public var header: Header
    package var shape: UnsafeMutablePointer<Shape>
    public var slots: UnsafeMutablePointer<Value>
    public var slotCapacity: Int
    /// The built-in value when the class derives from a built-in type; undefined otherwise.
    public var payload: Value
}

/// BaseException and all that derive from it. Begins as `InstanceObject` does.
public struct ExceptionObject {
    public var instance: InstanceObject
    /// tuple
    public var arguments: Value
    public var cause: Value
    public var context: Value
    package var traceback: Traceback
    public var suppressesContext: Bool
}

public struct ModuleObject {
    public var header: Header
    package var info: Unmanaged<ModuleInfo>
    /// Address space for the slots, reserved once: slots never move.
    public var globals: UnsafeMutablePointer<Value>
}

/// A generator; its registers, as many as its code has, lie directly behind this header.
public struct GeneratorObject {
    package enum State: UInt8 { case created, suspended, running, finished }
    public var header: Header
    package var code: UnsafeMutablePointer<CodeRecord>
    public var function: Value
    /// How many of the registers hold something while the generator waits.
    public var liveCount: Int
    package var pc: UnsafePointer<Instruction>
    /// The exception being handled inside the generator while it is suspended.
    public var handled: Value
    package var state: State
}

/// Built-in iterators. `header.extra` is the `IteratorKind`.
public struct IteratorObject {
    public var header: Header
    public var source: Value
    public var second: Value
    public var index: Int
    public var limit: Int
    public var version: UInt64
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
public struct DictViewObject {
    public var header: Header
    public var dict: Value
}

/// classmethod, staticmethod, property; `header.extra` is the `DescriptorKind`.
public struct DescriptorObject {
    public var header: Header
    /// The wrapped function, or a property's getter.
    public var getter: Value
    public var setter: Value
    public var deleter: Value
    public var documentation: Value
}

package enum DescriptorKind: UInt32 { case classMethod, staticMethod, property }

public struct SuperObject {
    public var header: Header
    public var owner: UnsafeMutablePointer<ClassObject>
    public var receiver: Value
    /// Where the search starts after `owner`.
    public var receiverType: UnsafeMutablePointer<ClassObject>
}
