# The documented loaders over the drawn dataset.
import hashlib

import documented
import drawn

train = drawn.Shapes10(None, True, documented.augmentation)
evaluation = drawn.Shapes10(None, False)
for dataset in (train, evaluation):
    print(hashlib.md5(dataset.data.tobytes()).hexdigest(), hashlib.md5(bytes(dataset.targets)).hexdigest())
documented.report(train, evaluation)
documented.operations(evaluation)
