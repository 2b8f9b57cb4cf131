import Bytecode

// Fitting the arguments of a call to the parameters of a function.

extension VM {
    /// Rearranges `count` arguments at `base` (the last ones keywords when there are names) into the function's parameter
    /// registers. After an exception all of them are released.
    @inline(never)
    func bindArguments(
        _ function: UnsafeMutablePointer<FunctionObject>, _ base: UnsafeMutablePointer<Value>, _ count: Int,
        _ names: UnsafeMutablePointer<TupleObject>?
    ) throws(PythonError) {
        let record = function.pointee.code.pointee
        if names == nil, record.isSimple || record.isGenerator, count <= record.positionalCount,
            record.parameterCount == record.positionalCount, fillDefaults(function, base, count, record.positionalCount)
        {
            return
        }
        do throws(PythonError) {
            try bindGenerally(function, base, count, names)
        } catch {
            for index in 0..<max(count, record.parameterCount) { heap.replace(base + index, with: .undefined) }
            throw error
        }
    }

    /// Fills missing positional parameters from the defaults; false (nothing changed) when there are not enough.
    @inline(__always)
    private func fillDefaults(
        _ function: UnsafeMutablePointer<FunctionObject>, _ base: UnsafeMutablePointer<Value>, _ count: Int, _ total: Int
    ) -> Bool {
        let missing = total - count
        if missing == 0 { return true }
        guard !function.pointee.defaults.isUndefined else { return false }
        let defaults = function.pointee.defaults.tuple
        let available = defaults.pointee.count
        guard missing <= available else { return false }
        for index in 0..<missing { base[count + index] = defaults.items[available - missing + index].retained() }
        return true
    }

    private func bindGenerally(
        _ function: UnsafeMutablePointer<FunctionObject>, _ base: UnsafeMutablePointer<Value>, _ count: Int,
        _ names: UnsafeMutablePointer<TupleObject>?
    ) throws(PythonError) {
        let record = function.pointee.code
        let code = record.pointee.code.takeUnretainedValue()
        let positionalCount = record.pointee.positionalCount
        let named = positionalCount + code.keywordOnlyCount
        let keywordCount = names.map { $0.pointee.count } ?? 0
        let given = count - keywordCount
        let total = record.pointee.parameterCount

        // Take everything out of the registers; `arguments` owns from here on.
        var arguments: [Value] = []
        arguments.reserveCapacity(count)
        for index in 0..<count {
            arguments.append(base[index])
            base[index] = .undefined
        }
        for index in 0..<total { base[index] = .undefined }
        var pending = arguments[...]
        do throws(PythonError) {
            for index in 0..<min(given, positionalCount) {
                base[index] = arguments[index]
                pending = pending.dropFirst()
            }
            if code.flags.contains(.variadic) {
                let extra = given > positionalCount ? Array(arguments[positionalCount..<given]) : []
                pending = pending.dropFirst(extra.count)
                base[named] = tuple(extra)
            } else if given > positionalCount {
                throw tooManyPositional(function, code, given, names)
            }
            if code.flags.contains(.keywordVariadic) { base[total - 1] = dict() }
            if let names {
                for index in 0..<keywordCount {
                    try bindKeyword(function, code, base, names.items[index].string, arguments[given + index], named: named, total: total)
                    pending = pending.dropFirst()
                }
            }
        } catch {
            for value in pending { heap.release(value) }
            throw error
        }
        try fillMissing(function, code, base, positionalCount, named)
    }

    /// Takes over `value` unless it throws.
    private func bindKeyword(
        _ function: UnsafeMutablePointer<FunctionObject>, _ code: Code, _ base: UnsafeMutablePointer<Value>, _ name: StringPointer, _ value: Value,
        named: Int, total: Int
    ) throws(PythonError) {
        let record = function.pointee.code
        var index = code.positionalOnlyCount
        while index < named {
            if record.pointee.localNames[index] == name || sameString(record.pointee.localNames[index], name) {
                if !base[index].isUndefined {
                    throw typeError("\(functionName(function))() got multiple values for argument '\(text(name))'")
                }
                base[index] = value
                return
            }
            index += 1
        }
        if code.flags.contains(.keywordVariadic) {
            dictSet(base[total - 1].dict, name, value)
            heap.release(value)
            return
        }
        let text = text(name)
        if code.localNames.prefix(code.positionalOnlyCount).contains(text) {
            throw typeError(
                "\(functionName(function))() got some positional-only arguments passed as keyword arguments: '\(text)'")
        }
        throw typeError("\(functionName(function))() got an unexpected keyword argument '\(text)'")
    }

