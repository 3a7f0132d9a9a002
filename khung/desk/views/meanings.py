"""What a phrase of a task or of the article means, where the Decision's own words don't say."""

import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from khung.assignments.expanding import index_on
from khung.assignments.reach import Named, name_nobody, named_by
from khung.base import clock
from khung.desk.forms_frameworks import SettleAddressee, SettlePhrase
from khung.desk.permissions import DeskRequest, requires
from khung.desk.views.frameworks import framework_context, needed_framework
from khung.frameworks import actions, tasks
from khung.frameworks.models import Framework, PhraseMeaning
from khung.orgs.models import BEGINNING
from khung.rules.actors import parse_actors
from khung.rules.permissions import Permission


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom the words of a meaning name on a day: today, or the nearest day of its span."""

    day: dt.date
    named: tuple[Named, ...]

    @property
    def total(self) -> int:
        return sum(sum(named.levels.values()) for named in self.named)


@requires(Permission.SETTLE_DOUBT)
@require_http_methods(["GET", "HEAD", "POST"])
def settle_phrase(request: DeskRequest, no: int) -> HttpResponse:
    """Records who is meant by a phrase of a task, for the task or for every task."""
    framework = needed_framework(request)
    worded = next(iter(tasks.worded(tasks.search(framework).filter(no=no))), None)
    if worded is None:
        raise Http404
    written = [item.words for item in (*worded.implementing, *worded.guiding)]
    parts = [actor.text for text in written for actor in parse_actors(text).actors]
    phrases = list(dict.fromkeys([*written, *parts]))
    first = {"phrase": next(iter(phrases), ""), **request.GET.dict()}
    form = SettlePhrase(request.POST or None, phrases=phrases, initial=first)
    preview = _preview(form, framework)
    if preview and form.was_shown:
        actions.record_meaning(
            framework=framework,
            task_version=None if form.cleaned_data["for_all"] else worded.version,
            **form.meaning(),
            by=request.user,
            now=clock.now(),
        )
        messages.success(request, gettext("Đã ghi; áp dụng từ lần giao việc sau."))
        return redirect(task_address(framework, no))
    return render(
        request,
        "desk/task_phrase.html",
        {
            **framework_context(request, framework),
            "task": worded,
            "form": form,
            "preview": preview,
        },
        status=422 if form.errors else 200,
    )


@requires(Permission.SETTLE_DOUBT)
@require_http_methods(["GET", "HEAD", "POST"])
def settle_addressee(request: DeskRequest) -> HttpResponse:
    """Records who is meant by a body of the Decision's article, for every task."""
    framework = needed_framework(request)
    today = clock.today()
    missing = index_on(framework, today).unmatched_addressees
    phrases = [actor["text"] for actor in framework.addressees]
    first = next((phrase for phrase in phrases if phrase in missing), "")
    form = SettleAddressee(
        request.POST or None, phrases=phrases, initial={"phrase": first, "valid_from": today}
    )
    preview = _preview(form, framework)
    if preview and form.was_shown:
        actions.record_meaning(
            framework=framework,
            task_version=None,
            role=PhraseMeaning.Role.IMPLEMENTING,
            **form.meaning(),
            by=request.user,
            now=clock.now(),
        )
        messages.success(request, gettext("Đã ghi; áp dụng từ lần giao việc sau."))
        return redirect(_framework_address(framework))
    return render(
        request,
        "desk/addressee_phrase.html",
        {
            **framework_context(request, framework),
            "form": form,
            "preview": preview,
            "meanings": tasks.meanings_of_addressees(framework),
        },
        status=422 if form.errors else 200,
    )


def _preview(form: SettlePhrase, framework: Framework) -> Preview | None:
    """Whom the answers mean, for the person to see before they are recorded.

    None before anything is sent, and for answers that can't be: words that name no unit on any
    day of their span, unless they are to wait for it.
    """
    if not form.is_valid():
        return None
    said = form.cleaned_data
    first, last = said["valid_from"], said["valid_to"]
    nobody = name_nobody(framework, said["means"], first, last)
    if nobody and not said["may_wait"]:
        form.add_error(
            "means",
            gettext("Không có đơn vị nào tên là %(names)s; hãy xem lại, hoặc chọn ghi để chờ.")
            % {"names": "; ".join(f"“{name}”" for name in nobody)},
        )
        return None
    if not form.was_shown:
        form.shown()
    day = max(clock.today(), first or BEGINNING)
    day = min(day, last) if last else day
    return Preview(day, named_by(framework, said["means"], day))


@requires(Permission.SETTLE_DOUBT)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_meaning(request: DeskRequest, meaning_id: int) -> HttpResponse:
    """Asks, then takes back what a phrase was said to mean, and returns to where one came from."""
    meaning = get_object_or_404(
        PhraseMeaning.objects.select_related("framework__decision", "task_version", "settled_by"),
        pk=meaning_id,
    )
    framework, own = meaning.framework, meaning.task_version
    no = str(own.no) if own else request.GET.get("task", "")
    is_task = no.isdecimal() and len(no) < 5
    back = task_address(framework, int(no)) if is_task else _framework_address(framework)
    if request.method == "POST":
        actions.withdraw_meaning(meaning=meaning, by=request.user, now=clock.now())
        messages.success(request, gettext("Đã bỏ cách hiểu này; nhiệm vụ đã giao giữ nguyên."))
        return redirect(back)
    context = framework_context(request, framework)
    return render(
        request,
        "desk/meaning_withdraw.html",
        {**context, "meaning": meaning, "back": back},
    )


def _framework_address(framework: Framework) -> str:
    return f"{reverse('framework')}?version={framework.pk}"


def task_address(framework: Framework, no: int) -> str:
    """The page of a task in that version of the framework."""
    return f"{reverse('task', args=[no])}?version={framework.pk}#cach-hieu"
