"""A golden picture: shared axes in a grid, cells that span, a figure without axes' frames."""
import matplotlib.pyplot as plt

fig, axes = plt.subplots(2, 2, sharex=True, sharey=True)
axes[0, 0].plot([0, 1], [0, 1])
axes[1, 1].plot([0, 5], [0, 20])
axes[1, 0].set_xlabel("x")
axes[0, 0].set_ylabel("y")
print(fig.to_svg(), end="")
