import ArgumentParser
import Library

#if canImport(Glibc)
    import Glibc
#endif

/// `qnb doctor`
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Show what this installation consists of and what is missing.",
        discussion: """
            EXAMPLE
              qnb doctor
            """)

    func run() throws {
        var rows: [(String, String)] = []
        rows.append(("version", Version.number))
        rows.append(("processor", DoctorCommand.processor()))
        rows.append(("vector units", DoctorCommand.vectorUnits()))
        rows.append(("cores", "\(sysconf(Int32(_SC_NPROCESSORS_ONLN)))"))
        rows.append(("library", ModuleSearch.standardLibrary() ?? "missing: reinstall, or run the binary from its build folder"))
        rows.append(("readline", DoctorCommand.sharedLibrary("libreadline.so.8", package: "libreadline-dev")))
        let width = rows.map { $0.0.count }.max() ?? 0
        for (name, value) in rows { print(name + String(repeating: " ", count: width - name.count + 2) + value) }
    }

    private static func processor() -> String {
        field("model name") ?? "unknown"
    }

    /// The first value of a field of /proc/cpuinfo.
    private static func field(_ name: String) -> String? {
        guard let bytes = ModuleSearch.read("/proc/cpuinfo") else { return nil }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where line.hasPrefix(name) {
            return line.split(separator: ":", maxSplits: 1).last.map { String($0.drop(while: { $0 == " " })) }
        }
        return nil
    }

    private static func vectorUnits() -> String {
        let flags = Set((field("flags") ?? "").split(separator: " ").map(String.init))
        let known = ["sse4_2", "avx", "fma", "avx2", "avx512f", "avx512bw", "avx512_vnni", "avx_vnni"]
        let present = known.filter { flags.contains($0) }
        return present.isEmpty ? "none known" : present.joined(separator: " ")
    }

    private static func sharedLibrary(_ name: String, package: String) -> String {
        guard let handle = dlopen(name, RTLD_LAZY) else { return "missing: apt-get install \(package)" }
        dlclose(handle)
        return name
    }
}
