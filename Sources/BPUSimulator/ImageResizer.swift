import BPU

/// A region of an image, in pixels; even numbers, as chroma has half the resolution.
package struct ImageRegion: Equatable, Sendable {
    package var left: Int
    package var top: Int
    package var width: Int
    package var height: Int

    package init(left: Int, top: Int, width: Int, height: Int) {
        (self.left, self.top, self.width, self.height) = (left, top, width, height)
    }
}

/// The unit before the accelerator that cuts a region from an NV12 image and resizes it: the `resizer` input source.
///
/// Bilinear with 8 fractional bits, sample centres aligned, edges repeated; luma and chroma each at their own resolution. The vendor's unit is
/// documented only as "crop and resize": agreement to the last bit is not claimed.
package enum ImageResizer {
    /// - Parameter nv12: `width`·`height` luma bytes, then interleaved chroma.
    /// - Returns: NV12 of `toWidth`×`toHeight`.
    package static func resize(
        nv12: [UInt8], width: Int, height: Int, region: ImageRegion, toWidth: Int, toHeight: Int
    ) throws(ProgramError) -> [UInt8] {
        guard width > 0, height > 0, width % 2 == 0, height % 2 == 0, nv12.count == width * height * 3 / 2 else {
            throw .argument("an NV12 image of \(height)×\(width) has even sides and \(width * height * 3 / 2) bytes; \(nv12.count) were given")
        }
        let values = [region.left, region.top, region.width, region.height]
        guard values.allSatisfy({ $0 >= 0 && $0 % 2 == 0 }), region.width > 0, region.height > 0, region.left <= width - region.width,
            region.top <= height - region.height
        else {
            throw .argument("the region \(values) must be even and inside the image of \(height)×\(width)")
        }
        guard toWidth > 0, toHeight > 0, toWidth % 2 == 0, toHeight % 2 == 0 else {
            throw .argument("an image of \(toHeight)×\(toWidth) has odd sides")
        }
        var result = [UInt8](repeating: 0, count: toWidth * toHeight * 3 / 2)
        plane(nv12, start: 0, stride: width, channels: 1, (region.left, region.top, region.width, region.height), &result, 0, toWidth, toHeight)
        plane(
            nv12, start: width * height, stride: width, channels: 2, (region.left / 2, region.top / 2, region.width / 2, region.height / 2), &result,
            toWidth * toHeight, toWidth / 2, toHeight / 2)
        return result
    }

    private static func plane(
        _ source: [UInt8], start: Int, stride: Int, channels: Int, _ region: (left: Int, top: Int, width: Int, height: Int), _ target: inout [UInt8],
        _ targetStart: Int, _ width: Int, _ height: Int
    ) {
        for row in 0..<height {
            let (y0, y1, fy) = position(row, height, region.height)
            for column in 0..<width {
                let (x0, x1, fx) = position(column, width, region.width)
                for channel in 0..<channels {
                    func pixel(_ y: Int, _ x: Int) -> Int { Int(source[start + (region.top + y) * stride + (region.left + x) * channels + channel]) }
                    let top = pixel(y0, x0) * (256 - fx) + pixel(y0, x1) * fx
                    let bottom = pixel(y1, x0) * (256 - fx) + pixel(y1, x1) * fx
                    target[targetStart + (row * width + column) * channels + channel] = UInt8((top * (256 - fy) + bottom * fy + 32_768) >> 16)
                }
            }
        }
    }

    /// The two source samples around the centre of a target sample, and the weight of the second in 256ths.
    private static func position(_ index: Int, _ size: Int, _ sourceSize: Int) -> (Int, Int, Int) {
        let scaled = max(0, ((2 * index + 1) * sourceSize * 128) / size - 128)
        let first = min(scaled >> 8, sourceSize - 1)
        return (first, min(first + 1, sourceSize - 1), scaled & 255)
    }
}
