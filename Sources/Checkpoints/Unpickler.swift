import Tensors

/// Reads the pickles PyTorch writes, without ever running code: a fixed list of constructors is known, everything else is an error.
struct Unpickler {
    /// What stands on the machine's stack: finished values, and the few callables the format names.
    private enum Item {
        case value(CheckpointValue)
        case mark
        case callable(Callable)
        case storage(StorageReference)
    }

    enum Callable {
        case orderedDict, rebuildTensor, rebuildParameter, size, device, set, byteArray
        case storageType(DType?)
    }

    /// A persistent reference to one of the archive's storages.
    struct StorageReference {
        var key: String
        var dtype: DType
        var count: Int
    }

    private let file: String
    private let bytes: [UInt8]
    private let loadStorage: (StorageReference) throws(CheckpointError) -> Storage
    private var at = 0
    private var stack: [Item] = []
    private var memo: [Int: Item] = [:]

    init(_ bytes: [UInt8], file: String, loadStorage: @escaping (StorageReference) throws(CheckpointError) -> Storage) {
        self.bytes = bytes
        self.file = file
        self.loadStorage = loadStorage
    }

    private func failed(_ reason: String) -> CheckpointError { CheckpointError(.unpickling, file, "Weights only load failed: \(reason)") }

    private mutating func take(_ count: Int) throws(CheckpointError) -> Int {
        guard count >= 0, at + count <= bytes.count else { throw CheckpointError(.unpickling, file, "pickle data was truncated") }
        defer { at += count }
        return at
    }

    private mutating func number(_ count: Int) throws(CheckpointError) -> Int {
        let value = bytes.little(try take(count), count)
        guard value <= UInt64(Int.max) else { throw failed("a length of \(value) bytes") }
        return Int(value)
    }

    private mutating func text(_ length: Int) throws(CheckpointError) -> String {
        let start = try take(length)
        guard let text = String(validating: bytes[start..<(start + length)], as: UTF8.self) else { throw failed("a string is not valid UTF-8") }
        return text
    }

    private mutating func line() throws(CheckpointError) -> String {
        guard let end = bytes[at...].firstIndex(of: 10) else { throw CheckpointError(.unpickling, file, "pickle data was truncated") }
        let result = String(decoding: bytes[at..<end], as: UTF8.self)
        at = end + 1
        return result
    }

    private mutating func pop() throws(CheckpointError) -> Item {
        guard let item = stack.popLast() else { throw failed("unpickling stack underflow") }
        return item
    }

    private mutating func popValue() throws(CheckpointError) -> CheckpointValue {
        switch try pop() {
        case .value(let value): return value
        case .mark: throw failed("unexpected MARK found")
        case .callable(.storageType): throw failed("a storage type stands where a value is needed")
        case .callable: throw failed("a class stands where a value is needed")
        case .storage: throw failed("a storage stands where a value is needed")
        }
    }

    private mutating func popToMark() throws(CheckpointError) -> [Item] {
        guard let mark = stack.lastIndex(where: { if case .mark = $0 { true } else { false } }) else { throw failed("could not find MARK") }
        let items = Array(stack[(mark + 1)...])
        stack.removeSubrange(mark...)
        return items
    }

    private func values(_ items: [Item]) throws(CheckpointError) -> [CheckpointValue] {
        var result: [CheckpointValue] = []
        for item in items {
            guard case .value(let value) = item else { throw failed("a class or storage stands where a value is needed") }
            result.append(value)
        }
        return result
    }

    private mutating func push(_ value: CheckpointValue) { stack.append(.value(value)) }

    /// Runs the whole pickle.
    mutating func load() throws(CheckpointError) -> CheckpointValue {
        while true {
            let opcode = bytes[try take(1)]
            if opcode == UInt8(ascii: ".") { return try popValue() }
            try execute(opcode)
        }
    }

