from accounts.models.area import Area, Bureau
from accounts.models.audit import AuditEntry
from accounts.models.bilingual import Bilingual
from accounts.models.user import User, person_of

__all__ = ["Area", "AuditEntry", "Bilingual", "Bureau", "User", "person_of"]
