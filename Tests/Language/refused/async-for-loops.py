def g():
    return 1

async def f(xs):  # refused: async
    async for x in xs:
        print(x)
