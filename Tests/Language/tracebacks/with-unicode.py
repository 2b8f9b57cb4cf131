naïve = "日本"
raise ValueError(f"ungültig: {naïve} 🎉")
