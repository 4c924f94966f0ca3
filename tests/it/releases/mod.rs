//! `/organizations/{org}/releases/{version}/…` and what asks it.

mod verdict;
