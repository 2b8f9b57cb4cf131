import Foundation
import Notebooks
import Testing

/// The notebooks of the repository: the short ones repeat their stored outputs, the quick start runs with small settings.
@Suite(.serialized) struct QuickStartTests {
    private static let notebooks = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../notebooks").standardized

    private func shell(with name: String) throws -> Shell {
        let shell = try Shell()
        try shell.write(String(contentsOf: Self.notebooks.appending(path: name), encoding: .utf8), to: name)
        let assets = name.replacing(".qnb", with: ".assets")
        if FileManager.default.fileExists(atPath: Self.notebooks.appending(path: assets).path) {
            try FileManager.default.copyItem(at: Self.notebooks.appending(path: assets), to: shell.work.appending(path: assets))
        }
        return shell
    }

    @Test(arguments: ["observers.qnb", "layer-that-hurts.qnb", "deploying.qnb"]) func storedOutputsRepeat(_ name: String) throws {
        let result = try shell(with: name).run("qnb check \(name)")
        #expect(result.status == 0, "\(result.output)")
    }

    private static let small = "-P dataset=shapes10 -P epoch_num=1 -P qat_epoch_num=1 -P num_examples=512"

    @Test func theQuickStartRunsToItsEndAndRepeats() throws {
        let shell = try shell(with: "quickstart.qnb")
        let run = try shell.run("qnb run quickstart.qnb \(Self.small)")
        #expect(run.status == 0, "\(run.output)")
        let text = try shell.read("quickstart.qnb")
        for line in [
            "Float Epoch 0:", "Calibration: evaluation", "QAT Epoch 0:", "Quantized model: evaluation", "This model is supported!",
            "HBDK performance estimation SUCCESS",
        ] {
            #expect(text.contains(line), "\(line) is missing")
        }
        let notebook = try NotebookParser.parse(Array(text.utf8), file: "quickstart.qnb")
        #expect(notebook.cells.allSatisfy { $0.block?.marker.isStale != true })
        #expect(shell.exists("model/mobilenetv2/model.hbm"))
        let check = try shell.run("qnb check quickstart.qnb \(Self.small)")
        #expect(check.status == 0, "\(check.output)")
        #expect(try shell.run("qnb render quickstart.qnb").status == 0)
    }

    @Test func anInterruptedTrainingKeepsItsEpochs() throws {
        let shell = try shell(with: "quickstart.qnb")
        #expect(try shell.run("qnb strip quickstart.qnb").status == 0)
        let output = shell.folder.appending(path: "out")
        let process = try shell.start("exec qnb run quickstart.qnb \(Self.small.replacing("epoch_num=1 ", with: "epoch_num=30 "))", output: output)
        // The file shows what a running cell has printed.
        while process.isRunning, try !shell.read("quickstart.qnb").contains("\nFloat Epoch 0: evaluation Acc@1") { usleep(100_000) }
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        let text = try shell.read("quickstart.qnb")
        #expect(text.contains("status=interrupted"))
        #expect(text.contains("\nFloat Epoch 0: evaluation Acc@1"))
        #expect(text.contains("KeyboardInterrupt"))
        #expect(try shell.run("qnb stale quickstart.qnb").status != 0)
    }

    @Test(arguments: [
        ("-P epochs=1", "epochs"),
        ("-P dataset=cifar10 -P data_path=missing", "cifar-10"),
    ]) func mistakesAreExplained(_ options: String, _ expected: String) throws {
        let shell = try shell(with: "quickstart.qnb")
        let before = try shell.read("quickstart.qnb")
        let result = try shell.run("qnb run quickstart.qnb \(options)")
        #expect(result.status != 0)
        #expect(result.output.contains(expected), "\(result.output)")
        if options.contains("epochs=") { #expect(try shell.read("quickstart.qnb") == before) }
    }
}
