# The PyTorch whose behaviour the recorded tests follow, and what follows it.
__version__ = "2.15.0+qnb"
cuda = None
hip = None
git_version = None
debug = False
