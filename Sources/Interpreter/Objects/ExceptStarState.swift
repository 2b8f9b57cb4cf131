/// What a `try` with starred clauses keeps while it handles an exception: the part no clause has taken, the part of the
/// clause that runs, and what the clauses raised. The compiler's `ExceptStar` calls it.
final class ExceptStarState: ReferenceHolder {
    fileprivate let caught: Reference
    /// What no clause has matched so far.
    fileprivate var rest: Reference?
    fileprivate var matched: Reference?
    /// What clauses raised, each with the part its clause handled.
    fileprivate var raised: [(error: Reference, part: Reference)] = []

    init(_ caught: Reference) {
        self.caught = caught
        rest = caught
    }

    func visitReferences(_ visit: (Value) -> Void) {
        for reference in [caught, rest, matched] { if let reference { visit(reference.value) } }
        for (error, part) in raised {
            visit(error.value)
            visit(part.value)
        }
    }

    func dropReferences() {
        rest = nil
        matched = nil
        raised = []
    }
}

extension VM {
    func exceptStarState(_ exception: Value) -> Value { native(ExceptStarState(Reference(exception, heap)), exceptStarClass) }

    private var exceptStarClass: ClassPointer {
        if let type = builtinClasses["<except*>"] { return type }
        let type = makeBuiltinClass("except_star", layout: Tag.native, isBase: false) { (vm, type) in
            func state(_ value: Value) throws(PythonError) -> ExceptStarState {
                guard let state = vm.nativeObject(value, as: ExceptStarState.self) else { throw vm.typeError("not the state of a try statement") }
                return state
            }
            vm.define(type, "select", "self, type, /") { (vm, a) throws(PythonError) -> Value in .bool(try vm.select(a[1], state(a[0]))) }
            vm.define(type, "throw", "self, /") { (vm, a) throws(PythonError) -> Value in
                guard let matched = try state(a[0]).matched else { return .none }
                throw PythonError(matched.value.retained())
            }
            vm.define(type, "collect", "self, error, /") { (vm, a) throws(PythonError) -> Value in
                let state = try state(a[0])
                if let part = state.matched { state.raised.append((Reference(a[1], vm.heap), part)) }
                return .none
            }
            vm.define(type, "finish", "self, /") { (vm, a) throws(PythonError) -> Value in
                if let error = try vm.outcome(state(a[0])) { throw PythonError(error) }
                return .none
            }
        }
        builtinClasses["<except*>"] = type
        return type
    }

    /// Takes over a reference.
    private func holding(_ value: Value) -> Reference {
        defer { heap.release(value) }
        return Reference(value, heap)
    }

    /// Takes out of what is left the exceptions a clause names; false when there are none.
    private func select(_ filter: Value, _ state: ExceptStarState) throws(PythonError) -> Bool {
        for type in filter.tag == Tag.tuple ? (0..<filter.tuple.pointee.count).map({ filter.tuple.items[$0] }) : [filter]
        where type.tag == Tag.classObject && isSubclass(type.object(as: ClassObject.self), exceptionGroupClass) {
            throw typeError("catching ExceptionGroup with except* is not allowed. Use except instead.")
        }
        guard let rest = state.rest else { return false }
        if !isGroup(state.caught.value) {
            guard try exceptionMatches(rest.value, filter), let type = builtinClasses["BaseExceptionGroup"] else { return false }
            let (message, members) = (string(""), tuple([rest.value.retained()]))
            defer {
                heap.release(message)
                heap.release(members)
            }
            state.matched = holding(try call(type.value, message, members))
            state.rest = nil
            return true
        }
        let (match, left) = try split(rest.value) { (value) throws(PythonError) -> Bool in try self.exceptionMatches(value, filter) }
        state.rest = left.map(holding)
        guard let match else { return false }
        state.matched = holding(match)
        return true
    }

    /// The exception that leaves the whole statement, owned; nil when all was handled.
    private func outcome(_ state: ExceptStarState) throws(PythonError) -> Value? {
        let fresh = state.raised.filter { $0.error.value.bits != $0.part.value.bits }
        if !isGroup(state.caught.value) {
            if let only = state.raised.first { return only.error.value.retained() }
            return state.rest?.value.retained()
        }
        if state.raised.isEmpty { return state.rest?.value.retained() }
        // What clauses raised again keeps its place in the tree of the group that was caught.
        var leaves: Set<UInt64> = []
        for reference in state.raised.filter({ $0.error.value.bits == $0.part.value.bits }).map(\.part) {
            try collectLeaves(reference.value, &leaves)
        }
        if let rest = state.rest { try collectLeaves(rest.value, &leaves) }
        var again: Value?
        if !leaves.isEmpty {
            let (match, other) = try split(state.caught.value) { (value) throws(PythonError) -> Bool in leaves.contains(value.bits) }
            if let other { heap.release(other) }
            again = match
        }
        if fresh.isEmpty { return again }
        var members = fresh.map { $0.error.value.retained() }
        if let again { members.append(again) }
        let (message, list) = (string(""), list(members))
        defer {
            heap.release(message)
            heap.release(list)
        }
        return try call(exceptionGroupClass.value, message, list)
    }

    private func collectLeaves(_ exception: Value, _ leaves: inout Set<UInt64>) throws(PythonError) {
        guard isGroup(exception) else {
            leaves.insert(exception.bits)
            return
        }
        let members = try groupMembers(exception)
        defer { for member in members { heap.release(member) } }
        for member in members { try collectLeaves(member, &leaves) }
    }
}
