import sys
from time import perf_counter

try:
    from _notebook import is_running as _in_notebook
except ImportError:
    def _in_notebook():
        return False


class TqdmWarning(Warning):
    pass


class TqdmTypeError(TypeError):
    pass


class TqdmKeyError(KeyError):
    pass


_BLOCKS = " ▏▎▍▌▋▊▉█"
_ASCII = " 123456789#"
_SEPARATOR = "   "


class _Screen:
    """The bars that run now, outermost first. They share one line: the last one on the error output."""

    def __init__(self):
        self.bars = []
        self.width = 0

    def text(self):
        return _SEPARATOR.join(bar._text() for bar in self.bars if not bar._is_hidden)

    def draw(self, file):
        text = self.text()
        columns = _columns(file)
        if columns and len(text) >= columns:
            text = text[: columns - 1]
        self.put(file, text)

    def put(self, file, text, end=""):
        padding = " " * max(0, self.width - len(text))
        file.write("\r" + text + padding + end)
        file.flush()
        self.width = 0 if end else len(text)

    def clear(self, file):
        if self.width:
            file.write("\r" + " " * self.width + "\r")
            file.flush()
            self.width = 0


_screens = {}


def _screen(file):
    key = id(file)
    if key not in _screens:
        _screens[key] = _Screen()
    return _screens[key]


def _columns(file):
    """The width of the terminal behind a file, 0 when there is none: in a notebook bars have one width, wherever it runs."""
    if _in_notebook():
        return 0
    try:
        if not file.isatty():
            return 0
        import shutil
        return shutil.get_terminal_size((80, 24)).columns
    except (AttributeError, ValueError, OSError):
        return 0


