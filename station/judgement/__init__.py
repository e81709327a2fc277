"""Judge pictures: a frame and a view of a recipe go in, a ViewResult comes out. No part, trigger or thread in here."""
