"""A golden picture: pie, box plots, stacked areas, steps and stems."""
import matplotlib.pyplot as plt
import numpy as np

r = np.random.RandomState(5)
fig, axes = plt.subplots(2, 2, figsize=(9, 7))
axes[0, 0].pie([15, 30, 45, 10], labels=["Frogs", "Hogs", "Dogs", "Logs"], autopct="%1.1f%%", startangle=90, explode=[0, 0.1, 0, 0])
axes[0, 1].boxplot([r.randn(60), r.randn(60) * 2, r.randn(30) + 1], tick_labels=["a", "b", "c"])
axes[1, 0].stackplot(range(6), [1, 2, 3, 3, 4, 5], [2, 1, 1, 3, 2, 1], labels=["x", "y"])
axes[1, 0].legend(loc="upper left")
axes[1, 1].step([1, 2, 3, 4], [1, 3, 2, 4], where="mid")
axes[1, 1].stem([1, 2, 3, 4], [0.5, 1, 1.5, 1])
print(fig.to_svg(), end="")
