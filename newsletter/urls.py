"""Which page answers which address."""

from django.urls import include, path, register_converter

from newsletter.web.addresses import ArxivId, RowNumber

# Before the rooms' own pages, whose routes are written with them.
register_converter(ArxivId, "arxiv_id")
register_converter(RowNumber, "row")

urlpatterns = [
    path("desk/", include("newsletter.editor.urls")),
    path("", include("newsletter.web.urls")),
]

handler404 = "newsletter.web.errors.not_found"
handler500 = "newsletter.web.errors.server_error"
