import Bytecode
import Syntax

// The operations of the language on any values: truth, comparison, hashing, text, arithmetic, items.
// Built-in kinds are handled where their own files say how; everything else through special methods.

extension VM {
    // MARK: truth

    @inline(__always)
    package func isTrue(_ value: Value) throws(PythonError) -> Bool {
        switch value.tag {
        case Tag.bool, Tag.int: value.bits != 0
        case Tag.none: false
        default: try isTrueSlowly(value)
        }
    }

    @inline(never)
    private func isTrueSlowly(_ value: Value) throws(PythonError) -> Bool {
        switch value.tag {
        case Tag.float: return value.asDouble != 0
        case Tag.string: return value.string.pointee.byteCount != 0
        case Tag.list: return value.list.pointee.count != 0
        case Tag.tuple: return value.tuple.pointee.count != 0
        case Tag.dict: return value.dict.pointee.count != 0
        case Tag.set, Tag.frozenSet: return value.object(as: SetObject.self).pointee.count != 0
        case Tag.bytes, Tag.byteArray: return value.object(as: BytesObject.self).pointee.count != 0
        case Tag.bigInt, Tag.function, Tag.builtin, Tag.boundMethod, Tag.module, Tag.generator, Tag.ellipsis, Tag.slice: return true
        case Tag.classObject:
            let hook = special(value.object(as: ClassObject.self), .classBool)
            if hook.isUndefined { return true }
            return try truthResult(call(unwrapStatic(hook), value), "__class_bool__")
        default: break
        }
        let type = typeOf(value)
        let method = special(type, .bool)
        if !method.isUndefined { return try truthResult(call(method, value), "__bool__") }
        let length = special(type, .length)
        if !length.isUndefined { return try self.length(value) != 0 }
        return true
    }

    private func truthResult(_ result: Value, _ name: String) throws(PythonError) -> Bool {
        if result.isBool { return result.asBool }
        defer { heap.release(result) }
        throw typeError("\(name) should return bool, returned \(typeName(result))")
    }

    // MARK: comparison

    /// `a == b` as containers compare: identical objects are equal.
    @inline(__always)
    package func equals(_ a: Value, _ b: Value) throws(PythonError) -> Bool {
        if a.isIdentical(to: b) { return true }
        return try equalsSlowly(a, b)
    }

    @inline(never)
    private func equalsSlowly(_ a: Value, _ b: Value) throws(PythonError) -> Bool {
        if a.tag == b.tag {
            switch a.tag {
            case Tag.int, Tag.none, Tag.bool: return a.bits == b.bits
            case Tag.float: return a.asDouble == b.asDouble
            case Tag.string: return try sameText(a.string, b.string)
            case Tag.function, Tag.module, Tag.builtin, Tag.ellipsis, Tag.notImplemented: return a.bits == b.bits
            default: break
            }
        }
        let result = try compare(.equal, a, b)
        if result.isBool { return result.asBool }
        defer { heap.release(result) }
        return try isTrue(result)
    }

    /// A comparison as an expression: for `==` and the orders any value may come back.
    package func compare(_ operation: CompareOperator, _ a: Value, _ b: Value) throws(PythonError) -> Value {
        switch operation {
        case .is: return .bool(a.isIdentical(to: b))
        case .isNot: return .bool(!a.isIdentical(to: b))
        case .in: return .bool(try contains(b, a))
        case .notIn: return .bool(try !contains(b, a))
        default: break
        }
        if isNumber(a.tag), isNumber(b.tag) { return .bool(numberCompare(operation, a, b)) }
        if a.tag == Tag.string, b.tag == Tag.string {
            if operation == .equal { return .bool(try sameText(a.string, b.string)) }
            if operation == .notEqual { return .bool(try !sameText(a.string, b.string)) }
            return .bool(VM.holds(operation, try stringCompare(a.string, b.string)))
        }
        return try compareThroughMethods(operation, a, b)
    }

    @inline(__always) func isNumber(_ tag: UInt64) -> Bool { tag <= Tag.float || tag == Tag.bool || tag == Tag.bigInt }

    /// Whether `order` (negative, 0, positive) satisfies the comparison.
    @inline(__always)
    static func holds(_ operation: CompareOperator, _ order: Int) -> Bool {
        switch operation {
        case .less: order < 0
        case .lessEqual: order <= 0
        case .equal: order == 0
        case .notEqual: order != 0
        case .greater: order > 0
        case .greaterEqual: order >= 0
        case .in, .notIn, .is, .isNot: false
        }
    }

