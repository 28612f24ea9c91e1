"""The pictures of lesson 05."""
