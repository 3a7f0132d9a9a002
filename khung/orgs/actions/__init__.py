"""Everything that changes units, people and the roles they hold.

Each verb raises PermissionDenied for a person whose roles do not allow it.
"""

from khung.orgs.actions.boundaries import load_boundaries
from khung.orgs.actions.people import (
    create_person,
    deactivate_person,
    end_role,
    grant_role,
    open_account,
    reactivate_person,
    reset_password,
)
from khung.orgs.actions.units import add_succession, end_unit, load_units, rename_unit

__all__ = [
    "add_succession",
    "create_person",
    "deactivate_person",
    "end_role",
    "end_unit",
    "grant_role",
    "load_boundaries",
    "load_units",
    "open_account",
    "reactivate_person",
    "rename_unit",
    "reset_password",
]
