/// A parsed GitHub Flavored Markdown document.
///
/// The tree is one array of nodes in document order (each node directly before its children), not a web of references:
/// a thousand nested quotes are walked and freed without recursion. Node 0 is the document. The tree is immutable.
package struct MarkdownTree: Sendable {
    package let nodes: [MarkdownNode]

    package init(nodes: [MarkdownNode]) {
        precondition(!nodes.isEmpty, "a Markdown tree has at least its document node")
        self.nodes = nodes
    }

    package subscript(_ index: Int) -> MarkdownNode { nodes[index] }

    /// Indices of the direct children of a node, in order.
    package func children(of index: Int) -> Children { Children(tree: self, parent: index) }

    /// The blocks that stand at the top level of the document.
    package var topLevel: Children { children(of: 0) }

    /// The text of a subtree without its markup: literals joined, breaks as blanks.
    package func plainText(of index: Int) -> String {
        var text = ""
        for node in nodes[index..<nodes[index].end] {
            switch node.kind {
            case .text(let literal), .code(let literal): text += literal
            case .softBreak, .lineBreak: text += " "
            default: continue
            }
        }
        return text
    }

    package struct Children: Sequence, IteratorProtocol {
        private let tree: MarkdownTree
        private var position: Int
        private let end: Int

        fileprivate init(tree: MarkdownTree, parent: Int) {
            self.tree = tree
            position = parent + 1
            end = tree.nodes[parent].end
        }

        package mutating func next() -> Int? {
            guard position < end else { return nil }
            defer { position = tree.nodes[position].end }
            return position
        }
    }
}

/// One node of a `MarkdownTree`.
package struct MarkdownNode: Sendable, Equatable {
    package let kind: Kind
    package let range: Range
    /// Distance from the document node, which has depth 0.
    package let depth: Int
    /// Index of the first node after this subtree.
    package let end: Int

    package init(kind: Kind, range: Range, depth: Int, end: Int) {
        self.kind = kind
        self.range = range
        self.depth = depth
        self.end = end
    }

    /// 1-based lines and byte columns, both ends included, as cmark gives them; inline nodes of a table have no exact columns.
    package struct Range: Sendable, Equatable {
        package let startLine, startColumn, endLine, endColumn: Int

        package init(startLine: Int, startColumn: Int, endLine: Int, endColumn: Int) {
            self.startLine = startLine
            self.startColumn = startColumn
            self.endLine = endLine
            self.endColumn = endColumn
        }
    }

    package enum Kind: Sendable, Equatable {
        case document
        case blockQuote
        /// `start` is nil for a bullet list.
        case list(start: Int?, isTight: Bool)
        /// `isChecked` is nil for an item that is no task.
        case item(isChecked: Bool?)
        /// `fence` is nil for an indented code block.
        case codeBlock(info: String, literal: String, fence: Fence?)
        case htmlBlock(String)
        case paragraph
        case heading(level: Int)
        case thematicBreak
        /// Numbered from 1 in the order of first reference; definitions come last in the tree, unreferenced ones not at all.
        case footnoteDefinition(number: Int)
        case table([Alignment])
        case tableRow(isHeader: Bool)
        case tableCell
        case text(String)
        case softBreak
        case lineBreak
        case code(String)
        case htmlInline(String)
        case emphasis
        case strong
        case strikethrough
        case link(url: String, title: String)
        case image(url: String, title: String)
        case footnoteReference(number: Int)
    }

    package struct Fence: Sendable, Equatable {
        package let length: Int
        /// Blanks before the opening fence, 0 to 3.
        package let indent: Int
        package let character: UInt8

        package init(length: Int, indent: Int, character: UInt8) {
            self.length = length
            self.indent = indent
            self.character = character
        }
    }

    package enum Alignment: UInt8, Sendable, Equatable {
        case none, left, center, right
    }
}
