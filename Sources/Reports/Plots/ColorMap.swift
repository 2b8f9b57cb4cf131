/// A palette: colours for numbers from 0 to 1, linear between evenly spaced stops.
package struct ColorMap: Equatable, Sendable {
    package let name: String
    private let stops: [PlotColor]

    /// Nil for a name that is not known; a name ending in `_r` is the palette backwards.
    package init?(name: String) {
        self.name = name
        let isReversed = name.hasSuffix("_r")
        let base = isReversed ? String(name.dropLast(2)) : name
        if let qualitative = ColorMap.qualitative[base] {
            stops = isReversed ? qualitative.reversed() : qualitative
            isStepped = true
            return
        }
        guard let digits = ColorMap.sequences[base] else { return nil }
        let bytes = Array(digits.utf8)
        let read = stride(from: 0, to: bytes.count, by: 6).compactMap { PlotColor(hex: String(decoding: bytes[$0..<$0 + 6], as: UTF8.self)) }
        stops = isReversed ? read.reversed() : read
        isStepped = false
    }

    private let isStepped: Bool

    /// The colour at `position`, clipped to 0…1; NaN is transparent.
    package func color(_ position: Double) -> PlotColor {
        guard !position.isNaN else { return PlotColor(red: 0, green: 0, blue: 0, alpha: 0) }
        let clipped = min(max(position, 0), 1)
        if isStepped { return stops[min(Int(clipped * Double(stops.count)), stops.count - 1)] }
        let place = clipped * Double(stops.count - 1)
        let index = min(Int(place), stops.count - 2)
        return stops[index].mixed(with: stops[index + 1], place - Double(index))
    }

    package static var names: [String] { (Array(sequences.keys) + Array(qualitative.keys)).sorted() }

    private static let qualitative = ["tab10": PlotColor.cycle]

    /// Stops as hexadecimal digits, six each.
    private static let sequences: [String: String] = [
        "viridis": "44015448186a472d7b4240863b528b33638d2c728e26828e21918c1f9f8827ad813dbc745cc86381d34daadc32d5e21afde725",
        "plasma": "0d08873105974c02a16600a77e03a89511a1aa2395bc3587cc4778d9586ae56b5df07f4ff89441fdab33fdc328f9dd25f0f921",
        "inferno": "0000040b0724210c4a3d096557106e71196e8a226aa32c61bc3754d04545e35933f1711ff98c0afcaa0ff9c932f2e865fcffa4",
        "magma": "0000040a08221d114736106b51127c6a1c818326819c2e7fb73779cf4070e55064f4695cfb8761fea571fec287fde0a1fcfdbf",
        "cividis": "00224e002e6a1a386f32436d434e6c535a6d61656f6f70737d7c788b87789a9376aaa073bbad6dccba64ddc858efd748fee838",
        "coolwarm": "3b4cc04e68d86282ea779af78db0fea3c2feb9d0f9ccd9eddddcdcebd3c6f4c5adf7b194f49a7bec7f63de614dcb3e38b40426",
        "turbo": "30123b4040a2466be34294ff28bceb18ddc232f2986dfe62a4fc3ccbed34ecd13afdae35fb8122ec530fd23105ac17017a0403",
        "jet": "0000800000f10030ff0086ff00d5ff1ee3d760ff98a8ff50edff0aff9d00ff5400f10800800000",
        "hot": "0b0000550000a00000eb0000ff3600ff8000ffcb00ffff20ffff90ffffff",
        "Blues": "f7fbffeaf3fbdeebf7d2e3f3c6dbefb2d2e89dcae184bcdb6aaed657a0ce4292c63282be2171b51561a908519c08418408306b",
        "Greens": "f7fcf5eef8eae5f5e0d6efd0c7e9c0b4e1ada0d99b8ace8873c4765bb86a42ab5d329b51238b45127c39006d2c00592400441b",
        "Oranges": "fff5ebfeeddcfee6cefddbb8fdd0a2fdbf86fdae6afd9d53fd8c3bf77b28f16913e5590ad94801c03f02a63603932f037f2704",
        "Reds": "fff5f0feeae1fee0d2fdcdb9fcbba1fca689fc9272fb7d5dfb694af5533bef3c2cdd2a25cb181db81419a50f1586081167000d",
        "Purples": "fcfbfdf5f4f9efedf5e4e3f0dadaebcbcbe3bcbddcadabd29e9ac88f8cc1807dba7567af6a51a35f3c9954278f4a14863f007d",
        "Greys": "fffffff7f7f7f0f0f0e4e4e4d9d9d9cbcbcbbdbdbda9a9a99595958585857373736363635252523c3c3c252525131313000000",
        "YlOrRd": "ffffccfff6b6ffeda0fee38bfed976fec561feb24cfd9f44fd8c3cfd6e33fc4f2af03523e31a1cd00d21bd00269f0026800026",
        "RdBu": "67001f960f27bb2a34d25849e58368f5ac8bfbceb7fbe6daf6f7f7e0ecf3c2ddec9bc9e06bacd13f8ec02a71b2175290053061",
        "Spectral": "9e0142c1274add4a4cf06744f98e52fdb567fed481feec9fffffbef0f9a7d8ef9bb3e0a289d0a460bba83f97b74273b35e4fa2",
        "twilight": "e2d9e2d6d7ddc2ced4aac2cc93b4c680a5c37196c16786be6275ba5f64b55e51ad5d3da1592a8f511b7745135c3811452f1436",
        "gray": "000000ffffff",
        "binary": "ffffff000000",
        "bwr": "0000ffffffffff0000",
        "cool": "00ffffff00ff",
        "spring": "ff00ffffff00",
        "summer": "008066ffff66",
        "autumn": "ff0000ffff00",
        "winter": "0000ff00ff80",
        "bone": "000000545473a7c6c6ffffff",
    ]
}
