//! How to tell someone: a message, and what becomes of it on each channel. Decides neither what is worth telling nor
//! whom to tell, and keeps nothing.

pub mod message;

pub use message::{Kind, Links, Message, Told};
