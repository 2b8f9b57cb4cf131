/// What a class knows: its place in the hierarchy, its namespace, how instances are made.
package final class ClassInfo {
    package var name: String
    package var qualifiedName: String
    /// Owned references, as is `order`.
    package private(set) var bases: [ClassPointer]
    /// Method resolution order, the class itself first (that one not counted).
    package private(set) var order: [ClassPointer]
    /// A dict of interned names, owned.
    package let namespace: UnsafeMutablePointer<DictObject>
    /// Not counted; a class removes itself when it goes.
    var subclasses: [ClassPointer] = []
    /// Tag of what instances are or carry as payload: `Tag.instance` for plain classes.
    package let layout: UInt64
    /// Written in the language (attributes may be set).
    package let isUserClass: Bool
    /// Fills the namespace of a built-in class on first lookup.
    package var populate: ((VM, ClassPointer) -> Void)?
    /// Makes an instance of a built-in class: argument 0 is the class that was called.
    package var construct: NativeFunction?
    /// Subclassing is allowed.
    package var isBase = true
    /// Instances carry attributes of their own (false for int, str, list … themselves).
    package var hasInstanceAttributes: Bool
    /// Looked-up special methods, borrowed: undefined = not looked up yet, notImplemented = absent.
    private(set) var specials: UnsafeMutablePointer<Value>
    private var ownsSpecials = false
    /// Slots to reserve inline in a new instance: the most seen.
    var slotHint = 2
    /// With `__slots__` along the whole order: the only attributes instances may have.
    package var slotNames: Set<StringPointer>?
    /// Names in `__slots__` of some class in the order while another leaves instances open: these stay out of `__dict__`.
    var hiddenNames: Set<StringPointer> = []
    /// Names in `__abstractmethods__`, when not empty instantiation is refused.
    package var abstractMethods: [String] = []
    /// Messages show the class's name without its module, as those of classes written in Python.
    package var isShownBare = false
    /// What `__module__` says.
    package var module: String

    init(
        name: String, qualifiedName: String, module: String, bases: [ClassPointer], order: [ClassPointer],
        namespace: UnsafeMutablePointer<DictObject>, layout: UInt64, isUserClass: Bool, hasInstanceAttributes: Bool,
        specials: UnsafeMutablePointer<Value>
    ) {
        self.name = name
        self.qualifiedName = qualifiedName
        self.module = module
        self.bases = bases
        self.order = order
        self.namespace = namespace
        self.layout = layout
        self.isUserClass = isUserClass
        self.hasInstanceAttributes = hasInstanceAttributes
        self.specials = specials
    }

    deinit { if ownsSpecials { specials.deallocate() } }

    /// Nothing looked up yet: what every class starts with. Most built-in classes never need a table of their own.
    static func emptySpecials() -> UnsafeMutablePointer<Value> {
        let table = UnsafeMutablePointer<Value>.allocate(capacity: Special.count)
        table.initialize(repeating: .undefined, count: Special.count)
        return table
    }

    func rememberSpecial(_ special: Special, _ value: Value) {
        if !ownsSpecials {
            specials = ClassInfo.emptySpecials()
            ownsSpecials = true
        }
        specials[special.rawValue] = value
    }

    func forgetSpecials() {
        guard ownsSpecials else { return }
        for index in 0..<Special.count { specials[index] = .undefined }
    }

    func visitReferences(_ visit: (Value) -> Void) {
        for base in bases { visit(Value(tag: Tag.classObject, pointer: base)) }
        for type in order.dropFirst() { visit(Value(tag: Tag.classObject, pointer: type)) }
        visit(Value(tag: Tag.dict, pointer: namespace))
    }

    func clearNamespace(in heap: Heap) {
        forgetSpecials()
        heap.clearDict(namespace)
    }

    /// Gives up everything; the class object itself is being freed.
    func destroy(in heap: Heap) {
        guard let own = order.first else { return }
        for base in bases {
            base.pointee.info._withUnsafeGuaranteedRef { $0.subclasses.removeAll { $0 == own } }
            heap.release(Value(tag: Tag.classObject, pointer: base))
        }
        for type in order.dropFirst() { heap.release(Value(tag: Tag.classObject, pointer: type)) }
        bases = []
        order = []
        heap.release(Value(tag: Tag.dict, pointer: namespace))
        if let root = own.pointee.rootShape { Shape.destroyTree(root) }
    }
}

