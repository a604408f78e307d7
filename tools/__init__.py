"""Programs for those who keep the repository; none of them is in the wheel."""
