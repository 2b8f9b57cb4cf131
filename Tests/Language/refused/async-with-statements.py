async def f(m):  # refused: async
    async with m:
        pass
