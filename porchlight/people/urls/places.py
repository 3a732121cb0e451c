from django.urls import path

from porchlight.people.views import alert_keys, devices, export, places

urlpatterns = [
    path("n/<slug:slug>/places/", places.places, name="places"),
    path("n/<slug:slug>/places/new/<slug:kind>/", places.new_place, name="place-new"),
    path("n/<slug:slug>/places/pause/", places.pause_places, name="places-pause"),
    path("n/<slug:slug>/places/resume/", places.resume_places, name="places-resume"),
    path("n/<slug:slug>/places/file/", places.download_places, name="places-file"),
    path("n/<slug:slug>/places/middle/", places.network_middle, name="middle"),
    path("n/<slug:slug>/places/<uuid:place_id>/", places.place, name="place"),
    path("n/<slug:slug>/places/<uuid:place_id>/delete/", places.delete_place, name="place-delete"),
    path("n/<slug:slug>/this-phone/", alert_keys.this_phone, name="this-phone"),
    path("n/<slug:slug>/this-phone/taken/", devices.phone_taken, name="phone-taken"),
    path(
        "n/<slug:slug>/this-phone/<uuid:key_id>/end/",
        alert_keys.end_alert_key,
        name="alert-key-end",
    ),
    path("n/<slug:slug>/me/file/", export.download, name="export"),
]
