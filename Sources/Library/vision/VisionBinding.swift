import Interpreter
import Tensors
import Vision

/// Declares the modules behind `PIL`, `torchvision` and `torch.utils.data`.
func registerVision(_ vm: VM) {
    let vision = VisionBinding(vm)
    vm.registerNativeModule("_imaging") { (_, module) throws(PythonError) -> Void in vision.fillImaging(module) }
    vm.registerNativeModule("_vision_transforms") { (_, module) throws(PythonError) -> Void in vision.fillTransforms(module) }
    vm.registerNativeModule("_vision_datasets") { (_, module) throws(PythonError) -> Void in vision.fillDatasets(module) }
    vm.registerNativeModule("_vision_color") { (_, module) throws(PythonError) -> Void in vision.fillColor(module) }
    vm.registerNativeModule("_data_loading") { (_, module) throws(PythonError) -> Void in vision.fillLoading(module) }
}

/// What the vision modules share in one machine: the class of images, the conversions, the errors.
///
/// `PIL.Image.Image` is written in the language over the native class `_imaging.Core`; its payload is the Swift `Image`.
final class VisionBinding {
    unowned let vm: VM
    /// The native base of `PIL.Image.Image`.
    private(set) lazy var coreClass: ClassPointer = vm.makeBuiltinClass(
        "Core", module: "_imaging", layout: Tag.native, construct: NativeFunction("Core", "cls, *args, **kwargs", body: constructImage),
        populate: { [unowned self] _, type in fillImageClass(type) })
    private(set) lazy var stepClass: ClassPointer = vm.makeBuiltinClass(
        "Step", module: "_vision_transforms", layout: Tag.native, populate: { [unowned self] _, type in fillStepClass(type) })
    private(set) lazy var sourceClass: ClassPointer = vm.makeBuiltinClass(
        "Source", module: "_data_loading", layout: Tag.native, populate: { [unowned self] _, type in fillSourceClass(type) })
    private(set) lazy var chainClass: ClassPointer = vm.makeBuiltinClass("Chain", module: "_data_loading", layout: Tag.native)
    private(set) lazy var workersClass: ClassPointer = vm.makeBuiltinClass(
        "Workers", module: "_data_loading", layout: Tag.native, populate: { [unowned self] _, type in fillWorkersClass(type) })

    /// `PIL.Image.Image` and `PIL.UnidentifiedImageError`, set when their modules load.
    private(set) var imageClass: Reference?
    private(set) var unidentifiedError: Reference?

    init(_ vm: VM) { self.vm = vm }

    func adopt(imageClass value: Value) { imageClass = Reference(value, vm.heap) }
    func adopt(unidentifiedError value: Value) { unidentifiedError = Reference(value, vm.heap) }

    // MARK: errors

    func pythonError(_ error: any Error) -> PythonError {
        switch error {
        case let error as PythonError: return error
        case let error as TensorError: return (error.foreign as? PythonError) ?? vm.error(error.kind.rawValue, error.message)
        case let error as VisionError:
            guard error.kind == .unidentified else { return vm.error(error.kind.rawValue, error.message) }
            guard let type = unidentifiedError else { return vm.error("OSError", error.message) }
            let message = vm.string(error.message)
            defer { vm.heap.release(message) }
            do throws(PythonError) { return PythonError(try vm.call(type.value, message)) } catch { return error }
        default: return vm.runtimeError("\(error)")
        }
    }

    /// A native body that may throw the language's, the engine's and our own errors alike.
    func native(_ body: @escaping (Arguments) throws -> Value) -> NativeBody {
        { [unowned self] (_, a) throws(PythonError) -> Value in
            do { return try body(a) } catch { throw pythonError(error) }
        }
    }

    func define(_ type: ClassPointer, _ name: String, _ signature: String, _ body: @escaping (Arguments) throws -> Value) {
        vm.define(type, name, signature, native(body))
    }

    func function(_ module: NativeModule, _ name: String, _ signature: String, _ body: @escaping (Arguments) throws -> Value) {
        module.function(name, signature, native(body))
    }

    // MARK: images

    /// A `PIL.Image.Image`, owned by the caller.
    func value(_ image: Image) throws -> Value {
        if imageClass == nil { vm.heap.release(try vm.importModule("PIL.Image")) }
        guard let type = imageClass else { throw vm.runtimeError("PIL.Image did not declare its class") }
        return vm.instance(of: type.value.classPointer, payload: vm.native(image, coreClass))
    }

    func image(_ value: Value) throws -> Image {
        guard let image = vm.nativeObject(value, as: Image.self) else { throw vm.typeError("an Image is required, not '\(vm.typeName(value))'") }
        return image
    }

    func imageOrNil(_ value: Value) throws -> Image? { value.isNone || value.isUndefined ? nil : try image(value) }

    // MARK: arguments

    func mode(_ value: Value) throws -> Mode {
        let name = try text(value)
        guard let mode = Mode(rawValue: name) else { throw vm.valueError("unrecognized image mode '\(name)'") }
        return mode
    }

    func text(_ value: Value) throws -> String {
        let plain = vm.payload(value)
        guard plain.tag == Tag.string else { throw vm.typeError("a str is required, not '\(vm.typeName(value))'") }
        return vm.text(plain)
    }

    func bytes(_ value: Value) throws -> UnsafeBufferPointer<UInt8> {
        let plain = vm.payload(value)
        guard plain.tag == Tag.bytes || plain.tag == Tag.byteArray else {
            throw vm.typeError("a bytes-like object is required, not '\(vm.typeName(value))'")
        }
        return vm.byteBuffer(plain)
    }

    /// The numbers of a list, a tuple, or any iterable.
    func numbers(_ value: Value) throws -> [Double] {
        var result: [Double] = []
        for item in try vm.collect(value) {
            defer { vm.heap.release(item) }
            result.append(try vm.real(item))
        }
        return result
    }

    func numbersOrNil(_ value: Value) throws -> [Double]? { value.isNone || value.isUndefined ? nil : try numbers(value) }

    func integers(_ value: Value) throws -> [Int] {
        var result: [Int] = []
        for item in try vm.collect(value) {
            defer { vm.heap.release(item) }
            result.append(try vm.index(item))
        }
        return result
    }

    func pair(_ value: Value) throws -> (Double, Double) {
        let given = try numbers(value)
        guard given.count == 2 else { throw vm.valueError("two numbers are required, not \(given.count)") }
        return (given[0], given[1])
    }

    func pairOrNil(_ value: Value) throws -> (Double, Double)? { value.isNone || value.isUndefined ? nil : try pair(value) }

    func filter(_ value: Value) throws -> Resampling {
        let code = try vm.index(value)
        guard let filter = Resampling(rawValue: code) else {
            let known = Resampling.allCases.map { "Image.Resampling.\($0.name) (\($0.rawValue))" }
            throw vm.valueError("Unknown resampling filter (\(code)). Use \(known.dropLast().joined(separator: ", ")) or \(known[known.count - 1])")
        }
        return filter
    }

    /// A byte tensor behind an ndarray or a tensor.
    func array(_ value: Value) throws -> Tensor {
        if let array = vm.nativeObject(value, as: NumpyArray.self) { return array.tensor }
        if let tensor = vm.nativeObject(value, as: Tensor.self) { return tensor }
        throw vm.typeError("an array is required, not '\(vm.typeName(value))'")
    }

    /// A band value as the language shows it: int for integers, float for "F".
    func number(_ value: Double, _ mode: Mode) -> Value { mode == .float32 ? .float(value) : .int(Int(value)) }
}
