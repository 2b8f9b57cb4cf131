/// One self-contained page: head, style sheet, script, nothing from outside.
///
/// The policy in the head lets only this script run and only inline images load, so that a page opened from disk is as closed as
/// one served.
package struct PageFrame {
    package var title: String
    package var language = "en"
    package var body: String
    /// Base 64 of the SHA-256 of a text; the policy names the script by it.
    package var digest: (String) -> String

    package init(title: String, language: String = "en", body: String, digest: @escaping (String) -> String) {
        self.title = title
        self.language = language
        self.body = body
        self.digest = digest
    }

    package var html: String {
        """
        <!DOCTYPE html>
        <html lang="\(HTML.escaped(language))">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-\(digest(PageScript.text))'; base-uri 'none'; form-action 'none'">
        <meta name="color-scheme" content="light dark">
        <meta name="generator" content="qnb">
        <title>\(HTML.escaped(title))</title>
        <style>\(PageStyle.text)</style>
        </head>
        <body>
        <a class="skip" href="#main">Skip to content</a>
        \(body)
        <script>\(PageScript.text)</script>
        </body>
        </html>

        """
    }
}
