"""The shape of each state of work, drawn alike in tables, charts, PDF and print.

A shape is drawn rather than typed: the web font holds letters only.
"""

from django.utils.safestring import SafeString

_STROKE = 'fill="none" stroke="currentColor" stroke-width="1.5"'
_FULL = 'fill="currentColor"'
SHAPES = {
    "not_started": f'<circle cx="7" cy="7" r="5.5" {_STROKE}/>',
    "in_progress": (
        f'<circle cx="7" cy="7" r="5.5" {_STROKE}/><path d="M7 1.5a5.5 5.5 0 0 0 0 11z" {_FULL}/>'
    ),
    "submitted": f'<path d="M7 1.5 13 12.5H1z" {_FULL}/>',
    "returned": (
        '<path d="M5 1.5 1.5 5 5 8.5M1.5 5h7a3.5 3.5 0 0 1 0 7H5" fill="none" '
        'stroke="currentColor" stroke-width="1.75"/>'
    ),
    "accepted": f'<circle cx="7" cy="7" r="6" {_FULL}/>',
    "exempt": f'<path d="M1.5 7h11" {_STROKE}/>',
}
_DRAWN = {
    state: SafeString(f'<svg class="mark" viewBox="0 0 14 14" aria-hidden="true">{shape}</svg>')
    for state, shape in SHAPES.items()
}


def mark(state: str) -> SafeString:
    """The drawn shape of a state (`khung.rules.workflow`). Raises KeyError for an unknown one."""
    return _DRAWN[state]
