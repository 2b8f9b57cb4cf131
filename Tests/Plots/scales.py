"""A golden picture: logarithmic axes, powers of ten, a second axis, inverted axes."""
import matplotlib.pyplot as plt
import numpy as np

fig, axes = plt.subplots(2, 2, figsize=(9, 7))
steps = np.arange(1, 40)
axes[0, 0].semilogy(steps, 2.0 ** -steps, ".-")
axes[0, 1].loglog([1, 10, 100, 1000], [1, 100, 10000, 1000000])
axes[0, 1].grid(True)
axes[1, 0].plot([1, 2, 3], [1e6, 3e6, 2e6])
twin = axes[1, 0].twinx()
twin.plot([1, 2, 3], [0.1, 0.5, 0.3], "C1")
twin.set_ylabel("accuracy")
axes[1, 1].plot([1000000, 1000001, 1000002], [3, 1, 2])
axes[1, 1].invert_yaxis()
fig.suptitle("Scales")
print(fig.to_svg(), end="")
