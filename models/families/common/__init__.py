"""What several families need: photos as tensors, weights from files."""
