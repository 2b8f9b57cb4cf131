/// How one frame of a tensor lies in memory.
///
/// `raw`: rows padded to a multiple of 2 and columns to a multiple of 16, channels innermost, so that a frame of C×H×W takes
/// C·ceil2(H)·ceil16(W) elements. `packed`: the same order without padding. `native`: PyTorch's order. Tensors of a rank other than 4 are
/// native, seen as one row and one column of channels.
package struct MapGeometry: Equatable, Sendable {
    package let layout: MapLayout
    package let element: Element
    package let channels: Int
    package let height: Int
    package let width: Int

    /// - Parameter shape: with the batch in front.
    package init(shape: [Int], element: Element, layout: MapLayout) {
        self.element = element
        if shape.count == 4 {
            (channels, height, width) = (shape[1], shape[2], shape[3])
            self.layout = layout
        } else {
            (channels, height, width) = (shape.dropFirst().reduce(1, *), 1, 1)
            self.layout = .native
        }
    }

    package init(channels: Int, height: Int, width: Int, element: Element, layout: MapLayout) {
        (self.channels, self.height, self.width, self.element, self.layout) = (channels, height, width, element, layout)
    }

    package var storedHeight: Int { layout == .raw ? (height + 1) / 2 * 2 : height }
    package var storedWidth: Int { layout == .raw ? (width + 15) / 16 * 16 : width }
    package var frameBytes: Int { channels * storedHeight * storedWidth * element.byteCount }
    package var channelStride: Int { layout == .native ? height * width * element.byteCount : element.byteCount }
    package var columnStride: Int { layout == .native ? element.byteCount : channels * element.byteCount }
    package var rowStride: Int { storedWidth * columnStride }

    /// The whole of `copies` copies at `address`, frames `frameStride` apart.
    package func view(at address: Int, copies: Int = 1) -> MapView {
        var view = MapView()
        view.address = address
        view.frameStride = frameBytes * copies
        view.copies = copies
        view.copyStride = copies > 1 ? frameBytes : 0
        view.rows = height
        view.rowStride = rowStride
        view.columns = width
        view.columnStride = columnStride
        view.channels = channels
        view.channelStride = channelStride
        view.element = element.byteCount
        return view
    }
}
