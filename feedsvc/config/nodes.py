"""Where in the text of a YAML file does a node begin and end?"""

import re

from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from feedsvc.config.positions import compose


def sources_in(text: str) -> tuple[Node, Node] | None:
    """The key ``sources`` and what stands under it; None if it is not there. Raises YAMLError."""
    return listed_in(text, "sources")


def listed_in(text: str, name: str) -> tuple[Node, Node] | None:
    """A key at the top of the file and what stands under it; None if it is not there. Raises YAMLError."""
    root = compose(text)
    pairs = root.value if isinstance(root, MappingNode) else ()
    return next(((key, value) for key, value in pairs if key.value == name), None)


def child(mapping: Node, key: str) -> Node | None:
    return next((value for name, value in mapping.value if name.value == key), None)


def block_end(text: str, listed: CollectionNode, item: CollectionNode) -> int:
    """Where the line after an item of a block list begins, the comments inside the item included."""
    end = next_line(text, last_index(item, text))
    inner_comment = re.compile(rf"[ ]{{{listed.start_mark.column + 1},}}#[^\n]*(\n|\Z)")
    while found := inner_comment.match(text, end):
        end = found.end()
    return end


def last_index(node: Node, text: str) -> int:
    """Where the last thing written in a node ends; the marks of block nodes also span what follows them."""
    if isinstance(node, ScalarNode):
        end: int = node.end_mark.index
        return len(text[:end].rstrip()) if node.style in {"|", ">"} else end
    if not isinstance(node, MappingNode | SequenceNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    if isinstance(node, SequenceNode):
        return last_index(node.value[-1], text)
    key, value = node.value[-1]
    aliased = value.start_mark.index < key.end_mark.index  # then it stands elsewhere
    empty = value.start_mark.index == value.end_mark.index  # then its marks are those of what follows
    return int(key.end_mark.index) if aliased or empty else last_index(value, text)


def line_end(text: str, index: int) -> int:
    end = text.find("\n", index)
    end = len(text) if end < 0 else end
    return end - 1 if text[end - 1 : end] == "\r" else end


def next_line(text: str, index: int) -> int:
    end = text.find("\n", index)
    return len(text) if end < 0 else end + 1
