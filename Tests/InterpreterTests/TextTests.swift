import Interpreter
import Testing

/// What programs cannot see of text: growth in place, the index of long strings, references.
@Suite struct TextTests {
    private let vm = VM()

    @Test func appendingToASoleOwnerGrowsInPlace() throws {
        let addition = vm.string("ab")
        var text = vm.string("start:")
        var moves = 0
        for _ in 0..<10_000 {
            let before = text.bits
            text = try vm.appendString(text, addition)
            if text.bits != before { moves += 1 }
        }
        // Each move makes half as much room again: logarithmically many, however long the text grows.
        #expect(moves < 60)
        #expect(vm.utf8(text).count == 6 + 2 * 10_000)
        #expect(text.header.pointee.references == 1)
        vm.heap.release(text)
        vm.heap.release(addition)
    }

    @Test func appendingLeavesASharedStringAlone() throws {
        let shared = vm.string("shared")
        let result = try vm.appendString(shared.retained(), vm.internedValue("!"))
        #expect(vm.text(shared) == "shared")
        #expect(vm.text(result) == "shared!")
        #expect(shared.header.pointee.references == 1)
    }

    @Test func moreThanThereIsIsAMemoryError() throws {
        try vm.checkRoom(1 << 20, stride: 1)
        for (count, stride) in [(1 << 60, 1), (1 << 60, 16), (Int.max, 24)] {
            do {
                try vm.checkRoom(count, stride: stride)
                Issue.record("\(count) items of \(stride) bytes are granted")
            } catch {
                #expect(vm.matches(error, "MemoryError"))
                vm.discard(error)
            }
        }
    }

    @Test func anIndexedStringForgetsItsIndexWhenItGrows() throws {
        var text = vm.string(String(repeating: "é", count: 300))
        let item = try vm.stringItem(text, .int(299))
        #expect(vm.text(item) == "é")
        text = try vm.appendString(text, vm.string("日本"))
        #expect(vm.text(try vm.stringItem(text, .int(301))) == "本")
        #expect(vm.text(try vm.stringItem(text, .int(-1))) == "本")
        #expect(!text.string.isASCII)
    }

    @Test func everyPositionOfALongMixedStringIsFound() throws {
        let pattern: [Unicode.Scalar] = ["a", "é", "日", "😀", "z"]
        let scalars = (0..<1000).map { pattern[$0 * $0 % pattern.count] }
        let text = vm.string(String(String.UnicodeScalarView(scalars)))
        for (position, scalar) in scalars.enumerated() {
            let item = try vm.stringItem(text, .int(position))
            #expect(vm.text(item) == String(Character(scalar)))
            vm.heap.release(item)
        }
    }

    @Test func aCharacterOfLatin1IsNotAllocated() throws {
        let text = vm.string("naïve")
        let live = vm.heap.liveCount
        let item = try vm.stringItem(text, .int(2))
        #expect(vm.heap.liveCount == live)
        vm.heap.release(item)
    }

    /// Calls methods that succeed and methods that fail, and counts the objects left.
    @Test func methodsGiveBackWhatTheyTake() {
        let receivers = [vm.string("The größe of a 日本 text, a text"), vm.bytes(Array("some bytes, some".utf8)), vm.byteArray(Array("more".utf8))]
        let arguments = [vm.string("a"), vm.bytes(Array("e".utf8)), vm.string("{} {0} {x.y:>5}"), vm.tuple([.int(1), .int(2)]), .int(3), .none]
        let names = [
            "upper", "split", "rsplit", "splitlines", "partition", "replace", "join", "strip", "find", "index", "count", "startswith", "center",
            "zfill", "encode", "decode", "format", "format_map", "translate", "maketrans", "removeprefix", "hex", "__mod__", "__add__", "__mul__",
            "__getitem__", "__contains__", "__format__", "__repr__", "__iter__",
        ]
        func round() {
            for receiver in receivers {
                for name in names {
                    attempt(receiver, name, [])
                    for first in arguments {
                        attempt(receiver, name, [first])
                        for second in arguments { attempt(receiver, name, [first, second]) }
                    }
                }
            }
        }
        // The first round fills class namespaces and caches.
        round()
        let live = vm.heap.liveCount
        round()
        #expect(vm.heap.liveCount == live)
    }

    private func attempt(_ receiver: Value, _ name: String, _ arguments: [Value]) {
        do throws(PythonError) {
            let method = try vm.getAttribute(receiver, name, default: .none)
            defer { vm.heap.release(method) }
            if method.isNone { return }
            vm.heap.release(try vm.call(method, arguments: arguments))
        } catch {
            vm.discard(error)
        }
    }

    @Test func undecodableBytesSayWhere() throws {
        let bytes: [UInt8] = [0x61, 0xE2, 0x82, 0x62]
        #expect(throws: PythonError.self) { try bytes.withUnsafeBufferPointer { (buffer) throws(PythonError) in try vm.decode(buffer) } }
        let replaced = try bytes.withUnsafeBufferPointer { (buffer) throws(PythonError) in try vm.decode(buffer, errors: "replace") }
        #expect(vm.text(replaced) == "a\u{FFFD}b")
    }
}
