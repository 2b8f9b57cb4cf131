"""Parsing dates and times by a format, for `datetime` and `time`."""

import re
from functools import lru_cache

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august",
           "september", "october", "november", "december")

_DIRECTIVES = {
    "d": r"(?P<d>3[0-1]|[1-2]\d|0[1-9]|[1-9]| [1-9])",
    "f": r"(?P<f>[0-9]{1,6})",
    "H": r"(?P<H>2[0-3]|[0-1]\d|\d)",
    "I": r"(?P<I>1[0-2]|0[1-9]|[1-9])",
    "G": r"(?P<G>\d\d\d\d)",
    "j": r"(?P<j>36[0-6]|3[0-5]\d|[1-2]\d\d|0[1-9]\d|00[1-9]|[1-9]\d|0[1-9]|[1-9])",
    "m": r"(?P<m>1[0-2]|0[1-9]|[1-9])",
    "M": r"(?P<M>[0-5]\d|\d)",
    "S": r"(?P<S>6[0-1]|[0-5]\d|\d)",
    "U": r"(?P<U>5[0-3]|[0-4]\d|\d)",
    "W": r"(?P<W>5[0-3]|[0-4]\d|\d)",
    "w": r"(?P<w>[0-6])",
    "u": r"(?P<u>[1-7])",
    "V": r"(?P<V>5[0-3]|0[1-9]|[1-4]\d|\d)",
    "y": r"(?P<y>\d\d)",
    "Y": r"(?P<Y>\d\d\d\d)",
    "z": r"(?P<z>[+-]\d\d:?[0-5]\d(:?[0-5]\d(\.\d{1,6})?)?|(?-i:Z))",
    "A": "(?P<A>" + "|".join(_DAYS) + ")",
    "a": "(?P<a>" + "|".join(d[:3] for d in _DAYS) + ")",
    "B": "(?P<B>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")",
    "b": "(?P<b>" + "|".join(m[:3] for m in _MONTHS) + ")",
    "p": "(?P<p>am|pm)",
    "%": "%",
}
_COMPOUND = {"c": "%a %b %d %H:%M:%S %Y", "x": "%m/%d/%y", "X": "%H:%M:%S"}


@lru_cache(maxsize=64)
def _compiled(format, zones):
    for letter, expansion in _COMPOUND.items():
        format = format.replace("%" + letter, expansion)
    pattern = []
    i = 0
    while i < len(format):
        c = format[i]
        if c == "%":
            i += 1
            if i == len(format):
                raise ValueError("stray %% in format '%s'" % format)
            letter = format[i]
            if letter == "Z":
                pattern.append("(?P<Z>" + "|".join(map(re.escape, zones)) + ")")
            elif letter in _DIRECTIVES:
                pattern.append(_DIRECTIVES[letter])
            else:
                bad = "%" if letter == "\\" else letter
                raise ValueError("'%s' is a bad directive in format '%s'" % (bad, format))
        elif c.isspace():
            while i + 1 < len(format) and format[i + 1].isspace():
                i += 1
            pattern.append(r"\s+")
        else:
            pattern.append(re.escape(c))
        i += 1
    return re.compile("".join(pattern), re.IGNORECASE)


def _is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_before_year(year):
    y = year - 1
    return y * 365 + y // 4 - y // 100 + y // 400


_CUMULATIVE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)


def _ordinal(year, month, day):
    if day > _CUMULATIVE[month] - _CUMULATIVE[month - 1] + (month == 2 and _is_leap(year)):
        raise ValueError("day is out of range for month")
    return (_days_before_year(year) + _CUMULATIVE[month - 1]
            + (month > 2 and _is_leap(year)) + day)


def _from_year_day(year, julian):
    leap = _is_leap(year)
    month = 12
    while _CUMULATIVE[month - 1] + (month > 2 and leap) >= julian:
        month -= 1
    return month, julian - _CUMULATIVE[month - 1] - (month > 2 and leap)


def _offset(text):
    """(seconds, microseconds) of `+hh[:mm[:ss[.ffffff]]]` or `Z`."""
    if text == "Z":
        return 0, 0
    sign = -1 if text[0] == "-" else 1
    digits = text[1:]
    if len(digits) > 2 and digits[2] == ":":
        if len(digits) > 5 and digits[5] != ":":
            raise ValueError(f"Inconsistent use of : in {text}")
        digits = digits.replace(":", "")
    elif ":" in digits:
        raise ValueError(f"Inconsistent use of : in {text}")
    digits, _, fraction = digits.partition(".")
    seconds = int(digits[0:2]) * 3600 + int(digits[2:4]) * 60 + int(digits[4:6] or 0)
    return sign * seconds, sign * int((fraction or "0").ljust(6, "0"))


