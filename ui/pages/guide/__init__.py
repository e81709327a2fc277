"""The page that leads from a camera to the first released recipe of a product."""
