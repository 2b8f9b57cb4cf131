class Animal:
    sound = None
    def speak(self): return f"{type(self).__name__} says {self.sound}"
