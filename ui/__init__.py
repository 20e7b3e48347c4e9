"""What the page is made of; the only folder that imports Streamlit."""
