import Tensors

/// Writes the pickle of a checkpoint as PyTorch's `torch.save` lays it out (protocol 2).
struct Pickler {
    private(set) var bytes: [UInt8] = [0x80, 2]
    /// The storages met, in order; their position is their key.
    private(set) var storages: [(storage: Storage, dtype: DType)] = []
    private var keys: [ObjectIdentifier: Int] = [:]
    private var memo: [ObjectIdentifier: Int] = [:]
    private var memoCount = 0
    private let file: String

    init(file: String) { self.file = file }

    mutating func dump(_ value: CheckpointValue) throws(CheckpointError) {
        try write(value, depth: 0)
        bytes.append(UInt8(ascii: "."))
    }

    private mutating func put() -> Int {
        let index = memoCount
        memoCount += 1
        if index < 256 {
            bytes += [UInt8(ascii: "q"), UInt8(index)]
        } else {
            bytes.append(UInt8(ascii: "r"))
            bytes.appendLittle(UInt64(index), 4)
        }
        return index
    }

    private mutating func get(_ index: Int) {
        if index < 256 {
            bytes += [UInt8(ascii: "h"), UInt8(index)]
        } else {
            bytes.append(UInt8(ascii: "j"))
            bytes.appendLittle(UInt64(index), 4)
        }
    }

    private mutating func global(_ module: String, _ name: String) { bytes += Array("c\(module)\n\(name)\n".utf8) }

    private mutating func write(_ value: CheckpointValue, depth: Int) throws(CheckpointError) {
        guard depth < 500 else { throw CheckpointError(.runtime, file, "containers nested more than 500 deep cannot be saved") }
        switch value {
        case .none: bytes.append(UInt8(ascii: "N"))
        case .bool(let flag): bytes.append(flag ? 0x88 : 0x89)
        case .int(let number): write(number)
        case .double(let number):
            bytes.append(UInt8(ascii: "G"))
            for i in (0..<8).reversed() { bytes.append(UInt8(truncatingIfNeeded: number.bitPattern >> UInt64(8 * i))) }
        case .string(let text): write(text)
        case .bytes(let content):
            // Protocol 2 has no bytes opcode; a bytearray of a later protocol's opcode is read by every PyTorch.
            bytes.append(UInt8(ascii: "B"))
            bytes.appendLittle(UInt64(content.count), 4)
            bytes += content
        case .sequence(let sequence): try write(sequence, depth)
        case .dictionary(let dictionary): try write(dictionary, depth)
        case .tensor(let tensor): try write(tensor)
        case .dtype(let dtype): global("torch", dtype.name)
        case .size(let sizes):
            global("torch", "Size")
            write(tuple: sizes)
            bytes += [0x85, UInt8(ascii: "R")]
        case .device(let name):
            global("torch", "device")
            write(name)
            bytes += [0x85, UInt8(ascii: "R")]
        }
    }

    private mutating func write(_ number: Int64) {
        if (0..<256).contains(number) {
            bytes += [UInt8(ascii: "K"), UInt8(number)]
        } else if (0..<65_536).contains(number) {
            bytes.append(UInt8(ascii: "M"))
            bytes.appendLittle(UInt64(number), 2)
        } else if Int64(Int32.min) <= number && number <= Int64(Int32.max) {
            bytes.append(UInt8(ascii: "J"))
            bytes.appendLittle(UInt64(bitPattern: number), 4)
        } else {
            bytes += [0x8A, 8]
            bytes.appendLittle(UInt64(bitPattern: number), 8)
        }
    }

    private mutating func write(_ text: String) {
        let utf8 = Array(text.utf8)
        bytes.append(UInt8(ascii: "X"))
        bytes.appendLittle(UInt64(utf8.count), 4)
        bytes += utf8
    }

    private mutating func write(tuple sizes: [Int]) {
        bytes.append(UInt8(ascii: "("))
        for size in sizes { write(Int64(size)) }
        bytes.append(UInt8(ascii: "t"))
    }

