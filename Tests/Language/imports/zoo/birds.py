from . import base
from .nest.eggs import count, up
class Owl(base.Animal): sound = "hoot"
