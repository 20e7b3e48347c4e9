"""What a person asked of which models, checked before anything runs."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields

from typer import BadParameter, echo

from models import catalog
from models.catalog import ModelSpec
from models.catalog.licences import refusals
from models.hub.given import SETTING, at
from models.hub.presence import exists
from models.interface import DeviceMissing, Prompt
from models.running.default import default_model
from models.running.devices import resolve
from photos.cut import Bits, Refiner
from photos.recipes.strokes import Drawn
from terminal.elsewhere import MATTE, Tool
from terminal.options import Listing, Running, Subject
from terminal.parsing import find_models, one_name

_OPTIONS = {"boxes": "--box", "points": "--point", "text": "--text", "objects": "--object"}


@dataclass(frozen=True)
class Request:
    """The models to run, what they're told, where they run, and what draws masks' edges. listing:
    what they find is told in this form, and no picture made. debug: what nobody foresaw is told
    with its traceback. tools: others, whose mattes are there already. bits:
    of a pixel that mattes are kept with. strokes: what a person painted on them."""

    specs: tuple[ModelSpec, ...]
    prompt: Prompt
    device: str
    refiner: Refiner = "quick"
    listing: Listing | None = None
    debug: bool = False
    tools: tuple[Tool, ...] = ()
    bits: Bits = 8
    strokes: Drawn = field(default_factory=Drawn)

    @property
    def rows(self) -> tuple[ModelSpec, ...]:
        """Those of the models and of the other tools."""
        return (*self.specs, *(tool.spec for tool in self.tools))

    def heard(self, spec: ModelSpec) -> Prompt:
        """The part of the prompt that `spec` can be told."""
        return self.prompt.only(spec.prompts)


def ask(
    models: str | None,
    subject: Subject,
    running: Running,
    painter: ModelSpec | None = None,
    tool: Tool | None = None,
    also: tuple[Tool, ...] = (),
    depth: ModelSpec | None = None,
    strokes: Drawn | None = None,
) -> Request:
    """models: None: the person named none, and is told where the default isn't the usual one.
    painter: of the background, if it's painted. tool: its mattes are used instead of a model's;
    also: those of further tools are compared. depth: the model that tells it, if one does. strokes:
    painted on mattes. Raises BadParameter for what can't be done as it is asked."""
    if tool:
        _check_tool(models, subject)
        specs: tuple[ModelSpec, ...] = ()
    else:
        specs = _usual() if models is None else tuple(find_models(models))
    request = Request(
        specs,
        _prompt(subject),
        running.device,
        running.refine,
        subject.list_objects,
        running.debug,
        (tool,) if tool else also,
        strokes=strokes or Drawn(),
    )
    check_running([*request.rows, *filter(None, [painter, depth])], running)
    if request.listing:
        _check_listing(request.specs)
    _check_prompt(request)
    return request


def check_running(specs: Sequence[ModelSpec], running: Running) -> None:
    """Whether these models may run so; weights that are named count from now on. Raises
    BadParameter."""
    if running.commercial_only:
        check_licences(specs)
    _check_device(running.device)
    _use_weights(running.weights or ())


def _check_tool(models: str | None, subject: Subject) -> None:
    """A finished matte is taken as it is. Raises BadParameter for what would go unheard."""
    if models is not None:
        raise BadParameter("Say --model or --matte, not both.", param_hint=MATTE)
    if any(vars(subject).values()):
        told = "A finished matte is taken as it is: it can't be told what the subject is."
        raise BadParameter(told, param_hint=MATTE)


def _usual() -> tuple[ModelSpec]:
    spec, note = default_model()
    if note:
        echo(note, err=True)
    return (spec,)


def _prompt(subject: Subject) -> Prompt:
    phrases = (phrase.strip() for words in subject.text or () for phrase in words.split(","))
    return Prompt(
        boxes=tuple(subject.box or ()),
        points=tuple(subject.point or ()),
        text=tuple(filter(None, phrases)),
        objects=tuple(subject.object or ()),
    )


def telling(spec: ModelSpec) -> str:
    """The options by which `spec` is told what the subject is: "--box or --point"."""
    return " or ".join(option for kind, option in _OPTIONS.items() if kind in spec.prompts)


def _check_prompt(request: Request) -> None:
    """Each thing said must be heard by some model; a lone model must hear enough."""
    told = [each.name for each in fields(Prompt) if getattr(request.prompt, each.name)]
    for kind in told:
        if not any(kind in spec.prompts for spec in request.specs):
            raise BadParameter(_deaf(request.specs), param_hint=_OPTIONS[kind])
    lone = request.specs[0] if len(request.specs) == 1 else None
    if lone and lone.needs_prompt and not request.prompt.names_subject:
        raise BadParameter(f"{lone.label} must be told what the subject is, by {telling(lone)}.")


def _check_listing(specs: Sequence[ModelSpec]) -> None:
    for spec in specs:
        if "objects" not in spec.prompts:
            others = ", ".join(each.name for each in catalog.cutters() if "objects" in each.prompts)
            raise BadParameter(
                f"{spec.label} lists no objects. These do: {others}.", param_hint="--list-objects"
            )


def check_licences(specs: Iterable[ModelSpec]) -> None:
    """For --commercial-only. Raises BadParameter with a sentence for each that it forbids."""
    if wrong := refusals(specs):
        free = "`cli.py models --commercial-only` lists those that are."
        raise BadParameter(" ".join([*wrong, free]), param_hint="--commercial-only")


def _deaf(specs: Sequence[ModelSpec]) -> str:
    if len(specs) > 1:
        return "None of these models can be told that."
    spec = specs[0]
    return f"{spec.label} can't be told that; it can be told {telling(spec) or 'nothing'}."


def _check_device(device: str) -> None:
    if device == "auto":  # always there, and slow to look for
        return
    try:
        resolve(device)
    except DeviceMissing as error:
        raise BadParameter(str(error), param_hint="--device") from error


def _use_weights(entries: Iterable[str]) -> None:
    """`models.hub.given` reads them where it reads the person's lasting ones."""
    for entry in entries:
        name, _, path = (part.strip() for part in entry.partition("="))
        if not (name and path):
            raise BadParameter(f"“{entry}” should be NAME=PATH.", param_hint="--weights")
        (spec,) = find_models(one_name(name), catalog.everything())
        if spec.built_in:
            raise BadParameter(f"{spec.label} is built in: it has no weights.")
        if not exists(at(path)):
            raise BadParameter(f"There is no “{path}”.", param_hint="--weights")
        lasting = os.environ.get(SETTING, "")
        os.environ[SETTING] = f"{name}={path}{os.pathsep}{lasting}"
