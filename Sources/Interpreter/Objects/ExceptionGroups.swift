// BaseExceptionGroup and ExceptionGroup: several exceptions raised as one (PEP 654).

extension VM {
    var exceptionGroupClass: ClassPointer { builtinClasses["BaseExceptionGroup"] ?? objectClass }

    /// `class ExceptionGroup(BaseExceptionGroup, Exception)`
    func makeExceptionGroupClass() {
        guard let exception = builtinClasses["Exception"], let base = exception.info.bases.first else { return }
        let group = exceptionGroupClass
        let type = makeClass(
            name: "ExceptionGroup", bases: [group, exception], order: [group, exception, base, objectClass], layout: Tag.exception,
            hasInstanceAttributes: true)
        type.info.construct = group.info.construct
        builtinClasses["ExceptionGroup"] = type
    }

    func isGroup(_ value: Value) -> Bool { value.tag == Tag.exception && isInstance(value, exceptionGroupClass) }

    /// The members of a group, owned.
    func groupMembers(_ group: Value) throws(PythonError) -> [Value] {
        let given = exceptionArgument(group, 1)
        defer { heap.release(given) }
        return given.isNone ? [] : try collect(given)
    }

    /// Checks the arguments of a group's constructor. A BaseExceptionGroup of nothing but Exceptions becomes an ExceptionGroup.
    func checkedGroupClass(_ type: ClassPointer, _ arguments: TuplePointer) throws(PythonError) -> ClassPointer {
        let count = arguments.pointee.count
        guard count == 2 else { throw typeError("BaseExceptionGroup.__new__() takes exactly 2 arguments (\(count) given)") }
        guard arguments.items[0].tag == Tag.string else {
            throw typeError("BaseExceptionGroup.__new__() argument 1 must be str, not \(typeName(arguments.items[0]))")
        }
        let given = payload(arguments.items[1])
        guard given.tag == Tag.list || given.tag == Tag.tuple else { throw typeError("second argument (exceptions) must be a sequence") }
        let members = try collect(given)
        defer { for member in members { heap.release(member) } }
        if members.isEmpty { throw valueError("second argument (exceptions) must be a non-empty sequence") }
        guard let exceptionClass = builtinClasses["Exception"], let plainGroup = builtinClasses["ExceptionGroup"] else { return type }
        var areExceptions = true
        for (index, member) in members.enumerated() {
            guard member.tag == Tag.exception else { throw valueError("Item \(index) of second argument (exceptions) is not an exception") }
            if !isInstance(member, exceptionClass) { areExceptions = false }
        }
        if type == exceptionGroupClass { return areExceptions ? plainGroup : type }
        if !areExceptions {
            if type == plainGroup { throw typeError("Cannot nest BaseExceptions in an ExceptionGroup") }
            if isSubclass(type, exceptionClass) { throw typeError("Cannot nest BaseExceptions in '\(type.info.name)'") }
        }
        return type
    }

    func fillExceptionGroup(_ type: ClassPointer) {
        defineProperty(type, "message") { (vm, value) throws(PythonError) -> Value in vm.exceptionArgument(value, 0) }
        defineProperty(type, "exceptions") { (vm, value) throws(PythonError) -> Value in vm.tuple(try vm.groupMembers(value)) }
        define(type, "__str__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let message = vm.exceptionArgument(a[0], 0)
            defer { vm.heap.release(message) }
            let inner = vm.exceptionArgument(a[0], 1)
            defer { vm.heap.release(inner) }
            let count = inner.isNone ? 0 : try vm.length(inner)
            return vm.string("\(try vm.strText(message)) (\(count) sub-exception\(count == 1 ? "" : "s"))")
        }
        define(type, "derive", "self, excs, /") { (vm, a) throws(PythonError) -> Value in
            try vm.call(vm.exceptionGroupClass.value, arguments: [vm.borrowedArgument(a[0], 0), a[1]])
        }
        define(type, "split", "self, condition, /") { (vm, a) throws(PythonError) -> Value in
            let accepts = try vm.groupCondition(a[1])
            let (match, rest) = try vm.split(a[0], accepts)
            return vm.tuple([match ?? .none, rest ?? .none])
        }
        define(type, "subgroup", "self, condition, /") { (vm, a) throws(PythonError) -> Value in
            let accepts = try vm.groupCondition(a[1])
            let (match, rest) = try vm.split(a[0], accepts)
            if let rest { vm.heap.release(rest) }
            return match ?? .none
        }
        defineClassGetItem(type)
    }

