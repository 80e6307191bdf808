PLACE = "settings.profile"
