import Glibc

/// `result[k] = source[offsets[k] ..< offsets[k] + block]`, offsets and blocks in elements of `size` bytes.
package func takeBlocks(
    _ size: Int, block: Int, _ source: UnsafeRawPointer, offsets: UnsafePointer<Int>, count: Int, _ result: UnsafeMutableRawPointer
) {
    func run<T>(_: T.Type) {
        let x = source.assumingMemoryBound(to: T.self)
        let y = result.assumingMemoryBound(to: T.self)
        parallel(count, grain: max(1, 32_768 / max(1, block))) { range in
            if block == 1 {
                for k in range { y[k] = x[offsets[k]] }
            } else {
                for k in range { memcpy(y + k * block, x + offsets[k], block * size) }
            }
        }
    }
    switch size {
    case 1: run(UInt8.self)
    case 2: run(UInt16.self)
    case 4: run(UInt32.self)
    default: run(UInt64.self)
    }
}

/// How `putBlocks` combines a new value with what is there.
package enum PutMode: Sendable { case assign, add, multiply, maximum, minimum }

/// `result[offsets[k] + i] (mode)= source[k * block + i]`, in order of `k`: the last of equal offsets wins, sums are deterministic.
/// `sourceStep` 0 repeats one source element for every position.
package func putBlocks(
    _ mode: PutMode, _ type: ElementType, block: Int, _ result: UnsafeMutableRawPointer, offsets: UnsafePointer<Int>, count: Int,
    _ source: UnsafeRawPointer, sourceStep: Int = 1
) {
    func run<T: Element>(_: T.Type) {
        let y = result.assumingMemoryBound(to: T.self)
        let x = source.assumingMemoryBound(to: T.self)
        for k in 0..<count {
            let target = y + offsets[k]
            let values = x + k * block * sourceStep
            switch mode {
            case .assign: for i in 0..<block { target[i] = values[i * sourceStep] }
            case .add: for i in 0..<block { target[i] = T.plus(target[i], values[i * sourceStep]) }
            case .multiply: for i in 0..<block { target[i] = T.times(target[i], values[i * sourceStep]) }
            case .maximum: for i in 0..<block { let v = values[i * sourceStep]; if v > target[i] || v.isNotANumber { target[i] = v } }
            case .minimum: for i in 0..<block { let v = values[i * sourceStep]; if v < target[i] || v.isNotANumber { target[i] = v } }
            }
        }
    }
    switch type {
    case .bool, .uint8: run(UInt8.self)
    case .int8: run(Int8.self)
    case .int16: run(Int16.self)
    case .int32: run(Int32.self)
    case .int64: run(Int64.self)
    case .float32: run(Float.self)
    case .float64: run(Double.self)
    }
}

/// Positions of the nonzero elements of a contiguous operand, in order.
package func nonzeroPositions(_ type: ElementType, count: Int, _ source: UnsafeRawPointer) -> [Int] {
    var positions: [Int] = []
    func run<T: Element>(_: T.Type) {
        let x = source.assumingMemoryBound(to: T.self)
        for i in 0..<count where x[i] != T.zeroElement { positions.append(i) }
    }
    switch type {
    case .bool, .uint8: run(UInt8.self)
    case .int8: run(Int8.self)
    case .int16: run(Int16.self)
    case .int32: run(Int32.self)
    case .int64: run(Int64.self)
    case .float32: run(Float.self)
    case .float64: run(Double.self)
    }
    return positions
}

/// `result[i] = start + i * step`; integers exactly, floating point computed in double precision.
package func fillRange(_ type: ElementType, count: Int, start: Double, step: Double, _ result: UnsafeMutableRawPointer) {
    func run<T: Element>(_: T.Type) {
        let y = result.assumingMemoryBound(to: T.self)
        if T.isFloating {
            for i in 0..<count { y[i] = T.from(double: start + Double(i) * step) }
        } else {
            let (first, delta) = (truncatedInt64(start), truncatedInt64(step))
            for i in 0..<count { y[i] = T.from(int: first &+ Int64(i) &* delta) }
        }
    }
    switch type {
    case .bool, .uint8: run(UInt8.self)
    case .int8: run(Int8.self)
    case .int16: run(Int16.self)
    case .int32: run(Int32.self)
    case .int64: run(Int64.self)
    case .float32: run(Float.self)
    case .float64: run(Double.self)
    }
}
