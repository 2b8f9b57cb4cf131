table = {"apple": 1}
table["it's"]
