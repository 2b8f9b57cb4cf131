"""How far float32 losses of MobileNetV2 under Adam drift apart when nothing but the order of sums differs.

    python adam-divergence.py     # PyTorch: contiguous against channels_last, 1 thread against 2, and both against double precision
    qnb run adam-divergence.py    # the engine against double precision

Seed 0, batch 64, 32x32, ten classes, lr 0.001. A step's gradients are divided by their own running size, so that gradients near zero, which
are rounding errors, move weights as far as large ones do. That is why no two float32 computations agree to 1e-3 for twenty steps, and why
the test of the optimizer (Tests/Vision/adam-steps.py) compares double precision. PyTorch 2.15 on a machine with AVX-512, largest relative
difference of the losses of 20 steps from those in double precision: contiguous 4.8e-2, channels_last 7.3e-2; above 1e-3 from step 3 on.
"""

import torch
import torch.nn as nn
from torchvision.models.mobilenetv2 import MobileNetV2

STEPS = 20


def losses(dtype=torch.float32, channels_last=False, threads=1):
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    model = MobileNetV2(num_classes=10)
    model.classifier[0].p = 0.0
    torch.manual_seed(1)
    images = torch.randn(STEPS, 64, 3, 32, 32)
    labels = torch.randint(0, 10, (STEPS, 64))
    model = model.to(dtype)
    if channels_last:
        model = model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001, weight_decay=1e-3)
    criterion = nn.CrossEntropyLoss()
    result = []
    for step in range(STEPS):
        batch = images[step].to(dtype)
        if channels_last:
            batch = batch.contiguous(memory_format=torch.channels_last)
        loss = criterion(model(batch), labels[step])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        result.append(loss.item())
    return result


exact = losses(torch.float64)
print("double precision", " ".join(f"{v:.5f}" for v in exact))
for name, channels_last, threads in (("contiguous, 1 thread", False, 1), ("contiguous, 2 threads", False, 2), ("channels_last, 1 thread", True, 1)):
    drift = [abs(a - b) / b for a, b in zip(losses(torch.float32, channels_last, threads), exact)]
    first = next((k + 1 for k, d in enumerate(drift) if d > 1e-3), None)
    print(f"{name}: largest relative difference {max(drift):.1e}, above 1e-3 from step {first}")