    private func fillMissing(
        _ function: UnsafeMutablePointer<FunctionObject>, _ code: Code, _ base: UnsafeMutablePointer<Value>, _ positionalCount: Int, _ named: Int
    ) throws(PythonError) {
        let defaults = function.pointee.defaults
        let defaultCount = defaults.isUndefined ? 0 : defaults.tuple.pointee.count
        var missing: [String] = []
        for index in 0..<positionalCount where base[index].isUndefined {
            let fromEnd = index - (positionalCount - defaultCount)
            if fromEnd >= 0 { base[index] = defaults.tuple.items[fromEnd].retained() } else { missing.append(code.localNames[index]) }
        }
        if !missing.isEmpty { throw missingArguments(function, missing, "positional") }
        for index in positionalCount..<max(positionalCount, named) where base[index].isUndefined {
            let name = function.pointee.code.pointee.localNames[index]
            let value = function.pointee.keywordDefaults.isUndefined ? Value.undefined : dictValue(function.pointee.keywordDefaults.dict, name)
            if value.isUndefined { missing.append(code.localNames[index]) } else { base[index] = value.retained() }
        }
        if !missing.isEmpty { throw missingArguments(function, missing, "keyword-only") }
    }

    // MARK: CPython's sentences

    /// Name in messages: `__qualname__`.
    func functionName(_ function: UnsafeMutablePointer<FunctionObject>) -> String {
        if !function.pointee.attributes.isUndefined {
            let set = dictValue(function.pointee.attributes.dict, "__qualname__")
            if set.tag == Tag.string { return text(set) }
        }
        return function.pointee.code.pointee.code.takeUnretainedValue().qualifiedName
    }

    private func missingArguments(_ function: UnsafeMutablePointer<FunctionObject>, _ names: [String], _ kind: String) -> PythonError {
        let quoted = names.map { "'\($0)'" }
        let list: String
        switch quoted.count {
        case 1: list = quoted[0]
        case 2: list = "\(quoted[0]) and \(quoted[1])"
        default: list = quoted.dropLast().joined(separator: ", ") + ", and " + quoted[quoted.count - 1]
        }
        return typeError(
            "\(functionName(function))() missing \(names.count) required \(kind) argument\(names.count == 1 ? "" : "s"): \(list)")
    }

    private func tooManyPositional(
        _ function: UnsafeMutablePointer<FunctionObject>, _ code: Code, _ given: Int, _ names: UnsafeMutablePointer<TupleObject>?
    ) -> PythonError {
        let most = code.positionalCount
        let defaultCount = function.pointee.defaults.isUndefined ? 0 : function.pointee.defaults.tuple.pointee.count
        let least = most - defaultCount
        let takes = least == most ? "\(most)" : "from \(least) to \(most)"
        let plural = (least == most ? most : 2) == 1 ? "" : "s"
        var keywordOnlyGiven = 0
        if let names {
            let keywordOnly = Set(code.localNames[most..<(most + code.keywordOnlyCount)])
            for index in 0..<names.pointee.count where keywordOnly.contains(text(names.items[index])) { keywordOnlyGiven += 1 }
        }
        if keywordOnlyGiven > 0 {
            return typeError(
                "\(functionName(function))() takes \(takes) positional argument\(plural) but \(given) positional argument\(given == 1 ? "" : "s") "
                    + "(and \(keywordOnlyGiven) keyword-only argument\(keywordOnlyGiven == 1 ? "" : "s")) were given")
        }
        return typeError(
            "\(functionName(function))() takes \(takes) positional argument\(plural) but \(given) \(given == 1 ? "was" : "were") given")
    }
}
