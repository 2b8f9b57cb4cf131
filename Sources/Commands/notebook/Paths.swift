#if canImport(Glibc)
    import Glibc
#endif

enum Paths {
    /// A path that stays valid when the process changes its folder.
    static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let current = getcwd(nil, 0) else { return path }
        defer { free(current) }
        return String(cString: current) + "/" + path
    }
}