def parse(data_string, format):
    """The fields of a date as a dict: year … microsecond, weekday, yday, zone, offset."""
    import time
    for value, what in ((data_string, 0), (format, 1)):
        if not isinstance(value, str):
            raise TypeError(f"strptime() argument {what} must be str, not {type(value)}")
    zones = ("utc", "gmt") + tuple([z.lower() for z in time.tzname])
    match = _compiled(format, zones).match(data_string)
    if match is None:
        raise ValueError("time data %r does not match format %r" % (data_string, format))
    if len(data_string) != match.end():
        raise ValueError("unconverted data remains: %s" % data_string[match.end():])
    found = {k: v for k, v in match.groupdict().items() if v is not None}
    return _fields(found, format)


def _fields(found, format):
    year = None
    month = day = 1
    hour = int(found.get("H", 0))
    minute = int(found.get("M", 0))
    second = int(found.get("S", 0))
    microsecond = int(found["f"].ljust(6, "0")) if "f" in found else 0
    if "y" in found:
        year = int(found["y"])
        year += 2000 if year <= 68 else 1900
    if "Y" in found:
        year = int(found["Y"])
    if "m" in found:
        month = int(found["m"])
    if "B" in found:
        month = _MONTHS.index(found["B"].lower()) + 1
    if "b" in found:
        month = [m[:3] for m in _MONTHS].index(found["b"].lower()) + 1
    if "d" in found:
        day = int(found["d"])
    if "I" in found:
        hour = int(found["I"])
        half = found.get("p", "").lower()
        if half in ("", "am"):
            hour = 0 if hour == 12 else hour
        elif hour != 12:
            hour += 12
    julian = int(found["j"]) if "j" in found else None
    weekday = None
    if "A" in found:
        weekday = _DAYS.index(found["A"].lower())
    if "a" in found:
        weekday = [d[:3] for d in _DAYS].index(found["a"].lower())
    if "w" in found:
        weekday = (int(found["w"]) - 1) % 7
    if "u" in found:
        weekday = int(found["u"]) - 1
    zone = found["Z"].lower() if "Z" in found else None
    offset = _offset(found["z"]) if "z" in found else None
    iso_year = int(found["G"]) if "G" in found else None
    iso_week = int(found["V"]) if "V" in found else None
    if iso_year is not None:
        if julian is not None:
            raise ValueError("Day of the year directive '%j' is not compatible with ISO "
                             "year directive '%G'. Use '%Y' instead.")
        if iso_week is None or weekday is None:
            raise ValueError("ISO year directive '%G' must be used with the ISO week "
                             "directive '%V' and a weekday directive ('%A', '%a', '%w', "
                             "or '%u').")
    elif iso_week is not None:
        if year is None or weekday is None:
            raise ValueError("ISO week directive '%V' must be used with the ISO year "
                             "directive '%G' and a weekday directive ('%A', '%a', '%w', "
                             "or '%u').")
        raise ValueError("ISO week directive '%V' is incompatible with the year directive "
                         "'%Y'. Use the ISO year '%G' instead.")
    leap_default = False
    if year is None and month == 2 and day == 29:
        # 1904 is the first leap year of that century, so that 29 February parses.
        year = 1904
        leap_default = True
    elif year is None:
        year = 1900
    if julian is None and weekday is not None:
        week = found.get("U", found.get("W"))
        if week is not None:
            julian = _day_of_week(year, int(week), weekday, "W" in found)
        elif iso_year is not None:
            first = (_ordinal(iso_year, 1, 4) - 1) % 7 + 4
            julian = iso_week * 7 + weekday + 1 - first
            ordinal = _ordinal(iso_year, 1, 1) + julian - 1
            year = iso_year
            while ordinal <= _days_before_year(year):
                year -= 1
            while ordinal > _days_before_year(year + 1):
                year += 1
            julian = ordinal - _days_before_year(year)
        if julian is not None and julian <= 0:
            year -= 1
            julian += 366 if _is_leap(year) else 365
    if julian is None:
        julian = _ordinal(year, month, day) - _days_before_year(year)
    else:
        month, day = _from_year_day(year, julian)
    if weekday is None:
        weekday = (_ordinal(year, month, day) - 1) % 7
    return {"year": 1900 if leap_default else year, "month": month, "day": day,
            "hour": hour, "minute": minute, "second": second, "microsecond": microsecond,
            "weekday": weekday, "yday": julian, "zone": zone, "offset": offset}


def _day_of_week(year, week, weekday, starts_monday):
    """The day of the year for a week number and a weekday."""
    first = (_ordinal(year, 1, 1) - 1) % 7
    if not starts_monday:
        first = (first + 1) % 7
        weekday = (weekday + 1) % 7
    week_0_length = (7 - first) % 7
    if week == 0:
        return 1 + weekday - first
    return 1 + week_0_length + 7 * (week - 1) + weekday
