z = complex(1, 2)  # refused: complex
