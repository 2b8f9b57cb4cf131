import Glibc

/// The C library's logarithm, which numpy's legacy sampling uses.
func naturalLogarithm(_ x: Double) -> Double { log(x) }
