"""Quantization-aware training and deployment for BPU accelerators, with the interface of the documented plugin."""

import logging as _logging

from horizon_plugin_pytorch import functional, march, nn, qtensor, quantization, utils
from horizon_plugin_pytorch.dtype import qbool, qinfo, qint4, qint8, qint16, qint32, qint64, quint4
from horizon_plugin_pytorch.march import March, get_march, set_march
from horizon_plugin_pytorch.qtensor import QTensor

__version__ = "1.9.0"

from horizon_plugin_pytorch._log import warning as _warning

_warning(
    "`fx_force_duplicate_shared_convbn` will be set False by default after plugin 1.9.0. If you are not loading old checkpoint, "
    "please set `fx_force_duplicate_shared_convbn` False to train your new model."
)
_warning("due to bug of torch.quantization.fuse_modules, it is replaced by horizon.quantization.fuse_modules")
