"""A check counts what it looked at and keeps a few examples of what it found wrong."""

EXAMPLES = 5


class Check:
    def __init__(self):
        self.checked = 0
        self.violations = 0
        self.examples = []

    def expect(self, holds, example):
        """Counts one thing. `example` is data, or a function that makes it where it does not hold."""
        self.checked += 1
        if holds:
            return
        self.violations += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(example() if callable(example) else example)

    def result(self, **more):
        return {"checked": self.checked, "violations": self.violations, "examples": self.examples, **more}
