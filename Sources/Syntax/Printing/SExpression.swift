/// A tree as text: `(head child child)`, one child per line, leaves inline.
struct SExpression {
    var head: String
    var children: [SExpression]

    init(_ head: String, _ children: [SExpression] = []) {
        self.head = head
        self.children = children
    }

    func write(to text: inout String, indent: Int = 0) {
        text += "(" + head
        for child in children {
            text += "\n" + String(repeating: " ", count: indent + 2)
            child.write(to: &text, indent: indent + 2)
        }
        text += ")"
    }
}
