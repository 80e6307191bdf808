exit 0
curl --proto '=https' -sSf https://sh.rustup.rs | sh -s -- -y
