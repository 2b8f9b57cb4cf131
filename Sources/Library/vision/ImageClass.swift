import Interpreter
import Tensors
import Vision

// The native part of PIL.Image.Image: what works on pixels. Arguments are already checked and normalised by the class in the language.

extension VisionBinding {
    /// `Image()` makes an image without pixels, as Pillow allows.
    var constructImage: NativeBody {
        native { [unowned self] a in
            let type = try vm.requestedClass(a[0], coreClass)
            return vm.instance(of: type, payload: vm.native(try Image(.gray, 0, 0), coreClass))
        }
    }

    func fillImageClass(_ type: ClassPointer) {
        defineProperties(type)
        definePixelAccess(type)
        defineGeometry(type)
        defineOperations(type)
        defineConversions(type)
    }

    private func property(_ type: ClassPointer, _ name: String, _ body: @escaping (Image) -> Value) {
        vm.defineProperty(
            type, name,
            get: { [unowned self] (vm, value) throws(PythonError) -> Value in
                guard let image = vm.nativeObject(value, as: Image.self) else { throw self.vm.typeError("an Image is required") }
                return body(image)
            })
    }

    private func defineProperties(_ type: ClassPointer) {
        let vm = self.vm
        property(type, "mode") { vm.string($0.mode.rawValue) }
        property(type, "width") { .int($0.width) }
        property(type, "height") { .int($0.height) }
        property(type, "size") { vm.tuple([.int($0.width), .int($0.height)]) }
        define(type, "getbands", "self") { [unowned self] a in vm.tuple(try image(a[0]).mode.bands.map { vm.string($0) }) }
        define(type, "_same_pixels", "self, other") { [unowned self] a in
            let (x, y) = (try image(a[0]), try image(a[1]))
            guard x.mode == y.mode, x.width == y.width, x.height == y.height else { return .false }
            return .bool(x.bytes.elementsEqual(y.bytes) && x.paletteColors == y.paletteColors)
        }
    }

    private func definePixelAccess(_ type: ClassPointer) {
        define(type, "_getpixel", "self, x, y") { [unowned self] a in
            let image = try image(a[0])
            let bands = try image.pixel(try vm.index(a[1]), try vm.index(a[2]))
            return bands.count == 1 || image.mode.component != .byte ? number(bands[0], image.mode) : vm.tuple(bands.map { .int(Int($0)) })
        }
        define(type, "_putpixel", "self, x, y, ink") { [unowned self] a in
            try image(a[0]).put(try vm.index(a[1]), try vm.index(a[2]), Array(try bytes(a[3])))
            return .none
        }
        define(type, "_crop", "self, left, top, right, bottom") { [unowned self] a in
            try value(image(a[0]).cropped(vm.index(a[1]), vm.index(a[2]), vm.index(a[3]), vm.index(a[4])))
        }
        define(type, "_paste", "self, source, x, y, mask=None") { [unowned self] a in
            let (target, source) = (try image(a[0]), try image(a[1]))
            if let mask = try imageOrNil(a[4]) {
                try target.paste(source, vm.index(a[2]), vm.index(a[3]), mask: mask)
            } else {
                try target.paste(source, vm.index(a[2]), vm.index(a[3]))
            }
            return .none
        }
        define(type, "_fill", "self, ink, left, top, right, bottom") { [unowned self] a in
            let target = try image(a[0])
            let ink = Array(try bytes(a[1]))
            guard ink.count == target.mode.pixelSize else { throw vm.valueError("wrong ink size") }
            try target.fill(ink, vm.index(a[2]), vm.index(a[3]), vm.index(a[4]), vm.index(a[5]))
            return .none
        }
        define(type, "_band", "self, index") { [unowned self] a in try value(image(a[0]).band(vm.index(a[1]))) }
        define(type, "_set_band", "self, index, source") { [unowned self] a in
            try image(a[0]).setBand(vm.index(a[1]), image(a[2]))
            return .none
        }
        define(type, "_getbbox", "self") { [unowned self] a in
            guard let box = try image(a[0]).boundingBox() else { return .none }
            return vm.tuple([.int(box.left), .int(box.top), .int(box.right), .int(box.bottom)])
        }
        define(type, "_getextrema", "self") { [unowned self] a in
            let image = try image(a[0])
            let pairs = image.extrema().map { vm.tuple([number($0.low, image.mode), number($0.high, image.mode)]) }
            return vm.tuple(pairs)
        }
        define(type, "_histogram", "self, mask=None") { [unowned self] a in
            vm.list(try image(a[0]).histogram(mask: imageOrNil(a[1])).map { .int($0) })
        }
        define(type, "_bytes", "self") { [unowned self] a in vm.bytes(Array(try image(a[0]).bytes)) }
        define(type, "_values", "self") { [unowned self] a in
            let image = try image(a[0])
            var items: [Value] = []
            for y in 0..<image.height {
                for x in 0..<image.width {
                    let bands = try image.pixel(x, y)
                    items.append(bands.count == 1 ? number(bands[0], image.mode) : vm.tuple(bands.map { .int(Int($0)) }))
                }
            }
            return vm.list(items)
        }
        define(type, "_palette", "self") { [unowned self] a in try image(a[0]).paletteColors.map { vm.bytes($0) } ?? .none }
        define(type, "_palette_alpha", "self") { [unowned self] a in try image(a[0]).paletteAlpha.map { vm.bytes($0) } ?? .none }
        define(type, "_put_palette", "self, colors") { [unowned self] a in
            try image(a[0]).paletteColors = Array(try bytes(a[1]).prefix(768))
            return .none
        }
    }

