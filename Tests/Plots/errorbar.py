"""A golden picture: error bars, areas, rules and spans."""
import matplotlib.pyplot as plt
import numpy as np

x = np.arange(6)
y = np.array([1.0, 3.0, 2.0, 5.0, 4.0, 4.5])
fig, ax = plt.subplots()
ax.errorbar(x, y, yerr=[0.2, 0.4, 0.3, 0.2, 0.5, 0.1], xerr=0.1, fmt="o-", capsize=3, label="mean")
ax.fill_between(x, y - 1, y + 1, alpha=0.2, where=x != 3)
ax.axhline(3, color="r", ls=":")
ax.axvline(2, color="k", ls="--", lw=1)
ax.axvspan(4, 5, color="gold", alpha=0.3)
ax.axhspan(0, 0.5, alpha=0.2)
ax.vlines([1, 3], 0, 1, colors="C3")
ax.legend(loc="lower right")
print(fig.to_svg(), end="")
