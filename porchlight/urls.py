"""The way in: which area answers which address."""

from django.urls import include, path

urlpatterns = [
    path("", include("porchlight.browser.urls")),
    path("", include("porchlight.notices.urls")),
    path("", include("porchlight.people.urls")),
    path("", include("porchlight.trust.urls")),
    path("", include("porchlight.alerts.urls")),
    path("", include("porchlight.sharing.urls")),
    path("", include("porchlight.home.urls")),
]

handler400 = "porchlight.browser.views.bad_request"
handler403 = "porchlight.browser.views.forbidden"
handler404 = "porchlight.browser.views.not_found"
handler500 = "porchlight.browser.views.broken"