/// Special methods that the machine looks up by itself, cached per class.
package enum Special: Int, CaseIterable {
    case getAttribute, getAttr, setAttr, delAttr, new, initialize, call, del
    case repr, str, format, bytes, hash, bool, length, lengthHint
    case getItem, setItem, delItem, contains, iter, next, reversed, missing
    case enter, exit
    case get, set, delete, setName, initSubclass, classGetItem
    case less, lessEqual, equal, notEqual, greater, greaterEqual
    case add, sub, mul, matmul, truediv, floordiv, mod, divmod, pow, lshift, rshift, and, or, xor
    case radd, rsub, rmul, rmatmul, rtruediv, rfloordiv, rmod, rdivmod, rpow, rlshift, rrshift, rand, ror, rxor
    case iadd, isub, imul, imatmul, itruediv, ifloordiv, imod, ipow, ilshift, irshift, iand, ior, ixor
    case neg, pos, invert, abs, int, float, index, round, trunc, floor, ceil
    case copy, deepcopy, dir, instancecheck, subclasscheck, fspath, matchArgs
    // Hooks on classes themselves, in place of metaclasses.
    case classIter, classLen, classContains, classGetItemHook, classCall, classSetattr, classDelattr, classRepr, classReversed, classBool, classDir
    case classGetattr, classInstancecheck, classSubclasscheck

    package static let count = allCases.count

    /// The method's name in programs.
    package var name: String { Special.names[rawValue] }

    private static let names: [String] = allCases.map { special in
        switch special {
        case .getAttribute: "__getattribute__"
        case .getAttr: "__getattr__"
        case .setAttr: "__setattr__"
        case .delAttr: "__delattr__"
        case .initialize: "__init__"
        case .length: "__len__"
        case .lengthHint: "__length_hint__"
        case .getItem: "__getitem__"
        case .setItem: "__setitem__"
        case .delItem: "__delitem__"
        case .setName: "__set_name__"
        case .initSubclass: "__init_subclass__"
        case .classGetItem: "__class_getitem__"
        case .less: "__lt__"
        case .lessEqual: "__le__"
        case .equal: "__eq__"
        case .notEqual: "__ne__"
        case .greater: "__gt__"
        case .greaterEqual: "__ge__"
        case .instancecheck: "__instancecheck__"
        case .subclasscheck: "__subclasscheck__"
        case .matchArgs: "__match_args__"
        case .classIter: "__class_iter__"
        case .classLen: "__class_len__"
        case .classContains: "__class_contains__"
        case .classGetItemHook: "__class_getitem_hook__"
        case .classCall: "__class_call__"
        case .classSetattr: "__class_setattr__"
        case .classDelattr: "__class_delattr__"
        case .classRepr: "__class_repr__"
        case .classReversed: "__class_reversed__"
        case .classBool: "__class_bool__"
        case .classDir: "__class_dir__"
        case .classGetattr: "__class_getattr__"
        case .classInstancecheck: "__class_instancecheck__"
        case .classSubclasscheck: "__class_subclasscheck__"
        case .new: "__new__"
        case .call: "__call__"
        case .del: "__del__"
        case .repr: "__repr__"
        case .str: "__str__"
        case .format: "__format__"
        case .bytes: "__bytes__"
        case .hash: "__hash__"
        case .bool: "__bool__"
        case .contains: "__contains__"
        case .iter: "__iter__"
        case .next: "__next__"
        case .reversed: "__reversed__"
        case .missing: "__missing__"
        case .enter: "__enter__"
        case .exit: "__exit__"
        case .get: "__get__"
        case .set: "__set__"
        case .delete: "__delete__"
        case .add: "__add__"
        case .sub: "__sub__"
        case .mul: "__mul__"
        case .matmul: "__matmul__"
        case .truediv: "__truediv__"
        case .floordiv: "__floordiv__"
        case .mod: "__mod__"
        case .divmod: "__divmod__"
        case .pow: "__pow__"
        case .lshift: "__lshift__"
        case .rshift: "__rshift__"
        case .and: "__and__"
        case .or: "__or__"
        case .xor: "__xor__"
        case .radd: "__radd__"
        case .rsub: "__rsub__"
        case .rmul: "__rmul__"
        case .rmatmul: "__rmatmul__"
        case .rtruediv: "__rtruediv__"
        case .rfloordiv: "__rfloordiv__"
        case .rmod: "__rmod__"
        case .rdivmod: "__rdivmod__"
        case .rpow: "__rpow__"
        case .rlshift: "__rlshift__"
        case .rrshift: "__rrshift__"
        case .rand: "__rand__"
        case .ror: "__ror__"
        case .rxor: "__rxor__"
        case .iadd: "__iadd__"
        case .isub: "__isub__"
        case .imul: "__imul__"
        case .imatmul: "__imatmul__"
        case .itruediv: "__itruediv__"
        case .ifloordiv: "__ifloordiv__"
        case .imod: "__imod__"
        case .ipow: "__ipow__"
        case .ilshift: "__ilshift__"
        case .irshift: "__irshift__"
        case .iand: "__iand__"
        case .ior: "__ior__"
        case .ixor: "__ixor__"
        case .neg: "__neg__"
        case .pos: "__pos__"
        case .invert: "__invert__"
        case .abs: "__abs__"
        case .int: "__int__"
        case .float: "__float__"
        case .index: "__index__"
        case .round: "__round__"
        case .trunc: "__trunc__"
        case .floor: "__floor__"
        case .ceil: "__ceil__"
        case .copy: "__copy__"
        case .deepcopy: "__deepcopy__"
        case .dir: "__dir__"
        case .fspath: "__fspath__"
        }
    }
}
