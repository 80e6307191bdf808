"""Running a command behind walls: a profile says which, a plan says where everything lies, an inmate is what runs."""
