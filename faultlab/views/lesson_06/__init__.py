"""The pictures of lesson 06."""
