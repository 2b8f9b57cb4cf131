import Bytecode
import Diagnostics
import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

/// The shipped library's modules as the compiler leaves them, in a file beside the executable (`qnb.library`).
///
/// An entry is used only if this very binary wrote it, its checksum is right and the module's source still has the content it
/// was compiled from; otherwise the source is compiled. So the file may be missing, old or damaged.
///
/// Layout: magic, build identity, size of the index, index, entries. Numbers have 64 bits, little-endian.
package final class CompiledLibrary {
    private struct Entry {
        let source: UInt64
        let offset: Int
        let size: Int
        let checksum: UInt64
    }

    private static let magic = Array("qnb library 1\n".utf8)
    private let descriptor: Int32
    private var entries: [String: Entry] = [:]

    /// Nil when there is no such file of this binary.
    package init?(_ path: String) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        guard readIndex() else {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }

    /// The compiled code of a module, `names` extended by the globals it has; nil when its source must be compiled.
    package func code(of module: String, contents: [UInt8], source: SourceText, names: GlobalNames) -> Code? {
        guard let entry = entries[module], entry.source == Self.digest(contents), let bytes = read(entry.offset, entry.size),
            Self.digest(bytes) == entry.checksum
        else { return nil }
        do throws(CodeDamage) {
            let (code, globals) = try CodeDecoder.decode(bytes, source: source)
            guard globals.starts(with: names.names) else { return nil }
            for name in globals { _ = names.slot(of: name) }
            return code
        } catch {
            return nil
        }
    }

    // MARK: reading

    private func read(_ offset: Int, _ size: Int) -> [UInt8]? {
        guard offset >= 0, size >= 0, size <= 1 << 26 else { return nil }
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            while filled < size {
                let count = pread(descriptor, buffer.baseAddress.map { $0 + filled }, size - filled, offset + filled)
                if count <= 0 { break }
                filled += count
            }
        }
        return bytes.count == size ? bytes : nil
    }

    private func readIndex() -> Bool {
        guard let identity = BuildIdentity.bytes else { return false }
        let head = Self.magic + identity
        guard let start = read(0, head.count + 16), start.starts(with: head) else { return false }
        let size = Self.number(start, head.count)
        guard let index = read(head.count + 16, size), Self.digest(index) == UInt64(bitPattern: Int64(Self.number(start, head.count + 8)))
        else { return false }
        let base = head.count + 16 + size
        var position = 0
        while position + 40 <= index.count {
            let length = Self.number(index, position + 32)
            guard length >= 0, length <= index.count - position - 40 else { return false }
            let name = String(decoding: index[(position + 40)..<(position + 40 + length)], as: UTF8.self)
            entries[name] = Entry(
                source: UInt64(bitPattern: Int64(Self.number(index, position))), offset: base + Self.number(index, position + 8),
                size: Self.number(index, position + 16), checksum: UInt64(bitPattern: Int64(Self.number(index, position + 24))))
            position += 40 + length
        }
        return position == index.count
    }

    private static func number(_ bytes: [UInt8], _ position: Int) -> Int {
        bytes.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: position, as: Int64.self)) }
    }

    /// FNV-1a over words of 8 bytes: against accidents, not against enemies, who could as well change the binary.
    private static func digest(_ bytes: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(bytes.count)
        bytes.withUnsafeBytes { raw in
            var offset = 0
            while offset + 8 <= raw.count {
                hash = (hash ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0x9E37_79B9_7F4A_7C15
                hash ^= hash >> 32
                offset += 8
            }
            while offset < raw.count {
                hash = (hash ^ UInt64(raw[offset])) &* 0x100_0000_01b3
                offset += 1
            }
        }
        return hash
    }

    // MARK: writing

    /// Compiles modules (path below the library's folder, content) into the bytes of a library file. Nil for a binary without
    /// identity.
    package static func compile(_ modules: [(path: String, contents: [UInt8])]) throws(SyntaxProblem) -> [UInt8]? {
        guard let identity = BuildIdentity.bytes else { return nil }
        var index: [UInt8] = []
        var entries: [UInt8] = []
        for (path, contents) in modules {
            let source = try SourceText(name: path, fileContents: contents)
            let globals = GlobalNames()
            for name in ModuleSearch.givenNames(isPackage: path.hasSuffix("/__init__.py")) { _ = globals.slot(of: name) }
            let code = CodeEncoder.encode(try Bytecode.compile(source, globals: globals), globals: globals.names)
            for number in [Int(bitPattern: UInt(digest(contents))), entries.count, code.count, Int(bitPattern: UInt(digest(code))), path.utf8.count] {
                append(number, to: &index)
            }
            index += Array(path.utf8)
            entries += code
        }
        var file = magic + identity
        append(index.count, to: &file)
        append(Int(bitPattern: UInt(digest(index))), to: &file)
        return file + index + entries
    }

    private static func append(_ number: Int, to bytes: inout [UInt8]) { withUnsafeBytes(of: Int64(number)) { bytes.append(contentsOf: $0) } }
}

/// What tells one build of the executable from every other: the linker's build identity.
enum BuildIdentity {
    static let bytes: [UInt8]? = read()

    /// The note `NT_GNU_BUILD_ID` of the executable's own ELF file, nil where there is none.
    private static func read() -> [UInt8]? {
        let descriptor = open("/proc/self/exe", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var page = [UInt8](repeating: 0, count: 8192)
        let count = pread(descriptor, &page, page.count, 0)
        guard count > 64, page.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2]) else { return nil }
        func number(_ offset: Int, _ size: Int) -> Int? {
            guard offset >= 0, offset + size <= count else { return nil }
            return (0..<size).reversed().reduce(0) { $0 << 8 | Int(page[offset + $1]) }
        }
        guard let table = number(32, 4), let entries = number(56, 2) else { return nil }
        for entry in 0..<entries {
            let header = table + entry * 56
            guard number(header, 4) == 4, let start = number(header + 8, 4), let size = number(header + 32, 4) else { continue }
            var note = start
            while note + 12 <= start + size {
                guard let nameSize = number(note, 4), let contentSize = number(note + 4, 4), let kind = number(note + 8, 4) else { break }
                let content = note + 12 + (nameSize + 3) & ~3
                if kind == 3, nameSize == 4, contentSize >= 8, contentSize <= 64, content + contentSize <= count {
                    return Array(page[content..<(content + contentSize)])
                }
                note = content + (contentSize + 3) & ~3
            }
        }
        return nil
    }
}
