import CNettle
import Interpreter

/// A message digest in progress.
private final class Hash {
    let algorithm: HashAlgorithm
    private let context: UnsafeMutableRawPointer

    init(_ algorithm: HashAlgorithm) {
        self.algorithm = algorithm
        context = .allocate(byteCount: algorithm.contextSize, alignment: 16)
        algorithm.start(context)
    }

    init(copying other: Hash) {
        algorithm = other.algorithm
        context = .allocate(byteCount: algorithm.contextSize, alignment: 16)
        context.copyMemory(from: other.context, byteCount: algorithm.contextSize)
    }

    deinit { context.deallocate() }

    func update(_ bytes: UnsafeBufferPointer<UInt8>) {
        if let base = bytes.baseAddress, bytes.count > 0 { algorithm.update(context, bytes.count, base) }
    }

    /// The digest so far; more may follow.
    func digest() -> [UInt8] {
        // Nettle starts over after handing out a digest.
        let copy = UnsafeMutableRawPointer.allocate(byteCount: algorithm.contextSize, alignment: 16)
        defer { copy.deallocate() }
        copy.copyMemory(from: context, byteCount: algorithm.contextSize)
        return [UInt8](unsafeUninitializedCapacity: algorithm.digestSize) { buffer, count in
            algorithm.finish(copy, algorithm.digestSize, buffer.baseAddress)
            count = algorithm.digestSize
        }
    }
}

/// One of Nettle's hash functions.
private struct HashAlgorithm {
    let name: String
    let contextSize: Int
    let digestSize: Int
    let blockSize: Int
    let start: (UnsafeMutableRawPointer?) -> Void
    let update: (UnsafeMutableRawPointer?, Int, UnsafePointer<UInt8>?) -> Void
    let finish: (UnsafeMutableRawPointer?, Int, UnsafeMutablePointer<UInt8>?) -> Void

    init?(_ name: String, _ hash: nettle_hash) {
        guard let initialize = hash.`init`, let update = hash.update, let digest = hash.digest else { return nil }
        self.name = name
        contextSize = Int(hash.context_size)
        digestSize = Int(hash.digest_size)
        blockSize = Int(hash.block_size)
        start = { initialize($0) }
        self.update = { update($0, $1, $2) }
        finish = { digest($0, $1, $2) }
    }

    /// In the order that `dir(hashlib)` does not care about.
    static func all() -> [HashAlgorithm] {
        [
            HashAlgorithm("md5", nettle_md5), HashAlgorithm("sha1", nettle_sha1), HashAlgorithm("sha224", nettle_sha224),
            HashAlgorithm("sha256", nettle_sha256), HashAlgorithm("sha384", nettle_sha384), HashAlgorithm("sha512", nettle_sha512),
            HashAlgorithm("sha3_224", nettle_sha3_224), HashAlgorithm("sha3_256", nettle_sha3_256),
            HashAlgorithm("sha3_384", nettle_sha3_384), HashAlgorithm("sha3_512", nettle_sha3_512),
        ].compactMap { $0 }
    }
}

/// The `hashlib` module.
func registerHashlib(_ vm: VM) {
    vm.registerNativeModule("hashlib") { (vm, module) throws(PythonError) -> Void in
        let type = vm.makeBuiltinClass("HASH", module: "_hashlib", layout: Tag.native, isBase: false, populate: fillHashClass)
        let algorithms = HashAlgorithm.all()
        func make(_ algorithm: HashAlgorithm, _ data: Value) throws(PythonError) -> Value {
            let hash = Hash(algorithm)
            if !data.isUndefined { try add(vm, hashInput(vm, data), to: hash) }
            return vm.native(hash, type)
        }
        for algorithm in algorithms {
            module.function(algorithm.name, "string=..., *, usedforsecurity=True") { (vm, a) throws(PythonError) -> Value in try make(algorithm, a[0])
            }
        }
        module.function("new", "name, data=..., *, usedforsecurity=True") { (vm, a) throws(PythonError) -> Value in
            guard a[0].tag == Tag.string else { throw vm.typeError("name must be a string") }
            let name = vm.text(a[0])
            let plain = name.lowercased().replacing("-", with: name.lowercased().hasPrefix("sha3") ? "_" : "")
            guard let algorithm = algorithms.first(where: { $0.name == plain }) else { throw vm.valueError("unsupported hash type \(name)") }
            return try make(algorithm, a[1])
        }
        for name in ["algorithms_guaranteed", "algorithms_available"] {
            let names = vm.tuple(algorithms.map { vm.string($0.name) })
            defer { vm.heap.release(names) }
            guard let setClass = vm.builtinClasses["set"] else { continue }
            module.set(name, try vm.call(setClass.value, names))
        }
        module.function("file_digest", "fileobj, digest, /") { (vm, a) throws(PythonError) -> Value in
            try fileDigest(vm, a[0], a[1]) { (name) throws(PythonError) -> Value in
                guard let algorithm = algorithms.first(where: { $0.name == name }) else { throw vm.valueError("unsupported hash type \(name)") }
                return try make(algorithm, .undefined)
            }
        }
    }
}

