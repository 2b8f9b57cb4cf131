from collections import dequeu
