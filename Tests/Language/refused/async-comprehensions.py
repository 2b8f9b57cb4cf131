async def f(xs):  # refused: async
    return [x async for x in xs]
