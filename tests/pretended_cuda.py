"""Graphics cards where there are none: tensors that say they are on one, while the CPU counts.

Inside `pretended_cuda()`, what is put on "cuda" or "cuda:1" becomes an `OnCard`. Operations on such
tensors run on the CPU, which refuses formats that don't fit; where tensors of several devices meet,
torch's FakeTensorMode, which knows a card's rules without one, says whether they may. So the
numbers are real, and all that depends on them is walked through. What would make a program wait for
its card is recorded with the code that did it.

Not seen: speed, memory, rounding, and what CUDA's own kernels lack but for `REFUSED`.
"""

import linecache
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from types import FrameType
from typing import Any, NamedTuple, Self
from unittest.mock import patch

import torch
import torchvision  # noqa: F401 (its operators)
from torch import Tensor
from torch._subclasses.fake_tensor import DynamicOutputShapeException, FakeTensorMode
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map, tree_map_only

CPU, CARD = torch.device("cpu"), torch.device("cuda:0")
aten = torch.ops.aten

REFUSED = {
    "torchvision::deform_conv2d": {torch.bfloat16},
    "torchvision::nms": {torch.bfloat16},
    "torchvision::roi_align": {torch.bfloat16},
    "aten::_upsample_bilinear2d_aa": {torch.uint8},
    "aten::_upsample_bicubic2d_aa": {torch.uint8},
}
"""Formats that CUDA's kernels lack and the CPU's have."""

DEPENDS = {torch.Tag.data_dependent_output, torch.Tag.dynamic_output_shape}
UNSAID = (torch.ops.torchvision.nms.default, aten._linalg_check_errors.default)
"""What waits for its card: operators that torch has marked, and these."""

STAND_INS = {
    aten._softmax.default: lambda numbers, dim, widened: torch.softmax(
        numbers, dim, torch.float32 if widened else None
    )
}
"""How the CPU counts what only a card's kernels do in one step."""


class Wait(NamedTuple):
    """module: whose code it is, the project's or a library's. code: the expression that waits."""

    module: str
    code: str


class Refused(RuntimeError):
    """What a card would refuse."""


class OnCard(Tensor):
    """numbers: what it holds, a tensor of the CPU."""

    numbers: Tensor

    @staticmethod
    def __new__(cls, numbers: Tensor, card: torch.device = CARD) -> Self:
        with torch.inference_mode(False):  # else it can't be a view of one made outside
            made: Self = Tensor._make_wrapper_subclass(
                cls,
                numbers.shape,
                numbers.stride(),
                numbers.storage_offset(),
                dtype=numbers.dtype,
                device=card,
            )
        made.numbers = numbers
        return made

    def tolist(self) -> Any:
        return self.cpu().tolist()  # which torch refuses to do for others than its own tensors

    __torch_function__ = torch._C._disabled_torch_function_impl  # type: ignore[assignment]

    @classmethod
    def __torch_dispatch__(cls, func: Any, *_: object) -> Any:
        raise RuntimeError(f"{func} of a tensor on the pretended card, outside of it")


class _NumbersOfLists(TorchFunctionMode):
    """What torch.tensor is given of the card, in a list: it takes numbers out of it unseen."""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        if func is torch.tensor and isinstance(args[0], list):
            numbers = [each.item() if isinstance(each, OnCard) else each for each in args[0]]
            args = (numbers, *args[1:])
        return func(*args, **kwargs or {})


