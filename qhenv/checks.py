"""What must hold before a production start."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def refuse_demonstration_accounts() -> None:
    """ImproperlyConfigured while demonstration accounts exist and QHENV_DEMO is off."""
    from accounts.models import User

    if settings.DEMO:
        return
    names = list(User.objects.filter(is_demonstration=True, is_active=True).values_list("username", flat=True)[:5])
    if names:
        raise ImproperlyConfigured(
            f"Demonstration accounts exist ({', '.join(names)} …). "
            "Close them with `./qh manage drop_demo`, or set QHENV_DEMO=1 for a demonstration."
        )
