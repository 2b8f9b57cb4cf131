import ArgumentParser

#if canImport(Glibc)
    import Glibc
#endif

/// Runs the command line on a thread whose stack holds deep recursion between the language and Swift; never returns.
package func launch() -> Never {
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

/// Parses and runs the process's arguments; a mistake in them ends with status 2.
private func runCommandLine() -> Never {
    // Writing beyond a limit on file sizes is an error to report, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    Paths.rememberStart()
    do {
        var command = try QNB.parseAsRoot(CommandLineOrder.arranged(Array(CommandLine.arguments.dropFirst())))
        try command.run()
        fflush(nil)
        exit(0)
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
