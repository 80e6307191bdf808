"""Assessment and policy in, decision out. Pure: text and values only; nothing here touches the world."""
