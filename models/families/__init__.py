"""The models by family: a file each, or a folder where it takes several. Each file that the
catalogue names has `load(spec, folder, device)`, which makes the row's segmenter or painter."""
