"""Mistakes and what is said about them."""
import matplotlib.pyplot as plt
import numpy as np


def attempt(action):
    try:
        action()
        print("nothing said")
    except Exception as error:
        print(type(error).__name__ + ":", error)


fig, ax = plt.subplots()
attempt(lambda: ax.plot([1, 2, 3], [1, 2]))
attempt(lambda: ax.plot([1, 2], color="blu"))
attempt(lambda: ax.plot([1, 2], "r?"))
attempt(lambda: ax.plot([1, 2], wdith=3))
attempt(lambda: ax.scatter([1, 2], [1]))
attempt(lambda: ax.imshow([1, 2, 3]))
attempt(lambda: ax.imshow(np.zeros((2, 2)), cmap="virdis"))
attempt(lambda: ax.set_xlim(0, float("nan")))
attempt(lambda: ax.set_yscale("square"))
attempt(lambda: ax.legend(loc="top"))
attempt(lambda: ax.errorbar([1, 2], [1, 2], yerr=[-1, 1]))
attempt(lambda: ax.set_xticks([1, 2], ["a"]))
attempt(lambda: plt.figure(figsize=(0, 3)))
attempt(lambda: fig.savefig("/tmp/x.gif"))
attempt(lambda: plt.subplot(2, 2, 5))
attempt(lambda: plt.colorbar())
