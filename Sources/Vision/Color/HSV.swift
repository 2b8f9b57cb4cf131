import Glibc

/// One pixel to hue, saturation, value, each in a byte.
@inline(__always)
func rgbToHSV(_ output: UnsafeMutablePointer<UInt8>, _ input: UnsafeMutablePointer<UInt8>) {
    let (r, g, b) = (input[0], input[1], input[2])
    let (high, low) = (max(r, max(g, b)), min(r, min(g, b)))
    output[2] = high
    if low == high {
        output[0] = 0
        output[1] = 0
        return
    }
    let range = Float(high - low)
    let saturation = range / Float(high)
    let (rc, gc, bc) = (Float(high - r) / range, Float(high - g) / range, Float(high - b) / range)
    var hue: Float
    if r == high {
        hue = bc - gc
    } else if g == high {
        hue = Float(2.0 + Double(rc) - Double(bc))
    } else {
        hue = Float(4.0 + Double(gc) - Double(rc))
    }
    // Mixed precision as in the C original: products in double, stored in float.
    hue = Float(fmod(Double(hue) / 6.0 + 1.0, 1.0))
    output[0] = UInt8(max(0, min(255, Int32(Double(hue) * 255.0))))
    output[1] = UInt8(max(0, min(255, Int32(Double(saturation) * 255.0))))
}

@inline(__always)
func hsvToRGB(_ output: UnsafeMutablePointer<UInt8>, _ input: UnsafeMutablePointer<UInt8>) {
    let (h, s, v) = (input[0], input[1], input[2])
    if s == 0 {
        output[0] = v
        output[1] = v
        output[2] = v
        return
    }
    let sector = Int32((Double(h) * 6.0 / 255.0).rounded(.down))
    let fraction = Float(Double(h) * 6.0 / 255.0 - Double(Float(sector)))
    let saturation = Float(Double(s) / 255.0)
    func byte(_ x: Double) -> UInt8 { UInt8(max(0, min(255, x.rounded(.toNearestOrAwayFromZero)))) }
    let p = byte(Double(v) * (1.0 - Double(saturation)))
    // saturation · fraction is a float product before it meets the double.
    let q = byte(Double(v) * (1.0 - Double(saturation * fraction)))
    let t = byte(Double(v) * (1.0 - Double(saturation) * (1.0 - Double(fraction))))
    let color: (UInt8, UInt8, UInt8)
    switch sector % 6 {
    case 0: color = (v, t, p)
    case 1: color = (q, v, p)
    case 2: color = (p, v, t)
    case 3: color = (p, q, v)
    case 4: color = (t, p, v)
    default: color = (v, p, q)
    }
    (output[0], output[1], output[2]) = color
}
