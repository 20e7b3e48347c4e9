"""What a request of ours asks for, read as the command line reads its options."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal, NamedTuple

from typer import Option

from compositing.background import Background, Picture, Transparent
from models.catalog import ModelSpec
from models.running.default import default_model
from photos.encoding import Format
from photos.look import LookOf
from photos.mattes import MatteFile
from photos.reading import open_photo
from photos.recipes.strokes import Drawn
from photos.rendering import Kind
from serving.bodies import Body, File
from serving.errors import Refusal
from serving.words import Word, check_known, word_of, words_of
from terminal import backgrounds, generation
from terminal import options as o
from terminal.behind import BACKGROUND, Blurring, Painting, Setting, Standing
from terminal.depths import check_alone, depth_model
from terminal.files import chosen_format
from terminal.framing import Framing, check_weight, framed
from terminal.matting import Matting
from terminal.request import Request as Asked
from terminal.request import ask
from terminal.strokes import parse_strokes

RUNNING = ("refine", "device", "commercial_only")
SUBJECT = ("box", "point", "text", "object")
RESULT = ("format",)
"""What callers may say. The server's own files, and where results go, aren't among it."""

BEHIND = "background"
DEPTH_MAP = "depth_map"
PHOTO = "photo"
URL = "url"

type Makes = Literal["pictures", "paintings", "comparison", "objects"]

_MODELS = Annotated[str, Option(metavar="NAME,NAME", help="Which models to compare.")]
_BEHIND = Annotated[str, Option(help=f"{BACKGROUND} A picture is sent as a file.")]


_FRAMING = words_of(Framing)
_STROKES = word_of("strokes", Annotated[Drawn, Option(parser=parse_strokes, help=(
    "What was painted on the matte, as JSON: all of a strokes.json, as the page saves it. Of "
    "several photos it's for the one that it names by its SHA-256."
))], Drawn())  # fmt: skip


@dataclass(frozen=True)
class Verb:
    """kind: of its pictures. ending: of their names. own: options that the others haven't, by the
    group that they're in."""

    name: str
    summary: str
    makes: Makes
    ending: str = ""
    kind: Kind = "composite"
    own: Mapping[str, Sequence[Word]] = field(default_factory=dict)

    def words(self) -> list[Word]:
        """All that it hears but for files."""
        model = word_of("model", o.Model, None)
        words = [word_of("models", _MODELS) if self.makes == "comparison" else model]
        if self.makes == "objects":
            return words + words_of(o.Subject, ("text",)) + words_of(o.Running, RUNNING)
        words += [word_of("edges", o.Edges, None), word_of("keep_gps", o.KeepGps, False)]
        words += words_of(o.Subject, SUBJECT) + words_of(o.Running, RUNNING) + _FRAMING
        words.append(_STROKES)
        if self.makes != "comparison":
            words += words_of(o.Result, RESULT)
        return words + [word for group in self.own.values() for word in group]


_BLURRING = {"blurring": words_of(Blurring)}
_SETTING = {"setting": words_of(Setting)}
_PAINTING = {"painting": words_of(Painting), "standing": words_of(Standing)}
_ANY = {"behind": [word_of(BEHIND, _BEHIND, None)]}

VERBS = (
    Verb("cutout", "The subject alone, on nothing", "pictures", "cutout"),
    Verb(
        "matte", "How much of each pixel is subject, in greys", "pictures", "matte", "matte",
        {"matting": words_of(Matting)},
    ),
    Verb("blur", "What is behind the subject, blurred", "pictures", "blurred", own=_BLURRING),
    Verb(
        "replace", "The subject on another background", "pictures", "replaced",
        own={"behind": [word_of(BEHIND, _BEHIND)], **_SETTING},
    ),
    Verb("generate", "A background painted from words", "paintings", "generated", own=_PAINTING),
    Verb(
        "compare", "Several models: mattes, cutouts and composites, in a ZIP", "comparison",
        own={**_ANY, **_SETTING, **_BLURRING},
    ),
    Verb("objects", "What a model finds, to be chosen by object=NAME", "objects"),
)  # fmt: skip


@dataclass(frozen=True)
class Order:
    """Checked, and ready to run. painting: what is painted behind each subject. depth,
    depth_map: the model or the file that tells it, if one does. note: what is to be
    known of the choice of the model where none was named; mostly empty. nbytes: the memory that it
    takes until it's done, but for its work."""

    verb: Verb
    files: Sequence[File]
    asked: Asked
    look_of: LookOf
    format: Format
    keep_gps: bool
    painting: generation.Order | None
    depth: ModelSpec | None
    depth_map: MatteFile | None
    note: str
    nbytes: int
    matting: Matting

    @property
    def kind(self) -> Kind:
        """Which picture is made."""
        return self.matting.kind if self.verb.kind == "matte" else self.verb.kind

    @property
    def ending(self) -> str:
        """Of a picture's name."""
        return self.kind if self.verb.kind == "matte" else self.verb.ending