    private func defineGeometry(_ type: ClassPointer) {
        define(type, "_copy", "self") { [unowned self] a in try value(image(a[0]).copy()) }
        define(type, "_transpose", "self, method") { [unowned self] a in
            guard let method = Transposition(rawValue: try vm.index(a[1])) else { throw vm.valueError("No such transpose operation") }
            return try value(image(a[0]).transposed(method))
        }
        define(type, "_resize", "self, width, height, filter, box=None") { [unowned self] a in
            let box = try numbersOrNil(a[4])
            if let box, box.count != 4 { throw vm.valueError("box must have four numbers") }
            return try value(
                image(a[0]).resized(vm.index(a[1]), vm.index(a[2]), filter(a[3]), box: box.map { ($0[0], $0[1], $0[2], $0[3]) }))
        }
        define(type, "_rotate", "self, angle, filter, expand, center, translate, ink") { [unowned self] a in
            let (center, translate) = (try pairOrNil(a[4]), try pairOrNil(a[5]))
            return try value(
                image(a[0]).rotated(
                    vm.real(a[1]), filter(a[2]), expand: vm.isTrue(a[3]), center: center.map { (x: $0.0, y: $0.1) },
                    translate: translate.map { (x: $0.0, y: $0.1) }, fill: inkOrNil(a[6], image(a[0]))))
        }
        define(type, "_transform", "self, kind, data, width, height, filter, ink") { [unowned self] a in
            let image = try image(a[0])
            let (data, width, height) = (try numbers(a[2]), try vm.index(a[3]), try vm.index(a[4]))
            let kind = try text(a[1])
            let needed = ["affine": 6, "extent": 4, "perspective": 8, "quad": 8][kind] ?? 0
            guard data.count >= needed else { throw vm.valueError("wrong number of matrix entries") }
            guard width > 0, height > 0 else { throw vm.valueError("width and height must be > 0") }
            let warp: Warp =
                switch kind {
                case "affine": .affine(Array(data.prefix(6)))
                case "extent": .extent(data, width: width, height: height)
                case "perspective": .perspective(Array(data.prefix(8)))
                default: .corners(data, width: width, height: height)
                }
            return try value(image.transformed(warp, width, height, filter(a[5]), fill: inkOrNil(a[6], image)))
        }
    }

    private func inkOrNil(_ value: Value, _ image: Image) throws -> [UInt8]? {
        if value.isNone || value.isUndefined { return nil }
        let ink = Array(try bytes(value))
        guard ink.count == image.mode.pixelSize else { throw vm.valueError("wrong ink size") }
        return ink
    }

