été = {"clé": "é"}
print("日本語", été["absente"], 1)
