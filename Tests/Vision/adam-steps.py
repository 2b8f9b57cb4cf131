# Twenty Adam steps of a MobileNetV2 in double precision: in single precision two runs of PyTorch already differ (adam-divergence.py).
import torch
import torch.nn as nn
from torchvision.models.mobilenetv2 import MobileNetV2

torch.manual_seed(0)
model = MobileNetV2(num_classes=10, width_mult=0.35).double()
images = torch.randn(20, 8, 3, 32, 32, dtype=torch.float64)
labels = torch.randint(0, 10, (20, 8))
optimizer = torch.optim.Adam(model.parameters(), lr=0.001, weight_decay=1e-3)
criterion = nn.CrossEntropyLoss()
for step in range(20):
    loss = criterion(model(images[step]), labels[step])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, f"{loss.item():.6f}")
print(f"{sum(p.detach().abs().sum().item() for p in model.parameters()):.2f}")
print(f"{model.features[1].conv[0][1].running_var.sum().item():.6f}")
