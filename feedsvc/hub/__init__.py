"""How is what is new told at once, to those who read us and by those whom we read (WebSub, W3C)?

As a hub: ``requests`` takes in who wants to be told, ``verify`` asks whether they meant it, ``deliver`` sends
them each new version, ``topics`` says of which feeds. As a subscriber: ``subscriber`` asks the hubs that our
sources name and hears them. ``errands`` is what of all this is due, for the scheduler to run.
"""
