import Interpreter
import Notebooks

/// Asks a value for the forms it can be shown in, as IPython does: `_repr_html_`, `_repr_svg_`, `_repr_png_`, `_repr_markdown_`,
/// `_repr_latex_`, `_repr_mimebundle_`, and its `repr`.
struct DisplayReader {
    let vm: VM
    /// Tells of a form whose method raised; the other forms still count.
    let onProblem: (PythonError) -> Void

    /// Nil when the value has shown itself (`_ipython_display_`).
    func display(_ value: Value, _ role: Display.Role) throws(PythonError) -> Display? {
        if let method = method(value, "_ipython_display_") {
            defer { vm.heap.release(method) }
            vm.heap.release(try vm.call(method))
            return nil
        }
        var display = Display(role)
        if let method = method(value, "_repr_mimebundle_") {
            defer { vm.heap.release(method) }
            if let bundle = try offered({ () throws(PythonError) -> Value in try vm.call(method, arguments: [], keywords: []) }) {
                defer { vm.heap.release(bundle) }
                try read(bundle, into: &display)
            }
        }
        for form in Form.allCases {
            guard let method = method(value, form.methodName) else { continue }
            defer { vm.heap.release(method) }
            guard let content = try offered({ () throws(PythonError) -> Value in try vm.call(method) }) else { continue }
            defer { vm.heap.release(content) }
            set(form, content, in: &display)
        }
        if display.text == nil { display.text = try PrettyPrinter(vm).text(value) }
        return display
    }

    /// A form of display, its method and its media type.
    enum Form: String, CaseIterable {
        case html = "text/html"
        case markdown = "text/markdown"
        case svg = "image/svg+xml"
        case png = "image/png"
        case latex = "text/latex"

        var methodName: String {
            switch self {
            case .html: "_repr_html_"
            case .markdown: "_repr_markdown_"
            case .svg: "_repr_svg_"
            case .png: "_repr_png_"
            case .latex: "_repr_latex_"
            }
        }
    }

    /// A method of the value's class, bound and owned. Neither instance attributes nor `__getattr__` count: a proxy that answers to any
    /// name offers no displays.
    private func method(_ value: Value, _ name: String) -> Value? {
        guard value.tag != Tag.classObject else { return nil }
        let type = vm.typeOf(value)
        let found = vm.lookup(type, vm.intern(name))
        guard !found.isUndefined, !found.isNone else { return nil }
        do throws(PythonError) {
            return try vm.bind(found, value, type)
        } catch {
            onProblem(error)
            return nil
        }
    }

    /// What a method returned; nil for None and where it raised. Requests to stop pass.
    private func offered(_ call: () throws(PythonError) -> Value) throws(PythonError) -> Value? {
        do throws(PythonError) {
            let value = try call()
            return value.isNone ? nil : value
        } catch {
            if !vm.matches(error, "Exception") || vm.matches(error, "TimeoutError") { throw error }
            if vm.matches(error, "NotImplementedError") { vm.discard(error) } else { onProblem(error) }
            return nil
        }
    }

    /// Reads a mapping of media types to contents, or a pair of it and metadata.
    func read(_ bundle: Value, into display: inout Display) throws(PythonError) {
        var mapping = vm.payload(bundle)
        if mapping.tag == Tag.tuple, mapping.tuple.pointee.count == 2 { mapping = vm.payload(mapping.tuple.items[0]) }
        guard mapping.tag == Tag.dict else { throw vm.typeError("a display bundle must be a dict, not \(vm.typeName(bundle))") }
        for form in Form.allCases {
            let content = vm.dictValue(mapping.dict, form.rawValue)
            if !content.isUndefined { set(form, content, in: &display) }
        }
        let plain = vm.dictValue(mapping.dict, "text/plain")
        if let text = text(plain) { display.text = text }
    }

    func set(_ form: Form, _ value: Value, in display: inout Display) {
        // Some methods return the content and its metadata.
        let pair = vm.payload(value)
        let content = pair.tag == Tag.tuple && pair.tuple.pointee.count == 2 ? pair.tuple.items[0] : value
        switch form {
        case .html: if let text = text(content) { display.html = text }
        case .markdown: if let text = text(content) { display.markdown = text }
        case .svg: if let text = text(content) { display.svg = text }
        case .latex: if let text = text(content), display.markdown == nil { display.markdown = text }
        case .png: if let bytes = bytes(content) { display.png = bytes }
        }
    }

    private func text(_ value: Value) -> String? {
        let plain = vm.payload(value)
        if plain.tag == Tag.string { return vm.text(plain) }
        if plain.tag == Tag.bytes { return String(decoding: vm.byteBuffer(plain), as: UTF8.self) }
        return nil
    }

    /// Raw bytes, or base 64 as text.
    private func bytes(_ value: Value) -> [UInt8]? {
        let plain = vm.payload(value)
        if plain.tag == Tag.bytes || plain.tag == Tag.byteArray { return Array(vm.byteBuffer(plain)) }
        return plain.tag == Tag.string ? Notebooks.Base64.decode(vm.text(plain)) : nil
    }
}
