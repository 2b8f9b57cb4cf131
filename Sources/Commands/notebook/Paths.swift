#if canImport(Glibc)
    import Glibc
#endif

enum Paths {
    /// The folder the process was started in; cells may change it later.
    private static let start: String = {
        guard let current = getcwd(nil, 0) else { return "" }
        defer { free(current) }
        return String(cString: current)
    }()

    /// To be called before anything changes the process's folder.
    static func rememberStart() { _ = start }

    /// A message with the paths below the starting folder relative to it.
    static func shortened(_ message: String) -> String {
        start.count < 2 ? message : message.replacing(start + "/", with: "")
    }

    /// A path that stays valid when the process changes its folder.
    static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let current = getcwd(nil, 0) else { return path }
        defer { free(current) }
        return String(cString: current) + "/" + path
    }
}
