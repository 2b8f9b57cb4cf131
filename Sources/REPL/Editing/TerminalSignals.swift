#if canImport(Glibc)
    import Glibc
#endif

/// Signals that reach a terminal while a cell is typed, as bytes in a pipe: whichever thread takes them, the reading loop wakes.
final class TerminalSignals {
    enum Signal: UInt8 { case interrupt = 1, resize, resume, end }

    nonisolated(unsafe) private static var writeEnd: Int32 = -1
    private var readEnd: Int32 = -1
    private var previous: [(Int32, sigaction)] = []

    /// Descriptor to wait on; −1 when there is no pipe to be had, and signals then take effect at the next key.
    var descriptor: Int32 { readEnd }

    func begin() {
        if readEnd < 0 {
            var ends: [Int32] = [-1, -1]
            if pipe(&ends) == 0 {
                for end in ends {
                    _ = fcntl(end, F_SETFL, O_NONBLOCK)
                    _ = fcntl(end, F_SETFD, FD_CLOEXEC)
                }
                readEnd = ends[0]
                Self.writeEnd = ends[1]
            }
        }
        for number in [SIGINT, SIGWINCH, SIGCONT, SIGTERM, SIGHUP] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                let signal: Signal =
                    switch number {
                    case SIGINT: .interrupt
                    case SIGWINCH: .resize
                    case SIGCONT: .resume
                    default: .end
                    }
                var byte = signal.rawValue
                let saved = errno
                _ = write(TerminalSignals.writeEnd, &byte, 1)
                errno = saved
            }
            var old = sigaction()
            sigaction(number, &action, &old)
            previous.append((number, old))
        }
    }

    func end() {
        for (number, old) in previous {
            var old = old
            sigaction(number, &old, nil)
        }
        previous = []
    }

    /// The signals that came since the last look.
    func take() -> [Signal] {
        guard readEnd >= 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(readEnd, &bytes, bytes.count)
        return count > 0 ? bytes[..<count].compactMap(Signal.init(rawValue:)) : []
    }
}
