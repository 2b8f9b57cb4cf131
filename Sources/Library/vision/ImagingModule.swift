import Interpreter
import Tensors
import Vision

// Making images: the functions behind PIL.Image.new, open, fromarray, merge, blend.

extension VisionBinding {
    func fillImaging(_ module: NativeModule) {
        module.set("Core", coreClass.value.retained())
        function(module, "declare", "image_class, unidentified_error") { [unowned self] a in
            adopt(imageClass: a[0])
            adopt(unidentifiedError: a[1])
            return .none
        }
        function(module, "ink", "mode, bands") { [unowned self] a in vm.bytes(try Image.ink(mode(a[0]), numbers(a[1]))) }
        function(module, "bands", "mode") { [unowned self] a in .int(try mode(a[0]).bandCount) }
        function(module, "pixel_size", "mode") { [unowned self] a in .int(try mode(a[0]).pixelSize) }
        function(module, "new", "mode, width, height, ink") { [unowned self] a in
            let mode = try mode(a[0])
            let ink = Array(try bytes(a[3]))
            guard ink.count == mode.pixelSize else { throw vm.valueError("wrong ink size") }
            return try value(Image.filled(mode, vm.index(a[1]), vm.index(a[2]), ink))
        }
        function(module, "from_bytes", "mode, width, height, data") { [unowned self] a in
            let image = try Image(mode(a[0]), vm.index(a[1]), vm.index(a[2]))
            let data = try bytes(a[3])
            guard data.count >= image.byteCount else { throw vm.valueError("not enough image data") }
            guard data.count == image.byteCount else { throw vm.valueError("cannot decode image data") }
            if let start = data.baseAddress { image.pixels.update(from: start, count: image.byteCount) }
            return try value(image)
        }
        function(module, "decode", "data, name") { [unowned self] a in
            let data = try bytes(a[0])
            let (image, format) = try Image.decode(UnsafeRawBufferPointer(data), name: text(a[1]))
            return vm.tuple([try value(image), vm.string(format.rawValue)])
        }
        function(module, "decode_file", "path, mode") { [unowned self] a in
            let image = try Image.open(text(a[0])).image
            let mode = try mode(a[1])
            return try value(image.mode == mode ? image : image.converted(to: mode))
        }
        function(module, "merge", "mode, bands") { [unowned self] a in
            var bands: [Image] = []
            for item in try vm.collect(a[1]) {
                defer { vm.heap.release(item) }
                bands.append(try image(item))
            }
            return try value(Image.merged(mode(a[0]), bands))
        }
        function(module, "blend", "first, second, alpha") { [unowned self] a in
            try value(Image.blended(image(a[0]), image(a[1]), Float(vm.real(a[2]))))
        }
        function(module, "from_array", "array, mode=None") { [unowned self] a in
            try value(imageFromArray(array(a[0]), a[1].isNone ? nil : mode(a[1])))
        }
    }

    /// An image with the pixels of an array `[height, width]` or `[height, width, bands]`, copied.
    private func imageFromArray(_ array: Tensor, _ wanted: Mode?) throws -> Image {
        let bands = array.rank == 3 ? array.shape[2] : 1
        let natural: Mode? =
            switch (array.dtype, bands) {
            case (.bool, 1): .binary
            case (.uint8, 1): .gray
            case (.uint8, 2): .grayAlpha
            case (.uint8, 3): .rgb
            case (.uint8, 4): .rgba
            case (.int32, 1): .int32
            case (.float32, 1), (.float64, 1): .float32
            case (.int16, 1): .int32
            default: nil
            }
        guard array.rank == 2 || (array.rank == 3 && bands > 1) || (array.rank == 3 && wanted != nil), let mode = wanted ?? natural else {
            let shape = "(" + (["1", "1"] + (array.rank > 2 ? array.shape[2...].map(String.init) : [])).joined(separator: ", ") + ")"
            throw vm.typeError("Cannot handle this data type: \(shape), torch.\(array.dtype.name)")
        }
        let image = try Image(mode, array.shape[1], array.shape[0])
        let target: DType =
            switch mode.component {
            case .byte: .uint8
            case .uint16, .int32: .int32
            case .float32: .float32
            }
        guard bands == mode.bandCount else { throw vm.valueError("mode \(mode.rawValue) has \(mode.bandCount) bands, the array \(bands)") }
        let source = try array.detach().to(target).contiguous()
        defer { withExtendedLifetime(source) {} }
        if mode == .uint16 {
            for i in 0..<image.width * image.height {
                UnsafeMutableRawPointer(image.pixels).storeBytes(
                    of: UInt16(truncatingIfNeeded: source.pointer.load(fromByteOffset: i * 4, as: Int32.self)), toByteOffset: i * 2, as: UInt16.self)
            }
        } else {
            UnsafeMutableRawPointer(image.pixels).copyMemory(from: source.pointer, byteCount: image.byteCount)
            if mode == .binary { for i in 0..<image.byteCount where image.pixels[i] != 0 { image.pixels[i] = 255 } }
        }
        return image
    }
}