class PretendedCuda(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """waits: what would wait for the card, and how often."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.waits: Counter[Wait] = Counter()
        self._fake = FakeTensorMode()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        leaves = tree_leaves((args, kwargs))
        if not any(isinstance(each, OnCard) or _is_card(each) for each in leaves):
            return func(*args, **kwargs)
        with self:  # in inference mode, operators that are made of others come whole
            parts = func.decompose(*args, **kwargs)
        if parts is not NotImplemented:
            return parts
        self._refuse(func, args, kwargs, leaves)
        count = STAND_INS.get(func, func)
        counted = count(*tree_map(_numbers, args), **tree_map(_numbers, kwargs))
        if _waits(func, args, kwargs):
            self.waits[_whose(sys._getframe(1))] += 1
        if func is aten._to_copy.default and kwargs.get("device") == CPU:
            return counted
        held = {id(_numbers(each)): each for each in leaves if isinstance(each, Tensor)}
        card = _card_of(kwargs, leaves)
        return tree_map_only(Tensor, lambda each: _put(each, held, card), counted)

    def _refuse(self, func: Any, args: Any, kwargs: Any, leaves: list[Any]) -> None:
        """Raises what a card would, as far as the CPU would not."""
        tensors = [each for each in leaves if isinstance(each, Tensor)]
        for each in tensors:
            if each.dtype in REFUSED.get(func._schema.name, ()):
                raise Refused(f"{func._schema.name} isn't there for {each.dtype} on a card")
        if func is aten.index.Tensor and not isinstance(args[0], OnCard):
            raise Refused("a tensor of the CPU, indexed by one on the card")
        if len({each.device for each in tensors}) > 1:
            with self._fake, suppress(DynamicOutputShapeException):
                func(*tree_map(self._faked, args), **tree_map(self._faked, kwargs))

    def _faked(self, value: Any) -> Any:
        if isinstance(value, OnCard):
            return torch.empty(value.shape, dtype=value.dtype, device=value.device)
        return self._fake.from_tensor(value) if isinstance(value, Tensor) else value


@contextmanager
def pretended_cuda() -> Iterator[PretendedCuda]:
    """Tensors may be put on "cuda" inside, where nothing but a name tells them from real ones."""
    overwritten = torch.__future__.get_overwrite_module_params_on_conversion()
    lifted = torch._C._only_lift_cpu_tensors()
    torch._C._ensureCUDADeviceGuardSet()
    # A tensor of a list is made on the CPU and then moved, which is seen here.
    torch._C._set_only_lift_cpu_tensors(True)
    torch.__future__.set_overwrite_module_params_on_conversion(True)
    try:
        with (
            warnings.catch_warnings(),
            nullcontext() if torch.cuda.is_available() else patch.object(torch.cuda, "_lazy_init"),
            sdpa_kernel(SDPBackend.MATH),  # the others ask the card what it can do
            torch.backends.cudnn.flags(enabled=False),
            _NumbersOfLists(),
            PretendedCuda() as card,
        ):
            warnings.filterwarnings("ignore", "User provided device_type of 'cuda'")
            warnings.filterwarnings("ignore", "`create_unbacked_symint` is deprecated")
            yield card
    finally:
        _forget()
        torch.__future__.set_overwrite_module_params_on_conversion(overwritten)
        torch._C._set_only_lift_cpu_tensors(lifted)


def _forget() -> None:
    """What the project keeps for the next call, such as the windows of a size."""
    for name, module in sys.modules.items():
        if name.startswith("models."):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def _is_card(value: object) -> bool:
    return isinstance(value, torch.device) and value.type == "cuda"


def _numbers(value: Any) -> Any:
    if isinstance(value, OnCard):
        return value.numbers
    return CPU if _is_card(value) else value


def _card_of(kwargs: dict[str, Any], leaves: list[Any]) -> torch.device:
    """Where an operator puts what it makes: where it is told to, else where its tensors are."""
    named = kwargs.get("device")
    if isinstance(named, torch.device) and named.type == "cuda":
        return torch.device("cuda", named.index or 0)
    return next((each.device for each in leaves if isinstance(each, OnCard)), CARD)


def _put(counted: Tensor, held: dict[int, Tensor], card: torch.device) -> Tensor:
    """On the card; but of the tensors that an operator was given, it returns the very same."""
    return held[id(counted)] if id(counted) in held else OnCard(counted, card)


def _waits(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    if func is aten._to_copy.default:
        there = kwargs.get("device") or args[0].device
        return there != args[0].device and not kwargs.get("non_blocking")
    if func is aten.copy_.default:
        here, there, *rest = (*args, kwargs.get("non_blocking"))
        return here.device != there.device and not rest[0]
    if func in (aten.index.Tensor, aten.index_put.default, aten.index_put_.default):
        _, places, *values = args
        masked = any(each is not None and each.dtype is torch.bool for each in places)
        filled = len(places) == 1 and bool(values) and values[0].numel() == 1
        return masked and not filled
    return bool(DEPENDS & {*func.tags}) or func in UNSAID


def _whose(frame: FrameType | None) -> Wait:
    """The innermost code that isn't torch's own or this file's."""
    while frame and (
        frame.f_code.co_filename == __file__
        or frame.f_globals.get("__name__", "").partition(".")[0] in ("torch", "contextlib")
    ):
        frame = frame.f_back
    assert frame
    first, last, left, right = list(frame.f_code.co_positions())[frame.f_lasti // 2]
    assert first
    assert last
    lines = [linecache.getline(frame.f_code.co_filename, n) for n in range(first, last + 1)]
    lines[-1] = lines[-1].encode()[:right].decode()
    lines[0] = lines[0].encode()[left:].decode()
    return Wait(frame.f_globals["__name__"], " ".join(" ".join(lines).split()))
