"""Marks a sentence for translation in modules that must not know Django; `makemessages` finds the name."""


def gettext_noop(text: str) -> str:
    return text
