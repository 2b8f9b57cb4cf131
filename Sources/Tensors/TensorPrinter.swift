import Glibc

/// What `torch.set_printoptions` sets.
package struct PrintOptions: Equatable, Sendable {
    package var precision = 4
    package var threshold = 1000
    package var edgeItems = 3
    package var lineWidth = 80
    /// Nil: decided by the values.
    package var scientific: Bool?
    package init() {}
}

/// `printf` formatting of one number.
package func formatted(_ value: Double, precision: Int, style: Character) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    return withVaList([value]) { arguments in
        var buffer = [CChar](repeating: 0, count: 400)
        let length = vsnprintf(&buffer, buffer.count, "%.\(precision)\(style)", arguments)
        return String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// Prints tensors as PyTorch does: one format for all elements, long tensors summarised, lines wrapped.
package struct TensorPrinter {
    private let options: PrintOptions
    private var integral = true
    private var scientific = false
    private var width = 1
    private let floating: Bool

    package static func repr(_ tensor: Tensor, options: PrintOptions = PrintOptions()) throws(TensorError) -> String {
        let prefix = "tensor("
        var suffixes: [String] = []
        let body: String
        if tensor.count == 0 {
            if tensor.rank != 1 { suffixes.append("size=" + tuple(tensor.shape)) }
            if tensor.dtype != EngineState.defaultDType { suffixes.append("dtype=torch.\(tensor.dtype.name)") }
            body = "[]"
        } else {
            if tensor.dtype != EngineState.defaultDType && tensor.dtype != .int64 && tensor.dtype != .bool {
                suffixes.append("dtype=torch.\(tensor.dtype.name)")
            }
            let summarize = tensor.count > options.threshold
            let plain = tensor.detach()
            let printer = try TensorPrinter(summarize ? plain.summarized(options.edgeItems) : plain, options)
            body = try printer.text(plain, indent: prefix.count, summarize: summarize)
        }
        if let node = tensor.node { suffixes.append("grad_fn=<\(node.name)>") } else if tensor.requiresGrad { suffixes.append("requires_grad=True") }
        let text = joined(prefix + body, suffixes, indent: prefix.count, options)
        return tensor.isParameter ? "Parameter containing:\n" + text : text
    }

    /// `(2, 3)`, `(2,)`, `()`.
    package static func tuple(_ sizes: [Int]) -> String {
        sizes.count == 1 ? "(\(sizes[0]),)" : "(" + sizes.map(String.init).joined(separator: ", ") + ")"
    }

    private static func joined(_ text: String, _ suffixes: [String], indent: Int, _ options: PrintOptions) -> String {
        var result = text
        let lastLine = text.split(separator: "\n", omittingEmptySubsequences: false).last?.count ?? 0
        var length = lastLine + 2
        if !text.contains("\n") { length = text.count + 2 }
        for suffix in suffixes {
            if length + suffix.count + 2 > options.lineWidth {
                result += ",\n" + String(repeating: " ", count: indent) + suffix
                length = indent + suffix.count
            } else {
                result += ", " + suffix
                length += suffix.count + 2
            }
        }
        return result + ")"
    }

    private init(_ sample: Tensor, _ options: PrintOptions) throws(TensorError) {
        self.options = options
        floating = sample.dtype.isFloatingPoint
        let values = try sample.scalars()
        guard floating else {
            width = values.map { TensorPrinter.plain($0).count }.max() ?? 1
            return
        }
        let finite = values.map(\.asDouble).filter { $0.isFinite && $0 != 0 }
        if finite.isEmpty { return }
        let smallest = finite.map(\.magnitude).min()!
        let largest = finite.map(\.magnitude).max()!
        integral = finite.allSatisfy { $0 == $0.rounded(.up) }
        let wide = largest / smallest > 1000 || largest > 1e8
        scientific = wide || (!integral && smallest < 1e-4)
        for value in finite {
            if scientific {
                width = max(width, formatted(value, precision: options.precision, style: "e").count)
            } else if integral {
                width = max(width, formatted(value, precision: 0, style: "f").count + 1)
            } else {
                width = max(width, formatted(value, precision: options.precision, style: "f").count)
            }
        }
        if let forced = options.scientific { scientific = forced }
    }

    private static func plain(_ value: Scalar) -> String {
        switch value {
        case .bool(let flag): flag ? "True" : "False"
        case .int(let number): String(number)
        case .double(let number): String(number)
        }
    }

    private func element(_ value: Scalar) -> String {
        var text: String
        if floating {
            let number = value.asDouble
            if scientific {
                text = formatted(number, precision: options.precision, style: "e")
            } else if integral {
                text = formatted(number, precision: 0, style: "f")
                if number.isFinite { text += "." }
            } else {
                text = formatted(number, precision: options.precision, style: "f")
            }
        } else {
            text = TensorPrinter.plain(value)
        }
        return String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private func text(_ tensor: Tensor, indent: Int, summarize: Bool) throws(TensorError) -> String {
        if tensor.rank == 0 { return element(try tensor.item()) }
        let n = tensor.shape[0]
        let edge = options.edgeItems
        let shortened = summarize && n > 2 * edge
        if tensor.rank == 1 {
            var items: [String]
            if shortened {
                items = try tensor.slice(0, start: 0, end: edge).scalars().map(element) + [" ..."]
                items += try tensor.slice(0, start: n - edge).scalars().map(element)
            } else {
                items = try tensor.scalars().map(element)
            }
            let perLine = max(1, (options.lineWidth - indent) / (width + 2))
            let lines = stride(from: 0, to: items.count, by: perLine).map { items[$0..<min(items.count, $0 + perLine)].joined(separator: ", ") }
            return "[" + lines.joined(separator: ",\n" + String(repeating: " ", count: indent + 1)) + "]"
        }
        var slices: [String] = []
        for i in 0..<n where !shortened || i < edge || i >= n - edge {
            if shortened && i == n - edge { slices.append("...") }
            slices.append(try text(try tensor.select(0, i), indent: indent + 1, summarize: summarize))
        }
        return "[" + slices.joined(separator: "," + String(repeating: "\n", count: tensor.rank - 1) + String(repeating: " ", count: indent + 1)) + "]"
    }
}

extension Tensor {
    /// The elements a summary shows.
    fileprivate func summarized(_ edge: Int) throws(TensorError) -> Tensor {
        if rank == 0 { return self }
        let n = shape[0]
        if rank == 1 {
            if n <= 2 * edge { return self }
            return try .cat([try slice(0, start: 0, end: edge), try slice(0, start: n - edge)])
        }
        let rows = n > 2 * edge ? Array(0..<edge) + Array((n - edge)..<n) : Array(0..<n)
        if rows.isEmpty { return self }
        var parts: [Tensor] = []
        for row in rows { parts.append(try select(0, row).summarized(edge)) }
        return try .stack(parts)
    }
}
