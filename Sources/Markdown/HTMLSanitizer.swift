/// Reduces HTML to an allow-list of elements and attributes. The result is balanced, holds no comment, script, style or event attribute,
/// loads nothing but images, and means the same wherever it is put.
package struct HTMLSanitizer {
    private let input: [UInt8]
    private var position = 0
    private var output: [UInt8] = []
    private var open: [String] = []
    private static let maximumDepth = 200
    private let image: ((String) -> String?)?

    /// - Parameter image: gives an image's address as a `data:` URI; an image it has none for becomes a link. Without it addresses stay.
    package static func sanitize(_ html: String, image: ((String) -> String?)? = nil) -> String {
        var sanitizer = HTMLSanitizer(input: Array(html.utf8), image: image)
        sanitizer.run()
        return String(decoding: sanitizer.output, as: UTF8.self)
    }

    private init(input: [UInt8], image: ((String) -> String?)?) {
        self.input = input
        self.image = image
    }

    private static let elements: Set<String> = [
        "a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em",
        "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s",
        "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var",
        "wbr",
    ]
    private static let void: Set<String> = ["br", "col", "hr", "img", "wbr"]
    /// Elements whose content is not text for the reader either.
    private static let removedWithContent: Set<String> = [
        "script", "style", "iframe", "object", "embed", "template", "noscript", "svg", "math", "title", "head", "textarea", "select", "xmp",
        "plaintext", "noembed", "noframes", "audio", "video", "canvas",
    ]
    private static let attributes: [String: Set<String>] = [
        "": ["title", "lang", "dir", "align", "valign"],
        "a": ["href"], "img": ["src", "alt", "width", "height"], "td": ["colspan", "rowspan"], "th": ["colspan", "rowspan", "scope"],
        "ol": ["start"], "col": ["span"], "colgroup": ["span"], "details": ["open"],
    ]

    private mutating func run() {
        while position < input.count {
            let byte = input[position]
            if byte == UInt8(ascii: "<") {
                markup()
            } else if byte == UInt8(ascii: "&") {
                reference()
            } else {
                if byte != 0 { output.append(byte) }
                position += 1
            }
        }
        while let name = open.popLast() { emit("</\(name)>") }
    }

    private mutating func emit(_ text: String) { output += text.utf8 }

    private func starts(_ text: String) -> Bool { input[position...].starts(with: text.utf8) }

    private mutating func skip(past text: String) {
        let bytes = Array(text.utf8)
        while position < input.count {
            if input[position...].starts(with: bytes) {
                position += bytes.count
                return
            }
            position += 1
        }
    }

    /// A character reference is kept; any other `&` becomes one.
    private mutating func reference() {
        let name = input[(position + 1)...].prefix(32).prefix { Ascii.isLetter($0) || Ascii.isDigit($0) || $0 == UInt8(ascii: "#") }
        let end = position + 1 + name.count
        if !name.isEmpty, end < input.count, input[end] == UInt8(ascii: ";") {
            output += input[position...end]
            position = end + 1
        } else {
            emit("&amp;")
            position += 1
        }
    }

    private mutating func markup() {
        if starts("<!--") {
            position += 4
            skip(past: "-->")
        } else if starts("<!") || starts("<?") {
            skip(past: ">")
        } else if let tag = Tag(input, at: position) {
            position = tag.end
            tag.isClosing ? close(tag.name) : begin(tag)
        } else {
            emit("&lt;")
            position += 1
        }
    }

    private mutating func begin(_ tag: Tag) {
        if Self.removedWithContent.contains(tag.name) {
            if !tag.isSelfClosing { skipContent(of: tag.name) }
            return
        }
        guard Self.elements.contains(tag.name) else { return }
        if tag.name == "img", let image { return inline(tag, image) }
        let isVoid = Self.void.contains(tag.name)
        guard isVoid || open.count < Self.maximumDepth else { return }
        emit("<" + tag.name)
        var names: Set<String> = []
        for (name, value) in tag.attributes where names.insert(name).inserted {
            let quoted = Self.quoted(value)
            if isAllowed(name, quoted, on: tag.name) { emit(" \(name)=\"\(quoted)\"") }
        }
        emit(">")
        if !isVoid { open.append(tag.name) }
    }

    /// Writes an image with its bytes in place of its address, or a link where there are none.
    private mutating func inline(_ tag: Tag, _ image: (String) -> String?) {
        let alternative = Self.quoted(tag["alt"] ?? "")
        let source = (tag["src"] ?? "").replacing("&amp;", with: "&")
        let isInline = source.hasPrefix("data:")
        if let data = isInline ? Self.isSafeURL(source, isImage: true) ? source : nil : image(source) {
            emit("<img src=\"\(Self.quoted(data))\" alt=\"\(alternative)\"")
            for name in ["width", "height", "title"] { if let value = tag[name] { emit(" \(name)=\"\(Self.quoted(value))\"") } }
            emit(">")
            return
        }
        let text = alternative.isEmpty ? Self.quoted(source) : alternative
        let isLink = !source.isEmpty && !isInline && Self.isSafeURL(Self.quoted(source), isImage: false) && !open.contains("a")
        emit(isLink ? "<a href=\"\(Self.quoted(source))\" rel=\"noopener noreferrer\">\(text)</a>" : text)
    }

    private mutating func skipContent(of name: String) {
        var depth = 1
        while position < input.count, depth > 0 {
            guard input[position] == UInt8(ascii: "<"), let tag = Tag(input, at: position) else {
                position += 1
                continue
            }
            position = tag.end
            if tag.name == name, !tag.isSelfClosing { depth += tag.isClosing ? -1 : 1 }
        }
    }

    /// Closes the element and whatever was left open inside it; an end tag without a start is dropped.
    private mutating func close(_ name: String) {
        guard let start = open.lastIndex(of: name) else { return }
        while open.count > start {
            if let last = open.popLast() { emit("</\(last)>") }
        }
    }

    private func isAllowed(_ name: String, _ value: String, on element: String) -> Bool {
        guard Self.attributes[""]?.contains(name) == true || Self.attributes[element]?.contains(name) == true else { return false }
        return name == "href" || name == "src" ? Self.isSafeURL(value, isImage: name == "src") : true
    }

    /// Relative addresses, http(s), mailto for links, and raster `data:` images. A character reference could hide a scheme, so before
    /// the first `/`, `?` or `#` there is none.
    package static func isSafeURL(_ url: String, isImage: Bool) -> Bool {
        var scheme: [UInt8] = []
        var hasReference = false
        // Blanks and control characters are skipped, as browsers skip them.
        var rest = url.utf8.lazy.filter { $0 > 0x20 && $0 != 0x7F }.makeIterator()
        while let byte = rest.next() {
            if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") { return !hasReference }
            if byte == UInt8(ascii: ":") { return !hasReference && isSafe(scheme, isImage: isImage, rest: &rest) }
            hasReference = hasReference || byte == UInt8(ascii: "&")
            scheme.append(Ascii.lowercased(byte))
        }
        return !hasReference
    }

    private static func isSafe(_ scheme: [UInt8], isImage: Bool, rest: inout some IteratorProtocol<UInt8>) -> Bool {
        switch String(decoding: scheme, as: UTF8.self) {
        case "http", "https": return true
        case "mailto": return !isImage
        case "data" where isImage:
            var type: [UInt8] = []
            while let byte = rest.next(), byte != UInt8(ascii: ";"), type.count < 16 { type.append(Ascii.lowercased(byte)) }
            return ["image/png", "image/jpeg", "image/gif", "image/webp"].contains(String(decoding: type, as: UTF8.self))
        default: return false
        }
    }

    private static func quoted(_ value: String) -> String {
        value.replacing("&quot;", with: "\"").replacing("\"", with: "&quot;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\n", with: " ").replacing("\r", with: " ")
    }
}

