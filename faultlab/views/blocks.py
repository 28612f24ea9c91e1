"""What a block diagram is made of, under the name by which the drawings know it."""

from faultlab.analysis import Block, Parallel, Series, blocks_of, in_words, shared_blocks, still_works

__all__ = ["Block", "Parallel", "Series", "blocks_of", "in_words", "shared_blocks", "still_works"]
