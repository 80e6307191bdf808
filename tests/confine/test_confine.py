"""What confinement says on kernels that have less than this one, against a kernel made of Python."""

from __future__ import annotations

import errno
import os
import resource
from dataclasses import dataclass, field, replace

import pytest

from stockade.confine import WALLS, Bounds, Filter, Profile, Wall, confine, landlock, missing, seccomp
from stockade.confine.kernel import Linux
from tests.workers.probing import behind, profile

CREATE, RESTRICT = 444, 446


@dataclass
class FakeKernel:
    """A kernel that notes what it is asked; `refuses` maps prctl options and calls to errors."""

    abi: int = 7
    machine: str = "x86_64"
    refuses: dict[str | int, int] = field(default_factory=dict)
    asked: list[str | int] = field(default_factory=list)
    limits: dict[int, int] = field(default_factory=dict)

    def _answer(self, what: str | int) -> int:
        self.asked.append(what)
        if what in self.refuses:
            raise OSError(self.refuses[what], os.strerror(self.refuses[what]))
        return 0

    def prctl(self, option: int, first: int = 0) -> int:
        return self._answer(f"prctl {option}")

    def syscall(self, number: int, *arguments: int) -> int:
        self._answer(number)
        if number == CREATE:
            return self.abi if arguments[2] else os.open(os.devnull, os.O_RDONLY)
        return 0

    def limit(self, which: int, ceiling: int) -> None:
        self._answer(f"limit {which}")
        self.limits[which] = ceiling


def down(walls: tuple[Wall, ...]) -> dict[str, str]:
    return {wall.name: wall.why for wall in walls if not wall.up}


def test_all_walls_in_order_on_a_kernel_that_has_all() -> None:
    kernel = FakeKernel()

    walls = confine(profile(), parent=os.getppid(), kernel=kernel)

    assert [wall.name for wall in walls] == list(WALLS)
    assert down(walls) == {}
    assert kernel.asked.index("prctl 38") < kernel.asked.index(RESTRICT) < kernel.asked.index(317)
    assert kernel.asked[-1] == 317


@pytest.mark.parametrize(
    ("abi", "lacking"),
    [
        (1, {landlock.NETWORK, landlock.SCOPE}),
        (3, {landlock.NETWORK, landlock.SCOPE}),
        (4, {landlock.SCOPE}),
        (5, {landlock.SCOPE}),
        (6, set()),
        (9, set()),
    ],
)
def test_an_older_landlock_builds_what_it_knows_and_names_the_rest(abi: int, lacking: set[str]) -> None:
    walls = confine(profile(), kernel=FakeKernel(abi=abi))

    assert down(walls).keys() == lacking
    assert all(f"ABI {abi}" in why for why in down(walls).values())
    assert missing(walls) == ()


def test_without_landlock_seccomp_still_holds_the_same() -> None:
    walls = confine(profile(), kernel=FakeKernel(refuses={CREATE: errno.ENOSYS}))

    assert down(walls).keys() == {landlock.FILES, landlock.NETWORK, landlock.SCOPE}
    assert down(walls)[landlock.FILES] == "the kernel refused: Function not implemented"
    assert missing(walls) == ()


def test_without_seccomp_and_landlock_both_are_missing() -> None:
    kernel = FakeKernel(refuses={RESTRICT: errno.E2BIG, 317: errno.EINVAL})

    walls = confine(profile(), kernel=kernel)

    assert {wall.name for wall in missing(walls)} >= {landlock.FILES, landlock.NETWORK, "seccomp"}


@pytest.mark.parametrize(("root", "processes"), [(True, False), (False, True)])
def test_root_is_exempt_from_the_ceiling_on_processes(root: bool, processes: bool) -> None:
    walls = confine(profile(), kernel=FakeKernel(refuses={317: errno.EINVAL}), root=root)

    assert ("processes" not in down(walls)) is processes
    assert ("processes" in {wall.name for wall in missing(walls)}) is not processes


def test_a_machine_without_a_table_has_no_filter() -> None:
    kernel = FakeKernel(machine="riscv64")
    asked_for = profile()
    asked_for.prepare(kernel)

    walls = confine(asked_for, kernel=kernel)

    assert down(walls)["seccomp"] == "the kernel refused: no table of system calls for riscv64"
    assert "capabilities" in down(walls)


def test_no_walls_asked_for_none_built() -> None:
    kernel = FakeKernel()

    walls = confine(replace(profile(), walls=frozenset()), kernel=kernel)

    assert kernel.asked == []
    assert set(down(walls).values()) == {"left out by the profile"}


def test_what_stands_already_is_not_built_again_unless_it_differs() -> None:
    outside = confine(Profile(calls=Filter(seccomp.FORKING), bounds=Bounds()), kernel=FakeKernel(abi=5))
    kernel = FakeKernel(abi=5)

    walls = confine(profile().inside(outside), kernel=kernel)

    assert down(walls).keys() == {landlock.SCOPE}
    assert "prctl 38" not in kernel.asked
    assert RESTRICT not in kernel.asked
    assert 317 in kernel.asked
    assert len(kernel.limits) == 6


def test_a_limit_that_cannot_be_lowered_is_a_wall_down() -> None:
    kernel = FakeKernel(refuses={f"limit {resource.RLIMIT_DATA}": errno.EPERM})

    walls = confine(profile(), kernel=kernel)

    assert down(walls).keys() == {"memory"}
    assert [wall.name for wall in missing(walls)] == ["memory"]


def test_a_bound_of_none_leaves_a_limit_alone() -> None:
    kernel = FakeKernel()

    confine(Profile(calls=Filter(seccomp.FORKING), bounds=Bounds(file_size=None, core=None)), kernel=kernel)

    assert kernel.limits == {}


def test_a_parent_that_is_gone_ends_it() -> None:
    with pytest.raises(ProcessLookupError):
        confine(profile(), parent=os.getpid(), kernel=FakeKernel())


def test_the_real_kernel_answers_and_refuses() -> None:
    kernel = Linux()

    assert kernel.machine in {"x86_64", "aarch64"}
    assert landlock.abi(kernel) >= 1
    assert kernel.prctl(3) in {0, 1}
    with pytest.raises(OSError, match="Invalid argument"):
        kernel.syscall(CREATE, 0, 0, 99)


def test_the_real_kernel_lowers_limits_and_never_raises_them() -> None:
    which = resource.RLIMIT_MSGQUEUE

    def lowered_twice() -> str:
        before = resource.getrlimit(which)[1]
        kernel = Linux()
        kernel.limit(which, before - 1)
        kernel.limit(which, before + 5)
        return str(resource.getrlimit(which) == (before - 1, before - 1))

    assert behind(None, lowered_twice, measured=True) == "True"
