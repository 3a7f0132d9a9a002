"""What a phrase of a task or of the article means, where the Decision's own words don't say."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from khung.assignments.expanding import index_on
from khung.base import clock
from khung.desk.forms_frameworks import SettleAddressee, SettlePhrase
from khung.desk.permissions import DeskRequest, requires
from khung.desk.views.frameworks import framework_context, needed_framework
from khung.frameworks import actions, tasks
from khung.frameworks.models import Framework, PhraseMeaning
from khung.rules.actors import parse_actors
from khung.rules.permissions import Permission


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
    form = SettlePhrase(
        request.POST or None, phrases=phrases, initial={"phrase": next(iter(phrases), "")}
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = dict(form.cleaned_data)
            actions.record_meaning(
                framework=framework,
                task_version=None if said.pop("for_all") else worded.version,
                actors=said.pop("means"),
                **said,
                by=request.user,
                now=clock.now(),
            )
            messages.success(request, gettext("Đã ghi; áp dụng từ lần giao việc sau."))
            return redirect(task_address(framework, no))
    context = framework_context(request, framework)
    return render(
        request, "desk/task_phrase.html", {**context, "task": worded, "form": form}, status=status
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
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = dict(form.cleaned_data)
            actions.record_meaning(
                framework=framework,
                task_version=None,
                role=PhraseMeaning.Role.IMPLEMENTING,
                actors=said.pop("means"),
                **said,
                by=request.user,
                now=clock.now(),
            )
            messages.success(request, gettext("Đã ghi; áp dụng từ lần giao việc sau."))
            return redirect(f"{reverse('framework')}?version={framework.pk}")
    context = framework_context(request, framework)
    meanings = tasks.meanings_of_addressees(framework)
    return render(
        request,
        "desk/addressee_phrase.html",
        {**context, "form": form, "meanings": meanings},
        status=status,
    )


@requires(Permission.SETTLE_DOUBT)
@require_POST
def withdraw_meaning(request: DeskRequest, meaning_id: int) -> HttpResponse:
    """Takes back what a phrase was said to mean."""
    meaning = get_object_or_404(
        PhraseMeaning.objects.select_related("framework", "task_version"), pk=meaning_id
    )
    actions.withdraw_meaning(meaning=meaning, by=request.user, now=clock.now())
    messages.success(request, gettext("Đã bỏ cách hiểu này; nhiệm vụ đã giao giữ nguyên."))
    if meaning.task_version is None:
        return redirect("framework")
    return redirect(task_address(meaning.framework, meaning.task_version.no))


def task_address(framework: Framework, no: int) -> str:
    """The page of a task in that version of the framework."""
    return f"{reverse('task', args=[no])}?version={framework.pk}#cach-hieu"
