import Markdown

private typealias MarkdownAlignment = MarkdownNode.Alignment

/// One event of a run as the journal keeps it.
package enum JournalRecord: Sendable, Equatable {
    /// A run of the notebook with that file name begins.
    case run(file: String)
    /// A cell begins; `region` is the digest of the block it is about to replace.
    case begin(ordinal: Int, hash: String, label: String, region: String)
    case chunk(OutputStream, String)
    case display(Display)
    case error(String)
    /// The cell printed too much to journal; what the notebook itself holds is newer.
    case capped
    /// The notebook is about to be written with a block of this digest for the cell.
    case splicing(region: String)
    case end(CellStatus)
    /// The cell took back what it had shown.
    case cleared
    /// The notebook as it last was on the disk for certain; a loss of power may empty a file that is written and not yet synced.
    case base([UInt8])

    private var tag: UInt8 {
        switch self {
        case .run: 1
        case .begin: 2
        case .chunk: 3
        case .display: 4
        case .error: 5
        case .capped: 6
        case .splicing: 7
        case .end: 8
        case .cleared: 9
        case .base: 10
        }
    }

    // A record is tag, payload length, payload, check; numbers are 32 bits, little-endian. The check makes a record that a kill
    // cut short, or that a full disk never wrote whole, the end of the journal.

    package var encoded: [UInt8] {
        var body = ByteWriter()
        switch self {
        case .run(let file): body.add(file)
        case .begin(let ordinal, let hash, let label, let region):
            body.add(ordinal)
            body.add(hash)
            body.add(label)
            body.add(region)
        case .chunk(let stream, let text):
            body.add(Int(stream.rawValue))
            body.add(text)
        case .display(let display): body.add(display)
        case .error(let text): body.add(text)
        case .capped, .cleared: break
        case .splicing(let region): body.add(region)
        case .end(let status): body.add(status.rawValue)
        case .base(let text): body.add(text)
        }
        var record = ByteWriter()
        record.bytes.append(tag)
        record.add(body.bytes.count)
        record.bytes += body.bytes
        record.add(Self.check(record.bytes))
        return record.bytes
    }

    /// All whole records from the start; whatever follows the first damaged one is ignored.
    package static func decode(_ bytes: [UInt8]) -> [JournalRecord] {
        var records: [JournalRecord] = []
        var position = 0
        while position + 9 <= bytes.count {
            var header = ByteReader(bytes[(position + 1)..<(position + 5)])
            guard let length = header.int(), length <= bytes.count - position - 9 else { break }
            let end = position + 5 + length
            var tail = ByteReader(bytes[end..<(end + 4)])
            guard tail.int() == check(Array(bytes[position..<end])),
                let record = decode(tag: bytes[position], ByteReader(bytes[(position + 5)..<end]))
            else { break }
            records.append(record)
            position = end + 4
        }
        return records
    }

    private static func decode(tag: UInt8, _ body: ByteReader) -> JournalRecord? {
        var body = body
        switch tag {
        case 1: return body.string().map { .run(file: $0) }
        case 2:
            guard let ordinal = body.int(), let hash = body.string(), let label = body.string(), let region = body.string() else { return nil }
            return .begin(ordinal: ordinal, hash: hash, label: label, region: region)
        case 3:
            guard let number = body.int(), let stream = UInt8(exactly: number).flatMap({ OutputStream(rawValue: $0) }) else { return nil }
            return body.string().map { .chunk(stream, $0) }
        case 4: return body.display().map { .display($0) }
        case 5: return body.string().map { .error($0) }
        case 6: return .capped
        case 7: return body.string().map { .splicing(region: $0) }
        case 8: return body.string().flatMap { CellStatus(rawValue: $0) }.map { .end($0) }
        case 9: return .cleared
        case 10: return body.data().map { .base($0) }
        default: return nil
        }
    }

    /// FNV-1a.
    private static func check(_ bytes: [UInt8]) -> Int {
        var hash: UInt32 = 0x811C_9DC5
        for byte in bytes { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return Int(hash)
    }
}

private struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func add(_ number: Int) {
        let value = UInt32(truncatingIfNeeded: number)
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
    }

    mutating func add(_ text: String) { add(Array(text.utf8)) }

    mutating func add(_ data: [UInt8]) {
        add(data.count)
        bytes += data
    }

    mutating func addOptional(_ data: [UInt8]?) {
        bytes.append(data == nil ? 0 : 1)
        if let data { add(data) }
    }

    mutating func add(_ display: Display) {
        bytes.append(display.role == .result ? 1 : 0)
        for text in [display.text, display.markdown, display.html, display.svg, display.alt] { addOptional(text.map { Array($0.utf8) }) }
        addOptional(display.png)
        addOptional(display.identity.map { Array($0.utf8) })
        bytes.append(display.isUpdate ? 1 : 0)
        guard let table = display.table else { return bytes.append(0) }
        bytes.append(1)
        add(table.header.count)
        for name in table.header { add(name) }
        for alignment in table.alignments { bytes.append(alignment.rawValue) }
        add(table.rows.count)
        for row in table.rows { for cell in row { add(cell) } }
        add(table.hiddenRows)
    }
}

private struct ByteReader {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    mutating func byte() -> UInt8? { bytes.popFirst() }

    mutating func int() -> Int? {
        guard bytes.count >= 4 else { return nil }
        var value = 0
        for shift in stride(from: 0, to: 32, by: 8) { value |= Int(bytes.removeFirst()) << shift }
        return value
    }

    mutating func data() -> [UInt8]? {
        guard let count = int(), count <= bytes.count else { return nil }
        defer { bytes = bytes.dropFirst(count) }
        return Array(bytes.prefix(count))
    }

    mutating func string() -> String? { data().map { String(decoding: $0, as: UTF8.self) } }

    mutating func display() -> Display? {
        guard let role = byte() else { return nil }
        var optionals: [[UInt8]?] = []
        for _ in 0..<7 {
            guard let flag = byte() else { return nil }
            if flag == 0 {
                optionals.append(nil)
            } else {
                guard let value = data() else { return nil }
                optionals.append(value)
            }
        }
        let texts = optionals.prefix(5).map { $0.map { String(decoding: $0, as: UTF8.self) } }
        guard let isUpdate = byte(), let hasTable = byte() else { return nil }
        var display = Display(
            role == 1 ? .result : .display, text: texts[0], markdown: texts[1], html: texts[2], svg: texts[3], png: optionals[5], alt: texts[4])
        display.identity = optionals[6].map { String(decoding: $0, as: UTF8.self) }
        display.isUpdate = isUpdate == 1
        if hasTable == 1 {
            guard let table = table() else { return nil }
            display.table = table
        }
        return display
    }

    private mutating func table() -> Table? {
        guard let columns = int(), columns <= bytes.count else { return nil }
        let header = strings(columns)
        let alignments = (0..<columns).compactMap { _ in byte().flatMap { MarkdownAlignment(rawValue: $0) } }
        guard let rowCount = int(), rowCount <= bytes.count || columns == 0 else { return nil }
        var rows: [[String]] = []
        for _ in 0..<(columns == 0 ? 0 : rowCount) {
            let row = strings(columns)
            guard row.count == columns else { return nil }
            rows.append(row)
        }
        guard header.count == columns, alignments.count == columns, let hidden = int() else { return nil }
        return Table(header: header, alignments: alignments, rows: rows, hiddenRows: hidden)
    }

    private mutating func strings(_ count: Int) -> [String] {
        var result: [String] = []
        for _ in 0..<count {
            guard let text = string() else { break }
            result.append(text)
        }
        return result
    }
}
