from django.contrib.auth.models import AbstractUser
from django.db import models
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models.area import Bureau


def person_of(request: HttpRequest) -> "User":
    """Who asks; only for views behind a login, where it is somebody."""
    assert isinstance(request.user, User)
    return request.user


class User(AbstractUser):
    """A person with one role. Reporters belong to a bureau and see its submissions; the others see all."""

    class Role(models.TextChoices):
        REPORTER = "reporter", _("Bureau clerk")
        REVIEWER = "reviewer", _("Reviewer")
        LEADER = "leader", _("Leader")
        AUDITOR = "auditor", _("Auditor")
        ADMINISTRATOR = "administrator", _("Administrator")

    role = models.CharField(_("role"), max_length=15, choices=Role, default=Role.REPORTER)
    bureau = models.ForeignKey(Bureau, models.PROTECT, null=True, blank=True, related_name="people")
    display_name = models.CharField(_("name"), max_length=60, blank=True)
    display_name_en = models.CharField(_("name in English"), max_length=60, blank=True)
    is_demonstration = models.BooleanField(default=False)

    def __str__(self) -> str:
        """The name in the reader's language where there is one."""
        english = (get_language() or "").startswith("en") and self.display_name_en
        return english or self.display_name or self.username

    @property
    def can_report(self) -> bool:
        return self.role == self.Role.REPORTER and self.bureau_id is not None

    @property
    def can_review(self) -> bool:
        return self.role == self.Role.REVIEWER