private func hashInput(_ vm: VM, _ value: Value) throws(PythonError) -> UnsafeBufferPointer<UInt8> {
    let plain = vm.payload(value)
    if plain.tag == Tag.string { throw vm.typeError("Strings must be encoded before hashing") }
    guard plain.tag == Tag.bytes || plain.tag == Tag.byteArray else { throw vm.typeError("object supporting the buffer API required") }
    return vm.byteBuffer(plain)
}

/// Takes in bytes that may be many.
private func add(_ vm: VM, _ bytes: UnsafeBufferPointer<UInt8>, to hash: Hash) throws(PythonError) {
    try vm.inParts(bytes.count, of: 1 << 20) { hash.update(UnsafeBufferPointer(rebasing: bytes[$0])) }
}

/// The hash of what is left in a binary file; `digest` is a name or makes a hash object.
private func fileDigest(_ vm: VM, _ file: Value, _ digest: Value, _ make: (String) throws(PythonError) -> Value) throws(PythonError) -> Value {
    let hash = digest.tag == Tag.string ? try make(vm.text(digest)) : try vm.call(digest)
    do throws(PythonError) {
        while true {
            let chunk = try vm.callMethod(file, "read", .int(1 << 18))
            defer { vm.heap.release(chunk) }
            if chunk.tag == Tag.string {
                throw vm.valueError("'\(try vm.reprText(file))' is not a file-like object in binary reading mode.")
            }
            if try vm.length(chunk) == 0 { return hash }
            vm.heap.release(try vm.callMethod(hash, "update", chunk))
        }
    } catch {
        vm.heap.release(hash)
        throw error
    }
}

private func fillHashClass(_ vm: VM, _ type: ClassPointer) {
    func hash(_ vm: VM, _ value: Value) throws(PythonError) -> Hash {
        guard let hash = vm.nativeObject(value, as: Hash.self) else {
            throw vm.typeError("descriptor requires a '_hashlib.HASH' object but received a '\(vm.typeName(value))'")
        }
        return hash
    }
    vm.define(type, "update", "self, obj, /") { (vm, a) throws(PythonError) -> Value in
        try add(vm, hashInput(vm, a[1]), to: hash(vm, a[0]))
        return .none
    }
    vm.define(type, "digest", "self, /") { (vm, a) throws(PythonError) -> Value in vm.bytes(try hash(vm, a[0]).digest()) }
    vm.define(type, "hexdigest", "self, /") { (vm, a) throws(PythonError) -> Value in
        vm.string(hexadecimal(try hash(vm, a[0]).digest()))
    }
    vm.define(type, "copy", "self, /") { (vm, a) throws(PythonError) -> Value in vm.native(Hash(copying: try hash(vm, a[0])), type) }
    vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
        vm.string("<\(try hash(vm, a[0]).algorithm.name) _hashlib.HASH object @ 0x\(VM.hexadecimal(a[0].bits))>")
    }
    vm.defineProperty(type, "name") { (vm, value) throws(PythonError) -> Value in vm.string(try hash(vm, value).algorithm.name) }
    vm.defineProperty(type, "digest_size") { (vm, value) throws(PythonError) -> Value in .int(try hash(vm, value).algorithm.digestSize) }
    vm.defineProperty(type, "block_size") { (vm, value) throws(PythonError) -> Value in .int(try hash(vm, value).algorithm.blockSize) }
}

/// Two lower-case digits a byte.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    for byte in bytes { appendHexadecimal(byte, to: &result) }
    return result
}

@inline(__always)
func appendHexadecimal(_ byte: UInt8, to result: inout [UInt8]) {
    let digits: StaticString = "0123456789abcdef"
    result.append(digits.utf8Start[Int(byte >> 4)])
    result.append(digits.utf8Start[Int(byte & 15)])
}
