"""Networks side by side: what is compared, the table, the sentences, aligned stages, and all networks as candidates."""
