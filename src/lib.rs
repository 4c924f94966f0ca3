//! Tripline.
