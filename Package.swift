// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target: Swift 6 language mode and no tolerated warnings.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
]

/// The virtual machine: exclusivity checks cost 8x on array stores inside classes; LLVM's tail duplication gives every
/// opcode its own indirect jump (one shared jump mispredicts). Both measured; a build without them works, slower.
let interpreterFlags: [SwiftSetting] = [
    .unsafeFlags([
        "-enforce-exclusivity=unchecked",
        "-Xllvm", "-tail-dup-pred-size=4000", "-Xllvm", "-tail-dup-succ-size=4000", "-Xllvm", "-tail-dup-indirect-size=40",
    ])
]

/// Numeric code: vectorised for the machine that builds it.
let kernelFlags: [SwiftSetting] = [
    .unsafeFlags(["-Ounchecked", "-enforce-exclusivity=unchecked", "-Xcc", "-march=native"], .when(configuration: .release))
]

/// Pixel loops: vectorised for the machine that builds them, with every check for a trap kept.
let visionFlags: [SwiftSetting] = [
    .unsafeFlags(["-enforce-exclusivity=unchecked", "-Xcc", "-march=native"], .when(configuration: .release))
]

let package = Package(
    name: "qnb",
    products: [.executable(name: "qnb", targets: ["qnb"])],
    dependencies: [
        // Subcommands, help, completions: the standard parser for Swift command-line tools.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // Python's int is unbounded; this is the maintained arbitrary-precision integer for Swift.
        .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
        // Front matter and parameter files are YAML; libYAML's Swift binding.
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // Line editing, key bindings and search that shells and gdb users already know.
        .systemLibrary(name: "CReadline", providers: [.apt(["libreadline-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // MD5, SHA-1, SHA-2, SHA-3 for hashlib, dataset checks and notebook hashes: Debian's library instead of swift-crypto,
        // whose BoringSSL takes minutes to compile.
        .systemLibrary(name: "CNettle", pkgConfig: "nettle", providers: [.apt(["nettle-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg62-turbo-dev"])]),
        .systemLibrary(name: "CCmark", pkgConfig: "libcmark-gfm", providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]),

        // language: text -> Syntax -> Bytecode -> Interpreter
        .target(name: "Diagnostics", swiftSettings: strict),
        .target(name: "Syntax", dependencies: ["Diagnostics"], swiftSettings: strict),
        .target(name: "Bytecode", dependencies: ["Syntax", "Diagnostics"], swiftSettings: strict),
        .target(
            name: "Interpreter",
            dependencies: ["Bytecode", "Syntax", "Diagnostics", .product(name: "BigInt", package: "BigInt")],
            swiftSettings: strict + interpreterFlags),

        // numbers: Kernels -> Tensors -> NN -> Graphs -> Quantization
        // The int8 micro-kernels Swift cannot express: each file names its instruction set, the choice is made at run time.
        .target(name: "CInt8Kernels", cSettings: [.unsafeFlags(["-O2"])]),
        .target(name: "Kernels", dependencies: ["CInt8Kernels"], swiftSettings: strict + kernelFlags),
        // Exclusivity checks cost a fifth of a small tensor operation.
        .target(name: "Tensors", dependencies: ["Kernels"], swiftSettings: strict + [.unsafeFlags(["-enforce-exclusivity=unchecked"])]),
        .target(name: "NN", dependencies: ["Tensors", "Kernels"], swiftSettings: strict + [.unsafeFlags(["-enforce-exclusivity=unchecked"])]),
        .target(name: "Checkpoints", dependencies: ["Tensors", "CZlib"], swiftSettings: strict),
        .target(
            name: "Vision", dependencies: ["Tensors", "NN", "Kernels", "Checkpoints", "CZlib", "CPNG", "CJPEG", "CNettle"],
            swiftSettings: strict + visionFlags),

        .target(name: "Graphs", dependencies: ["NN", "Tensors"], swiftSettings: strict),
        .target(name: "Quantization", dependencies: ["Graphs", "NN", "Tensors", "Kernels", "Checkpoints"], swiftSettings: strict),

        // deployment: BPU is the contract between compiler and simulator, which never import each other
        .target(name: "BPU", dependencies: ["CZlib"], swiftSettings: strict),
        .target(name: "BPUSimulator", dependencies: ["BPU"], swiftSettings: strict),
        .target(name: "BPUCompiler", dependencies: ["BPU", "Quantization"], swiftSettings: strict),

        // documents: Markdown -> Notebooks
        .target(name: "Markdown", dependencies: ["CCmark", "Diagnostics"], swiftSettings: strict),
        .target(
            name: "Notebooks",
            dependencies: [
                "Markdown", "Diagnostics", "CNettle", .product(name: "Yams", package: "Yams"),
            ], swiftSettings: strict),

        .testTarget(name: "ReportsTests", dependencies: ["Reports", "Notebooks"], swiftSettings: strict),
        .testTarget(name: "REPLTests", dependencies: ["REPL", "Library", "Notebooks"], exclude: ["Transcripts"], swiftSettings: strict),
        .target(
            name: "Reports", dependencies: ["Notebooks", "Markdown", "Syntax", "Diagnostics", "BPUSimulator", "BPU", "Quantization", "CZlib"],
            swiftSettings: strict),

        .testTarget(name: "MarkdownTests", dependencies: ["Markdown"], swiftSettings: strict),
        .testTarget(name: "NotebooksTests", dependencies: ["Notebooks", "Markdown"], swiftSettings: strict),

        // where the lines meet, and the user's hands
        .target(
            name: "Library",
            dependencies: [
                "Interpreter", "Bytecode", "Diagnostics", "CNettle", "Notebooks", "Kernels", "Tensors", "NN", "Checkpoints",
                "Reports", "Graphs", "Quantization", "BPU", "BPUCompiler", "BPUSimulator", "Vision",
                .product(name: "BigInt", package: "BigInt"),
            ],
            swiftSettings: strict + [.unsafeFlags(["-enforce-exclusivity=unchecked"])]),
        .target(
            name: "REPL",
            dependencies: ["Library", "Interpreter", "Syntax", "Diagnostics", "Notebooks", "CReadline"], swiftSettings: strict),
        .target(
            name: "Commands",
            dependencies: [
                "REPL", "Library", "Interpreter", "Bytecode", "Syntax", "Diagnostics", "Notebooks", "BPU", "BPUSimulator",
                "Quantization", "Checkpoints", "Tensors", "Reports",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: strict),
        .executableTarget(
            name: "EngineBenchmark", dependencies: ["NN", "Tensors", "Kernels"], path: "Benchmarks/engine", exclude: ["peer.py"],
            swiftSettings: strict),

        .testTarget(
            name: "QuantizationTests", dependencies: ["Quantization", "Graphs", "NN", "Tensors", "Kernels", "EngineTestSupport"],
            swiftSettings: strict),

        .target(name: "EngineTestSupport", path: "Tests/EngineTestSupport", swiftSettings: strict),
        .testTarget(name: "KernelsTests", dependencies: ["Kernels", "EngineTestSupport"], swiftSettings: strict),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors", "Kernels", "EngineTestSupport"], swiftSettings: strict),
        .testTarget(name: "NNTests", dependencies: ["NN", "Tensors", "Kernels", "EngineTestSupport"], swiftSettings: strict),
        .testTarget(
            name: "VisionTests", dependencies: ["Vision", "Tensors", "Kernels", "EngineTestSupport"], exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(name: "CheckpointsTests", dependencies: ["Checkpoints", "NN", "Tensors", "EngineTestSupport"], swiftSettings: strict),

        .executableTarget(name: "qnb", dependencies: ["Commands"], swiftSettings: strict),

        .testTarget(
            name: "BytecodeTests", dependencies: ["Bytecode", "Syntax", "Diagnostics"], exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(
            name: "InterpreterTests",
            dependencies: ["Library", "Interpreter", "Diagnostics", .product(name: "BigInt", package: "BigInt")], swiftSettings: strict),
        .testTarget(name: "BPUTests", dependencies: ["BPU", "BPUSimulator", "BPUCompiler", "Quantization", "Reports"], swiftSettings: strict),
        .testTarget(name: "ArchitectureTests", swiftSettings: strict),
        // text-driven tests of the built binary
        .testTarget(name: "LanguageTests", swiftSettings: strict),
        .testTarget(name: "CommandsTests", dependencies: ["Library", "Notebooks", "Interpreter"], exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"], exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(name: "SyntaxTests", dependencies: ["Syntax", "Diagnostics"], exclude: ["Fixtures"], swiftSettings: strict),
    ]
)