    private mutating func write(_ sequence: CheckpointSequence, _ depth: Int) throws(CheckpointError) {
        if let index = memo[ObjectIdentifier(sequence)] { return get(index) }
        switch sequence.kind {
        case .list:
            bytes.append(UInt8(ascii: "]"))
            memo[ObjectIdentifier(sequence)] = put()
            if sequence.items.isEmpty { return }
            bytes.append(UInt8(ascii: "("))
            for item in sequence.items { try write(item, depth: depth + 1) }
            bytes.append(UInt8(ascii: "e"))
        case .tuple:
            if sequence.items.isEmpty {
                bytes.append(UInt8(ascii: ")"))
                return
            }
            bytes.append(UInt8(ascii: "("))
            for item in sequence.items { try write(item, depth: depth + 1) }
            bytes.append(UInt8(ascii: "t"))
            memo[ObjectIdentifier(sequence)] = put()
        case .set:
            global("__builtin__", "set")
            try write(.sequence(CheckpointSequence(.list, sequence.items)), depth: depth + 1)
            bytes += [0x85, UInt8(ascii: "R")]
            memo[ObjectIdentifier(sequence)] = put()
        }
    }

    private mutating func write(_ dictionary: CheckpointDictionary, _ depth: Int) throws(CheckpointError) {
        if let index = memo[ObjectIdentifier(dictionary)] { return get(index) }
        if dictionary.isOrdered {
            global("collections", "OrderedDict")
            bytes += [UInt8(ascii: ")"), UInt8(ascii: "R")]
        } else {
            bytes.append(UInt8(ascii: "}"))
        }
        memo[ObjectIdentifier(dictionary)] = put()
        if !dictionary.pairs.isEmpty {
            bytes.append(UInt8(ascii: "("))
            for (key, value) in dictionary.pairs {
                try write(key, depth: depth + 1)
                try write(value, depth: depth + 1)
            }
            bytes.append(UInt8(ascii: "u"))
        }
        if dictionary.isOrdered, let attributes = dictionary.attributes {
            try write(.dictionary(attributes), depth: depth + 1)
            bytes.append(UInt8(ascii: "b"))
        }
    }

    private mutating func write(_ tensor: Tensor) throws(CheckpointError) {
        if let index = memo[ObjectIdentifier(tensor)] { return get(index) }
        if !tensor.isLeaf && tensor.requiresGrad && tensor.isParameter { throw CheckpointError(.runtime, file, "a parameter must be a leaf") }
        tensor.storage.linearize()
        let key: Int
        if let known = keys[ObjectIdentifier(tensor.storage)] {
            key = known
        } else {
            key = storages.count
            keys[ObjectIdentifier(tensor.storage)] = key
            storages.append((tensor.storage, tensor.dtype))
        }
        if tensor.isParameter { global("torch._utils", "_rebuild_parameter") }
        if tensor.isParameter { bytes.append(UInt8(ascii: "(")) }
        global("torch._utils", "_rebuild_tensor_v2")
        bytes += [UInt8(ascii: "("), UInt8(ascii: "(")]
        write("storage")
        global("torch", "\(tensor.dtype.typeName)Storage")
        write(String(key))
        write("cpu")
        write(Int64(tensor.storage.byteCount / tensor.dtype.size))
        bytes += [UInt8(ascii: "t"), UInt8(ascii: "Q")]
        write(Int64(tensor.layout.offset))
        write(tuple: tensor.shape)
        write(tuple: tensor.strides)
        bytes.append(tensor.requiresGrad && !tensor.isParameter ? 0x88 : 0x89)
        global("collections", "OrderedDict")
        bytes += [UInt8(ascii: ")"), UInt8(ascii: "R"), UInt8(ascii: "t"), UInt8(ascii: "R")]
        if tensor.isParameter {
            bytes.append(tensor.requiresGrad ? 0x88 : 0x89)
            global("collections", "OrderedDict")
            bytes += [UInt8(ascii: ")"), UInt8(ascii: "R"), UInt8(ascii: "t"), UInt8(ascii: "R")]
        }
        memo[ObjectIdentifier(tensor)] = put()
    }
}