    private func compareThroughMethods(_ operation: CompareOperator, _ a: Value, _ b: Value) throws(PythonError) -> Value {
        let typeA = typeOf(a)
        let typeB = typeOf(b)
        let forward = VM.compareMethods[Int(operation.rawValue)]
        let backward = VM.mirroredMethods[Int(operation.rawValue)]
        guard nativeDepth + 1 < nativeDepthLimit else { throw recursionError(" in comparison") }
        nativeDepth += 1
        defer { nativeDepth -= 1 }
        var triedB = false
        if typeA != typeB, isSubclass(typeB, typeA), !special(typeB, backward).isUndefined {
            triedB = true
            let result = try call(special(typeB, backward), b, a)
            if result.tag != Tag.notImplemented { return result }
        }
        let methodA = special(typeA, forward)
        if !methodA.isUndefined {
            let result = try call(methodA, a, b)
            if result.tag != Tag.notImplemented { return result }
        } else if forward == .notEqual, !special(typeA, .equal).isUndefined {
            let result = try call(special(typeA, .equal), a, b)
            if result.tag != Tag.notImplemented { return try negated(result) }
        }
        if !triedB {
            let methodB = special(typeB, backward)
            if !methodB.isUndefined {
                let result = try call(methodB, b, a)
                if result.tag != Tag.notImplemented { return result }
            } else if backward == .notEqual, !special(typeB, .equal).isUndefined {
                let result = try call(special(typeB, .equal), b, a)
                if result.tag != Tag.notImplemented { return try negated(result) }
            }
        }
        switch operation {
        case .equal: return .bool(a.isIdentical(to: b))
        case .notEqual: return .bool(!a.isIdentical(to: b))
        default:
            throw typeError(
                "'\(VM.compareSymbols[Int(operation.rawValue)])' not supported between instances of '\(fullTypeName(a))' and '\(fullTypeName(b))'")
        }
    }

    private func negated(_ value: Value) throws(PythonError) -> Value {
        defer { heap.release(value) }
        return .bool(try !isTrue(value))
    }

    static let compareMethods: [Special] = [.less, .lessEqual, .equal, .notEqual, .greater, .greaterEqual]
    static let mirroredMethods: [Special] = [.greater, .greaterEqual, .equal, .notEqual, .less, .lessEqual]
    static let compareSymbols = ["<", "<=", "==", "!=", ">", ">=", "in", "not in", "is", "is not"]

    // MARK: hashing

    /// `hash(value)`; TypeError for unhashable values.
    @inline(__always)
    package func hash(_ value: Value) throws(PythonError) -> Int {
        if value.tag == Tag.string { return try textHash(value.string) }
        if value.tag == Tag.int {
            // CPython's: the value modulo 2^61 − 1; −1 means error there, so it becomes −2.
            let small = value.asInt
            if small >= 0, small < 0x1FFF_FFFF_FFFF_FFFF { return small }
        }
        return try hashSlowly(value)
    }

    @inline(never)
    private func hashSlowly(_ value: Value) throws(PythonError) -> Int {
        switch value.tag {
        case Tag.int, Tag.bool, Tag.float, Tag.bigInt: return numberHash(value)
        case Tag.none: return 0xFCA8_6420
        case Tag.ellipsis: return 0x1234_5670
        case Tag.notImplemented: return 0x1234_5680
        case Tag.tuple: return try tupleHash(value.tuple)
        case Tag.function, Tag.builtin, Tag.classObject, Tag.module, Tag.generator: return Int(value.bits >> 4)
        case Tag.list, Tag.dict, Tag.set, Tag.byteArray, Tag.slice: throw typeError("unhashable type: '\(typeName(value))'")
        default: break
        }
        let type = typeOf(value)
        let method = special(type, .hash)
        if method.isUndefined { return Int(value.bits >> 4) }
        if method.isNone { throw typeError("unhashable type: '\(fullTypeName(value))'") }
        let result = try call(method, value)
        defer { heap.release(result) }
        // As CPython: an int that fits is the hash itself; −1 means failure there and becomes −2.
        if result.isInt || result.isBool { return result.asInt == -1 ? -2 : result.asInt }
        if result.tag == Tag.bigInt { return numberHash(result) }
        throw typeError("__hash__ method should return an integer")
    }

    // MARK: text

