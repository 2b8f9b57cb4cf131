import BPU
