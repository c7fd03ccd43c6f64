"""The one thing the base page does: change the language."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.i18n import set_language


# A token would set a cookie on every public page, and a forged change of language harms nobody.
@csrf_exempt
@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Keep the chosen language in a cookie and go back to the same page."""
    return set_language(request)
