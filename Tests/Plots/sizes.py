"""A million points: what is written stays below 300 KB and is quickly drawn."""
import matplotlib.pyplot as plt
import numpy as np

r = np.random.RandomState(0)
count = 1_000_000
walk = np.cumsum(r.randn(count))


def size(draw):
    fig, ax = plt.subplots()
    draw(ax)
    text = fig.to_svg()
    plt.close(fig)
    return len(text) <= 300_000 or len(text)


print(size(lambda ax: ax.plot(walk)))
few = 100_000
print(size(lambda ax: ax.plot(r.randn(few), r.randn(few))))
print(size(lambda ax: ax.plot(walk[:few], "o-")))
print(size(lambda ax: ax.scatter(r.randn(count), r.randn(count), s=4)))
print(size(lambda ax: ax.scatter(r.rand(few), r.rand(few), s=1, c=r.rand(few))))
print(size(lambda ax: ax.scatter(r.randn(few), r.randn(few), c=r.rand(few), alpha=0.3)))
print(size(lambda ax: ax.hist(walk, bins=2000)))
print(size(lambda ax: ax.fill_between(np.arange(few), walk[:few] - 50, walk[:few] + 50)))
print(size(lambda ax: ax.imshow(r.rand(500, 500))))
