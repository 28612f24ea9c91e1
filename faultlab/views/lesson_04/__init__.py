"""The pictures of lesson 04."""
