"""What pages are made of; the only part of the package that imports Streamlit."""
