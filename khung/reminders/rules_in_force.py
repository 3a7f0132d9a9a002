"""The rules reminders follow now."""

from khung.reminders.models import ReminderRule
from khung.rules.reminding import PROPOSED, Rule


def rules_in_force() -> list[Rule]:
    """The active rules; where nobody has set any yet, those this project proposes."""
    rows = list(ReminderRule.objects.all())
    if not rows:
        return list(PROPOSED)
    return [Rule(row.kind, row.working_days) for row in rows if row.is_active]
