"""A learner: folders, progress, the resume code, own numbers."""
