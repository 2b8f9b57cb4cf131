"""Symbolic tracing: a forward function as a graph that can be read, changed and run. The graph itself is native (`_fx`)."""

import _fx
from torch.fx.graph import Graph
from torch.fx.graph_module import GraphModule
from torch.fx.node import Node
from torch.fx.proxy import Proxy, TraceError
from torch.fx._symbolic_trace import Tracer, symbolic_trace, wrap
