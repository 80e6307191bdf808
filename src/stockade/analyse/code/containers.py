"""Lists, tuples, sets and dicts, known wholly or in part."""

from __future__ import annotations

import ast
from typing import Any

from stockade.analyse.code import ops
from stockade.analyse.code.abstract import Abstract, derived, known, merge_steps
from stockade.analyse.code.recorder import Recorder


class Containers(Recorder):
    """Handlers of displays."""

    def sequence(self, node: ast.List | ast.Tuple | ast.Set) -> Abstract:
        """A list, tuple or set; unknown elements are None in what is partly known."""
        parts: list[Abstract] = []
        spread = False
        for one in node.elts:
            spread = spread or isinstance(one, ast.Starred)
            parts.append(self.eval(one))
        if spread:
            return self._spread(node, parts)
        return self._gathered(parts, tuple if isinstance(node, ast.Tuple) else list)

    def _spread(self, node: ast.List | ast.Tuple | ast.Set, parts: list[Abstract]) -> Abstract:
        flat: list[Abstract] = []
        for one, part in zip(node.elts, parts, strict=True):
            if not isinstance(one, ast.Starred):
                flat.append(part)
            elif part.known and isinstance(part.const, (list, tuple, str, bytes)) and len(part.const) < 4096:
                flat.extend(known(element, part.steps, part.origins) for element in part.const)
            else:
                # However many they are: what stands around them is still to be seen.
                flat.append(derived((part,)))
        return self._gathered(flat, tuple if isinstance(node, ast.Tuple) else list)

    def _gathered(self, parts: list[Abstract], kind: type) -> Abstract:
        if len(parts) > ops.MAX_ELEMENTS:
            return derived(parts[:64])
        const = kind([part.const if part.known else None for part in parts])
        if not ops.light(const):
            return derived(parts[:64])
        if all(part.known for part in parts):
            return known(const, merge_steps(parts), derived(parts).origins)
        if len(parts) <= 8 or any(part.const is not None for part in parts):
            const = kind([part.const for part in parts])
            return derived(parts, const)
        return derived(parts)

    def dict_(self, node: ast.Dict) -> Abstract:
        """A dict; unknown values are None in what is partly known."""
        const: dict[Any, Any] = {}
        parts: list[Abstract] = []
        whole = True
        for key_node, value_node in zip(node.keys, node.values, strict=True):
            key = self.eval(key_node) if key_node is not None else None
            value = self.eval(value_node)
            parts.append(value)
            if key is None:
                whole = False
                continue
            parts.append(key)
            whole = whole and key.known and value.known
            if value.target and not value.made and isinstance(key.const, str):
                self.choices.add((key.const, value.target))
            if key.known and isinstance(key.const, (str, bytes, int, float, bool)):
                const[key.const] = value.const
            else:
                whole = False
        if not ops.light(const):
            return derived(parts[:64])
        if whole:
            return known(const, merge_steps(parts), derived(parts).origins)
        return derived(parts, const or None)
