"""What can be wrong with a template, said so that its author can mend it."""


class TemplateError(Exception):
    """A template that cannot become a message.

    `template` is its file below templates/, `line` the line of that file (0 where nobody knows), `element`
    the element meant (empty where none is) and `problem` one sentence.
    """

    permanent = True

    def __init__(self, template: str, problem: str, *, element: str = "", line: int = 0) -> None:
        self.template = template
        self.problem = problem
        self.element = element
        self.line = line
        where = f"{template}:{line}" if line else template
        what = f"<{element}> " if element else ""
        super().__init__(f"{where}: {what}{problem}")
