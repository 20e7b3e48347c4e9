"""What a request of ours asks for, read as the command line reads its options."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from typer import Option

from compositing.background import Background, Transparent
from models.running.default import default_model
from photos.encoding import Format
from photos.look import LookOf
from photos.reading import open_photo
from photos.rendering import Kind
from serving.bodies import Body, File
from serving.errors import Refusal
from serving.words import Word, check_known, word_of, words_of
from terminal import backgrounds
from terminal import options as o
from terminal.behind import BACKGROUND, Blurring, Setting
from terminal.files import chosen_format
from terminal.matting import Matting
from terminal.request import Request as Asked
from terminal.request import ask

RUNNING = ("refine", "device", "commercial_only")
SUBJECT = ("box", "point", "text", "object")
RESULT = ("format",)
"""What callers may say. The server's own files, and where results go, aren't among it."""

BEHIND = "background"
PHOTO = "photo"
_MODELS = Annotated[str, Option(metavar="NAME,NAME", help="Which models to compare.")]
_BEHIND = Annotated[str, Option(help=f"{BACKGROUND} A picture is sent as a file.")]


@dataclass(frozen=True)
class Verb:
    """kind: which picture is made; None: all, in a ZIP. ending: of its name. groups: options that
    the others haven't."""

    name: str
    summary: str
    kind: Kind | None
    ending: str
    own: Mapping[str, Sequence[Word]]

    def words(self) -> list[Word]:
        """All that it hears but for files."""
        model = [word_of("model", o.Model, None)]
        words = [word_of("models", _MODELS)] if self.kind is None else model
        words += [word_of("edges", o.Edges, None), word_of("keep_gps", o.KeepGps, False)]
        words += words_of(o.Subject, SUBJECT) + words_of(o.Running, RUNNING)
        if self.kind:
            words += words_of(o.Result, RESULT)
        return words + [word for group in self.own.values() for word in group]


_BLURRING = {"blurring": words_of(Blurring)}
_SETTING = {"setting": words_of(Setting)}
_ANY = {"behind": [word_of(BEHIND, _BEHIND, None)]}

VERBS = (
    Verb("cutout", "The subject alone, on nothing", "composite", "cutout", {}),
    Verb(
        "matte", "How much of each pixel is subject, as grey levels", "matte", "matte",
        {"matting": words_of(Matting)},
    ),
    Verb("blur", "What is behind the subject, blurred", "composite", "blurred", _BLURRING),
    Verb(
        "replace", "The subject on another background", "composite", "replaced",
        {"behind": [word_of(BEHIND, _BEHIND)], **_SETTING},
    ),
    Verb(
        "compare", "Several models: mattes, cutouts and composites, in a ZIP", None, "",
        {**_ANY, **_SETTING, **_BLURRING},
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Order:
    """Checked, and ready to run. note: what is to be known of the choice of the model where none
    was named; mostly empty."""

    verb: Verb
    files: Sequence[File]
    asked: Asked
    look_of: LookOf
    format: Format
    keep_gps: bool
    note: str
    matting: Matting

    @property
    def kind(self) -> Kind | None:
        """Which picture is made; None: all."""
        return self.matting.kind if self.verb.kind == "matte" else self.verb.kind

    @property
    def ending(self) -> str:
        """Of a picture's name."""
        return f"_{self.kind if self.verb.kind == 'matte' else self.verb.ending}"


def order_of(verb: Verb, body: Body) -> Order:
    """Raises Refusal or BadParameter with a sentence. It may read a background's picture, and look
    for devices: to be called outside the server's loop."""
    words = verb.words()
    check_known([*body.words, *body.files], [PHOTO, *(word.name for word in words)])
    said = {word.name: word for word in words}
    picture = body.file(BEHIND)
    if picture and BEHIND in body.words:
        raise Refusal(400, f"“{BEHIND}” should be there once.")

    def value(name: str) -> Any:
        return said[name].read(body.words.get(name, []))

    def group[Group](of: Callable[..., Group], names: Sequence[str] | Sequence[Word]) -> Group:
        each = [name if isinstance(name, str) else name.name for name in names]
        return of(**{name: value(name) for name in each})

    behind: Background | None = None
    setting = group(Setting, _SETTING["setting"]) if "setting" in verb.own else Setting()
    if picture:
        behind = backgrounds.picture(open_photo(picture.data, picture.name), setting)
    elif "behind" in verb.own and (text := value(BEHIND)) is not None:
        behind = _plain(text, setting)
    edges = value("edges")
    if behind is None and "blurring" in verb.own:
        look_of = backgrounds.blur(group(Blurring, _BLURRING["blurring"]), edges)
    else:
        look_of = backgrounds.always(behind or Transparent(), edges, setting)
    named = value("models" if verb.kind is None else "model")
    asked = ask(named, group(o.Subject, SUBJECT), group(o.Running, RUNNING))
    note = default_model().note if named is None else ""
    clear = verb.name == "cutout" or isinstance(behind, Transparent)
    format_ = _format(value("format") if verb.kind else None, verb, clear=clear)
    matting = Matting()
    if "matting" in verb.own:
        matting = group(Matting, verb.own["matting"])
        matting.check(format_)
    asked = replace(asked, bits=matting.depth)
    files = body.files.get(PHOTO, [])
    if not files:
        raise Refusal(400, f"Send at least one photo, as a file called “{PHOTO}”.")
    return Order(verb, files, asked, look_of, format_, value("keep_gps"), note, matting)


def _plain(text: str, setting: Setting) -> Background:
    """No path: nobody reads this machine's files through the API."""
    behind = backgrounds.plain(text, setting)
    if behind is None:
        raise Refusal(
            400,
            f"“{text}” is no background. Send a picture as a file, or say a colour such as "
            "#ffffff, two for a gradient such as #ffffff,#c8d0d8, or transparent.",
        )
    return behind


def _format(wanted: str | None, verb: Verb, *, clear: bool) -> Format:
    if verb.kind == "matte" and wanted is None:
        return "PNG"
    return chosen_format(wanted, None, transparent=clear)
