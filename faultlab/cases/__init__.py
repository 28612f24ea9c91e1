"""The case studies, one module each, built on the ground floors."""
