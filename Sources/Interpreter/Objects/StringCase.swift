// str: case conversion, and the predicates about characters.

extension StringMethods {
    /// Every code point satisfies `condition`, and there is at least one.
    @inline(__always)
    static func all(_ s: StringPointer, _ condition: (UInt32) -> Bool) -> Bool {
        var place = 0
        let end = s.pointee.byteCount
        while place < end {
            let (code, width) = UTF8Scalar.decode(s.bytes + place)
            if !condition(code) { return false }
            place += width
        }
        return end > 0
    }

    static func isUpper(_ s: StringPointer) -> Bool {
        var isCased = false
        return all(s) { code in
            if UnicodeTable.isLower(code) || UnicodeTable.isTitle(code) { return false }
            if !isCased { isCased = UnicodeTable.isUpper(code) }
            return true
        } && isCased
    }

    static func isLower(_ s: StringPointer) -> Bool {
        var isCased = false
        return all(s) { code in
            if UnicodeTable.isUpper(code) || UnicodeTable.isTitle(code) { return false }
            if !isCased { isCased = UnicodeTable.isLower(code) }
            return true
        } && isCased
    }

    static func isTitle(_ s: StringPointer) -> Bool {
        var isCased = false
        var previousIsCased = false
        return all(s) { code in
            if UnicodeTable.isUpper(code) || UnicodeTable.isTitle(code) {
                if previousIsCased { return false }
                previousIsCased = true
                isCased = true
            } else if UnicodeTable.isLower(code) {
                if !previousIsCased { return false }
                isCased = true
            } else {
                previousIsCased = false
            }
            return true
        } && isCased
    }

    static func isIdentifier(_ s: StringPointer) -> Bool {
        var isFirst = true
        return all(s) { code in
            defer { isFirst = false }
            return isFirst ? UnicodeTable.isIdentifierStart(code) : UnicodeTable.isIdentifierPart(code)
        }
    }

    // MARK: conversion

    static func upper(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        if s.isASCII { return mapASCII(vm, s) { $0 &- 0x61 < 26 ? $0 ^ 0x20 : $0 } }
        return map(vm, s, .upper)
    }

    static func lower(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        if s.isASCII { return mapASCII(vm, s) { $0 &- 0x41 < 26 ? $0 ^ 0x20 : $0 } }
        if !occursSigma(s) { return map(vm, s, .lower) }
        var out = StringBuilder(vm, capacity: s.pointee.byteCount)
        let scalars = scalars(s)
        for place in scalars.indices { appendLower(scalars, place, to: &out) }
        return out.finish()
    }

    /// Whether the letter is there whose lower case depends on its neighbours.
    private static func occursSigma(_ s: StringPointer) -> Bool {
        var sigma: (UInt8, UInt8) = (0xCE, 0xA3)
        return withUnsafeBytes(of: &sigma) { ByteSearch.first(s.buffer, $0.assumingMemoryBound(to: UInt8.self), from: 0) >= 0 }
    }

    private static func map(_ vm: VM, _ s: StringPointer, _ mapping: UnicodeTable.Case) -> Value {
        var out = StringBuilder(vm, capacity: s.pointee.byteCount)
        var place = 0
        while place < s.pointee.byteCount {
            let (code, width) = UTF8Scalar.decode(s.bytes + place)
            UnicodeTable.append(code, mapped: mapping, to: &out)
            place += width
        }
        return out.finish()
    }

    static func casefold(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        if s.isASCII { return try lower(vm, s, a) }
        var out = StringBuilder(vm, capacity: s.pointee.byteCount)
        for code in scalars(s) { UnicodeTable.appendFolded(code, to: &out) }
        return out.finish()
    }

    static func swapcase(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        if s.isASCII { return mapASCII(vm, s) { ($0 | 0x20) &- 0x61 < 26 ? $0 ^ 0x20 : $0 } }
        var out = StringBuilder(vm, capacity: s.pointee.byteCount)
        let scalars = scalars(s)
        for (place, code) in scalars.enumerated() {
            if UnicodeTable.isUpper(code) {
                appendLower(scalars, place, to: &out)
            } else if UnicodeTable.isLower(code) {
                UnicodeTable.append(code, mapped: .upper, to: &out)
            } else {
                out.append(codePoint: code)
            }
        }
        return out.finish()
    }

    static func capitalize(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        if s.isASCII {
            var isFirst = true
            return mapASCII(vm, s) {
                defer { isFirst = false }
                return ($0 &- (isFirst ? 0x61 : 0x41)) < 26 ? $0 ^ 0x20 : $0
            }
        }
        var out = StringBuilder(vm, capacity: s.pointee.byteCount)
        let scalars = scalars(s)
        for (place, code) in scalars.enumerated() {
            if place == 0 { UnicodeTable.append(code, mapped: .title, to: &out) } else { appendLower(scalars, place, to: &out) }
        }
        return out.finish()
    }

    static func title(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        var previousIsCased = false
        if s.isASCII {
            return mapASCII(vm, s) {
                let isLetter = ($0 | 0x20) &- 0x61 < 26
                defer { previousIsCased = isLetter }
                return isLetter ? (previousIsCased ? $0 | 0x20 : $0 & ~0x20) : $0
            }
        }
        var out = StringBuilder(vm, capacity: s.pointee.byteCount)
        let scalars = scalars(s)
        for (place, code) in scalars.enumerated() {
            if previousIsCased { appendLower(scalars, place, to: &out) } else { UnicodeTable.append(code, mapped: .title, to: &out) }
            previousIsCased = UnicodeTable.isCased(code)
        }
        return out.finish()
    }

    @inline(__always)
    private static func mapASCII(_ vm: VM, _ s: StringPointer, _ map: (UInt8) -> UInt8) -> Value {
        let count = s.pointee.byteCount
        if count == 0 { return vm.emptyString.retained() }
        if count == 1 { return vm.latinStrings[Int(map(s.bytes[0]))].retained() }
        let result = Heap.makeString(vm.heap, byteCount: count, length: count, isASCII: true)
        let out = result.string.bytes
        let source = s.bytes
        for place in 0..<count { out[place] = map(source[place]) }
        return result
    }

    static func scalars(_ s: StringPointer) -> [UInt32] {
        var scalars: [UInt32] = []
        scalars.reserveCapacity(s.pointee.length)
        s.forEachScalar { scalars.append($0) }
        return scalars
    }

    /// The lower case of one code point, where a capital sigma at the end of a word becomes "ς".
    private static func appendLower(_ scalars: [UInt32], _ place: Int, to out: inout StringBuilder) {
        if scalars[place] != 0x3A3 {
            UnicodeTable.append(scalars[place], mapped: .lower, to: &out)
            return
        }
        var before = place - 1
        while before >= 0, UnicodeTable.isCaseIgnorable(scalars[before]) { before -= 1 }
        var isFinal = before >= 0 && UnicodeTable.isCased(scalars[before])
        if isFinal {
            var after = place + 1
            while after < scalars.count, UnicodeTable.isCaseIgnorable(scalars[after]) { after += 1 }
            isFinal = after == scalars.count || !UnicodeTable.isCased(scalars[after])
        }
        out.append(codePoint: isFinal ? 0x3C2 : 0x3C3)
    }
}
