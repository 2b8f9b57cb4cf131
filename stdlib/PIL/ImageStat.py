"""Statistics of the bands."""

from math import sqrt


class Stat:
    def __init__(self, image_or_list, mask=None):
        if isinstance(image_or_list, list):
            self.h = image_or_list
        else:
            self.h = image_or_list.histogram(mask)
        self.bands = range(len(self.h) // 256)

    def _band(self, i):
        return self.h[i * 256:i * 256 + 256]

    @property
    def count(self):
        return [sum(self._band(i)) for i in self.bands]

    @property
    def sum(self):
        return [float(sum(v * n for v, n in enumerate(self._band(i)))) for i in self.bands]

    @property
    def sum2(self):
        return [float(sum(v * v * n for v, n in enumerate(self._band(i)))) for i in self.bands]

    @property
    def mean(self):
        return [s / n if n else 0 for s, n in zip(self.sum, self.count)]

    @property
    def rms(self):
        return [sqrt(s / n) if n else 0 for s, n in zip(self.sum2, self.count)]

    @property
    def var(self):
        return [(q - s * s / n) / n if n else 0 for q, s, n in zip(self.sum2, self.sum, self.count)]

    @property
    def stddev(self):
        return [sqrt(v) for v in self.var]

    @property
    def median(self):
        result = []
        for i in self.bands:
            half, seen = self.count[i] // 2, 0
            for value, n in enumerate(self._band(i)):
                seen += n
                if seen > half:
                    break
            result.append(value)
        return result

    @property
    def extrema(self):
        result = []
        for i in self.bands:
            used = [v for v, n in enumerate(self._band(i)) if n]
            result.append((used[0], used[-1]) if used else (255, 0))
        return result
