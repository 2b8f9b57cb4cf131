"""Optimizers and learning-rate schedules."""

from torch.optim import lr_scheduler
from torch.optim.optimizer import Optimizer
from torch.optim.sgd import SGD
from torch.optim.adam import Adam
from torch.optim.adamw import AdamW
from torch.optim.rmsprop import RMSprop


def __getattr__(name):
    from torch._absent import missing

    raise missing("torch.optim", name)
