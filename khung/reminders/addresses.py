"""Where a person is written to outside the app; nobody is who gave no address."""

from collections.abc import Collection
from dataclasses import dataclass

from khung.orgs.models import Person
from khung.reminders.models import Preference


@dataclass(frozen=True, slots=True)
class Address:
    """A channel and an address of it: an e-mail address, or a mobile number as "84905123456"."""

    channel: str
    address: str


def address_of(preference: Preference | None, email: str) -> Address | None:
    """Where somebody with this preference is written to; None for the app alone.

    Without a preference, or without an address in it, e-mail goes to the account's own address.
    """
    channel = preference.channel if preference else Preference.Channel.EMAIL
    address = preference.address if preference else ""
    if channel == Preference.Channel.EMAIL:
        address = address or email
    if channel == Preference.Channel.APP or not address:
        return None
    return Address(channel, address)


def addresses_of(people: Collection[int]) -> dict[int, Address]:
    """The same of many, by their id; two queries."""
    preferences = {one.person_id: one for one in Preference.objects.filter(person__in=people)}
    emails = Person.objects.filter(pk__in=people).values_list("pk", "email")
    found = {pk: address_of(preferences.get(pk), email) for pk, email in emails}
    return {pk: address for pk, address in found.items() if address is not None}
