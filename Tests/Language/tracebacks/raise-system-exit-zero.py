print("fine")
raise SystemExit(0)
