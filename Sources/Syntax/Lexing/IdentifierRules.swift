import Foundation

/// Unicode's part in Python identifiers: which characters they may hold and how two spellings become one name.
package enum IdentifierRules {
    static func allows(_ scalar: Unicode.Scalar, atStart: Bool) -> Bool {
        if scalar.isASCII {
            let byte = UInt8(truncatingIfNeeded: scalar.value)
            return atStart ? ByteClass.of(byte) == .letter : ByteClass.continuesWord(byte)
        }
        return atStart ? scalar.properties.isXIDStart : scalar.properties.isXIDContinue
    }

    /// Python's `str.isprintable` for one character.
    package static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }

    /// `U+201C`
    static func codePoint(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// The normal form (NFKC) that names are compared in.
    package static func normalized(_ name: String) -> String {
        name.utf8.allSatisfy { $0 < 0x80 } ? name : name.precomposedStringWithCompatibilityMapping
    }
}
