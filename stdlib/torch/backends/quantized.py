"""Quantized arithmetic of PyTorch itself: none."""

engine = "none"
supported_engines = ["none"]
