"""Files are opened in one way, and a table's records are never taken from inside a quoted text."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultlab.errors import BadInput
from faultlab.input_files import content_of, decoded, table_records, text_of

TEXT = "start,end\n2026-01-05,Zürich\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_encoding_that_shows_itself_is_read(tmp_path, encoding):
    file = tmp_path / "a.csv"
    file.write_bytes(TEXT.encode(encoding))
    assert text_of(file, 1000, "a table") == TEXT
    file.write_bytes(gzip.compress(TEXT.encode(encoding)))
    assert text_of(file, 1000, "a table") == TEXT


def test_what_is_no_text_is_refused_with_its_line():
    with pytest.raises(BadInput, match=r"a.csv, line 3: .*UTF-8"):
        decoded(b"a\nb\nGr\xfcnde\n", "a.csv")
    with pytest.raises(BadInput, match=r"a.csv, line 2: .*binary"):
        decoded(b"a\nb\0c", "a.csv")


def test_size_and_damage_are_named(tmp_path):
    file = tmp_path / "big.gz"
    file.write_bytes(gzip.compress(b"a" * 5000))
    with pytest.raises(BadInput, match="larger than a table may be, 1,000 bytes"):
        content_of(file, 1000, "a table")
    file.write_bytes(gzip.compress(b"a" * 500)[:-9])
    with pytest.raises(BadInput, match="damaged"):
        content_of(file, 1000, "a table")
    with pytest.raises(BadInput, match="is a folder"):
        content_of(tmp_path, 1000, "a table")
    with pytest.raises(BadInput, match="No such file"):
        content_of(tmp_path / "absent", 1000, "a table")


@given(
    st.lists(
        st.lists(st.text("ab ;,\t|\n\r\"'ü", max_size=6), min_size=2, max_size=5), min_size=1, max_size=6
    ),
    st.sampled_from(",;\t|"),
)
def test_what_is_written_with_quotes_comes_back(rows, delimiter):
    width = len(rows[0])
    rows = [(row + ["x"] * width)[:width] for row in rows]
    quoted = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    text = f"sep={delimiter}\n" + "\n".join(quoted) + "\n"
    wanted = [row for row in rows if any(cell.strip() for cell in row)]
    assert [cells for _, cells in table_records(text, "a.csv")] == wanted


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a;b;c\n1;2,5;x, y, z\n", ["1", "2,5", "x, y, z"]),  # decimal comma
        ("Item;Mode, potential;S\nq;lost;1\n", ["q", "lost", "1"]),  # a comma in the header
        ("a\tb\n1\t2\n", ["1", "2"]),
        ("a|b\n1|2\n", ["1", "2"]),
        ('"sep=;"\na;b\n1;2\n', ["1", "2"]),
        ('a,b\n1,"he said \\"no\\",\n2026-01-01,x"\n', ["1", 'he said "no",\n2026-01-01,x']),
        ("a,b\r1,2\r", ["1", "2"]),
        ("a,b\n1,x\x0cy\u2028z\n", ["1", "x\x0cy\u2028z"]),  # ends no line of a table
        ("a,b\n1," + "x" * 100_000 + "\n", ["1", "x" * 100_000]),
    ],
)
def test_the_delimiter_and_the_quotes_are_understood(text, cells):
    assert table_records(text, "a.csv")[-1][1] == cells


def test_nothing_is_read_behind_a_quote_that_goes_wrong():
    with pytest.raises(BadInput, match=r"a.csv, line 2: a quote is opened and not closed"):
        table_records('a,b\n1,"open\n2026-01-01,2026-01-02\n', "a.csv")
    with pytest.raises(BadInput, match=r"a.csv, line 3: .*beside a quoted"):
        table_records('a,b\n1,2\n3,"four"five\n', "a.csv")
