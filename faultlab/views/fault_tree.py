"""A fault tree as a picture: from the top down where it fits, line by line with indents where it doesn't."""

from dataclasses import dataclass
from html import escape

from faultlab.analysis import minimal_cut_sets, solve
from faultlab.errors import BadInput
from faultlab.views.chart import WIDTH, document
from faultlab.views.gate_shapes import RADIUS, symbol, wire
from faultlab.views.lettering import width_of, wrapped
from faultlab.views.palette import GREEN, INK, QUIET
from faultlab.views.picture import Picture
from faultlab.views.tree_layout import everyone, tidy
from faultlab.views.tree_nodes import nodes_of
from faultlab.views.tree_words import in_words, kind_in_words
from faultlab.views.words import count

SLOT = 110
SIZE, LINE = 13, 17
# Line by line there is room for larger letters, which a phone needs: there the page shrinks to two thirds.
LINES_SIZE, LINES_LINE = 15, 19
INDENT = 27
GATES = ("and", "or", "atleast", "not", "xor", "nand", "nor", "iff", "imply")


@dataclass(frozen=True)
class _Style:
    labels: dict
    values: dict
    assumed: frozenset
    barrier: str

    def words(self, node):
        """The node's label, and what is said behind it in quiet letters."""
        said = []
        if node.kind in GATES:
            said.append(kind_in_words(node))
        if node.kind == "again":
            said.append("drawn above")
        if node.kind == "house":
            said.append("given")
        if node.kind == "event" and node.later:
            said.append("the same event")
        if node.name in self.assumed:
            said.append("assumed")
        if self.values.get(node.name) and not node.later:
            said.append(self.values[node.name])
        if self.barrier and node.name == self.barrier:
            said.append("barrier")
        return self.labels.get(node.name, node.name), ", ".join(said)


def fault_tree(
    tree, highlight=(), sentence="", labels=None, values=None, assumed=(), barrier="", layout="auto"
):
    """Draw a fault tree.

    Parameters
    ----------
    tree : FaultTree
    highlight : collection of str
        Events of a cut set: they and every gate that they set off are drawn thick. Gates may be named too.
    sentence : str
        What to see; by default how many minimal cut sets there are.
    labels : dict, optional
        From names to the words to show.
    values : dict, optional
        From names to a short text behind the label, such as a probability.
    assumed : collection of str
        Events and gates that no report tells: drawn with a dashed outline.
    barrier : str
        An event or gate before which a barrier is drawn.
    layout : str
        "down", "lines", or "auto": from the top down where the tree fits the page's width.

    Returns
    -------
    Picture

    Raises
    ------
    BadInput
        If a name is not in the tree, or the drawing would have more than 250 symbols.

    Examples
    --------
    >>> from faultlab.analysis import AND, OR, FaultTree
    >>> tree = FaultTree("dark", {"dark": OR("grid", AND("fuse", "lamp"))}, dict.fromkeys(
    ...     ("grid", "fuse", "lamp"), 0.1))
    >>> fault_tree(tree).sentence
    '“dark” has 2 minimal cut sets; the smallest has 1 event.'
    """
    labels = labels or {}
    drawn = drawing(tree, highlight, labels, values, assumed, barrier, layout)
    svg = document(drawn.parts, drawn.height, drawn.alt, drawn.width)
    return Picture(svg, drawn.alt, sentence or _cut_set_sentence(tree, labels), drawn.rows)


@dataclass(frozen=True)
class Drawing:
    """The marks of a fault tree, for a picture that shows more than the tree."""

    parts: list
    height: int
    width: int
    alt: str
    rows: tuple


def drawing(tree, highlight=(), labels=None, values=None, assumed=(), barrier="", layout="auto"):
    """Return the Drawing of a fault tree; parameters as in `fault_tree`."""
    labels, values = labels or {}, values or {}
    top = nodes_of(tree, highlight)
    style = _Style(labels, values, frozenset(assumed), barrier)
    for name in (*labels, *values, *style.assumed, *([barrier] if barrier else [])):
        if name not in tree.events and name not in tree.gates and name not in tree.house:
            raise BadInput(f"The tree has no event or gate {name!r} to write on.")
    if layout not in ("auto", "down", "lines"):
        raise BadInput(f"A layout is auto, down or lines, not {layout!r}.")
    placed = tidy(top, lambda node: node.below, lambda node: SLOT - 6, gap=6)
    breadth = _breadth(placed)
    if layout == "down" or (layout == "auto" and breadth <= WIDTH):
        parts, height, width = _downwards(placed, max(breadth, WIDTH), style)
    else:
        parts, height, width = *_by_lines(top, style), WIDTH
    alt = "Fault tree. " + in_words(tree, labels)
    if highlight:
        names = ", ".join(labels.get(name, name) for name in sorted(highlight))
        alt += f" Drawn thick: {names}" + (", which set off the top." if top.lit else ".")
    if barrier:
        alt += f" A barrier stands before {labels.get(barrier, barrier)}."
    rows = tuple(_row(tree, name, number, style) for name, number in _numbers(top).items())
    return Drawing(parts, height, width, alt, rows)


def _cut_set_sentence(tree, labels):
    orders = minimal_cut_sets(solve(tree)).by_order()
    top = labels.get(tree.top, tree.top)
    if not orders:
        return f"“{top}” can't happen."
    sets = count(sum(orders.values()), "minimal cut set")
    return f"“{top}” has {sets}; the smallest has {count(min(orders), 'event')}."