    private mutating func execute(_ opcode: UInt8) throws(CheckpointError) {
        switch opcode {
        case 0x80:
            let version = try number(1)
            guard version <= 5 else { throw failed("unsupported pickle protocol: \(version)") }
        case 0x95: _ = try take(8)
        case UInt8(ascii: "("): stack.append(.mark)
        case UInt8(ascii: "0"): _ = try pop()
        case UInt8(ascii: "1"): _ = try popToMark()
        case UInt8(ascii: "2"):
            guard let top = stack.last else { throw failed("unpickling stack underflow") }
            stack.append(top)
        case UInt8(ascii: "N"): push(.none)
        case 0x88: push(.bool(true))
        case 0x89: push(.bool(false))
        case UInt8(ascii: "J"): push(.int(Int64(Int32(truncatingIfNeeded: try number(4)))))
        case UInt8(ascii: "K"): push(.int(Int64(try number(1))))
        case UInt8(ascii: "M"): push(.int(Int64(try number(2))))
        case 0x8A: try pushLong(try number(1))
        case 0x8B: try pushLong(try number(4))
        case UInt8(ascii: "G"):
            let start = try take(8)
            var bits: UInt64 = 0
            for i in 0..<8 { bits = bits << 8 | UInt64(bytes[start + i]) }
            push(.double(Double(bitPattern: bits)))
        case UInt8(ascii: "X"): push(.string(try text(try number(4))))
        case 0x8C: push(.string(try text(try number(1))))
        case 0x8D: push(.string(try text(try number(8))))
        case UInt8(ascii: "U"): push(.string(try text(try number(1))))
        case UInt8(ascii: "B"), 0x8E, UInt8(ascii: "C"), 0x96:
            let length = try number(opcode == UInt8(ascii: "B") ? 4 : (opcode == UInt8(ascii: "C") ? 1 : 8))
            let start = try take(length)
            push(.bytes(Array(bytes[start..<(start + length)])))
        default: try executeStructure(opcode)
        }
    }

    private mutating func pushLong(_ length: Int) throws(CheckpointError) {
        let start = try take(length)
        guard length <= 8 else { throw failed("an integer of \(length) bytes does not fit 64 bits") }
        var value: UInt64 = 0
        for i in 0..<length { value |= UInt64(bytes[start + i]) << UInt64(8 * i) }
        if length > 0 && length < 8 && bytes[start + length - 1] & 0x80 != 0 { value |= ~UInt64(0) << UInt64(8 * length) }
        push(.int(Int64(bitPattern: value)))
    }

    private mutating func executeStructure(_ opcode: UInt8) throws(CheckpointError) {
        switch opcode {
        case UInt8(ascii: "}"): push(.dictionary(CheckpointDictionary()))
        case UInt8(ascii: "]"): push(.sequence(CheckpointSequence(.list)))
        case UInt8(ascii: ")"): push(.sequence(CheckpointSequence(.tuple)))
        case 0x8F: push(.sequence(CheckpointSequence(.set)))
        case UInt8(ascii: "d"), UInt8(ascii: "l"):
            let items = try values(try popToMark())
            if opcode == UInt8(ascii: "l") {
                push(.sequence(CheckpointSequence(.list, items)))
            } else {
                let dictionary = CheckpointDictionary()
                try fill(dictionary, items)
                push(.dictionary(dictionary))
            }
        case UInt8(ascii: "t"): try pushTuple(try popToMark())
        case 0x85, 0x86, 0x87:
            let count = Int(opcode) - 0x84
            guard stack.count >= count else { throw failed("unpickling stack underflow") }
            let items = Array(stack.suffix(count))
            stack.removeLast(count)
            try pushTuple(items)
        case UInt8(ascii: "a"), UInt8(ascii: "e"), 0x90:
            let items = opcode == UInt8(ascii: "a") ? [try popValue()] : try values(try popToMark())
            guard case .value(.sequence(let list))? = stack.last, list.kind != .tuple else { throw failed("APPEND needs a list") }
            list.items += items
        case UInt8(ascii: "s"), UInt8(ascii: "u"):
            let items: [CheckpointValue]
            if opcode == UInt8(ascii: "s") {
                let value = try popValue()
                items = [try popValue(), value]
            } else {
                items = try values(try popToMark())
            }
            guard case .value(.dictionary(let dictionary))? = stack.last else { throw failed("SETITEM needs a dict") }
            try fill(dictionary, items)
        case UInt8(ascii: "q"), UInt8(ascii: "r"), 0x94:
            let index = opcode == 0x94 ? memo.count : try number(opcode == UInt8(ascii: "q") ? 1 : 4)
            guard let top = stack.last else { throw failed("unpickling stack underflow") }
            memo[index] = top
        case UInt8(ascii: "h"), UInt8(ascii: "j"):
            let index = try number(opcode == UInt8(ascii: "h") ? 1 : 4)
            guard let item = memo[index] else { throw failed("memo value not found at index \(index)") }
            stack.append(item)
        case UInt8(ascii: "c"):
            let module = try line()
            stack.append(try global(module, try line()))
        case 0x93:
            guard case .string(let name) = try popValue(), case .string(let module) = try popValue() else {
                throw failed("STACK_GLOBAL requires str")
            }
            stack.append(try global(module, name))
        case UInt8(ascii: "R"), 0x81: try reduce()
        case UInt8(ascii: "b"): try build()
        case UInt8(ascii: "Q"): try persistent()
        default: throw failed("Unsupported operand \(opcode)")
        }
    }

