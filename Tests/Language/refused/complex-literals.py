x = 1.5
y = 3j  # refused: complex
