x = 1
async def f():  # refused: async
    return x