class tqdm:
    monitor_interval = 10
    monitor = None

    def __init__(
        self, iterable=None, desc=None, total=None, leave=True, file=None, ncols=None, mininterval=0.1, maxinterval=10.0, miniters=None,
        ascii=None, disable=False, unit="it", unit_scale=False, dynamic_ncols=False, smoothing=0.3, bar_format=None, initial=0,
        position=None, postfix=None, unit_divisor=1000, write_bytes=False, lock_args=None, nrows=None, colour=None, delay=0.0, gui=False,
        **kwargs
    ):
        if kwargs:
            raise TqdmKeyError("Unknown argument(s): " + str(kwargs))
        if total is None and iterable is not None:
            try:
                total = len(iterable)
            except (TypeError, AttributeError):
                total = None
        if total == float("inf"):
            total = None
        self.fp = sys.stderr if file is None else file
        self.iterable = iterable
        self.desc = desc or ""
        self.total = total
        self.leave = leave
        self.ncols = ncols
        self.mininterval = mininterval
        self.maxinterval = maxinterval
        self.dynamic_miniters = miniters is None
        self.miniters = miniters or 0
        self.ascii = ascii
        self.unit = unit
        self.unit_scale = unit_scale
        self.unit_divisor = unit_divisor
        self.smoothing = smoothing
        self.bar_format = bar_format
        self.initial = initial
        self.postfix = None
        self.colour = colour
        self.delay = delay
        self.n = initial
        self.pos = 0
        self._speed = None
        self._is_closed = False
        self._is_hidden = False
        self._is_final = False
        self.start_t = self.last_print_t = perf_counter()
        self.last_print_n = initial
        if disable is None:
            disable = not self.fp.isatty() if hasattr(self.fp, "isatty") else False
        self.disable = bool(disable)
        if self.disable:
            return
        if postfix:
            if isinstance(postfix, dict):
                self.set_postfix(postfix, refresh=False)
            else:
                self.postfix = postfix
        bars = _screen(self.fp).bars
        self.pos = len(bars)
        bars.append(self)
        if delay <= 0:
            self.refresh()
        else:
            self._is_hidden = True

    # Iteration

    def __iter__(self):
        if self.disable:
            for item in self.iterable:
                yield item
            return
        count = self.n
        try:
            for item in self.iterable:
                yield item
                count += 1
                if count - self.last_print_n >= self.miniters:
                    self.update(count - self.n)
        finally:
            self.n = count
            self.close()

    def __len__(self):
        if self.iterable is None:
            if self.total is None:
                raise TypeError("object of type 'tqdm' has no len() without a total")
            return self.total
        return len(self.iterable)

    def __bool__(self):
        if self.total is not None:
            return self.total > 0
        if self.iterable is None:
            raise TypeError("bool() undefined when iterable == total == None")
        return bool(self.iterable)

    def __contains__(self, item):
        return item in self.iterable

    def __reversed__(self):
        self.iterable = reversed(self.iterable)
        return iter(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        self.close()

    def __repr__(self):
        return self._text()

    # Progress

    def update(self, n=1):
        """Adds to the count; the bar is drawn again when `mininterval` has passed. Returns whether it was."""
        if self.disable:
            return False
        if n < 0:
            self.last_print_n += n
        self.n += n
        done = self.n - self.last_print_n
        if done < self.miniters:
            return False
        now = perf_counter()
        passed = now - self.last_print_t
        if passed < self.mininterval or now - self.start_t < self.delay:
            return False
        self._is_hidden = False
        if done > 0 and passed > 0:
            speed = done / passed
            if self._speed is None or self.smoothing <= 0:
                self._speed = speed if self.smoothing > 0 else None
            else:
                self._speed = self.smoothing * speed + (1 - self.smoothing) * self._speed
            if self.dynamic_miniters and self.mininterval > 0:
                # Half of what one interval holds: an iteration that slows down is noticed soon.
                self.miniters = int(done * self.mininterval / passed / 2)
        self.last_print_n = self.n
        self.last_print_t = now
        _screen(self.fp).draw(self.fp)
        return True

    def refresh(self, nolock=False, lock_args=None):
        if self.disable or self._is_closed:
            return False
        self._is_hidden = False
        self.last_print_t = perf_counter()
        _screen(self.fp).draw(self.fp)
        return True

    def display(self, msg=None, pos=None):
        return self.refresh()

    def clear(self, nolock=False):
        if not self.disable:
            _screen(self.fp).clear(self.fp)

    def unpause(self):
        self.start_t += perf_counter() - self.last_print_t
        self.last_print_t = perf_counter()

    def reset(self, total=None):
        self.n = 0
        if total is not None:
            self.total = total
        if self.disable:
            return
        self.last_print_n = 0
        self.start_t = self.last_print_t = perf_counter()
        self._speed = None
        self.refresh()

    def close(self):
        """Draws the last state; with `leave` it stays, and bars around this one go on below it."""
        if self._is_closed:
            return
        self._is_closed = True
        if self.disable:
            return
        screen = _screen(self.fp)
        if self in screen.bars:
            screen.bars.remove(self)
        leave = self.pos == 0 if self.leave is None else self.leave
        if leave and not (self._is_hidden and self.delay > 0):
            self._is_final = True
            screen.put(self.fp, self._text(), "\n")
        elif not screen.bars:
            screen.clear(self.fp)
        if screen.bars:
            screen.draw(self.fp)
        else:
            _screens.pop(id(self.fp), None)

    def __del__(self):
        try:
            self.close()
        except (AttributeError, ValueError, OSError):
            return

    # Texts

    def set_description(self, desc=None, refresh=True):
        self.desc = desc + ": " if desc else ""
        if refresh:
            self.refresh()

    def set_description_str(self, desc=None, refresh=True):
        self.desc = desc or ""
        if refresh:
            self.refresh()

    def set_postfix(self, ordered_dict=None, refresh=True, **kwargs):
        values = dict(ordered_dict or {})
        for key in sorted(kwargs):
            values[key] = kwargs[key]
        parts = []
        for key, value in values.items():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                value = self.format_num(value)
            elif not isinstance(value, str):
                value = str(value)
            parts.append(key + "=" + value.strip())
        self.postfix = ", ".join(parts)
        if refresh:
            self.refresh()

    def set_postfix_str(self, s="", refresh=True):
        self.postfix = str(s)
        if refresh:
            self.refresh()

    @classmethod
    def write(cls, s, file=None, end="\n", nolock=False):
        """Prints a line above the bars."""
        shown = list(_screens.values())
        target = sys.stdout if file is None else file
        for screen in shown:
            if screen.bars:
                screen.clear(screen.bars[0].fp)
        target.write(s)
        target.write(end)
        for screen in shown:
            if screen.bars:
                screen.draw(screen.bars[0].fp)

    @property
    def format_dict(self):
        return {
            "n": self.n, "total": self.total, "elapsed": perf_counter() - self.start_t, "ncols": self.ncols, "prefix": self.desc,
            "ascii": self.ascii, "unit": self.unit, "unit_scale": self.unit_scale, "rate": self._speed, "bar_format": self.bar_format,
            "postfix": self.postfix, "unit_divisor": self.unit_divisor, "initial": self.initial,
        }

    def _text(self):
        values = self.format_dict
        if self._is_final and _in_notebook() and self.bar_format is None:
            return self._stored_text(values)
        if self.ncols is None:
            columns = _columns(self.fp)
            bars = len(_screen(self.fp).bars) or 1
            if columns:
                values["ncols"] = max(20, (columns - 1) // bars - len(_SEPARATOR))
        return self.format_meter(**values)

    def _stored_text(self, values):
        """The last state without what differs from run to run."""
        values["elapsed"] = 0
        pieces = self.format_meter(**values).split(" [")
        postfix = ", " + str(self.postfix) if self.postfix else ""
        return " [".join(pieces[:-1]) + postfix if len(pieces) > 1 else pieces[0]

    @staticmethod
    def format_sizeof(num, suffix="", divisor=1000):
        for unit in ["", "k", "M", "G", "T", "P", "E", "Z"]:
            if abs(num) < 999.5:
                if abs(num) < 99.95:
                    if abs(num) < 9.995:
                        return f"{num:1.2f}{unit}{suffix}"
                    return f"{num:2.1f}{unit}{suffix}"
                return f"{num:3.0f}{unit}{suffix}"
            num /= divisor
        return f"{num:3.1f}Y{suffix}"

    @staticmethod
    def format_interval(t):
        minutes, seconds = divmod(int(t), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours:d}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"

    @staticmethod
    def format_num(n):
        text = f"{n:.3g}".replace("e+0", "e+").replace("e-0", "e-")
        whole = str(n)
        return text if len(text) < len(whole) else whole

    @staticmethod
    def format_meter(
        n, total, elapsed, ncols=None, prefix="", ascii=False, unit="it", unit_scale=False, rate=None, bar_format=None, postfix=None,
        unit_divisor=1000, initial=0, colour=None, **extra
    ):
        if total and n >= total + 0.5:
            total = None
        scale = unit_scale if unit_scale and unit_scale not in (True, 1) else 1
        if scale != 1:
            n *= scale
            total = total * scale if total else total
            rate = rate * scale if rate else rate
            unit_scale = False
        if rate is None and elapsed:
            rate = (n - initial) / elapsed
        inverse = 1 / rate if rate else None
        def sized(value):
            return tqdm.format_sizeof(value, divisor=unit_divisor) if unit_scale else str(value)
        forward = (tqdm.format_sizeof(rate) if unit_scale else f"{rate:5.2f}") if rate else "?"
        rate_noinv = forward + unit + "/s"
        backward = (tqdm.format_sizeof(inverse) if unit_scale else f"{inverse:5.2f}") if inverse else "?"
        rate_inv = backward + "s/" + unit
        shown_rate = rate_inv if inverse and inverse > 1 else rate_noinv
        elapsed_text = tqdm.format_interval(elapsed)
        remaining = (total - n) / rate if rate and total else 0
        remaining_text = tqdm.format_interval(remaining) if rate and total else "?"
        tail = ", " + str(postfix) if postfix else ""
        head = prefix
        if prefix:
            head = prefix if prefix[-2:] == ": " else prefix + ": "
        if total:
            fraction = n / total
            left = f"{head}{fraction * 100:3.0f}%|"
            right = f"| {sized(n)}/{sized(total)} [{elapsed_text}<{remaining_text}, {shown_rate}{tail}]"
        else:
            fraction = 0
            left = head
            right = f"{sized(n)}{unit} [{elapsed_text}, {shown_rate}{tail}]"
        if bar_format:
            width = 10 if ncols is None else max(1, ncols - len(left) - len(right))
            return bar_format.format(
                l_bar=left, r_bar=right, bar=_bar(fraction, width, ascii), n=n, n_fmt=sized(n), total=total,
                total_fmt=sized(total) if total is not None else "?", elapsed=elapsed_text, elapsed_s=elapsed, remaining=remaining_text,
                remaining_s=remaining, percentage=fraction * 100, rate=rate or 0, rate_fmt=shown_rate, rate_noinv_fmt=rate_noinv,
                rate_inv_fmt=rate_inv, postfix=tail, desc=prefix, unit=unit, colour=colour)
        if not total:
            return left + right
        width = 10 if ncols is None else max(1, ncols - len(left) - len(right))
        return left + _bar(fraction, width, ascii) + right


def _bar(fraction, width, ascii):
    signs = ascii if isinstance(ascii, str) else _ASCII if ascii else _BLOCKS
    fraction = min(1.0, max(0.0, fraction))
    steps = len(signs) - 1
    full, part = divmod(int(fraction * width * steps), steps)
    bar = signs[-1] * full
    if full < width:
        bar += signs[part] + signs[0] * (width - full - 1)
    return bar


def trange(*args, **kwargs):
    """`tqdm(range(*args), **kwargs)`"""
    return tqdm(range(*args), **kwargs)
