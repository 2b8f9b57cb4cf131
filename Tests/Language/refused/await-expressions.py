print('never printed')
async def f(x):  # refused: async
    await x
