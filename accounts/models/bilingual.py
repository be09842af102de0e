from django.db import models
from django.utils.translation import get_language


class Bilingual(models.Model):
    """Something with a Chinese and an English name; `name` is the one of the language in use."""

    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.in_language("name")

    def in_language(self, field: str) -> str:
        """The text of a `<field>_zh` / `<field>_en` pair in the language in use; the other one where it is empty."""
        first, second = ("en", "zh") if (get_language() or "").startswith("en") else ("zh", "en")
        return getattr(self, f"{field}_{first}") or getattr(self, f"{field}_{second}")
