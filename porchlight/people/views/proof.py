"""The head of the chain of what was done: to print, and to compare with one on paper."""

from django.http import HttpResponse

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.people.forms.proof import ProofForm
from porchlight.people.queries.chain import chain_head, is_in_chain


@door("GET", "POST", who=SIGNED_IN)
def proof(request: Request) -> HttpResponse:
    form = ProofForm(request.POST or None)
    facts: dict[str, object] = {
        "form": form,
        "head": chain_head(request.viewer),
        "now": request.now,
    }
    if request.method == "POST" and form.is_valid():
        number, letters = form.cleaned_data["number"], form.cleaned_data["letters"]
        stands = is_in_chain(viewer=request.viewer, number=number, typed=letters)
        facts |= {"is_asked": True, "stands": stands, "number": number}
    return page(request, "people/proof.html", facts)
