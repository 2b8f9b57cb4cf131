import Bytecode

// Structural pattern matching.

extension VM {
    func isPatternSequence(_ value: Value) -> Bool {
        let plain = payload(value)
        switch plain.tag {
        case Tag.list, Tag.tuple, Tag.range: return true
        default: return false
        }
    }

    func isPatternMapping(_ value: Value) -> Bool { payload(value).tag == Tag.dict }

    /// The values of `keys` in a mapping, or None when one is missing.
    @inline(never)
    func matchKeys(_ subject: Value, _ keys: Value) throws(PythonError) -> Value {
        let dict = payload(subject).dict
        var values: [Value] = []
        for index in 0..<keys.tuple.pointee.count {
            let found = try dictGet(dict, keys.tuple.items[index])
            if found.isUndefined {
                for value in values { heap.release(value) }
                return .none
            }
            values.append(found.retained())
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
                    let found = try findAttribute(subject, intern(arguments.tuple.items[index]))
                    if found.isUndefined { return fail() }
                    values.append(found)
                }
            }
        }
        let keywords = frame.pointee.code.pointee.constants[Int(names)]
        if keywords.tag == Tag.tuple {
            for index in 0..<keywords.tuple.pointee.count {
                let found = try findAttribute(subject, intern(keywords.tuple.items[index]))
                if found.isUndefined { return fail() }
                values.append(found)
            }
        }
        return tuple(values)
    }

    /// Built-in classes whose single positional sub-pattern is the subject itself.
    private static let selfMatching: Set<String> = [
        "bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple",
    ]
}
