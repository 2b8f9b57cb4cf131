from cycle_to import thing
other = 1
