"""A golden picture: bars, grouped and stacked, with labels and errors; horizontal ones."""
import matplotlib.pyplot as plt
import numpy as np

fig, (a, b) = plt.subplots(1, 2, figsize=(9, 4))
x = np.arange(3)
bars = a.bar(x - 0.2, [3, 5, 2], 0.4, yerr=[0.3, 0.5, 0.2], capsize=4, label="before")
a.bar(x + 0.2, [4, 4, 6], 0.4, color="#55a868", edgecolor="white", label="after")
a.bar_label(bars, padding=10)
a.set_xticks(x, ["cat", "dog", "bird"], rotation=30)
a.legend(loc="upper left")
b.barh(["alpha", "beta", "gamma"], [3, -1, 2], color=["C0", "C3", "C2"])
b.spines[["top", "right"]].set_visible(False)
print(fig.to_svg(), end="")
