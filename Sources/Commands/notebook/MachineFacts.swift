import Library
import Notebooks

#if canImport(Glibc)
    import Glibc
#endif

/// What the command line tells a run about the process and the machine.
enum MachineFacts {
    /// Monotonic.
    static let seconds: @Sendable () -> Double = {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// The most memory the process held so far.
    static let residentBytes: @Sendable () -> Int? = {
        var usage = rusage()
        return getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 ? usage.ru_maxrss * 1024 : nil
    }

    static func members() -> [JSON.Member] {
        var name = utsname()
        let hasName = uname(&name) == 0
        let host = withUnsafeBytes(of: &name.nodename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return [
            JSON.Member("engine", .string("qnb \(Release.number)")), JSON.Member("host", hasName ? .string(host) : .null),
            JSON.Member("processors", .int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))), JSON.Member("threads", .int(Threads.count)),
            JSON.Member("started", .string(startTime())),
        ]
    }

    /// Now, in UTC, as ISO 8601.
    private static func startTime() -> String {
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        var buffer = [CChar](repeating: 0, count: 32)
        let count = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A notebook runs unattended: `input()` in a cell meets the end of the input instead of waiting for a person.
    static func closeInput() {
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard null >= 0 else { return }
        dup2(null, 0)
        close(null)
    }
}