def order_of(verb: Verb, body: Body) -> Order:
    """Raises Refusal or BadParameter with a sentence. It may read a background's picture, and look
    for devices: to be called outside the server's loop."""
    words = verb.words()
    others = [PHOTO, URL, *([DEPTH_MAP] if "blurring" in verb.own else [])]
    check_known([*body.words, *body.files], [*others, *(word.name for word in words)])
    for name in body.files:
        if name not in (PHOTO, DEPTH_MAP, BEHIND):
            told = f"“{name}” is sent as text, not as a file: with curl, -F '{name}=<FILE'."
            raise Refusal(400, told)
    said = _Said({word.name: word for word in words}, body)
    setting = said.group(Setting, _SETTING["setting"]) if "setting" in verb.own else Setting()
    if "standing" in verb.own:
        setting = said.group(Setting, _PAINTING["standing"])
    behind = _behind(said, setting)
    framing = said.group(Framing, _FRAMING)
    edges = framed(framing, said.value("edges"))
    depth = None
    blurring = said.group(Blurring, _BLURRING["blurring"]) if "blurring" in verb.own else Blurring()
    depth_map = _depth_map(body, blurring, replaced=behind is not None)
    if "setting" in verb.own and "blurring" in verb.own:
        backgrounds.check_ground(behind, setting, blurring)
    if behind is None and "blurring" in verb.own:
        look_of, depth = backgrounds.blur(blurring, edges), depth_model(blurring)
    else:
        look_of = backgrounds.always(behind or Transparent(), edges, setting)
    painting = None
    if verb.makes == "paintings":
        painting = generation.order(said.group(Painting, _PAINTING["painting"]))
    named = said.value("models" if verb.makes == "comparison" else "model")
    listing = {"list_objects": "json"} if verb.makes == "objects" else {}
    asked = ask(
        named,
        said.group(o.Subject, words_of(o.Subject, SUBJECT), **listing),
        said.group(o.Running, words_of(o.Running, RUNNING)),
        painting.painter if painting else None,
        depth=depth,
        strokes=said.value("strokes"),
    )
    note = default_model().note if named is None else ""
    clear = verb.name == "cutout" or isinstance(behind, Transparent)
    format_ = _format(said.value("format"), verb, clear=clear)
    if verb.makes in ("pictures", "paintings"):
        check_weight(framing, format_)
    matting = Matting()
    if "matting" in verb.own:
        matting = said.group(Matting, verb.own["matting"])
        matting.check(format_)
    asked = replace(asked, bits=matting.depth)
    files = body.files.get(PHOTO, [])
    if not files:
        raise Refusal(400, f"Send at least one photo, as a file called “{PHOTO}”.")
    keep_gps = bool(said.value("keep_gps"))
    nbytes = sum(len(file.data) for file in files)
    if isinstance(behind, Picture):
        nbytes += behind.pixels.nbytes
    return Order(
        verb, files, asked, look_of, format_, keep_gps, painting, depth, depth_map, note, nbytes,
        matting,
    )  # fmt: skip


class _Said(NamedTuple):
    """What a body says. words: those that the verb hears, by name."""

    words: Mapping[str, Word]
    body: Body

    def value(self, name: str) -> Any:
        """None for a word that the verb doesn't hear."""
        word = self.words.get(name)
        return word and word.read(self.body.words.get(name, []))

    def group[Group](self, of: Callable[..., Group], words: Sequence[Word], **told: Any) -> Group:
        """What isn't heard has its default."""
        own = {word.name: self.value(word.name) for word in words if word.name in self.words}
        return of(**own, **told)


def _behind(said: _Said, setting: Setting) -> Background | None:
    picture = said.body.file(BEHIND)
    if picture is None:
        text = said.value(BEHIND)
        return None if text is None else _plain(text, setting)
    if BEHIND in said.body.words:
        raise Refusal(400, f"“{BEHIND}” should be there once.")
    return backgrounds.picture(open_photo(picture.data, picture.name), setting)


def _depth_map(body: Body, blurring: Blurring, *, replaced: bool) -> MatteFile | None:
    """The file of that name, which is about the only photo. Raises Refusal or BadParameter."""
    file = body.file(DEPTH_MAP)
    if file is None:
        return None
    check_alone(blurring, replaced=replaced)
    if len(body.files.get(PHOTO, [])) > 1:
        raise Refusal(400, f"A “{DEPTH_MAP}” is of one photo: send the others by themselves.")
    return MatteFile(file.name, file.data)


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