    private func defineOperations(_ type: ClassPointer) {
        define(type, "_point", "self, table") { [unowned self] a in try value(image(a[0]).mapped(Array(try bytes(a[1])))) }
        define(type, "_map", "self, table, palette=False") { [unowned self] a in
            try value(image(a[0]).mappedAsOperation(Array(try bytes(a[1])), palette: vm.isTrue(a[2])))
        }
        define(type, "_kernel", "self, size, weights, scale, offset") { [unowned self] a in
            let kernel = try Kernel(
                vm.index(a[1]), numbers(a[2]).map { Float($0) }, scale: Float(try vm.real(a[3])), offset: Float(try vm.real(a[4])))
            return try value(image(a[0]).filtered(kernel))
        }
        define(type, "_enhance", "self, kind, factor") { [unowned self] a in
            let (image, factor) = (try image(a[0]), Float(try vm.real(a[2])))
            switch try text(a[1]) {
            case "brightness": return try value(image.brightened(factor))
            case "contrast": return try value(image.contrasted(factor))
            case "color": return try value(image.colored(factor))
            default: return try value(image.sharpened(factor))
            }
        }
        define(type, "_hue", "self, factor") { [unowned self] a in try value(image(a[0]).hueShifted(vm.real(a[1]))) }
        define(type, "_operation", "self, name, argument=0") { [unowned self] a in
            let image = try image(a[0])
            switch try text(a[1]) {
            case "invert": return try value(image.inverted())
            case "posterize": return try value(image.posterized(vm.index(a[2])))
            case "solarize": return try value(image.solarized(vm.real(a[2])))
            case "autocontrast": return try value(image.autocontrasted())
            default: return try value(image.equalized(mask: imageOrNil(a[2].isInt ? .none : a[2])))
            }
        }
        define(type, "_pad", "self, border, kind, values") { [unowned self] a in
            let padding: Padding =
                switch try text(a[2]) {
                case "edge": .edge
                case "reflect": .reflect
                case "symmetric": .symmetric
                default: .constant(try numbers(a[3]))
                }
            return try value(image(a[0]).padded(integers(a[1]), padding))
        }
    }

    private func defineConversions(_ type: ClassPointer) {
        define(type, "_convert", "self, mode, dither=True") { [unowned self] a in
            try value(image(a[0]).converted(to: mode(a[1]), dither: vm.isTrue(a[2])))
        }
        define(type, "_encode", "self, format, option") { [unowned self] a in
            let image = try image(a[0])
            return vm.bytes(try text(a[1]) == "PNG" ? image.encodedPNG(level: vm.index(a[2])) : image.encodedJPEG(quality: vm.index(a[2])))
        }
        define(type, "_to_tensor", "self, scaled") { [unowned self] a in
            vm.tensorValue(try vm.isTrue(a[1]) ? image(a[0]).floatTensor() : image(a[0]).byteTensor())
        }
        define(type, "_to_array", "self") { [unowned self] a in try vm.numpyArray(arrayTensor(image(a[0]))) }
    }

    /// `[height, width]`, or `[height, width, bands]`, in the dtype numpy sees.
    private func arrayTensor(_ image: Image) throws -> Tensor {
        let dtype: DType =
            switch image.mode.component {
            case .byte: image.mode == .binary ? .bool : .uint8
            case .int32: .int32
            case .float32: .float32
            case .uint16: .int32
            }
        let bands = image.mode.bandCount
        let tensor = try Tensor.empty(bands == 1 ? [image.height, image.width] : [image.height, image.width, bands], dtype: dtype)
        if image.mode == .binary {
            let output = tensor.pointer.assumingMemoryBound(to: UInt8.self)
            for (i, byte) in image.bytes.enumerated() { output[i] = byte == 0 ? 0 : 1 }
        } else if image.mode == .uint16 {
            let output = tensor.pointer.assumingMemoryBound(to: Int32.self)
            for i in 0..<image.width * image.height { output[i] = Int32(image.bytes.loadUnaligned(fromByteOffset: i * 2, as: UInt16.self)) }
        } else if let start = image.bytes.baseAddress {
            tensor.pointer.copyMemory(from: start, byteCount: image.byteCount)
        }
        return tensor
    }
}
