match = 3
case = 4
_ = 5
type = "t"
print("names:", match, case, _, type)
match = [1, 2, 3]
print("index:", match[0])
match[1] = 9
print("assigned:", match)
def case(match):
    return match + 1
print("call:", case(match=1))
print("minus:", match[0] -1)
match (1, 2):
    case (a, b):
        print("matched:", a, b)
print(type)
