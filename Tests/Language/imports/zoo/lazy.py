print("zoo.lazy loaded")
value = 42
