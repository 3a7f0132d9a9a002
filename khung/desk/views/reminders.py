"""Reminders: one's own digests, how they come, the rules behind them, what left and what not."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khung.base import clock
from khung.base.versions import StaleRecord
from khung.desk.forms_reminders import AddRule, PreferenceForm, SwitchRule
from khung.desk.permissions import DeskRequest, requires
from khung.reminders import actions, queries
from khung.reminders.addresses import address_of
from khung.reminders.lines import lines, summary
from khung.reminders.models import Preference, ReminderRule
from khung.rules import phones, reminding
from khung.rules.permissions import Permission

PAGE_SIZE = 10
CONFLICT, INVALID = 409, 422


@requires()
@require_safe
def digests(request: DeskRequest) -> HttpResponse:
    """A person's own digests, today's first."""
    today = clock.today()
    page = Paginator(queries.digests_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    read = [(digest, lines(digest.items)) for digest in page]
    shown = [(digest, found, summary(found)) for digest, found in read]
    preference = queries.preference_of(request.user)
    return render(
        request,
        "desk/reminders/digests.html",
        {
            "page": page,
            "shown": shown,
            "today": today,
            "preference": preference,
            "address": _address_words(preference, request.user.email),
        },
    )


def _address_words(preference: Preference, email: str) -> str:
    """Where messages go, as people write it; "" for the app alone."""
    found = address_of(preference if preference.version else None, email)
    if found is None:
        return ""
    is_phone = found.channel in (Preference.Channel.ZALO, Preference.Channel.SMS)
    return phones.as_written(found.address) if is_phone else found.address


@requires()
@require_POST
def read_digest(request: DeskRequest, pk: int) -> HttpResponse:
    """Notes that the reader has seen a digest of theirs."""
    digest = get_object_or_404(queries.digests_of(request.user), pk=pk)
    actions.read_digest(digest=digest, by=request.user, now=clock.now())
    return redirect("digests")


@requires()
@require_http_methods(["GET", "HEAD", "POST"])
def preference(request: DeskRequest) -> HttpResponse:
    """How the reader wants to be told; nobody sets it for another."""
    current = queries.preference_of(request.user)
    form = PreferenceForm(request.POST or None, email=request.user.email, initial=_initial(current))
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                actions.set_preference(**form.cleaned_data, by=request.user, now=clock.now())
            except StaleRecord as stale:
                theirs = cast(Preference, stale.current)
                form.meet({"channel": theirs.channel, "hour": theirs.hour}, theirs.version)
                status = CONFLICT
            else:
                messages.success(request, gettext("Đã lưu; áp dụng từ lần nhắc tới."))
                return redirect("digests")
    return render(
        request,
        "desk/reminders/preference.html",
        {"form": form, "email": request.user.email, "illustrative": False},
        status=status,
    )


def _initial(current: Preference) -> dict[str, object]:
    address = current.address
    if current.channel in (Preference.Channel.ZALO, Preference.Channel.SMS) and address:
        address = phones.as_written(address)
    return {
        "channel": current.channel,
        "address": address,
        "hour": current.hour,
        "version": current.version,
    }


@requires(Permission.SET_REMINDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: DeskRequest) -> HttpResponse:
    """When people are reminded: every rule as a sentence, to switch, and a form for another."""
    form = AddRule(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_rule(rule=form.rule, by=request.user, now=clock.now())
        except actions.WrongRule as wrong:
            form.add_error(None, gettext(str(wrong)))
        else:
            messages.success(
                request,
                gettext("Đã thêm: %(rule)s") % {"rule": _sentence(made.kind, made.working_days)},
            )
            return redirect("reminder_rules")
    page = Paginator(queries.rules(), 50).get_page(request.GET.get("page"))
    shown = [(rule, _sentence(rule.kind, rule.working_days)) for rule in page]
    proposed = [_sentence(rule.kind, rule.working_days) for rule in reminding.PROPOSED]
    return render(
        request,
        "desk/reminders/rules.html",
        {
            "page": page,
            "shown": shown,
            "active": sum(rule.is_active for rule, _ in shown),
            "proposed": [] if shown else proposed,
            "form": form,
            "illustrative": False,
        },
        status=INVALID if request.method == "POST" else 200,
    )


def _sentence(kind: str, working_days: int) -> str:
    return gettext(reminding.SENTENCES[kind]).format(n=working_days)


@requires(Permission.SET_REMINDERS)
@require_POST
def begin_rules(request: DeskRequest) -> HttpResponse:
    """Writes the proposed rules down, so that each can be switched."""
    actions.keep_proposed_rules(by=request.user, now=clock.now())
    return redirect("reminder_rules")


@requires(Permission.SET_REMINDERS)
@require_POST
def switch_rule(request: DeskRequest, pk: int) -> HttpResponse:
    """Switches a rule on or off."""
    rule = get_object_or_404(ReminderRule, pk=pk)
    form = SwitchRule(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Yêu cầu thiếu thông tin; hãy bấm lại ở danh sách."))
        return redirect("reminder_rules")
    try:
        actions.switch_rule(rule=rule, **form.cleaned_data, by=request.user, now=clock.now())
    except StaleRecord:
        messages.error(
            request, gettext("Người khác vừa bật hoặc tắt quy tắc này; hãy xem lại danh sách.")
        )
    else:
        on = form.cleaned_data["is_active"]
        messages.success(request, gettext("Đã bật quy tắc.") if on else gettext("Đã tắt quy tắc."))
    return redirect("reminder_rules")
