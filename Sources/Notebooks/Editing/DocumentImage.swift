import Markdown

/// A notebook's text with its tool-owned parts as replaceable pieces; everything else is copied byte for byte.
///
/// Writing after each cell joins pieces: nothing is parsed or hashed again. A text whose last line has no line end is treated as if it had one,
/// and loses the last line end again when rendered, so that blocks and seal can be added to it and taken away without a trace.
package struct DocumentImage: Sendable {
    private enum Piece: Sendable {
        case user(Range<Int>)
        case block(Int)
        case seal
    }

    package struct Block: Sendable, Equatable {
        package var marker: OutMarker
        /// As stored, escapes included.
        package var payload: [String]
        package var sum: String?

        package init(marker: OutMarker, payload: [String], sum: String?) {
            self.marker = marker
            self.payload = payload
            self.sum = sum
        }
    }

    package let notebook: Notebook
    private let bytes: [UInt8]
    private let lineEnd: [UInt8]
    private let isUnterminated: Bool
    private var pieces: [Piece] = []
    private var rendered: [[UInt8]]
    private var sealText: [UInt8]
    private var ownsSealSeparator: Bool
    /// Lines each cell's block has gained.
    private var blockShifts: [Int]
    /// A seal that moves to the end lifts the cells from this one on.
    private var sealShift = 0
    private var sealShiftEnd = 0
    package private(set) var blocks: [Block?]
    package private(set) var seal: Seal?
    /// Whether the pieces differ from what was last rendered and saved.
    package private(set) var isChanged = false

    /// With `forgetsSeal` the seal and the blank line before it are left out, whatever follows them.
    package init(_ notebook: Notebook, forgetsSeal: Bool = false) {
        self.notebook = notebook
        let text = notebook.text
        lineEnd = text.count > 0 && !text.terminator(1).isEmpty ? Array(text.terminator(1)) : [Ascii.newline]
        isUnterminated = text.count > 0 && text.terminator(text.count).isEmpty
        bytes = isUnterminated ? text.bytes + lineEnd : text.bytes
        rendered = Array(repeating: [], count: notebook.cells.count)
        blocks = Array(repeating: nil, count: notebook.cells.count)
        blockShifts = Array(repeating: 0, count: notebook.cells.count)
        seal = forgetsSeal ? nil : notebook.seal
        sealText = []
        ownsSealSeparator = true
        layOut(forgetsSeal: forgetsSeal)
    }

    /// Cuts the text at blocks and seal. A seal followed by more of the user's text moves to the end.
    private mutating func layOut(forgetsSeal: Bool) {
        let text = notebook.text
        var position = 0
        var sealRange: Range<Int>?
        var isSealLast = false
        if let line = notebook.sealLine {
            isSealLast = !forgetsSeal && (line == text.count || (line + 1...text.count).allSatisfy { text.isBlank($0) })
            let start = !isSealLast && line > 1 && text.isBlank(line - 1) ? line - 1 : line
            sealRange = text.offset(ofLine: start)..<end(ofLine: line)
            sealText = Array(bytes[text.offset(ofLine: line)..<end(ofLine: line)])
            if !isSealLast {
                sealShift = start - line - 1
                sealShiftEnd = notebook.cells.firstIndex { $0.openLine > line } ?? notebook.cells.count
            }
        }
        func cut(to offset: Int, in image: inout DocumentImage) {
            if let seal = sealRange, seal.lowerBound >= position, seal.upperBound <= offset {
                image.pieces.append(.user(position..<seal.lowerBound))
                if isSealLast { image.pieces.append(.seal) }
                position = seal.upperBound
                sealRange = nil
            }
            if position < offset { image.pieces.append(.user(position..<offset)) }
            position = max(position, offset)
        }
        for cell in notebook.cells {
            if let block = cell.block {
                let range = text.offset(ofLine: block.lines.lowerBound)..<end(ofLine: block.lines.upperBound)
                cut(to: range.lowerBound, in: &self)
                rendered[cell.index] = Array(bytes[range])
                blocks[cell.index] = Block(marker: block.marker, payload: block.payloadLines.map { text.text($0) }, sum: block.sum)
                position = range.upperBound
            } else {
                cut(to: end(ofLine: cell.closeLine), in: &self)
            }
            pieces.append(.block(cell.index))
        }
        cut(to: bytes.count, in: &self)
        if isSealLast {
            ownsSealSeparator = false
        } else {
            pieces.append(.seal)
            sealText = sealLine(seal)
            isChanged = notebook.sealLine != nil
        }
    }

    private func end(ofLine line: Int) -> Int {
        line == notebook.text.count ? bytes.count : notebook.text.offset(ofLine: line + 1)
    }

    private func sealLine(_ seal: Seal?) -> [UInt8] {
        guard let seal else { return [] }
        return (ownsSealSeparator ? lineEnd : []) + Array(Marker.seal(seal).text.utf8) + lineEnd
    }

    /// Replaces, adds or (nil) removes the block of a cell. An equal block changes nothing.
    package mutating func setBlock(_ block: Block?, ofCell index: Int) {
        guard block != blocks[index] else { return }
        blocks[index] = block
        isChanged = true
        blockShifts[index] = (block.map { $0.payload.count + 2 } ?? 0) - (notebook.cells[index].block?.lines.count ?? 0)
        guard let block else {
            rendered[index] = []
            return
        }
        var bytes = Array(Marker.out(block.marker).text.utf8) + lineEnd
        for line in block.payload {
            bytes += line.utf8
            bytes += lineEnd
        }
        bytes += Marker.end(sum: block.sum).text.utf8
        bytes += lineEnd
        rendered[index] = bytes
    }

    package mutating func setSeal(_ seal: Seal?) {
        guard seal != self.seal else { return }
        self.seal = seal
        isChanged = true
        sealText = sealLine(seal)
    }

    package mutating func markSaved() { isChanged = false }

    /// The text without blocks and seal.
    package static func stripped(_ notebook: Notebook) -> [UInt8] {
        var image = DocumentImage(notebook, forgetsSeal: true)
        for cell in notebook.cells { image.setBlock(nil, ofCell: cell.index) }
        return image.render()
    }

    /// Lines by which a cell stands lower in the rendered text than in the notebook that was read, for what was written above it.
    package func lineShift(beforeCell index: Int) -> Int { blockShifts[..<index].reduce(index < sealShiftEnd ? 0 : sealShift, +) }

    /// The bytes of a cell's region; empty without a block.
    package func region(ofCell index: Int) -> [UInt8] { rendered[index] }

    /// The whole text. Complexity: linear, one copy.
    package func render() -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 1024)
        for piece in pieces {
            switch piece {
            case .user(let range): result += bytes[range]
            case .block(let index): result += rendered[index]
            case .seal: result += sealText
            }
        }
        if isUnterminated, result.count >= lineEnd.count { result.removeLast(lineEnd.count) }
        return result
    }
}
