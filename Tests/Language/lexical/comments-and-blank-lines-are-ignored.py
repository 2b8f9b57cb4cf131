# A comment before everything.

print("first")  # a comment after a statement


if True:
    # a comment inside a block

    print("inside")

        # an over-indented comment does not open a block
    print("still inside")
# a comment at the wrong depth does not close a block
    print("and still")

print("hash in a string: # not a comment")
print("last")  # no newline at the end of a comment is needed
