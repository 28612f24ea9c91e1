"""The pictures of lesson 03."""
