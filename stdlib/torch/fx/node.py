"""One operation of a graph."""

from _fx import Node
