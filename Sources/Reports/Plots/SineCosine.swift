import Glibc

enum SineCosine {
    static func of(_ radians: Double) -> (sine: Double, cosine: Double) { (sin(radians), cos(radians)) }
}