    /// `repr(value)`, a str.
    package func repr(_ value: Value) throws(PythonError) -> Value {
        switch value.tag {
        case Tag.int: return intRepr(value.asInt)
        case Tag.float: return floatReprValue(value.asDouble)
        case Tag.none: return string("None")
        case Tag.bool: return string(value.asBool ? "True" : "False")
        case Tag.string: return try stringRepr(value.string)
        default: break
        }
        let method: Value
        let type = typeOf(value)
        if value.tag == Tag.classObject, case let hook = special(value.object(as: ClassObject.self), .classRepr), !hook.isUndefined {
            method = unwrapStatic(hook)
        } else {
            method = special(type, .repr)
        }
        guard nativeDepth + 1 < nativeDepthLimit else { throw recursionError(" while getting the repr of an object") }
        nativeDepth += 1
        defer { nativeDepth -= 1 }
        let result = try call(method, value)
        return try requireString(result, "__repr__")
    }

    /// `str(value)`, a str.
    package func str(_ value: Value) throws(PythonError) -> Value {
        if value.tag == Tag.string { return value.retained() }
        if value.tag <= Tag.bool { return try repr(value) }
        let type = typeOf(value)
        let method = special(type, .str)
        if method.isUndefined || method.bits == objectStr.bits { return try repr(value) }
        return try requireString(try call(method, value), "__str__")
    }

    private func requireString(_ result: Value, _ name: String) throws(PythonError) -> Value {
        if result.tag == Tag.string { return result }
        defer { heap.release(result) }
        let inner = payload(result)
        if inner.tag == Tag.string { return inner.retained() }
        throw typeError("\(name) returned non-string (type \(typeName(result)))")
    }

    /// `repr(value)` as Swift text.
    package func reprText(_ value: Value) throws(PythonError) -> String {
        let result = try repr(value)
        defer { heap.release(result) }
        return text(result)
    }

    /// `str(value)` as Swift text.
    package func strText(_ value: Value) throws(PythonError) -> String {
        let result = try str(value)
        defer { heap.release(result) }
        return text(result)
    }

    // MARK: arithmetic

    /// Special methods of each `BinaryOperator`: forward, reflected, in place, and its symbol.
    static let binaryMethods: [(forward: Special, reflected: Special, inPlace: Special, symbol: String)] = [
        (.add, .radd, .iadd, "+"), (.sub, .rsub, .isub, "-"), (.mul, .rmul, .imul, "*"), (.matmul, .rmatmul, .imatmul, "@"),
        (.truediv, .rtruediv, .itruediv, "/"), (.floordiv, .rfloordiv, .ifloordiv, "//"), (.mod, .rmod, .imod, "%"),
        (.pow, .rpow, .ipow, "** or pow()"), (.lshift, .rlshift, .ilshift, "<<"), (.rshift, .rrshift, .irshift, ">>"),
        (.and, .rand, .iand, "&"), (.or, .ror, .ior, "|"), (.xor, .rxor, .ixor, "^"),
    ]

    /// `a op b`
    package func binary(_ operation: BinaryOperator, _ a: Value, _ b: Value, inPlace: Bool = false) throws(PythonError) -> Value {
        if isNumber(a.tag), isNumber(b.tag) { return try numberBinary(operation, a, b) }
        let methods = VM.binaryMethods[Int(operation.rawValue)]
        let typeA = typeOf(a)
        let typeB = typeOf(b)
        if inPlace {
            let method = special(typeA, methods.inPlace)
            if !method.isUndefined {
                let result = try call(method, a, b)
                if result.tag != Tag.notImplemented { return result }
            }
        }
        let forward = special(typeA, methods.forward)
        let reflected = typeA == typeB ? Value.undefined : special(typeB, methods.reflected)
        var triedReflected = false
        let isPreferred = isSubclass(typeB, typeA) && (forward.isUndefined || special(typeA, methods.reflected).bits != reflected.bits)
        // Sequences concatenate and repeat after numbers have had their say, as in CPython.
        let yields =
            a.tag >= Tag.string && a.tag <= Tag.tuple && (b.tag == Tag.native || b.tag == Tag.instance)
            && (operation == .add || operation == .multiply)
        if !reflected.isUndefined, isPreferred || yields {
            triedReflected = true
            let result = try call(reflected, b, a)
            if result.tag != Tag.notImplemented { return result }
        }
        if !forward.isUndefined {
            let result = try call(forward, a, b)
            if result.tag != Tag.notImplemented { return result }
        }
        if !reflected.isUndefined, !triedReflected {
            let result = try call(reflected, b, a)
            if result.tag != Tag.notImplemented { return result }
        }
        throw unsupportedOperands(operation, a, b, inPlace: inPlace)
    }

