"""The application until it is with us, and the ways it ends by its applicant."""
