import Foundation

/// A headless Chromium of the system, when there is one.
struct Browser {
    private let executable: String

    /// Nil on a machine without one: tests that need it say so and pass.
    init?() {
        let places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
        guard let found = places.first(where: FileManager.default.isExecutableFile) else { return nil }
        executable = found
    }

    /// What a page did when it was opened.
    struct Visit {
        /// The document after its scripts ran.
        let document: String
        /// Console lines of every level: errors, warnings, violations of the policy, and what scripts log.
        let console: [String]
        /// Addresses that were asked for beside the file itself, those of the browser's own services left out.
        let requests: [String]
    }

    /// Opens a file of the shell's work folder. No address is reachable from the browser: each request fails, and is seen.
    ///
    /// On a busy machine the browser may give up before it has a page; it is asked again, a few times.
    func open(_ name: String, in shell: Shell) throws -> Visit {
        for _ in 0..<3 {
            let visit = try visit(name, in: shell)
            if !visit.document.isEmpty { return visit }
        }
        return try visit(name, in: shell)
    }

    private func visit(_ name: String, in shell: Shell) throws -> Visit {
        let profile = shell.folder.appending(path: "profile-\(UUID().uuidString)").path
        let options = [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--user-data-dir=\(profile)", "--host-resolver-rules='MAP * ~NOTFOUND'",
            "--enable-logging=stderr", "--log-net-log=\(profile).net", "--virtual-time-budget=3000", "--dump-dom",
        ]
        let address = "file://\(shell.work.path)/\(name)"
        let command = ([executable] + options + ["'\(address)'"]).joined(separator: " ")
        _ = try shell.run("\(command) >'\(profile).html' 2>'\(profile).log'")
        let log = String(decoding: try Data(contentsOf: URL(filePath: profile + ".log")), as: UTF8.self)
        let net = String(decoding: try Data(contentsOf: URL(filePath: profile + ".net")), as: UTF8.self)
        let document = String(decoding: try Data(contentsOf: URL(filePath: profile + ".html")), as: UTF8.self)
        return Visit(
            document: document, console: log.split(separator: "\n").filter { $0.contains(":CONSOLE") }.map(String.init),
            requests: Set(net.matches(of: #/"url":"([^"]*)"/#).map { String($0.1) }).filter { !Self.isOwn($0) && $0 != address }.sorted())
    }

    /// The browser asks its maker's services for updates and models, whatever page is shown.
    private static func isOwn(_ address: String) -> Bool {
        address.hasPrefix("data:") || address.hasPrefix("chrome") || address.hasPrefix("devtools:")
            || ["google.com", "googleapis.com", "gvt1.com", "gstatic.com"].contains { domain in
                address.contains("." + domain + "/") || address.contains("//" + domain + "/")
            }
    }
}
