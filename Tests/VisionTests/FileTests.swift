import Foundation
import Kernels
import Tensors
import Testing
import Vision

/// Files of images and datasets: what is written reads back, and what is damaged says so.
@Suite struct FileTests {
    private func decode(_ bytes: [UInt8]) throws -> Image { try bytes.withUnsafeBytes { try Image.decode($0, name: "'x'").image } }

    private func message(_ body: () throws -> Void) -> String {
        do { try body() } catch { return "\(error)" }
        return "nothing was thrown"
    }

    private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("vision-\(UUID().uuidString)")
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }  // a leftover in the temporary folder harms nobody
        try body(url.path)
    }

    @Test(arguments: [Mode.binary, .gray, .grayAlpha, .rgb, .rgba, .uint16])
    func pngGivesBackTheSamePixels(mode: Mode) throws {
        let image = try generatedImage("smooth", mode, 21, 13)
        let back = try decode(try image.encodedPNG())
        #expect(back.mode == mode && back.width == 21 && back.height == 13)
        #expect(back.bytes.elementsEqual(image.bytes))
    }

    @Test func pngKeepsPaletteAndTransparency() throws {
        let image = try generatedImage("noise", .gray, 9, 7).converted(to: .palette)
        image.paletteColors = (0..<768).map { UInt8($0 * 7 & 255) }
        image.paletteAlpha = (0..<256).map { UInt8(255 - $0) }
        let back = try decode(try image.encodedPNG())
        #expect(back.mode == .palette && back.paletteColors == image.paletteColors && back.paletteAlpha == image.paletteAlpha)
        #expect(try back.converted(to: .rgba).pixel(3, 3)[3] == Double(255 - Int(image.pixel(3, 3)[0])))
    }

    @Test(arguments: [Mode.gray, .rgb])
    func jpegStaysClose(mode: Mode) throws {
        let image = try Image(mode, 32, 24)
        for i in 0..<image.byteCount { image.pixels[i] = UInt8(i / mode.pixelSize % 32 * 6 + 20) }
        let back = try decode(try image.encodedJPEG(quality: 95))
        #expect(back.mode == mode && back.width == 32 && back.height == 24)
        let worst = zip(back.bytes, image.bytes).map { abs(Int($0) - Int($1)) }.max() ?? 0
        #expect(worst <= 6)
    }

    @Test func truncatedAndForeignFilesAreErrorsThatNameTheFile() throws {
        let image = try generatedImage("noise", .rgb, 40, 40)
        let (png, jpeg) = (try image.encodedPNG(), try image.encodedJPEG())
        for count in [20, 60, png.count / 2, png.count - 20] {
            #expect(message { _ = try decode(Array(png.prefix(count))) } == "OSError: image file is truncated: 'x'")
        }
        for count in [jpeg.count / 2, jpeg.count - 2] {
            #expect(message { _ = try decode(Array(jpeg.prefix(count))) } == "OSError: image file is truncated: 'x'")
        }
        var damaged = png
        damaged[60] ^= 0xFF
        #expect(message { _ = try decode(damaged) }.hasPrefix("OSError: broken PNG file 'x'"))
        #expect(message { _ = try decode([1, 2, 3]) } == "UnidentifiedImageError: cannot identify image file 'x'")
        #expect(message { _ = try decode([]) } == "UnidentifiedImageError: cannot identify image file 'x'")
        #expect(
            message { _ = try Image.open("/nonexistent/a.png") } == "FileNotFoundError: [Errno 2] No such file or directory: '/nonexistent/a.png'")
    }

    @Test func anyDamageToAnImageFileIsAnErrorOrAnImage() throws {
        let image = try generatedImage("smooth", .rgb, 16, 16)
        var random = MersenneTwister(seed: 1)
        for original in [try image.encodedPNG(), try image.encodedJPEG()] {
            for _ in 0..<300 {
                var bytes = original
                for _ in 0..<3 { bytes[random.integer(0, bytes.count)] = UInt8(random.integer(0, 256)) }
                do { #expect(try decode(bytes).width >= 0) } catch { #expect(error is VisionError) }
            }
        }
    }

    @Test func idxFilesAreCheckedAgainstTheirHeader() throws {
        let good: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]
        try withFile(good) { path in
            let tensor = try IDXFile.read(path)
            #expect(tensor.shape == [2, 3])
            #expect(try tensor.integers() == [1, 2, 3, 4, 5, 6])
        }
        try withFile([0, 0, 11, 1, 0, 0, 0, 2, 1, 2, 255, 254]) { path in
            let integers = try IDXFile.read(path).integers()
            #expect(integers == [258, -2])
        }
        for (bytes, reason) in [
            (Array(good.dropLast()), "has a corrupt idx header: sizes [2, 3] need 6 bytes of data, the file holds 5"),
            ([0, 0, 8, 9, 0, 0], "has a corrupt idx header"), ([1, 2, 3, 4], "is no idx file: wrong magic number"),
            ([0, 0, 7, 1, 0, 0, 0, 1, 9], "is no idx file: unknown element type 7"),
            ([0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255], "has a corrupt idx header"), ([], "is no idx file"),
        ] {
            try withFile(bytes) { path in
                let said = message { _ = try IDXFile.read(path) }
                #expect(said.hasPrefix("ValueError: \(path) \(reason)"), "\(said)")
            }
        }
    }

    /// A pickle as CIFAR's, of two images.
    private var cifar: [UInt8] {
        var bytes: [UInt8] = [0x80, 2]
        func add(_ text: String) { bytes += Array(text.utf8) }
        add("}(U\u{4}dataT")
        bytes += [0, 24, 0, 0]
        for index in 0..<6144 { bytes.append(UInt8(index / 1024 % 3 * 50 + index % 7)) }
        add("U\u{6}labels](K\u{3}K\u{5}eu.")
        return bytes
    }

    @Test func cifarFilesInterleaveTheirPlanes() throws {
        try withFile(cifar) { path in
            let file = try CIFARFile(path)
            #expect(try file.imageCount == 2)
            #expect(try file.integers("labels") == [3, 5])
            var pixels = [UInt8](repeating: 0, count: 6144)
            try pixels.withUnsafeMutableBufferPointer { try file.copyInterleaved(to: $0.baseAddress!) }
            // 1 % 7, 50 + 1025 % 7, 100 + 2049 % 7
            let second: [UInt8] = [1, 53, 105]
            #expect(Array(pixels[3...5]) == second)
        }
    }

    @Test func anyDamageToACIFARFileIsAnErrorOrData() throws {
        var random = MersenneTwister(seed: 2)
        for _ in 0..<200 {
            var bytes = cifar
            bytes[random.integer(0, 16)] = UInt8(random.integer(0, 256))
            bytes[bytes.count - 1 - random.integer(0, 20)] = UInt8(random.integer(0, 256))
            try withFile(random.integer(0, 3) == 0 ? Array(bytes.prefix(random.integer(0, bytes.count))) : bytes) { path in
                do { _ = try CIFARFile(path).integers("labels") } catch { #expect(error is VisionError) }
            }
        }
    }
}
