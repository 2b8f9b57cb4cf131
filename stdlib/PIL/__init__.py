"""Images with Pillow's interface and Pillow's exact results, for PNG and JPEG files."""

__version__ = "13.0.0"


class UnidentifiedImageError(OSError):
    """The content of a file is of no known image format."""
