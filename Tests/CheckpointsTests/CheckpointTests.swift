import Checkpoints
import EngineTestSupport
import Foundation
import NN
import Tensors
import Testing

@Suite(.takingTurns) struct CheckpointTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
        "Fixtures/torch")
    private func path(_ name: String) -> String { CheckpointTests.folder.appendingPathComponent(name).path }
    private func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name)))) }

    private func dictionary(_ value: CheckpointValue) throws -> CheckpointDictionary {
        guard case .dictionary(let result) = value else { throw CheckpointError(.value, "", "not a dict") }
        return result
    }

    private func tensor(_ value: CheckpointValue?) throws -> Tensor {
        guard case .tensor(let result)? = value else { throw CheckpointError(.value, "", "not a tensor") }
        return result
    }

    private func check(_ saved: CheckpointDictionary) throws {
        let base = try tensor(saved["base"])
        let view = try tensor(saved["view"])
        #expect(try base.doubles() == (0..<12).map(Double.init))
        #expect(view.storage === base.storage)
        #expect(view.shape == [2, 4] && view.layout.offset == 4)
        #expect(try tensor(saved["transposed"]).strides == [1, 4])
        #expect(try tensor(saved["ints"]).dtype == .int64)
        #expect(try tensor(saved["flag"]).integers() == [1, 0])
        #expect(try tensor(saved["param"]).isParameter)
        #expect(try tensor(saved["scalar"]).shape == [])
        guard case .double(0.5)? = saved["half"], case .int(7)? = saved["n"], case .int(1_099_511_627_776)? = saved["big"],
            case .string("text é")? = saved["s"],
            case .none? = saved["none"], case .bool(true)? = saved["yes"], case .int(-5)? = saved["neg"], case .size([2, 3])? = saved["size"],
            case .dtype(.float32)? = saved["dtype"],
            case .sequence(let list)? = saved["list"], case .dictionary(let ordered)? = saved["ordered"]
        else {
            Issue.record("a scalar entry is wrong")
            return
        }
        #expect(list.kind == .list && list.items.count == 3)
        #expect(ordered.isOrdered)
        #expect(try tensor(ordered["a"]).dtype == .float64)
    }

    @Test func whatPyTorchSavedLoads() throws { try check(try dictionary(try Checkpoint.load(path("saved.pt")))) }

    @Test func whatIsSavedHereLoadsTheSame() throws {
        let value = try Checkpoint.load(path("saved.pt"))
        try check(try dictionary(try Checkpoint.decode(try Checkpoint.encode(value, file: "x.pt"))))
    }

    /// The file PyTorch was shown to read (`torch.load` gave back every entry): our writer must still produce these bytes.
    @Test func whatIsSavedHereIsTheFilePyTorchRead() throws {
        let base = try Tensor.arange(0.0, 6.0).view([2, 3])
        let dictionary = CheckpointDictionary()
        dictionary.set(.string("base"), .tensor(base))
        dictionary.set(.string("row"), .tensor(try base.select(0, 1)))
        dictionary.set(.string("parameter"), .tensor(try .parameter(try .ones([2]))))
        dictionary.set(.string("list"), .sequence(.init(.list, [.int(1), .double(2.5), .string("é"), .none, .bool(true), .int(1 << 40), .int(-7)])))
        let ordered = CheckpointDictionary(isOrdered: true)
        ordered.set(.string("a"), .tensor(try .from(integers: [1, 2])))
        dictionary.set(.string("ordered"), .dictionary(ordered))
        let data = try Checkpoint.encode(.dictionary(dictionary), file: "ours.pt")
        if let target = ProcessInfo.processInfo.environment["WRITE_OURS"] { try Data(data).write(to: URL(fileURLWithPath: target)) }
        #expect(data == (try bytes("ours.pt")))
    }

    @Test func aStateDictOfPyTorchFillsOurNetwork() throws {
        let saved = try dictionary(try Checkpoint.load(path("state.pt")))
        var state = OrderedTable<Tensor>()
        for (key, value) in saved.pairs { if case .string(let name) = key { state[name] = try tensor(value) } }
        let net = try Sequential([
            try Convolution(dimensions: 2, 3, 4, kernel: [3]), try BatchNorm(dimensions: 2, 4), Layers.flatten(), try Linear(4, 2),
        ])
        try net.loadStateDict(state)
        EngineState.defaultGenerator.manualSeed(1)
        let twin = try Sequential([
            try Convolution(dimensions: 2, 3, 4, kernel: [3]), try BatchNorm(dimensions: 2, 4), Layers.flatten(), try Linear(4, 2),
        ])
        for (mine, theirs) in zip(net.namedParameters(), twin.namedParameters()) { #expect(try mine.tensor.equal(theirs.tensor), "\(mine.name)") }
    }

    private func failure(_ data: [UInt8]) -> CheckpointError? {
        do {
            _ = try Checkpoint.decode(data, file: "model.pt")
            return nil
        } catch { return error }
    }

    /// PyTorch keeps each module's version beside a state dict's entries; it comes through a load and a save.
    @Test func theMetadataOfAStateDictIsKept() throws {
        func check(_ value: CheckpointValue) throws {
            let metadata = try dictionary(try #require(dictionary(value).attributes?["_metadata"]))
            #expect(metadata.isOrdered && metadata.pairs.count == 5)
            guard case .int(2)? = try dictionary(try #require(metadata["1"]))["version"],
                case .int(1)? = try dictionary(try #require(metadata["3"]))["version"]
            else {
                Issue.record("a version is wrong")
                return
            }
        }
        let state = try Checkpoint.load(path("state.pt"))
        try check(state)
        try check(try Checkpoint.decode(try Checkpoint.encode(state, file: "x.pt")))
    }

    @Test func codeIsNeverRun() throws {
        let error = failure(try bytes("evil.pt"))
        #expect(error?.kind == .unpickling)
        #expect(
            error?.message.hasPrefix("model.pt: Weights only load failed: Unsupported global: GLOBAL posix.system is not an allowed global.") == true)
    }

    @Test func everyTruncationIsAnError() throws {
        let data = try bytes("saved.pt")
        for length in stride(from: 0, to: data.count - 1, by: 37) { #expect(failure(Array(data[..<length])) != nil, "\(length) bytes load") }
    }

    @Test func flippedBitsNeverCrash() throws {
        let data = try bytes("saved.pt")
        for position in stride(from: 0, to: data.count, by: 5) {
            for bit: UInt8 in [1, 0x80] {
                var damaged = data
                damaged[position] ^= bit
                _ = failure(damaged)
            }
        }
    }

    /// Every entry in turn claims to be compressed, and to expand to almost 4 GB: nothing of that size is ever allocated.
    @Test func anArchiveThatClaimsToExpandBeyondReasonIsRefused() throws {
        let data = try bytes("saved.pt")
        var entries = 0
        for at in 0..<(data.count - 46) where data[at..<(at + 4)].elementsEqual([0x50, 0x4B, 1, 2]) {
            var bomb = data
            bomb[at + 10] = 8
            bomb.replaceSubrange((at + 24)..<(at + 28), with: [0, 0, 0, 0xF0])
            let name = String(decoding: data[(at + 46)..<(at + 46 + Int(data[at + 28]))], as: UTF8.self)
            let error = failure(bomb)
            // Entries that hold no part of the value are not read.
            if name.hasSuffix("data.pkl") || name.contains("/data/") {
                let message = error?.message ?? "it loads"
                let isRefused =
                    message.hasPrefix("model.pt: failed reading '\(name)': it claims to expand") || message.contains(" has 4026531840 bytes where ")
                #expect(isRefused, "\(name): \(message)")
                entries += 1
            }
        }
        #expect(entries >= 2)
    }

    @Test func numpyFilesLoadAndSave() throws {
        let array = try NumpyFile.load(path("array.npy"))
        #expect(array.shape == [2, 3] && array.dtype == .float32)
        #expect(try NumpyFile.encode(array) == (try bytes("array.npy")))
        let arrays = try NumpyFile.loadArchive(path("arrays.npz"))
        #expect(arrays.map(\.name) == ["a", "b"])
        #expect(try arrays[1].tensor.doubles() == [0, 1, 2, 3, 4, 5])
    }
}
