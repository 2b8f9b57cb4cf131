def greet(name, greeting):
    return greeting + name
def run():
    return greet("x")
run()
