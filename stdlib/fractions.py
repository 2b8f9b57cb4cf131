"""Exact rational numbers."""

import math
import sys
from math import gcd
from numbers import Rational

__all__ = ["Fraction"]

_MODULUS = sys.hash_info.modulus
_INF_HASH = sys.hash_info.inf
_text_pattern = None


def _parse(text):
    """(numerator, denominator) of '3/4', '1.5e2', ' -7 '; ValueError otherwise."""
    global _text_pattern
    if _text_pattern is None:
        import re
        _text_pattern = re.compile(
            r"\s*(?P<sign>[-+]?)(?=\d|\.\d)(?P<whole>\d*|\d+(_\d+)*)"
            r"(?:(?:/(?P<denom>\d+(_\d+)*))?"
            r"|(?:\.(?P<decimal>\d*|\d+(_\d+)*))?(?:E(?P<exp>[-+]?\d+(_\d+)*))?)\s*",
            re.IGNORECASE)
    match = _text_pattern.fullmatch(text)
    if match is None:
        raise ValueError(f"Invalid literal for Fraction: {text!r}")
    numerator = int(match["whole"] or "0")
    denominator = 1
    if match["denom"]:
        denominator = int(match["denom"])
    else:
        if match["decimal"]:
            digits = match["decimal"].replace("_", "")
            denominator = 10 ** len(digits)
            numerator = numerator * denominator + int(digits)
        if match["exp"]:
            exponent = int(match["exp"])
            if exponent >= 0:
                numerator *= 10 ** exponent
            else:
                denominator *= 10 ** -exponent
    return (-numerator if match["sign"] == "-" else numerator), denominator


