"""The loops of the quick start: `train_one_epoch`, `evaluate`, and the meters they report with."""

import torch

__all__ = ["AverageMeter", "accuracy", "evaluate", "train_one_epoch"]


class AverageMeter:
    """The last value and the running average of a quantity.

    `fmt` is the format of both in `str()`, as in `AverageMeter("Loss", ":6.3f")`.
    """

    def __init__(self, name, fmt=":f"):
        self.name = name
        self.fmt = fmt
        self.reset()

    def reset(self):
        self.val = 0
        self.avg = 0
        self.sum = 0
        self.count = 0

    def update(self, val, n=1):
        """Adds `val` as the mean of `n` samples."""
        self.val = val
        self.sum += val * n
        self.count += n
        self.avg = self.sum / self.count

    def __str__(self):
        form = "{name} {val" + self.fmt + "} ({avg" + self.fmt + "})"
        return form.format(name=self.name, val=self.val, avg=self.avg)


def accuracy(output, target, topk=(1,)):
    """Percentage of samples whose label is among the k largest logits, for each k: tensors of one element.

    output: `[batch, classes]`, target: `[batch]`.
    """
    with torch.no_grad():
        largest = max(topk)
        _, indices = output.topk(largest, 1, True, True)
        hits = indices.t().eq(target.view(1, -1).expand(largest, -1))
        return [hits[:k].reshape(-1).float().sum(0, keepdim=True).mul_(100.0 / target.size(0)) for k in topk]


def train_one_epoch(model, criterion, optimizer, scheduler, data_loader, device):
    """One pass of `optimizer` over `data_loader`; prints a dot a batch, then the epoch's averages.

    `scheduler` steps once a batch, None for a constant rate. Returns the meters (loss, top1, top5).
    """
    loss_meter = AverageMeter("Loss", ":.3f")
    top1 = AverageMeter("Acc@1", ":6.3f")
    top5 = AverageMeter("Acc@5", ":6.3f")
    for image, target in data_loader:
        image, target = image.to(device), target.to(device)
        output = model(image)
        loss = criterion(output, target)
        acc1, acc5 = accuracy(output, target, topk=(1, 5))
        loss_meter.update(loss.item(), image.size(0))
        top1.update(acc1.item(), image.size(0))
        top5.update(acc5.item(), image.size(0))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
        print(".", end="", flush=True)
    print()
    name = type(data_loader.dataset).__name__
    print(
        "Full {} train set: Loss {:.3f} Acc@1 {:.3f} Acc@5 {:.3f}".format(
            {"CIFAR10": "cifar-10"}.get(name, name), loss_meter.avg, top1.avg, top5.avg
        )
    )
    return loss_meter, top1, top5


def evaluate(model, data_loader, device):
    """Top-1 and top-5 accuracy over `data_loader` in percent, as meters; prints a dot a batch.

    The model's mode is the caller's business: call `model.eval()` before.
    """
    top1 = AverageMeter("Acc@1", ":6.3f")
    top5 = AverageMeter("Acc@5", ":6.3f")
    with torch.no_grad():
        for image, target in data_loader:
            image, target = image.to(device), target.to(device)
            output = model(image)
            output = output.view(-1, output.size(-1) if output.dim() == 2 else output.numel() // target.size(0))
            acc1, acc5 = accuracy(output, target, topk=(1, 5))
            top1.update(acc1.item(), image.size(0))
            top5.update(acc5.item(), image.size(0))
            print(".", end="", flush=True)
    print()
    return top1, top5
