/// A figure as data: what `PlotRenderer` draws. Lengths are in CSS pixels (1 pt = 100/72 px), data in the user's units.
package struct PlotFigure: Sendable {
    package var width: Double
    package var height: Double
    package var axes: [PlotAxes] = []
    package var title: String?
    package var titleSize = PlotFigure.points(12)
    /// Read aloud in place of the picture.
    package var description = ""
    /// Leaves the margins as they are asked for in `PlotAxes.frame`.
    package var background: PlotColor?

    package init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    package static func points(_ size: Double) -> Double { size * 100 / 72 }
}

/// One pair of axes with what is drawn between them.
package struct PlotAxes: Sendable {
    /// A place in a grid of rows and columns.
    package struct Cell: Equatable, Sendable {
        package var rows, columns, row, column, rowSpan, columnSpan: Int

        package init(rows: Int, columns: Int, row: Int, column: Int, rowSpan: Int = 1, columnSpan: Int = 1) {
            self.rows = rows
            self.columns = columns
            self.row = row
            self.column = column
            self.rowSpan = rowSpan
            self.columnSpan = columnSpan
        }
    }

    package var cell = Cell(rows: 1, columns: 1, row: 0, column: 0)
    /// Fractions of the figure from its lower left corner, in place of a grid cell.
    package var rectangle: (left: Double, bottom: Double, width: Double, height: Double)?
    package var x = PlotAxis()
    package var y = PlotAxis()
    package var marks: [PlotMark] = []
    package var title: String?
    package var titleSize = PlotFigure.points(12)
    package var legend: PlotLegend?
    package var showsFrame = true
    package var hiddenSpines: Set<String> = []
    /// Height of a data unit over its width; nil lets both fill the space.
    package var aspect: Double?
    /// Shares the frame and the x axis with the axes of that index; its y axis stands on the right.
    package var twinOf: Int?
    package var colorBar: PlotColorBar?
    package var background: PlotColor?

    package init() {}
}

/// One direction of a pair of axes.
package struct PlotAxis: Sendable {
    package var scale = PlotScale.linear
    /// Nil ends follow the data.
    package var low: Double?
    package var high: Double?
    package var isInverted = false
    package var margin = 0.05
    package var label = ""
    package var labelSize = PlotFigure.points(10)
    /// Nil: chosen; empty: none.
    package var ticks: [Double]?
    package var tickLabels: [String]?
    package var tickSize = PlotFigure.points(10)
    package var tickRotation = 0.0
    package var showsTicks = true
    package var showsLabels = true
    package var showsGrid = false
    package var gridColor: PlotColor?
    package var gridDash: PlotDash = .solid
    package var gridOpacity: Double?

    package init() {}
}

package struct PlotLegend: Sendable {
    /// `best`, `upper right`, `lower left`, `center`, …
    package var location = "best"
    package var title: String?
    package var columns = 1
    package var showsFrame = true
    package var size = PlotFigure.points(10)

    package init() {}
}

package struct PlotColorBar: Sendable {
    package var map: ColorMap
    package var low, high: Double
    package var label = ""
    package var isLogarithmic = false
    package var ticks: [Double]?
    package var isHorizontal = false

    package init(map: ColorMap, low: Double, high: Double) {
        self.map = map
        self.low = low
        self.high = high
    }
}

package enum PlotDash: String, Sendable {
    case solid = "-"
    case dashed = "--"
    case dotted = ":"
    case dashDot = "-."
    case none = ""
}

/// Lines and their colour; nil is the colour of text.
package struct PlotStroke: Equatable, Sendable {
    package var color: PlotColor?
    package var width: Double
    package var dash: PlotDash

    package init(color: PlotColor?, width: Double, dash: PlotDash = .solid) {
        self.color = color
        self.width = width
        self.dash = dash
    }
}

/// The sign drawn at every point of a series.
package struct PlotMarker: Sendable {
    package var shape: String
    /// Diameter.
    package var size: Double
    package var face: PlotColor?
    package var edge: PlotColor?
    package var edgeWidth: Double
    package var isHollow = false

    package init(shape: String, size: Double, face: PlotColor?, edge: PlotColor? = nil, edgeWidth: Double = 0) {
        self.shape = shape
        self.size = size
        self.face = face
        self.edge = edge
        self.edgeWidth = edgeWidth
    }

    package static let shapes: Set<String> = [
        ".", ",", "o", "v", "^", "<", ">", "s", "p", "P", "*", "h", "+", "x", "X", "D", "d", "|", "_", "1", "2", "3", "4", "8", "H",
    ]
}

/// One thing drawn between axes.
package struct PlotMark: Sendable {
    package enum Shape: Sendable {
        /// Points in order; NaN and infinite ones interrupt the line.
        case line(x: [Double], y: [Double], stroke: PlotStroke?, marker: PlotMarker?)
        /// `sizes` are diameters, `colors` faces: one for all or one each.
        case points(x: [Double], y: [Double], sizes: [Double], colors: [PlotColor?], marker: PlotMarker)
        /// Rectangles by their edges, bars and histograms.
        case boxes(left: [Double], right: [Double], bottom: [Double], top: [Double], colors: [PlotColor?], edge: PlotStroke?, sticksToBase: String?)
        /// The region between two curves.
        case area(x: [Double], lower: [Double], upper: [Double], color: PlotColor?, edge: PlotStroke?, isVertical: Bool)
        case polygon(x: [Double], y: [Double], color: PlotColor?, edge: PlotStroke?)
        /// Pixels as 8-bit RGBA rows from the top, stretched over left…right and bottom…top.
        case image(pixels: [UInt8], columns: Int, rows: Int, left: Double, right: Double, bottom: Double, top: Double, isSmooth: Bool)
        /// Separate lines from (x0, y0) to (x1, y1); with `cap` a bar of that length across their ends.
        case segments(x0: [Double], y0: [Double], x1: [Double], y1: [Double], stroke: PlotStroke, cap: Double)
        /// A line across the whole frame at a value; `from`…`to` are fractions of the frame.
        case rule(at: Double, isVertical: Bool, from: Double, to: Double, stroke: PlotStroke)
        case span(from: Double, to: Double, isVertical: Bool, color: PlotColor?)
        case text(PlotText)
        /// Sectors of a pie: fractions in order, counterclockwise from `start` degrees.
        case pie(fractions: [Double], colors: [PlotColor], labels: [String], values: [String], start: Double, explode: [Double])
    }

    package var shape: Shape
    package var label: String?
    package var opacity = 1.0
    package var order: Double

    package init(_ shape: Shape, label: String? = nil, opacity: Double = 1, order: Double) {
        self.shape = shape
        self.label = label
        self.opacity = opacity
        self.order = order
    }
}

/// Words at a place, with an arrow when they speak of another one.
package struct PlotText: Sendable {
    package var text: String
    package var x, y: Double
    /// Place given as fractions of the frame, not in data units.
    package var isFraction = false
    package var target: (x: Double, y: Double)?
    /// Pixels from `target`, in place of a data position.
    package var offset: (x: Double, y: Double)?
    package var showsArrow = false
    package var color: PlotColor?
    package var arrowColor: PlotColor?
    package var size = PlotFigure.points(10)
    /// `left`, `center`, `right`
    package var horizontal = "left"
    /// `top`, `center`, `bottom`, `baseline`
    package var vertical = "baseline"
    package var rotation = 0.0
    package var isBold = false
    package var isItalic = false
    package var box: PlotColor?
    package var showsBox = false

    package init(_ text: String, x: Double, y: Double) {
        self.text = text
        self.x = x
        self.y = y
    }
}