    private func unsupportedOperands(_ operation: BinaryOperator, _ a: Value, _ b: Value, inPlace: Bool) -> PythonError {
        if operation == .add {
            let kinds: [UInt64: String] = [Tag.string: "str", Tag.list: "list", Tag.tuple: "tuple"]
            if let kind = kinds[payload(a).tag] {
                return typeError("can only concatenate \(kind) (not \"\(typeName(b))\") to \(kind)")
            }
            if payload(a).tag == Tag.bytes || payload(a).tag == Tag.byteArray {
                return typeError("can't concat \(typeName(b)) to \(typeName(a))")
            }
        }
        if operation == .multiply {
            let sequences: Set<UInt64> = [Tag.string, Tag.list, Tag.tuple, Tag.bytes, Tag.byteArray]
            if sequences.contains(a.tag) { return typeError("can't multiply sequence by non-int of type '\(typeName(b))'") }
            if sequences.contains(b.tag) { return typeError("can't multiply sequence by non-int of type '\(typeName(a))'") }
        }
        var symbol = VM.binaryMethods[Int(operation.rawValue)].symbol
        if inPlace { symbol = operation == .power ? "**=" : symbol + "=" }
        return typeError("unsupported operand type(s) for \(symbol): '\(fullTypeName(a))' and '\(fullTypeName(b))'")
    }

    /// `-a`, `+a`, `~a`, `not a`
    package func unary(_ operation: UnaryOperator, _ a: Value) throws(PythonError) -> Value {
        if operation == .not { return .bool(try !isTrue(a)) }
        if isNumber(a.tag) { return try numberUnary(operation, a) }
        let (method, symbol): (Special, String) =
            switch operation {
            case .negative: (.neg, "-")
            case .positive: (.pos, "+")
            case .invert, .not: (.invert, "~")
            }
        let function = special(typeOf(a), method)
        if function.isUndefined { throw typeError("bad operand type for unary \(symbol): '\(typeName(a))'") }
        return try call(function, a)
    }

    // MARK: size and items

    /// `len(value)`
    package func length(_ value: Value) throws(PythonError) -> Int {
        switch value.tag {
        case Tag.string: return value.string.pointee.length
        case Tag.list: return value.list.pointee.count
        case Tag.tuple: return value.tuple.pointee.count
        case Tag.dict: return value.dict.pointee.count
        case Tag.set, Tag.frozenSet: return value.object(as: SetObject.self).pointee.count
        case Tag.bytes, Tag.byteArray: return value.object(as: BytesObject.self).pointee.count
        case Tag.classObject:
            let hook = special(value.object(as: ClassObject.self), .classLen)
            if !hook.isUndefined { return try lengthResult(call(unwrapStatic(hook), value)) }
        default: break
        }
        let method = special(typeOf(value), .length)
        if method.isUndefined { throw typeError("object of type '\(typeName(value))' has no len()") }
        return try lengthResult(call(method, value))
    }

    private func lengthResult(_ result: Value) throws(PythonError) -> Int {
        defer { heap.release(result) }
        if payload(result).tag == Tag.bigInt { throw overflowError("cannot fit 'int' into an index-sized integer") }
        let count = try index(result, "'\(typeName(result))' object cannot be interpreted as an integer")
        if count < 0 { throw valueError("__len__() should return >= 0") }
        return count
    }

    /// An int, bool, or object with `__index__` as a Swift integer; `message` is the TypeError's text.
    package func index(_ value: Value, _ message: @autoclosure () -> String) throws(PythonError) -> Int {
        let plain = payload(value)
        if plain.isInt || plain.isBool { return plain.asInt }
        if plain.tag == Tag.bigInt { throw overflowError("Python int too large to convert to C ssize_t") }
        let method = special(typeOf(value), .index)
        if method.isUndefined { throw typeError(message()) }
        let result = try call(method, value)
        defer { heap.release(result) }
        if result.isInt || result.isBool { return result.asInt }
        if result.tag == Tag.bigInt { throw overflowError("Python int too large to convert to C ssize_t") }
        throw typeError("__index__ returned non-int (type \(typeName(result)))")
    }

    package func index(_ value: Value) throws(PythonError) -> Int {
        try index(value, "'\(typeName(value))' object cannot be interpreted as an integer")
    }

