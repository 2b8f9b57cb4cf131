"""What PyTorch has and this library has not, with the nearest that exists: said by the AttributeError."""

import sys

_RECURRENT = "recurrent layers are not available; the nearest is nn.Conv1d over the sequence"
_ATTENTION = "attention layers are not available; the nearest is nn.functional.scaled_dot_product_attention between nn.Linear layers"
_HALF = "half precision is not available; the nearest is torch.float32, or 8-bit training with horizon_plugin_pytorch.quantization"
_COMPLEX = "complex numbers are not available; the nearest are two torch.float32 tensors"
_LAZY = "layers that learn their sizes at the first call are not available; give the sizes to the layer of the same name without Lazy"

_REASONS = {
    "torch": {
        "float16": _HALF, "half": _HALF, "bfloat16": _HALF, "complex64": _COMPLEX, "complex128": _COMPLEX, "cfloat": _COMPLEX, "cdouble": _COMPLEX,
        "complex": _COMPLEX, "fft": _COMPLEX, "stft": _COMPLEX, "istft": _COMPLEX,
        "sparse": "sparse tensors are not available; the nearest are dense ones with index_select and scatter",
        "sparse_coo_tensor": "sparse tensors are not available; the nearest are dense ones with index_select and scatter",
        "nested": "nested tensors are not available; the nearest is padding with nn.functional.pad",
        "quantize_per_tensor": "quantised tensors are made by horizon_plugin_pytorch.quantization; the nearest is FakeQuantize there",
        "onnx": "export to ONNX is not available; the nearest are torch.jit.save and torch.save of the state dict",
        "export": "torch.export is not available; the nearest is torch.jit.trace",
        "hub": "torch.hub is not available; the nearest is torch.load of a file",
        "multiprocessing": "processes are not available; DataLoader's workers and all operations already use every core",
    },
    "torch.nn": {
        "RNN": _RECURRENT, "LSTM": _RECURRENT, "GRU": _RECURRENT, "RNNCell": _RECURRENT, "LSTMCell": _RECURRENT, "GRUCell": _RECURRENT,
        "MultiheadAttention": _ATTENTION, "Transformer": _ATTENTION, "TransformerEncoder": _ATTENTION, "TransformerEncoderLayer": _ATTENTION,
        "TransformerDecoder": _ATTENTION, "TransformerDecoderLayer": _ATTENTION,
        "InstanceNorm1d": "the nearest is nn.functional.instance_norm", "InstanceNorm2d": "the nearest is nn.functional.instance_norm",
        "InstanceNorm3d": "the nearest is nn.functional.instance_norm", "Bilinear": "the nearest is nn.functional.bilinear",
        "SyncBatchNorm": "there is one process; the nearest is nn.BatchNorm2d", "CTCLoss": "the nearest is nn.CrossEntropyLoss",
        "Unfold": "the nearest is Tensor.unfold", "Fold": "the nearest is index_add", "EmbeddingBag": "the nearest is nn.Embedding and a mean",
        "LazyLinear": _LAZY, "LazyConv1d": _LAZY, "LazyConv2d": _LAZY, "LazyConv3d": _LAZY, "LazyBatchNorm1d": _LAZY, "LazyBatchNorm2d": _LAZY,
    },
    "torch.optim": {
        name: "the nearest is optim.Adam"
        for name in ("Adadelta", "Adagrad", "Adamax", "NAdam", "RAdam", "SparseAdam", "LBFGS", "ASGD", "Rprop", "Adafactor", "Muon")
    },
}


def missing(module, name):
    """The AttributeError for a name that `module` has not."""
    text = f"module '{module}' has no attribute '{name}'"
    reason = _REASONS[module].get(name)
    if reason is not None:
        # Without the module: a reason is better than a guess at a misspelling.
        return AttributeError(f"{text}: {reason}")
    return AttributeError(text, name=name, obj=sys.modules[module])
