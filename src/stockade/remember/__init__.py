"""What is kept between runs: a cache that may vanish at any time, and the waivers that people gave."""
