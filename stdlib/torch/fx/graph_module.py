"""A module whose forward runs a graph."""

from _fx import GraphModule