class Fraction(Rational):
    """A quotient of two ints in lowest terms."""

    __slots__ = ("_numerator", "_denominator")

    def __new__(cls, numerator=0, denominator=None):
        if denominator is None:
            if type(numerator) is int:
                return _make(cls, numerator, 1)
            if isinstance(numerator, Rational):
                return _make(cls, numerator.numerator, numerator.denominator)
            if isinstance(numerator, float):
                return _make(cls, *numerator.as_integer_ratio())
            if not isinstance(numerator, str):
                raise TypeError("argument should be a string or a Rational instance")
            numerator, denominator = _parse(numerator)
        elif type(numerator) is not int or type(denominator) is not int:
            if not (isinstance(numerator, Rational) and isinstance(denominator, Rational)):
                raise TypeError("both arguments should be Rational instances")
            numerator, denominator = (numerator.numerator * denominator.denominator,
                                      denominator.numerator * numerator.denominator)
        if denominator == 0:
            raise ZeroDivisionError(f"Fraction({numerator}, 0)")
        g = gcd(numerator, denominator)
        if denominator < 0:
            g = -g
        return _make(cls, numerator // g, denominator // g)

    @classmethod
    def from_float(cls, f):
        """The exact value of a float."""
        if isinstance(f, int):
            return cls(f)
        if not isinstance(f, float):
            raise TypeError(f"{cls.__name__}.from_float() only takes floats, "
                            f"not {f!r} ({type(f).__name__})")
        return _make(cls, *f.as_integer_ratio())

    def as_integer_ratio(self):
        """(numerator, denominator)."""
        return self._numerator, self._denominator

    def limit_denominator(self, max_denominator=1000000):
        """The closest fraction whose denominator is not larger."""
        if max_denominator < 1:
            raise ValueError("max_denominator should be at least 1")
        if self._denominator <= max_denominator:
            return Fraction(self)
        p0, q0, p1, q1 = 0, 1, 1, 0
        n, d = self._numerator, self._denominator
        while True:
            a = n // d
            q2 = q0 + a * q1
            if q2 > max_denominator:
                break
            p0, q0, p1, q1 = p1, q1, p0 + a * p1, q2
            n, d = d, n - a * d
        k = (max_denominator - q0) // q1
        lower = Fraction(p0 + k * p1, q0 + k * q1)
        upper = Fraction(p1, q1)
        if abs(upper - self) <= abs(lower - self):
            return upper
        return lower

    @property
    def numerator(self):
        return self._numerator

    @property
    def denominator(self):
        return self._denominator

    def __repr__(self):
        return f"{self.__class__.__name__}({self._numerator}, {self._denominator})"

    def __str__(self):
        if self._denominator == 1:
            return str(self._numerator)
        return f"{self._numerator}/{self._denominator}"

    def __add__(a, b):
        other = _ratio(b)
        if other is None:
            return float(a) + b if isinstance(b, float) else NotImplemented
        return _add(a._numerator, a._denominator, *other)

    def __radd__(b, a):
        other = _ratio(a)
        if other is None:
            return a + float(b) if isinstance(a, float) else NotImplemented
        return _add(*other, b._numerator, b._denominator)

    def __sub__(a, b):
        other = _ratio(b)
        if other is None:
            return float(a) - b if isinstance(b, float) else NotImplemented
        return _add(a._numerator, a._denominator, -other[0], other[1])

    def __rsub__(b, a):
        other = _ratio(a)
        if other is None:
            return a - float(b) if isinstance(a, float) else NotImplemented
        return _add(*other, -b._numerator, b._denominator)

    def __mul__(a, b):
        other = _ratio(b)
        if other is None:
            return float(a) * b if isinstance(b, float) else NotImplemented
        return _multiply(a._numerator, a._denominator, *other)

    def __rmul__(b, a):
        other = _ratio(a)
        if other is None:
            return a * float(b) if isinstance(a, float) else NotImplemented
        return _multiply(*other, b._numerator, b._denominator)

    def __truediv__(a, b):
        other = _ratio(b)
        if other is None:
            return float(a) / b if isinstance(b, float) else NotImplemented
        return _divide(a._numerator, a._denominator, *other)

    def __rtruediv__(b, a):
        other = _ratio(a)
        if other is None:
            return a / float(b) if isinstance(a, float) else NotImplemented
        return _divide(*other, b._numerator, b._denominator)

    def __floordiv__(a, b):
        other = _ratio(b)
        if other is None:
            return float(a) // b if isinstance(b, float) else NotImplemented
        return (a._numerator * other[1]) // (a._denominator * other[0])

    def __rfloordiv__(b, a):
        other = _ratio(a)
        if other is None:
            return a // float(b) if isinstance(a, float) else NotImplemented
        return (other[0] * b._denominator) // (other[1] * b._numerator)

    def __mod__(a, b):
        other = _ratio(b)
        if other is None:
            return float(a) % b if isinstance(b, float) else NotImplemented
        return _modulo(a._numerator, a._denominator, *other)

    def __rmod__(b, a):
        other = _ratio(a)
        if other is None:
            return a % float(b) if isinstance(a, float) else NotImplemented
        return _modulo(*other, b._numerator, b._denominator)

    def __divmod__(a, b):
        other = _ratio(b)
        if other is None:
            return divmod(float(a), b) if isinstance(b, float) else NotImplemented
        return a // b, a % b

    def __rdivmod__(b, a):
        other = _ratio(a)
        if other is None:
            return divmod(a, float(b)) if isinstance(a, float) else NotImplemented
        return a // b, a % b

    def __pow__(a, b):
        if isinstance(b, Rational):
            if b.denominator != 1:
                return float(a) ** float(b)
            power = b.numerator
            if power >= 0:
                return _make(Fraction, a._numerator ** power, a._denominator ** power)
            if a._numerator == 0:
                raise ZeroDivisionError(f"Fraction({a._denominator ** -power}, 0)")
            numerator, denominator = a._denominator ** -power, a._numerator ** -power
            if denominator < 0:
                numerator, denominator = -numerator, -denominator
            return _make(Fraction, numerator, denominator)
        return float(a) ** b

    def __rpow__(b, a):
        if b._denominator == 1 and b._numerator >= 0:
            return a ** b._numerator
        if isinstance(a, Rational):
            return Fraction(a.numerator, a.denominator) ** b
        if b._denominator == 1:
            return a ** b._numerator
        return a ** float(b)

    def __pos__(a):
        return _make(Fraction, a._numerator, a._denominator)

    def __neg__(a):
        return _make(Fraction, -a._numerator, a._denominator)

    def __abs__(a):
        return _make(Fraction, abs(a._numerator), a._denominator)

    def __int__(a):
        if a._numerator < 0:
            return -(-a._numerator // a._denominator)
        return a._numerator // a._denominator

    def __trunc__(a):
        return int(a)

    def __floor__(a):
        return a._numerator // a._denominator

    def __ceil__(a):
        return -(-a._numerator // a._denominator)

    def __round__(self, ndigits=None):
        if ndigits is None:
            floor, remainder = divmod(self._numerator, self._denominator)
            if remainder * 2 < self._denominator:
                return floor
            if remainder * 2 > self._denominator:
                return floor + 1
            return floor if floor % 2 == 0 else floor + 1
        shift = 10 ** abs(ndigits)
        if ndigits > 0:
            return Fraction(round(self * shift), shift)
        return Fraction(round(self / shift) * shift)

    def __hash__(self):
        # Equal to the hash of an equal int or float: n / d modulo a prime.
        try:
            inverse = pow(self._denominator, -1, _MODULUS)
        except ValueError:
            h = _INF_HASH
        else:
            h = hash(hash(abs(self._numerator)) * inverse)
        result = h if self._numerator >= 0 else -h
        return -2 if result == -1 else result

    def __eq__(a, b):
        if type(b) is int:
            return a._numerator == b and a._denominator == 1
        if isinstance(b, Rational):
            return a._numerator == b.numerator and a._denominator == b.denominator
        if isinstance(b, float):
            if math.isnan(b) or math.isinf(b):
                return 0.0 == b
            return a == a.from_float(b)
        return NotImplemented

    def _compared(self, other, op):
        if isinstance(other, Rational):
            return op(self._numerator * other.denominator,
                      self._denominator * other.numerator)
        if isinstance(other, float):
            if math.isnan(other) or math.isinf(other):
                return op(0.0, other)
            return op(self, self.from_float(other))
        return NotImplemented

    def __lt__(a, b):
        return a._compared(b, lambda x, y: x < y)

    def __gt__(a, b):
        return a._compared(b, lambda x, y: x > y)

    def __le__(a, b):
        return a._compared(b, lambda x, y: x <= y)

    def __ge__(a, b):
        return a._compared(b, lambda x, y: x >= y)

    def __bool__(a):
        return bool(a._numerator)

    def __reduce__(self):
        return self.__class__, (self._numerator, self._denominator)

    def __copy__(self):
        if type(self) is Fraction:
            return self
        return self.__class__(self._numerator, self._denominator)

    def __deepcopy__(self, memo):
        return self.__copy__()


def _make(cls, numerator, denominator):
    """A fraction from parts already in lowest terms."""
    self = object.__new__(cls)
    self._numerator = numerator
    self._denominator = denominator
    return self


def _ratio(x):
    """(numerator, denominator) of an exact number, else None."""
    if isinstance(x, int):
        return int(x), 1
    if isinstance(x, Fraction):
        return x._numerator, x._denominator
    if isinstance(x, Rational):
        return x.numerator, x.denominator
    return None


def _add(na, da, nb, db):
    # Knuth, TAOCP volume 2, 4.5.1: keeps the intermediate numbers small.
    g = gcd(da, db)
    if g == 1:
        return _make(Fraction, na * db + da * nb, da * db)
    s = da // g
    t = na * (db // g) + nb * s
    g2 = gcd(t, g)
    return _make(Fraction, t // g2, s * (db // g2))


def _multiply(na, da, nb, db):
    g1 = gcd(na, db)
    g2 = gcd(nb, da)
    return _make(Fraction, (na // g1) * (nb // g2), (da // g2) * (db // g1))


def _divide(na, da, nb, db):
    if nb == 0:
        raise ZeroDivisionError(f"Fraction({na * db}, 0)")
    if nb < 0:
        nb, db = -nb, -db
    return _multiply(na, da, db, nb)


def _modulo(na, da, nb, db):
    return Fraction((na * db) % (nb * da), da * db)
