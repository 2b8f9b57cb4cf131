import Interpreter

// itertools: product, permutations, combinations, combinations_with_replacement. Each keeps its pool as a tuple and walks
// indices in lexicographic order.

func addCombinatorics(_ module: NativeModule) {
    addProduct(module)
    addPermutations(module)
    addCombinations(module, "combinations", repeats: false)
    addCombinations(module, "combinations_with_replacement", repeats: true)
}

private func addProduct(_ module: NativeModule) {
    module.iteratorClass("product", "cls, /, *iterables, repeat=1") { (vm, type, a) throws(PythonError) -> Value in
        let times = try vm.index(a[1])
        if times < 0 { throw vm.valueError("repeat argument cannot be negative") }
        let given = vm.borrowedItems(a[2])
        let (total, overflow) = given.count.multipliedReportingOverflow(by: times)
        if overflow || total > 1 << 24 { throw vm.overflowError("repeat argument too large") }
        var once: [Value] = []
        if times > 0 {
            for iterable in given {
                do throws(PythonError) {
                    once.append(try vm.makeTuple(from: iterable))
                } catch {
                    for pool in once { vm.heap.release(pool) }
                    throw error
                }
            }
        }
        var pools: [Value] = []
        for _ in 0..<times { for pool in once { pools.append(pool.retained()) } }
        for pool in once { vm.heap.release(pool) }
        var indices = [Int](repeating: 0, count: total)
        var isFinished = pools.contains { $0.tuple.pointee.count == 0 }
        return vm.nativeIterator(type, holding: pools) { (vm, state) throws(PythonError) -> Value in
            if isFinished { return .undefined }
            let result = vm.makeTuple(total) { state.held[$0].tuple.items[indices[$0]].retained() }
            isFinished = true
            for place in stride(from: total - 1, through: 0, by: -1) {
                indices[place] += 1
                if indices[place] < state.held[place].tuple.pointee.count {
                    isFinished = false
                    break
                }
                indices[place] = 0
            }
            return result
        }
    }
}

private func addPermutations(_ module: NativeModule) {
    module.iteratorClass("permutations", "cls, iterable, r=None") { (vm, type, a) throws(PythonError) -> Value in
        let pool = try vm.makeTuple(from: a[1])
        let count = pool.tuple.pointee.count
        var size = count
        do throws(PythonError) {
            if !a[2].isNone {
                guard vm.payload(a[2]).isInt || a[2].isBool else { throw vm.typeError("Expected int as r") }
                size = try vm.index(a[2])
            }
            if size < 0 { throw vm.valueError("r must be non-negative") }
        } catch {
            vm.heap.release(pool)
            throw error
        }
        let length = size
        var indices = Array(0..<count)
        var cycles = length > count ? [] : (0..<length).map { count - $0 }
        var isFinished = length > count
        return vm.nativeIterator(type, holding: [pool]) { (vm, state) throws(PythonError) -> Value in
            if isFinished { return .undefined }
            let result = vm.makeTuple(length) { state.held[0].tuple.items[indices[$0]].retained() }
            isFinished = true
            for place in stride(from: length - 1, through: 0, by: -1) {
                cycles[place] -= 1
                if cycles[place] == 0 {
                    indices.append(indices.remove(at: place))
                    cycles[place] = count - place
                } else {
                    indices.swapAt(place, count - cycles[place])
                    isFinished = false
                    break
                }
            }
            return result
        }
    }
}

private func addCombinations(_ module: NativeModule, _ name: String, repeats: Bool) {
    module.iteratorClass(name, "cls, iterable, r") { (vm, type, a) throws(PythonError) -> Value in
        let pool = try vm.makeTuple(from: a[1])
        let count = pool.tuple.pointee.count
        let length: Int
        do throws(PythonError) {
            length = try vm.index(a[2])
            if length < 0 { throw vm.valueError("r must be non-negative") }
            if length > count { try vm.checkRoom(length) }
        } catch {
            vm.heap.release(pool)
            throw error
        }
        var isFinished = repeats ? count == 0 && length > 0 : length > count
        var indices = isFinished ? [] : repeats ? [Int](repeating: 0, count: length) : Array(0..<length)
        return vm.nativeIterator(type, holding: [pool]) { (vm, state) throws(PythonError) -> Value in
            if isFinished { return .undefined }
            let result = vm.makeTuple(length) { state.held[0].tuple.items[indices[$0]].retained() }
            var place = length - 1
            while place >= 0, indices[place] == (repeats ? count - 1 : place + count - length) { place -= 1 }
            if place < 0 {
                isFinished = true
                return result
            }
            let first = indices[place] + 1
            for offset in place..<length { indices[offset] = repeats ? first : first + offset - place }
            return result
        }
    }
}
