/// A feature map, or some rows of it, in on-chip memory: a strided box of frames × copies × rows × columns × channels.
///
/// All distances are in bytes. `firstRow` is the row of the whole map found at `address`, so that a strip knows its place.
package struct MapView: Equatable, Sendable {
    package var address = 0
    package var frameStride = 0
    package var copies = 1
    package var copyStride = 0
    package var firstRow = 0
    package var rows = 0
    package var rowStride = 0
    package var columns = 0
    package var columnStride = 0
    package var channels = 0
    package var channelStride = 1
    /// Bytes of an element.
    package var element = 1

    package init() {}

    /// One past the last byte that `frames` frames occupy. Needs fields within the ranges of the field table.
    package func end(frames: Int) -> Int {
        address + (frames - 1) * frameStride + (copies - 1) * copyStride + (rows - 1) * rowStride + (columns - 1) * columnStride
            + (channels - 1) * channelStride + element
    }

    package func elements(frames: Int) -> Int { frames * copies * rows * columns * channels }

    static func fields<Body>(_ path: WritableKeyPath<Body, MapView>, _ prefix: String) -> [Field<Body>] {
        [
            Field(prefix + "address", path.appending(path: \.address), .address),
            Field(prefix + "frameStride", path.appending(path: \.frameStride), .address),
            Field(prefix + "copies", path.appending(path: \.copies), 1...16),
            Field(prefix + "copyStride", path.appending(path: \.copyStride), .address),
            Field(prefix + "firstRow", path.appending(path: \.firstRow), .count),
            Field(prefix + "rows", path.appending(path: \.rows), .count),
            Field(prefix + "rowStride", path.appending(path: \.rowStride), .address),
            Field(prefix + "columns", path.appending(path: \.columns), .count),
            Field(prefix + "columnStride", path.appending(path: \.columnStride), .address),
            Field(prefix + "channels", path.appending(path: \.channels), .count),
            Field(prefix + "channelStride", path.appending(path: \.channelStride), .address),
            Field(prefix + "element", path.appending(path: \.element), 1...4),
        ]
    }
}
