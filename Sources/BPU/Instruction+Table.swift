/// One row of the instruction set: number in the container, name in text, and how to make and read the case.
package struct InstructionFormat: Sendable {
    package let code: UInt8
    package let mnemonic: String
    /// Field names in order.
    package let names: [String]
    package let ranges: [ClosedRange<Int>]
    package let defaults: [Int]
    /// The instruction with these field values, in the order of `names`.
    package let make: @Sendable ([Int]) -> Instruction
}

extension Instruction {
    private static func row<Body: InstructionBody>(
        _ code: UInt8, _ mnemonic: String, _ wrap: @escaping @Sendable (Body) -> Instruction
    ) -> InstructionFormat {
        let fields = Body.fields
        return InstructionFormat(
            code: code, mnemonic: mnemonic, names: fields.map(\.name), ranges: fields.map(\.range), defaults: values(Body()),
            make: { values in
                var body = Body()
                for (field, value) in zip(Body.fields, values) { body[keyPath: field.path] = value }
                return wrap(body)
            })
    }

    private static func values<Body: InstructionBody>(_ body: Body) -> [Int] { Body.fields.map { body[keyPath: $0.path] } }

    /// The instruction set; rows are in the order of their codes, which start at 0.
    package static let formats: [InstructionFormat] = [
        row(0, "layer") { .layer($0) },
        row(1, "load") { .load($0) },
        row(2, "store") { .store($0) },
        row(3, "image") { .image($0) },
        row(4, "conv") { .convolution($0) },
        row(5, "depthwise") { .depthwise($0) },
        row(6, "maxpool") { .maxPool($0) },
        row(7, "avgpool") { .averagePool($0) },
        row(8, "add") { .add($0) },
        row(9, "mul") { .multiply($0) },
        row(10, "move") { .move($0) },
        row(11, "rescale") { .rescale($0) },
        row(12, "lookup") { .lookup($0) },
        row(13, "fill") { .fill($0) },
    ]

    package var format: InstructionFormat {
        let code =
            switch self {
            case .layer: 0
            case .load: 1
            case .store: 2
            case .image: 3
            case .convolution: 4
            case .depthwise: 5
            case .maxPool: 6
            case .averagePool: 7
            case .add: 8
            case .multiply: 9
            case .move: 10
            case .rescale: 11
            case .lookup: 12
            case .fill: 13
            }
        return Instruction.formats[code]
    }

    /// Field values in the order of `format.names`.
    package var fieldValues: [Int] {
        switch self {
        case .layer(let body): Instruction.values(body)
        case .load(let body), .store(let body): Instruction.values(body)
        case .image(let body): Instruction.values(body)
        case .convolution(let body), .depthwise(let body): Instruction.values(body)
        case .maxPool(let body), .averagePool(let body): Instruction.values(body)
        case .add(let body), .multiply(let body): Instruction.values(body)
        case .move(let body), .rescale(let body), .lookup(let body), .fill(let body): Instruction.values(body)
        }
    }
}
