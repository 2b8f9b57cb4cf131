"""A golden picture: histograms."""
import matplotlib.pyplot as plt
import numpy as np

r = np.random.RandomState(0)
fig, (a, b) = plt.subplots(1, 2, figsize=(9, 4))
a.hist(r.randn(500), bins=20, edgecolor="white")
b.hist([r.randn(200), r.randn(200) + 2], bins=12, density=True, label=["first", "second"])
b.hist(r.randn(200), bins=12, density=True, histtype="step", color="k", label="outline")
b.legend(title="group")
print(fig.to_svg(), end="")
