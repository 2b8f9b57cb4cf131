import Interpreter

/// Declares every module written in Swift. Nothing is built until a program imports it.
func registerStandardModules(_ vm: VM, _ search: ModuleSearch, _ streams: StandardStreams) {
    registerCounter(vm)
    registerRegex(vm)
    registerJSON(vm)
    registerHashlib(vm)
    registerBinascii(vm)
    registerStruct(vm)
    registerRandom(vm)
    registerCollections(vm)
    registerFunctools(vm)
    registerHeapq(vm)
    registerItertools(vm)
    registerOperator(vm)
    registerMath(vm)
    registerTime(vm)
    registerIO(vm, streams)
    registerExit(vm, streams)
    registerSys(vm, search, streams)
    registerGC(vm)
    registerTraceback(vm)
    registerInspect(vm)
    registerOS(vm)
    registerNumpy(vm)
    registerTorch(vm)
}
