"""A small course and its pages, built once for all tests of the pages."""

import pytest
from small_course import CELLS, course_of

from faultlab.pages.site import build


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """The small course's site."""
    return course_of(CELLS, tmp_path_factory.mktemp("small") / "course")


@pytest.fixture(scope="session")
def pages(small, tmp_path_factory):
    """The folder of its pages."""
    out = tmp_path_factory.mktemp("pages")
    build(small, (), out)
    return out
