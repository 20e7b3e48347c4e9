"""What a pickle from a stranger may hold."""


class Stranger:
    """Prints "executed" when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (print, ("executed",))
