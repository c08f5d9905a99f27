//! The journal's file: who may open it, and what is told to whom may not.
