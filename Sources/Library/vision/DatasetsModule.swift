import Glibc
import Interpreter
import Tensors
import Vision

// `_vision_datasets`: reading and drawing datasets.

extension VisionBinding {
    func fillDatasets(_ module: NativeModule) {
        function(module, "md5", "path") { [unowned self] a in vm.string(try MD5.ofFile(text(a[0]))) }
        function(module, "fetch", "url, path") { [unowned self] a in
            .int(try run(["curl", "--fail", "--location", "--progress-bar", "--continue-at", "-", "--output", text(a[1]), text(a[0])]))
        }
        function(module, "unpack", "archive, folder") { [unowned self] a in .int(try run(["tar", "-xf", text(a[0]), "-C", text(a[1])])) }
        function(module, "cifar", "paths, label_key") { [unowned self] a in
            var paths: [String] = []
            for item in try vm.collect(a[0]) {
                defer { vm.heap.release(item) }
                paths.append(try text(item))
            }
            let (images, labels) = try cifar(paths, text(a[1]))
            return vm.tuple([try vm.numpyArray(images), vm.list(labels.map { .int($0) })])
        }
        function(module, "cifar_names", "path, key") { [unowned self] a in
            vm.list(try CIFARFile(text(a[0])).strings(text(a[1])).map { vm.string($0) })
        }
        function(module, "idx", "path") { [unowned self] a in vm.tensorValue(try IDXFile.read(text(a[0]))) }
        function(module, "shapes10", "train") { [unowned self] a in
            let (images, labels) = try Shapes10.draw(train: vm.isTrue(a[0]))
            return vm.tuple([try vm.numpyArray(images), vm.list(labels.map { .int($0) })])
        }
        module.set("shapes10_classes", vm.list(Shapes10.classes.map { vm.string($0) }))
    }

    /// Images `[count, 32, 32, 3]` and labels of several files. One file at a time is in memory beside the images.
    private func cifar(_ paths: [String], _ labelKey: String) throws -> (Tensor, [Int]) {
        let counts = try paths.map { try CIFARFile($0).imageCount }
        let images = try Tensor.empty([counts.reduce(0, +), 32, 32, 3], dtype: .uint8)
        var labels: [Int] = []
        var at = images.pointer.assumingMemoryBound(to: UInt8.self)
        for (path, count) in zip(paths, counts) {
            let file = try CIFARFile(path)
            let own = try file.integers(labelKey)
            guard try file.imageCount == count, own.count == count else { throw vm.valueError("\(path): \(count) images but \(own.count) labels") }
            try file.copyInterleaved(to: at)
            at += count * 3072
            labels += own
        }
        return (images, labels)
    }

    /// Runs a program and waits for it; 127 when there is none of that name.
    private func run(_ words: [String]) throws -> Int {
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        guard posix_spawnp(&process, words[0], nil, nil, arguments, environ) == 0 else { return 127 }
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1 {
            guard errno == EINTR else { throw vm.osError(errno) }
            try vm.poll()
        }
        return status & 0x7F == 0 ? Int(status >> 8 & 0xFF) : 128 + Int(status & 0x7F)
    }
}
