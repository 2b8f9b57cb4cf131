import Diagnostics
import Interpreter

/// `_inspect`: parameters and source of functions and classes.
func registerInspect(_ vm: VM) {
    vm.registerNativeModule("_inspect") { (vm, module) throws(PythonError) -> Void in
        module.function("parameters", "function, /") { (vm, a) throws(PythonError) -> Value in
            guard let parameters = vm.parameters(of: a[0]) ?? vm.nativeParameters(of: a[0]) else {
                throw vm.typeError("\(try vm.reprText(a[0])) is not a Python function")
            }
            return vm.list(
                parameters.map { parameter in
                    let hasDefault = !parameter.defaultValue.isUndefined
                    return vm.tuple([
                        vm.string(parameter.name), .int(parameter.kind), .bool(hasDefault), hasDefault ? parameter.defaultValue.retained() : .none,
                    ])
                })
        }
        module.function("source_lines", "object, /") { (vm, a) throws(PythonError) -> Value in
            let (source, lines) = try definition(vm, a[0])
            let offset = source.lineOffset
            let text = lines.map { vm.string(source.lineText(at: $0 - 1 - offset) + "\n") }
            return vm.tuple([vm.list(text), .int(a[0].tag == Tag.module ? 0 : lines.lowerBound)])
        }
        module.function("source_file", "object, /") { (vm, a) throws(PythonError) -> Value in
            if let code = vm.code(of: a[0]) { return vm.string(code.source.name) }
            guard let file = moduleFile(vm, a[0]) else { throw builtinObject(vm, a[0]) }
            return vm.string(file)
        }
    }
}

private func builtinObject(_ vm: VM, _ value: Value) -> PythonError {
    value.tag == Tag.classObject
        ? vm.typeError("\(value.classPointer.info.name) is a built-in class") : vm.osErrorMessage("source code not available")
}

/// The file of the module that a class or module is.
private func moduleFile(_ vm: VM, _ value: Value) -> String? {
    if value.tag == Tag.module { return vm.moduleInfo(value).file }
    guard value.tag == Tag.classObject, let module = vm.modules[value.classPointer.info.module], module.tag == Tag.module else { return nil }
    return vm.moduleInfo(module).file
}

/// The text that defines an object and its lines in it, 1-based.
private func definition(_ vm: VM, _ value: Value) throws(PythonError) -> (SourceText, ClosedRange<Int>) {
    if let code = vm.code(of: value) {
        guard !code.source.bytes.isEmpty,
            let lines = vm.definitionLines(in: code.source, qualifiedName: code.qualifiedName, firstLine: code.firstLine)
        else { throw vm.osErrorMessage("could not get source code") }
        return (code.source, lines)
    }
    guard let file = moduleFile(vm, value) else { throw builtinObject(vm, value) }
    guard let bytes = ModuleSearch.read(file) else { throw vm.osErrorMessage("could not get source code") }
    let source = SourceText(name: file, bytes: bytes)
    if value.tag == Tag.module {
        let last = bytes.last == 0x0A ? source.lineStarts.count - 1 : source.lineStarts.count
        return (source, 1...max(1, last))
    }
    guard let lines = vm.definitionLines(in: source, qualifiedName: value.classPointer.info.qualifiedName, firstLine: nil) else {
        throw vm.osErrorMessage("could not find class definition")
    }
    return (source, lines)
}
