.PHONY: run check test fix

run:            # the page, at http://localhost:8501
	uv run streamlit run app.py

check:          # lint, format, types
	uv run ruff check .
	uv run ruff format --check .
	uv run mypy

test:           # everything, browser tests included, with coverage
	uv run pytest --cov

fix:            # what can be mended by itself
	uv run ruff check --fix .
	uv run ruff format .
