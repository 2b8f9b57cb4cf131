"""Colors by name."""

colormap = {
    "black": (0, 0, 0), "white": (255, 255, 255), "red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255),
    "lime": (0, 255, 0), "yellow": (255, 255, 0), "cyan": (0, 255, 255), "aqua": (0, 255, 255), "magenta": (255, 0, 255),
    "fuchsia": (255, 0, 255), "gray": (128, 128, 128), "grey": (128, 128, 128), "silver": (192, 192, 192), "maroon": (128, 0, 0),
    "olive": (128, 128, 0), "navy": (0, 0, 128), "purple": (128, 0, 128), "teal": (0, 128, 128), "orange": (255, 165, 0),
    "pink": (255, 192, 203), "brown": (165, 42, 42), "gold": (255, 215, 0), "indigo": (75, 0, 130), "violet": (238, 130, 238),
    "turquoise": (64, 224, 208), "salmon": (250, 128, 114), "khaki": (240, 230, 140), "coral": (255, 127, 80),
}


def getrgb(color):
    """Red, green, blue (and alpha where given) of a name, `#rgb`, `#rrggbb`, `#rrggbbaa` or `rgb(r, g, b)`."""
    text = color.strip().lower()
    if text in colormap:
        return colormap[text]
    try:
        if text.startswith("#"):
            digits = text[1:]
            if len(digits) in (3, 4):
                return tuple(int(c * 2, 16) for c in digits)
            if len(digits) in (6, 8):
                return tuple(int(digits[i:i + 2], 16) for i in range(0, len(digits), 2))
        if text.startswith("rgb(") and text.endswith(")"):
            parts = [part.strip() for part in text[4:-1].split(",")]
            if len(parts) == 3:
                if parts[0].endswith("%"):
                    return tuple(int(float(part[:-1]) * 255 / 100 + 0.5) for part in parts)
                return tuple(int(part) for part in parts)
    except ValueError:
        pass
    raise ValueError(f"unknown color specifier: {color!r}")


def getcolor(color, mode):
    """The color as a value of the given mode."""
    rgb = getrgb(color)
    alpha = rgb[3] if len(rgb) == 4 else 255
    if mode in ("1", "L", "LA", "I", "F", "I;16", "P"):
        r, g, b = rgb[:3]
        gray = (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16
        return (gray, alpha) if mode == "LA" else gray
    if mode == "RGBA":
        return (*rgb[:3], alpha)
    if mode == "RGB":
        return rgb[:3]
    from . import Image
    return Image.new("RGB", (1, 1), rgb[:3]).convert(mode).getpixel((0, 0))
