import ArgumentParser
import BPU
import BPUSimulator
import Checkpoints
import Library
import Notebooks
import Reports
import Tensors

/// `qnb model FILE`
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Show what is in a program (.hbm), a traced model or a checkpoint; run programs on the simulator.",
        discussion: """
            A program is shown with its inputs, outputs, memory, layers and simulated time. Times come from a timing model fitted to one documented
            run; they are not measured on hardware. --disassemble prints a program as text, which this command reads as well.

            EXAMPLE
              qnb model model.hbm
              qnb model model.hbm --run image.npy -o logits.npy
            """)

    @Argument(help: ArgumentHelp("The file.", valueName: "file"))
    var file: String

    @Option(
        name: .customLong("run"), parsing: .upToNextOption,
        help: ArgumentHelp("Run the program on these arrays, one for each input.", valueName: "input.npy"))
    var inputs: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("Write the result of --run here; a program given as text is written as .hbm.", valueName: "out"))
    var output: String?

    @Option(help: ArgumentHelp("The region of the images of a resizer input: LEFT,TOP,WIDTH,HEIGHT.", valueName: "region"))
    var roi: String?

    @Flag(help: "Print the program as text.")
    var disassemble = false

    @Option(help: ArgumentHelp("Write the performance page here.", valueName: "page.html"))
    var html: String?

    func run() throws {
        guard let bytes = ModuleSearch.read(file) else { throw failure("\(file): cannot be read", 2) }
        do {
            if bytes.starts(with: ProgramContainer.magic) {
                try show(try ProgramContainer.decode(bytes))
            } else if bytes.starts(with: Array("qnb-bpu ".utf8)) {
                let program = try Assembler.program(String(decoding: bytes, as: UTF8.self))
                try show(program)
            } else {
                guard inputs.isEmpty, !disassemble, html == nil else {
                    throw failure("\(file): only programs (.hbm) can be run, disassembled or timed", 2)
                }
                print(try ModelListing.text(bytes, file: file), terminator: "")
            }
        } catch let error as ExitCode {
            throw error
        } catch let error as CheckpointError {
            throw failure("\(file): \(error.reason)", 2)
        } catch {
            throw failure("\(file): \(error)", 2)
        }
    }

    private func failure(_ text: String, _ status: Int32) -> ExitCode {
        say([text])
        return ExitCode(status)
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        let files = PosixFileSystem()
        let open = try files.create(path, mode: 0o644)
        defer { files.close(open) }
        try files.write(bytes, to: open)
    }

    private func show(_ program: Program) throws {
        let simulator = try Simulator(program)
        if let html { try write(Array(PerformancePage.html(try PerformanceReport(program)).utf8), to: html) }
        if disassemble {
            print(try Disassembler.text(program), terminator: "")
        } else if !inputs.isEmpty {
            try execute(simulator)
        } else if let output {
            try write(try ProgramContainer.encode(program), to: output)
        } else {
            print(try ModelListing.text(program), terminator: "")
        }
    }

    private func execute(_ simulator: Simulator) throws {
        var tensors: [Tensor] = []
        for path in inputs {
            do { tensors.append(try NumpyFile.load(path)) } catch { throw failure("\(error.message)", 2) }
        }
        var regions: [ImageRegion] = []
        if let roi {
            let numbers = roi.split(separator: ",").compactMap { Int($0) }
            guard numbers.count == 4 else { throw failure("--roi needs LEFT,TOP,WIDTH,HEIGHT, not '\(roi)'", 2) }
            regions = [ImageRegion(left: numbers[0], top: numbers[1], width: numbers[2], height: numbers[3])]
        }
        let results = try ProgramRunner(simulator).run(tensors, regions: regions)
        guard let output else {
            for result in results { print(try TensorPrinter.repr(result)) }
            return
        }
        guard results.count == 1 else { throw failure("-o holds one array; the program has \(results.count) outputs", 2) }
        try NumpyFile.save(results[0], to: output)
    }
}
