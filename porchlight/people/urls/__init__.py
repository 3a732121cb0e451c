"""Addresses of this area, by subject."""

from porchlight.people.urls import circles, joining, places

app_name = "people"
urlpatterns = [*joining.urlpatterns, *circles.urlpatterns, *places.urlpatterns]
