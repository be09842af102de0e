import hashlib

from django.db import models


class Upload(models.Model):
    """The exact bytes somebody sent. Kept in the database, so that one backup holds figures and files alike."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.sha256[:12]

    @classmethod
    def keep(cls, content: bytes) -> "Upload":
        """The row of these bytes; the same bytes are kept once."""
        digest = hashlib.sha256(content).hexdigest()
        upload, _ = cls.objects.get_or_create(sha256=digest, defaults={"size": len(content), "content": content})
        return upload
