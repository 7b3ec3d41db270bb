"""What follows a grant: its answer, changes, payments, report and money back."""
