x = 1
name = "unfinished
