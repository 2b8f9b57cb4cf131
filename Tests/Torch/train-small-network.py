# A convolutional network trains to the same losses.
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, classes=4):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU6(inplace=True),
            nn.Conv2d(8, 8, 3, stride=2, padding=1, groups=8), nn.BatchNorm2d(8), nn.ReLU(),
        )
        self.classifier = nn.Linear(8, classes)

    def forward(self, x):
        x = self.features(x)
        x = F.adaptive_avg_pool2d(x, (1, 1))
        return self.classifier(torch.flatten(x, 1))


torch.manual_seed(0)
net = Net()
print(net)
print(sum(p.numel() for p in net.parameters()))
images = torch.randn(16, 3, 8, 8)
labels = torch.randint(0, 4, (16,))
for name, optimizer in [
    ("sgd", torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-3, nesterov=True)),
    ("adam", torch.optim.Adam(net.parameters(), lr=1e-2)),
    ("adamw", torch.optim.AdamW(net.parameters(), lr=1e-2)),
    ("rmsprop", torch.optim.RMSprop(net.parameters(), lr=1e-3, momentum=0.5, centered=True)),
]:
    net.train()
    for step in range(3):
        optimizer.zero_grad()
        loss = nn.CrossEntropyLoss(label_smoothing=0.1)(net(images), labels)
        loss.backward()
        optimizer.step()
        print(name, step, "{:.3f}".format(loss.item()))
net.eval()
with torch.no_grad():
    out = net(images)
print(out.shape, out.requires_grad, (out.argmax(1) == labels).sum().item())
print(net.features[1].num_batches_tracked)