    /// `container[key]`
    package func getItem(_ container: Value, _ key: Value) throws(PythonError) -> Value {
        switch container.tag {
        case Tag.list: return try listItem(container, key)
        case Tag.tuple: return try tupleItem(container, key)
        case Tag.dict:
            let found = try dictGet(container.dict, key)
            if found.isUndefined { throw keyError(key) }
            return found.retained()
        case Tag.string: return try stringItem(container, key)
        case Tag.bytes, Tag.byteArray:
            let content = byteBuffer(container)
            if key.isInt, key.asInt >= 0, key.asInt < content.count { return .int(Int(content[key.asInt])) }
        case Tag.classObject: return try classItem(container, key)
        default: break
        }
        let method = special(typeOf(container), .getItem)
        if method.isUndefined { throw typeError("'\(typeName(container))' object is not subscriptable") }
        return try call(method, container, key)
    }

    private func classItem(_ container: Value, _ key: Value) throws(PythonError) -> Value {
        let type = container.object(as: ClassObject.self)
        let hook = special(type, .classGetItemHook)
        if !hook.isUndefined { return try call(unwrapStatic(hook), container, key) }
        let generic = special(type, .classGetItem)
        if generic.isUndefined { throw typeError("type '\(type.info.name)' is not subscriptable") }
        if generic.tag == Tag.builtin || generic.tag == Tag.function { return try call(generic, container, key) }
        return try call(unwrapStatic(generic), container, key)
    }

    /// `container[key] = value`
    package func setItem(_ container: Value, _ key: Value, _ value: Value) throws(PythonError) {
        switch container.tag {
        case Tag.list:
            try setListItem(container, key, value)
            return
        case Tag.dict:
            try dictSet(container.dict, key, value)
            return
        default: break
        }
        let method = special(typeOf(container), .setItem)
        if method.isUndefined { throw typeError("'\(typeName(container))' object does not support item assignment") }
        heap.release(try call(method, container, key, value))
    }

    /// `del container[key]`
    package func deleteItem(_ container: Value, _ key: Value) throws(PythonError) {
        if container.tag == Tag.dict {
            let old = try dictRemove(container.dict, key)
            if old.isUndefined { throw keyError(key) }
            heap.release(old)
            return
        }
        let method = special(typeOf(container), .delItem)
        if method.isUndefined { throw typeError("'\(typeName(container))' object doesn't support item deletion") }
        heap.release(try call(method, container, key))
    }

    /// `item in container`
    package func contains(_ container: Value, _ item: Value) throws(PythonError) -> Bool {
        switch container.tag {
        case Tag.dict:
            if item.tag == Tag.string { return findString(container.dict, item.string) >= 0 }
            return try find(container.dict, item, hash(item)) >= 0
        case Tag.set, Tag.frozenSet:
            if item.tag <= Tag.string { return try findInSet(container.set, item, hash(item)) >= 0 }
            return try setContains(container, item)
        case Tag.string: return try stringContains(container, item)
        case Tag.list:
            var position = 0
            // The list may change while `__eq__` runs.
            while position < container.list.pointee.count {
                let candidate = container.list.pointee.items[position].retained()
                defer { heap.release(candidate) }
                if try equals(candidate, item) { return true }
                position += 1
                try heed()
            }
            return false
        case Tag.tuple:
            for position in 0..<container.tuple.pointee.count {
                if try equals(container.tuple.items[position], item) { return true }
                try heed()
            }
            return false
        case Tag.classObject:
            let hook = special(container.object(as: ClassObject.self), .classContains)
            if !hook.isUndefined {
                let result = try call(unwrapStatic(hook), container, item)
                defer { heap.release(result) }
                return try isTrue(result)
            }
        default: break
        }
        let method = special(typeOf(container), .contains)
        if method.isNone { throw typeError("'\(typeName(container))' object is not a container") }
        if !method.isUndefined {
            let result = try call(method, container, item)
            defer { heap.release(result) }
            return try isTrue(result)
        }
        let iterator: Value
        do throws(PythonError) {
            iterator = try makeIterator(container)
        } catch {
            guard matches(error, "TypeError") else { throw error }
            discard(error)
            throw typeError("argument of type '\(typeName(container))' is not iterable")
        }
        defer { heap.release(iterator) }
        while true {
            let candidate = try next(iterator)
            if candidate.isUndefined { return false }
            defer { heap.release(candidate) }
            if try equals(candidate, item) { return true }
            if interruptFlag.pointee != 0 { try poll() }
        }
    }

