//! Kills, damage and wrong surroundings, against the program itself.
