import ArgumentParser

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
        }, nil)
    guard status == 0 else {
        runCommandLine()
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

/// Parses and runs the process's arguments; a mistake in them ends with status 2.
private func runCommandLine() -> Never {
    // Writing beyond a limit on file sizes is an error to report, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    Paths.rememberStart()
    let arguments = CommandLine.arguments
    do {
        try PlainCommandLine.run(Array(arguments.dropFirst()))
        var command = try QNB.parseAsRoot(CommandLineOrder.arranged(Array(arguments.dropFirst())))
        try command.run()
        fflush(nil)
        exit(0)
    } catch let status as ExitCode {
        // Said by the command itself; the parser would write its help text first to find out.
        fflush(nil)
        exit(status.rawValue)
    } catch {
        let code = QNB.exitCode(for: error)
        let message = QNB.fullMessage(for: error)
        if code.isSuccess, !message.isEmpty {
            print(message)
        } else if !message.isEmpty {
            FileStream.standardError(message + "\n")
        }
        fflush(nil)
        exit(code == .validationFailure ? 2 : code.rawValue)
    }
}