    private func fill(_ dictionary: CheckpointDictionary, _ items: [CheckpointValue]) throws(CheckpointError) {
        guard items.count % 2 == 0 else { throw failed("odd number of items for SETITEMS") }
        for i in stride(from: 0, to: items.count, by: 2) { dictionary.set(items[i], items[i + 1]) }
    }

    /// Tuples may hold a callable or storage on their way to REDUCE or a persistent id; those are kept beside the values,
    /// with the tuple itself, so that its identity stays its own.
    private var pendingTuples: [ObjectIdentifier: (tuple: CheckpointSequence, items: [Item])] = [:]

    private mutating func pushTuple(_ items: [Item]) throws(CheckpointError) {
        var plain: [CheckpointValue] = []
        var special = false
        for item in items {
            switch item {
            case .value(let value): plain.append(value)
            case .mark: throw failed("unexpected MARK found")
            case .callable, .storage:
                special = true
                plain.append(.none)
            }
        }
        let tuple = CheckpointSequence(.tuple, plain)
        if special { pendingTuples[ObjectIdentifier(tuple)] = (tuple, items) }
        push(.sequence(tuple))
    }

    private mutating func popTuple() throws(CheckpointError) -> [Item] {
        guard case .sequence(let tuple) = try popValue(), tuple.kind == .tuple else { throw failed("arguments must be a tuple") }
        return pendingTuples[ObjectIdentifier(tuple)]?.items ?? tuple.items.map { .value($0) }
    }

    private func global(_ module: String, _ name: String) throws(CheckpointError) -> Item {
        switch (module, name) {
        case ("collections", "OrderedDict"): return .callable(.orderedDict)
        case ("torch._utils", "_rebuild_tensor_v2"): return .callable(.rebuildTensor)
        case ("torch._utils", "_rebuild_parameter"): return .callable(.rebuildParameter)
        case ("torch", "Size"): return .callable(.size)
        case ("torch", "device"): return .callable(.device)
        case ("builtins", "set"), ("__builtin__", "set"): return .callable(.set)
        case ("builtins", "bytearray"), ("__builtin__", "bytearray"): return .callable(.byteArray)
        case ("torch.storage", "UntypedStorage"), ("torch", "UntypedStorage"): return .callable(.storageType(nil))
        case ("torch", _):
            for dtype in DType.allCases {
                if name == "\(dtype.typeName)Storage" { return .callable(.storageType(dtype)) }
                if name == dtype.name { return .value(.dtype(dtype)) }
            }
        default: break
        }
        throw failed(
            "Unsupported global: GLOBAL \(module).\(name) is not an allowed global. Only tensors, containers, numbers and strings can be loaded")
    }

