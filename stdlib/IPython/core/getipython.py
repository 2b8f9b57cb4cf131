from IPython.core.interactiveshell import get_ipython
