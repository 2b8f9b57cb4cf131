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
            QNB.main(CommandLineOrder.arranged(Array(CommandLine.arguments.dropFirst())))
            exit(0)
        }, nil)
    guard status == 0 else {
        QNB.main(CommandLineOrder.arranged(Array(CommandLine.arguments.dropFirst())))
        exit(0)
    }
    pthread_join(thread, nil)
    exit(0)
}
