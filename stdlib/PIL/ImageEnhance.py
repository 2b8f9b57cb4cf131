"""Brightness, contrast, color and sharpness."""


class _Enhance:
    kind = ""

    def __init__(self, image):
        self.image = image

    def enhance(self, factor):
        """0 removes the property, 1 keeps the image, more exaggerates it."""
        return self.image._enhance(self.kind, factor)


class Color(_Enhance):
    kind = "color"


class Contrast(_Enhance):
    kind = "contrast"


class Brightness(_Enhance):
    kind = "brightness"


class Sharpness(_Enhance):
    kind = "sharpness"
