import Bytecode
import Diagnostics

// The order in which the built-in classes come to be.

extension VM {
    /// Makes all built-in classes; called once.
    func makeCoreClasses() {
        objectClass = makeClass(name: "object", bases: [], order: [], layout: Tag.instance)
        typeClass = makeClass(name: "type", bases: [objectClass], layout: Tag.classObject)
        for type in [objectClass, typeClass] { builtinClasses[type.info.name] = type }
        classOfTag[Int(Tag.classObject)] = typeClass
        objectClass.info.construct = NativeFunction("object", "cls") { (vm, a) throws(PythonError) -> Value in
            vm.allocateInstance(a[0].object(as: ClassObject.self), Tag.instance)
        }
        fillObject()
        makeTypeClass()
        makeCallableClasses()
        makeDescriptorClasses()
        makeSmallClasses()
        makeMappingProxyClass()
        makeIntClass()
        makeBoolClass()
        makeFloatClass()
        makeStrClass()
        makeBytesClass()
        makeByteArrayClass()
        makeListClass()
        makeTupleClass()
        makeDictClass()
        makeSetClasses()
        makeRangeClass()
        makeSliceClass()
        makeIteratorClasses()
        makeExceptionClasses()
    }
}
