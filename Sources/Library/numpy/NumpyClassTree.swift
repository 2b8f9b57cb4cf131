import Interpreter
import Tensors

/// The classes of numpy's scalars: `generic` > `number` > `floating` > `float64`…
struct NumpyClassTree {
    let generic: ClassPointer
    private(set) var abstract: [String: ClassPointer] = [:]
    private(set) var scalars: [DType: ClassPointer] = [:]

    init(_ module: NativeModule) {
        let vm = module.vm
        func abstractClass(_ name: String, _ base: ClassPointer?) -> ClassPointer {
            let type = vm.makeBuiltinClass(name, base: base, module: "numpy", layout: Tag.native, construct: NumpyClassTree.refusal(name))
            module.set(name, type.value.retained())
            return type
        }
        generic = abstractClass("generic", nil)
        let number = abstractClass("number", generic)
        let integer = abstractClass("integer", number)
        let signed = abstractClass("signedinteger", integer)
        let unsigned = abstractClass("unsignedinteger", integer)
        let inexact = abstractClass("inexact", number)
        let floating = abstractClass("floating", inexact)
        abstract = [
            "generic": generic, "number": number, "integer": integer, "signedinteger": signed, "unsignedinteger": unsigned,
            "inexact": inexact, "floating": floating,
        ]
        let bases: [(DType, ClassPointer)] = [
            (.bool, generic), (.uint8, unsigned), (.int8, signed), (.int16, signed), (.int32, signed), (.int64, signed), (.float32, floating),
        ]
        for (dtype, base) in bases {
            scalars[dtype] = vm.makeBuiltinClass(dtype.name, base: base, module: "numpy", layout: Tag.native, isBase: false)
        }
        if let float = vm.builtinClasses["float"] {
            scalars[.float64] = vm.makeBuiltinClass(
                "float64", base: floating, alsoBases: [float], module: "numpy", layout: Tag.float, isBase: false)
        }
        for (dtype, type) in scalars { module.set(dtype == .bool ? "bool_" : dtype.name, type.value.retained()) }
    }

    private static func refusal(_ name: String) -> NativeFunction {
        NativeFunction(name, "cls, /, *args, **kwargs") { (vm, _) throws(PythonError) -> Value in
            throw vm.typeError("cannot create 'numpy.\(name)' instances")
        }
    }
}
