//! How large a thing a function may make; beyond that its result is unknown.

/// The most bytes of a string.
pub(super) const MAX_STRING: usize = 1 << 20;

/// The most items of a list, a set or a map.
pub(super) const MAX_ITEMS: usize = 1 << 16;

/// The most pairs of items that one call compares.
pub(super) const MAX_COMPARISONS: usize = 1 << 20;
