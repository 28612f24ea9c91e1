"""The pictures of lesson 08."""
