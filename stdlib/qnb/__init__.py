"""What qnb offers beyond the libraries whose interfaces it follows."""
