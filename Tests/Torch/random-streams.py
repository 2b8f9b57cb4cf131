# The same seed gives the same numbers.
import torch
import torch.nn as nn

torch.manual_seed(0)
print(torch.rand(3), torch.randn(3), torch.randn(20)[-3:], torch.randint(0, 10, (5,)), torch.randint(5, (2, 2)), torch.randperm(6))
print(torch.rand(2, dtype=torch.float64), torch.randn(2, 2, dtype=torch.float64), torch.bernoulli(torch.full((5,), 0.5)), torch.normal(1.0, 2.0, (3,)))
print(torch.empty(3).uniform_(-1, 1), torch.empty(3).normal_(5, 0.1), torch.empty(3).exponential_(), torch.multinomial(torch.tensor([0.1, 0.2, 0.7]), 4, replacement=True))
print(torch.rand_like(torch.ones(2)), torch.randn_like(torch.ones(2)), torch.zeros(4).random_(10), torch.initial_seed())
g = torch.Generator().manual_seed(7)
print(torch.rand(2, generator=g), torch.randperm(4, generator=g), g.initial_seed(), torch.randint(0, 9, (2,), generator=g))
state = torch.get_rng_state()
a = torch.rand(4)
torch.set_rng_state(state)
print(torch.equal(a, torch.rand(4)), state.shape, state.dtype)
torch.manual_seed(0)
print(nn.Linear(2, 2).weight, nn.Conv2d(1, 1, 2).bias, nn.Embedding(2, 2).weight, nn.BatchNorm2d(2).weight)
print(nn.ConvTranspose2d(1, 1, 2).weight.flatten())
w = torch.empty(2, 3)
for f in [nn.init.xavier_uniform_, nn.init.xavier_normal_, nn.init.kaiming_uniform_, nn.init.kaiming_normal_, nn.init.ones_, nn.init.eye_]:
    print(f.__name__, f(w))
nn.init.constant_(w, 0.5)
nn.init.uniform_(w, 1, 2)
nn.init.normal_(w, std=0.01)
print(w, nn.init.calculate_gain("relu"), nn.init.calculate_gain("leaky_relu", 0.2))
nn.init.kaiming_normal_(w, mode="fan_out", nonlinearity="relu")
print(w)
with torch.random.fork_rng():
    torch.rand(5)
print(torch.rand(1))
for f in [lambda: nn.init.xavier_uniform_(torch.zeros(3)), lambda: nn.init.calculate_gain("foo"), lambda: torch.randint(5, 5, (1,)), lambda: torch.rand(-1)]:
    try:
        print(f())
    except Exception as error:
        print(type(error).__name__, error)
