from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import AuditEntry, User


class Command(BaseCommand):
    help = "Close every demonstration account, so that a production start is possible. Accounts with a history are kept, locked."

    def handle(self, **options: Any) -> None:
        for user in User.objects.filter(is_demonstration=True, is_active=True):
            user.is_active = False
            user.set_unusable_password()
            user.save(update_fields=["is_active", "password"])
            AuditEntry.objects.record(by=None, verb="close_account", about=user)
            self.stdout.write(user.username)
