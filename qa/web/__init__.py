"""The form: server-rendered pages, one stylesheet, no script and no build step."""

from qa.web.pages import form_routes
from qa.web.rendering import reference_page

__all__ = ["form_routes", "reference_page"]
