import Foundation
import Kernels
import Testing
import Vision

/// Every line of `operations.txt`, recorded from Pillow and torchvision: operation, image, arguments, and what the result must be.
@Suite struct ImageTests {
    struct Line {
        let name, kind, digest: String
        let mode, resultMode: Mode
        let width, height, resultWidth, resultHeight: Int
        let arguments: [String]
        var numbers: [Double] { arguments.compactMap(Double.init) }
        var integers: [Int] { numbers.map { Int($0) } }
    }

    static let lines: [Line] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/operations.txt")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }  // an empty list fails `allOperationsArePresent`
        return text.split(separator: "\n").compactMap { line in
            let f = line.split(separator: " ").map(String.init)
            guard f.count == 10, let mode = Mode(rawValue: f[2]), let resultMode = Mode(rawValue: f[6]), let w = Int(f[3]), let h = Int(f[4]),
                let rw = Int(f[7]), let rh = Int(f[8])
            else { return nil }
            return Line(
                name: f[0], kind: f[1], digest: f[9], mode: mode, resultMode: resultMode, width: w, height: h, resultWidth: rw, resultHeight: rh,
                arguments: f[5] == "-" ? [] : f[5].split(separator: ",").map(String.init))
        }
    }()

    private func result(_ line: Line) throws -> Image {
        let image = try generatedImage(line.kind, line.mode, line.width, line.height)
        let (n, a) = (line.integers, line.numbers)
        func filter(_ i: Int) throws -> Resampling { try #require(Resampling(rawValue: n[i])) }
        switch line.name {
        case "transpose": return try image.transposed(try #require(Transposition(rawValue: n[0])))
        case "crop": return try image.cropped(n[0], n[1], n[2], n[3])
        case "posterize": return try image.posterized(n[0])
        case "solarize": return try image.solarized(a[0])
        case "invert": return try image.inverted()
        case "autocontrast": return try image.autocontrasted()
        case "equalize": return try image.equalized()
        case "brightness": return try image.brightened(Float(a[0]))
        case "contrast": return try image.contrasted(Float(a[0]))
        case "color": return try image.colored(Float(a[0]))
        case "sharpness": return try image.sharpened(Float(a[0]))
        case "hue": return try image.hueShifted(a[0])
        case "kernel5":
            let weights: [Float] = [1, 0, -1, 2, 3, 0, 1, 4, -2, 1, 1, 1, 1, 9, 1, 0, 2, -3, 1, 1, 2, 1, 0, 1, 1]
            return try image.filtered(Kernel(5, weights, scale: 20, offset: 3))
        case "resize": return try image.resized(n[0], n[1], filter(2))
        case "resizebox": return try image.resized(n[0], n[1], filter(2), box: (a[3], a[4], a[5], a[6]))
        case "affine": return try image.transformed(.affine(Array(a[3...])), n[0], n[1], filter(2), fill: nil)
        case "perspective": return try image.transformed(.perspective(Array(a[3...])), n[0], n[1], filter(2), fill: nil)
        case "quad":
            return try image.transformed(.corners(Array(a[3...]), width: n[0], height: n[1]), n[0], n[1], filter(2), fill: nil)
        case "rotate": return try image.rotated(a[0], filter(1), expand: n[2] == 1)
        case "convert": return try image.converted(to: try #require(Mode(rawValue: line.arguments[0])))
        default: throw VisionError.value("no operation \(line.name)")
        }
    }

    private func digest(_ images: [Image]) -> String {
        var md5 = MD5()
        for image in images { md5.update(image.bytes) }
        return md5.hexDigest()
    }

    @Test func allOperationsArePresent() { #expect(ImageTests.lines.count == 1201) }

    @Test func everyOperationEqualsPillowByteForByte() throws {
        var wrong: [String: Int] = [:]
        for line in ImageTests.lines where line.name != "space" && line.name != "chain" {
            let image = try result(line)
            #expect(image.mode == line.resultMode && image.width == line.resultWidth && image.height == line.resultHeight)
            if digest([image]) != line.digest {
                wrong["\(line.name) \(line.mode.rawValue)", default: 0] += 1
                if wrong.count < 12 { Issue.record("\(line.name) \(line.kind) \(line.mode.rawValue) \(line.width)x\(line.height) \(line.arguments)") }
            }
        }
        #expect(wrong.isEmpty, "\(wrong)")
    }

    @Test func everyAugmentationEqualsTorchvisionOverAllMagnitudes() throws {
        for line in ImageTests.lines where line.name == "space" {
            let image = try generatedImage(line.kind, line.mode, line.width, line.height)
            let space: AugmentSpace =
                switch line.arguments[0] {
                case "rand": .randAugment(31, width: line.width, height: line.height)
                case "trivial": .trivialAugmentWide(31)
                default: .autoAugment(10, width: line.width, height: line.height)
                }
            let operation = try #require(AugmentOperation(rawValue: line.arguments[1]))
            let entry = try #require(space.entry(operation))
            var results: [Image] = []
            for level in entry.magnitudes.isEmpty ? [0] : entry.magnitudes {
                for sign in entry.signed ? [1.0, -1] : [1] {
                    for filter in [Resampling.nearest, .bilinear] {
                        results.append(try image.augmented(operation, level * sign, Filling(filter: filter, values: sign > 0 ? nil : [9])))
                    }
                }
            }
            #expect(digest(results) == line.digest, "\(line.kind) \(line.arguments)")
        }
    }

    private static let chains: [String: [ImageTransform]] = [
        "flip+rand": [.horizontalFlip(probability: 0.5), .randAugment(count: 2, magnitude: 9, bins: 31, Filling())],
        "vflip": [.verticalFlip(probability: 0.3)],
        "auto-imagenet": [.autoAugment(.imagenet, Filling())],
        "auto-cifar10": [.autoAugment(.cifar10, Filling())],
        "auto-svhn": [.autoAugment(.svhn, Filling(filter: .bilinear, values: [1, 2, 3]))],
        "trivial": [.trivialAugmentWide(bins: 31, Filling())],
        "crop": [.randomCrop(height: 32, width: 32, padding: [4, 4, 4, 4], padIfNeeded: false, .constant([0]))],
        "crop-reflect": [.randomCrop(height: 20, width: 50, padding: [3, 5, 3, 5], padIfNeeded: true, .reflect)],
        "jitter": [.colorJitter(brightness: (0.6, 1.4), contrast: (0.7, 1.3), saturation: (0.5, 1.5), hue: (-0.2, 0.2))],
        "rotation": [.rotation(degrees: (-25, 25), expand: false, center: nil, Filling(values: [7]))],
        "rotation-expand": [.rotation(degrees: (10, 80), expand: true, center: nil, Filling(filter: .bilinear, values: [0]))],
        "affine": [
            .affine(
                RandomAffine(
                    degrees: (-20, 20), translate: (0.1, 0.2), scale: (0.8, 1.3), shear: [-5, 5, -10, 10], center: nil, filling: Filling()))
        ],
        "perspective": [.perspective(distortion: 0.5, probability: 0.8, Filling(filter: .bilinear, values: [0]))],
        "resized-crop": [.randomResizedCrop(height: 24, width: 24, scale: (0.08, 1), ratio: (3.0 / 4, 4.0 / 3), .bilinear)],
        "resized-crop-bicubic": [.randomResizedCrop(height: 18, width: 30, scale: (0.3, 0.9), ratio: (0.5, 2), .bicubic)],
        "gray": [.randomGrayscale(probability: 0.5)],
        "apply": [
            .apply(
                [.horizontalFlip(probability: 0.5), .colorJitter(brightness: (0.5, 1.5), contrast: nil, saturation: nil, hue: nil)], probability: 0.4)
        ],
        "center": [.resize(height: nil, width: 20, limit: nil, .bilinear), .centerCrop(height: 24, width: 18)],
    ]

    @Test func everyRandomTransformDrawsAndComputesAsTorchvision() throws {
        for line in ImageTests.lines where line.name == "chain" {
            let steps = try #require(ImageTests.chains[line.arguments[0]])
            var random = MersenneTwister(seed: 0)
            var results: [Image] = []
            for i in 0..<64 {
                var image = try generatedImage(["noise", "smooth", "narrow"][i % 3], .rgb, 32 + i % 5, 32 + i % 3)
                for step in steps { image = try step(image, &random) }
                results.append(image)
            }
            #expect(digest(results) == line.digest, "\(line.arguments)")
        }
    }
}
