"""The Claims page: its filters, and the cards of the claims."""
