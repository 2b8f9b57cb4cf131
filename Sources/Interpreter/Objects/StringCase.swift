// str: case conversion, and the predicates about characters.

extension StringMethods {
    /// Every code point satisfies `condition`, and there is at least one.
    @inline(__always)
    static func all(_ vm: VM, _ s: StringPointer, _ condition: (UInt32) -> Bool) throws(PythonError) -> Bool {
        var place = 0
        let end = s.pointee.byteCount
        while place < end {
            let (code, width) = UTF8Scalar.decode(s.bytes + place)
            if !condition(code) { return false }
            place += width
            try vm.heed()
        }
        return end > 0
    }

    static func isUpper(_ vm: VM, _ s: StringPointer) throws(PythonError) -> Bool {
        var isCased = false
        let isUniform = try all(vm, s) { code in
            if UnicodeTable.isLower(code) || UnicodeTable.isTitle(code) { return false }
            if !isCased { isCased = UnicodeTable.isUpper(code) }
            return true
        }
        return isUniform && isCased
    }

    static func isLower(_ vm: VM, _ s: StringPointer) throws(PythonError) -> Bool {
        var isCased = false
        let isUniform = try all(vm, s) { code in
            if UnicodeTable.isUpper(code) || UnicodeTable.isTitle(code) { return false }
            if !isCased { isCased = UnicodeTable.isLower(code) }
            return true
        }
        return isUniform && isCased
    }

    static func isTitle(_ vm: VM, _ s: StringPointer) throws(PythonError) -> Bool {
        var isCased = false
        var previousIsCased = false
        let isUniform = try all(vm, s) { code in
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
        }
        return isUniform && isCased
    }

    static func isIdentifier(_ vm: VM, _ s: StringPointer) throws(PythonError) -> Bool {
        var isFirst = true
        return try all(vm, s) { code in
            defer { isFirst = false }
            return isFirst ? UnicodeTable.isIdentifierStart(code) : UnicodeTable.isIdentifierPart(code)
        }
    }

    // MARK: conversion

    static func upper(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        if s.isASCII { return try mapASCII(vm, s) { $0 &- 0x61 < 26 ? $0 ^ 0x20 : $0 } }
        return try map(vm, s, .upper)
    }

    static func lower(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        if s.isASCII { return try mapASCII(vm, s) { $0 &- 0x41 < 26 ? $0 ^ 0x20 : $0 } }
        if try !occursSigma(vm, s) { return try map(vm, s, .lower) }
        var out = StringBuilder(vm, capacity: s.pointee.byteCount)
        let scalars = try scalars(vm, s)
        for place in scalars.indices {
            appendLower(scalars, place, to: &out)
            try vm.heed()
        }
        return out.finish()
    }

    /// Whether the letter is there whose lower case depends on its neighbours.
    private static func occursSigma(_ vm: VM, _ s: StringPointer) throws(PythonError) -> Bool {
        let bytes = s.bytes
        var isThere = false
        try vm.inParts(max(0, s.pointee.byteCount - 1), of: VM.copyPart) { part in
            for place in part where bytes[place] == 0xCE && bytes[place + 1] == 0xA3 { isThere = true }
        }
        return isThere
    }

    private static func map(_ vm: VM, _ s: StringPointer, _ mapping: UnicodeTable.Case) throws(PythonError) -> Value {
        var out = StringBuilder(vm, capacity: s.pointee.byteCount)
        var place = 0
        while place < s.pointee.byteCount {
            let (code, width) = UTF8Scalar.decode(s.bytes + place)
            UnicodeTable.append(code, mapped: mapping, to: &out)
            place += width
            try vm.heed()
        }
        return out.finish()
    }

    static func casefold(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        if s.isASCII { return try lower(vm, s, a) }
        var out = StringBuilder(vm, capacity: s.pointee.byteCount)
        for code in try scalars(vm, s) {
            UnicodeTable.appendFolded(code, to: &out)
            try vm.heed()
        }
        return out.finish()
    }

    static func swapcase(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        if s.isASCII { return try mapASCII(vm, s) { ($0 | 0x20) &- 0x61 < 26 ? $0 ^ 0x20 : $0 } }
        var out = StringBuilder(vm, capacity: s.pointee.byteCount)
        let scalars = try scalars(vm, s)
        for (place, code) in scalars.enumerated() {
            if UnicodeTable.isUpper(code) {
                appendLower(scalars, place, to: &out)
            } else if UnicodeTable.isLower(code) {
                UnicodeTable.append(code, mapped: .upper, to: &out)
            } else {
                out.append(codePoint: code)
            }
            try vm.heed()
        }
        return out.finish()
    }

    static func capitalize(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        if s.isASCII {
            var isFirst = true
            return try mapASCII(vm, s) {
                defer { isFirst = false }
                return ($0 &- (isFirst ? 0x61 : 0x41)) < 26 ? $0 ^ 0x20 : $0
            }
        }
        var out = StringBuilder(vm, capacity: s.pointee.byteCount)
        let scalars = try scalars(vm, s)
        for (place, code) in scalars.enumerated() {
            if place == 0 { UnicodeTable.append(code, mapped: .title, to: &out) } else { appendLower(scalars, place, to: &out) }
            try vm.heed()
        }
        return out.finish()
    }

    static func title(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        var previousIsCased = false
        if s.isASCII {
            return try mapASCII(vm, s) {
                let isLetter = ($0 | 0x20) &- 0x61 < 26
                defer { previousIsCased = isLetter }
                return isLetter ? (previousIsCased ? $0 | 0x20 : $0 & ~0x20) : $0
            }
        }
        var out = StringBuilder(vm, capacity: s.pointee.byteCount)
        let scalars = try scalars(vm, s)
        for (place, code) in scalars.enumerated() {
            if previousIsCased { appendLower(scalars, place, to: &out) } else { UnicodeTable.append(code, mapped: .title, to: &out) }
            previousIsCased = UnicodeTable.isCased(code)
            try vm.heed()
        }
        return out.finish()
    }

    @inline(__always)
    private static func mapASCII(_ vm: VM, _ s: StringPointer, _ map: (UInt8) -> UInt8) throws(PythonError) -> Value {
        let count = s.pointee.byteCount
        if count == 0 { return vm.emptyString.retained() }
        if count == 1 { return vm.latinStrings[Int(map(s.bytes[0]))].retained() }
        let result = Heap.makeString(vm.heap, byteCount: count, length: count, isASCII: true)
        let out = result.string.bytes
        let source = s.bytes
        if count <= VM.copyPart {
            for place in 0..<count { out[place] = map(source[place]) }
            return result
        }
        var start = 0
        while start < count {
            let end = count - start > VM.copyPart ? start + VM.copyPart : count
            for place in start..<end { out[place] = map(source[place]) }
            start = end
            if vm.heap.mustHurry {
                vm.heap.release(result)
                try vm.heed()
            }
        }
        return result
    }

    static func scalars(_ vm: VM, _ s: StringPointer) throws(PythonError) -> [UInt32] {
        try vm.checkRoom(s.pointee.length, stride: MemoryLayout<UInt32>.stride)
        var scalars: [UInt32] = []
        scalars.reserveCapacity(s.pointee.length)
        var place = 0
        while place < s.pointee.byteCount {
            let (code, width) = UTF8Scalar.decode(s.bytes + place)
            scalars.append(code)
            place += width
            try vm.heed()
        }
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
