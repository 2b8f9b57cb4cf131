"""Operations on path names."""

from posixpath import *
