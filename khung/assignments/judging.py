"""Why an assignment has the judge it has (docs/glossary.md, "judge")."""

from khung.assignments.models import Assignment


def judge_basis(assignment: Assignment) -> str:
    """The reason behind the judge.

    "guide": the guiding unit judges; "not_itself": the unit guides this task itself, so another
    judges; "settled": a person named another; "no_guide": nobody yet, no guide is known;
    "undecided": nobody yet, though a guide is known.
    """
    guide, judge = assignment.guide_id, assignment.judge_id
    if judge is None:
        return "no_guide" if guide is None else "undecided"
    if judge == guide:
        return "guide"
    return "not_itself" if guide == assignment.unit_id else "settled"
