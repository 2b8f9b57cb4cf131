count = 3
print(f"there are {cuont + 1} items")
