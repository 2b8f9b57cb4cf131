import Glibc

/// Why a drawing could not be made.
package struct DrawingError: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// The Graphviz library, loaded when something is drawn: programs that draw nothing neither need it nor wait for it.
package struct Graphviz {
    private typealias MakeContext = @convention(c) () -> OpaquePointer?
    private typealias Parse = @convention(c) (UnsafePointer<CChar>) -> OpaquePointer?
    private typealias Layout = @convention(c) (OpaquePointer, OpaquePointer, UnsafePointer<CChar>) -> Int32
    private typealias Render =
        @convention(c) (
            OpaquePointer, OpaquePointer, UnsafePointer<CChar>, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, UnsafeMutablePointer<UInt32>
        ) -> Int32
    private typealias FreeData = @convention(c) (UnsafeMutablePointer<CChar>) -> Void
    private typealias FreeLayout = @convention(c) (OpaquePointer, OpaquePointer) -> Int32
    private typealias Close = @convention(c) (OpaquePointer) -> Int32
    private typealias SetErrors = @convention(c) (Int32) -> Int32

    private let handle: UnsafeMutableRawPointer

    package init() throws(DrawingError) {
        guard let handle = dlopen("libgvc.so.6", RTLD_NOW) else {
            throw DrawingError("drawing needs the Graphviz library, which is not installed: apt-get install libgvc6")
        }
        self.handle = handle
    }

    /// Lays out a graph in the DOT language from top to bottom and renders it.
    /// - Parameter format: a name Graphviz knows: `svg`, `png`, `pdf`, `dot`.
    package func render(dot: String, format: String) throws(DrawingError) -> [UInt8] {
        let makeContext = try symbol("gvContext", as: MakeContext.self)
        let parse = try symbol("agmemread", as: Parse.self)
        let layout = try symbol("gvLayout", as: Layout.self)
        let render = try symbol("gvRenderData", as: Render.self)
        let freeData = try symbol("gvFreeRenderData", as: FreeData.self)
        let freeLayout = try symbol("gvFreeLayout", as: FreeLayout.self)
        let close = try symbol("agclose", as: Close.self)
        let freeContext = try symbol("gvFreeContext", as: Close.self)
        // Level 2 silences warnings about fonts, which would go to the user's terminal.
        _ = try symbol("agseterr", as: SetErrors.self)(2)
        guard let context = makeContext() else { throw DrawingError("Graphviz cannot start") }
        defer { _ = freeContext(context) }
        guard let graph = parse(dot) else { throw DrawingError("Graphviz cannot read the graph") }
        defer { _ = close(graph) }
        guard layout(context, graph, "dot") == 0 else { throw DrawingError("Graphviz cannot lay out the graph") }
        defer { _ = freeLayout(context, graph) }
        var data: UnsafeMutablePointer<CChar>?
        var count: UInt32 = 0
        guard render(context, graph, format, &data, &count) == 0, let data else {
            throw DrawingError("Graphviz cannot render the format '\(format)'")
        }
        defer { freeData(data) }
        return UnsafeRawBufferPointer(start: data, count: Int(count)).map { $0 }
    }

    private func symbol<T>(_ name: String, as type: T.Type) throws(DrawingError) -> T {
        guard let address = dlsym(handle, name) else { throw DrawingError("the installed Graphviz library has no function \(name)") }
        return unsafeBitCast(address, to: type)
    }
}
