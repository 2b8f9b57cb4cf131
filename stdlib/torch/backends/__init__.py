"""What computes: OpenBLAS and the engine's own kernels."""

from torch.backends import cpu, cuda, cudnn, mkl, mkldnn, mps, openmp, quantized
