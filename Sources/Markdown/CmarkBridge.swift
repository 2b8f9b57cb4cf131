// The only file that sees cmark's pointers: text goes in, a `MarkdownTree` or HTML comes out, nothing of C survives a call.
//
// cmark-gfm keeps the special characters of its extensions in process-wide tables while a parser finishes, so calls are
// serialised by one lock. Both its parser and its iterator are loops, and the conversion below keeps its own stack:
// nesting depth costs memory, never call stack.

import CCmark
import Glibc
import Synchronization

private typealias CNode = OpaquePointer

extension MarkdownTree {
    /// Parses GitHub Flavored Markdown with tables, strikethrough, autolinks, tag filter, task lists and footnotes.
    package init(parsing bytes: [UInt8]) {
        self = Cmark.withDocument(bytes) { document, _ in MarkdownTree(nodes: Cmark.convert(document)) }
    }

    package init(parsing text: String) { self.init(parsing: Array(text.utf8)) }
}

/// HTML as GitHub's own renderer writes it before its sanitiser: raw HTML passes, dangerous tags are filtered.
package func renderGitHubHTML(_ bytes: [UInt8]) -> String {
    Cmark.withDocument(bytes) { document, extensions in
        guard let html = cmark_render_html(document, Cmark.options | CMARK_OPT_UNSAFE | CMARK_OPT_GITHUB_PRE_LANG, extensions) else {
            return ""
        }
        defer { free(html) }
        return String(cString: html)
    }
}

private enum Cmark {
    static let options = CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_FOOTNOTES
    private static let lock = Mutex<Bool>(false)
    private static let extensionNames = ["table", "strikethrough", "autolink", "tagfilter", "tasklist"]

