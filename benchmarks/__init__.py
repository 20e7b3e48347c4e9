"""Speed and fidelity, side by side with the methods of others; one command each."""
