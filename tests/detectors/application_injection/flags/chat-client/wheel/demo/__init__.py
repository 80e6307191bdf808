PLACE = "modules/discord_desktop_core/index.js"
