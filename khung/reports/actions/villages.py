"""Village links: made, renewed, revoked; and what comes in through them."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext

from khung.assignments.models import Assignment
from khung.base.audit import record
from khung.base.locks import named_lock
from khung.base.versions import claim
from khung.orgs.acting import require_in
from khung.orgs.models import Person, Unit
from khung.reports import proofs, uploads, village_address, villages
from khung.reports.models import Evidence, VillageLink, VillageSending
from khung.rules.permissions import Permission


class LinkClosed(Exception):
    """The link was revoked or ran out."""


class TooOften(Exception):
    """Too much came through one link; `again_at` is when it opens again, None for not by itself."""

    def __init__(self, again_at: dt.datetime | None = None) -> None:
        super().__init__()
        self.again_at = again_at


@dataclass(frozen=True, slots=True)
class Village:
    """A village as it was named: by hand, or as a unit of the tree."""

    name: str
    head_name: str = ""
    unit: Unit | None = None


@dataclass(slots=True)
class Linked:
    """The links as they stand: those made now, and those that kept their address."""

    made: list[VillageLink] = field(default_factory=list)
    renewed: list[VillageLink] = field(default_factory=list)


def link_villages(
    *,
    unit: Unit,
    named: Sequence[Village],
    asked: str,
    assignments: Sequence[Assignment],
    expires_on: dt.date,
    by: Person,
    now: dt.datetime,
) -> Linked:
    """Gives each village a link to send through, or renews the one it has.

    A village keeps its address, so that what hangs on its wall stays right: only what is asked
    and until when changes. What other periods asked of it stays. Raises PermissionDenied, and
    ValueError for work of another unit or a day already past.
    """
    today = timezone.localdate(now)
    require_in(by, Permission.LINK_VILLAGES, unit, today)
    if any(one.unit_id != unit.pk for one in assignments):
        raise ValueError("work of another unit")
    if expires_on < today:
        raise ValueError(gettext("Ngày hết hạn không thể trước hôm nay."))
    linked = Linked()
    with named_lock(f"village_links:{unit.pk}"):
        known = villages.open_links(unit)
        for village in named:
            link = known.get(villages.known_as(village.name))
            if link is None:
                link = _made(unit, village, asked, expires_on, by=by, now=now)
                known[villages.known_as(village.name)] = link
                linked.made.append(link)
            else:
                link.asked, link.expires_on = asked, expires_on
                link.head_name = village.head_name or link.head_name
                link.village = village.unit or link.village
                link.version += 1
                link.save()
                linked.renewed.append(link)
            _ask(link, assignments)
        names = [village.name for village in named]
        record(
            by=by,
            now=now,
            verb="villages.linked",
            subject=f"unit:{unit.pk}",
            data={
                "villages": len(names),
                "names": ", ".join(names[:3]) + (", …" if len(names) > 3 else ""),
                "until": expires_on.isoformat(),
            },
        )
    return linked


def _made(
    unit: Unit, village: Village, asked: str, expires_on: dt.date, *, by: Person, now: dt.datetime
) -> VillageLink:
    return VillageLink.objects.create(
        unit=unit,
        village=village.unit,
        village_name=village.name,
        head_name=village.head_name,
        asked=asked,
        nonce=village_address.new_nonce(),
        expires_on=expires_on,
        made_by=by,
        made_at=now,
    )


def _ask(link: VillageLink, assignments: Sequence[Assignment]) -> None:
    """Asks for these instead of whatever else of the same periods."""
    periods = {one.counts_in_id for one in assignments}
    others = link.assignments.filter(counts_in__in=periods)
    link.assignments.remove(*others.exclude(pk__in=[one.pk for one in assignments]))
    link.assignments.add(*assignments)


@transaction.atomic
def revoke_village_link(*, link: VillageLink, by: Person, now: dt.datetime) -> bool:
    """Closes a link for good; what came in stays. Returns False where it was closed already.

    Raises PermissionDenied.
    """
    require_in(by, Permission.LINK_VILLAGES, link.unit, timezone.localdate(now))
    held = VillageLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if held.revoked_at is not None:
        return False
    held = claim(held, held.version)
    held.revoked_at = now
    held.save(update_fields=["revoked_at"])
    record(
        by=by,
        now=now,
        verb="village.revoked",
        subject=f"unit:{link.unit_id}",
        data={"village": link.village_name},
    )
    return True


@transaction.atomic
def note_try(*, link: VillageLink, by: str, now: dt.datetime) -> None:
    """Counts a sending about to be read, whatever becomes of it, alike for every worker.

    Raises TooOften beyond what an hour allows. Nothing else is written, and no trail of it.
    """
    begins = now - villages.HOUR
    rows = VillageLink.objects.filter(pk=link.pk)
    lasting = rows.filter(tries_since__gt=begins)
    if lasting.filter(tries__lt=villages.TRIES_AN_HOUR).update(tries=F("tries") + 1):
        return
    over = Q(tries_since__isnull=True) | Q(tries_since__lte=begins)
    if rows.filter(over).update(tries=1, tries_since=now):
        return
    since = rows.values_list("tries_since", flat=True).get()
    raise TooOften((since or now) + villages.HOUR)


@transaction.atomic
def send_from_village(
    *,
    link: VillageLink,
    client_key: uuid.UUID,
    assignment: Assignment | None,
    text: str,
    photos: Sequence[uploads.Prepared],
    by: str,
    now: dt.datetime,
) -> VillageSending:
    """Keeps what a village head sent, for the commune to take over; the same key, the same sending.

    A photograph is personal data until the officer says otherwise. Raises LinkClosed, TooOften
    while too much waits, ValueError for work the link does not ask about.
    """
    held = (
        VillageLink.objects.select_for_update(of=("self",)).select_related("unit").get(pk=link.pk)
    )
    there = held.sendings.filter(client_key=client_key).first()
    if there is not None:
        return there
    if not villages.is_open(held, timezone.localdate(now)):
        raise LinkClosed
    if held.sendings.filter(is_taken_over__isnull=True).count() >= villages.MOST_WAITING:
        raise TooOften
    if assignment is not None and not held.assignments.filter(pk=assignment.pk).exists():
        raise ValueError("work the link does not ask about")
    sending = VillageSending.objects.create(
        link=held, client_key=client_key, assignment=assignment, text=text, sent_at=now
    )
    sending.evidence.set([_kept(photo, held, now) for photo in photos])
    about = f"assignment:{assignment.pk}" if assignment else f"unit:{held.unit_id}"
    record(
        by=by,
        now=now,
        verb="village.sent",
        subject=about,
        data={"village": held.village_name, "photos": len(photos)},
    )
    return sending


def _kept(photo: uploads.Prepared, link: VillageLink, now: dt.datetime) -> Evidence:
    """The photograph as the unit's evidence; the same bytes are the same piece."""
    same = proofs.same_file(link.unit_id, photo.written.sha256)
    if same is not None:
        return same
    title = gettext("Ảnh %(village)s gửi ngày %(day)s") % {
        "village": link.village_name,
        "day": f"{timezone.localdate(now):%d/%m/%Y}",
    }
    return uploads.keep(
        photo, unit=link.unit, by=None, now=now, title=title[:255], has_personal_data=True
    )
