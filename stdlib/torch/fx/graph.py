"""The nodes of a traced function, in order."""

from _fx import Graph
