import Interpreter
import Tensors

// Products of matrices and vectors.

extension OperationTable {
    func defineProducts() {
        op("matmul", "other") { c in try c.x.matmul(try c.tensor(1)) }
        op("mm", "mat2") { c in try c.x.mm(try c.tensor(1)) }
        op("bmm", "mat2") { c in try c.x.bmm(try c.tensor(1)) }
        op("mv", "vec") { c in try c.x.mv(try c.tensor(1)) }
        op("dot", "tensor") { c in try c.x.dot(try c.tensor(1)) }
        op("inner", "other") { c in
            let (x, y) = (try c.x, try c.tensor(1))
            if x.rank == 0 || y.rank == 0 { return try x.mul(y) }
            return try x.matmul(try y.transpose(-1, y.rank > 1 ? -2 : -1))
        }
        for name in ["outer", "ger"] { op(name, "vec2") { c in try c.x.outer(try c.tensor(1)) } }
        op("addmm", "mat1, mat2, *, beta=1, alpha=1") { c in
            try c.x.addmm(try c.tensor(1), try c.tensor(2), beta: c.scalar(3), alpha: c.scalar(4))
        }
        inPlace("addmm_", "mat1, mat2, *, beta=1, alpha=1") { c in
            let (a, b, beta, alpha) = (try c.tensor(1), try c.tensor(2), try c.scalar(3), try c.scalar(4))
            _ = try c.x.applyInPlace { (x: Tensor) throws(TensorError) in try x.addmm(a, b, beta: beta, alpha: alpha) }
        }
        op("addmv", "mat, vec, *, beta=1, alpha=1") { c in
            let product = try c.tensor(1).mv(try c.tensor(2)).mul(try .wrapped(try c.scalar(4)))
            return try c.x.mul(try .wrapped(try c.scalar(3))).add(product)
        }
        op("baddbmm", "batch1, batch2, *, beta=1, alpha=1") { c in
            let product = try c.tensor(1).bmm(try c.tensor(2)).mul(try .wrapped(try c.scalar(4)))
            return try c.x.mul(try .wrapped(try c.scalar(3))).add(product)
        }
        create("einsum", "equation, *operands") { c in
            let given = c.a[1].tuple
            var items = (0..<given.pointee.count).map { given.items[$0] }
            if items.count == 1, let inner = torch.sequence(items[0]) { items = inner }
            let tensors = items.compactMap { torch.tensor($0) }
            guard tensors.count == items.count else { throw c.vm.typeError("einsum(): operands must be Tensors") }
            return try Einsum(try c.text(0), tensors).result()
        }
        op("cross", "other, dim=-1") { c in
            let (x, y, dim) = (try c.x, try c.tensor(1), try c.int(2))
            guard try x.size(dim) == 3, try y.size(dim) == 3 else {
                throw c.vm.runtimeError("linalg.cross: inputs dimension \(dim) must have length 3. Got \(try x.size(dim)) and \(try y.size(dim))")
            }
            return try x.roll([-1], [dim]).mul(try y.roll([-2], [dim])).sub(try x.roll([-2], [dim]).mul(try y.roll([-1], [dim])))
        }
        op("kron", "other") { c in
            let (x, y) = (try c.x, try c.tensor(1))
            let rank = max(x.rank, y.rank)
            let a = [Int](repeating: 1, count: rank - x.rank) + x.shape
            let b = [Int](repeating: 1, count: rank - y.rank) + y.shape
            let left = try x.reshape(a.flatMap { [$0, 1] })
            let right = try y.reshape(b.flatMap { [1, $0] })
            return try left.mul(right).reshape(zip(a, b).map { $0 * $1 })
        }
        create("cdist", "x1, x2, p=2.0") { c in
            try c.x.unsqueeze(-2).sub(try c.tensor(1).unsqueeze(-3)).norm(p: c.double(2), dim: [-1])
        }
    }
}

/// `torch.einsum`: sums of products over named dimensions, as broadcast products folded at the end.
private struct Einsum {
    private let inputs: [[Character]]
    private let output: [Character]
    private let tensors: [Tensor]

    init(_ equation: String, _ tensors: [Tensor]) throws(TensorError) {
        let text = equation.filter { $0 != " " }
        let sides = text.components(around: "->")
        let operands = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard operands.count == tensors.count else {
            throw .runtime("einsum(): \(tensors.count < operands.count ? "fewer" : "more") operands were provided than specified in the equation")
        }
        var widest: [Character] = []
        var inputs: [[Character]] = []
        for (i, operand) in operands.enumerated() {
            let named = operand.count - (operand.contains("...") ? 3 : 0)
            let hidden = tensors[i].rank - named
            guard hidden == 0 || hidden > 0 && named < operand.count else {
                let subscripts = "einsum(): the number of subscripts in the equation (\(named))"
                let dimensions = "the number of dimensions (\(tensors[i].rank)) for operand \(i)"
                throw .runtime(
                    named < operand.count
                        ? "\(subscripts) is more than \(dimensions)" : "\(subscripts) does not match \(dimensions) and no ellipsis was given")
            }
            let labels = Einsum.ellipsis(hidden)
            if labels.count > widest.count { widest = labels }
            inputs.append(try Einsum.labels(operand, labels))
        }
        let all = inputs.flatMap { $0 }
        if sides.count > 1 {
            output = try Einsum.labels(String(sides[1]), sides[1].contains("...") ? widest : [])
        } else {
            let once = Set(all).filter { label in all.filter { $0 == label }.count == 1 }
            output = widest + once.subtracting(widest).sorted()
        }
        for label in output where !all.contains(label) {
            throw .runtime("einsum(): output subscript \(label) does not appear in the equation for any input operand")
        }
        self.inputs = inputs
        self.tensors = tensors
        try checkSizes()
    }