    private mutating func reduce() throws(CheckpointError) {
        let arguments = try popTuple()
        guard case .callable(let callable) = try pop() else { throw failed("REDUCE of something that is not an allowed function") }
        func sizes(_ item: Item) throws(CheckpointError) -> [Int] {
            let items: [CheckpointValue]
            switch item {
            case .value(.sequence(let sequence)): items = sequence.items
            case .value(.size(let sizes)): return sizes
            default: throw failed("sizes must be a tuple")
            }
            var result: [Int] = []
            for item in items {
                guard case .int(let value) = item else { throw failed("sizes must be integers") }
                result.append(Int(value))
            }
            return result
        }
        switch callable {
        case .orderedDict:
            let dictionary = CheckpointDictionary(isOrdered: true)
            if let first = arguments.first {
                guard case .value(.sequence(let pairs)) = first else { throw failed("OrderedDict needs pairs") }
                for pair in pairs.items {
                    guard case .sequence(let pair) = pair, pair.items.count == 2 else { throw failed("OrderedDict needs pairs") }
                    dictionary.set(pair.items[0], pair.items[1])
                }
            }
            push(.dictionary(dictionary))
        case .set:
            guard arguments.count <= 1 else { throw failed("set needs one argument") }
            guard let first = arguments.first else { return push(.sequence(CheckpointSequence(.set))) }
            guard case .value(.sequence(let items)) = first else { throw failed("set needs a list") }
            push(.sequence(CheckpointSequence(.set, items.items)))
        case .byteArray:
            guard let first = arguments.first, case .value(.bytes(let content)) = first else { throw failed("bytearray needs bytes") }
            push(.bytes(content))
        case .size:
            guard arguments.count == 1 else { throw failed("torch.Size needs one argument") }
            push(.size(try sizes(arguments[0])))
        case .device:
            guard let first = arguments.first, case .value(.string(let name)) = first else { throw failed("torch.device needs a string") }
            push(.device(name))
        case .storageType: throw failed("storages cannot be constructed by a pickle")
        case .rebuildTensor:
            guard arguments.count >= 5, case .storage(let reference) = arguments[0], case .value(.int(let offset)) = arguments[1] else {
                throw failed("_rebuild_tensor_v2 needs a storage, an offset, sizes and strides")
            }
            var requiresGrad = false
            if case .value(.bool(true)) = arguments[4] { requiresGrad = true }
            push(.tensor(try rebuild(reference, Int(offset), try sizes(arguments[2]), try sizes(arguments[3]), requiresGrad)))
        case .rebuildParameter:
            guard arguments.count >= 2, case .value(.tensor(let data)) = arguments[0], case .value(.bool(let requiresGrad)) = arguments[1] else {
                throw failed("_rebuild_parameter needs a tensor and a flag")
            }
            do { push(.tensor(try .parameter(data, requiresGrad: requiresGrad))) } catch { throw failed(error.message) }
        }
    }

    /// A tensor over a storage; every element it can reach must lie inside.
    private func rebuild(_ reference: StorageReference, _ offset: Int, _ sizes: [Int], _ strides: [Int], _ requiresGrad: Bool) throws(CheckpointError)
        -> Tensor
    {
        guard sizes.count == strides.count, sizes.count <= 64, offset >= 0 else { throw failed("a tensor has inconsistent sizes and strides") }
        var last = offset
        var isEmpty = false
        for (size, stride) in zip(sizes, strides) {
            guard size >= 0, stride >= 0 else { throw failed("a tensor has negative sizes or strides") }
            if size == 0 {
                isEmpty = true
                continue
            }
            let (reach, overflow1) = (size - 1).multipliedReportingOverflow(by: stride)
            let (next, overflow2) = last.addingReportingOverflow(reach)
            guard !overflow1, !overflow2 else { throw failed("a tensor's sizes overflow") }
            last = next
        }
        guard isEmpty || last < reference.count else {
            throw failed("a tensor of size \(bracketed(sizes)) reaches element \(last) of a storage of \(reference.count)")
        }
        var count = 1
        for size in sizes {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow else { throw failed("a tensor's sizes overflow") }
            count = product
        }
        let tensor = Tensor(
            storage: try loadStorage(reference), layout: Layout(sizes: sizes, strides: strides, offset: offset), dtype: reference.dtype)
        if requiresGrad { do { try tensor.setRequiresGrad(true) } catch { throw failed(error.message) } }
        return tensor
    }

    /// Attributes of containers (`_metadata`) are dropped; nothing else may be built.
    private mutating func build() throws(CheckpointError) {
        let state = try popValue()
        guard case .value(let target)? = stack.last else { throw failed("BUILD of something that is not a value") }
        switch target {
        case .dictionary(let dictionary):
            if case .dictionary(let attributes) = state, dictionary.isOrdered, attributes !== dictionary { dictionary.attributes = attributes }
        case .tensor: return
        default: throw failed("BUILD of an object that is not a container or tensor")
        }
    }

    private mutating func persistent() throws(CheckpointError) {
        let items = try popTuple()
        guard items.count == 5, case .value(.string("storage")) = items[0], case .callable(.storageType(let dtype)) = items[1],
            case .value(.string(let key)) = items[2], case .value(.string) = items[3], case .value(.int(let count)) = items[4], count >= 0
        else { throw failed("an unknown persistent id") }
        stack.append(.storage(StorageReference(key: key, dtype: dtype ?? .uint8, count: Int(count))))
    }
}
