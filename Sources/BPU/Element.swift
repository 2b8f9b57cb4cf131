/// Element types of maps in the accelerator's memories; the raw value is the size in bytes.
package enum Element: Int, CaseIterable, Sendable, Codable {
    case int8 = 1
    case int16 = 2
    case int32 = 4

    package var byteCount: Int { rawValue }
    package var minimum: Int { -(1 << (8 * rawValue - 1)) }
    package var maximum: Int { (1 << (8 * rawValue - 1)) - 1 }
}
