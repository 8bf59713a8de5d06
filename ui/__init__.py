"""The screens: one ASGI app, its door, the screens behind it and the parts they are built of."""
