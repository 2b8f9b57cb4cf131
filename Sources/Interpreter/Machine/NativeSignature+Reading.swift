// How the arguments of a call into Swift find their parameters, and what is said when they do not.

extension NativeSignature {
    /// Distributes a call's arguments over the slots. The one place where arguments of native functions are read.
    func read(
        _ vm: VM, _ function: NativeFunction, _ base: UnsafeMutablePointer<Value>, _ count: Int, _ names: UnsafeMutablePointer<TupleObject>?,
        into slots: UnsafeMutablePointer<Value>
    ) throws(PythonError) {
        let keywordCount = names.map { $0.pointee.count } ?? 0
        let positionalCount = count - keywordCount
        for index in 0..<min(positionalCount, positional) { slots[index] = base[index] }
        if hasVariadic {
            slots[parameters.count] = vm.tuple(copying: base + positional, max(0, positionalCount - positional))
        } else if positionalCount > positional {
            throw tooMany(vm, function, positionalCount, keywordCount)
        }
        if hasKeywordVariadic { slots[slotCount - 1] = vm.dict() }
        if let names {
            for index in 0..<keywordCount {
                try readKeyword(vm, function, names.items[index].string, base[positionalCount + index], slots)
            }
        }
        var missing: [String] = []
        for index in defaults.indices where slots[index].isUndefined {
            let value = defaults[index]
            if value.tag != Tag.notImplemented { slots[index] = value } else { missing.append(parameters[index].name) }
        }
        if !missing.isEmpty { throw tooFew(vm, function, missing, positionalCount) }
    }

    private func readKeyword(
        _ vm: VM, _ function: NativeFunction, _ name: StringPointer, _ value: Value, _ slots: UnsafeMutablePointer<Value>
    ) throws(PythonError) {
        for index in positionalOnly..<max(positionalOnly, parameters.count) where vm.sameString(parameters[index].interned, name) {
            if !slots[index].isUndefined {
                throw vm.typeError("argument for \(function.name)() given by name ('\(parameters[index].name)') and position (\(index + 1))")
            }
            slots[index] = value
            return
        }
        if hasKeywordVariadic {
            vm.dictSet(slots[slotCount - 1].dict, name, value)
            return
        }
        if let known = function.pythonName { throw vm.typeError("\(known)() got an unexpected keyword argument '\(vm.text(name))'") }
        if parameters.count - positionalOnly <= 0 {
            throw vm.typeError("\(display(function)) takes no keyword arguments")
        }
        throw vm.typeError("'\(vm.text(name))' is an invalid keyword argument for \(function.name)()")
    }

    private func display(_ function: NativeFunction) -> String {
        (function.owner ?? function.module).map { "\($0).\(function.name)()" } ?? "\(function.name)()"
    }

    /// The receiver of a method and the class of a constructor do not count in CPython's sentences.
    private func hiddenCount(_ function: NativeFunction) -> Int {
        parameters.first?.name == "cls" || (function.owner != nil && function.bindsReceiver) ? 1 : 0
    }

    /// A constructor speaks in its class's name.
    private func name(_ function: NativeFunction) -> String { function.name == "__new__" ? function.owner ?? function.name : function.name }

    private func tooMany(_ vm: VM, _ function: NativeFunction, _ given: Int, _ keywords: Int) -> PythonError {
        if let known = function.pythonName {
            let least = parameters.prefix(positional).filter { $0.defaultValue == nil }.count
            let takes = least == positional ? "\(positional)" : "from \(least) to \(positional)"
            return vm.typeError(
                "\(known)() takes \(takes) positional argument\(positional == 1 ? "" : "s") but \(given) \(given == 1 ? "was" : "were") given")
        }
        let hidden = hiddenCount(function)
        let most = positional - hidden
        let got = given - hidden
        if got < 0, function.owner != nil { return unbound(vm, function) }
        let required = parameters.prefix(positional).filter { $0.defaultValue == nil }.count - hidden
        if most == 0, function.name == "object" { return vm.typeError("object() takes no arguments") }
        if most == 0, parameters.count > positional { return vm.typeError("\(name(function))() takes no positional arguments") }
        if most == 0 { return vm.typeError("\(display(function)) takes no arguments (\(got) given)") }
        if required == most {
            if most == 1, parameters.count > positional { return vm.typeError("\(name(function)) expected 1 argument, got \(got)") }
            if most == 1 { return vm.typeError("\(display(function)) takes exactly one argument (\(got) given)") }
            return vm.typeError("\(name(function)) expected \(most) arguments, got \(got)")
        }
        if positionalOnly == positional {
            return vm.typeError("\(name(function)) expected at most \(most) argument\(most == 1 ? "" : "s"), got \(got)")
        }
        return vm.typeError("\(name(function))() takes at most \(most) argument\(most == 1 ? "" : "s") (\(got) given)")
    }

    private func unbound(_ vm: VM, _ function: NativeFunction) -> PythonError {
        vm.typeError("unbound method \(display(function)) needs an argument")
    }

    private func tooFew(_ vm: VM, _ function: NativeFunction, _ missing: [String], _ given: Int) -> PythonError {
        if let known = function.pythonName {
            let quoted = missing.map { "'\($0)'" }
            let list =
                quoted.count < 3 ? quoted.joined(separator: " and ") : quoted.dropLast().joined(separator: ", ") + ", and " + quoted[quoted.count - 1]
            return vm.typeError("\(known)() missing \(missing.count) required positional argument\(missing.count == 1 ? "" : "s"): \(list)")
        }
        let hidden = hiddenCount(function)
        let required = parameters.prefix(positional).filter { $0.defaultValue == nil }.count - hidden
        if given < hidden, function.owner != nil, function.bindsReceiver { return unbound(vm, function) }
        let got = max(0, given - hidden)
        if positionalOnly >= positional {
            if hasVariadic { return vm.typeError("\(name(function)) expected \(required) argument\(required == 1 ? "" : "s"), got \(got)") }
            if required == positional - hidden {
                if required == 1, parameters.count == positional {
                    return vm.typeError("\(display(function)) takes exactly one argument (\(got) given)")
                }
                return vm.typeError("\(name(function)) expected \(required) argument\(required == 1 ? "" : "s"), got \(got)")
            }
            return vm.typeError("\(name(function)) expected at least \(required) argument\(required == 1 ? "" : "s"), got \(got)")
        }
        let position = (parameters.firstIndex { $0.name == missing[0] } ?? 0) + 1 - hidden
        return vm.typeError("\(name(function))() missing required argument '\(missing[0])' (pos \(position))")
    }
}
