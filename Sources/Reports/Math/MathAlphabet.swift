/// Unicode's mathematical alphabets: MathML Core has no other way to say bold, script or blackboard.
enum MathAlphabet {
    case normal, bold, italic, boldItalic, sans, typewriter, script, blackboard, fraktur

    static let commands: [String: MathAlphabet] = [
        "mathrm": .normal, "mathbf": .bold, "mathit": .italic, "boldsymbol": .boldItalic, "bm": .boldItalic, "mathsf": .sans, "mathtt": .typewriter,
        "mathcal": .script,
        "mathscr": .script, "mathbb": .blackboard, "mathfrak": .fraktur,
    ]
    static let switches: [String: MathAlphabet] = ["rm": .normal, "bf": .bold, "it": .italic, "cal": .script]

    /// First code points of capitals, small letters, digits; 0 where the alphabet has none.
    private var starts: (capital: UInt32, small: UInt32, digit: UInt32) {
        switch self {
        case .normal: (0, 0, 0)
        case .bold: (0x1D400, 0x1D41A, 0x1D7CE)
        case .italic: (0x1D434, 0x1D44E, 0)
        case .boldItalic: (0x1D468, 0x1D482, 0x1D7CE)
        case .sans: (0x1D5A0, 0x1D5BA, 0x1D7E2)
        case .typewriter: (0x1D670, 0x1D68A, 0x1D7F6)
        case .script: (0x1D49C, 0x1D4B6, 0)
        case .blackboard: (0x1D538, 0x1D552, 0x1D7D8)
        case .fraktur: (0x1D504, 0x1D51E, 0)
        }
    }

    /// Letters that Unicode had before it had the alphabets.
    private var exceptions: [Character: Character] {
        switch self {
        case .italic: ["h": "ℎ"]
        case .script: ["B": "ℬ", "E": "ℰ", "F": "ℱ", "H": "ℋ", "I": "ℐ", "L": "ℒ", "M": "ℳ", "R": "ℛ", "e": "ℯ", "g": "ℊ", "o": "ℴ"]
        case .blackboard: ["C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"]
        case .fraktur: ["C": "ℭ", "H": "ℌ", "I": "ℑ", "R": "ℜ", "Z": "ℨ"]
        case .normal, .bold, .boldItalic, .sans, .typewriter: [:]
        }
    }

    func styled(_ text: String) -> String {
        var result = ""
        for character in text { result.append(styled(character)) }
        return result
    }

    private func styled(_ character: Character) -> Character {
        if let exception = exceptions[character] { return exception }
        guard let scalar = character.unicodeScalars.first, character.unicodeScalars.count == 1 else { return character }
        let (capital, small, digit) = starts
        let value: UInt32? =
            switch scalar.value {
            case 0x41...0x5A where capital > 0: capital + scalar.value - 0x41
            case 0x61...0x7A where small > 0: small + scalar.value - 0x61
            case 0x30...0x39 where digit > 0: digit + scalar.value - 0x30
            case 0x391...0x3A9 where self == .bold: 0x1D6A8 + scalar.value - 0x391
            case 0x391...0x3A9 where self == .boldItalic: 0x1D71C + scalar.value - 0x391
            case 0x3B1...0x3C9 where self == .bold: 0x1D6C2 + scalar.value - 0x3B1
            case 0x3B1...0x3C9 where self == .boldItalic: 0x1D736 + scalar.value - 0x3B1
            default: nil
            }
        return value.flatMap(Unicode.Scalar.init).map(Character.init) ?? character
    }
}
