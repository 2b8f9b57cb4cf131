import Bytecode

// Structural pattern matching.

extension VM {
    func isPatternSequence(_ value: Value) -> Bool {
        let plain = payload(value)
        switch plain.tag {
        case Tag.list, Tag.tuple, Tag.range: return true
        case Tag.native, Tag.instance: return patternFlags(plain) & 1 << 5 != 0
        default: return false
        }
    }

    func isPatternMapping(_ value: Value) -> Bool {
        let plain = payload(value)
        return plain.tag == Tag.dict || (plain.tag == Tag.native || plain.tag == Tag.instance) && patternFlags(plain) & 1 << 6 != 0
    }

    /// What a class that is no built-in container says of itself, as CPython's abstract base classes do: 1 << 5 sequence, 1 << 6 mapping.
    private func patternFlags(_ value: Value) -> Int {
        let flags = lookup(typeOf(value), intern("__abc_tpflags__"))
        return flags.isInt ? flags.asInt : 0
    }

    /// The values of `keys` in a mapping, or None when one is missing.
    @inline(never)
    func matchKeys(_ subject: Value, _ keys: Value) throws(PythonError) -> Value {
        let plain = payload(subject)
        var values: [Value] = []
        do throws(PythonError) {
            for index in 0..<keys.tuple.pointee.count {
                let key = keys.tuple.items[index]
                // `get` makes no entries, unlike the subscript of a defaultdict.
                let found = plain.tag == Tag.dict ? try dictGet(plain.dict, key).retained() : try callMethod(subject, "get", key, .notImplemented)
                if found.isUndefined || found.tag == Tag.notImplemented {
                    for value in values { heap.release(value) }
                    return .none
                }
                values.append(found)
            }
        } catch {
            for value in values { heap.release(value) }
            throw error
        }
        return tuple(values)
    }

    func copyDict(_ subject: Value, without keys: Value) throws(PythonError) -> Value {
        let copy = dict()
        try dictUpdate(copy.dict, from: subject)
        for index in 0..<keys.tuple.pointee.count { heap.release(try dictRemove(copy.dict, keys.tuple.items[index])) }
        return copy
    }

    /// The attributes a class pattern asks for, or None when the subject does not match.
    @inline(never)
    func matchClass(_ subject: Value, _ class: Value, _ positional: Int, _ names: UInt16) throws(PythonError) -> Value {
        guard `class`.tag == Tag.classObject else { throw typeError("called match pattern must be a type") }
        let type = `class`.object(as: ClassObject.self)
        guard isInstance(subject, type) else { return .none }
        var values: [Value] = []
        var seen: [StringPointer] = []
        /// Reads one attribute; false when the subject has none of that name.
        func read(_ name: StringPointer) throws(PythonError) -> Bool {
            if seen.contains(name) {
                for value in values { heap.release(value) }
                throw typeError("\(type.info.name)() got multiple sub-patterns for attribute '\(text(name))'")
            }
            seen.append(name)
            let found = try findAttribute(subject, name)
            if found.isUndefined { return false }
            values.append(found)
            return true
        }
        func fail() -> Value {
            for value in values { heap.release(value) }
            return .none
        }
        if positional > 0 {
            if VM.selfMatching.contains(type.info.name), !type.info.isUserClass || special(type, .matchArgs).isUndefined {
                if positional > 1 {
                    throw typeError("\(type.info.name)() accepts 1 positional sub-pattern (\(positional) given)")
                }
                values.append(subject.retained())
            } else {
                let arguments = special(type, .matchArgs)
                let count = arguments.tag == Tag.tuple ? arguments.tuple.pointee.count : 0
                if positional > count {
                    throw typeError(
                        "\(type.info.name)() accepts \(count) positional sub-pattern\(count == 1 ? "" : "s") (\(positional) given)")
                }
                for index in 0..<positional {
                    let name = arguments.tuple.items[index]
                    guard name.tag == Tag.string else { throw typeError("__match_args__ elements must be strings (got \(typeName(name)))") }
                    if try !read(intern(name)) { return fail() }
                }
            }
        }
        let keywords = frame.pointee.code.pointee.constants[Int(names)]
        if keywords.tag == Tag.tuple {
            for index in 0..<keywords.tuple.pointee.count {
                if try !read(intern(keywords.tuple.items[index])) { return fail() }
            }
        }
        return tuple(values)
    }

    /// Built-in classes whose single positional sub-pattern is the subject itself.
    private static let selfMatching: Set<String> = [
        "bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple",
    ]
}
