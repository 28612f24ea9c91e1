"""The pictures of lesson 00."""