/// A start or end tag as HTML's tokeniser would read it.
private struct Tag {
    let name: String
    let isClosing: Bool
    private(set) var isSelfClosing = false
    private(set) var attributes: [(String, String)] = []
    private(set) var end: Int

    init?(_ input: [UInt8], at start: Int) {
        var position = start + 1
        isClosing = position < input.count && input[position] == UInt8(ascii: "/")
        if isClosing { position += 1 }
        let nameBytes = input[min(position, input.count)...].prefix { !Self.isBlank($0) && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ">") }
        guard let first = nameBytes.first, Ascii.isLetter(first) else { return nil }
        name = String(decoding: nameBytes, as: UTF8.self).lowercased()
        end = position + nameBytes.count
        while end < input.count, input[end] != UInt8(ascii: ">") { readAttribute(input) }
        guard end < input.count else { return nil }
        end += 1
    }

    subscript(_ name: String) -> String? { attributes.first { $0.0 == name }?.1 }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }

    private mutating func readAttribute(_ input: [UInt8]) {
        if Self.isBlank(input[end]) {
            end += 1
            return
        }
        if input[end] == UInt8(ascii: "/") {
            isSelfClosing = end + 1 < input.count && input[end + 1] == UInt8(ascii: ">")
            end += 1
            return
        }
        let nameStart = end
        repeat { end += 1 } while end < input.count && !Self.isBlank(input[end]) && !"=/>".utf8.contains(input[end])
        let name = String(decoding: input[nameStart..<end], as: UTF8.self).lowercased()
        var next = end
        while next < input.count, Self.isBlank(input[next]) { next += 1 }
        guard next < input.count, input[next] == UInt8(ascii: "=") else {
            attributes.append((name, ""))
            return
        }
        next += 1
        while next < input.count, Self.isBlank(input[next]) { next += 1 }
        guard next < input.count else {
            end = next
            return
        }
        let quote = input[next]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            let close = input[(next + 1)...].firstIndex(of: quote) ?? input.count
            attributes.append((name, String(decoding: input[(next + 1)..<close], as: UTF8.self)))
            end = min(close + 1, input.count)
        } else {
            let value = input[next...].prefix { !Self.isBlank($0) && $0 != UInt8(ascii: ">") }
            attributes.append((name, String(decoding: value, as: UTF8.self)))
            end = next + value.count
        }
    }
}
