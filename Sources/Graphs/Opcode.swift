/// What a node of a graph does, in the words of torch.fx.
package enum Opcode: String, CaseIterable, Sendable {
    /// An input of the graph.
    case placeholder
    /// A parameter, buffer or attribute fetched from the root module.
    case getAttribute = "get_attr"
    /// A free function applied to values.
    case callFunction = "call_function"
    /// A method of the first argument.
    case callMethod = "call_method"
    /// A module of the root called with values.
    case callModule = "call_module"
    /// The result of the graph.
    case output
}
