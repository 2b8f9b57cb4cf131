print("qnb")
