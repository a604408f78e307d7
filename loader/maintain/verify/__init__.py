"""Find damage, and repair it as far as raw captures allow."""
