"""Bytes as text: base 64, base 32 and base 16."""

__all__ = ["encode", "decode", "encodebytes", "decodebytes", "b64encode", "b64decode",
           "b32encode", "b32decode", "b16encode", "b16decode", "standard_b64encode",
           "standard_b64decode", "urlsafe_b64encode", "urlsafe_b64decode"]

_STANDARD = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BASE32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_HEX = b"0123456789ABCDEF"


def _error(message):
    import binascii
    return binascii.Error(message)


def _as_bytes(s):
    if isinstance(s, str):
        try:
            return s.encode("ascii")
        except UnicodeEncodeError:
            raise ValueError("string argument should contain only ASCII characters")
    if isinstance(s, bytes):
        return s
    try:
        return bytes(memoryview(s))
    except TypeError:
        raise TypeError("argument should be a bytes-like object or ASCII "
                        "string, not %r" % s.__class__.__name__) from None


def b64encode(s, altchars=None):
    """Base 64; `altchars` replaces `+` and `/`."""
    from binascii import b2a_base64
    encoded = b2a_base64(s, newline=False)
    if altchars is not None:
        assert len(altchars) == 2, repr(altchars)
        return encoded.translate(bytes.maketrans(b"+/", altchars))
    return encoded


def b64decode(s, altchars=None, validate=False):
    """The bytes of base 64 text; other characters are skipped unless `validate`."""
    from binascii import a2b_base64
    s = _as_bytes(s)
    if altchars is not None:
        altchars = _as_bytes(altchars)
        assert len(altchars) == 2, repr(altchars)
        s = s.translate(bytes.maketrans(altchars, b"+/"))
    return a2b_base64(s, strict_mode=validate)


def standard_b64encode(s):
    """Base 64 with the standard alphabet."""
    return b64encode(s)


def standard_b64decode(s):
    """The bytes of base 64 text in the standard alphabet."""
    return b64decode(s)


def urlsafe_b64encode(s):
    """Base 64 with `-` and `_` for `+` and `/`."""
    return b64encode(s, b"-_")


def urlsafe_b64decode(s):
    """The bytes of base 64 text with `-` and `_`."""
    return b64decode(_as_bytes(s), b"-_")


def b32encode(s):
    """Base 32."""
    if not isinstance(s, bytes):
        s = bytes(memoryview(s))
    leftover = len(s) % 5
    if leftover:
        s += b"\0" * (5 - leftover)
    out = bytearray()
    for i in range(0, len(s), 5):
        group = int.from_bytes(s[i:i + 5], "big")
        for shift in range(35, -1, -5):
            out.append(_BASE32[group >> shift & 31])
    padding = {1: 6, 2: 4, 3: 3, 4: 1}.get(leftover, 0)
    if padding:
        out[-padding:] = b"=" * padding
    return bytes(out)


def b32decode(s, casefold=False, map01=None):
    """The bytes of base 32 text."""
    s = _as_bytes(s)
    if len(s) % 8:
        raise _error("Incorrect padding")
    if map01 is not None:
        map01 = _as_bytes(map01)
        s = s.translate(bytes.maketrans(b"01", b"O" + map01))
    if casefold:
        s = s.upper()
    stripped = s.rstrip(b"=")
    padding = len(s) - len(stripped)
    values = {c: i for i, c in enumerate(_BASE32)}
    out = bytearray()
    accumulated = 0
    for i in range(0, len(stripped), 8):
        quantum = stripped[i:i + 8]
        accumulated = 0
        try:
            for c in quantum:
                accumulated = (accumulated << 5) + values[c]
        except KeyError:
            raise _error("Non-base32 digit found") from None
        out += (accumulated << 5 * (8 - len(quantum))).to_bytes(5, "big")
    if padding not in (0, 1, 3, 4, 6):
        raise _error("Incorrect padding")
    if padding and out:
        out = out[:-((5 * padding + 4) // 8)]
    return bytes(out)


def b16encode(s):
    """Base 16: upper-case hexadecimal digits."""
    return bytes(s).hex().upper().encode("ascii")


def b16decode(s, casefold=False):
    """The bytes of hexadecimal digits."""
    s = _as_bytes(s)
    if casefold:
        s = s.upper()
    if s.translate(None, _HEX):
        raise _error("Non-base16 digit found")
    if len(s) % 2:
        raise _error("Odd-length string")
    return bytes.fromhex(s.decode("ascii"))


def encodebytes(s):
    """Base 64 in lines of 76 characters."""
    from binascii import b2a_base64
    return b"".join([b2a_base64(s[i:i + 57]) for i in range(0, len(s), 57)])


def decodebytes(s):
    """The bytes of base 64 in lines."""
    from binascii import a2b_base64
    return a2b_base64(s)


def encode(input, output):
    """Encodes a file into another."""
    while True:
        s = input.read(57)
        if not s:
            break
        output.write(encodebytes(s))


def decode(input, output):
    """Decodes a file into another."""
    while True:
        line = input.readline()
        if not line:
            break
        output.write(decodebytes(line))
