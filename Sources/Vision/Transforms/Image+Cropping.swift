import Glibc
import Kernels

/// `value` rounded to the nearest integer, halves to even: Python's `round`.
func roundedHalfEven(_ value: Double) -> Int { Int(value.rounded(.toNearestOrEven)) }

extension Image {
    func randomlyCropped(
        _ targetHeight: Int, _ targetWidth: Int, _ border: [Int]?, _ padIfNeeded: Bool, _ padding: Padding, _ random: inout MersenneTwister
    ) throws(VisionError) -> Image {
        var image = self
        if let border { image = try image.padded(border, padding) }
        if padIfNeeded, image.width < targetWidth {
            let missing = targetWidth - image.width
            image = try image.padded([missing, 0, missing, 0], padding)
        }
        if padIfNeeded, image.height < targetHeight {
            let missing = targetHeight - image.height
            image = try image.padded([0, missing, 0, missing], padding)
        }
        guard image.height >= targetHeight, image.width >= targetWidth else {
            throw .value("Required crop size (\(targetHeight), \(targetWidth)) is larger than input image size (\(image.height), \(image.width))")
        }
        if image.width == targetWidth, image.height == targetHeight { return try image.copy() }
        let top = random.integer(0, image.height - targetHeight + 1)
        let left = random.integer(0, image.width - targetWidth + 1)
        return try image.cropped(left, top, left + targetWidth, top + targetHeight)
    }

    package func centerCropped(_ targetHeight: Int, _ targetWidth: Int) throws(VisionError) -> Image {
        var image = self
        if targetWidth > width || targetHeight > height {
            let (dx, dy) = (max(0, targetWidth - width), max(0, targetHeight - height))
            image = try padded([dx / 2, dy / 2, (dx + 1) / 2, (dy + 1) / 2], .constant([0]))
            if image.width == targetWidth, image.height == targetHeight { return image }
        }
        let top = roundedHalfEven(Double(image.height - targetHeight) / 2)
        let left = roundedHalfEven(Double(image.width - targetWidth) / 2)
        return try image.cropped(left, top, left + targetWidth, top + targetHeight)
    }

    /// To height × width, or (height nil) so that the shorter edge is `width` and the longer at most `limit`.
    package func resized(height target: Int?, width size: Int, limit: Int?, _ filter: Resampling) throws(VisionError) -> Image {
        if let target { return try resized(size, target, filter) }
        let (short, long) = width <= height ? (width, height) : (height, width)
        guard short > 0 else { throw .value("height and width must be > 0") }
        var (newShort, newLong) = (size, Int(Double(size * long) / Double(short)))
        if let limit {
            guard limit > size else {
                throw .value(
                    "max_size = \(limit) must be strictly greater than the requested size for the smaller edge size = \(size)")
            }
            if newLong > limit { (newShort, newLong) = (Int(Double(limit * newShort) / Double(newLong)), limit) }
        }
        let (w, h) = width <= height ? (newShort, newLong) : (newLong, newShort)
        return (w, h) == (width, height) ? self : try resized(w, h, filter)
    }

    /// A rectangle of random area and aspect ratio inside the image; after ten misfits, the largest central one of an allowed ratio.
    package func randomBox(
        scale: (Double, Double), ratio: (Double, Double), _ random: inout MersenneTwister
    ) -> (top: Int, left: Int, height: Int, width: Int) {
        let area = Double(height * width)
        let logRatio = (Double(logf(Float(ratio.0))), Double(logf(Float(ratio.1))))
        for _ in 0..<10 {
            let targetArea = area * random.uniform(scale.0, scale.1)
            let aspect = Double(expf(Float(random.uniform(logRatio.0, logRatio.1))))
            let w = roundedHalfEven((targetArea * aspect).squareRoot())
            let h = roundedHalfEven((targetArea / aspect).squareRoot())
            if w > 0, w <= width, h > 0, h <= height {
                let top = random.integer(0, height - h + 1)
                return (top, random.integer(0, width - w + 1), h, w)
            }
        }
        let present = Double(width) / Double(height)
        let (low, high) = (min(ratio.0, ratio.1), max(ratio.0, ratio.1))
        var (w, h) = (width, height)
        if present < low { h = roundedHalfEven(Double(w) / low) } else if present > high { w = roundedHalfEven(Double(h) * high) }
        return ((height - h) / 2, (width - w) / 2, h, w)
    }
}
