#if canImport(Glibc)
    import Glibc
#endif

/// Runs the command line on a thread whose stack holds deep recursion between the language and Swift; never returns.
package func launch() -> Never {
    keepFreedMemory()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    // Address space only: pages are used as the stack grows.
    pthread_attr_setstacksize(&attributes, 1 << 30)
    var thread = pthread_t()
    let status = pthread_create(
        &thread, &attributes,
        { _ in
            runCommandLine()
            exit(0)
        }, nil)
    guard status == 0 else {
        runCommandLine()
        exit(0)
    }
    pthread_join(thread, nil)
    exit(0)
}

/// Programs make and drop tables of megabytes all the time. By default the C library maps and unmaps each, and the kernel
/// clears its pages anew: half the time of set algebra. One arena, because the program runs on a thread of its own.
private func keepFreedMemory() {
    // <malloc.h> is not part of the Glibc module; the numbers are its constants.
    guard let symbol = dlsym(nil, "mallopt") else { return }
    let mallopt = unsafeBitCast(symbol, to: (@convention(c) (Int32, Int32) -> Int32).self)
    let (trimThreshold, topPad, mapThreshold, arenaMax): (Int32, Int32, Int32, Int32) = (-1, -2, -3, -8)
    _ = mallopt(arenaMax, 1)
    _ = mallopt(mapThreshold, 64 << 20)
    _ = mallopt(trimThreshold, 256 << 20)
    _ = mallopt(topPad, 1 << 20)
}

/// The usual way through the argument parser; but `qnb -c CODE …` starts at once, because the parser, which works by
/// reflection, takes longer than making the machine.
private func runCommandLine() {
    let arguments = CommandLine.arguments
    guard arguments.count >= 3, arguments[1] == "-c" else {
        QNB.main()
        return
    }
    do {
        try ProgramRun(text: arguments[2], name: "<string>", arguments: ["-c"] + arguments.dropFirst(3), folder: "").execute()
    } catch {
        QNB.exit(withError: error)
    }
}
