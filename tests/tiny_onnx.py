"""Small ONNX files made by hand, whose answers can be worked out."""

from collections.abc import Sequence
from pathlib import Path

from onnx import GraphProto, NodeProto, TensorProto, helper, save


def save_network(
    path: Path,
    nodes: Sequence[NodeProto],
    *,
    sides: tuple[int | str, int | str] = (8, 8),
    channels: int = 3,
    kind: int = TensorProto.FLOAT,
    outputs: Sequence[str] = ("matte",),
    weights: Sequence[TensorProto] = (),
) -> Path:
    """A network of these nodes from `photo`, `(1, channels, *sides)`, to the outputs."""
    photo = helper.make_tensor_value_info("photo", kind, [1, channels, *sides])
    told = [helper.make_tensor_value_info(name, kind, None) for name in outputs]
    graph: GraphProto = helper.make_graph(list(nodes), "tiny", [photo], told, list(weights))
    imports = [helper.make_opsetid("", 17)]
    save(helper.make_model(graph, opset_imports=imports, ir_version=9), path)
    return path


def numbers(name: str, values: Sequence[int]) -> TensorProto:
    tensor: TensorProto = helper.make_tensor(name, TensorProto.INT64, [len(values)], values)
    return tensor


def channel(number: int, output: str) -> NodeProto:
    """One channel of the photo, as the network sees it. Its weight is called c followed by the
    number."""
    node: NodeProto = helper.make_node("Gather", ["photo", f"c{number}"], [output], axis=1)
    return node


def save_red(path: Path, **more: object) -> Path:
    """Answers with the photo's red."""
    return save_network(path, [channel(0, "matte")], weights=[numbers("c0", [0])], **more)  # type: ignore[arg-type]


def endless(output: str) -> list[NodeProto]:
    """A loop that practically never ends."""
    number, boolean, real = TensorProto.INT64, TensorProto.BOOL, TensorProto.FLOAT
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go"], ["go_on"]),
            helper.make_node("Add", ["sum", "sum"], ["more"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("turn", number, []),
            helper.make_tensor_value_info("go", boolean, []),
            helper.make_tensor_value_info("sum", real, None),
        ],
        [
            helper.make_tensor_value_info("go_on", boolean, []),
            helper.make_tensor_value_info("more", real, None),
        ],
    )
    return [
        helper.make_node(
            "Constant", [], ["turns"], value=helper.make_tensor("t", number, [], [1 << 60])
        ),
        helper.make_node(
            "Constant", [], ["true"], value=helper.make_tensor("b", boolean, [], [True])
        ),
        helper.make_node("Loop", ["turns", "true", "photo"], [output], body=body),
    ]
