"""The pictures of lesson 02."""

from faultlab.views.lesson_02.fleet_watch import FleetView, watch
