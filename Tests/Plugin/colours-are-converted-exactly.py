"""The golden vectors of the colour conversions."""

import torch

from horizon_plugin_pytorch.functional import bgr2centered_yuv, centered_yuv2rgb, rgb2centered_gray, rgb2centered_yuv, rgb2yuv

colours = [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255), (128, 128, 128), (10, 200, 77)]
image = torch.tensor(colours, dtype=torch.uint8).reshape(len(colours), 3, 1, 1)
studio = rgb2centered_yuv(image)
full = rgb2centered_yuv(image, swing="full")
print(studio.dtype, tuple(studio.shape))
for colour, a, b in zip(colours, studio.reshape(-1, 3).tolist(), full.reshape(-1, 3).tolist()):
    print(colour, a, b)
print(torch.equal(bgr2centered_yuv(image.flip(1)), studio), torch.equal(rgb2yuv(image) - 128, studio))
print(rgb2centered_gray(image).flatten().tolist())
back = centered_yuv2rgb(full.float(), swing="full").reshape(-1, 3)
print((back - image.reshape(-1, 3).float()).abs().max().item() < 4)
try:
    rgb2centered_yuv(image, swing="half")
except AssertionError as error:
    print(error)
