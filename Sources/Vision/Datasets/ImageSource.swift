import Tensors

/// Images by number, readable from several threads at once.
package protocol ImageSource: AnyObject, Sendable {
    var count: Int { get }
    func image(at index: Int) throws(VisionError) -> Image
}

/// Images of one size in one block of memory, `[count, height, width, bands]`, which images of it borrow.
package final class ImageStack: ImageSource, @unchecked Sendable {
    package let count: Int
    private let mode: Mode
    private let width: Int
    private let height: Int
    private let pixels: UnsafeMutablePointer<UInt8>
    private let owner: AnyObject

    /// Borrows the memory of a contiguous byte tensor of shape `[count, height, width]` or `[count, height, width, 1…4]`; nil for others.
    package init?(_ tensor: Tensor) {
        guard tensor.dtype == .uint8, tensor.isContiguous, tensor.rank == 3 || tensor.rank == 4 else { return nil }
        switch tensor.rank == 3 ? 1 : tensor.shape[3] {
        case 1: mode = .gray
        case 2: mode = .grayAlpha
        case 3: mode = .rgb
        case 4: mode = .rgba
        default: return nil
        }
        count = tensor.shape[0]
        height = tensor.shape[1]
        width = tensor.shape[2]
        pixels = tensor.pointer.assumingMemoryBound(to: UInt8.self)
        owner = tensor.storage
    }

    package func image(at index: Int) throws(VisionError) -> Image {
        guard index >= -count, index < count else { throw VisionError(.index, "index \(index) is out of bounds for axis 0 with size \(count)") }
        let position = index < 0 ? index + count : index
        return Image(borrowing: pixels + position * height * width * mode.pixelSize, mode, width, height, owner: owner)
    }
}

/// Images in files of their own, decoded when asked for and converted to one mode.
package final class ImageFiles: ImageSource {
    private let paths: [String]
    private let mode: Mode

    package init(_ paths: [String], mode: Mode = .rgb) {
        self.paths = paths
        self.mode = mode
    }

    package var count: Int { paths.count }

    package func image(at index: Int) throws(VisionError) -> Image {
        guard index >= -count, index < count else { throw VisionError(.index, "list index out of range") }
        let path = paths[index < 0 ? index + count : index]
        let image = try Image.open(path).image
        return image.mode == mode ? image : try image.converted(to: mode)
    }
}
