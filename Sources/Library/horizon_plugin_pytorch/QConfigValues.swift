import Interpreter
import Quantization
import Tensors

/// Fake-quantizer recipes and qconfigs between the language (dicts of plain values) and Swift.
extension VM {
    /// A recipe from a dict with the keys `recipe` writes; missing keys keep their defaults.
    func fakeQuantizeFactory(_ value: Value) throws(PythonError) -> FakeQuantizeFactory? {
        if value.isNone { return nil }
        guard value.tag == Tag.dict else { throw typeError("a fake quantize recipe must be a dict, not \(typeName(value))") }
        func item(_ name: String) -> Value? {
            let found = dictValue(value.dict, name)
            return found.isUndefined || found.isNone ? nil : found
        }
        func text(_ name: String) -> String? { item(name).flatMap { $0.isString ? self.text($0) : nil } }
        func number(_ name: String) throws(PythonError) -> Double? {
            guard let value = item(name) else { return nil }
            return try real(value)
        }
        func integer(_ name: String) throws(PythonError) -> Int? {
            guard let value = item(name) else { return nil }
            return try index(value)
        }
        var factory = FakeQuantizeFactory()
        if let kind = text("kind") {
            guard let known = FakeQuantizeFactory.Kind(rawValue: kind) else { throw valueError("unknown fake quantize '\(kind)'") }
            factory.kind = known
        }
        if let dtype = text("dtype") {
            guard let type = QuantizedType(rawValue: dtype) else { throw error("AssertionError", "unsupported dtype: \(dtype)") }
            factory.type = type
        }
        factory.axis = try integer("ch_axis") ?? factory.axis
        factory.averagingConstant = try number("averaging_constant") ?? factory.averagingConstant
        factory.quantMinimum = try integer("quant_min")
        factory.quantMaximum = try integer("quant_max")
        if let saturate = item("saturate") { factory.saturates = try isTrue(saturate) }
        if let scaling = item("use_grad_scaling") { factory.scalesGradient = try isTrue(scaling) }
        factory.alpha = try number("alpha") ?? factory.alpha
        switch text("observer") ?? "min_max" {
        case "min_max": factory.observer = .minMax
        case "percentile": factory.observer = .percentile(try number("percentile") ?? 99.99, bins: try integer("bins") ?? 2048)
        case "mse": factory.observer = .mse(stride: try integer("stride") ?? 1)
        case "kl": factory.observer = .kl(bins: try integer("bins") ?? 512, interval: try integer("update_interval") ?? 1)
        case "mix": factory.observer = .mix
        case "fixed_scale": factory.observer = .fixedScale(try number("scale") ?? 1)
        case "clip": factory.observer = .clip(low: try number("xmin") ?? -1, high: try number("xmax") ?? 1)
        case "clip_std": factory.observer = .clipStd(try number("std_scale") ?? 3)
        case let other: throw valueError("unknown observer '\(other)'")
        }
        return factory
    }

    /// Owned; None for nil.
    func recipe(_ factory: FakeQuantizeFactory?) -> Value {
        guard let factory else { return .none }
        let result = dict()
        func set(_ name: String, _ value: Value) {
            dictSet(result.dict, name, value)
            heap.release(value)
        }
        set("kind", string(factory.kind.rawValue))
        set("observer", string(factory.observer.name))
        set("dtype", string(factory.type.rawValue))
        set("ch_axis", .int(factory.axis))
        set("averaging_constant", .float(factory.averagingConstant))
        if factory.scalesGradient { set("use_grad_scaling", .true) }
        return result
    }

    /// `(activation recipe or None, weight recipe or None)`
    func qconfig(_ value: Value) throws(PythonError) -> QConfig {
        guard value.tag == Tag.tuple, value.tuple.pointee.count == 2 else { throw typeError("a qconfig must be a QConfig, not \(typeName(value))") }
        return QConfig(activation: try fakeQuantizeFactory(value.tuple.items[0]), weight: try fakeQuantizeFactory(value.tuple.items[1]))
    }

    /// A pair of recipes, or None for "leave it float".
    func qconfigChoice(_ value: Value) throws(PythonError) -> QConfigChoice { value.isNone ? .leaveFloat : .use(try qconfig(value)) }
}
