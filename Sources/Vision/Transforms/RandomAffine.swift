import Kernels

/// A random turn, move, scaling and shear about the center.
package struct RandomAffine: Sendable {
    package var degrees: (Double, Double)
    /// Largest moves as fractions of width and height.
    package var translate: (Double, Double)?
    package var scale: (Double, Double)?
    /// Two bounds for x, or four for x and y, in degrees.
    package var shear: [Double]?
    package var center: (x: Double, y: Double)?
    package var filling: Filling

    package init(
        degrees: (Double, Double), translate: (Double, Double)?, scale: (Double, Double)?, shear: [Double]?, center: (x: Double, y: Double)?,
        filling: Filling
    ) {
        self.degrees = degrees
        self.translate = translate
        self.scale = scale
        self.shear = shear
        self.center = center
        self.filling = filling
    }

    func callAsFunction(_ image: Image, _ random: inout MersenneTwister) throws(VisionError) -> Image {
        let angle = random.uniform(degrees.0, degrees.1)
        var move = (x: 0.0, y: 0.0)
        if let translate {
            let (x, y) = (translate.0 * Double(image.width), translate.1 * Double(image.height))
            move.x = Double(roundedHalfEven(random.uniform(-x, x)))
            move.y = Double(roundedHalfEven(random.uniform(-y, y)))
        }
        let factor = scale.map { random.uniform($0.0, $0.1) } ?? 1
        var slant = (x: 0.0, y: 0.0)
        if let shear, shear.count >= 2 {
            slant.x = random.uniform(shear[0], shear[1])
            if shear.count == 4 { slant.y = random.uniform(shear[2], shear[3]) }
        }
        let middle = center ?? (Double(image.width) * 0.5, Double(image.height) * 0.5)
        let warp = Warp.inverseAffine(center: middle, angle: angle, translate: move, scale: factor, shear: slant)
        return try image.transformed(warp, image.width, image.height, filling.filter, fill: filling.ink(image.mode))
    }
}
