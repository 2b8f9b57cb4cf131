"""Streams. Everything is native; this module gives it CPython's names."""

from _io import (
    DEFAULT_BUFFER_SIZE, BufferedRandom, BufferedReader, BufferedWriter, BytesIO,
    FileIO, StringIO, TextIOWrapper, UnsupportedOperation, open,
    _BufferedIOBase as BufferedIOBase, _IOBase as IOBase, _RawIOBase as RawIOBase,
    _TextIOBase as TextIOBase,
)

__all__ = [
    "BlockingIOError", "open", "IOBase", "RawIOBase", "FileIO", "BytesIO",
    "StringIO", "BufferedIOBase", "BufferedReader", "BufferedWriter",
    "BufferedRandom", "TextIOBase", "TextIOWrapper", "UnsupportedOperation",
    "SEEK_SET", "SEEK_CUR", "SEEK_END", "DEFAULT_BUFFER_SIZE",
]

BlockingIOError = BlockingIOError
SEEK_SET = 0
SEEK_CUR = 1
SEEK_END = 2
