/// One self-contained page: head, style sheet, script, nothing from outside.
///
/// The policy in the head lets only these scripts run and only inline images load, so that a page opened from disk is as closed as
/// one served.
package struct PageFrame {
    package var title: String
    package var language = "en"
    /// Nil follows the reader's system.
    package var theme: ReportOptions.Theme?
    package var body: String
    /// Beside the script every page has.
    package var script: String?
    /// Whether the page's script may ask its own server for more.
    package var isLive = false

    package init(title: String, theme: ReportOptions.Theme? = nil, body: String, script: String? = nil, isLive: Bool = false) {
        self.title = title
        self.theme = theme
        self.body = body
        self.script = script
        self.isLive = isLive
    }

    private var scripts: [String] { [PageScript.text] + (script.map { [$0] } ?? []) }

    private var policy: String {
        let hashes = scripts.map { "'sha256-\(PageDigest.base64($0))'" }.joined(separator: " ")
        let connection = isLive ? "; connect-src 'self'" : ""
        return "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src \(hashes)\(connection); base-uri 'none'; form-action 'none'"
    }

    package var html: String {
        """
        <!DOCTYPE html>
        <html lang="\(HTML.escaped(language))"\(theme.map { " data-theme=\"\($0.rawValue)\"" } ?? "")>
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="\(policy)">
        <meta name="color-scheme" content="light dark">
        <meta name="generator" content="qnb">
        <title>\(HTML.escaped(title))</title>
        <link rel="icon" href="data:,">
        <style>\(PageStyle.text)</style>
        </head>
        <body>
        <a class="skip" href="#main">Skip to content</a>
        \(body)
        \(scripts.map { "<script>\($0)</script>" }.joined(separator: "\n"))
        </body>
        </html>

        """
    }
}
