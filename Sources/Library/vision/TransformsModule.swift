import Interpreter
import Tensors
import Vision

/// A native transform, as an object of the language.
final class TransformStep {
    let transform: ImageTransform
    init(_ transform: ImageTransform) { self.transform = transform }
}

// `_vision_transforms`: one function for each transform that runs without the language. A step is callable with an image.

extension VisionBinding {
    func fillStepClass(_ type: ClassPointer) {
        define(type, "__call__", "self, image") { [unowned self] a in
            try value(step(a[0]).transform(image(a[1]), &EngineState.defaultGenerator.engine))
        }
    }

    func step(_ value: Value) throws -> TransformStep {
        guard let step = vm.nativeObject(value, as: TransformStep.self) else { throw vm.typeError("a Step is required, not '\(vm.typeName(value))'") }
        return step
    }

    private func make(_ module: NativeModule, _ name: String, _ signature: String, _ body: @escaping (Arguments) throws -> ImageTransform) {
        function(module, name, signature) { [unowned self] a in vm.native(TransformStep(try body(a)), stepClass) }
    }

    /// Filter and fill values: two arguments.
    private func filling(_ filterCode: Value, _ fill: Value) throws -> Filling {
        let values: [Double]? = fill.isNone ? nil : fill.tag == Tag.list || fill.tag == Tag.tuple ? try numbers(fill) : [try vm.real(fill)]
        return Filling(filter: try filter(filterCode), values: values)
    }

    private func padding(_ kind: Value, _ fill: Value) throws -> Padding {
        switch try text(kind) {
        case "edge": return .edge
        case "reflect": return .reflect
        case "symmetric": return .symmetric
        default: return .constant(fill.tag == Tag.list || fill.tag == Tag.tuple ? try numbers(fill) : [try vm.real(fill)])
        }
    }

    func fillTransforms(_ module: NativeModule) {
        make(module, "horizontal_flip", "p") { [unowned self] a in .horizontalFlip(probability: try vm.real(a[0])) }
        make(module, "vertical_flip", "p") { [unowned self] a in .verticalFlip(probability: try vm.real(a[0])) }
        make(module, "pad", "border, kind, fill") { [unowned self] a in .pad(try integers(a[0]), try padding(a[1], a[2])) }
        make(module, "random_crop", "height, width, border, if_needed, kind, fill") { [unowned self] a in
            .randomCrop(
                height: try vm.index(a[0]), width: try vm.index(a[1]), padding: a[2].isNone ? nil : try integers(a[2]),
                padIfNeeded: try vm.isTrue(a[3]), try padding(a[4], a[5]))
        }
        make(module, "center_crop", "height, width") { [unowned self] a in .centerCrop(height: try vm.index(a[0]), width: try vm.index(a[1])) }
        make(module, "resize", "height, width, limit, filter") { [unowned self] a in
            .resize(
                height: a[0].isNone ? nil : try vm.index(a[0]), width: try vm.index(a[1]), limit: a[2].isNone ? nil : try vm.index(a[2]),
                try filter(a[3]))
        }
        make(module, "random_resized_crop", "height, width, scale, ratio, filter") { [unowned self] a in
            .randomResizedCrop(
                height: try vm.index(a[0]), width: try vm.index(a[1]), scale: try pair(a[2]), ratio: try pair(a[3]), try filter(a[4]))
        }
        make(module, "rotation", "degrees, expand, center, filter, fill") { [unowned self] a in
            .rotation(
                degrees: try pair(a[0]), expand: try vm.isTrue(a[1]), center: try pairOrNil(a[2]).map { (x: $0.0, y: $0.1) },
                try filling(a[3], a[4]))
        }
        make(module, "affine", "degrees, translate, scale, shear, center, filter, fill") { [unowned self] a in
            .affine(
                RandomAffine(
                    degrees: try pair(a[0]), translate: try pairOrNil(a[1]), scale: try pairOrNil(a[2]), shear: try numbersOrNil(a[3]),
                    center: try pairOrNil(a[4]).map { (x: $0.0, y: $0.1) }, filling: try filling(a[5], a[6])))
        }
        make(module, "perspective", "distortion, p, filter, fill") { [unowned self] a in
            .perspective(distortion: try vm.real(a[0]), probability: try vm.real(a[1]), try filling(a[2], a[3]))
        }
        make(module, "color_jitter", "brightness, contrast, saturation, hue") { [unowned self] a in
            .colorJitter(
                brightness: try pairOrNil(a[0]), contrast: try pairOrNil(a[1]), saturation: try pairOrNil(a[2]), hue: try pairOrNil(a[3]))
        }
        fillAugmentations(module)
    }

