from .. import base
from ..base import Animal as A
from . import __doc__ as nest_doc
count = 3
def up(): return base.Animal is A, nest_doc
