import Interpreter

// itertools: islice, pairwise, zip_longest.

func addSlicing(_ module: NativeModule) {
    module.iteratorClass("islice", "cls, /, *arguments") { (vm, type, a) throws(PythonError) -> Value in
        let given = vm.borrowedItems(a[1])
        guard given.count >= 2 else { throw vm.typeError("islice expected at least 2 arguments, got \(given.count)") }
        guard given.count <= 4 else { throw vm.typeError("islice expected at most 4 arguments, got \(given.count)") }
        let rule = "for islice() must be None or an integer: 0 <= x <= sys.maxsize."
        var next = 0
        var stop: Int?
        if given.count == 2 {
            stop = try bound(vm, given[1], "Stop argument \(rule)")
        } else {
            stop = try bound(vm, given[2], "Stop argument \(rule)")
            next = try bound(vm, given[1], "Indices \(rule)") ?? 0
        }
        let step = given.count == 4 ? try bound(vm, given[3], "Step for islice() must be a positive integer or None.") ?? 1 : 1
        if step < 1 { throw vm.valueError("Step for islice() must be a positive integer or None.") }
        var position = 0
        return vm.nativeIterator(type, holding: [try vm.makeIterator(given[0])]) { (vm, state) throws(PythonError) -> Value in
            if state.held[0].isNone { return .undefined }
            func end() -> Value {
                state.hold(0, .none)
                return .undefined
            }
            while position < next {
                let skipped = try vm.next(state.held[0])
                if skipped.isUndefined { return end() }
                vm.heap.release(skipped)
                position += 1
            }
            if let stop, position >= stop { return end() }
            let item = try vm.next(state.held[0])
            if item.isUndefined { return end() }
            position += 1
            let (following, overflow) = next.addingReportingOverflow(step)
            next = overflow ? stop ?? Int.max : following
            if let stop, next > stop { next = stop }
            return item
        }
    }
    module.iteratorClass("pairwise", "cls, iterable, /") { (vm, type, a) throws(PythonError) -> Value in
        vm.nativeIterator(type, holding: [try vm.makeIterator(a[1]), .undefined]) { (vm, state) throws(PythonError) -> Value in
            if state.held[1].isUndefined {
                let first = try vm.next(state.held[0])
                if first.isUndefined { return .undefined }
                state.hold(1, first)
            }
            let item = try vm.next(state.held[0])
            if item.isUndefined { return .undefined }
            let previous = state.take(1)
            state.hold(1, item.retained())
            return vm.pair(previous, item)
        }
    }
}

/// A bound of islice: nil for None.
private func bound(_ vm: VM, _ value: Value, _ message: String) throws(PythonError) -> Int? {
    if value.isNone { return nil }
    let number: Int
    do {
        number = try vm.index(value)
    } catch {
        guard vm.matches(error, "TypeError") || vm.matches(error, "OverflowError") else { throw error }
        vm.discard(error)
        throw vm.valueError(message)
    }
    if number < 0 { throw vm.valueError(message) }
    return number
}

func addZipping(_ module: NativeModule) {
    module.iteratorClass("zip_longest", "cls, /, *iterables, fillvalue=None") { (vm, type, a) throws(PythonError) -> Value in
        let count = a[2].tuple.pointee.count
        var values = [a[1].retained()]
        for iterable in vm.borrowedItems(a[2]) {
            do throws(PythonError) {
                values.append(try vm.makeIterator(iterable))
            } catch {
                for value in values { vm.heap.release(value) }
                throw error
            }
        }
        var active = count
        return vm.nativeIterator(type, holding: values) { (vm, state) throws(PythonError) -> Value in
            if active == 0 { return .undefined }
            var items: [Value] = []
            items.reserveCapacity(count)
            for index in 1...count {
                var item = Value.undefined
                if !state.held[index].isNone {
                    do throws(PythonError) {
                        item = try vm.next(state.held[index])
                    } catch {
                        for item in items { vm.heap.release(item) }
                        active = 0
                        throw error
                    }
                    if item.isUndefined {
                        active -= 1
                        state.hold(index, .none)
                        if active == 0 {
                            for item in items { vm.heap.release(item) }
                            return .undefined
                        }
                    }
                }
                items.append(item.isUndefined ? state.held[0].retained() : item)
            }
            return vm.tuple(items)
        }
    }
}