    private func fillAugmentations(_ module: NativeModule) {
        make(module, "grayscale", "channels") { [unowned self] a in .grayscale(channels: try vm.index(a[0])) }
        make(module, "random_grayscale", "p") { [unowned self] a in .randomGrayscale(probability: try vm.real(a[0])) }
        make(module, "operation", "name, magnitude, p") { [unowned self] a in
            guard let operation = AugmentOperation(rawValue: try text(a[0])) else {
                throw vm.valueError("The provided operator \(try text(a[0])) is not recognized.")
            }
            return .operation(operation, magnitude: try vm.real(a[1]), probability: try vm.real(a[2]))
        }
        make(module, "rand_augment", "count, magnitude, bins, filter, fill") { [unowned self] a in
            let (count, bins) = (try vm.index(a[0]), try vm.index(a[2]))
            guard bins > 0 else { throw vm.valueError("num_magnitude_bins must be positive, not \(bins)") }
            return .randAugment(count: max(0, count), magnitude: try vm.index(a[1]), bins: bins, try filling(a[3], a[4]))
        }
        make(module, "auto_augment", "policy, filter, fill") { [unowned self] a in
            guard let policy = AugmentPolicy(rawValue: try text(a[0])) else {
                throw vm.valueError("The provided policy \(try text(a[0])) is not recognized.")
            }
            return .autoAugment(policy, try filling(a[1], a[2]))
        }
        make(module, "trivial_augment_wide", "bins, filter, fill") { [unowned self] a in
            let bins = try vm.index(a[0])
            guard bins > 0 else { throw vm.valueError("num_magnitude_bins must be positive, not \(bins)") }
            return .trivialAugmentWide(bins: bins, try filling(a[1], a[2]))
        }
        make(module, "apply", "steps, p") { [unowned self] a in
            var steps: [ImageTransform] = []
            for item in try vm.collect(a[0]) {
                defer { vm.heap.release(item) }
                steps.append(try step(item).transform)
            }
            return .apply(steps, probability: try vm.real(a[1]))
        }
        function(module, "augment", "image, name, magnitude, filter, fill") { [unowned self] a in
            guard let operation = AugmentOperation(rawValue: try text(a[1])) else {
                throw vm.valueError("The provided operator \(try text(a[1])) is not recognized.")
            }
            return try value(image(a[0]).augmented(operation, vm.real(a[2]), filling(a[3], a[4])))
        }
        function(module, "inverse_affine", "center, angle, translate, scale, shear") { [unowned self] a in
            let (center, move, shear) = (try pair(a[0]), try pair(a[2]), try pair(a[4]))
            guard
                case .affine(let matrix) = Warp.inverseAffine(
                    center: (center.0, center.1), angle: try vm.real(a[1]), translate: (move.0, move.1), scale: try vm.real(a[3]),
                    shear: (shear.0, shear.1))
            else { return .none }
            return vm.list(matrix.map { .float($0) })
        }
        function(module, "perspective_coefficients", "from_points, to_points") { [unowned self] a in
            func points(_ value: Value) throws -> [(Double, Double)] {
                var result: [(Double, Double)] = []
                for item in try vm.collect(value) {
                    defer { vm.heap.release(item) }
                    result.append(try pair(item))
                }
                return result
            }
            guard case .perspective(let data) = try Warp.perspective(from: points(a[0]), to: points(a[1])) else { return .none }
            return vm.list(data.map { .float($0) })
        }
    }
}