    // MARK: iteration

    /// `iter(value)`
    package func makeIterator(_ value: Value) throws(PythonError) -> Value {
        switch value.tag {
        case Tag.list: return iterator(.list, value.retained())
        case Tag.tuple: return iterator(.tuple, value.retained())
        case Tag.string: return iterator(.string, value.retained())
        case Tag.dict: return iterator(.dictKeys, value.retained(), version: UInt64(value.dict.pointee.count))
        case Tag.set, Tag.frozenSet:
            return iterator(.set, value.retained(), limit: value.object(as: SetObject.self).pointee.count)
        case Tag.range:
            return iterator(.range, value.retained())
        case Tag.bytes: return iterator(.bytes, value.retained())
        case Tag.byteArray: return iterator(.byteArray, value.retained())
        case Tag.iterator, Tag.generator: return value.retained()
        case Tag.dictView: return viewIterator(value)
        case Tag.classObject:
            let hook = special(value.object(as: ClassObject.self), .classIter)
            if !hook.isUndefined { return try requireIterator(call(unwrapStatic(hook), value)) }
        default: break
        }
        let type = typeOf(value)
        let method = special(type, .iter)
        if method.isNone { throw typeError("'\(type.info.name)' object is not iterable") }
        if !method.isUndefined { return try requireIterator(call(method, value)) }
        if value.tag != Tag.classObject, !special(type, .getItem).isUndefined { return iterator(.sequence, value.retained()) }
        throw typeError("'\(type.info.name)' object is not iterable")
    }

    private func requireIterator(_ result: Value) throws(PythonError) -> Value {
        if result.tag == Tag.iterator || result.tag == Tag.generator || !special(typeOf(result), .next).isUndefined { return result }
        defer { heap.release(result) }
        throw typeError("iter() returned non-iterator of type '\(typeName(result))'")
    }

    /// The iterator's next item; undefined at the end.
    package func next(_ iterator: Value) throws(PythonError) -> Value {
        if _slowPath(interruptFlag.pointee != 0) { try poll() }
        switch iterator.tag {
        case Tag.iterator: return try nextBuiltin(iterator)
        case Tag.generator: return try resume(iterator, sending: .none)
        case Tag.native where iterator.header.pointee.extra == VM.nativeIteratorMark: return try nextNative(iterator)
        default: break
        }
        let method = special(typeOf(iterator), .next)
        if method.isUndefined { throw typeError("'\(typeName(iterator))' object is not an iterator") }
        do throws(PythonError) {
            return try call(method, iterator)
        } catch {
            guard matches(error, "StopIteration") else { throw error }
            discard(error)
            return .undefined
        }
    }

    /// Hands each item to `body` (borrowed); stops early when it returns false.
    package func iterate(_ value: Value, _ body: (Value) throws(PythonError) -> Bool) throws(PythonError) {
        if value.tag == Tag.tuple {
            for position in 0..<value.tuple.pointee.count {
                if try !body(value.tuple.items[position]) { return }
                if interruptFlag.pointee != 0 { try poll() }
            }
            return
        }
        if value.tag == Tag.list {
            var position = 0
            // The list may change while `body` runs.
            while position < value.list.pointee.count {
                let item = value.list.pointee.items[position].retained()
                defer { heap.release(item) }
                if try !body(item) { return }
                position += 1
                if interruptFlag.pointee != 0 { try poll() }
            }
            return
        }
        let iterator = try makeIterator(value)
        defer { heap.release(iterator) }
        while true {
            let item = try next(iterator)
            if item.isUndefined { return }
            defer { heap.release(item) }
            if try !body(item) { return }
            if interruptFlag.pointee != 0 { try poll() }
        }
    }

    /// All items of an iterable, each with a reference of its own.
    package func collect(_ value: Value) throws(PythonError) -> [Value] {
        var items: [Value] = []
        do throws(PythonError) {
            switch value.tag {
            case Tag.list:
                try checkRoom(value.list.pointee.count)
                items.reserveCapacity(value.list.pointee.count)
                for position in 0..<value.list.pointee.count {
                    items.append(value.list.pointee.items[position].retained())
                    try heed()
                }
            default:
                try iterate(value) { (item) throws(PythonError) -> Bool in
                    if items.count == items.capacity { try checkRoom(items.count * 2) }
                    items.append(item.retained())
                    return true
                }
            }
        } catch {
            for item in items { heap.release(item) }
            throw error
        }
        return items
    }
}
