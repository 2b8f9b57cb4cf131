x = 1   

if x:
    print("a")   
    	

    print("b")
print("c")
