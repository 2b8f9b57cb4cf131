"""Dates, times, their differences and fixed time zones (the proleptic Gregorian calendar)."""

import time as _time
from _operator import index as _index

__all__ = ["date", "datetime", "time", "timedelta", "timezone", "tzinfo", "MINYEAR",
           "MAXYEAR", "UTC"]

MINYEAR = 1
MAXYEAR = 9999
_MAXORDINAL = 3652059

_DAYS_IN_MONTH = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAYS_BEFORE_MONTH = (0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_MONTHNAMES = (None, "Jan", "Feb", "Mar", "Apr", "May", "Jun",
               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYNAMES = (None, "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


# The calendar ---------------------------------------------------------------------------

def _is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_before_year(year):
    y = year - 1
    return y * 365 + y // 4 - y // 100 + y // 400


def _days_in_month(year, month):
    if month == 2 and _is_leap(year):
        return 29
    return _DAYS_IN_MONTH[month]


def _days_before_month(year, month):
    return _DAYS_BEFORE_MONTH[month] + (month > 2 and _is_leap(year))


def _ymd2ord(year, month, day):
    return _days_before_year(year) + _days_before_month(year, month) + day


def _ord2ymd(n):
    """The date of a day number; day 1 is 1 January of year 1."""
    n400, n = divmod(n - 1, 146097)
    n100, n = divmod(n, 36524)
    n4, n = divmod(n, 1461)
    n1, n = divmod(n, 365)
    year = n400 * 400 + n100 * 100 + n4 * 4 + n1 + 1
    if n1 == 4 or n100 == 4:
        # The last day of a leap cycle.
        return year - 1, 12, 31
    month = (n + 50) >> 5
    before = _days_before_month(year, month)
    if before > n:
        month -= 1
        before = _days_before_month(year, month)
    return year, month, n - before + 1


def _isoweek1monday(year):
    firstday = _ymd2ord(year, 1, 1)
    weekday = (firstday + 6) % 7
    monday = firstday - weekday
    return monday + 7 if weekday > 3 else monday


def _isoweek_to_ordinal(year, week, day):
    if not MINYEAR <= year <= MAXYEAR:
        raise ValueError(f"Year is out of range: {year}")
    if not 0 < week < 53:
        long_year = week == 53 and (
            (_ymd2ord(year, 1, 1) % 7 == 4) or
            (_ymd2ord(year, 1, 1) % 7 == 3 and _is_leap(year)))
        if not long_year:
            raise ValueError(f"Invalid week: {week}")
    if not 0 < day < 8:
        raise ValueError(f"Invalid weekday: {day} (range is [1, 7])")
    return _isoweek1monday(year) + (week - 1) * 7 + day - 1


def _check_date_fields(year, month, day):
    year = _index(year)
    month = _index(month)
    day = _index(day)
    if not MINYEAR <= year <= MAXYEAR:
        raise ValueError(f"year {year} is out of range")
    if not 1 <= month <= 12:
        raise ValueError("month must be in 1..12")
    if not 1 <= day <= _days_in_month(year, month):
        raise ValueError("day is out of range for month")
    return year, month, day


def _check_time_fields(hour, minute, second, microsecond, fold):
    hour = _index(hour)
    minute = _index(minute)
    second = _index(second)
    microsecond = _index(microsecond)
    if not 0 <= hour <= 23:
        raise ValueError("hour must be in 0..23")
    if not 0 <= minute <= 59:
        raise ValueError("minute must be in 0..59")
    if not 0 <= second <= 59:
        raise ValueError("second must be in 0..59")
    if not 0 <= microsecond <= 999999:
        raise ValueError("microsecond must be in 0..999999")
    if fold not in (0, 1):
        raise ValueError("fold must be either 0 or 1")
    return hour, minute, second, microsecond, fold


def _check_tzinfo(tz):
    if tz is not None and not isinstance(tz, tzinfo):
        raise TypeError("tzinfo argument must be None or of a tzinfo subclass, "
                        f"not type '{type(tz).__name__}'")


def _check_offset(name, offset):
    if offset is None:
        return
    if not isinstance(offset, timedelta):
        raise TypeError(f"tzinfo.{name}() must return None or a timedelta, "
                        f"not '{type(offset).__name__}'")
    if not -_DAY < offset < _DAY:
        raise ValueError("offset must be a timedelta strictly between "
                         "-timedelta(hours=24) and timedelta(hours=24).")


def _cant_compare(x, y):
    raise TypeError(f"can't compare {_type_name(type(x))} to {_type_name(type(y))}")


def _type_name(cls):
    """`datetime.date` for the classes of this module, the bare name of subclasses."""
    return f"datetime.{cls.__name__}" if cls.__module__ == "datetime" else cls.__name__


def _round_half_even(q, r, divisor):
    """q, or q + 1, for the remainder r of a division by a positive divisor."""
    double = 2 * r
    if double > divisor or double == divisor and q % 2:
        return q + 1
    return q


# Text -----------------------------------------------------------------------------------

def _format_time(hh, mm, ss, us, timespec="auto"):
    if timespec == "auto":
        timespec = "microseconds" if us else "seconds"
    if timespec == "hours":
        return f"{hh:02d}"
    if timespec == "minutes":
        return f"{hh:02d}:{mm:02d}"
    if timespec == "seconds":
        return f"{hh:02d}:{mm:02d}:{ss:02d}"
    if timespec == "milliseconds":
        return f"{hh:02d}:{mm:02d}:{ss:02d}.{us // 1000:03d}"
    if timespec == "microseconds":
        return f"{hh:02d}:{mm:02d}:{ss:02d}.{us:06d}"
    raise ValueError("Unknown timespec value")


def _format_offset(offset, sep=":"):
    if offset is None:
        return ""
    sign = "+"
    if offset.days < 0:
        sign = "-"
        offset = -offset
    minutes, seconds = divmod(offset.seconds, 60)
    hours, minutes = divmod(minutes + offset.days * 1440, 60)
    text = f"{sign}{hours:02d}{sep}{minutes:02d}"
    if seconds or offset.microseconds:
        text += f"{sep}{seconds:02d}"
        if offset.microseconds:
            text += f".{offset.microseconds:06d}"
    return text


def _wrap_strftime(obj, format, timetuple):
    """strftime with %f, %z and %Z filled in first."""
    parts = []
    i = 0
    while i < len(format):
        c = format[i]
        i += 1
        if c != "%" or i == len(format):
            parts.append(c)
            continue
        c = format[i]
        i += 1
        if c == "f":
            parts.append(f"{getattr(obj, 'microsecond', 0):06d}")
        elif c == "z":
            parts.append(_format_offset(obj.utcoffset(), "") if hasattr(obj, "utcoffset")
                         else "")
        elif c == "Z":
            name = obj.tzname() if hasattr(obj, "tzname") else None
            parts.append((name or "").replace("%", "%%"))
        else:
            parts.append("%" + c)
    return _time.strftime("".join(parts), timetuple)


def _digits(text, start, count):
    part = text[start:start + count]
    if len(part) != count or not (part.isascii() and part.isdigit()):
        raise ValueError("Invalid isoformat string")
    return int(part)


def _parse_isoformat_date(text):
    """(year, month, day) of YYYY-MM-DD, YYYYMMDD, YYYY-Www[-D] and YYYYWww[D]."""
    year = _digits(text, 0, 4)
    has_sep = text[4:5] == "-"
    pos = 4 + has_sep
    if text[pos:pos + 1] == "W":
        week = _digits(text, pos + 1, 2)
        pos += 3
        day = 1
        if len(text) > pos:
            if (text[pos] == "-") != has_sep:
                raise ValueError("Inconsistent use of dash separator")
            pos += has_sep
            day = _digits(text, pos, 1)
            pos += 1
        if pos != len(text):
            raise ValueError("Invalid isoformat string")
        return _ord2ymd(_isoweek_to_ordinal(year, week, day))
    month = _digits(text, pos, 2)
    pos += 2
    if (text[pos:pos + 1] == "-") != has_sep:
        raise ValueError("Inconsistent use of dash separator")
    pos += has_sep
    day = _digits(text, pos, 2)
    if pos + 2 != len(text):
        raise ValueError("Invalid isoformat string")
    return year, month, day


def _parse_hms(text):
    """[hour, minute, second, microsecond] of HH[:MM[:SS[.f…]]] with or without colons."""
    values = [0, 0, 0, 0]
    pos = 0
    colons = text[2:3] == ":"
    for i in range(3):
        values[i] = _digits(text, pos, 2)
        pos += 2
        rest = text[pos:pos + 1]
        if not rest:
            return values
        if i == 2:
            break
        if colons:
            if rest != ":":
                raise ValueError("Invalid time separator: %c" % rest)
            pos += 1
    if text[pos] not in ".,":
        raise ValueError("Invalid microsecond component")
    fraction = text[pos + 1:]
    if not fraction or not (fraction.isascii() and fraction.isdigit()):
        raise ValueError("Non-digit values in unparsed fraction")
    values[3] = int(fraction[:6].ljust(6, "0"))
    return values


def _parse_isoformat_time(text):
    """[hour, minute, second, microsecond, tzinfo]."""
    if len(text) < 2:
        raise ValueError("Isoformat time too short")
    at = max(text.find("-"), text.find("+"), text.find("Z"))
    values = _parse_hms(text[:at] if at >= 0 else text)
    tz = None
    if at == len(text) - 1 and text[-1] == "Z":
        tz = timezone.utc
    elif at >= 0:
        offset = text[at + 1:]
        if len(offset) in (0, 1, 3):
            raise ValueError("Malformed time zone string")
        h, m, s, us = _parse_hms(offset)
        if h == m == s == us == 0:
            tz = timezone.utc
        else:
            sign = -1 if text[at] == "-" else 1
            tz = timezone(sign * timedelta(hours=h, minutes=m, seconds=s, microseconds=us))
    return values + [tz]


# timedelta ---------------------------------------------------------------------------------

class timedelta:
    """A duration: days, seconds and microseconds."""

    __c_name__ = "datetime.timedelta"

    __slots__ = ("_days", "_seconds", "_microseconds")

    def __new__(cls, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0,
                hours=0, weeks=0):
        us = 0
        leftover = 0.0
        for name, value, scale in (("microseconds", microseconds, 1),
                                   ("milliseconds", milliseconds, 1000),
                                   ("seconds", seconds, 1000000),
                                   ("minutes", minutes, 60000000),
                                   ("hours", hours, 3600000000),
                                   ("days", days, 86400000000),
                                   ("weeks", weeks, 604800000000)):
            if isinstance(value, int):
                us += value * scale
            elif isinstance(value, float):
                whole = int(value)
                us += whole * scale
                fraction = (value - whole) * scale
                fraction_whole = int(fraction)
                us += fraction_whole
                leftover += fraction - fraction_whole
            else:
                raise TypeError(f"unsupported type for timedelta {name} component: "
                                f"{type(value).__name__}")
        if leftover:
            whole = round(leftover)
            if abs(whole - leftover) == 0.5:
                # The tie is broken to make the whole sum even.
                is_odd = us & 1
                whole = 2 * round((leftover + is_odd) * 0.5) - is_odd
            us += int(whole)
        return _delta(cls, us)

    @property
    def days(self):
        return self._days

    @property
    def seconds(self):
        return self._seconds

    @property
    def microseconds(self):
        return self._microseconds

    def total_seconds(self):
        """The duration in seconds."""
        return self._us() / 10 ** 6

    def _us(self):
        return (self._days * 86400 + self._seconds) * 1000000 + self._microseconds

    def __repr__(self):
        args = []
        if self._days:
            args.append(f"days={self._days}")
        if self._seconds:
            args.append(f"seconds={self._seconds}")
        if self._microseconds:
            args.append(f"microseconds={self._microseconds}")
        return f"{_type_name(self.__class__)}({', '.join(args) or '0'})"

    def __str__(self):
        mm, ss = divmod(self._seconds, 60)
        hh, mm = divmod(mm, 60)
        text = f"{hh}:{mm:02d}:{ss:02d}"
        if self._days:
            plural = "" if abs(self._days) == 1 else "s"
            text = f"{self._days} day{plural}, {text}"
        if self._microseconds:
            text += f".{self._microseconds:06d}"
        return text

    def __add__(self, other):
        if isinstance(other, timedelta):
            return _delta(timedelta, self._us() + other._us())
        return NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return _delta(timedelta, self._us() - other._us())
        return NotImplemented

    def __rsub__(self, other):
        if isinstance(other, timedelta):
            return _delta(timedelta, other._us() - self._us())
        return NotImplemented

    def __neg__(self):
        return _delta(timedelta, -self._us())

    def __pos__(self):
        return self

    def __abs__(self):
        return -self if self._days < 0 else self

    def __mul__(self, other):
        if isinstance(other, int):
            return _delta(timedelta, self._us() * other)
        if isinstance(other, float):
            a, b = other.as_integer_ratio()
            return _delta(timedelta, _divide_nearest(self._us() * a, b))
        return NotImplemented

    __rmul__ = __mul__

    def __floordiv__(self, other):
        if isinstance(other, timedelta):
            return self._us() // other._us()
        if isinstance(other, int):
            return _delta(timedelta, self._us() // other)
        return NotImplemented

    def __truediv__(self, other):
        if isinstance(other, timedelta):
            return self._us() / other._us()
        if isinstance(other, int):
            return _delta(timedelta, _divide_nearest(self._us(), other))
        if isinstance(other, float):
            a, b = other.as_integer_ratio()
            return _delta(timedelta, _divide_nearest(b * self._us(), a))
        return NotImplemented

    def __mod__(self, other):
        if isinstance(other, timedelta):
            return _delta(timedelta, self._us() % other._us())
        return NotImplemented

    def __divmod__(self, other):
        if isinstance(other, timedelta):
            q, r = divmod(self._us(), other._us())
            return q, _delta(timedelta, r)
        return NotImplemented

    def __eq__(self, other):
        if isinstance(other, timedelta):
            return self._us() == other._us()
        return NotImplemented

    def __lt__(self, other):
        if isinstance(other, timedelta):
            return self._us() < other._us()
        return NotImplemented

    def __le__(self, other):
        if isinstance(other, timedelta):
            return self._us() <= other._us()
        return NotImplemented

    def __gt__(self, other):
        if isinstance(other, timedelta):
            return self._us() > other._us()
        return NotImplemented

    def __ge__(self, other):
        if isinstance(other, timedelta):
            return self._us() >= other._us()
        return NotImplemented

    def __hash__(self):
        return hash((self._days, self._seconds, self._microseconds))

    def __bool__(self):
        return self._us() != 0

    def __reduce__(self):
        return self.__class__, (self._days, self._seconds, self._microseconds)


def _divide_nearest(a, b):
    """a / b rounded to the nearest int, ties to even."""
    if b < 0:
        a, b = -a, -b
    q, r = divmod(a, b)
    return _round_half_even(q, r, b)


def _delta(cls, us):
    """A timedelta of so many microseconds."""
    seconds, us = divmod(us, 1000000)
    days, seconds = divmod(seconds, 86400)
    if abs(days) > 999999999:
        raise OverflowError(f"days={days}; must have magnitude <= 999999999")
    self = object.__new__(cls)
    self._days = days
    self._seconds = seconds
    self._microseconds = us
    return self


timedelta.min = timedelta(-999999999)
timedelta.max = timedelta(days=999999999, hours=23, minutes=59, seconds=59,
                          microseconds=999999)
timedelta.resolution = timedelta(microseconds=1)
_DAY = timedelta(1)


# date --------------------------------------------------------------------------------------

class date:
    """A day of the calendar."""

    __c_name__ = "datetime.date"

    __slots__ = ("_year", "_month", "_day")

    def __new__(cls, year, month, day):
        year, month, day = _check_date_fields(year, month, day)
        self = object.__new__(cls)
        self._year = year
        self._month = month
        self._day = day
        return self

    @classmethod
    def fromtimestamp(cls, t):
        """The local day of a time in seconds since the epoch."""
        tm = _time.localtime(t)
        return cls(tm[0], tm[1], tm[2])

    @classmethod
    def today(cls):
        """The current local day."""
        return cls.fromtimestamp(_time.time())

    @classmethod
    def fromordinal(cls, n):
        """The day of a day number; 1 January of year 1 is 1."""
        if n < 1:
            raise ValueError("ordinal must be >= 1")
        if n > _MAXORDINAL:
            raise ValueError("year is out of range")
        return cls(*_ord2ymd(n))

    @classmethod
    def fromisoformat(cls, date_string):
        """The day of YYYY-MM-DD and the other ISO 8601 forms."""
        if not isinstance(date_string, str):
            raise TypeError("fromisoformat: argument must be str")
        try:
            if len(date_string) not in (7, 8, 10):
                raise ValueError
            fields = _parse_isoformat_date(date_string)
        except ValueError:
            raise ValueError(f"Invalid isoformat string: {date_string!r}") from None
        return cls(*fields)

    @classmethod
    def fromisocalendar(cls, year, week, day):
        """The day of an ISO year, week and weekday."""
        return cls.fromordinal(_isoweek_to_ordinal(year, week, day))

    @property
    def year(self):
        return self._year

    @property
    def month(self):
        return self._month

    @property
    def day(self):
        return self._day

    def __repr__(self):
        return f"{_type_name(self.__class__)}({self._year}, {self._month}, {self._day})"

    def ctime(self):
        """As `Thu Jan  1 00:00:00 1970`."""
        return (f"{_DAYNAMES[self.isoweekday()]} {_MONTHNAMES[self._month]} "
                f"{self._day:2d} 00:00:00 {self._year:04d}")

    def strftime(self, fmt):
        """The text for a format."""
        if not isinstance(fmt, str):
            raise TypeError(f"strftime() argument 1 must be str, not {type(fmt).__name__}")
        return _wrap_strftime(self, fmt, self.timetuple())

    def __format__(self, fmt):
        if not isinstance(fmt, str):
            raise TypeError("must be str, not %s" % type(fmt).__name__)
        return self.strftime(fmt) if fmt else str(self)

    def isoformat(self):
        """As YYYY-MM-DD."""
        return f"{self._year:04d}-{self._month:02d}-{self._day:02d}"

    def __str__(self):
        return self.isoformat()

    def timetuple(self):
        """The local time tuple at midnight."""
        return _time_tuple(self, 0, 0, 0, -1)

    def toordinal(self):
        """The day number; 1 January of year 1 is 1."""
        return _ymd2ord(self._year, self._month, self._day)

    def replace(self, year=None, month=None, day=None):
        """A copy with some fields changed."""
        return type(self)(self._year if year is None else year,
                          self._month if month is None else month,
                          self._day if day is None else day)

    def weekday(self):
        """0 for Monday to 6 for Sunday."""
        return (self.toordinal() + 6) % 7

    def isoweekday(self):
        """1 for Monday to 7 for Sunday."""
        return self.toordinal() % 7 or 7

    def isocalendar(self):
        """(ISO year, week, weekday)."""
        year = self._year
        week1monday = _isoweek1monday(year)
        today = _ymd2ord(self._year, self._month, self._day)
        week, day = divmod(today - week1monday, 7)
        if week < 0:
            year -= 1
            week, day = divmod(today - _isoweek1monday(year), 7)
        elif week >= 52 and today >= _isoweek1monday(year + 1):
            year += 1
            week = 0
        return IsoCalendarDate(year, week + 1, day + 1)

    def _key(self):
        return (self._year, self._month, self._day)

    def __eq__(self, other):
        if isinstance(other, date) and not isinstance(other, datetime):
            return self._key() == other._key()
        return NotImplemented

    def __lt__(self, other):
        if isinstance(other, date) and not isinstance(other, datetime):
            return self._key() < other._key()
        return NotImplemented

    def __le__(self, other):
        if isinstance(other, date) and not isinstance(other, datetime):
            return self._key() <= other._key()
        return NotImplemented

    def __gt__(self, other):
        if isinstance(other, date) and not isinstance(other, datetime):
            return self._key() > other._key()
        return NotImplemented

    def __ge__(self, other):
        if isinstance(other, date) and not isinstance(other, datetime):
            return self._key() >= other._key()
        return NotImplemented

    def __hash__(self):
        return hash(self._key())

    def __add__(self, other):
        if not isinstance(other, timedelta):
            return NotImplemented
        n = self.toordinal() + other.days
        if not 0 < n <= _MAXORDINAL:
            raise OverflowError("date value out of range")
        return type(self).fromordinal(n)

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return self + timedelta(-other.days)
        if isinstance(other, date):
            return timedelta(self.toordinal() - other.toordinal())
        return NotImplemented

    def __reduce__(self):
        return self.__class__, (self._year, self._month, self._day)


def _time_tuple(day, hh, mm, ss, isdst):
    yday = _days_before_month(day._year, day._month) + day._day
    return _time.struct_time((day._year, day._month, day._day, hh, mm, ss,
                              day.weekday(), yday, isdst))


class IsoCalendarDate(tuple):
    """ISO year, week and weekday, also by name."""

    __slots__ = ()

    def __new__(cls, year, week, weekday):
        return tuple.__new__(cls, (year, week, weekday))

    @property
    def year(self):
        return self[0]

    @property
    def week(self):
        return self[1]

    @property
    def weekday(self):
        return self[2]

    def __reduce__(self):
        return tuple, (tuple(self),)

    def __repr__(self):
        return (f"datetime.IsoCalendarDate(year={self[0]}, week={self[1]}, "
                f"weekday={self[2]})")


# tzinfo and timezone ---------------------------------------------------------------------

class tzinfo:
    """Base of time zones."""

    __c_name__ = "datetime.tzinfo"

    __slots__ = ()

    def tzname(self, dt):
        raise NotImplementedError("a tzinfo subclass must implement tzname()")

    def utcoffset(self, dt):
        raise NotImplementedError("a tzinfo subclass must implement utcoffset()")

    def dst(self, dt):
        raise NotImplementedError("a tzinfo subclass must implement dst()")

    def fromutc(self, dt):
        """The local time of a time in UTC."""
        if not isinstance(dt, datetime):
            raise TypeError("fromutc: argument must be a datetime")
        if dt.tzinfo is not self:
            raise ValueError("fromutc: dt.tzinfo is not self")
        offset = dt.utcoffset()
        if offset is None:
            raise ValueError("fromutc: non-None utcoffset() result required")
        dst = dt.dst()
        if dst is None:
            raise ValueError("fromutc: non-None dst() result required")
        delta = offset - dst
        if delta:
            dt += delta
            dst = dt.dst()
            if dst is None:
                raise ValueError("fromutc(): dt.dst gave inconsistent results; "
                                 "cannot convert")
        return dt + dst


class timezone(tzinfo):
    """A fixed offset from UTC."""

    __c_name__ = "datetime.timezone"

    __slots__ = ("_offset", "_name")

    def __new__(cls, offset, name=None):
        if not isinstance(offset, timedelta):
            raise TypeError("timezone() argument 1 must be datetime.timedelta, "
                            f"not {type(offset).__name__}")
        if name is not None and not isinstance(name, str):
            raise TypeError(f"timezone() argument 2 must be str, not {type(name).__name__}")
        if name is None and not offset:
            utc = cls.__dict__.get("utc")
            if utc is not None:
                return utc
        if not -_DAY < offset < _DAY:
            raise ValueError("offset must be a timedelta strictly between "
                             f"-timedelta(hours=24) and timedelta(hours=24), not {offset!r}.")
        self = object.__new__(cls)
        self._offset = offset
        self._name = name
        return self

    def __eq__(self, other):
        if isinstance(other, timezone):
            return self._offset == other._offset
        return NotImplemented

    def __hash__(self):
        return hash(self._offset)

    def __repr__(self):
        if self is timezone.utc:
            return "datetime.timezone.utc"
        shown = repr(self._offset)
        if self._name is not None:
            shown += f", {self._name!r}"
        return f"{_type_name(self.__class__)}({shown})"

    def __str__(self):
        return self.tzname(None)

    def utcoffset(self, dt):
        _check_dt("utcoffset", dt)
        return self._offset

    def tzname(self, dt):
        _check_dt("tzname", dt)
        if self._name is not None:
            return self._name
        return "UTC" + _format_offset(self._offset) if self._offset else "UTC"

    def dst(self, dt):
        _check_dt("dst", dt)
        return None

    def fromutc(self, dt):
        if not isinstance(dt, datetime):
            raise TypeError("fromutc() argument must be a datetime instance or None")
        if dt.tzinfo is not self:
            raise ValueError("fromutc: dt.tzinfo is not self")
        return dt + self._offset

    def __reduce__(self):
        if self._name is None:
            return self.__class__, (self._offset,)
        return self.__class__, (self._offset, self._name)

    def __deepcopy__(self, memo):
        return self

    __copy__ = None


def _check_dt(name, dt):
    if not isinstance(dt, datetime) and dt is not None:
        raise TypeError(f"{name}(dt) argument must be a datetime instance or None, "
                        f"not {type(dt).__name__}")


def _same_zone(self):
    return self


timezone.__copy__ = _same_zone
timezone.utc = UTC = timezone(timedelta(0))
timezone.min = timezone(-timedelta(hours=23, minutes=59))
timezone.max = timezone(timedelta(hours=23, minutes=59))


# time -------------------------------------------------------------------------------------

class time:
    """A time of day, perhaps with a zone."""

    __c_name__ = "datetime.time"

    __slots__ = ("_hour", "_minute", "_second", "_microsecond", "_tzinfo", "_fold")

    def __new__(cls, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0):
        hour, minute, second, microsecond, fold = _check_time_fields(
            hour, minute, second, microsecond, fold)
        _check_tzinfo(tzinfo)
        self = object.__new__(cls)
        self._hour = hour
        self._minute = minute
        self._second = second
        self._microsecond = microsecond
        self._tzinfo = tzinfo
        self._fold = fold
        return self

    @classmethod
    def fromisoformat(cls, time_string):
        """The time of HH[:MM[:SS[.ffffff]]][+HH:MM]."""
        if not isinstance(time_string, str):
            raise TypeError("fromisoformat: argument must be str")
        try:
            return cls(*_parse_isoformat_time(time_string.removeprefix("T")))
        except ValueError as e:
            if " must be in " in str(e):
                raise
            raise ValueError(f"Invalid isoformat string: {time_string!r}") from None

    @property
    def hour(self):
        return self._hour

    @property
    def minute(self):
        return self._minute

    @property
    def second(self):
        return self._second

    @property
    def microsecond(self):
        return self._microsecond

    @property
    def tzinfo(self):
        return self._tzinfo

    @property
    def fold(self):
        return self._fold

    def utcoffset(self):
        """The offset from UTC, or None."""
        if self._tzinfo is None:
            return None
        offset = self._tzinfo.utcoffset(None)
        _check_offset("utcoffset", offset)
        return offset

    def tzname(self):
        """The name of the zone, or None."""
        return None if self._tzinfo is None else self._tzinfo.tzname(None)

    def dst(self):
        """The daylight saving part of the offset, or None."""
        if self._tzinfo is None:
            return None
        offset = self._tzinfo.dst(None)
        _check_offset("dst", offset)
        return offset

    def _key(self):
        return (self._hour, self._minute, self._second, self._microsecond)

    def _utc_us(self, offset):
        us = ((self._hour * 60 + self._minute) * 60 + self._second) * 1000000
        return us + self._microsecond - (offset._us() if offset else 0)

    def _compare(self, other, equality=False):
        mine = self.utcoffset()
        theirs = other.utcoffset()
        if mine == theirs:
            return _cmp(self._key(), other._key())
        if mine is None or theirs is None:
            if equality:
                return 2
            raise TypeError("can't compare offset-naive and offset-aware times")
        return _cmp(self._utc_us(mine), other._utc_us(theirs))

    def __eq__(self, other):
        if isinstance(other, time):
            return self._compare(other, True) == 0
        return NotImplemented

    def __lt__(self, other):
        return self._compare(other) < 0 if isinstance(other, time) else NotImplemented

    def __le__(self, other):
        return self._compare(other) <= 0 if isinstance(other, time) else NotImplemented

    def __gt__(self, other):
        return self._compare(other) > 0 if isinstance(other, time) else NotImplemented

    def __ge__(self, other):
        return self._compare(other) >= 0 if isinstance(other, time) else NotImplemented

    def __hash__(self):
        offset = self.utcoffset()
        if not offset:
            return hash(self._key())
        return hash(self._utc_us(offset))

    def __repr__(self):
        args = [str(self._hour), str(self._minute)]
        if self._second or self._microsecond:
            args.append(str(self._second))
        if self._microsecond:
            args.append(str(self._microsecond))
        if self._tzinfo is not None:
            args.append(f"tzinfo={self._tzinfo!r}")
        if self._fold:
            args.append("fold=1")
        return f"{_type_name(self.__class__)}({', '.join(args)})"

    def isoformat(self, timespec="auto"):
        """As HH:MM:SS.ffffff+HH:MM."""
        return (_format_time(self._hour, self._minute, self._second, self._microsecond,
                             timespec) + _format_offset(self.utcoffset()))

    def __str__(self):
        return self.isoformat()

    def strftime(self, fmt):
        """The text for a format; the date is 1 January 1900."""
        tt = _time.struct_time((1900, 1, 1, self._hour, self._minute, self._second, 0, 1, -1))
        return _wrap_strftime(self, fmt, tt)

    def __format__(self, fmt):
        if not isinstance(fmt, str):
            raise TypeError("must be str, not %s" % type(fmt).__name__)
        return self.strftime(fmt) if fmt else str(self)

    def __bool__(self):
        return True

    def replace(self, hour=None, minute=None, second=None, microsecond=None, tzinfo=True,
                *, fold=None):
        """A copy with some fields changed."""
        return type(self)(self._hour if hour is None else hour,
                          self._minute if minute is None else minute,
                          self._second if second is None else second,
                          self._microsecond if microsecond is None else microsecond,
                          self._tzinfo if tzinfo is True else tzinfo,
                          fold=self._fold if fold is None else fold)

    def __reduce__(self):
        return _rebuild_time, (self.__class__, *self._key(), self._tzinfo, self._fold)


def _rebuild_time(cls, hour, minute, second, microsecond, tzinfo, fold):
    return cls(hour, minute, second, microsecond, tzinfo, fold=fold)


def _cmp(x, y):
    return 0 if x == y else 1 if x > y else -1


time.min = time(0, 0, 0)
time.max = time(23, 59, 59, 999999)
time.resolution = timedelta(microseconds=1)

_time_class = time
_tzinfo_class = tzinfo


# datetime -----------------------------------------------------------------------------------

_EPOCH_ORDINAL = 719163


class datetime(date):
    """A day and a time of day, perhaps with a zone."""

    __c_name__ = "datetime.datetime"

    __slots__ = ("_hour", "_minute", "_second", "_microsecond", "_tzinfo", "_fold")

    def __new__(cls, year, month=None, day=None, hour=0, minute=0, second=0,
                microsecond=0, tzinfo=None, *, fold=0):
        if month is None or day is None:
            name, position = ("month", 2) if month is None else ("day", 3)
            raise TypeError(f"function missing required argument '{name}' (pos {position})")
        year, month, day = _check_date_fields(year, month, day)
        hour, minute, second, microsecond, fold = _check_time_fields(
            hour, minute, second, microsecond, fold)
        _check_tzinfo(tzinfo)
        self = object.__new__(cls)
        self._year = year
        self._month = month
        self._day = day
        self._hour = hour
        self._minute = minute
        self._second = second
        self._microsecond = microsecond
        self._tzinfo = tzinfo
        self._fold = fold
        return self

    @property
    def hour(self):
        return self._hour

    @property
    def minute(self):
        return self._minute

    @property
    def second(self):
        return self._second

    @property
    def microsecond(self):
        return self._microsecond

    @property
    def tzinfo(self):
        return self._tzinfo

    @property
    def fold(self):
        return self._fold

    @classmethod
    def _from_timestamp(cls, t, utc, tz):
        fraction = 0
        if isinstance(t, float):
            n, d = t.as_integer_ratio()
            total = _divide_nearest(n * 1000000, d)
            t, fraction = divmod(total, 1000000)
        else:
            t = _index(t)
        tm = (_time.gmtime if utc else _time.localtime)(t)
        result = cls(tm[0], tm[1], tm[2], tm[3], tm[4], min(tm[5], 59), fraction, tz)
        if tz is None and not utc:
            # A repeated hour: the second time round has fold=1.
            before = _time.localtime(t - 86400)
            change = tm.tm_gmtoff - before.tm_gmtoff
            if change < 0:
                earlier = _time.localtime(t + change)
                if tuple(earlier)[:6] == tuple(tm)[:6]:
                    result._fold = 1
        elif tz is not None:
            result = tz.fromutc(result)
        return result

    @classmethod
    def fromtimestamp(cls, timestamp, tz=None):
        """The local time, or the time in `tz`, of seconds since the epoch."""
        _check_tzinfo(tz)
        return cls._from_timestamp(timestamp, tz is not None, tz)

    @classmethod
    def utcfromtimestamp(cls, t):
        """The time in UTC, without a zone, of seconds since the epoch."""
        return cls._from_timestamp(t, True, None)

    @classmethod
    def now(cls, tz=None):
        """The current local time, or the time in `tz`."""
        return cls.fromtimestamp(_time.time(), tz)

    @classmethod
    def utcnow(cls):
        """The current time in UTC, without a zone."""
        return cls.utcfromtimestamp(_time.time())

    @classmethod
    def combine(cls, date, time, tzinfo=True):
        """A date and a time put together."""
        if not isinstance(date, _date_class):
            raise TypeError("combine() argument 1 must be datetime.date, "
                            f"not {type(date).__name__}")
        if not isinstance(time, _time_class):
            raise TypeError("combine() argument 2 must be datetime.time, "
                            f"not {type(time).__name__}")
        if tzinfo is True:
            tzinfo = time.tzinfo
        return cls(date.year, date.month, date.day, time.hour, time.minute, time.second,
                   time.microsecond, tzinfo, fold=time.fold)

    @classmethod
    def fromisoformat(cls, date_string):
        """The time of YYYY-MM-DD[*HH:MM:SS[.ffffff][+HH:MM]] and other ISO 8601 forms."""
        if not isinstance(date_string, str):
            raise TypeError("fromisoformat: argument must be str")
        try:
            if len(date_string) < 7:
                raise ValueError
            end = _date_end(date_string)
            fields = _parse_isoformat_date(date_string[:end])
            clock = [0, 0, 0, 0, None]
            if date_string[end + 1:]:
                clock = _parse_isoformat_time(date_string[end + 1:])
            elif len(date_string) > end:
                raise ValueError
        except ValueError:
            raise ValueError(f"Invalid isoformat string: {date_string!r}") from None
        return cls(*fields, *clock)

    @classmethod
    def strptime(cls, date_string, format):
        """The time of a text in the given format."""
        from _strptime import parse
        f = parse(date_string, format)
        tz = None
        if f["offset"] is not None:
            seconds, us = f["offset"]
            delta = timedelta(seconds=seconds, microseconds=us)
            tz = timezone(delta, f["zone"].upper()) if f["zone"] else timezone(delta)
        return cls(f["year"], f["month"], f["day"], f["hour"], f["minute"], f["second"],
                   f["microsecond"], tz)

    def timetuple(self):
        """The time tuple as the local clock shows it."""
        dst = self.dst()
        isdst = -1 if dst is None else 1 if dst else 0
        return _time_tuple(self, self._hour, self._minute, self._second, isdst)

    def utctimetuple(self):
        """The time tuple in UTC."""
        offset = self.utcoffset()
        moved = self - offset if offset else self
        return _time_tuple(moved, moved._hour, moved._minute, moved._second, 0)

    def _seconds(self):
        """Seconds of the fields since the epoch, as if in UTC."""
        days = self.toordinal() - _EPOCH_ORDINAL
        return ((days * 24 + self._hour) * 60 + self._minute) * 60 + self._second

    def _mktime(self):
        """Seconds since the epoch of a local time; `fold` decides between two."""
        t = self._seconds()

        def local(u):
            return u + _time.localtime(u).tm_gmtoff

        a = local(t) - t
        u1 = t - a
        t1 = local(u1)
        if t1 == t:
            u2 = u1 + (86400 if self._fold else -86400)
            b = local(u2) - u2
            if a == b:
                return u1
        else:
            b = t1 - u1
        u2 = t - b
        if local(u2) == t:
            return u2
        if t1 == t:
            return u1
        return max(u1, u2) if not self._fold else min(u1, u2)

    def timestamp(self):
        """Seconds since the epoch."""
        if self._tzinfo is None:
            return self._mktime() + self._microsecond / 1e6
        return (self - _EPOCH).total_seconds()

    def date(self):
        """The day."""
        return _date_class(self._year, self._month, self._day)

    def time(self):
        """The time of day, without the zone."""
        return _time_class(self._hour, self._minute, self._second, self._microsecond,
                           fold=self._fold)

    def timetz(self):
        """The time of day with the zone."""
        return _time_class(self._hour, self._minute, self._second, self._microsecond,
                           self._tzinfo, fold=self._fold)

    def replace(self, year=None, month=None, day=None, hour=None, minute=None,
                second=None, microsecond=None, tzinfo=True, *, fold=None):
        """A copy with some fields changed."""
        return type(self)(self._year if year is None else year,
                          self._month if month is None else month,
                          self._day if day is None else day,
                          self._hour if hour is None else hour,
                          self._minute if minute is None else minute,
                          self._second if second is None else second,
                          self._microsecond if microsecond is None else microsecond,
                          self._tzinfo if tzinfo is True else tzinfo,
                          fold=self._fold if fold is None else fold)

    def _local_timezone(self):
        if self._tzinfo is None:
            ts = self._mktime()
        else:
            ts = (self - _EPOCH) // timedelta(seconds=1)
        tm = _time.localtime(ts)
        return timezone(timedelta(seconds=tm.tm_gmtoff), tm.tm_zone)

    def astimezone(self, tz=None):
        """The same moment in another zone, by default the local one."""
        if tz is None:
            tz = self._local_timezone()
        elif not isinstance(tz, _tzinfo_class):
            raise TypeError("tz argument must be an instance of tzinfo")
        mine = self._tzinfo
        if mine is None:
            mine = self._local_timezone()
            offset = mine.utcoffset(self)
        else:
            offset = mine.utcoffset(self)
            if offset is None:
                mine = self.replace(tzinfo=None)._local_timezone()
                offset = mine.utcoffset(self)
        if tz is mine:
            return self
        return tz.fromutc((self - offset).replace(tzinfo=tz))

    def ctime(self):
        """As `Thu Jan  1 00:00:00 1970`."""
        return (f"{_DAYNAMES[self.isoweekday()]} {_MONTHNAMES[self._month]} {self._day:2d} "
                f"{self._hour:02d}:{self._minute:02d}:{self._second:02d} {self._year:04d}")

    def isoformat(self, sep="T", timespec="auto"):
        """As YYYY-MM-DDTHH:MM:SS.ffffff+HH:MM."""
        clock = _format_time(self._hour, self._minute, self._second, self._microsecond,
                             timespec)
        return f"{date.isoformat(self)}{sep}{clock}{_format_offset(self.utcoffset())}"

    def __repr__(self):
        args = [self._year, self._month, self._day, self._hour, self._minute]
        if self._second or self._microsecond:
            args.append(self._second)
        if self._microsecond:
            args.append(self._microsecond)
        args = [str(a) for a in args]
        if self._tzinfo is not None:
            args.append(f"tzinfo={self._tzinfo!r}")
        if self._fold:
            args.append("fold=1")
        return f"{_type_name(self.__class__)}({', '.join(args)})"

    def __str__(self):
        return self.isoformat(sep=" ")

    def utcoffset(self):
        """The offset from UTC, or None."""
        if self._tzinfo is None:
            return None
        offset = self._tzinfo.utcoffset(self)
        _check_offset("utcoffset", offset)
        return offset

    def tzname(self):
        """The name of the zone, or None."""
        if self._tzinfo is None:
            return None
        name = self._tzinfo.tzname(self)
        if name is not None and not isinstance(name, str):
            raise TypeError("tzinfo.tzname() must return None or a string, "
                            f"not '{type(name).__name__}'")
        return name

    def dst(self):
        """The daylight saving part of the offset, or None."""
        if self._tzinfo is None:
            return None
        offset = self._tzinfo.dst(self)
        _check_offset("dst", offset)
        return offset

    def _key(self):
        return (self._year, self._month, self._day, self._hour, self._minute,
                self._second, self._microsecond)

    def _compare(self, other, equality=False):
        mine = None if self._tzinfo is None else self.utcoffset()
        theirs = None if other._tzinfo is None else other.utcoffset()
        if self._tzinfo is other._tzinfo or mine == theirs:
            return _cmp(self._key(), other._key())
        if mine is None or theirs is None:
            if equality:
                return 2
            raise TypeError("can't compare offset-naive and offset-aware datetimes")
        return _cmp((self - other)._us(), 0)

    def __eq__(self, other):
        if isinstance(other, datetime):
            return self._compare(other, True) == 0
        if isinstance(other, date):
            return False
        return NotImplemented

    def __lt__(self, other):
        if isinstance(other, datetime):
            return self._compare(other) < 0
        if isinstance(other, date):
            _cant_compare(self, other)
        return NotImplemented

    def __le__(self, other):
        if isinstance(other, datetime):
            return self._compare(other) <= 0
        if isinstance(other, date):
            _cant_compare(self, other)
        return NotImplemented

    def __gt__(self, other):
        if isinstance(other, datetime):
            return self._compare(other) > 0
        if isinstance(other, date):
            _cant_compare(self, other)
        return NotImplemented

    def __ge__(self, other):
        if isinstance(other, datetime):
            return self._compare(other) >= 0
        if isinstance(other, date):
            _cant_compare(self, other)
        return NotImplemented

    def __add__(self, other):
        if not isinstance(other, timedelta):
            return NotImplemented
        us = ((self.toordinal() * 86400 + self._hour * 3600 + self._minute * 60
               + self._second) * 1000000 + self._microsecond + other._us())
        seconds, us = divmod(us, 1000000)
        days, seconds = divmod(seconds, 86400)
        if not 0 < days <= _MAXORDINAL:
            raise OverflowError("date value out of range")
        hour, seconds = divmod(seconds, 3600)
        minute, second = divmod(seconds, 60)
        return type(self)(*_ord2ymd(days), hour, minute, second, us, self._tzinfo)

    __radd__ = __add__

    def __sub__(self, other):
        if not isinstance(other, datetime):
            if isinstance(other, timedelta):
                return self + -other
            return NotImplemented
        base = timedelta(0, self._seconds() - other._seconds(),
                         self._microsecond - other._microsecond)
        if self._tzinfo is other._tzinfo:
            return base
        mine = self.utcoffset()
        theirs = other.utcoffset()
        if mine == theirs:
            return base
        if mine is None or theirs is None:
            raise TypeError("can't subtract offset-naive and offset-aware datetimes")
        return base + theirs - mine

    def __hash__(self):
        offset = self.replace(fold=0).utcoffset() if self._fold else self.utcoffset()
        if offset is None:
            return hash(self._key())
        return hash(timedelta(0, self._seconds(), self._microsecond) - offset)

    def __reduce__(self):
        return _rebuild_datetime, (self.__class__, *self._key(), self._tzinfo, self._fold)


def _rebuild_datetime(cls, year, month, day, hour, minute, second, us, tzinfo, fold):
    return cls(year, month, day, hour, minute, second, us, tzinfo, fold=fold)


def _date_end(text):
    """Where the date part of an ISO 8601 text ends."""
    if len(text) == 7:
        return 7
    if text[4] == "-":
        if text[5] == "W":
            if len(text) > 8 and text[8] == "-":
                if len(text) == 9:
                    raise ValueError
                return 10
            return 8
        return 10
    if text[4] == "W":
        # YYYYWww, or YYYYWwwd if an odd number of digits precede the separator.
        end = 7
        while end < len(text) and text[end].isdigit():
            end += 1
        if end < 9:
            return end
        return 7 if end % 2 == 0 else 8
    return 8


_date_class = date
date.min = date(1, 1, 1)
date.max = date(9999, 12, 31)
date.resolution = timedelta(days=1)
datetime.min = datetime(1, 1, 1)
datetime.max = datetime(9999, 12, 31, 23, 59, 59, 999999)
datetime.resolution = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
