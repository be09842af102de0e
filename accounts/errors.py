"""The one exception for a refused move: a message in the page, 409 in the API."""


class TransitionError(Exception):
    """The move is not possible from this state or for this person; the message says why and what to do instead."""