    /// Labels of the `count` dimensions an ellipsis stands for; the last ones are those that all operands share.
    private static func ellipsis(_ count: Int) -> [Character] {
        // Of the private use area: no equation names them.
        (0..<count).reversed().compactMap { UnicodeScalar(UInt32(0xE000 + $0)).map { Character($0) } }
    }

    private static func labels(_ subscripts: String, _ ellipsis: [Character]) throws(TensorError) -> [Character] {
        let parts = subscripts.components(around: "...")
        let labels = parts.count == 2 ? Array(parts[0]) + ellipsis + Array(parts[1]) : Array(subscripts)
        for label in labels where !label.isLetter && !ellipsis.contains(label) {
            throw .runtime(
                "einsum(): invalid subscript given at index \(labels.firstIndex(of: label) ?? 0) in the equation string, subscripts must be in [a-zA-Z]"
            )
        }
        return labels
    }

    private func checkSizes() throws(TensorError) {
        var sizes: [Character: Int] = [:]
        for (i, labels) in inputs.enumerated() {
            for (label, size) in zip(labels, tensors[i].shape) {
                let seen = sizes[label] ?? 1
                guard size == seen || size == 1 || seen == 1 else {
                    guard label.isLetter else {
                        throw .runtime(
                            "einsum(): an ellipsis covers size \(size) in operand \(i), which does not broadcast with previously seen size \(seen)")
                    }
                    throw .runtime(
                        "einsum(): subscript \(label) has size \(size) for operand \(i) which does not broadcast with previously seen size \(seen)")
                }
                sizes[label] = max(seen, size == 1 ? seen : size)
            }
        }
    }

    func result() throws(TensorError) -> Tensor {
        if tensors.count == 2, let product = try matrixProduct() { return product }
        let labels = output + Set(inputs.flatMap { $0 }).subtracting(output).sorted()
        var product: Tensor?
        for (tensor, own) in zip(tensors, inputs) {
            let aligned = try align(tensor, own, labels)
            product = if let product { try product.mul(aligned) } else { aligned }
        }
        guard let product else { throw .runtime("einsum(): must provide at least one operand") }
        let folded = Array(output.count..<labels.count)
        return folded.isEmpty ? product : try product.sum(dim: folded)
    }

    /// Repeated labels become diagonals, missing ones size 1, in the order of `labels`.
    private func align(_ tensor: Tensor, _ own: [Character], _ labels: [Character]) throws(TensorError) -> Tensor {
        var (x, names) = (tensor, own)
        while let (i, j) = repeated(names) {
            x = try x.diagonal(i, j)
            let label = names[i]
            names.remove(at: j)
            names.remove(at: i)
            names.append(label)
        }
        let present = labels.filter { names.contains($0) }
        x = try x.permute(present.map { names.firstIndex(of: $0) ?? 0 })
        for (position, label) in labels.enumerated() where !names.contains(label) { x = try x.unsqueeze(position) }
        return x
    }

    private func repeated(_ names: [Character]) -> (Int, Int)? {
        for i in names.indices { for j in names.indices.dropFirst(i + 1) where names[i] == names[j] { return (i, j) } }
        return nil
    }

    /// Two operands without repeated labels, as one batched matrix product; nil when they do not fit.
    private func matrixProduct() throws(TensorError) -> Tensor? {
        let (a, b) = (inputs[0], inputs[1])
        guard Set(a).count == a.count, Set(b).count == b.count, Set(output).count == output.count else { return nil }
        let shared = a.filter { b.contains($0) }
        let batch = shared.filter { output.contains($0) }
        let folded = shared.filter { !output.contains($0) }
        let left = a.filter { !b.contains($0) }
        let right = b.filter { !a.contains($0) }
        guard !folded.isEmpty, left.allSatisfy({ output.contains($0) }), right.allSatisfy({ output.contains($0) }) else { return nil }
        func size(_ label: Character) -> Int {
            a.firstIndex(of: label).map { tensors[0].shape[$0] } ?? b.firstIndex(of: label).map { tensors[1].shape[$0] } ?? 1
        }
        func count(_ labels: [Character]) -> Int { labels.map(size).reduce(1, *) }
        for label in shared {
            guard let i = a.firstIndex(of: label), let j = b.firstIndex(of: label), tensors[0].shape[i] == tensors[1].shape[j] else { return nil }
        }
        let x = try tensors[0].permute((batch + left + folded).map { a.firstIndex(of: $0) ?? 0 }).reshape([count(batch), count(left), count(folded)])
        let y = try tensors[1].permute((batch + folded + right).map { b.firstIndex(of: $0) ?? 0 }).reshape([
            count(batch), count(folded), count(right),
        ])
        let made = batch + left + right
        let product = try x.bmm(y).reshape(made.map(size))
        return try product.permute(output.map { made.firstIndex(of: $0) ?? 0 })
    }
}

extension String {
    fileprivate func components(around separator: String) -> [Substring] {
        guard let range = self.firstRange(of: separator) else { return [Substring(self)] }
        return [self[..<range.lowerBound], self[range.upperBound...]]
    }
}
