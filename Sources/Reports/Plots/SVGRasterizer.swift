import Glibc

/// Why a picture could not be turned into pixels.
package enum RasterProblem: Error, CustomStringConvertible {
    case missingLibrary(String)
    case drawing(String)
    case size
    case writing(path: String)

    package var description: String {
        switch self {
        case .missingLibrary(let name):
            "saving PNG needs \(name), which is not installed (Debian: apt install librsvg2-2 libcairo2); save as .svg instead"
        case .drawing(let reason): "the picture cannot be drawn: \(reason)"
        case .size: "the picture is too large for PNG"
        case .writing(let path): "cannot write '\(path)'"
        }
    }
}

/// SVG to PNG through librsvg and cairo, opened when first needed: pixels are the exception here, and linking the two (with GLib,
/// Pango and fonts behind them) into every start of the program is not worth it.
package struct SVGRasterizer {
    private struct Viewport {
        var x, y, width, height: Double
    }
    private typealias MakeHandle = @convention(c) (UnsafePointer<UInt8>, Int, UnsafeMutableRawPointer?) -> OpaquePointer?
    private typealias RenderDocument = @convention(c) (OpaquePointer, OpaquePointer, UnsafeRawPointer, UnsafeMutableRawPointer?) -> Int32
    private typealias Release = @convention(c) (UnsafeMutableRawPointer) -> Void
    private typealias MakeSurface = @convention(c) (Int32, Int32, Int32) -> OpaquePointer
    private typealias MakeContext = @convention(c) (OpaquePointer) -> OpaquePointer
    private typealias Destroy = @convention(c) (OpaquePointer) -> Void
    private typealias WritePNG = @convention(c) (OpaquePointer, UnsafePointer<CChar>) -> Int32
    private typealias Status = @convention(c) (OpaquePointer) -> Int32

    private let makeHandle: MakeHandle
    private let renderDocument: RenderDocument
    private let releaseObject: Release
    private let makeSurface: MakeSurface
    private let makeContext: MakeContext
    private let destroyContext: Destroy
    private let destroySurface: Destroy
    private let writePNG: WritePNG
    private let surfaceStatus: Status

    package static func load() throws(RasterProblem) -> SVGRasterizer {
        guard let cairo = dlopen("libcairo.so.2", RTLD_NOW) else { throw .missingLibrary("libcairo") }
        guard let rsvg = dlopen("librsvg-2.so.2", RTLD_NOW) else { throw .missingLibrary("librsvg") }
        guard let objects = dlopen("libgobject-2.0.so.0", RTLD_NOW) else { throw .missingLibrary("libgobject") }
        return SVGRasterizer(
            makeHandle: unsafeBitCast(try symbol("rsvg_handle_new_from_data", rsvg), to: MakeHandle.self),
            renderDocument: unsafeBitCast(try symbol("rsvg_handle_render_document", rsvg), to: RenderDocument.self),
            releaseObject: unsafeBitCast(try symbol("g_object_unref", objects), to: Release.self),
            makeSurface: unsafeBitCast(try symbol("cairo_image_surface_create", cairo), to: MakeSurface.self),
            makeContext: unsafeBitCast(try symbol("cairo_create", cairo), to: MakeContext.self),
            destroyContext: unsafeBitCast(try symbol("cairo_destroy", cairo), to: Destroy.self),
            destroySurface: unsafeBitCast(try symbol("cairo_surface_destroy", cairo), to: Destroy.self),
            writePNG: unsafeBitCast(try symbol("cairo_surface_write_to_png", cairo), to: WritePNG.self),
            surfaceStatus: unsafeBitCast(try symbol("cairo_surface_status", cairo), to: Status.self))
    }

    private static func symbol(_ name: String, _ library: UnsafeMutableRawPointer) throws(RasterProblem) -> UnsafeMutableRawPointer {
        guard let found = dlsym(library, name) else { throw .missingLibrary("a newer librsvg (\(name))") }
        return found
    }

    /// Writes a PNG of the picture at `scale` pixels per CSS pixel.
    package func write(_ svg: String, to path: String, scale: Double) throws(RasterProblem) {
        let size = try SVGRasterizer.size(of: svg)
        let (width, height) = ((size.width * scale).rounded(), (size.height * scale).rounded())
        guard width >= 1, height >= 1, width <= 32_000, height <= 32_000 else { throw .size }
        let bytes = Array(svg.utf8)
        guard let handle = makeHandle(bytes, bytes.count, nil) else { throw .drawing("librsvg does not read it") }
        defer { releaseObject(UnsafeMutableRawPointer(handle)) }
        let surface = makeSurface(0, Int32(width), Int32(height))
        defer { destroySurface(surface) }
        guard surfaceStatus(surface) == 0 else { throw .size }
        let context = makeContext(surface)
        defer { destroyContext(context) }
        var viewport = Viewport(x: 0, y: 0, width: width, height: height)
        guard renderDocument(handle, context, &viewport, nil) != 0 else { throw .drawing("librsvg refuses it") }
        guard writePNG(surface, path) == 0 else { throw .writing(path: path) }
    }

    /// What the root element says.
    private static func size(of svg: String) throws(RasterProblem) -> (width: Double, height: Double) {
        func attribute(_ name: String) -> Double? {
            let parts = svg.prefix(400).split(separator: " ")
            return parts.first { $0.hasPrefix(name + "=\"") }.flatMap { Double($0.dropFirst(name.utf8.count + 2).prefix { $0 != "\"" }) }
        }
        guard let width = attribute("width"), let height = attribute("height") else { throw .drawing("it has no size") }
        return (width, height)
    }
}