    private func borrowedArgument(_ exception: Value, _ index: Int) -> Value {
        let arguments = exception.object(as: ExceptionObject.self).pointee.arguments.tuple
        return index < arguments.pointee.count ? arguments.items[index] : .none
    }

    typealias GroupCondition = (Value) throws(PythonError) -> Bool

    /// What `split` takes: a class of exceptions, a tuple of them, or a function.
    private func groupCondition(_ given: Value) throws(PythonError) -> GroupCondition {
        let isClass = given.tag == Tag.classObject && isSubclass(given.object(as: ClassObject.self), builtinClasses["BaseException"] ?? objectClass)
        if isClass || given.tag == Tag.tuple {
            return { [unowned self] (value) throws(PythonError) -> Bool in try self.exceptionMatches(value, given) }
        }
        guard
            special(typeOf(given), .call).isUndefined == false || given.tag == Tag.function || given.tag == Tag.builtin
                || given.tag == Tag.boundMethod
        else {
            throw typeError("expected a function, exception type or tuple of exception types")
        }
        return { [unowned self] (value) throws(PythonError) -> Bool in
            let verdict = try self.call(given, value)
            defer { self.heap.release(verdict) }
            return try self.isTrue(verdict)
        }
    }

    /// Divides an exception, or a group member by member, into what the condition accepts and the rest; both owned.
    func split(_ exception: Value, _ accepts: GroupCondition) throws(PythonError) -> (match: Value?, rest: Value?) {
        if try accepts(exception) { return (exception.retained(), nil) }
        guard isGroup(exception) else { return (nil, exception.retained()) }
        guard nativeDepth < nativeDepthLimit else { throw recursionError(" in exceptiongroup_split_recursive") }
        nativeDepth += 1
        defer { nativeDepth -= 1 }
        let members = try groupMembers(exception)
        var matches: [Value] = []
        var rests: [Value] = []
        defer { for value in members + matches + rests { heap.release(value) } }
        for member in members {
            let (match, rest) = try split(member, accepts)
            if let match { matches.append(match) }
            if let rest { rests.append(rest) }
        }
        let match = try derivedGroup(exception, matches)
        do throws(PythonError) {
            return (match, try derivedGroup(exception, rests))
        } catch {
            if let match { heap.release(match) }
            throw error
        }
    }

    /// A group like `original` with other members: traceback, cause, context and notes are the original's. nil without members.
    private func derivedGroup(_ original: Value, _ members: [Value]) throws(PythonError) -> Value? {
        if members.isEmpty { return nil }
        let list = list(members.map { $0.retained() })
        defer { heap.release(list) }
        let derived = try callMethod(original, "derive", list)
        guard isGroup(derived) else {
            heap.release(derived)
            throw typeError("derive must return an instance of BaseExceptionGroup")
        }
        copyMetadata(from: original, to: derived)
        return derived
    }

    private func copyMetadata(from original: Value, to derived: Value) {
        let source = original.object(as: ExceptionObject.self)
        let target = derived.object(as: ExceptionObject.self)
        heap.replace(&target.pointee.cause, with: source.pointee.cause.retained())
        heap.replace(&target.pointee.context, with: source.pointee.context.retained())
        target.pointee.suppressesContext = source.pointee.suppressesContext
        target.pointee.traceback.clear(in: heap)
        for entry in source.pointee.traceback.entries {
            entry.frame.retain()
            target.pointee.traceback.append(entry)
        }
        let notes = ownAttribute(original, intern("__notes__"))
        if !notes.isUndefined { setOwnAttribute(derived, intern("__notes__"), notes) }
    }
}
