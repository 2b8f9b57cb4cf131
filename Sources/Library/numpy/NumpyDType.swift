import Interpreter
import Tensors

/// The state of a `numpy.dtype` value.
final class NumpyDType {
    let dtype: DType
    init(_ dtype: DType) { self.dtype = dtype }
}

extension DType {
    /// `<f4`, `|u1`: byte order, kind and size.
    var numpyCode: String { (size == 1 ? "|" : "<") + numpyKind + String(size) }

    /// `b` bool, `i` signed, `u` unsigned, `f` floating.
    var numpyKind: String {
        switch self {
        case .bool: "b"
        case .uint8: "u"
        case .int8, .int16, .int32, .int64: "i"
        case .float32, .float64: "f"
        }
    }

    /// The one-letter code of C types.
    var numpyCharacter: String {
        switch self {
        case .bool: "?"
        case .uint8: "B"
        case .int8: "b"
        case .int16: "h"
        case .int32: "i"
        case .int64: "l"
        case .float32: "f"
        case .float64: "d"
        }
    }

    var numpyNumber: Int {
        switch self {
        case .bool: 0
        case .int8: 1
        case .uint8: 2
        case .int16: 3
        case .int32: 5
        case .int64: 7
        case .float32: 11
        case .float64: 12
        }
    }

    /// The dtype a name or code stands for.
    static func numpy(named text: String) -> DType? {
        let bare = text.first.map { "<=|>".contains($0) } == true ? String(text.dropFirst()) : text
        if text.hasPrefix(">"), bare != "u1", bare != "i1", bare != "b1" { return nil }
        for dtype in DType.allCases
        where dtype.name == bare || dtype.numpyCharacter == bare || dtype.numpyKind + String(dtype.size) == bare { return dtype }
        switch bare {
        case "float", "double": return .float64
        case "single": return .float32
        case "int", "long", "intp": return .int64
        case "bool_": return .bool
        case "byte": return .int8
        case "ubyte": return .uint8
        case "short": return .int16
        case "intc": return .int32
        default: return nil
        }
    }
}

extension Numpy {
    /// Types numpy has and this one lacks, by name and code.
    private static let absent: Set<String> = [
        "float16", "f2", "<f2", "half", "e", "uint16", "u2", "<u2", "uint32", "u4", "<u4", "uint64", "u8", "<u8", "complex64", "complex128",
        "complex",
        "c8", "c16", "str", "U", "S", "object", "O", "longdouble", "float128", "datetime64", "timedelta64",
    ]

    private static var available: String { DType.allCases.map(\.name).joined(separator: ", ") }

    /// Reads `dtype=`: a dtype, a scalar class, bool/int/float, a name, or a torch dtype's name.
    func dtype(_ value: Value) throws -> DType {
        if let box = vm.nativeObject(value, as: NumpyDType.self) { return box.dtype }
        let plain = vm.payload(value)
        if plain.tag == Tag.classObject {
            let type = plain.classPointer
            for (dtype, scalar) in scalarClasses where scalar == type { return dtype }
            if type == vm.builtinClasses["float"] { return .float64 }
            if type == vm.builtinClasses["int"] { return .int64 }
            if type == vm.builtinClasses["bool"] { return .bool }
            if type == abstractClasses["floating"] || type == abstractClasses["inexact"] { return .float64 }
            if type == abstractClasses["integer"] || type == abstractClasses["signedinteger"] { return .int64 }
            throw vm.typeError("arrays of \(type.info.name) are not available: dtypes are \(Numpy.available)")
        }
        guard plain.tag == Tag.string else { throw vm.typeError("Cannot interpret '\(try vm.reprText(value))' as a data type") }
        let name = vm.text(plain)
        if let dtype = DType.numpy(named: name) { return dtype }
        if Numpy.absent.contains(name) { throw vm.typeError("dtype '\(name)' is not available: dtypes are \(Numpy.available)") }
        throw vm.typeError("data type '\(name)' not understood")
    }

    func optionalDType(_ value: Value) throws -> DType? { value.isNone || value.isUndefined ? nil : try dtype(value) }

    func dtypeValue(_ dtype: DType) -> Value { vm.native(NumpyDType(dtype), dtypeClass) }

    func fillDTypeClass() {
        let type = dtypeClass
        func own(_ value: Value) throws -> DType {
            guard let box = vm.nativeObject(value, as: NumpyDType.self) else { throw vm.typeError("a numpy.dtype is required") }
            return box.dtype
        }
        type.info.construct = NativeFunction("dtype", "cls, dtype, align=False, copy=False", body: native { [self] a in dtypeValue(try dtype(a[1])) })
        type.info.isBase = false
        property(type, "name") { [self] v in vm.string(try own(v).name) }
        property(type, "itemsize") { v in .int(try own(v).size) }
        property(type, "kind") { [self] v in vm.string(try own(v).numpyKind) }
        property(type, "char") { [self] v in vm.string(try own(v).numpyCharacter) }
        property(type, "str") { [self] v in vm.string(try own(v).numpyCode) }
        property(type, "num") { v in .int(try own(v).numpyNumber) }
        property(type, "type") { [self] v in scalarClasses[try own(v)].map { $0.value.retained() } ?? .none }
        define(type, "__repr__", "self, /") { [self] a in vm.string("dtype('\(try own(a[0]).name)')") }
        define(type, "__str__", "self, /") { [self] a in vm.string(try own(a[0]).name) }
        define(type, "__hash__", "self, /") { a in .int(try own(a[0]).numpyNumber + 1_000_003) }
        func same(_ a: Arguments) throws -> Bool? {
            if vm.nativeObject(a[1], as: NumpyDType.self) == nil, vm.payload(a[1]).tag != Tag.classObject, vm.payload(a[1]).tag != Tag.string {
                return nil
            }
            do { return try dtype(a[1]) == own(a[0]) } catch let error as PythonError {
                vm.discard(error)
                return false
            }
        }
        define(type, "__eq__", "self, other, /") { a in try same(a).map { .bool($0) } ?? .notImplemented }
        define(type, "__ne__", "self, other, /") { a in try same(a).map { .bool(!$0) } ?? .notImplemented }
    }
}
