y = f'abc {1}
