/// An exception of the language on its way through Swift code. Owns one reference to the exception object.
package struct PythonError: Error {
    package let exception: Value

    package init(_ exception: Value) { self.exception = exception }
}

/// Where an exception passed: one entry per frame, innermost first as it unwinds.
package final class Traceback {
    package struct Entry {
        package let code: UnsafeMutablePointer<CodeRecord>
        /// Index of the instruction that was running.
        package let instruction: Int
    }
    package var entries: [Entry] = []

    package init() {}

    func copy() -> Traceback {
        let copy = Traceback()
        copy.entries = entries
        return copy
    }
}
