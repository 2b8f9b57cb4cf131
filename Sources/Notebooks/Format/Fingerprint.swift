import CNettle
import Markdown

/// The three hashes of the format. All are SHA-256, cut to the number of hex digits the format shows.
///
/// `in` (12 digits) covers one cell: executing options, source without trailing blanks, digests of its dependencies. It is local, so
/// that editing one cell leaves the markers of later cells alone. `sum` (8 digits) covers what a run wrote: payload lines and the bytes of
/// referenced assets. `chain` (12 digits) covers the run: every cell's `in` and `sum` in order, parameters, seed, engine epoch.
package enum Fingerprint {
    package static let cellDigits = 12
    package static let sumDigits = 8
    package static let chainDigits = 12

    /// `dependency` gives the digest of a file or folder named by `deps`.
    package static func cell(_ cell: Cell, dependency: (String) -> String) -> String {
        var hasher = TextHasher()
        hasher.add("qnb cell 1\n")
        hasher.add(cell.options.executingText)
        hasher.add("\n")
        var pendingBlankLines = 0
        for line in cell.source.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(cell.optionLineCount) {
            let trimmed = String(line).trimmingTrailingBlanks()
            if trimmed.isEmpty {
                pendingBlankLines += 1
                continue
            }
            for _ in 0..<pendingBlankLines { hasher.add("\n") }
            pendingBlankLines = 0
            hasher.add(trimmed)
            hasher.add("\n")
        }
        for path in cell.options.dependencies { hasher.add("\0\(path)\0\(dependency(path))") }
        return hasher.hex(digits: cellDigits)
    }

    package static func sum(payload: some Sequence<String>, assets: [(path: String, bytes: [UInt8])]) -> String {
        var hasher = TextHasher()
        for line in payload {
            hasher.add(line)
            hasher.add("\n")
        }
        for asset in assets {
            hasher.add("\0\(asset.path)\0")
            hasher.add(asset.bytes)
        }
        return hasher.hex(digits: sumDigits)
    }

    package struct CellRecord: Sendable, Equatable {
        package let hash: String
        /// Nil for a cell without an output block.
        package let sum: String?

        package init(hash: String, sum: String?) {
            self.hash = hash
            self.sum = sum
        }
    }

    package static func chain(_ cells: some Sequence<CellRecord>, seal: Seal, parameters: ScalarValue, epoch: Int) -> String {
        var unsigned = seal
        unsigned.chain = ""
        var hasher = TextHasher()
        hasher.add("qnb seal 1 epoch \(epoch)\n\(Marker.seal(unsigned).text)\n\(parameters.json.compact())\n")
        for cell in cells { hasher.add("\(cell.hash) \(cell.sum ?? "-")\n") }
        return hasher.hex(digits: chainDigits)
    }

    package static func digest(_ bytes: [UInt8]) -> String {
        var hasher = TextHasher()
        hasher.add(bytes)
        return hasher.hex(digits: 64)
    }
}

/// SHA-256 over text and bytes fed piece by piece.
package struct TextHasher {
    private var state = sha256_ctx()

    package init() { nettle_sha256_init(&state) }

    package mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { nettle_sha256_update(&state, $0.count, $0.baseAddress) }
    }

    package mutating func add(_ bytes: [UInt8]) { nettle_sha256_update(&state, bytes.count, bytes) }

    package func hex(digits: Int) -> String {
        let alphabet = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        // Taking the digest resets the state: a copy keeps this value usable.
        var final = state
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_SIZE))
        nettle_sha256_digest(&final, digest.count, &digest)
        for byte in digest {
            text.append(alphabet[Int(byte >> 4)])
            text.append(alphabet[Int(byte & 15)])
        }
        return String(decoding: text.prefix(digits), as: UTF8.self)
    }
}
