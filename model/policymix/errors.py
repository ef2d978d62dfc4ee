"""What the user got wrong, said so that the user can mend it."""


class InputError(Exception):
    """A wrong input: scenario file, ledger, option or folder. Command line exit code 2.

    ``str(error)`` is the whole message, one problem a line.
    """


class ImpossibleWorldError(InputError):
    """A world that no non-negative rates can keep steady under today's mix."""
