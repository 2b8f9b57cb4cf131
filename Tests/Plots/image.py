"""A golden picture: images from numbers and from colours, with a bar."""
import matplotlib.pyplot as plt
import numpy as np

fig, axes = plt.subplots(1, 3, figsize=(10, 3))
shown = axes[0].imshow(np.arange(12).reshape(3, 4))
fig.colorbar(shown, ax=axes[0])
axes[1].imshow(np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 0]]], dtype=np.uint8))
axes[1].axis("off")
axes[2].imshow(np.array([[0.0, np.nan], [1.0, 0.5]]), cmap="gray", origin="lower", extent=(0, 2, 0, 1), vmin=0, vmax=1)
print(fig.to_svg(), end="")