def _numbers(top):
    found, waiting = {}, [top]
    while waiting:
        node = waiting.pop()
        if node.number:
            found.setdefault(node.name, node.number)
        waiting.extend(reversed(node.below))
    return found


def _row(tree, name, number, style):
    chance = tree.events[name].at(float("inf"))[0]
    return {"No.": number, "Event": style.labels.get(name, name), "Probability": float(f"{chance:.6g}")}


def _breadth(placed):
    places = [one.x for one in everyone(placed)]
    return max(places) - min(places) + SLOT


def _downwards(placed, width, style):
    """Label over each gate and under each event; a level is as high as its longest label."""
    nodes = everyone(placed)
    # The tree stands in the middle of the page, whichever side of the top is the wider one.
    middle = (max(one.x for one in nodes) + min(one.x for one in nodes)) / 2
    shift = width / 2 - middle
    lines = {id(one): _label(one.item, style, SLOT - 8, SIZE) for one in nodes}
    levels = max(one.level for one in nodes) + 1
    above, below = [0] * levels, [0] * levels
    for one in nodes:
        room = above if one.below else below
        room[one.level] = max(room[one.level], len(lines[id(one)]))
    tops, y = [], 10.0
    for level in range(levels):
        tops.append(y + above[level] * LINE + RADIUS + 4)
        y = tops[-1] + RADIUS + 4 + below[level] * LINE + 26
    parts = []
    for one in nodes:
        x, middle = one.x + shift, tops[one.level]
        for child in one.below:
            foot = tops[child.level] - RADIUS - above[child.level] * LINE - 10
            end = tops[child.level] - RADIUS - (len(lines[id(child)]) * LINE + 6 if child.below else 0)
            cx = child.x + shift
            path = [(x, middle), (x, foot), (cx, foot), (cx, end)]
            parts.append(wire(path, one.item.lit and child.item.lit))
            if style.barrier and child.item.name == style.barrier:
                parts.append(_bar(cx, (foot + end) / 2 + 2, upright=True))
    for one in nodes:
        x, middle = one.x + shift, tops[one.level]
        parts.append(symbol(one.item, x, middle, one.item.name in style.assumed))
        written = lines[id(one)]
        first = middle - RADIUS - 4 - (len(written) - 1) * LINE if one.below else middle + RADIUS + 17
        parts += [_line(x, first + i * LINE, pieces, SIZE, "middle") for i, pieces in enumerate(written)]
    return parts, round(y - 10), round(width)


def _by_lines(top, style):
    """A symbol and its label a row, as far in as it is deep."""
    deep = _depth(top)
    indent = min(INDENT, (WIDTH * 0.45) / max(deep, 1))
    parts, thick, marks, y = [], [], [], 8.0
    at = {}
    waiting = [(top, 0, None)]
    while waiting:
        node, level, parent = waiting.pop()
        x = RADIUS + 6 + level * indent
        written = _label(node, style, WIDTH - x - RADIUS - 14, LINES_SIZE)
        height = max(2 * RADIUS + 8, len(written) * LINES_LINE + 8)
        middle = y + height / 2
        at[id(node)] = (x, middle)
        if parent is not None:
            px, py = at[id(parent)]
            lit = node.lit and parent.lit
            (thick if lit else parts).append(wire([(px, py), (px, middle), (x - RADIUS, middle)], lit))
            if style.barrier and node.name == style.barrier:
                marks.append(_bar((px + x - RADIUS) / 2 - 1, middle, upright=False))
        marks.append(symbol(node, x, middle, node.name in style.assumed))
        first = middle - len(written) * LINES_LINE / 2 + 15
        marks += [
            _line(x + RADIUS + 9, first + i * LINES_LINE, pieces, LINES_SIZE)
            for i, pieces in enumerate(written)
        ]
        y += height
        waiting.extend((child, level + 1, node) for child in reversed(node.below))
    return [*parts, *thick, *marks], round(y + 6)


def _bar(x, y, upright):
    """A barrier across a wire: two short strokes, green."""
    ends = [(-9, -3, 9, -3), (-9, 3, 9, 3)] if upright else [(-3, -10, -3, 10), (3, -10, 3, 10)]
    return "".join(
        f"<line x1='{x + a:.1f}' y1='{y + b:.1f}' x2='{x + c:.1f}' y2='{y + d:.1f}' stroke='{GREEN}' "
        "stroke-width='3.5'/>"
        for a, b, c, d in ends
    )


def _label(node, style, width, size):
    """Lines of pieces (words, bold, colour) for a node, none wider than the width."""
    words, quiet = style.words(node)
    bold = node.kind in GATES or node.lit
    lines = [[(line, bold, INK)] for line in wrapped(words, width, size, bold) if line]
    if not quiet:
        return lines
    quiet = f"({quiet})"
    last = lines[-1][0][0] if lines else ""
    if lines and width_of(f"{last} ", size, bold) + width_of(quiet, size) <= width:
        lines[-1].append((f" {quiet}", False, QUIET))
        return lines
    return lines + [[(line, False, QUIET)] for line in wrapped(quiet, width, size)]


def _line(x, y, pieces, size, anchor="start"):
    """One line of text whose pieces differ in weight and colour."""
    spans = "".join(
        f"<tspan fill='{colour}' font-weight='{'600' if bold else 'normal'}'>{escape(words)}</tspan>"
        for words, bold, colour in pieces
    )
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size}' text-anchor='{anchor}' xml:space='preserve'>"
        f"{spans}</text>"
    )


def _depth(top):
    deepest, waiting = 0, [(top, 0)]
    while waiting:
        node, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((child, level + 1) for child in node.below)
    return deepest