    static func withDocument<Result>(
        _ bytes: [UInt8], _ body: (CNode, UnsafeMutablePointer<cmark_llist>?) -> Result
    ) -> Result {
        lock.withLock { isRegistered in
            if !isRegistered {
                cmark_gfm_core_extensions_ensure_registered()
                isRegistered = true
            }
            guard let parser = cmark_parser_new(options) else { preconditionFailure("cmark_parser_new ran out of memory") }
            defer { cmark_parser_free(parser) }
            for name in extensionNames {
                if let found = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, found) }
            }
            bytes.withUnsafeBytes { buffer in
                if let base = buffer.baseAddress {
                    cmark_parser_feed(parser, base.assumingMemoryBound(to: CChar.self), buffer.count)
                }
            }
            guard let document = cmark_parser_finish(parser) else { preconditionFailure("cmark_parser_finish ran out of memory") }
            defer { cmark_node_free(document) }
            return body(document, cmark_parser_get_syntax_extensions(parser))
        }
    }

    /// Flattens cmark's tree in document order. Each open node's index waits on a stack until its exit event fixes `end`.
    static func convert(_ document: CNode) -> [MarkdownNode] {
        guard let iterator = cmark_iter_new(document) else { preconditionFailure("cmark_iter_new ran out of memory") }
        defer { cmark_iter_free(iterator) }
        var nodes: [MarkdownNode] = []
        var open: [Int] = []
        var footnotes = 0
        while true {
            let event = cmark_iter_next(iterator)
            if event == CMARK_EVENT_DONE { return nodes }
            guard let node = cmark_iter_get_node(iterator) else { return nodes }
            if event == CMARK_EVENT_EXIT {
                if let index = open.popLast() { nodes[index] = nodes[index].ending(at: nodes.count) }
                continue
            }
            if cmark_node_get_type(node) == CMARK_NODE_FOOTNOTE_DEFINITION { footnotes += 1 }
            nodes.append(MarkdownNode(kind: kind(of: node, footnotes: footnotes), range: range(of: node), depth: open.count, end: nodes.count + 1))
            if !isLeaf(node) { open.append(nodes.count - 1) }
        }
    }

    /// Whether cmark's iterator sends no exit event for the node.
    private static func isLeaf(_ node: CNode) -> Bool {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_HTML_BLOCK, CMARK_NODE_THEMATIC_BREAK, CMARK_NODE_CODE_BLOCK, CMARK_NODE_TEXT, CMARK_NODE_SOFTBREAK,
            CMARK_NODE_LINEBREAK, CMARK_NODE_CODE, CMARK_NODE_HTML_INLINE:
            true
        default: false
        }
    }

    private static func range(of node: CNode) -> MarkdownNode.Range {
        MarkdownNode.Range(
            startLine: Int(cmark_node_get_start_line(node)), startColumn: Int(cmark_node_get_start_column(node)),
            endLine: Int(cmark_node_get_end_line(node)), endColumn: Int(cmark_node_get_end_column(node)))
    }

    private static func string(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }

    private static func literal(_ node: CNode) -> String { string(cmark_node_get_literal(node)) }

    private static func kind(of node: CNode, footnotes: Int) -> MarkdownNode.Kind {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_DOCUMENT: return .document
        case CMARK_NODE_BLOCK_QUOTE: return .blockQuote
        case CMARK_NODE_LIST:
            let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
            return .list(start: isOrdered ? Int(cmark_node_get_list_start(node)) : nil, isTight: cmark_node_get_list_tight(node) != 0)
        case CMARK_NODE_ITEM:
            let isTask = string(cmark_node_get_type_string(node)) == "tasklist"
            return .item(isChecked: isTask ? cmark_gfm_extensions_get_tasklist_item_checked(node) : nil)
        case CMARK_NODE_CODE_BLOCK: return .codeBlock(info: string(cmark_node_get_fence_info(node)), literal: literal(node), fence: fence(of: node))
        case CMARK_NODE_HTML_BLOCK: return .htmlBlock(literal(node))
        case CMARK_NODE_PARAGRAPH: return .paragraph
        case CMARK_NODE_HEADING: return .heading(level: Int(cmark_node_get_heading_level(node)))
        case CMARK_NODE_THEMATIC_BREAK: return .thematicBreak
        case CMARK_NODE_FOOTNOTE_DEFINITION: return .footnoteDefinition(number: footnotes)
        case CMARK_NODE_TEXT: return .text(literal(node))
        case CMARK_NODE_SOFTBREAK: return .softBreak
        case CMARK_NODE_LINEBREAK: return .lineBreak
        case CMARK_NODE_CODE: return .code(literal(node))
        case CMARK_NODE_HTML_INLINE: return .htmlInline(literal(node))
        case CMARK_NODE_EMPH: return .emphasis
        case CMARK_NODE_STRONG: return .strong
        case CMARK_NODE_LINK: return .link(url: string(cmark_node_get_url(node)), title: string(cmark_node_get_title(node)))
        case CMARK_NODE_IMAGE: return .image(url: string(cmark_node_get_url(node)), title: string(cmark_node_get_title(node)))
        case CMARK_NODE_FOOTNOTE_REFERENCE: return .footnoteReference(number: Int(literal(node)) ?? 0)
        default: return extensionKind(of: node)
        }
    }

    /// Extension nodes get their type numbers when the extension is registered, so they are told apart by name.
    private static func extensionKind(of node: CNode) -> MarkdownNode.Kind {
        switch string(cmark_node_get_type_string(node)) {
        case "table": return .table(alignments(of: node))
        case "table_row", "table_header": return .tableRow(isHeader: cmark_gfm_extensions_get_table_row_is_header(node) != 0)
        case "table_cell": return .tableCell
        case "strikethrough": return .strikethrough
        case let other: preconditionFailure("cmark node type \(other) belongs to no attached extension")
        }
    }

    private static func alignments(of table: CNode) -> [MarkdownNode.Alignment] {
        let count = Int(cmark_gfm_extensions_get_table_columns(table))
        guard let letters = cmark_gfm_extensions_get_table_alignments(table) else { return [] }
        return (0..<count).map { column in
            switch letters[column] {
            case UInt8(ascii: "l"): .left
            case UInt8(ascii: "c"): .center
            case UInt8(ascii: "r"): .right
            default: .none
            }
        }
    }

    private static func fence(of node: CNode) -> MarkdownNode.Fence? {
        var length: Int32 = 0
        var offset: Int32 = 0
        var character: CChar = 0
        guard cmark_node_get_fenced(node, &length, &offset, &character) != 0 else { return nil }
        return MarkdownNode.Fence(length: Int(length), indent: Int(offset), character: UInt8(bitPattern: character))
    }
}

extension MarkdownNode {
    fileprivate func ending(at end: Int) -> MarkdownNode { MarkdownNode(kind: kind, range: range, depth: depth, end: end) }
}
