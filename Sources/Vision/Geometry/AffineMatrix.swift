import Glibc

extension Warp {
    /// The map from output to input of: turning by `angle` degrees clockwise about `center`, shearing by degrees along x and y, scaling,
    /// then moving by `translate`. The order and associativity of torchvision's formula, so that results agree to the last bit.
    package static func inverseAffine(
        center: (x: Double, y: Double), angle: Double, translate: (x: Double, y: Double), scale: Double, shear: (x: Double, y: Double)
    ) -> Warp {
        let degree = Double.pi / 180
        let (turn, sx, sy) = (angle * degree, shear.x * degree, shear.y * degree)
        let a = cos(turn - sy) / cos(sy)
        let b = -cos(turn - sy) * tan(sx) / cos(sy) - sin(turn)
        let c = sin(turn - sy) / cos(sy)
        let d = -sin(turn - sy) * tan(sx) / cos(sy) + cos(turn)
        var m = [d / scale, -b / scale, 0 / scale, -c / scale, a / scale, 0 / scale]
        m[2] += m[0] * (-center.x - translate.x) + m[1] * (-center.y - translate.y)
        m[5] += m[3] * (-center.x - translate.x) + m[4] * (-center.y - translate.y)
        m[2] += center.x
        m[5] += center.y
        return .affine(m)
    }
}
